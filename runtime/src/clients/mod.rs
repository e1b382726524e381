//! Clients as the rules see them, and what is remembered of them.
//!
//! Goes in: a card of RetailCRM. Comes out: [`Client`], in the words of the rules; [`Clients`] keeps the last ones, so that
//! a question with somebody on the line need not wait for RetailCRM.
//! Leaves to others: whom to ask and when.

pub(crate) mod asked;
mod client;
mod memory;

pub use client::Client;
pub(crate) use memory::UnderWay;
pub use memory::{Clients, Remembered};
