//! Filters: which events are let in.

use super::condition::Condition;
use super::events::Events;
use super::file::Line;
use super::name::Word;

/// `filter for incoming calls` and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The keyword.
    pub word: Word,
    /// Which events; `None` only where the header is broken.
    pub events: Option<Events>,
    /// The lines in order; the first that holds decides. None: everything is accepted.
    pub lines: Vec<Line<FilterLine>>,
}

/// `accept when …`, `reject when …`, `else accept`, `else reject`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterLine {
    /// What happens.
    pub verdict: Verdict,
    /// Its word.
    pub word: Word,
    /// When it happens.
    pub guard: Guard,
}

/// What a filter line does with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Lets it in.
    Accept,
    /// Leaves it out.
    Reject,
}

/// When a filter line applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Guard {
    /// `when CONDITION`.
    When(Word, Condition),
    /// `else` in front: whenever no line above did. Always the last line.
    Else(Word),
}
