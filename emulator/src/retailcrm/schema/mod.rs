//! Field rules: which members an entity may have, and what each may hold.
//!
//! Takes an entity as JSON and a [`Schema`]; gives the rules it breaks, in the words of the vendor. Strict: an unknown
//! member is an error, a number in the place of a text too. `null` means "clear" and is allowed everywhere.

mod check;
pub(super) mod common;
mod field;

pub(super) use check::{Checked, check};
pub(super) use field::{Field, Kind, LONG_TEXT, Schema, TEXT, may, must};
