//! Points: the places of a program that an event reaches or does not, and their names.
//!
//! One name for a row, a line, a cell, a part of a condition, wherever it is spoken of: what a watched decision reached,
//! what tests have covered, what no event reaches, which test is missing.

/// A thing of a bundle that an event reaches or does not. Two of the same bundle are the same thing when they are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PointId {
    /// The section, by its number in the order of the files.
    pub section: u32,
    /// What of the section.
    pub part: Part,
    /// What can happen to it.
    pub reach: Reach,
}

/// A part of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// A line of a filter, `else` included, from 0.
    Line(u32),
    /// A row of a table, from 0.
    Row(u32),
    /// The `else` row of a table.
    ElseRow,
    /// A task; a deal without a condition.
    Whole,
    /// A line of a `fields` section, by its line in the file.
    Field(u32),
    /// A setting that depends on the event, by its line in the file.
    Setting(u32),
    /// A policy, by its line in the file.
    Policy(u32),
    /// `only when` of a transfer of orders.
    OnlyWhen,
    /// `won` of a transfer of orders.
    Won,
    /// `lost` of a transfer of orders.
    Lost,
}

/// What can happen to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// It had a say: the row or line that decided, a task that is set, a field that is written.
    Counts,
    /// Its condition held or did not hold.
    Holds(bool),
    /// A test of its condition gave this answer, and the other answer would have turned the condition round.
    Test {
        /// Which, from 0, in the order of the text.
        number: u32,
        /// The answer.
        holds: bool,
    },
    /// A cell of a row.
    Cell {
        /// Its column, from 0.
        column: u32,
        /// Whether the row counted; otherwise this cell alone kept it from that.
        passes: bool,
    },
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Rows of tables.
    Rows,
    /// Lines of filters, fields and deals, tasks, settings, policies.
    Lines,
    /// Conditions that held, and that did not.
    Branches,
    /// Cells, and tests of conditions, that made the difference.
    Cells,
}

impl Measure {
    /// All, in the order in which they are told.
    pub const ALL: [Measure; 4] = [Measure::Rows, Measure::Lines, Measure::Branches, Measure::Cells];

    /// The name for programs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Measure::Rows => "rows",
            Measure::Lines => "lines",
            Measure::Branches => "branches",
            Measure::Cells => "cells",
        }
    }
}

impl PointId {
    /// A part that has its say.
    pub const fn counting(section: u32, part: Part) -> PointId {
        PointId { section, part, reach: Reach::Counts }
    }

    /// Whether it is something that has its say, not a single answer on the way there.
    pub const fn counts(self) -> bool {
        matches!(self.reach, Reach::Counts)
    }

    /// What it is counted under.
    pub const fn measure(self) -> Measure {
        match (self.reach, self.part) {
            (Reach::Counts, Part::Row(_) | Part::ElseRow) => Measure::Rows,
            (Reach::Counts, _) => Measure::Lines,
            (Reach::Holds(_), _) => Measure::Branches,
            (Reach::Test { .. } | Reach::Cell { .. }, _) => Measure::Cells,
        }
    }
}
