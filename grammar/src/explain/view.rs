//! A line and where the parser stopped in it: what the explanations look at.

use std::ops::Range;

use super::units::{Unit, What, units};
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Safety, Text};
use crate::keywords::Keyword;
use crate::lang::Lang;
use crate::pairs::Failure;
use crate::similar;
use crate::source::FileId;
use crate::span::Span;
use crate::statement::Statement;
use crate::symbols::Meaning;

/// A line that stopped the parser.
pub(crate) struct Stuck<'a> {
    /// Its file.
    pub(crate) file: FileId,
    /// The language of the file.
    pub(crate) lang: Lang,
    /// Where the line starts in the file.
    pub(crate) base: u32,
    /// Its text.
    pub(crate) code: &'a str,
    /// What it should be.
    pub(crate) statement: Statement,
}

/// The same, cut into units.
pub(super) struct View<'a> {
    pub(super) line: &'a Stuck<'a>,
    /// Where the parser stopped.
    pub(super) at: usize,
    /// What it would have taken.
    pub(super) wanted: &'a [Meaning],
    pub(super) units: Vec<Unit>,
    /// The unit at which the parser stopped; past the last one when the line ended.
    pub(super) here: usize,
}

impl<'a> View<'a> {
    pub(super) fn new(line: &'a Stuck<'a>, failure: &'a Failure) -> Self {
        let units = units(line.code);
        let here = units.iter().position(|unit| unit.range.end > failure.at).unwrap_or(units.len());
        Self { line, at: failure.at, wanted: &failure.wanted, units, here }
    }

    /// A line without a failure, for checks that do not need one.
    pub(super) fn plain(line: &'a Stuck<'a>) -> Self {
        Self { line, at: 0, wanted: &[], units: units(line.code), here: 0 }
    }

    /// The unit at which the parser stopped.
    pub(super) fn this(&self) -> Option<&Unit> {
        self.units.get(self.here)
    }

    /// The unit before it.
    pub(super) fn before(&self) -> Option<&Unit> {
        self.units.get(self.here.checked_sub(1)?)
    }

    /// The unit after it.
    pub(super) fn after(&self) -> Option<&Unit> {
        self.units.get(self.here + 1)
    }

    /// What the unit at `index` is; the end of the line when there is none.
    pub(super) fn what(&self, index: usize) -> What {
        self.units.get(index).map_or(What::End, |unit| unit.what)
    }

    /// Whether a colon has a place here: the line takes one and has none so far.
    pub(super) fn wants_colon(&self) -> bool {
        self.line.statement.holds_colon() && (0..self.here).all(|index| self.what(index) != What::Colon)
    }

