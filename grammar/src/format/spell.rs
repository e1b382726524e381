//! How keywords and names are spelled: as written, or in the other language.

use std::borrow::Cow;

use crate::ast::{Comment, DurationPart, Name, Path, Word};
use crate::keywords::{Group, Keyword};
use crate::lang::Lang;

/// Translates a name: a path where a value is meant, or a name that is declared. `None` keeps it.
pub(super) type Names<'a> = dyn FnMut(&Path) -> Option<String> + 'a;

/// Spells words in one language.
pub(super) struct Speller<'a> {
    lang: Lang,
    names: Option<&'a mut Names<'a>>,
    /// Whether every word has one form, whatever was written.
    one_form: bool,
}

impl<'a> Speller<'a> {
    /// Spells everything as the file does.
    pub(super) fn plain(lang: Lang) -> Self {
        Self { lang, names: None, one_form: false }
    }

    /// Spells keywords in `lang` and names as `names` says.
    pub(super) fn translating(lang: Lang, names: &'a mut Names<'a>) -> Self {
        Self { lang, names: Some(names), one_form: false }
    }

    /// The same, and words that agree with others do not.
    pub(super) fn in_one_form(lang: Lang, names: &'a mut Names<'a>) -> Self {
        Self { lang, names: Some(names), one_form: true }
    }

    /// Whether words change their language.
    const fn translates(&self) -> bool {
        self.names.is_some()
    }

    /// The canonical spelling of a keyword.
    pub(super) fn keyword(&self, keyword: Keyword) -> &'static str {
        keyword.spelling(self.lang)
    }

    /// A keyword of the file: its form as written, unless it is translated.
    pub(super) fn word(&self, word: Word) -> &'static str {
        if self.translates() { self.keyword(word.keyword) } else { word.form }
    }

    /// A keyword that another word governs: in a translation its last form, which in Russian is the genitive.
    pub(super) fn genitive(&self, word: Word) -> &'static str {
        let last = word.keyword.entry().forms(self.lang).last().copied();
        if self.translates() { last.unwrap_or(word.form) } else { word.form }
    }

    /// A dotted name.
    pub(super) fn path(&mut self, path: &Path) -> String {
        let translated = self.names.as_mut().and_then(|names| names(path));
        translated.unwrap_or_else(|| path.dotted())
    }

    /// A name of one word.
    pub(super) fn name(&mut self, name: &Name) -> String {
        if self.names.is_none() {
            return name.text.to_string();
        }
        self.path(&Path { span: name.span, segments: vec![name.clone()] })
    }

    /// A number with its unit of time.
    pub(super) fn part(&self, part: &DurationPart) -> String {
        let unit = match (self.one_form, self.translates()) {
            (true, _) => self.keyword(part.word.keyword),
            (false, true) => self.unit(part),
            (false, false) => part.word.form,
        };
        format!("{} {unit}", part.amount)
    }

    /// A unit in the other language: short stays short, and a long form agrees with its number.
    fn unit(&self, part: &DurationPart) -> &'static str {
        let entry = part.word.keyword.entry();
        debug_assert_eq!(entry.group, Group::Unit, "only units follow amounts");
        let forms = entry.forms(self.lang);
        let written = entry.forms(self.lang.other());
        let short = forms.first().copied().unwrap_or(part.word.form);
        let at = written.iter().position(|form| *form == part.word.form).unwrap_or_default();
        if at + long_forms(self.lang.other()) < written.len() {
            return short;
        }
        let from_end = match self.lang {
            Lang::En => usize::from(part.amount == "1"),
            Lang::Ru => match russian_number(&part.amount) {
                Plural::One => 2,
                Plural::Few => 1,
                Plural::Many => 0,
            },
        };
        forms.iter().rev().nth(from_end).copied().unwrap_or(short)
    }

    /// Comments inside a line: a line that is laid out anew cannot keep them inside, so they go above it. Without
    /// translation such a line stays as it is, and nothing moves.
    pub(super) fn moved<'c>(&self, inner: &'c [Comment]) -> Cow<'c, [Comment]> {
        if self.translates() { Cow::Borrowed(inner) } else { Cow::Borrowed(&[]) }
    }
}

/// How many of a unit's spellings are whole words: singular and plural, in Russian a third form after numbers. They
/// are the last ones of the table.
const fn long_forms(lang: Lang) -> usize {
    match lang {
        Lang::En => 2,
        Lang::Ru => 3,
    }
}

/// Which form a Russian noun has after a number.
enum Plural {
    One,
    Few,
    Many,
}

fn russian_number(amount: &str) -> Plural {
    if amount.contains('.') {
        // "1.5 часа": a fraction takes the genitive singular.
        return Plural::Few;
    }
    let mut digits = amount.bytes().rev();
    let (last, before) = (digits.next().unwrap_or(b'0'), digits.next().unwrap_or(b'0'));
    match (last, before) {
        (_, b'1') => Plural::Many,
        (b'1', _) => Plural::One,
        (b'2'..=b'4', _) => Plural::Few,
        _ => Plural::Many,
    }
}
