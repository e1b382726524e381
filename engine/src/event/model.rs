//! The event itself: its kind, its direction, its fields.
//!
//! Made by [`EventBuilder`](super::EventBuilder) or from JSON, and not changed afterwards.

use std::sync::LazyLock;

use super::FieldValues;
use crate::catalog::schema;
use crate::moment::Moment;
use crate::schema::{Direction, EventKind, FieldId, FieldKey};
use crate::value::Value;

/// The fields that may tell when an event was, the best first.
static MOMENTS: LazyLock<[Option<FieldId>; 3]> =
    LazyLock::new(|| ["finished", "started", "order.created"].map(|name| schema().field_id(name)));

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

    /// The moment that the event itself tells: its end, else its beginning, else when its order was made. None when it tells
    /// none of them.
    pub fn moment(&self) -> Option<Moment> {
        MOMENTS.iter().find_map(|field| match self.get((*field)?) {
            Value::Moment(moment) => Some(*moment),
            _ => None,
        })
    }

    /// All fields that are there.
    pub const fn fields(&self) -> &FieldValues {
        &self.fields
    }
}
