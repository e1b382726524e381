//! A beginning of a line as words, texts and signs.

use switchboard_grammar::keywords::{Group, Keyword};

/// A piece of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feature) enum Piece<'t> {
    /// A name, perhaps with dots.
    Name(&'t str),
    /// A word or sign of the language.
    Word(Keyword),
    /// A text in quotes, a number.
    Literal,
    /// Any other character.
    Sign(char),
}

/// A line up to the cursor.
#[derive(Debug)]
pub(in crate::feature) struct Beginning<'t> {
    /// Its pieces, without the word that is being typed.
    pub(in crate::feature) pieces: Vec<Piece<'t>>,
    /// The word that is being typed; empty behind a blank or sign.
    pub(in crate::feature) partial: &'t str,
    /// Whether the cursor is in quotes; `partial` is what stands in them then.
    pub(in crate::feature) quoted: bool,
    /// Whether it is in a comment; `partial` is the comment then.
    pub(in crate::feature) comment: bool,
}

/// Reads a beginning. Inside of a hole in a text, what stands before the hole is left out.
pub(in crate::feature) fn read(before: &str) -> Beginning<'_> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(rest) = before.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
        } else if first == '#' {
            return Beginning { pieces, partial: rest, quoted: false, comment: true };
        } else if first == '"' {
            match text(rest) {
                Text::Closed(length) => {
                    pieces.push(Piece::Literal);
                    at += length;
                }
                Text::Hole(start) => {
                    let mut inside = read(rest.get(start..).unwrap_or_default());
                    inside.pieces.insert(0, Piece::Sign('{'));
                    return inside;
                }
                Text::Open => {
                    let partial = rest.get(1..).unwrap_or_default();
                    return Beginning { pieces, partial, quoted: true, comment: false };
                }
            }
        } else if let Some((keyword, length)) = keyword(rest) {
            let ends = rest.len() == length && rest.ends_with(|ch: char| ch.is_alphanumeric());
            if ends {
                return Beginning { pieces, partial: last_word(rest), quoted: false, comment: false };
            }
            pieces.push(Piece::Word(keyword));
            at += length;
        } else if first.is_alphanumeric() || first == '_' {
            let wordy = |ch: char| ch.is_alphanumeric() || matches!(ch, '_' | '.');
            let length = rest.find(|ch| !wordy(ch)).unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or_default();
            if length == rest.len() {
                return Beginning { pieces, partial: word, quoted: false, comment: false };
            }
            let number = first.is_ascii_digit();
            pieces.push(if number { Piece::Literal } else { Piece::Name(word) });
            at += length;
        } else {
            pieces.push(Piece::Sign(first));
            at += first.len_utf8();
        }
    }
    Beginning { pieces, partial: "", quoted: false, comment: false }
}

/// The last word of several: of `не начинается`, what is being typed.
fn last_word(text: &str) -> &str {
    text.rsplit(char::is_whitespace).next().unwrap_or(text)
}

enum Text {
    /// Closed; how long it is.
    Closed(usize),
    /// Open, and inside a hole that starts there.
    Hole(usize),
    /// Open.
    Open,
}

fn text(rest: &str) -> Text {
    let mut hole: Option<usize> = None;
    let mut nested = false;
    let mut escaped = false;
    let mut before = ' ';
    for (at, ch) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if let Some(_start) = hole {
            match ch {
                '"' => nested = !nested,
                '}' if before == '}' && !nested => hole = None,
                _ => {}
            }
        } else {
            match ch {
                '\\' => escaped = true,
                '{' if before == '{' => hole = Some(at + 1),
                '"' => return Text::Closed(at + 1),
                _ => {}
            }
        }
        before = ch;
    }
    hole.map_or(Text::Open, Text::Hole)
}

/// The longest word of the language that a text begins with, as both languages spell it.
fn keyword(rest: &str) -> Option<(Keyword, usize)> {
    let mut best: Option<(Keyword, usize)> = None;
    for entry in Keyword::TABLE {
        if matches!(entry.group, Group::Type | Group::Unit | Group::Day) {
            continue;
        }
        for form in entry.en.iter().chain(entry.ru) {
            let Some(length) = begins_with(rest, form) else { continue };
            if best.is_none_or(|(_, known)| length > known) {
                best = Some((entry.keyword, length));
            }
        }
    }
    best
}

/// How much of a text a spelling takes up; blanks between its words may be any.
fn begins_with(text: &str, form: &str) -> Option<usize> {
    let mut at = 0;
    for (number, word) in form.split(' ').enumerate() {
        let rest = text.get(at..)?;
        let blanks = rest.len() - rest.trim_start().len();
        if number > 0 && blanks == 0 {
            return None;
        }
        let rest = rest.get(blanks..)?;
        if !rest.starts_with(word) {
            return None;
        }
        at += blanks + word.len();
    }
    let wordy = form.ends_with(char::is_alphanumeric);
    let goes_on = text.get(at..)?.starts_with(|ch: char| ch.is_alphanumeric() || ch == '_' || ch == '.');
    (!(wordy && goes_on)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_at_the_cursor_is_apart() {
        let beginning = read("  accept when site is not \"a\" and cam");
        assert_eq!(
            beginning.pieces,
            [
                Piece::Word(Keyword::Accept),
                Piece::Word(Keyword::When),
                Piece::Name("site"),
                Piece::Word(Keyword::IsNot),
                Piece::Literal,
                Piece::Word(Keyword::And),
            ]
        );
        assert_eq!(beginning.partial, "cam");
    }

    #[test]
    fn holes_are_read_for_themselves_and_texts_are_told() {
        let hole = read("  title: \"Call {{ phone | up");
        assert_eq!(
            (hole.pieces.as_slice(), hole.partial),
            (&[Piece::Sign('{'), Piece::Name("phone"), Piece::Sign('|')][..], "up")
        );
        let quoted = read("  accept when site is \"rom");
        assert!(quoted.quoted && quoted.partial == "rom");
        assert!(read("  title: \"Call {{ phone }} and").quoted);
        let comment = read("  # rules: allow unr");
        assert!(comment.comment && comment.partial == "# rules: allow unr");
    }
}
