//! Effects and workers from the outside: against a simulated world with virtual time, and against the emulator.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clippy lets tests do so, but not the helpers that they share"
)]

mod rules;
mod sim;
mod strict;
