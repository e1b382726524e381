//! Requests that leave the process.
//!
//! Goes in: an HTTP request and a deadline. Comes out: what became of it, told apart by whether the other side
//! may have seen it. What an answer means is left to the client of that service (`crm`, `uis`).

pub mod api;
#[cfg(test)]
pub(crate) mod fake;
pub mod guard;
pub mod http;

pub use api::{NotSent, Outcome, SendGuard, Transport, Unanswered};
pub use http::{HttpError, HttpSettings, HttpTransport};
