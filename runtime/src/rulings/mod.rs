//! What rules say beside the lanes, kept so that other rules can be asked the same.
//!
//! A decision about a communication is kept in the transaction of its effects. Nothing of the kind is behind whom a ringing
//! call is put through to, what a pop-up shows and which deal an order becomes: somebody waits for the first two, and the
//! third is decided anew whenever the order changes. So whoever has asked the rules hands the answer in after it was given,
//! and never waits: without room it is lost, and counted. What is kept is written in transactions of its own, and goes with
//! the decisions.
//!
//! | file | what it does |
//! | --- | --- |
//! | `answer` | a question with its answer, and the form in which both are kept |
//! | `keeper` | the queue, and the writing |
//!
//! **Never:** a wait of whoever asked the rules, or anything that follows from a kept answer.

mod answer;
mod keeper;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Asked};
pub use keeper::{Keeper, Keeping, keeper};
