//! A line in units of meaning: keywords of several words as one, numbers with their units of time as one.

use std::ops::Range;

use crate::keywords::{Entry, Group, Keyword};
use crate::similar;
use crate::tokens::{Kind, Token, tokens};

/// A piece of a line and what it is.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) what: What,
    pub(super) range: Range<usize>,
}

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// `is`, `not in`, `>=`.
    Operator(Keyword),
    /// `and`, `or`.
    Join(Keyword),
    /// `not` that is no part of an operator.
    Not,
    /// `else`.
    Else,
    /// `when`.
    When,
    /// `exactly`.
    Exactly,
    /// Any other word, perhaps with dots.
    Word,
    /// A number, with its unit if there is one; a date, a time, a phone.
    Number,
    /// A text in quotes.
    Text,
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// Anything else.
    Sign,
    /// The end of the line.
    End,
}

impl What {
    /// Whether a value may start with it.
    pub(super) const fn starts_value(self) -> bool {
        matches!(self, Self::Word | Self::Number | Self::Text | Self::Open)
    }

    /// Whether a value may end with it.
    pub(super) const fn ends_value(self) -> bool {
        matches!(self, Self::Word | Self::Number | Self::Text | Self::Close)
    }

    /// Whether something must follow it; `is missing` and `is present` end a test.
    pub(super) const fn needs_more(self) -> bool {
        match self {
            Self::Operator(keyword) => !matches!(
                keyword,
                Keyword::IsMissing | Keyword::IsPresent | Keyword::Missing | Keyword::Present
            ),
            Self::Join(_) | Self::Not | Self::Else | Self::When | Self::Exactly => true,
            _ => false,
        }
    }
}

/// The units of a line.
pub(super) fn units(line: &str) -> Vec<Unit> {
    let tokens = tokens(line);
    let mut found = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let rest = tokens.get(at..).unwrap_or(&[]);
        let (what, count) = keyword(line, rest).unwrap_or_else(|| simple(line, rest));
        let last = tokens.get(at + count - 1).unwrap_or(token);
        found.push(Unit { what, range: token.range.start..last.range.end });
        at += count;
    }
    found
}

/// A keyword that joins or asks, when the tokens start with one; longer spellings first.
fn keyword(line: &str, tokens: &[Token]) -> Option<(What, usize)> {
    let first = tokens.first()?;
    if !matches!(first.kind, Kind::Word | Kind::Sign) {
        return None;
    }
    (1..=3).rev().find_map(|count| {
        let last = tokens.get(count - 1)?;
        let written = line.get(first.range.start..last.range.end)?;
        let words: Vec<&str> = written.split_whitespace().collect();
        let written = similar::fold(&words.join(" "));
        let entry = Keyword::TABLE
            .iter()
            .filter(|entry| matches!(entry.group, Group::Connective | Group::Operator))
            .find(|entry| spellings(entry).any(|spelling| spelling == written))?;
        let what = match entry.keyword {
            Keyword::And | Keyword::Or => What::Join(entry.keyword),
            Keyword::Not => What::Not,
            Keyword::Else => What::Else,
            Keyword::When => What::When,
            Keyword::Exactly => What::Exactly,
            operator => What::Operator(operator),
        };
        Some((what, count))
    })
}

fn spellings(entry: &'static Entry) -> impl Iterator<Item = &'static str> {
    let aliases = entry.aliases.iter().map(|(alias, _)| *alias);
    entry.en.iter().chain(entry.ru).chain(entry.foreign).copied().chain(aliases)
}

fn simple(line: &str, tokens: &[Token]) -> (What, usize) {
    let Some(first) = tokens.first() else { return (What::End, 1) };
    let text = |token: &Token| line.get(token.range.clone()).unwrap_or("");
    match first.kind {
        Kind::Word => (What::Word, 1),
        Kind::Text => (What::Text, 1),
        Kind::Number => {
            let unit = tokens.get(1).filter(|token| token.kind == Kind::Word).is_some_and(|token| {
                let written = similar::fold(text(token));
                let mut units = Keyword::TABLE.iter().filter(|entry| entry.group == Group::Unit);
                units.any(|entry| spellings(entry).any(|spelling| spelling == written))
            });
            (What::Number, if unit { 2 } else { 1 })
        }
        Kind::Sign => match text(first) {
            "(" => (What::Open, 1),
            ")" => (What::Close, 1),
            "," => (What::Comma, 1),
            ":" => (What::Colon, 1),
            "+" => {
                // A plus with many digits is a phone number; with few, someone wants to add.
                let numbers: Vec<&Token> =
                    tokens.iter().skip(1).take_while(|token| token.kind == Kind::Number).collect();
                let digits: usize = numbers
                    .iter()
                    .map(|token| text(token).matches(|ch: char| ch.is_ascii_digit()).count())
                    .sum();
                if digits >= 7 { (What::Number, numbers.len() + 1) } else { (What::Sign, 1) }
            }
            "-" if tokens
                .get(1)
                .is_some_and(|next| next.kind == Kind::Number && next.range.start == first.range.end) =>
            {
                (What::Number, 2)
            }
            _ => (What::Sign, 1),
        },
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_several_words_and_numbers_with_units_are_one() {
        let line = "x is not missing or not y starts with \"a\" and z >= 30 s else +7 495 1234567";
        let found: Vec<_> = units(line).into_iter().map(|unit| (unit.what, &line[unit.range])).collect();
        assert_eq!(
            found,
            [
                (What::Word, "x"),
                (What::Operator(Keyword::IsPresent), "is not missing"),
                (What::Join(Keyword::Or), "or"),
                (What::Not, "not"),
                (What::Word, "y"),
                (What::Operator(Keyword::StartsWith), "starts with"),
                (What::Text, "\"a\""),
                (What::Join(Keyword::And), "and"),
                (What::Word, "z"),
                (What::Operator(Keyword::AtLeast), ">="),
                (What::Number, "30 s"),
                (What::Else, "else"),
                (What::Number, "+7 495 1234567"),
            ]
        );
    }
}
