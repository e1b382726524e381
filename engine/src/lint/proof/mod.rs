//! Lints that prove something about all events.
//!
//! Absence is proved (`crate::prove`); whatever is shown with an event was tried on the evaluator. A question that takes
//! too long is left open, and the bundle is told which. In a bundle with mistakes the sections that are whole are
//! looked at, and what the others would give counts as unknown.

mod blocked_row;
mod condition;
mod conflicting_rows;
mod idle_column;
mod mergeable_rows;
mod never_created;
mod run;
mod table;
mod table_gap;
mod unreachable_line;
mod unreachable_row;

use run::{Proof, label};

pub(crate) use run::prove;
