//! The accounts of the settings: listed, checked, added and removed in the file, and the running server told of it.
//!
//! | file | what it does |
//! | --- | --- |
//! | `wanted` | an account that somebody wants |
//! | `place` | secrets: where they are, or what they are |
//! | `section` | the section of an account in the text: written, and cut out |
//! | `draft` | a change of the file: made, read, found good, written |
//! | `error` | why there was none |
//! | `hub` | the one way to the accounts of a running server |
//! | `left` | what the store keeps for accounts that are gone |
//! | `standing` | whether the settings in force are those on disk |
//!
//! Leaves to others: what settings mean (`config`), going over to them (`app`), requests (`http`).

mod draft;
mod error;
mod hub;
mod left;
mod place;
mod section;
mod standing;
mod wanted;

pub use draft::Draft;
pub use error::EditError;
pub use hub::{Accounts, Ask, Changing, Serving};
pub use left::{Left, left};
pub use place::{Given, SecretPlace};
pub use standing::Standing;
pub use wanted::{DATA_API, Wanted, WantedCrm, WantedModule, WantedUis};
