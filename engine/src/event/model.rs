//! The event itself: its kind, its direction, its fields.
//!
//! Made by [`EventBuilder`](super::EventBuilder) or from JSON, and not changed afterwards.

use super::FieldValues;
use crate::schema::{Direction, EventKind, FieldId, FieldKey};
use crate::value::Value;

/// One call, chat, request or order.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub(super) kind: EventKind,
    /// Invariant: there for calls, and for nothing else.
    pub(super) direction: Option<Direction>,
    pub(super) fields: FieldValues,
}

impl Event {
    /// What it is about.
    pub const fn kind(&self) -> EventKind {
        self.kind
    }

    /// Which way a call went; None for everything else.
    pub const fn direction(&self) -> Option<Direction> {
        self.direction
    }

    /// The value of a field; missing when the event has none.
    pub fn get(&self, id: FieldId) -> &Value {
        self.fields.get(id)
    }

    /// The value of a field or of an entry of an open field.
    pub fn value(&self, key: &FieldKey) -> &Value {
        self.fields.value(key)
    }

    /// All fields that are there.
    pub const fn fields(&self) -> &FieldValues {
        &self.fields
    }
}
