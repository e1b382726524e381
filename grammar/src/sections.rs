//! A file cut at its left margin.
//!
//! A line at the left margin starts a section, indented lines belong to it; so one broken section cannot hide
//! another. Takes the text of a file, gives its sections as lines that are not parsed yet, each with the comments
//! that belong to it. Lines are joined while a bracket is open. What stands where no section is, is given apart.

mod build;
mod open;

pub(crate) use self::build::cut;
pub(crate) use self::open::{Opening, first_word, opening};

use crate::ast::Comment;
use crate::scan::Fault;
use crate::span::Span;

/// A file, cut.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// The first line, when it is a header.
    pub(crate) header: Option<RawLine>,
    /// Where the header should stand: the first line that is not a comment.
    pub(crate) first: Option<Span>,
    /// The sections in order.
    pub(crate) sections: Vec<RawSection>,
    /// Indented lines above the first section.
    pub(crate) stray: Vec<RawLine>,
    /// Header lines below the first line.
    pub(crate) late_headers: Vec<RawLine>,
    /// Comments below the last section, at the left margin.
    pub(crate) tail: Vec<Comment>,
}

/// A section, cut.
#[derive(Debug)]
pub(crate) struct RawSection {
    /// What its first word says.
    pub(crate) opening: Opening,
    /// The line at the left margin.
    pub(crate) head: RawLine,
    /// The indented lines.
    pub(crate) lines: Vec<RawLine>,
    /// Comments below the last line.
    pub(crate) tail: Vec<Comment>,
    /// From the header line to the last line or comment.
    pub(crate) extent: Span,
}

/// A line that is not parsed yet.
#[derive(Debug)]
pub(crate) struct RawLine {
    /// Its code; several physical lines when a bracket runs over.
    pub(crate) span: Span,
    /// Comments above it.
    pub(crate) leading: Vec<Comment>,
    /// Whether a blank line stands directly above it.
    pub(crate) blank_before: bool,
    /// A comment after it.
    pub(crate) trailing: Option<Comment>,
    /// Comments inside it.
    pub(crate) inner: Vec<Comment>,
    /// Whether it stands at the left margin though it belongs to a section.
    pub(crate) outdented: bool,
    /// Why it is not worth parsing; the offsets are those of the file.
    pub(crate) fault: Option<LineFault>,
}

/// Why a line is not worth parsing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineFault {
    /// Longer than the limit.
    TooLong,
    /// Found by the scanner.
    Scan(Fault),
}
