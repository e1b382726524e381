//! Conditions and cells of one kind of event, as diagrams and areas.

use super::super::{Part, Reach};
use super::Notes;
use crate::program::{Cond, Filter, Guard, Input, Table};
use crate::prove::{Area, Builder, Decisive, Diagrams, Node, ProofLimits, Scope, Undecided, Walker};

/// The areas of a cell, and those outside of it; None when there are too many.
pub(super) struct Cell {
    inside: Option<Vec<Area>>,
    outside: Option<Vec<Area>>,
}

/// The areas of a row, or those in which one of its cells alone stops it; None when there are too many.
pub(super) fn areas(
    table: &Table,
    row: usize,
    stopping: Option<usize>,
    columns: &[Vec<Cell>],
    limits: &ProofLimits,
) -> Option<Vec<Area>> {
    let mut areas = vec![Area::everything()];
    for ((input, cells), column) in table.inputs.iter().zip(columns).zip(0usize..) {
        let number = input.of_row.get(row).copied().unwrap_or(Input::ANY);
        if number == Input::ANY {
            continue;
        }
        let cell = cells.get(number as usize)?;
        let cell = if stopping == Some(column) { cell.outside.as_ref() } else { cell.inside.as_ref() }?;
        areas = areas.iter().flat_map(|area| cell.iter().filter_map(|cell| area.and(cell))).collect();
        if areas.len() > limits.pieces {
            return None;
        }
    }
    Some(areas)
}

/// Builds diagrams and areas for one kind of event.
pub(super) struct Build<'s, 'm, 'p> {
    pub(super) scope: &'s Scope<'p>,
    pub(super) builder: Builder<'s, 'm>,
}

impl Build<'_, '_, '_> {
    pub(super) fn node(&mut self, condition: &Cond) -> Result<Node, Undecided> {
        Walker::new(self.scope, &mut self.builder).cond(condition)
    }

    /// What a filter lets through of what is possible.
    pub(super) fn passing(&mut self, filter: Option<&Filter>) -> Result<Node, Undecided> {
        let possible = self.builder.possible()?;
        let Some(filter) = filter else { return Ok(possible) };
        // Behind the last line everything passes.
        let mut passing = Diagrams::YES;
        for line in filter.lines.iter().rev() {
            let verdict = Diagrams::constant(line.accept);
            passing = match &line.guard {
                Guard::Else => verdict,
                Guard::When(condition, _) => {
                    let holds = self.node(condition)?;
                    self.choose(holds, verdict, passing)?
                }
            };
        }
        self.builder.diagrams.and(passing, possible)
    }

    fn choose(&mut self, condition: Node, yes: Node, no: Node) -> Result<Node, Undecided> {
        let diagrams = &mut self.builder.diagrams;
        let yes = diagrams.and(condition, yes)?;
        let not = diagrams.not(condition)?;
        let no = diagrams.and(not, no)?;
        diagrams.or(yes, no)
    }

    /// Notes both answers of a condition that is asked of what is `open`, and those of its tests; gives where it holds.
    pub(super) fn condition(
        &mut self,
        section: u32,
        part: Part,
        condition: &Cond,
        open: Node,
        notes: &mut Notes,
    ) -> Result<Node, Undecided> {
        let node = self.node(condition)?;
        let holds = self.builder.diagrams.and(open, node)?;
        let not = self.builder.diagrams.not(node)?;
        let fails = self.builder.diagrams.and(open, not)?;
        notes.note(section, part, Reach::Holds(true), holds != Diagrams::NO);
        notes.note(section, part, Reach::Holds(false), fails != Diagrams::NO);
        if condition.tests().len() < 2 {
            return Ok(holds);
        }
        let decisive = Walker::new(self.scope, &mut self.builder).decisive(condition, open)?;
        for (Decisive { held, failed }, number) in decisive.into_iter().zip(0u32..) {
            notes.note(section, part, Reach::Test { number, holds: true }, held != Diagrams::NO);
            notes.note(section, part, Reach::Test { number, holds: false }, failed != Diagrams::NO);
        }
        Ok(holds)
    }

    /// The areas of each cell of a table, by column and by the number of its check.
    pub(super) fn columns(
        &mut self,
        table: &Table,
        limits: &ProofLimits,
    ) -> Result<Vec<Vec<Cell>>, Undecided> {
        let mut columns = Vec::with_capacity(table.inputs.len());
        for input in &table.inputs {
            let mut cells = Vec::with_capacity(input.checks.len());
            for check in &input.checks {
                let node = Walker::new(self.scope, &mut self.builder).ask(&input.value, check)?;
                let not = self.builder.diagrams.not(node)?;
                let inside = self.builder.diagrams.areas(node, limits.pieces).ok();
                let outside = self.builder.diagrams.areas(not, limits.pieces).ok();
                cells.push(Cell { inside, outside });
            }
            columns.push(cells);
        }
        Ok(columns)
    }
}
