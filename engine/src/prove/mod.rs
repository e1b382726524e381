//! Proving things about rules.
//!
//! Every test compares one field with constants, so the values of a field fall into finitely many *classes*
//! (`classes`); a row of a table is an *area*, a set of classes for each field (`area`), a condition a decision
//! diagram over the classes (`diagram`). What holds for every event is then found out without trying any; what is
//! shown with an example was tried on the evaluator first. Out of steps an answer is *undecided*, never guessed.

mod area;
mod ask;
mod classes;
mod decisive;
mod diagram;
mod diff;
mod gaps;
mod index;
mod key;
mod limits;
mod outcome;
mod reach;
mod rows;
mod scope;
mod set;
mod space;
#[cfg(test)]
mod tests;
mod texts;
mod walk;
mod witness;
mod words;

pub(crate) use area::{Area, Var, useful};
pub(crate) use ask::textual;
pub(crate) use decisive::Decisive;
pub(crate) use diagram::{Diagrams, Node};
pub use diff::{Change, Comparison, Example, Open, Seen, Side, compare};
pub(crate) use index::Index;
pub use limits::ProofLimits;
pub(crate) use limits::{Meter, Undecided};
pub(crate) use outcome::asked;
pub(crate) use reach::gap;
pub use reach::{Answer, Finder, Reached, Suggestion, Suggestions};
pub(crate) use rows::{areas, collect};
pub(crate) use scope::Scope;
pub(crate) use set::Set;
pub(crate) use space::{Builder, Questions, Space};
pub(crate) use walk::Walker;
pub(crate) use witness::{Witness, noon, witness};
