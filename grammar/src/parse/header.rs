//! The first line: `rules 1`. It picks the language and the edition.

use super::Parser;
use crate::ast::{Header, Word};
use crate::codes;
use crate::diagnostic::{Diagnostic, Fix, Label, Safety, Text};
use crate::editions;
use crate::keywords::Keyword;
use crate::lang::Lang;
use crate::sections::{RawLine, first_word};
use crate::similar::{self, is_cyrillic, is_latin};
use crate::span::Span;

/// The language of a file: that of its header, else the one that it looks like.
pub(super) fn language(text: &str, header: Option<&RawLine>) -> Lang {
    let Some(header) = header else { return guess(text) };
    if first_word(header.span.text(text)).chars().any(is_cyrillic) { Lang::Ru } else { Lang::En }
}

/// The language that most lines start in.
pub(super) fn guess(text: &str) -> Lang {
    let mut balance = 0_i64;
    for line in text.lines().take(1_000) {
        match line.trim_start().chars().next() {
            Some(ch) if is_cyrillic(ch) => balance += 1,
            Some(ch) if is_latin(ch) => balance -= 1,
            _ => {}
        }
    }
    if balance > 0 { Lang::Ru } else { Lang::En }
}

impl Parser<'_> {
    /// Reads the header, or reports what is wrong with it; `first` is the first line of code.
    pub(super) fn header(&mut self, line: Option<RawLine>, first: Option<Span>) -> Option<Header> {
        let Some(line) = line else {
            self.missing_header(first);
            return None;
        };
        let code = line.span.text(self.text);
        let word = first_word(code);
        let span = Span::of(0..word.len()).shifted(line.span.start);
        let form = Keyword::Rules.spelling(self.lang);
        let rest = code.get(word.len()..).unwrap_or("").trim();
        self.sink.words.push(Word { span, keyword: Keyword::Rules, form });
        let edition = rest.trim_start_matches(['v', 'V']);
        let digits = edition.chars().take_while(char::is_ascii_digit).count();
        let (number, after) = edition.split_at_checked(digits).unwrap_or(("", edition));
        let newest = editions::newest();
        let normal = format!("{form} {newest}");
        let write = Text::new(format!("write `{normal}`"), format!("напишите `{normal}`"));
        let fix = |safety| Fix::replace(safety, write.clone(), self.file, line.span, normal.clone());
        let edition = match number.parse::<u32>() {
            Ok(edition) => edition,
            Err(_) => {
                let message = Text::new(
                    format!("the header must say which edition of the language the file is in: `{normal}`"),
                    format!("в заголовке нужен номер редакции языка: `{normal}`"),
                );
                let label = Label::new(self.file, line.span, write.clone());
                let fix = fix(Safety::Safe);
                self.sink.report(Diagnostic::new(&codes::UNKNOWN_EDITION, message, label).fix(fix));
                newest
            }
        };
        if !editions::is_read(edition) && !number.is_empty() {
            let at = line.span.text(self.text).rfind(number).unwrap_or_default();
            let number_span = Span::of(at..at + number.len()).shifted(line.span.start);
            let message = Text::new(
                format!("edition `{number}` of the language is not known here; the newest one is {newest}"),
                format!("редакция языка `{number}` здесь неизвестна; последняя – {newest}"),
            );
            let label = Label::new(self.file, number_span, write.clone());
            let fix = fix(Safety::Unsafe);
            let note = Text::new(
                "a newer release of this program may know it",
                "возможно, её знает более новая версия программы",
            );
            self.sink.report(Diagnostic::new(&codes::UNKNOWN_EDITION, message, label).note(note).fix(fix));
        } else if word != form || !after.trim().is_empty() || edition.to_string() != rest && !rest.is_empty()
        {
            let message = Text::new(
                format!("the first line must be exactly `{normal}`"),
                format!("первая строка должна быть ровно `{normal}`"),
            );
            let code = if similar::fold(word) == form && after.trim().is_empty() {
                &codes::FOREIGN_SPELLING
            } else {
                &codes::UNEXPECTED_TEXT
            };
            let label = Label::new(self.file, line.span, write.clone());
            let fix = fix(Safety::Safe);
            self.sink.report(Diagnostic::new(code, message, label).fix(fix));
        }
        Some(Header {
            span: line.span,
            edition,
            leading: line.leading,
            blank_before: line.blank_before,
            trailing: line.trailing,
        })
    }

    fn missing_header(&mut self, first: Option<Span>) {
        let normal = format!("{} {}", Keyword::Rules.spelling(self.lang), editions::newest());
        let place = first.map_or(Span::at(0), Span::head);
        let (message, label) = match first {
            Some(_) => (
                Text::new(
                    format!("the file must start with `{normal}`"),
                    format!("файл должен начинаться со строки `{normal}`"),
                ),
                Text::new(
                    "no language and edition are named before this line",
                    "до этой строки не указаны язык и его редакция",
                ),
            ),
            None => {
                // Nothing says in which language it is going to be: each reader is told his own.
                let of = |lang| format!("{} {}", Keyword::Rules.spelling(lang), editions::newest());
                let message = Text::new(
                    format!("the file is empty; its first line should be `{}`", of(Lang::En)),
                    format!("файл пуст; первой строкой должно быть `{}`", of(Lang::Ru)),
                );
                let label = Text::new("nothing to read", "читать нечего");
                let label = Label::new(self.file, place, label);
                self.sink.report(Diagnostic::new(&codes::MISSING_HEADER, message, label));
                return;
            }
        };
        let title = Text::new(format!("put `{normal}` first"), format!("поставьте первой строку `{normal}`"));
        let fix = Fix::replace(Safety::Safe, title, self.file, place, format!("{normal}\n\n"));
        self.sink.report(
            Diagnostic::new(&codes::MISSING_HEADER, message, Label::new(self.file, place, label)).fix(fix),
        );
    }

    /// A header line below the first line.
    pub(super) fn late_header(&mut self, line: &RawLine) {
        let written = line.span.text(self.text);
        let message = Text::new(
            format!("`{written}` goes only once, as the first line of the file"),
            format!("`{written}` пишется один раз, первой строкой файла"),
        );
        self.sink.error(&codes::UNEXPECTED_TEXT, self.file, line.span, message);
    }

    /// Indented lines above the first section; one report for all of them.
    pub(super) fn stray(&mut self, line: &RawLine) {
        let message = Text::new(
            "an indented line belongs to the section above it, but there is no section above",
            "строка с отступом относится к разделу над ней, но раздела выше нет",
        );
        let label = Text::new(
            "start a section at the left margin first, such as `filter for calls`",
            "сначала начните раздел у левого края, например `фильтр для звонков`",
        );
        self.sink.report(Diagnostic::new(
            &codes::UNEXPECTED_TEXT,
            message,
            Label::new(self.file, line.span, label),
        ));
    }
}
