//! Where something stands in a file: byte ranges.
//!
//! Every node of the tree, every token and every diagnostic carries one. A span knows neither its file nor its
//! text; `source` turns it into lines and columns.

use std::ops::Range;

/// A half-open range of bytes in one file. Both ends stand on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// First byte after it.
    pub end: u32,
}

impl Span {
    /// A span from `start` up to `end`; an `end` before `start` gives the empty span at `start`.
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end: if end < start { start } else { end } }
    }

    /// The empty span at `offset`.
    #[must_use]
    pub const fn at(offset: u32) -> Self {
        Self { start: offset, end: offset }
    }

    /// A span from offsets in memory; offsets past 4 GiB are cut, which no accepted file reaches.
    #[must_use]
    pub fn of(range: Range<usize>) -> Self {
        Self::new(offset(range.start), offset(range.end))
    }

    /// How many bytes it covers.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end - self.start
    }

    /// Whether it covers nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies wholly inside.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether `offset` lies inside; the end counts, so that a cursor after a word is still on it.
    #[must_use]
    pub const fn touches(self, offset: u32) -> bool {
        self.start <= offset && offset <= self.end
    }

    /// The same span `by` bytes further on.
    #[must_use]
    pub const fn shifted(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }

    /// The empty span where this one begins.
    #[must_use]
    pub const fn head(self) -> Self {
        Self::at(self.start)
    }

    /// The empty span where this one ends.
    #[must_use]
    pub const fn tail(self) -> Self {
        Self::at(self.end)
    }

    /// As a range of offsets in memory.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text that it covers; empty when the span does not belong to `text`.
    #[must_use]
    pub fn text(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }
}

/// An offset in memory as an offset in a span.
pub(crate) fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
