//! House rules as tests.
//!
//! Each test walks the tree and names every place that breaks one rule; what cannot be said as a lint stands here.
//! Reads files only; knows no crate of ours.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "helpers of tests may fail loudly; clippy excuses only the test functions themselves"
)]

mod docs_twins;
mod layout;
mod rooms;
pub(crate) mod tree;
