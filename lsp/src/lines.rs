//! Offsets in a text as positions of the protocol, and back.
//!
//! A position is a line and a column, and what a column counts was agreed at the start: bytes, UTF-16 units or
//! characters. Positions past the end of a line or of the text mean its end, as the protocol has it.

use lsp_types::{Position, PositionEncodingKind, Range};
use switchboard_grammar::span::Span;

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of UTF-16: what a client has that says nothing.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

/// Where the lines of a text begin.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    starts: Vec<u32>,
    encoding: Encoding,
}

impl Encoding {
    /// The best one that the client knows.
    pub(crate) fn of(offered: Option<&[PositionEncodingKind]>) -> Self {
        let offers = |kind: &PositionEncodingKind| offered.is_some_and(|all| all.contains(kind));
        if offers(&PositionEncodingKind::UTF8) {
            Self::Utf8
        } else if !offers(&PositionEncodingKind::UTF16) && offers(&PositionEncodingKind::UTF32) {
            Self::Utf32
        } else {
            Self::Utf16
        }
    }

    /// Its name in the protocol.
    pub(crate) const fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How many columns a text takes.
    pub(crate) fn width(self, text: &str) -> u32 {
        let width = match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
            Self::Utf32 => text.chars().count(),
        };
        u32::try_from(width).unwrap_or(u32::MAX)
    }

    /// The byte at a column of a line, or its end.
    fn byte(self, line: &str, column: u32) -> usize {
        let mut left = column;
        for (at, ch) in line.char_indices() {
            let width = match self {
                Self::Utf8 => ch.len_utf8(),
                Self::Utf16 => ch.len_utf16(),
                Self::Utf32 => 1,
            };
            let width = u32::try_from(width).unwrap_or(1);
            // A column inside of a character means its beginning.
            if left < width {
                return at;
            }
            left -= width;
        }
        line.len()
    }
}

impl Lines {
    /// Looks through a text.
    pub(crate) fn new(text: &str, encoding: Encoding) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts =
            std::iter::once(0).chain(breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)));
        Self { starts: starts.collect(), encoding }
    }

    /// The number of the line that a byte is on.
    pub(crate) fn line_of(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(after.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// The text of a line without its line break, and its first byte.
    pub(crate) fn line<'t>(&self, text: &'t str, line: u32) -> (usize, &'t str) {
        let start = self.starts.get(line as usize).copied().map_or(text.len(), |start| start as usize);
        let end = self.starts.get(line as usize + 1).map_or(text.len(), |end| *end as usize);
        let line = text.get(start..end).unwrap_or("");
        (start, line.trim_end_matches(['\n', '\r']))
    }

    /// The position of a byte.
    pub(crate) fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.starts.get(line as usize).copied().unwrap_or(0) as usize;
        let before = text.get(start..(offset as usize).min(text.len())).unwrap_or("");
        Position::new(line, self.encoding.width(before))
    }

    /// The byte of a position.
    pub(crate) fn offset(&self, text: &str, position: Position) -> usize {
        let (start, line) = self.line(text, position.line);
        start + self.encoding.byte(line, position.character)
    }

    /// The range of a span.
    pub(crate) fn range(&self, text: &str, span: Span) -> Range {
        Range::new(self.position(text, span.start), self.position(text, span.end))
    }

    /// The span of a range; one that ends before it starts is empty.
    pub(crate) fn span(&self, text: &str, range: Range) -> Span {
        Span::of(self.offset(text, range.start)..self.offset(text, range.end))
    }

    /// What a column counts.
    pub(crate) const fn encoding(&self) -> Encoding {
        self.encoding
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_as_agreed() {
        let text = "да😀x\r\nконец";
        for (encoding, column) in [(Encoding::Utf8, 8), (Encoding::Utf16, 4), (Encoding::Utf32, 3)] {
            let lines = Lines::new(text, encoding);
            assert_eq!(lines.position(text, 8), Position::new(0, column));
            assert_eq!(lines.offset(text, Position::new(0, column)), 8);
            assert_eq!(lines.offset(text, Position::new(0, 99)), 9, "the end of the line, before its break");
            assert_eq!(lines.offset(text, Position::new(9, 9)), text.len());
        }
        assert_eq!(Lines::new(text, Encoding::Utf16).offset(text, Position::new(0, 3)), 4, "inside of 😀");
    }

    #[test]
    fn bytes_are_preferred_and_units_assumed() {
        let (a, b) = (PositionEncodingKind::UTF16, PositionEncodingKind::UTF8);
        assert_eq!(Encoding::of(Some(&[a.clone(), b])), Encoding::Utf8);
        assert_eq!(Encoding::of(Some(&[a])), Encoding::Utf16);
        assert_eq!(Encoding::of(Some(&[PositionEncodingKind::UTF32])), Encoding::Utf32);
        assert_eq!(Encoding::of(None), Encoding::Utf16);
    }
}
