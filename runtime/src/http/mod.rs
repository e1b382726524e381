//! Requests in, answers out.
//!
//! `accept` owns sockets and their limits; `route` is a function without a socket, so tests call it directly; `hooks`
//! takes notifications, `callbacks` what RetailCRM calls us about, `marketplace` shops that connect themselves; `admin` the accounts over HTTP; `console`, `health` and `metrics` show what the server is doing. Errors become answers in `respond`.
//!
//! Leaves to others: what a notification means (`source`), where it is kept (`store`), what follows from it (`worker`).

mod accept;
mod admin;
mod admission;
mod callbacks;
mod chat_adapter;
mod credentials;
mod health;
mod hooks;
mod marketplace;
mod metrics;
mod pages;
mod peer;
mod respond;
mod route;
mod state;
mod triggers;

pub use accept::{Listening, Routes, Settings, listen};
pub use peer::Peer;
pub use route::{console, hooks};
pub use state::{Parts, Shared};
