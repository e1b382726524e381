//! Facts: what the CRM knows about the other side of an event.
//!
//! Fetched by the caller before the decision and kept with it, so that every decision can be made again.
//! In JSON they look like the part of the event that they stand for: `{"client": {"manager": "anna@romashka.ru"}}`.
//! Where an event also brings such a field, the facts win.

use serde_json::{Map, Value as Json};

use crate::catalog;
use crate::event::{EventError, EventProblem, FieldValues, read_fields, write_fields};
use crate::schema::{EventKind, FieldId, FieldKey, Origin};
use crate::value::Value;

/// What the CRM knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    fields: FieldValues,
}

impl Facts {
    /// No facts: every one is missing.
    pub fn none() -> Facts {
        Facts::default()
    }

    /// Reads facts.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them, names that facts do not hold included.
    pub fn from_json(json: &Json) -> Result<Facts, Vec<EventError>> {
        let Json::Object(object) = json else {
            return Err(vec![EventError { path: String::new(), problem: EventProblem::NotAnObject }]);
        };
        let mut facts = Facts::default();
        let mut errors = Vec::new();
        for (name, value) in object {
            read_fields(Facts::KIND, name, value, &mut facts.fields, &mut errors);
        }
        for field in catalog::schema().fields(Facts::KIND) {
            if field.spec.origin == Origin::Event && !facts.get(field.id).is_missing() {
                let path = field.name().to_owned();
                errors.push(EventError { path, problem: EventProblem::NotAFact });
            }
        }
        if errors.is_empty() { Ok(facts) } else { Err(errors) }
    }

    /// Writes the facts that are there.
    pub fn to_json(&self) -> Json {
        let mut object = Map::new();
        write_fields(Facts::KIND, &self.fields, &mut object, |_| false);
        Json::Object(object)
    }

    /// The value of a fact.
    pub fn get(&self, id: FieldId) -> &Value {
        self.fields.get(id)
    }

    /// The value of a fact or of an entry of an open one.
    pub fn value(&self, key: &FieldKey) -> &Value {
        self.fields.value(key)
    }

    /// Sets a fact by its canonical English name, `client.manager`.
    ///
    /// # Errors
    ///
    /// When facts hold no such name, or the value is of another type.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> Result<(), EventError> {
        let value = value.into();
        let fault = |problem| EventError { path: name.to_owned(), problem };
        let (field, key) = crate::event::field(Facts::KIND, name).map_err(fault)?;
        if field.spec.origin == Origin::Event {
            return Err(fault(EventProblem::NotAFact));
        }
        if !value.is_missing() && !value.fits(field.ty()) {
            let found = crate::value::to_json(&value, false);
            let misfit = crate::value::Misfit::new(&found, field.ty());
            return Err(fault(EventProblem::Type(misfit)));
        }
        self.fields.set(key, crate::event::cut_to_length(field, value));
        Ok(())
    }

    /// All communications have the same facts, and orders have none, so any communication will do to look up.
    const KIND: EventKind = EventKind::Call;
}
