//! The one binary of cross-crate tests.
fn _none() {}
