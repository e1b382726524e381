//! Tables for one event: which rows match, what they give, which nearly matched.

use std::borrow::Cow;

use super::eval::Eval;
use super::trace::{Near, Step, What};
use crate::index::{Misses, RowSet};
use crate::limits::{MAX_ELEMENTS, MAX_NEAR_MISSES};
use crate::program::{Hit, Place, Row, Table};
use crate::value::Value;

/// Rows of an `all matches` table that a step of the trace names.
const MAX_ROWS_TOLD: usize = 100;

impl Eval<'_> {
    /// A table's results, a value for each column.
    pub(super) fn rows(&self, table: &Table) -> Box<[Value]> {
        let inputs: Vec<Cow<'_, Value>> = table.inputs.iter().map(|input| self.value(&input.value)).collect();
        let misses = table.misses(inputs.iter().map(AsRef::as_ref), &|test, value| self.ask(test, value));
        let hits = misses.hits();
        let first = hits.first();
        let what = match (first, table.hit) {
            (Some(_), Hit::All) => What::Rows(hits.iter().take(MAX_ROWS_TOLD).collect()),
            (Some(row), Hit::Only) => match hits.iter().nth(1) {
                Some(other) => What::Conflict { row, other },
                None => What::Row(row),
            },
            (Some(row), Hit::First) => What::Row(row),
            (None, _) if table.otherwise.is_some() => What::ElseRow,
            (None, _) => What::NoRow,
        };
        let chosen = first.and_then(|row| table.rows.get(row as usize)).or(table.otherwise.as_ref());
        let line = chosen.map_or_else(|| self.section_line(table.section), |row| row.line);
        let mut step = Step::new(Place { section: table.section, line }, what);
        step.near = self.near(table, &inputs, &misses, first);
        self.tell(step);
        match (chosen, table.hit) {
            (None, _) => table.results.iter().map(|_| Value::Missing).collect(),
            (Some(_), Hit::All) if first.is_some() => self.collected(table, &hits),
            (Some(row), _) => row.results.iter().map(|result| self.value(result).into_owned()).collect(),
        }
    }

    /// The results of all rows that match, column by column.
    fn collected(&self, table: &Table, hits: &RowSet) -> Box<[Value]> {
        let rows: Vec<&Row> = hits.iter().filter_map(|row| table.rows.get(row as usize)).collect();
        let column = |at: usize| {
            let mut values = Vec::new();
            for row in &rows {
                let Some(result) = row.results.get(at) else { continue };
                values.extend(self.value(result).elements().iter().cloned());
                if values.len() > MAX_ELEMENTS {
                    break;
                }
            }
            values.truncate(MAX_ELEMENTS);
            Value::list(values)
        };
        (0..table.results.len()).map(column).collect()
    }

    /// The rows that one cell stopped, as far as they would have counted.
    fn near(
        &self,
        table: &Table,
        inputs: &[Cow<'_, Value>],
        misses: &Misses,
        first: Option<u32>,
    ) -> Vec<Near> {
        // Behind the row that counts nothing else can have counted, unless all do.
        let end = match (first, table.hit) {
            (Some(row), Hit::First) => row,
            _ => u32::MAX,
        };
        let near = misses.near();
        let rows = near.iter().take_while(|row| *row < end).take(MAX_NEAR_MISSES);
        rows.filter_map(|row| {
            let stopped = table.inputs.iter().zip(inputs).position(|(input, value)| {
                let check = input.check_of(row);
                check.is_some_and(|check| !check.holds(value, &|test, value| self.ask(test, value)))
            })?;
            Some(Near::Cell { row, column: u32::try_from(stopped).ok()? })
        })
        .collect()
    }

    /// The line of a section's header.
    pub(super) fn section_line(&self, section: u32) -> u32 {
        self.program.sections.get(section as usize).map_or(0, |section| section.line)
    }
}
