//! Settings: named values.

use super::events::Events;
use super::file::Line;
use super::name::{Name, Word};
use super::value::Value;

/// `settings for calls` and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The keyword.
    pub word: Word,
    /// Which events; `None` only where the header is broken.
    pub events: Option<Events>,
    /// One setting a line.
    pub lines: Vec<Line<Setting>>,
}

/// `name: value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The setting; the schema knows which there are.
    pub name: Name,
    /// Its value.
    pub value: Value,
}
