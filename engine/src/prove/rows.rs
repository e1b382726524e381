//! The rows of a table as areas.
//!
//! A cell that asks one field is one set of classes; one that asks `x else y`, or a table's result, falls into several
//! areas, and so does its row. A row of too many is left out: nothing is claimed of it, and it covers nothing.

use std::collections::HashMap;

use super::area::Area;
use super::limits::{ProofLimits, Undecided};
use super::scope::Scope;
use super::space::{Builder, Questions};
use super::walk::Walker;
use crate::program::{Input, Table};

/// Collects what a table asks.
pub(crate) fn collect(scope: &Scope<'_>, table: &Table, questions: &mut Questions) -> Result<(), Undecided> {
    let mut walker = Walker::new(scope, questions);
    for input in &table.inputs {
        for check in &input.checks {
            walker.ask(&input.value, check)?;
        }
    }
    Ok(())
}

/// The areas of each row; None for a row of too many.
pub(crate) fn areas(
    scope: &Scope<'_>,
    table: &Table,
    builder: &mut Builder<'_, '_>,
    limits: &ProofLimits,
) -> Vec<Option<Vec<Area>>> {
    let mut columns: Vec<HashMap<u32, Option<Vec<Area>>>> = Vec::with_capacity(table.inputs.len());
    for input in &table.inputs {
        let mut cells = HashMap::new();
        for (number, check) in (0u32..).zip(&input.checks) {
            let node = Walker::new(scope, builder).ask(&input.value, check);
            let areas = node.and_then(|node| builder.diagrams.areas(node, limits.pieces));
            cells.insert(number, areas.ok());
        }
        columns.push(cells);
    }
    (0..table.rows.len()).map(|row| of_row(table, row, &columns, limits)).collect()
}

fn of_row(
    table: &Table,
    row: usize,
    columns: &[HashMap<u32, Option<Vec<Area>>>],
    limits: &ProofLimits,
) -> Option<Vec<Area>> {
    let mut areas = vec![Area::everything()];
    for (input, cells) in table.inputs.iter().zip(columns) {
        let number = input.of_row.get(row).copied().unwrap_or(Input::ANY);
        if number == Input::ANY {
            continue;
        }
        let cell = cells.get(&number)?.as_ref()?;
        areas = areas.iter().flat_map(|area| cell.iter().filter_map(|cell| area.and(cell))).collect();
        if areas.len() > limits.pieces {
            return None;
        }
    }
    Some(areas)
}
