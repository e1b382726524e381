//! `unreachable-row` and `conflicting-rows`: a row that asks everything that an earlier row asks, and perhaps more.
//!
//! In a `first match` table such a row never counts. In an `only match` table both match the same events, which is
//! an error when they give different results. Cells are compared as written: what follows from several rows
//! together, or from two ways of saying one thing, is not found here.

use std::collections::HashMap;

use switchboard_grammar::ast::SectionKind;
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Label, Severity, Text};
use switchboard_grammar::span::Span;

use super::Rules;
use crate::check::Placed;
use crate::program::{Check, Hit, Input, Table};

/// Findings of one table; a table that is wrong in every row is told of once in a while.
const MAX_FINDINGS: usize = 100;
/// Different sets of columns that rows ask about; with more of them the search stops. Bounds the time.
const MAX_SHAPES: usize = 64;

/// Rows of one shape (the columns they ask about) by the cells they have there.
struct Shape {
    columns: Vec<usize>,
    rows: HashMap<Vec<u32>, usize>,
}

/// Finds them.
pub(super) fn find(rules: &Rules<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for table in rules.built.tables.iter().flatten().filter(|table| table.hit != Hit::All) {
        if let Some(placed) = rules.checker.sections.get(table.section as usize) {
            look(rules, table, placed, &mut found);
        }
    }
    found
}

fn look(rules: &Rules<'_, '_>, table: &Table, placed: &Placed<'_>, found: &mut Vec<Diagnostic>) {
    let mut shapes: Vec<Shape> = Vec::new();
    let mut told = 0;
    for at in 0..table.rows.len() {
        let cells: Vec<u32> =
            table.inputs.iter().map(|input| input.of_row.get(at).copied().unwrap_or(Input::ANY)).collect();
        let part = |columns: &[usize]| -> Vec<u32> {
            columns.iter().map(|column| cells.get(*column).copied().unwrap_or(Input::ANY)).collect()
        };
        let covering = shapes.iter().find_map(|shape| shape.rows.get(&part(&shape.columns)));
        if let Some(first) = covering.copied() {
            found.extend(report(rules, table, placed, first, at));
            told += 1;
            if told == MAX_FINDINGS {
                return;
            }
            continue;
        }
        let columns: Vec<usize> =
            cells.iter().enumerate().filter(|(_, cell)| **cell != Input::ANY).map(|(at, _)| at).collect();
        let key = part(&columns);
        if let Some(shape) = shapes.iter_mut().find(|shape| shape.columns == columns) {
            shape.rows.insert(key, at);
        } else if shapes.len() < MAX_SHAPES {
            shapes.push(Shape { columns, rows: HashMap::from([(key, at)]) });
        } else {
            return;
        }
    }
}

fn report(
    rules: &Rules<'_, '_>,
    table: &Table,
    placed: &Placed<'_>,
    first: usize,
    at: usize,
) -> Option<Diagnostic> {
    let span = |at: usize| -> Option<Span> { table.rows.get(at)?.cells.iter().copied().reduce(Span::cover) };
    let (here, there) = (span(at)?, span(first)?);
    let label = |en, ru| Label::new(placed.file, there, Text::new(en, ru));
    if table.hit == Hit::First || same_results(rules, placed, first, at) {
        let diagnostic = Diagnostic::new(
            &codes::UNREACHABLE_ROW,
            Text::new("this row never counts", "эта строка никогда не сработает"),
            Label::new(
                placed.file,
                here,
                Text::new("every event it matches is taken already", "все её случаи уже разобраны"),
            ),
        );
        return Some(diagnostic.label(label("by this row", "этой строкой")));
    }
    // A cell that can never match makes no conflict; only what is plainly satisfiable is called an error.
    let sure = table
        .inputs
        .iter()
        .all(|input| u32::try_from(at).ok().and_then(|at| input.check_of(at)).is_none_or(satisfiable));
    let diagnostic = Diagnostic::new(
        &codes::CONFLICTING_ROWS,
        Text::new(
            "two rows match the same events and give different results",
            "две строки подходят к одним и тем же случаям, а результаты разные",
        ),
        Label::new(placed.file, here, Text::new("this row", "эта строка")),
    )
    .severity(if sure { Severity::Error } else { Severity::Warning });
    Some(diagnostic.label(label("and this one", "и эта")))
}

/// Whether two rows give the same, as written.
fn same_results(rules: &Rules<'_, '_>, placed: &Placed<'_>, first: usize, second: usize) -> bool {
    let results = |at: usize| {
        let SectionKind::Table(table) = &placed.section.kind else { return None };
        // The `else` row is the last, so the rows before it are numbered alike here and there.
        let cells = table.rows.get(at)?.item.results.iter();
        Some(cells.map(|cell| rules.checker.text(placed.file, cell.span)).collect::<Vec<_>>())
    };
    results(first) == results(second)
}

fn satisfiable(check: &Check) -> bool {
    match check {
        Check::Test(_) => true,
        Check::Any(parts) => parts.iter().any(satisfiable),
        Check::Not(_) | Check::All(_) => false,
    }
}
