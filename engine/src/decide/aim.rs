//! Places of the rules that an event may reach, and whether one did.
//!
//! Read off a decision's trace, which tells what counted and what nearly did.

use super::decision::{Decision, Outcome};
use super::trace::{Near, Step, What};
use crate::program::{Guard, Program};

/// Something of the rules that an event may reach. `section` is the number of the section in the order of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aim {
    /// A row of a table, from 0, that counts.
    Row {
        /// The section.
        section: u32,
        /// The row.
        row: u32,
    },
    /// A table whose `else` row counts, or of which no row does.
    Otherwise {
        /// The section.
        section: u32,
    },
    /// A cell that alone keeps a row from matching.
    Cell {
        /// The section.
        section: u32,
        /// The row.
        row: u32,
        /// The column.
        column: u32,
    },
    /// A line of a filter, from 0, that decides.
    Line {
        /// The section.
        section: u32,
        /// The line.
        row: u32,
    },
    /// A part of a filter line's condition that alone keeps it from deciding.
    LinePart {
        /// The section.
        section: u32,
        /// The line.
        row: u32,
        /// The part.
        part: u32,
    },
    /// A task that is set, or an order that becomes a deal.
    Section {
        /// The section.
        section: u32,
    },
    /// A part of a section's own condition that alone keeps it from counting.
    SectionPart {
        /// The section.
        section: u32,
        /// The part.
        part: u32,
    },
    /// A line of `fields` that is written, by its line in the file.
    Field {
        /// The section.
        section: u32,
        /// The line in the file.
        line: u32,
    },
    /// `won` or `lost` of an order that is passed on, by its line in the file.
    Outcome {
        /// The section.
        section: u32,
        /// The line in the file.
        line: u32,
    },
}

impl Aim {
    /// The section.
    pub const fn section(self) -> u32 {
        match self {
            Aim::Row { section, .. }
            | Aim::Otherwise { section }
            | Aim::Cell { section, .. }
            | Aim::Line { section, .. }
            | Aim::LinePart { section, .. }
            | Aim::Section { section }
            | Aim::SectionPart { section, .. }
            | Aim::Field { section, .. }
            | Aim::Outcome { section, .. } => section,
        }
    }

    /// Whether it is something that counts, not something that alone keeps another from counting.
    pub const fn counts(self) -> bool {
        !matches!(self, Aim::Cell { .. } | Aim::LinePart { .. } | Aim::SectionPart { .. })
    }
}

/// Whether an event about which this was decided reached a place.
pub(crate) fn reaches(program: &Program, decision: &Decision, aim: Aim) -> bool {
    let here = |step: &&Step| step.place.is_some_and(|place| place.section == aim.section());
    decision.trace.steps.iter().filter(here).any(|step| step_reaches(program, decision, step, aim))
}

fn step_reaches(program: &Program, decision: &Decision, step: &Step, aim: Aim) -> bool {
    let near = |wanted: &dyn Fn(&Near) -> bool| step.near.iter().any(wanted);
    match (aim, &step.what) {
        (Aim::Row { row, .. }, What::Row(hit) | What::Conflict { row: hit, .. }) => *hit == row,
        (Aim::Row { row, .. }, What::Rows(hits)) => hits.contains(&row),
        (Aim::Otherwise { .. }, what) => matches!(what, What::ElseRow | What::NoRow),
        (Aim::Cell { row, column, .. }, _) => {
            near(&|near| matches!(near, Near::Cell { row: r, column: c } if *r == row && *c == column))
        }
        (Aim::Line { row, .. }, What::FilterLine { row: hit, .. }) => *hit == row,
        (Aim::Line { section, row }, What::FilterElse { .. }) => {
            let filter = program.filters.iter().find(|filter| filter.section == section);
            let line = filter.and_then(|filter| filter.lines.get(row as usize));
            line.is_some_and(|line| matches!(line.guard, Guard::Else))
        }
        (Aim::LinePart { row, part, .. }, _) => {
            near(&|near| matches!(near, Near::Part { row: r, part: p } if *r == row && *p == part))
        }
        (Aim::Section { .. }, what) => matches!(what, What::Task { .. } | What::Deal),
        (Aim::SectionPart { part, .. }, _) => {
            near(&|near| matches!(near, Near::Condition { part: p } if *p == part))
        }
        (Aim::Field { line, .. }, What::Field { .. }) => step.place.is_some_and(|place| place.line == line),
        (Aim::Outcome { line, .. }, What::Deal) => {
            let Some(transfer) = &program.transfer else { return false };
            let of = |outcome: Outcome| match outcome {
                Outcome::Won => transfer.won.as_ref(),
                Outcome::Lost => transfer.lost.as_ref(),
                Outcome::Open => None,
            };
            let ended = decision.deal.as_ref().and_then(|deal| of(deal.outcome));
            ended.is_some_and(|(own, ..)| *own == line)
        }
        _ => false,
    }
}
