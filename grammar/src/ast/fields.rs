//! Which fields of the CRM are written from what.

use super::events::Events;
use super::file::Line;
use super::name::{Name, Word};
use super::value::Value;

/// `fields of client for calls` and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldsSection {
    /// The words `fields of`.
    pub word: Word,
    /// Whose fields; `None` only where the header is broken.
    pub target: Option<(FieldsTarget, Word)>,
    /// Which events; `None` only where the header is broken.
    pub events: Option<Events>,
    /// One field a line.
    pub lines: Vec<Line<FieldLine>>,
}

/// Whose fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldsTarget {
    /// The client's.
    Client,
    /// The order's.
    Order,
}

/// `crm_code from value, always`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldLine {
    /// The field's code in the CRM; may hold `-` besides what a name may hold.
    pub code: Name,
    /// The word `from`.
    pub from: Word,
    /// What is written.
    pub value: Value,
    /// `always`: also when the client or order is there already.
    pub always: Option<Word>,
}
