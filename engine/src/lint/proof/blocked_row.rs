//! `row-blocked-by-filter`: a row that would count, but for the filter, which lets none of its events through.

use std::collections::BTreeSet;

use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Diagnostic, Text};

use super::table::{MAX_FINDINGS, TableProof};
use super::{Proof, label};
use crate::check::Placed;
use crate::program::{Filter, Guard, Slot, Slots, called_outside_the_filter};
use crate::prove::{
    Area, Builder, Diagrams, Meter, Node, Questions, Scope, Space, Undecided, Walker, areas, collect, useful,
};

/// Finds them; rows in `lost` were told of.
pub(super) fn find(
    proof: &Proof<'_, '_>,
    placed: &Placed<'_>,
    table: &TableProof<'_, '_>,
    meter: &Meter,
    lost: &[usize],
) -> Result<(), Undecided> {
    let used = |slot: &Slot| proof.program.plan(*slot).tables.contains(&table.number);
    let slots: Vec<Slot> = table.scope.slots.iter().filter(used).collect();
    if slots.is_empty() || table.table.rows.is_empty() {
        return Ok(());
    }
    let mut blocked: Option<BTreeSet<usize>> = None;
    let mut filters = BTreeSet::new();
    for slot in slots {
        let plan = proof.program.plan(slot);
        let Some(filter) = plan.filter.and_then(|at| proof.program.filters.get(at as usize)) else {
            return Ok(());
        };
        if proof.placed(filter.section).is_none_or(|placed| placed.section.broken)
            || filter.lines.is_empty()
            || called_outside_the_filter(proof.program, slot).contains(&table.number)
        {
            return Ok(());
        }
        filters.insert(filter.section);
        let here = in_slot(proof, table, filter, slot, meter)?;
        blocked = Some(match blocked {
            None => here,
            Some(before) => before.intersection(&here).copied().collect(),
        });
    }
    let blocked: Vec<usize> = blocked.into_iter().flatten().filter(|row| !lost.contains(row)).collect();
    // A filter that lets nothing through is meant to: it is how something is switched off.
    if blocked.len() == table.rows.len() {
        return Ok(());
    }
    for row in blocked.into_iter().take(MAX_FINDINGS) {
        let Some(here) = table.span(row) else { continue };
        let mut found = Diagnostic::new(
            &codes::ROW_BLOCKED_BY_FILTER,
            Text::new(
                "the filter leaves nothing to this row",
                "фильтр не пропускает ни одного случая этой строки",
            ),
            label(placed, here, "no event that it matches is let through", "все её случаи отклонены"),
        );
        for section in &filters {
            let Some(filter) = proof.placed(*section) else { continue };
            found = found.label(label(filter, filter.section.head, "by this filter", "этим фильтром"));
        }
        proof.report(found);
    }
    Ok(())
}

/// The rows of which the filter of a slot lets nothing through, while something would be left without it.
fn in_slot(
    proof: &Proof<'_, '_>,
    table: &TableProof<'_, '_>,
    filter: &Filter,
    slot: Slot,
    meter: &Meter,
) -> Result<BTreeSet<usize>, Undecided> {
    let scope = Scope::new(proof.program, Slots::one(slot));
    let mut questions = Questions::default();
    collect(&scope, table.table, &mut questions)?;
    let mut walker = Walker::new(&scope, &mut questions);
    for line in &filter.lines {
        if let Guard::When(condition, _) = &line.guard {
            walker.cond(condition)?;
        }
    }
    let space = Space::new(&scope, questions, &proof.limits)?;
    let mut builder = Builder::new(&space, meter);
    let rows = areas(&scope, table.table, &mut builder, &proof.limits);
    let rejected = rejected(&scope, filter, &mut builder)?;
    let rejected = builder.diagrams.areas(rejected, proof.limits.pieces * 4)?;
    let impossible: Vec<&Area> = space.impossible().iter().collect();
    let mut blocked = BTreeSet::new();
    for row in 0..rows.len() {
        let Some(Some(own)) = rows.get(row) else { continue };
        let above: Vec<&Area> = rows.iter().take(row).flatten().flatten().collect();
        let mut possible = false;
        let mut passes = false;
        for area in own {
            let mut meeting: Vec<&Area> = above.iter().copied().filter(|above| above.meets(area)).collect();
            meter.spend(above.len())?;
            meeting.extend(&impossible);
            if useful(area, &meeting, space.sizes(), meter)?.is_none() {
                continue;
            }
            possible = true;
            meeting.extend(&rejected);
            passes |= useful(area, &meeting, space.sizes(), meter)?.is_some();
        }
        if possible && !passes {
            blocked.insert(row);
        }
    }
    Ok(blocked)
}

/// What a filter turns away.
fn rejected(scope: &Scope<'_>, filter: &Filter, builder: &mut Builder<'_, '_>) -> Result<Node, Undecided> {
    let mut rejected = Diagrams::NO;
    for line in filter.lines.iter().rev() {
        let verdict = Diagrams::constant(!line.accept);
        rejected = match &line.guard {
            Guard::Else => verdict,
            Guard::When(condition, _) => {
                let holds = Walker::new(scope, builder).cond(condition)?;
                if line.accept {
                    let not = builder.diagrams.not(holds)?;
                    builder.diagrams.and(not, rejected)?
                } else {
                    builder.diagrams.or(holds, rejected)?
                }
            }
        };
    }
    Ok(rejected)
}
