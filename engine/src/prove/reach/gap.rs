//! An event that is let through and finds no row in a table.

use super::super::diagram::Diagrams;
use super::super::limits::{Meter, ProofLimits, Undecided};
use super::super::scope::Scope;
use super::super::space::{Builder, Questions, Space};
use super::super::witness::{Witness, noon, witness};
use super::walk::Reach;
use crate::decide::probe;
use crate::program::{Program, Slot, Slots, Table};

/// Areas that are made into events.
const MAX_AREAS: usize = 24;

/// An event of a slot for which a table is asked and no row matches; None when none was found.
pub(crate) fn gap(
    program: &Program,
    slot: Slot,
    table: &Table,
    limits: &ProofLimits,
    meter: &Meter,
) -> Result<Option<Witness>, Undecided> {
    let scope = Scope::new(program, Slots::one(slot));
    let mut questions = Questions::default();
    Reach::new(&scope, slot, &mut questions).all(Diagrams::YES)?;
    let space = Space::new(&scope, questions, limits)?;
    let mut builder = Builder::new(&space, meter);
    let possible = builder.possible()?;
    let mut reach = Reach::new(&scope, slot, &mut builder);
    reach.all(possible)?;
    let Some(node) = reach.unmatched.get(&table.section).copied() else {
        return if reach.left_out { Err(Undecided) } else { Ok(None) };
    };
    let Some(now) = noon() else { return Ok(None) };
    let mut areas = builder.diagrams.some_areas(node, MAX_AREAS);
    areas.sort_by_key(|area| area.cells().len());
    let found = areas.iter().filter_map(|area| witness(&space, area, slot, &[]));
    Ok(found.into_iter().find(|witness| {
        let (event, facts) = (&witness.event, &witness.facts);
        probe::accepts(program, event, facts, now)
            && probe::rows_of(program, table, event, facts, now).is_empty()
    }))
}
