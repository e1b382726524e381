//! A line as words, numbers, texts and signs: enough to talk about it when it cannot be parsed.
//!
//! Takes one line; gives its tokens with their ranges. Never fails: what is nothing else is a sign.

use std::ops::Range;

use crate::scan::{TextEnd, char_at, closing_quotes, text_end};

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Where it stands in the line.
    pub(crate) range: Range<usize>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word, with dots inside perhaps: `client.manager`.
    Word,
    /// Digits and what belongs to them: `2026-03-02`, `09:00`, `30s`.
    Number,
    /// A text in quotes of any kind.
    Text,
    /// Any other character, or several that make one sign: `>=`, `||`.
    Sign,
}

/// Signs of several characters, longer ones first.
const SIGNS: &[&str] = &[
    "===", "!==", "==", "!=", "<>", "<=", ">=", "=>", "=<", "=~", "&&", "||", "??", "->", "<-", "..", "{{",
    "}}",
];

/// The tokens of a line; comments inside it are left out.
pub(crate) fn tokens(line: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(ch) = char_at(line, at) {
        if ch.is_whitespace() {
            at += ch.len_utf8();
            continue;
        }
        if ch == '#' {
            at += line.get(at..).and_then(|rest| rest.find('\n')).unwrap_or(line.len() - at);
            continue;
        }
        let (kind, end) = token(line, at, ch);
        found.push(Token { kind, range: at..end });
        at = end;
    }
    found
}

fn token(line: &str, at: usize, ch: char) -> (Kind, usize) {
    if closing_quotes(ch).is_some()
        && let TextEnd::Closed(end) = text_end(line, at, 0)
    {
        return (Kind::Text, end);
    }
    if ch.is_ascii_digit() {
        let part = |ch: char| is_wordy(ch) || matches!(ch, '.' | ':' | '-');
        return (Kind::Number, run(line, at, part, is_wordy));
    }
    if is_wordy(ch) {
        return (Kind::Word, run(line, at, |ch| is_wordy(ch) || ch == '.', is_wordy));
    }
    let rest = line.get(at..).unwrap_or("");
    let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    (Kind::Sign, at + sign.map_or(ch.len_utf8(), |sign| sign.len()))
}

/// The end of a run of `part` characters that ends with one of `last`.
fn run(line: &str, at: usize, part: impl Fn(char) -> bool, last: impl Fn(char) -> bool) -> usize {
    let rest = line.get(at..).unwrap_or("");
    // Two dots are a sign of their own, not a part of a name or number.
    let stop = rest.find("..").unwrap_or(rest.len());
    let rest = rest.get(..stop).unwrap_or("");
    let run = rest.get(..rest.find(|ch: char| !part(ch)).unwrap_or(rest.len())).unwrap_or("");
    at + run.trim_end_matches(|ch: char| !last(ch)).len()
}

/// Whether a character may stand in a word.
pub(crate) fn is_wordy(ch: char) -> bool {
    ch.is_alphanumeric() || ch == '_' || unicode_normalization::char::is_combining_mark(ch)
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[(Kind, &str)]) {
        let found: Vec<_> = tokens(line).into_iter().map(|token| (token.kind, &line[token.range])).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_falls_into_words_numbers_texts_and_signs() {
        use Kind::{Number, Sign, Text, Word};
        check(
            "accept when utm.source is \"a {{ b else \"c\" }}\" and x>=30s, «d»",
            &[
                (Word, "accept"),
                (Word, "when"),
                (Word, "utm.source"),
                (Word, "is"),
                (Text, "\"a {{ b else \"c\" }}\""),
                (Word, "and"),
                (Word, "x"),
                (Sign, ">="),
                (Number, "30s"),
                (Sign, ","),
                (Text, "«d»"),
            ],
        );
        check(
            "2026-01-01..2026-01-08: closed",
            &[(Number, "2026-01-01"), (Sign, ".."), (Number, "2026-01-08"), (Sign, ":"), (Word, "closed")],
        );
        check("a.b. \"c", &[(Word, "a.b"), (Sign, "."), (Sign, "\""), (Word, "c")]);
    }
}
