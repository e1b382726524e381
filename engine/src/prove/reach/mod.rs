//! Events that reach a given place of the rules: a row that is the first to match in a table that is asked, for an event
//! that the filter lets through.
//!
//! The rules of a kind of event are walked as the evaluator walks them, with the condition under which it comes by kept
//! along the way (`walk`); each place gets the condition under which it counts. An area of that condition becomes an
//! event (`find`); where a place hinges on what a script gives, events are tried (`tries`). Nothing is believed: only events that
//! the evaluator finds to have got there are given.

mod find;
mod gap;
mod suggest;
mod tries;
mod walk;

pub use find::{Answer, Finder, Reached};
pub(crate) use gap::gap;
pub use suggest::{Suggestion, Suggestions};
