//! The one binary of cross-crate tests.
mod tidy;
