//! Building an event field by field, for the server.
//!
//! Takes names and values, keeps every fault and tells them all at the end.

use serde_json::Value as Json;

use super::json::cut_to_length;
use super::{Event, EventError, EventProblem, FieldValues};
use crate::catalog;
use crate::schema::{Direction, EventKind, Field, FieldKey};
use crate::value::{self, Misfit, Value};

/// An event in the making.
///
/// ```
/// use switchboard_engine::event::EventBuilder;
/// use switchboard_engine::schema::{Direction, EventKind};
///
/// let event = EventBuilder::new(EventKind::Call, Some(Direction::Incoming))
///     .set("missed", true)
///     .set("site", "romashka.ru")
///     .set("utm.source", "{{utm_source}}")
///     .build()?;
/// assert_eq!(event.to_json()["utm"]["source"], serde_json::Value::Null);
/// # Ok::<(), Vec<switchboard_engine::event::EventError>>(())
/// ```
#[derive(Clone, Debug)]
pub struct EventBuilder {
    kind: EventKind,
    direction: Option<Direction>,
    fields: FieldValues,
    errors: Vec<EventError>,
}

impl EventBuilder {
    /// Begins an event; calls need a direction, everything else must have none.
    pub fn new(kind: EventKind, direction: Option<Direction>) -> EventBuilder {
        let mut builder =
            EventBuilder { kind, direction, fields: FieldValues::default(), errors: Vec::new() };
        match (kind, direction) {
            (EventKind::Call, Some(direction)) => {
                let value = catalog::enums::DIRECTION.by_en(direction.as_str());
                builder = builder.set("direction", value.map_or(Value::Missing, Value::Enum));
            }
            (EventKind::Call, None) => builder.fail("direction", EventProblem::Direction),
            (_, Some(_)) => builder.fail("direction", EventProblem::NeedlessDirection),
            (_, None) => {}
        }
        builder
    }

    /// Sets a field by its canonical English name; a missing value takes it away, a text that is longer than the
    /// field allows is cut.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<Value>) -> EventBuilder {
        if let Some((field, key)) = self.field(name) {
            let value = value.into();
            if !value.is_missing() && !value.fits(field.ty()) {
                let found = value::to_json(&value, false);
                self.fail(name, EventProblem::Type(Misfit::new(&found, field.ty())));
            } else {
                self.fields.set(key, cut_to_length(field, value));
            }
        }
        self
    }

    /// Sets a field from JSON as an event file would have it.
    #[must_use]
    pub fn set_json(mut self, name: &str, json: &Json) -> EventBuilder {
        if let Some((field, key)) = self.field(name) {
            match value::from_json(json, field.ty()) {
                Ok(value) => self.fields.set(key, cut_to_length(field, value)),
                Err(misfit) => self.fail(name, EventProblem::Type(misfit)),
            }
        }
        self
    }

    /// The event.
    ///
    /// # Errors
    ///
    /// Everything that was wrong on the way.
    pub fn build(self) -> Result<Event, Vec<EventError>> {
        if self.errors.is_empty() {
            Ok(Event { kind: self.kind, direction: self.direction, fields: self.fields })
        } else {
            Err(self.errors)
        }
    }

    fn field(&mut self, name: &str) -> Option<(&'static Field, FieldKey)> {
        match super::json::field(self.kind, name) {
            Ok(found) => Some(found),
            Err(problem) => {
                self.fail(name, problem);
                None
            }
        }
    }

    fn fail(&mut self, name: &str, problem: EventProblem) {
        self.errors.push(EventError { path: name.to_owned(), problem });
    }
}
