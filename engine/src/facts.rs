//! Facts: what the CRM knows about the other side of an event.
//!
//! Fetched by the caller before the decision and kept with it, so that every decision can be made again.
//! In JSON they look like the part of the event that they stand for: `{"client": {"manager": "anna@romashka.ru"}}`.
//! Where an event also brings such a field, the facts win.
//!
//! What policies asked for beyond that (`needs crm.open_orders`) stands beside it, by side and name:
//! `{"crm": {"open_orders": [{"number": "10457"}]}}`.

mod record;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

pub(crate) use self::record::Known;
pub use self::record::{Codes, Record};
use crate::catalog::{self, FACTS, Fact};
use crate::event::{EventError, EventProblem, FieldValues, read_fields, write_fields};
use crate::schema::{EventKind, FieldId, FieldKey, Origin};
use crate::value::Value;

/// What the CRM knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    fields: FieldValues,
    /// What policies asked for; a fact of which nothing is known is not in it.
    asked: Arc<BTreeMap<Fact, Known>>,
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
        let sides = |name: &str| FACTS.iter().any(|spec| spec.side() == name);
        for (name, value) in object {
            if sides(name) {
                facts.read_side(name, value, &mut errors);
            } else {
                read_fields(Facts::KIND, name, value, &mut facts.fields, &mut errors);
            }
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
        for (fact, known) in self.asked.iter() {
            let spec = fact.spec();
            let side = object.entry(spec.side()).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(side) = side {
                side.insert(spec.script_name().to_owned(), known.write());
            }
        }
        Json::Object(object)
    }

    /// Adds what is known of a fact, in JSON as [`Facts::from_json`] reads it: an object, a list of objects, or values by
    /// code; null when nothing is known.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it; then nothing is added.
    pub fn put(&mut self, fact: Fact, json: &Json) -> Result<(), Vec<EventError>> {
        let mut errors = Vec::new();
        let known = Known::read(fact, fact.spec().name, json, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        if let Some(known) = known {
            Arc::make_mut(&mut self.asked).insert(fact, known);
        }
        Ok(())
    }

    /// Whether anything is known of a fact that policies ask for.
    pub fn has_asked(&self, fact: Fact) -> bool {
        self.asked.contains_key(&fact)
    }

    /// How many entries are known of a fact that policies ask for; 1 of what has no entries, 0 when nothing is known.
    pub fn entries(&self, fact: Fact) -> usize {
        match self.asked.get(&fact) {
            None => 0,
            Some(Known::Many(records)) => records.len(),
            Some(Known::One(_) | Known::Codes(_)) => 1,
        }
    }

    /// What is known of a fact that a policy asked for.
    pub(crate) fn asked(&self, fact: Fact) -> Option<&Known> {
        self.asked.get(&fact)
    }

    fn read_side(&mut self, side: &str, json: &Json, errors: &mut Vec<EventError>) {
        let Json::Object(object) = json else {
            errors.push(EventError { path: side.to_owned(), problem: EventProblem::NotAnObject });
            return;
        };
        for (name, json) in object {
            let path = format!("{side}.{name}");
            match FACTS.iter().find(|spec| spec.name == path) {
                Some(spec) => {
                    if let Some(known) = Known::read(spec.fact, &path, json, errors) {
                        Arc::make_mut(&mut self.asked).insert(spec.fact, known);
                    }
                }
                None => {
                    let names = FACTS.iter().map(|spec| spec.name);
                    let suggestion = crate::schema::suggest::nearest(&path, names).map(str::to_owned);
                    errors.push(EventError { path, problem: EventProblem::UnknownName { suggestion } });
                }
            }
        }
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
