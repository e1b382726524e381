//! Every limit of the language, in one place.
//!
//! Rules come from strangers' editors and from uploads: each limit is checked before memory or time is spent.
//! Above one of them there is a diagnostic, never a crash.

/// The largest file that is read, in bytes.
pub const FILE_BYTES: usize = 1 << 20;

/// The largest bundle that is read, in bytes of all its files together. The engine checks it.
pub const BUNDLE_BYTES: usize = 4 << 20;

/// The longest line that is read, in bytes; lines joined by open brackets count as one.
pub const LINE_BYTES: usize = 64 << 10;

/// How deep brackets and `{{` may stand inside one another, counted before the parser runs: its own guard depends
/// on the stack and the build profile, and a file must not be valid in one build and invalid in another.
pub const NESTING: usize = 64;

/// The most columns that a table may have.
pub const COLUMNS: usize = 64;

/// The most problems that are reported for one file; one more says that there are others.
pub const DIAGNOSTICS: usize = 256;

/// The most steps that the parser takes for one line. A line of [`LINE_BYTES`] needs under a tenth of them.
pub(crate) const PARSER_STEPS: usize = 50_000_000;
