//! House rules as tests.
//!
//! Each test walks the tree and names every place that breaks one rule; what cannot be said as a lint stands here.
//! Reads files only; knows no crate of ours.

mod docs_twins;
mod layout;
mod rooms;
pub(crate) mod tree;
