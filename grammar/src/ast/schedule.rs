//! Working hours.

use super::file::Line;
use super::literal::{Clock, Date};
use super::name::{Name, Word};
use super::template::TextLiteral;
use crate::span::Span;

/// `schedule NAME in "Europe/Moscow"` and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The keyword.
    pub word: Word,
    /// Its name; `None` only where the header is broken.
    pub name: Option<Name>,
    /// The time zone; `None` only where the header is broken.
    pub zone: Option<(Word, TextLiteral)>,
    /// The lines; a date goes before a weekday, a later line before an earlier one.
    pub lines: Vec<Line<ScheduleLine>>,
}

/// `mon-fri: 09:00-18:00`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleLine {
    /// Which days, separated by commas; at least one.
    pub days: Vec<Days>,
    /// When on these days.
    pub hours: Hours,
}

/// One or several days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Days {
    /// The whole of it.
    pub span: Span,
    /// The first, or the only one.
    pub from: Day,
    /// The last, when there are several: `mon-fri`, `2026-01-01..2026-01-08`.
    pub to: Option<Day>,
}

/// A day of the week or of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Day {
    /// `mon`; the number is 1 for Monday up to 7 for Sunday.
    Week(u8, Word),
    /// `2026-01-01`.
    Date(Date),
}

/// When, on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hours {
    /// `closed`.
    Closed(Word),
    /// `10:00-16:00, 17:00-19:00`; at least one.
    Open(Vec<Interval>),
}

/// `09:00-18:00`; an end before its start lies on the next day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The whole of it.
    pub span: Span,
    /// Start.
    pub from: Clock,
    /// End.
    pub to: Clock,
}
