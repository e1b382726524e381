//! Many rows, one event: which rows match, without looking at each.

mod column;
mod pieces;
mod postings;
mod rows;

pub(crate) use column::ColumnIndex;
pub(crate) use rows::{Misses, RowSet};
