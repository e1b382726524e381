//! Tables: what their lints have in common.
//!
//! A table's rows are areas in a space that knows what the table and the filters before it ask.

use std::collections::BTreeMap;

use super::{Proof, blocked_row, conflicting_rows, idle_column, mergeable_rows, unreachable_row};
use crate::check::Placed;
use crate::decide::probe;
use crate::program::{Hit, Row, Slot, Slots, Table, called_outside_the_filter};
use crate::prove::{
    Area, Builder, Index, Meter, Questions, Scope, Space, Undecided, Witness, areas, collect, noon, useful,
    witness,
};
use switchboard_grammar::span::Span;

/// Findings of one kind in one table; one that is wrong in every row is told of once in a while.
pub(super) const MAX_FINDINGS: usize = 100;

/// A table with its rows as areas.
pub(super) struct TableProof<'t, 'p> {
    pub(super) table: &'t Table,
    pub(super) number: u32,
    pub(super) scope: Scope<'p>,
    pub(super) space: Space,
    /// By row; None for one that falls into too many.
    pub(super) rows: Vec<Option<Vec<Area>>>,
    /// What each row gives, by name.
    pub(super) results: Vec<String>,
}

/// Looks at all tables.
pub(super) fn find(proof: &Proof<'_, '_>) {
    for (table, number) in proof.program.tables.iter().zip(0u32..) {
        // Of a section that was read in part nobody knows what it says as a whole.
        let Some(placed) = proof.placed(table.section).filter(|placed| !placed.section.broken) else {
            continue;
        };
        let slots = proof.checker.scope.tables.get(number as usize).map_or(Slots::NONE, |decl| decl.slots);
        proof.asked(table.section, |meter| {
            let of_table = TableProof::new(proof, table, number, slots, meter)?;
            of_table.look(proof, placed, meter)
        });
    }
}

impl<'t, 'p> TableProof<'t, 'p> {
    fn new(
        proof: &Proof<'p, '_>,
        table: &'t Table,
        number: u32,
        slots: Slots,
        meter: &Meter,
    ) -> Result<TableProof<'t, 'p>, Undecided> {
        let outside = |slot: Slot| called_outside_the_filter(proof.program, slot).contains(&number);
        let scope = Scope { unfinished: slots.iter().any(outside), ..Scope::new(proof.program, slots) };
        let mut questions = Questions::default();
        collect(&scope, table, &mut questions)?;
        let space = Space::new(&scope, questions, &proof.limits)?;
        let rows = areas(&scope, table, &mut Builder::new(&space, meter), &proof.limits);
        let name =
            |row: &Row| row.results.iter().map(|result| scope.key(result)).collect::<Vec<_>>().join("\u{2}");
        let results = table.rows.iter().map(name).collect();
        Ok(TableProof { table, number, scope, space, rows, results })
    }

    fn look(&self, proof: &Proof<'_, '_>, placed: &Placed<'_>, meter: &Meter) -> Result<(), Undecided> {
        let flat = Flat::new(self);
        let mut lost = Vec::new();
        match self.table.hit {
            Hit::First => unreachable_row::find(proof, placed, self, &flat, meter, &mut lost)?,
            Hit::Only => conflicting_rows::find(proof, placed, self, &flat, meter, &mut lost)?,
            Hit::All => {}
        }
        // What a row asks that never counts says nothing about its columns: that row comes first.
        if lost.is_empty() {
            idle_column::find(proof, placed, self, &flat, meter)?;
            mergeable_rows::find(proof, placed, self);
        }
        blocked_row::find(proof, placed, self, meter, &lost)
    }

    /// How many classes each field has.
    pub(super) fn sizes(&self) -> &[u32] {
        self.space.sizes()
    }

    /// The place of a row's input cells.
    pub(super) fn span(&self, row: usize) -> Option<Span> {
        self.table.rows.get(row)?.cells.iter().copied().reduce(Span::cover)
    }

    /// The areas of a row; none for one of too many.
    pub(super) fn row(&self, row: usize) -> &[Area] {
        self.rows.get(row).and_then(Option::as_deref).unwrap_or_default()
    }

    /// An event in an area for which the evaluator finds that exactly these rows of those asked about match.
    pub(super) fn event(&self, area: &Area, matching: &[usize]) -> Option<Witness> {
        let now = noon()?;
        self.scope.slots.iter().find_map(|slot: Slot| {
            let witness = witness(&self.space, area, slot, &[])?;
            let rows = probe::rows_of(self.scope.program, self.table, &witness.event, &witness.facts, now);
            let all = matching.iter().all(|row| u32::try_from(*row).is_ok_and(|row| rows.contains(&row)));
            all.then_some(witness)
        })
    }

    /// Whether something of an area can happen and is outside of all rows before `before`.
    pub(super) fn left(
        &self,
        flat: &Flat<'_>,
        area: &Area,
        before: usize,
        more: &[&Area],
        meter: &Meter,
    ) -> Result<Option<Area>, Undecided> {
        let (mut rows, looked_at) =
            flat.index.near(area, flat.starts.get(before).copied().unwrap_or(flat.count));
        meter.spend(looked_at)?;
        rows.extend(self.space.impossible());
        rows.extend(more);
        useful(area, &rows, self.sizes(), meter)
    }
}

/// All areas of a table in the order of its rows.
pub(super) struct Flat<'f> {
    pub(super) index: Index<'f>,
    /// The number of the first area of each row.
    starts: Vec<usize>,
    count: usize,
    /// Rows by the address of their areas.
    owners: BTreeMap<usize, usize>,
}

impl<'f> Flat<'f> {
    fn new(of: &'f TableProof<'_, '_>) -> Flat<'f> {
        let mut all = Vec::new();
        let mut starts = Vec::with_capacity(of.rows.len());
        let mut owners = BTreeMap::new();
        for row in 0..of.rows.len() {
            starts.push(all.len());
            for area in of.row(row) {
                owners.insert(std::ptr::from_ref(area).addr(), row);
                all.push(area);
            }
        }
        Flat { count: all.len(), index: Index::new(all), starts, owners }
    }

    /// The rows before `before` that meet an area, in order.
    pub(super) fn meeting(&self, area: &Area, before: usize, meter: &Meter) -> Result<Vec<usize>, Undecided> {
        let (near, looked_at) = self.index.near(area, self.starts.get(before).copied().unwrap_or(self.count));
        meter.spend(looked_at + 1)?;
        let mut rows: Vec<usize> = near
            .into_iter()
            .filter_map(|area| self.owners.get(&std::ptr::from_ref(area).addr()).copied())
            .collect();
        rows.dedup();
        Ok(rows)
    }
}
