//! Many rows, one event: which rows match, without looking at each.

mod column;
mod rows;

pub(crate) use column::ColumnIndex;
pub(crate) use rows::{Misses, RowSet};
