//! Decision tables: inputs left of `||`, results right of it.

use super::condition::{Item, Operand, Operator};
use super::events::Events;
use super::file::Line;
use super::name::{Name, Word};
use super::value::Value;
use crate::span::Span;

/// `table NAME for …` and its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The keyword.
    pub word: Word,
    /// Its name, which is a value elsewhere; `None` only where the header is broken.
    pub name: Option<Name>,
    /// Which events; `None` only where the header is broken.
    pub events: Option<Events>,
    /// What happens when several rows match.
    pub hit: HitPolicy,
    /// Its words, when written.
    pub hit_word: Option<Word>,
    /// The row of column names; `None` only where it is missing or broken.
    pub head: Option<Line<Head>>,
    /// The line `|---|---||---|` below it, for the comments beside it.
    pub ruler: Option<Line<()>>,
    /// The rows in order; each has as many cells as there are columns.
    pub rows: Vec<Line<Row>>,
}

/// What happens when several rows match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HitPolicy {
    /// The first of them counts.
    #[default]
    First,
    /// There must not be several.
    Only,
    /// All count; results are collected.
    All,
}

/// The row of column names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Left of `||`: what is looked at.
    pub inputs: Vec<Column>,
    /// Right of it: what is decided.
    pub results: Vec<Name>,
}

/// What an input column looks at: a field, a setting, a table, a call, each with fallbacks if need be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The cell.
    pub span: Span,
    /// What it looks at.
    pub value: Value,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `else` in the first cell: the row for everything that no row above matched. Always the last row.
    pub otherwise: Option<Word>,
    /// One cell a column; none in the `else` row.
    pub inputs: Vec<Cell>,
    /// One cell a column.
    pub results: Vec<ResultCell>,
}

/// A cell left of `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The cell without the blanks around it.
    pub span: Span,
    /// What it asks.
    pub kind: CellKind,
}

/// What an input cell asks of its column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// `-`: nothing.
    Any,
    /// One of the alternatives, or with `not` in front: none of them.
    Tests {
        /// The `not` that turns the whole cell around.
        not: Option<Word>,
        /// Separated by commas; at least one.
        alternatives: Vec<Alternative>,
    },
}

/// Tests that must all hold: `>= 30 s and < 2 min`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// From the first to the last.
    pub span: Span,
    /// Joined with `and`; at least one.
    pub tests: Vec<CellTest>,
    /// The words `and` between them.
    pub words: Vec<Word>,
}

/// One test of a cell. Its subject is the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellTest {
    /// The whole test.
    pub span: Span,
    /// How it asks; without an operator, as `is` does. Never a negated one.
    pub operator: Option<Operator>,
    /// What it compares with.
    pub operand: Operand,
}

/// A cell right of `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultCell {
    /// The cell without the blanks around it.
    pub span: Span,
    /// The values, separated by commas; none for `-`.
    pub values: Vec<Value>,
}

impl CellTest {
    /// The item of a plain comparison: a cell that only names a value.
    #[must_use]
    pub const fn plain(&self) -> Option<&Item> {
        match (&self.operator, &self.operand) {
            (None, Operand::One(item)) => Some(item),
            _ => None,
        }
    }
}
