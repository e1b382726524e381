//! `mergeable-rows`: rows side by side with one result that differ in one cell, where the cells together let everything
//! through: they are one row with `-`.
//!
//! Rows that name one value each and could be one row with a list of them are left alone: one value a line is how
//! long tables are kept readable.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};

use super::table::{MAX_FINDINGS, TableProof};
use super::{Proof, label};
use crate::check::Placed;
use crate::program::{Expr, Hit, Input};
use crate::prove::{Set, Var};

/// Finds them.
pub(super) fn find(proof: &Proof<'_, '_>, placed: &Placed<'_>, table: &TableProof<'_, '_>) {
    if table.table.hit != Hit::First {
        return;
    }
    let mut told = 0;
    let mut start = 0;
    while start < table.rows.len() && told < MAX_FINDINGS {
        let same = |row: &usize| table.results.get(*row) == table.results.get(start);
        let end = (start..table.rows.len()).take_while(same).last().map_or(start, |last| last + 1);
        if let Some((column, rows)) =
            (0..table.table.inputs.len()).find_map(|column| group(table, column, start, end))
        {
            report(proof, placed, table, column, &rows);
            told += 1;
        }
        start = end.max(start + 1);
    }
}

/// Rows among some with equal results that are alike but for one column, and together let everything through there.
fn group(table: &TableProof<'_, '_>, column: usize, start: usize, end: usize) -> Option<(usize, Vec<usize>)> {
    let input = table.table.inputs.get(column)?;
    let Expr::Field(key) = &input.value else { return None };
    let subject = table.space.of_field(&table.scope, key)?;
    let size = table.sizes().get(subject.var as usize).copied()?;
    let others = |row: usize| -> Vec<u32> {
        let cells = table.table.inputs.iter().enumerate().filter(|(other, _)| *other != column);
        cells.map(|(_, input)| input.of_row.get(row).copied().unwrap_or(Input::ANY)).collect()
    };
    let asks = |row: &usize| input.of_row.get(*row).is_some_and(|check| *check != Input::ANY);
    for first in (start..end).filter(asks) {
        let alike: Vec<usize> =
            (first..end).filter(asks).filter(|row| others(*row) == others(first)).collect();
        if alike.len() < 2 {
            continue;
        }
        let mut all = Set::empty();
        let mut rows = Vec::new();
        for row in alike {
            all = all.or(&cell(table, row, subject.var)?);
            rows.push(row);
            if all.len() == size {
                return Some((column, rows));
            }
        }
    }
    None
}

/// What a row of one area allows of a field.
fn cell(table: &TableProof<'_, '_>, row: usize, var: Var) -> Option<Set> {
    match table.row(row) {
        [only] => only.get(var).cloned(),
        _ => None,
    }
}

fn report(
    proof: &Proof<'_, '_>,
    placed: &Placed<'_>,
    table: &TableProof<'_, '_>,
    column: usize,
    rows: &[usize],
) {
    let Some((last, first)) = rows.split_last() else { return };
    let Some(here) = table.span(*last) else { return };
    let name = table.table.inputs.get(column).map_or("", |input| proof.checker.text(placed.file, input.span));
    let mut found = Diagnostic::new(
        &codes::MERGEABLE_ROWS,
        Text::new("these rows can be one", "эти строки можно заменить одной"),
        label(placed, here, "with this row nothing else is left", "с этой строкой учтено всё"),
    );
    for row in first {
        let Some(span) = table.span(*row) else { continue };
        found = found.label(label(placed, span, "the same result", "тот же результат"));
    }
    proof.report(found.note(Text::new(
        format!("write one row with `-` under `{name}`"),
        format!("напишите одну строку с `-` в столбце `{name}`"),
    )));
}
