//! The one binary of cross-crate tests.
mod docs;
mod end_to_end;
mod faults;
mod kill;
mod server;
mod tidy;
