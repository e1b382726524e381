//! `idle-column`: a column that decides nothing: the table gives the same for every event without it.
//!
//! For each row with a cell in the column the cell is widened to "any", and an event is looked for that the row would
//! then take from a row below with another result. None for any row: the column is idle. (A single cell that could be
//! `-` is not told of: saying what the order of rows implies is good style.)

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};

use super::table::{Flat, TableProof};
use super::{Proof, label};
use crate::check::Placed;
use crate::program::{Expr, Hit, Input};
use crate::prove::{Area, Meter, Undecided};
use crate::schema::FieldKey;

/// Finds them.
pub(super) fn find(
    proof: &Proof<'_, '_>,
    placed: &Placed<'_>,
    table: &TableProof<'_, '_>,
    flat: &Flat<'_>,
    meter: &Meter,
) -> Result<(), Undecided> {
    if table.table.rows.is_empty() {
        return Ok(());
    }
    for (column, input) in table.table.inputs.iter().enumerate() {
        let empty = input.of_row.iter().all(|check| *check == Input::ANY);
        if !empty && (table.table.hit == Hit::All || !idle(table, flat, column, meter)?) {
            continue;
        }
        let name = proof.checker.text(placed.file, input.span);
        let why = if empty {
            label(placed, input.span, "`-` in every row", "`-` в каждой строке")
        } else {
            label(placed, input.span, "the result is the same without it", "без него результат тот же")
        };
        let message = Text::new(
            format!("the column `{name}` decides nothing"),
            format!("столбец `{name}` ничего не решает"),
        );
        let found = Diagnostic::new(&codes::IDLE_COLUMN, message, why);
        proof.report(found.note(Text::new("take the column out", "уберите этот столбец")));
    }
    Ok(())
}

fn idle(
    table: &TableProof<'_, '_>,
    flat: &Flat<'_>,
    column: usize,
    meter: &Meter,
) -> Result<bool, Undecided> {
    let Some(input) = table.table.inputs.get(column) else { return Ok(false) };
    // Only a column whose cells are plain sets of one field can be widened by itself.
    let Expr::Field(key) = &input.value else { return Ok(false) };
    let Some(subject) = table.space.of_field(&table.scope, key) else { return Ok(false) };
    let twice = table.table.inputs.iter().filter(|other| reads(&other.value, key)).count();
    if twice > 1 || !subject.loose.is_empty() || table.rows.iter().any(Option::is_none) {
        return Ok(false);
    }
    let otherwise = table.table.otherwise.as_ref().map(|row| {
        row.results.iter().map(|result| table.scope.key(result)).collect::<Vec<_>>().join("\u{2}")
    });
    let widened: Vec<Vec<Area>> = (0..table.rows.len())
        .map(|row| table.row(row).iter().map(|area| area.without(subject.var)).collect())
        .collect();
    for row in 0..table.rows.len() {
        if input.of_row.get(row).is_none_or(|check| *check == Input::ANY) {
            continue;
        }
        let own = table.results.get(row);
        for area in widened.get(row).into_iter().flatten() {
            // What the row, widened, takes for itself in the table without the column.
            let above: Vec<&Area> = widened
                .iter()
                .take(row)
                .flatten()
                .filter(|above| above.meets(area))
                .chain(table.space.impossible())
                .collect();
            meter.spend(row + 1)?;
            for below in row + 1..=table.rows.len() {
                let (result, parts) = match table.results.get(below) {
                    Some(result) => {
                        (Some(result), table.row(below).iter().filter_map(|part| part.and(area)).collect())
                    }
                    None => (otherwise.as_ref(), vec![area.clone()]),
                };
                meter.spend(1)?;
                if result == own {
                    continue;
                }
                for part in &parts {
                    if table.left(flat, part, below, &above, meter)?.is_some() {
                        return Ok(false);
                    }
                }
            }
        }
    }
    Ok(true)
}

/// Whether a value may be a field, directly or in part.
fn reads(value: &Expr, key: &FieldKey) -> bool {
    match value {
        Expr::Field(own) => own == key,
        Expr::Const(_) | Expr::Local(_) => false,
        // What tables and scripts give may depend on any field.
        Expr::Named(_) | Expr::Call(_) | Expr::Template(_) => true,
        Expr::Else(parts) | Expr::List(parts) => parts.iter().any(|part| reads(part, key)),
    }
}
