//! `conflicting-rows`: two rows of an `only match` table for one event, with different results.
//!
//! Shown with an event that both rows match, tried on the evaluator. Two rows for one event with the same results do
//! no harm, but the second may never count, which is `unreachable-row`.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Severity, Text};

use super::table::{Flat, MAX_FINDINGS, TableProof};
use super::{Proof, label, unreachable_row};
use crate::check::Placed;
use crate::prove::{Area, Meter, Undecided, Witness, useful};

/// Areas in which an event is looked for before a pair of rows is given up on.
const MAX_TRIED: usize = 20;

/// Finds them; the numbers of the second rows go into `lost`.
pub(super) fn find(
    proof: &Proof<'_, '_>,
    placed: &Placed<'_>,
    table: &TableProof<'_, '_>,
    flat: &Flat<'_>,
    meter: &Meter,
    lost: &mut Vec<usize>,
) -> Result<(), Undecided> {
    for row in 0..table.rows.len() {
        let mut others: Vec<usize> = Vec::new();
        for area in table.row(row) {
            others.extend(flat.meeting(area, row, meter)?);
        }
        others.sort_unstable();
        others.dedup();
        let mut conflict = false;
        for other in
            others.iter().copied().filter(|other| table.results.get(*other) != table.results.get(row))
        {
            if let Some(event) = shared(table, other, row, meter)? {
                report(proof, placed, table, other, row, &event);
                conflict = true;
                break;
            }
        }
        if !conflict && !others.is_empty() {
            let mut left = false;
            for area in table.row(row) {
                left |= table.left(flat, area, row, &[], meter)?.is_some();
            }
            if !left {
                unreachable_row::report(proof, placed, table, flat, row, meter)?;
                conflict = true;
            }
        }
        if conflict {
            lost.push(row);
            if lost.len() == MAX_FINDINGS {
                break;
            }
        }
    }
    Ok(())
}

/// An event that both rows match.
fn shared(
    table: &TableProof<'_, '_>,
    first: usize,
    second: usize,
    meter: &Meter,
) -> Result<Option<Witness>, Undecided> {
    let impossible: Vec<&Area> = table.space.impossible().iter().collect();
    let mut tried = 0;
    for area in table.row(first) {
        for other in table.row(second) {
            let Some(both) = area.and(other) else { continue };
            meter.spend(1)?;
            let Some(possible) = useful(&both, &impossible, table.sizes(), meter)? else { continue };
            if let Some(event) = table.event(&possible, &[first, second]) {
                return Ok(Some(event));
            }
            tried += 1;
            if tried == MAX_TRIED {
                return Ok(None);
            }
        }
    }
    Ok(None)
}

fn report(
    proof: &Proof<'_, '_>,
    placed: &Placed<'_>,
    table: &TableProof<'_, '_>,
    first: usize,
    second: usize,
    event: &Witness,
) {
    let (Some(here), Some(there)) = (table.span(second), table.span(first)) else { return };
    let found = Diagnostic::new(
        &codes::CONFLICTING_ROWS,
        Text::new(
            "two rows match the same events and give different results",
            "две строки подходят к одним и тем же случаям, а результаты разные",
        ),
        label(placed, here, "this row", "эта строка"),
    )
    .severity(Severity::Error)
    .label(label(placed, there, "and this one", "и эта"))
    .note(event.note());
    proof.report(found);
}
