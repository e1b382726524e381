//! The stores, each put through the contract and compared with a model.

#![expect(clippy::expect_used, reason = "tests end where something is not as it must be")]

mod contract;
mod model;
mod rig;
