//! Where a rule stands, for the trace.

use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

/// A section as the trace names it.
#[derive(Clone, Debug)]
pub(crate) struct SectionInfo {
    /// The file.
    pub(crate) file: FileId,
    /// The line of its header.
    pub(crate) line: u32,
    /// Its header line as written.
    pub(crate) head: Span,
    /// The `##` lines above it.
    pub(crate) doc: Option<String>,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The section, by its number.
    pub(crate) section: u32,
    /// The line.
    pub(crate) line: u32,
}
