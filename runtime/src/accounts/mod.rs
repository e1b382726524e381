//! The accounts of the settings: listed, checked, added and removed in the file, and the server told of it.
//!
//! | file | what it does |
//! | --- | --- |
//! | `hub` | the one way to the accounts of a running server |
//! | `left` | what the store keeps for accounts that are gone |
//! | `standing` | whether the settings in force are those on disk |
//!
//! Leaves to others: what settings mean (`config`), going over to them (`app`), requests (`http`).

mod hub;
mod left;
mod standing;

pub use hub::{Accounts, Ask};
pub use left::{Left, left};
pub use standing::Standing;
