//! Phones: one number, however it is written.
//!
//! [`Phone`] is a number in E.164; [`Phone::parse`] reads what people and systems write and says why a text is
//! none; [`mask`] hides the middle of a number for logs. The library that knows the world's numbering plans is
//! named in `plans` only, so that it can be swapped.

mod mask;
mod number;
mod plans;
mod read;

pub use mask::mask;
pub use number::Phone;
pub use read::{PhoneError, Reading};
