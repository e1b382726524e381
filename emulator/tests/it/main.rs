//! Tests of the stand-ins: every strictness rule, every fault, every switch.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail loudly; clippy excuses only the test functions themselves"
)]

mod call_api;
mod callbacks;
mod control;
mod customers;
mod deals;
mod faults;
mod files;
mod notifications;
mod orders;
mod reports;
mod rpc;
mod snapshots;
mod sockets;
mod support;
mod switches;
mod tasks;
mod telephony;
mod wire;
