//! Checked tables.
//!
//! Rows are kept as numbers of checks, equal cells of a column sharing one, with an index beside them that finds
//! the rows of a value without looking at every row. Which rows match is worked out in `index`; what then
//! counts is the hit policy's.

use smol_str::SmolStr;
use switchboard_grammar::span::Span;

use super::{Check, Expr, Test};
use crate::index::{ColumnIndex, Misses, RowSet};
use crate::value::Value;

/// A table.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// Its section.
    pub(crate) section: u32,
    /// What happens when several rows match.
    pub(crate) hit: Hit,
    /// Left of `||`.
    pub(crate) inputs: Box<[Input]>,
    /// Right of it.
    pub(crate) results: Box<[SmolStr]>,
    /// The rows, without the `else` row.
    pub(crate) rows: Box<[Row]>,
    /// The `else` row.
    pub(crate) otherwise: Option<Row>,
}

/// What happens when several rows match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Hit {
    /// The first counts.
    First,
    /// There must not be several; should there be, the first counts and the trace tells.
    Only,
    /// All count; results are collected.
    All,
}

/// A column left of `||`.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    /// What it looks at.
    pub(crate) value: Expr,
    /// The header cell in the file.
    pub(crate) span: Span,
    /// The different questions of its cells.
    pub(crate) checks: Box<[Check]>,
    /// For each row the number of its check; [`Input::ANY`] for `-`.
    pub(crate) of_row: Box<[u32]>,
    /// Rows by value.
    pub(crate) index: ColumnIndex,
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its line in the file.
    pub(crate) line: u32,
    /// Its input cells in the file.
    pub(crate) cells: Box<[Span]>,
    /// What it gives, a value for each result column.
    pub(crate) results: Box<[Expr]>,
}

impl Input {
    /// In place of a check's number: the cell asks nothing.
    pub(crate) const ANY: u32 = u32::MAX;

    /// A column with its index.
    pub(crate) fn new(value: Expr, span: Span, checks: Vec<Check>, of_row: Vec<u32>) -> Input {
        let index = ColumnIndex::new(&checks, &of_row);
        Input { value, span, checks: checks.into(), of_row: of_row.into(), index }
    }

    /// The check of a row's cell; None when it asks nothing.
    pub(crate) fn check_of(&self, row: u32) -> Option<&Check> {
        let number = self.of_row.get(row as usize)?;
        self.checks.get(*number as usize)
    }
}

impl Table {
    /// In place of a table that has mistakes: nobody knows what it gives.
    pub(crate) fn unknown() -> Table {
        let nothing = (Box::default(), Box::default(), Box::default());
        Table {
            section: u32::MAX,
            hit: Hit::All,
            inputs: nothing.0,
            results: nothing.1,
            rows: nothing.2,
            otherwise: None,
        }
    }

    /// How many columns each row missed, for the values of the inputs; `holds` asks one test.
    pub(crate) fn misses<'v>(
        &self,
        values: impl Iterator<Item = &'v Value>,
        holds: &dyn Fn(&Test, &Value) -> bool,
    ) -> Misses {
        let mut misses = Misses::new(self.rows.len());
        let mut through = RowSet::default();
        for (input, value) in self.inputs.iter().zip(values) {
            input.index.rows(&input.checks, value, holds, &mut through);
            misses.column(&through);
        }
        misses
    }
}
