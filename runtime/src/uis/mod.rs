//! The UIS client: the Data API, as far as this program asks it.
//!
//! Goes in: a method and its parameters. Comes out: typed answers, or a [`UisError`] whose class says what may be done.
//! Everything asked here is read only.
//! Leaves to others: notifications (`source`), and what employees are matched with (`directory`).

mod answer;
mod client;
mod error;
mod limits;

pub use client::{Client, ClientSettings, Employee};
pub use error::{Class, UisError};
pub use limits::Limits;
