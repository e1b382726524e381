//! Tasks: what somebody is asked to do after an event.

use super::condition::Condition;
use super::events::Events;
use super::file::Line;
use super::literal::Duration;
use super::name::{Name, Word};
use super::template::TextLiteral;
use super::value::Value;
use crate::span::Span;

/// `task for missed incoming calls when …` and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The keyword.
    pub word: Word,
    /// Which events; `None` only where the header is broken.
    pub events: Option<Events>,
    /// A further condition.
    pub when: Option<(Word, Condition)>,
    /// What is asked.
    pub lines: Vec<Line<TaskLine>>,
}

/// One line of a task; the first field of each is the line's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskLine {
    /// `title: "…"` or `title: default`.
    Title(Word, Value),
    /// `assign: …`.
    Assign(Word, Value),
    /// `due: …`.
    Due(Word, Due),
    /// `note: …`.
    Note(Word, Note),
    /// `cancel when reached`.
    Cancel(Word),
}

/// When a task is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The whole of it.
    pub span: Span,
    /// How it is said.
    pub kind: DueKind,
}

/// How a due time is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DueKind {
    /// `2 working hours after finished by office`.
    After {
        /// How long.
        amount: DueAmount,
        /// The word `after`.
        after: Word,
        /// After what: a moment.
        base: Value,
        /// Whose working hours, when it says so.
        by: Option<(Word, Name)>,
    },
    /// A moment.
    At(Value),
}

/// How long after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueAmount {
    /// The length.
    pub duration: Duration,
    /// The word `working` after the first number: only working time counts.
    pub working: Option<Word>,
}

/// A longer text for whoever gets the task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Written here.
    Value(Value),
    /// `template "missed_call.j2"`: a file of the bundle.
    Template(Word, TextLiteral),
}
