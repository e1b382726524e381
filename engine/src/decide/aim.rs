//! Places of the rules that an event may reach, and whether one did.
//!
//! Read off a decision's trace, which tells what counted and what nearly did.

use std::collections::BTreeSet;

use super::decision::{Decision, Outcome};
use super::trace::{Near, What};
use crate::program::{Guard, Place, Program};

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

/// Every place that an event reached about which this was decided.
pub(crate) fn reached(program: &Program, decision: &Decision) -> BTreeSet<Aim> {
    let mut found = BTreeSet::new();
    for step in &decision.trace.steps {
        let Some(Place { section, line }) = step.place else { continue };
        match &step.what {
            What::Row(row) | What::Conflict { row, .. } => {
                found.insert(Aim::Row { section, row: *row });
            }
            What::Rows(rows) => found.extend(rows.iter().map(|row| Aim::Row { section, row: *row })),
            What::ElseRow | What::NoRow => {
                found.insert(Aim::Otherwise { section });
            }
            What::FilterLine { row, .. } => {
                found.insert(Aim::Line { section, row: *row });
            }
            What::FilterElse { .. } => found.extend(else_line(program, section)),
            What::Task { .. } => {
                found.insert(Aim::Section { section });
            }
            What::Deal => {
                found.insert(Aim::Section { section });
                found.extend(ended(program, decision).map(|line| Aim::Outcome { section, line }));
            }
            What::Field { .. } => {
                found.insert(Aim::Field { section, line });
            }
            _ => {}
        }
        found.extend(step.near.iter().map(|near| match *near {
            Near::Cell { row, column } => Aim::Cell { section, row, column },
            Near::Part { row, part } => Aim::LinePart { section, row, part },
            Near::Condition { part } => Aim::SectionPart { section, part },
        }));
    }
    found
}

fn else_line(program: &Program, section: u32) -> Option<Aim> {
    let filter = program.filters.iter().find(|filter| filter.section == section)?;
    let row = filter.lines.iter().position(|line| matches!(line.guard, Guard::Else))?;
    Some(Aim::Line { section, row: u32::try_from(row).ok()? })
}

/// The line that says how a deal ended.
fn ended(program: &Program, decision: &Decision) -> Option<u32> {
    let transfer = program.transfer.as_ref()?;
    let condition = match decision.deal.as_ref()?.outcome {
        Outcome::Won => transfer.won.as_ref(),
        Outcome::Lost => transfer.lost.as_ref(),
        Outcome::Open => None,
    };
    condition.map(|(line, ..)| *line)
}
