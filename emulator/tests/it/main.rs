//! Tests of the stand-ins: every strictness rule, every fault, every switch.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly; clippy excuses only the test functions themselves"
)]

mod customers;
mod faults;
mod orders;
mod support;
mod tasks;
mod telephony;
mod wire;