    /// A piece of the line.
    pub(super) fn text(&self, range: Range<usize>) -> &'a str {
        self.line.code.get(range).unwrap_or("")
    }

    /// The text of a unit.
    pub(super) fn written(&self, unit: &Unit) -> &'a str {
        self.text(unit.range.clone())
    }

    /// The text of the unit at `index`; empty at the end of the line.
    pub(super) fn nth(&self, index: usize) -> &'a str {
        self.units.get(index).map_or("", |unit| self.written(unit))
    }

    /// The end of the line as a place to point at.
    pub(super) fn end(&self) -> Range<usize> {
        let end = self.line.code.trim_end().len();
        end..end
    }

    /// The file's spelling of a keyword.
    pub(super) fn spelling(&self, keyword: Keyword) -> &'static str {
        keyword.spelling(self.line.lang)
    }

    /// An example in the file's language.
    pub(super) fn example(&self, en: &'static str, ru: &'static str) -> &'static str {
        self.line.lang.pick(en, ru)
    }

    /// Which of these keywords starts at unit `index`, and how many units it takes.
    pub(super) fn keyword(&self, index: usize, among: &[Keyword]) -> Option<(Keyword, usize)> {
        (1..=4).rev().find_map(|count| {
            let written = self.words(index, count)?;
            let found = among.iter().copied().find(|keyword| {
                let entry = keyword.entry();
                entry.en.iter().chain(entry.ru).chain(entry.foreign).any(|form| *form == written)
            });
            Some((found?, count))
        })
    }

    /// Which of these keywords was probably meant at unit `index`, how many units it takes, and its form in the
    /// file's language.
    pub(super) fn meant(&self, index: usize, among: &[Keyword]) -> Option<(usize, &'static str)> {
        let forms = || {
            among.iter().flat_map(|keyword| {
                let entry = keyword.entry();
                let own = entry.forms(self.line.lang).iter().map(|form| (*form, *form));
                let other = entry.forms(self.line.lang.other()).iter();
                let foreign = other.chain(entry.foreign).map(|form| (*form, self.spelling(*keyword)));
                own.chain(foreign)
            })
        };
        // The first of several words: `incoming` for `incoming calls`.
        let begun = (1..=2).rev().find_map(|count| {
            let written = self.words(index, count)?;
            let begins = |known: &str| known.strip_prefix(&written).is_some_and(|rest| rest.starts_with(' '));
            forms().find(|(known, _)| begins(known)).map(|(_, form)| (count, form))
        });
        let wordy = |index: usize| {
            !matches!(self.what(index), What::Text | What::Number | What::Open | What::Close | What::Comma)
        };
        let near = (1..=3).rev().find_map(|count| {
            if count > 1 && !(index..index + count).all(wordy) {
                return None;
            }
            let written = self.words(index, count)?;
            let (near, _) = similar::nearest(&written, forms().map(|(known, _)| known))?;
            let (_, form) = forms().find(|(known, _)| *known == near)?;
            Some((count, form))
        });
        near.or(begun)
    }

    /// `count` units from `index` on as small letters with single blanks.
    fn words(&self, index: usize, count: usize) -> Option<String> {
        let range = self.units.get(index)?.range.start..self.units.get(index + count - 1)?.range.end;
        let words: Vec<&str> = self.text(range).split_whitespace().collect();
        Some(similar::fold(&words.join(" ")))
    }

    /// The range of `count` units from `index` on.
    pub(super) fn range(&self, index: usize, count: usize) -> Range<usize> {
        let start = self.units.get(index).map_or(self.line.code.len(), |unit| unit.range.start);
        let last = self.units.get((index + count).saturating_sub(1)).or(self.units.last());
        start..last.map_or(start, |unit| unit.range.end.max(start))
    }

    /// Where a range of the line stands in the file.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::of(range).shifted(self.line.base)
    }

    /// A problem of the kind "this is not how it is written".
    pub(super) fn unexpected(&self, range: Range<usize>, message: Text) -> Diagnostic {
        let label = Label::bare(self.line.file, self.span(range));
        Diagnostic::new(&codes::UNEXPECTED_TEXT, message, label)
    }

    /// Another place of the same line.
    pub(super) fn label(&self, range: Range<usize>, text: Text) -> Label {
        Label::new(self.line.file, self.span(range), text)
    }

    /// A change of this line.
    pub(super) fn fix(
        &self,
        safety: Safety,
        title: Text,
        edits: impl IntoIterator<Item = (Range<usize>, String)>,
    ) -> Fix {
        let edits = edits.into_iter().map(|(range, replacement)| Edit {
            file: self.line.file,
            span: self.span(range),
            replacement,
        });
        Fix { title, edits: edits.collect(), safety }
    }
}

/// "write `…`".
pub(super) fn write(what: &str) -> Text {
    Text::new(format!("write `{what}`"), format!("напишите `{what}`"))
}

/// "for example `…`".
pub(super) fn such_as(what: &str) -> Text {
    Text::new(format!("for example `{what}`"), format!("например `{what}`"))
}

/// "did you mean `…`?".
pub(super) fn did_you_mean(what: &str) -> Text {
    Text::new(format!("did you mean `{what}`?"), format!("возможно, имелось в виду `{what}`"))
}

/// A list of words for reading: "`a`, `b` or `c`".
pub(super) fn one_of<'w>(words: impl IntoIterator<Item = &'w str>) -> Text {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    let join = |or: &str| match words.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} {or} {last}", rest.join(", ")),
    };
    Text::new(join("or"), join("или"))
}
