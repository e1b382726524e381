//! What the benches share: what is measured, with what it is compared, and how the comparison is made.
//!
//! `tables` and `examples` give the rules and events that are measured, `by_hand` the same decisions without rules,
//! `server` a server without sockets, `contest` times and ratios. The benches themselves live in `benches/`, one a
//! subject.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and ends where it cannot go on"
)]

pub mod by_hand;
pub mod contest;
pub mod examples;
pub mod forward;
pub mod machine;
pub mod server;
pub mod tables;
pub mod wide;
