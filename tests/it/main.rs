//! The one binary of cross-crate tests.

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

mod admin;
mod asked;
mod backtest;
mod burst;
mod checkup;
mod click_to_call;
mod conversations;
mod deals;
mod deals_quarter;
mod deals_troubles;
mod deals_upkeep;
mod docs;
mod door;
mod employees;
mod end_to_end;
mod faults;
mod forwarding;
mod history;
mod http;
mod kill;
mod life;
mod marketing;
mod marketplace;
mod module;
mod month;
mod names;
mod official;
mod personal_manager;
mod policies;
mod popups;
mod quarter;
mod reached;
mod reports;
mod rulings;
mod scripts_apart;
mod server;
mod shadow;
mod swap;
mod take_up;
mod tidy;
mod workplace;
mod written;
