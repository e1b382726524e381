//! The language server over its protocol: a client in memory asks, and what it is told is looked at.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    reason = "clippy lets tests do so, but not the helpers that they share"
)]

mod client;
mod completion;
mod edits;
mod findings;
mod names;
mod paint;
mod pulling;
mod reading;
mod testing;
mod transport;
