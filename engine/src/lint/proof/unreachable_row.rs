//! `unreachable-row`: a row to which the rows above it, one or several together, leave nothing.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};

use super::table::{Flat, MAX_FINDINGS, TableProof};
use super::{Proof, label};
use crate::check::Placed;
use crate::prove::{Area, Meter, Undecided, useful};

/// Rows that are tried when a smallest set of covering rows is looked for.
const MAX_TRIED: usize = 60;
/// Covering rows that are pointed at.
const MAX_SHOWN: usize = 6;

/// Finds them; their numbers go into `lost`.
pub(super) fn find(
    proof: &Proof<'_, '_>,
    placed: &Placed<'_>,
    table: &TableProof<'_, '_>,
    flat: &Flat<'_>,
    meter: &Meter,
    lost: &mut Vec<usize>,
) -> Result<(), Undecided> {
    for row in 0..table.rows.len() {
        if table.rows.get(row).is_none_or(Option::is_none) {
            continue;
        }
        let mut left = false;
        for area in table.row(row) {
            left = table.left(flat, area, row, &[], meter)?.is_some();
            if left {
                break;
            }
        }
        if left {
            continue;
        }
        lost.push(row);
        report(proof, placed, table, flat, row, meter)?;
        if lost.len() == MAX_FINDINGS {
            break;
        }
    }
    Ok(())
}

/// Reports a row with the rows that take all its events.
pub(super) fn report(
    proof: &Proof<'_, '_>,
    placed: &Placed<'_>,
    table: &TableProof<'_, '_>,
    flat: &Flat<'_>,
    row: usize,
    meter: &Meter,
) -> Result<(), Undecided> {
    let Some(here) = table.span(row) else { return Ok(()) };
    let covering = covering(table, flat, row, meter)?;
    let message = Text::new("this row never counts", "эта строка никогда не сработает");
    if covering.is_empty() {
        let reason = label(placed, here, "no event is like this", "таких событий не бывает");
        proof.report(Diagnostic::new(&codes::UNREACHABLE_ROW, message, reason));
        return Ok(());
    }
    let reason =
        label(placed, here, "every event it matches is taken already", "все её случаи уже разобраны");
    let mut found = Diagnostic::new(&codes::UNREACHABLE_ROW, message, reason);
    for (number, other) in covering.iter().take(MAX_SHOWN).enumerate() {
        let Some(span) = table.span(*other) else { continue };
        found = found.label(match number {
            0 => label(placed, span, "by this row", "этой строкой"),
            _ => label(placed, span, "and this one", "и этой"),
        });
    }
    if covering.len() > MAX_SHOWN {
        let more = covering.len() - MAX_SHOWN;
        found = found.note(Text::new(format!("and by {more} more"), format!("и ещё строк: {more}")));
    }
    proof.report(found);
    Ok(())
}

/// Rows above that take everything a row matches; no one of them can be left out, unless there are very many.
fn covering(
    table: &TableProof<'_, '_>,
    flat: &Flat<'_>,
    row: usize,
    meter: &Meter,
) -> Result<Vec<usize>, Undecided> {
    let areas = table.row(row);
    let mut rows: Vec<usize> = Vec::new();
    for area in areas {
        rows.extend(flat.meeting(area, row, meter)?);
    }
    rows.sort_unstable();
    rows.dedup();
    let covered = |rows: &[usize]| -> Result<bool, Undecided> {
        let mut all: Vec<&Area> = rows.iter().flat_map(|row| table.row(*row)).collect();
        all.extend(table.space.impossible());
        for area in areas {
            if useful(area, &all, table.sizes(), meter)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    };
    if covered(&[])? {
        return Ok(Vec::new());
    }
    // One row alone is the plainest thing to say.
    for one in &rows {
        if covered(&[*one])? {
            return Ok(vec![*one]);
        }
    }
    let mut tried = 0;
    let mut at = rows.len();
    while at > 0 && tried < MAX_TRIED {
        at -= 1;
        tried += 1;
        let one = rows.remove(at);
        if !covered(&rows)? {
            rows.insert(at, one);
        }
    }
    Ok(rows)
}
