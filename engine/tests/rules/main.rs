//! Tests of bundles: loading, checking, deciding.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking, as tests do"
)]

mod compare;
mod cover;
mod decisions;
mod diff;
mod explain;
mod findings;
mod fixes;
mod fixture;
mod forward;
mod kept;
mod lints;
mod loading;
mod meaning;
mod mistakes;
mod mutate;
mod names;
mod numbers;
mod parts;
mod performance;
mod policies;
mod policy_findings;
mod prove;
mod reach;
mod reads;
mod references;
mod script_lists;
mod scripts;
mod shipped;
mod small;
mod steps;
mod support;
mod tables;
mod tasks;
mod totality;
