//! What the first word of a line at the left margin says.

use crate::ast::Word;
use crate::keywords::{Entry, Group, Keyword};
use crate::lang::Lang;
use crate::scan::closing_quotes;
use crate::similar::{self, Likeness};
use crate::span::Span;

/// What a line at the left margin opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// A section of this kind.
    Known(Keyword),
    /// Nothing known, but this word was probably meant; `span` is the word as written.
    Misspelt { meant: Word, how: Likeness, span: Span },
    /// Nothing known.
    Unknown { span: Span },
}

impl Opening {
    /// The kind of section, as far as it can be told.
    pub(crate) const fn keyword(self) -> Option<Keyword> {
        match self {
            Self::Known(keyword) => Some(keyword),
            Self::Misspelt { meant, .. } => Some(meant.keyword),
            Self::Unknown { .. } => None,
        }
    }
}

/// The first word of a line: letters, digits and `_`; empty when it starts with something else.
pub(crate) fn first_word(code: &str) -> &str {
    let end = code.find(|ch: char| !ch.is_alphanumeric() && ch != '_').unwrap_or(code.len());
    code.get(..end).unwrap_or("")
}

/// What this line at the left margin opens; `at` is its offset in the file.
pub(crate) fn opening(code: &str, at: u32) -> Opening {
    let word = first_word(code);
    let folded = similar::fold(word);
    let found = sections().find(|entry| first_words(entry).any(|first| first == folded));
    if let Some(entry) = found {
        return Opening::Known(entry.keyword);
    }
    // With the wrong layout, letters of a word may be signs: take everything up to the next blank.
    let until_blank = code.split_whitespace().next().unwrap_or("");
    let long = until_blank.trim_end_matches(|ch: char| ch == ',' || closing_quotes(ch).is_some());
    let known = || sections().flat_map(first_words);
    let nearest = [word, long]
        .into_iter()
        .filter(|word| !word.is_empty())
        .find_map(|word| similar::nearest(word, known()).map(|found| (word, found)));
    match nearest {
        Some((word, (meant, how))) => {
            let span = Span::of(0..word.len()).shifted(at);
            let spelt = |lang: Lang| {
                sections().find_map(|entry| {
                    let form = entry.forms(lang).first().copied()?;
                    (form.split(' ').next() == Some(meant)).then_some((entry.keyword, meant))
                })
            };
            let foreign = || {
                let entry = sections().find(|entry| first_words(entry).any(|first| first == meant))?;
                Some((entry.keyword, entry.keyword.spelling(Lang::En)))
            };
            match spelt(Lang::En).or_else(|| spelt(Lang::Ru)).or_else(foreign) {
                Some((keyword, form)) => Opening::Misspelt { meant: Word { span, keyword, form }, how, span },
                None => Opening::Unknown { span },
            }
        }
        None => Opening::Unknown { span: Span::of(0..word.len().max(1).min(code.len())).shifted(at) },
    }
}

/// Whether a line looks like `rules 1`, in any spelling of it.
pub(crate) fn is_header(code: &str) -> bool {
    let word = first_word(code);
    let rest = code.get(word.len()..).unwrap_or("").trim_start();
    let rules = Keyword::Rules.entry();
    let known = || rules.en.iter().chain(rules.ru).copied();
    let folded = similar::fold(word);
    if known().any(|form| form == folded) {
        return true;
    }
    let numbered = rest.trim_start_matches(['v', 'V']).starts_with(|ch: char| ch.is_ascii_digit());
    numbered && similar::nearest(word, known()).is_some()
}

/// Whether a line starts like a line inside a section: a row, `accept`, `title:`. Such a line at the left margin
/// belongs to the section above it, and below an open bracket it tells that the bracket was forgotten.
pub(crate) fn is_statement(code: &str) -> bool {
    if code.starts_with('|') {
        return true;
    }
    let word = similar::fold(first_word(code));
    let mut lines = Keyword::TABLE.iter().filter(|entry| STATEMENTS.contains(&entry.keyword));
    if lines.any(|entry| spellings(entry).any(|spelling| spelling == word)) {
        return true;
    }
    // Two words: `only when`, `on failure`, `cancel when reached`, `else accept`.
    let lower = similar::fold(code.get(..code.len().min(64)).unwrap_or(code));
    [Keyword::OnlyWhen, Keyword::OnFailure, Keyword::Cancel]
        .iter()
        .any(|keyword| spellings(keyword.entry()).any(|spelling| lower.starts_with(spelling)))
        || (spellings(Keyword::Else.entry()).any(|spelling| spelling == word) && {
            let rest = code.get(first_word(code).len()..).unwrap_or("").trim_start();
            let next = similar::fold(first_word(rest));
            let verdicts = [Keyword::Accept, Keyword::Reject];
            verdicts.iter().any(|verdict| spellings(verdict.entry()).any(|spelling| spelling == next))
        })
}

/// Whether a line starts with `name:`, as settings and properties do.
pub(crate) fn is_property(code: &str) -> bool {
    let word = first_word(code);
    word.starts_with(|ch: char| !ch.is_ascii_digit())
        && code.get(word.len()..).is_some_and(|rest| rest.trim_start().starts_with(':'))
}

/// Keywords of one word that start a line and nothing else.
const STATEMENTS: &[Keyword] = &[Keyword::Accept, Keyword::Reject, Keyword::Function, Keyword::Policy];

fn sections() -> impl Iterator<Item = &'static Entry> {
    Keyword::TABLE.iter().filter(|entry| entry.group == Group::Section && entry.keyword != Keyword::Rules)
}

fn spellings(entry: &'static Entry) -> impl Iterator<Item = &'static str> {
    entry.en.iter().chain(entry.ru).chain(entry.foreign).copied()
}

fn first_words(entry: &'static Entry) -> impl Iterator<Item = &'static str> {
    spellings(entry).filter_map(|spelling| spelling.split(' ').next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, keyword: Option<Keyword>, known: bool) {
        let opening = opening(code, 0);
        assert_eq!(opening.keyword(), keyword);
        assert_eq!(matches!(opening, Opening::Known(_)), known);
    }

    #[test]
    fn sections_open_in_both_languages_and_any_case() {
        check("filter for calls", Some(Keyword::Filter), true);
        check("ТАБЛИЦА x для звонков", Some(Keyword::Table), true);
        check("поля клиента для звонков", Some(Keyword::FieldsOf), true);
        check("transfer orders", Some(Keyword::Transfer), true);
    }

    #[test]
    fn slips_and_the_wrong_layout_are_seen() {
        check("tabel x for calls", Some(Keyword::Table), false);
        check("nf,kbwf x", Some(Keyword::Table), false);
        check("ашдеук ащк", Some(Keyword::Filter), false);
        check("hello", None, false);
        check("«x»", None, false);
    }

    #[test]
    fn headers_are_seen_in_any_spelling() {
        for code in ["rules 1", "Правила 1", "rules", "rule 1", "правило 1", "rules v2"] {
            assert!(is_header(code), "{code}");
        }
        assert!(!is_header("filter for calls"));
        assert!(!is_header("role 1x"));
    }

    #[test]
    fn lines_inside_sections_are_known_by_their_start() {
        for code in ["| a |", "accept when x", "ОТКЛОНЯТЬ когда", "else reject", "only when x", "функция f()"]
        {
            assert!(is_statement(code), "{code}");
        }
        for code in ["else x", "\"a\", \"b\"", "site is \"x\""] {
            assert!(!is_statement(code), "{code}");
        }
        assert!(is_property("title : \"x\""));
        assert!(!is_property("title \"x\""));
        assert!(!is_property("24:00, 12:00"));
    }
}
