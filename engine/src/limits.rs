//! How much a bundle may be: every limit of loading, in one place.
//!
//! Limits of one file (its size, its lines, nesting, columns) are the grammar's; those of scripts and long texts
//! stand beside their hosts.

/// Bytes of all `.rules`, `.rhai` and `.j2` files together.
pub const MAX_BUNDLE_BYTES: usize = switchboard_grammar::limits::BUNDLE_BYTES;
/// Bytes of all `.csv` files together.
pub const MAX_LIST_BYTES: usize = 32 * 1024 * 1024;
/// Files.
pub const MAX_FILES: usize = 1_000;
/// Rows of one table.
pub const MAX_ROWS: usize = 20_000;
/// How deep working out one value may nest, through tables, settings and brackets. Bounds the stack.
pub const MAX_DEPTH: usize = 256;
/// Characters of one worked-out text; longer ones are cut. Bounds what templates that use one another can grow to.
pub const MAX_TEXT_CHARS: usize = 64 * 1024;
/// Diagnostics of one load; what is found beyond is counted, not shown.
pub const MAX_DIAGNOSTICS: usize = 1_000;
/// Near misses that a step of the trace names.
pub const MAX_NEAR_MISSES: usize = 3;
/// Elements of one worked-out list; more are dropped.
pub const MAX_ELEMENTS: usize = 10_000;
