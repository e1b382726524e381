//! The page for people, and the JSON API by which tests in other processes do what the Rust API does.

mod actions;
mod request;
mod service;
mod views;

pub use service::Control;
