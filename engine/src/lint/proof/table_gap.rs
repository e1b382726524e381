//! `table-gap`: a table that has no `else` and leaves some events without a row, where that is not said to be meant.
//!
//! Told of `entities` alone, where nothing is created then, which looks just like a row that was forgotten. Elsewhere a
//! result that is not there is ordinary: `else` behind the table's name, a default of the settings, or `is missing` says
//! what happens, and what must not be missing the checker has refused.

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};

use super::{Proof, label};
use crate::program::{Hit, Plan, Slot, Target};
use crate::prove::{Witness, gap};

/// Finds them, one of each table.
pub(super) fn find(proof: &Proof<'_, '_>) {
    for (table, number) in proof.program.tables.iter().zip(0u32..) {
        if table.otherwise.is_some() || table.hit == Hit::All || table.rows.is_empty() {
            continue;
        }
        let Some(placed) = proof.placed(table.section).filter(|placed| !placed.section.broken) else {
            continue;
        };
        let concerned = |slot: &Slot| is_entities(proof.program.plan(*slot), number);
        let found: Option<Option<Witness>> = proof.asked(table.section, |meter| {
            for slot in Slot::ALL.into_iter().filter(concerned) {
                if let Some(witness) = gap(proof.program, slot, table, &proof.limits, meter)? {
                    return Ok(Some(witness));
                }
            }
            Ok(None)
        });
        let Some(Some(witness)) = found else { continue };
        let here = label(placed, placed.section.head, "nothing is created then", "тогда ничего не создаётся");
        proof.report(
            Diagnostic::new(
                &codes::TABLE_GAP,
                Text::new("no row is for some events", "для некоторых событий здесь нет строки"),
                here,
            )
            .note(witness.note())
            .note(Text::new(
                "close the table with an `else` row that says what is meant",
                "закройте таблицу строкой `иначе`: пусть она скажет, что имелось в виду",
            )),
        );
    }
}

/// Whether it is the table that says what is created.
fn is_entities(plan: &Plan, table: u32) -> bool {
    let target = plan.create.and_then(|reference| plan.named.get(reference.0 as usize));
    let Some(Some(Target::Table { local, .. })) = target else { return false };
    plan.tables.get(local.0 as usize) == Some(&table)
}
