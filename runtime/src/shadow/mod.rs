//! Shadow rules: tried on the same events as those in force, and never doing anything.
//!
//! After a decision in force was committed, a [`Seat`] of the account hands what it was made from to the one [`Desk`] of the
//! process, which never waits: without room the comparison is dropped, and counted. The desk lets the candidate decide on a
//! thread of its own, compares, and counts; only counts and examples are written, in transactions of their own.
//!
//! | file | what it does |
//! | --- | --- |
//! | `case` | a decision in force with all it was made from |
//! | `judge` | lets the candidate decide and compares |
//! | `tally` | counts, in memory |
//! | `seat` | what one account's workers hand decisions to |
//! | `lines` | who waits for a comparison, and whose turn it is |
//! | `desk` | the thread that compares, the writing |
//!
//! **Never:** a client of the outside, an effect, a lease of a lane, or a wait of whoever decides.

mod case;
mod desk;
mod judge;
mod lines;
mod seat;
mod tally;
#[cfg(test)]
mod tests;

pub use case::{Case, head};
pub use desk::{Desk, DeskSettings, Waiting, desk};
pub use judge::{Verdict, judge, weigh};
pub use seat::{Decided, Seat};
