//! The crate from outside: files in, trees, diagnostics and formatted files out.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests may fail loudly; clippy excuses only the test functions themselves"
)]

mod broken;
mod editors;
mod fixes;
mod formatting;
mod generate;
mod hostile;
mod recovery;
mod support;
mod translation;
mod tree;
mod valid;
mod variations;
