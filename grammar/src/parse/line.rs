//! One line: checked, parsed, read; or reported.

use super::Parser;
use crate::ast::{Comment, Line};
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Safety, Text};
use crate::explain::{self, Stuck};
use crate::from_pairs::Reader;
use crate::pairs::{self, Node};
use crate::sections::RawLine;
use crate::similar;
use crate::sink::Read;
use crate::span::Span;
use crate::statement::Statement;
use crate::tokens::{Kind, tokens};

/// What is left of a line when its code is taken away.
pub(super) struct Rest {
    span: Span,
    leading: Vec<Comment>,
    blank_before: bool,
    trailing: Option<Comment>,
    inner: Vec<Comment>,
}

impl Parser<'_> {
    /// Reads a line as `statement`. `None` when it cannot be read; the reason is reported.
    pub(super) fn line<T>(
        &mut self,
        line: &RawLine,
        statement: Statement,
        read: impl FnOnce(&mut Reader<'_>, &Node<'_>) -> Option<T>,
    ) -> Option<T> {
        if !self.readable(line) {
            return None;
        }
        self.piece(line.span, statement, read)
    }

    /// Whether a line is worth parsing; if not, says why.
    pub(super) fn readable(&mut self, line: &RawLine) -> bool {
        if let Some(fault) = line.fault {
            self.fault(line.span, fault);
        }
        line.fault.is_none()
    }

    /// Reads a piece of a line as `statement`.
    pub(super) fn piece<T>(
        &mut self,
        span: Span,
        statement: Statement,
        read: impl FnOnce(&mut Reader<'_>, &Node<'_>) -> Option<T>,
    ) -> Option<T> {
        let code = span.text(self.text);
        let mixed = self.mixed_scripts(code, span.start);
        let errors = self.sink.errors();
        let parsed = pairs::parse(statement.symbol(), code);
        if let Some(reads) = &mut self.sink.reads {
            reads.push(Read { rule: format!("{:?}", statement.symbol()), span, follows: parsed.is_ok() });
        }
        let done = match parsed {
            Ok(node) => {
                let reader =
                    &mut Reader { file: self.file, lang: self.lang, base: span.start, sink: &mut self.sink };
                read(reader, &node)
            }
            // A word of two alphabets is reported already, and is probably why the line cannot be read.
            Err(_) if mixed => return None,
            Err(_) if self.sink.is_full() => {
                let message = Text::new("this line cannot be read", "эту строку не удалось прочитать");
                self.sink.error(&codes::UNEXPECTED_TEXT, self.file, span, message);
                return None;
            }
            Err(failure) => {
                let stuck = Stuck { file: self.file, lang: self.lang, base: span.start, code, statement };
                self.sink.report(explain::explain(&stuck, &failure));
                return None;
            }
        };
        if done.is_none() && self.sink.errors() == errors {
            let message = Text::new("this line cannot be read", "эту строку не удалось прочитать");
            self.sink.error(&codes::UNEXPECTED_TEXT, self.file, span, message);
        }
        done
    }

    /// Reports the lines of a section that stand at the left margin: once, with a fix for all of them.
    pub(super) fn outdented(&mut self, lines: &[RawLine]) {
        let mut lines = lines.iter().filter(|line| line.outdented).map(|line| line.span).peekable();
        let Some(first) = lines.peek().copied() else { return };
        let edits: Vec<Edit> = lines
            .map(|line| Edit { file: self.file, span: line.head(), replacement: "  ".to_owned() })
            .collect();
        let message = Text::new(
            "the lines of a section must be indented by two spaces",
            "строки раздела пишутся с отступом в два пробела",
        );
        let title = if edits.len() == 1 {
            Text::new("indent it", "добавьте отступ")
        } else {
            Text::new("indent these lines", "добавьте отступ этим строкам")
        };
        let label = Text::new(
            "only a new section starts at the left margin",
            "у левого края начинается только новый раздел",
        );
        let fix = Fix { title, edits, safety: Safety::Safe };
        self.sink.report(
            Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::new(self.file, first, label)).fix(fix),
        );
    }

    /// Reports words that mix look-alike letters of two alphabets; tells whether there are any.
    fn mixed_scripts(&mut self, code: &str, base: u32) -> bool {
        // Cyrillic letters start with these bytes; most lines that lack one kind of letters end here.
        let cyrillic = code.bytes().any(|byte| matches!(byte, 0xD0..=0xD4));
        if !cyrillic || !code.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            return false;
        }
        let mut any = false;
        for token in tokens(code).into_iter().filter(|token| token.kind == Kind::Word) {
            let written = code.get(token.range.clone()).unwrap_or("");
            let mut changed = false;
            let fixed: Vec<String> = written
                .split_inclusive(|ch: char| !ch.is_alphabetic())
                .map(|piece| match similar::one_script(piece, self.lang) {
                    Some(fixed) => {
                        changed = true;
                        fixed
                    }
                    None => piece.to_owned(),
                })
                .collect();
            if changed {
                any = true;
                self.mixed_script(written, &fixed.concat(), Span::of(token.range).shifted(base));
            }
        }
        any
    }

    fn mixed_script(&mut self, written: &str, fixed: &str, span: Span) {
        let cyrillic = fixed.chars().any(similar::is_cyrillic);
        let strangers = written
            .chars()
            .filter(|ch| if cyrillic { similar::is_latin(*ch) } else { similar::is_cyrillic(*ch) });
        let mut list: Vec<String> = Vec::new();
        for letter in strangers.map(|ch| format!("`{ch}`")) {
            if !list.contains(&letter) {
                list.push(letter);
            }
        }
        let (list, one) = (list.join(", "), list.len() == 1);
        let label = match (cyrillic, one) {
            (true, true) => {
                Text::new(format!("{list} is a Latin letter"), format!("{list} – латинская буква"))
            }
            (true, false) => {
                Text::new(format!("{list} are Latin letters"), format!("{list} – латинские буквы"))
            }
            (false, true) => {
                Text::new(format!("{list} is a Cyrillic letter"), format!("{list} – русская буква"))
            }
            (false, false) => {
                Text::new(format!("{list} are Cyrillic letters"), format!("{list} – русские буквы"))
            }
        };
        let message = Text::new(
            format!("`{written}` mixes letters of two alphabets that look the same"),
            format!("в слове `{written}` смешаны похожие буквы двух алфавитов"),
        );
        let title = if cyrillic {
            Text::new(format!("write `{fixed}` in Cyrillic"), format!("напишите `{fixed}` русскими буквами"))
        } else {
            Text::new(format!("write `{fixed}` in Latin"), format!("напишите `{fixed}` латинскими буквами"))
        };
        self.sink.report(
            Diagnostic::new(&codes::MIXED_SCRIPT_NAME, message, Label::new(self.file, span, label))
                .fix(Fix::replace(Safety::Safe, title, self.file, span, fixed)),
        );
    }
}

impl Rest {
    pub(super) fn of(line: RawLine) -> Self {
        Self {
            span: line.span,
            leading: line.leading,
            blank_before: line.blank_before,
            trailing: line.trailing,
            inner: line.inner,
        }
    }

    /// The line with what it says; `carried` are comments of unreadable lines above it.
    pub(super) fn with<T>(self, item: T, carried: &mut Vec<Comment>) -> Line<T> {
        let mut leading = std::mem::take(carried);
        leading.extend(self.leading);
        Line {
            span: self.span,
            leading,
            blank_before: self.blank_before,
            trailing: self.trailing,
            inner_comments: self.inner,
            item,
        }
    }

    /// The comments of a line that could not be read.
    pub(super) fn comments(self) -> impl Iterator<Item = Comment> {
        self.leading.into_iter().chain(self.inner).chain(self.trailing)
    }
}
