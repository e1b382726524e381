//! Coverage: what of a bundle its tests have seen, by row, line, branch and cell.
//!
//! `points` lists everything of a program that a decision can depend on; `decide/watched` says which points one event
//! reaches, beside the decision and at no cost for decisions that nobody watches; [`Coverage`] counts them; `dead` proves
//! which points no event reaches. A point is known by a [`PointId`], which stays the same as long as the bundle does.
//!
//! *Cells* are counted as MC/DC does for conditions: a cell has been seen when the row counted, and once more when this
//! cell alone kept the row from counting. A test within `and`, `or` and `not` has been seen with an answer when that
//! answer made the difference.

mod atoms;
mod coverage;
mod dead;
mod points;
mod words;

pub(crate) use atoms::answers;
pub use coverage::{Coverage, Total, Totals};
pub use points::Point;
pub(crate) use points::points;

pub use crate::program::point::{Measure, Part, PointId, Reach};
