//! Records: what a policy asked for, in the words of the catalogue.
//!
//! In JSON an object with canonical English names, custom fields under `custom`; what is not known is left out. Reading
//! is strict, so that a misspelt name in a test's facts is told and not silently missing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use smol_str::SmolStr;

use crate::catalog::{Fact, RecordSpec, Shape};
use crate::event::{EventError, EventProblem};
use crate::schema::FieldSpec;
use crate::schema::suggest::nearest;
use crate::ty::{Scalar, Type};
use crate::value::{MISSING, Value, from_json, to_json};

/// Values by code.
pub type Codes = BTreeMap<SmolStr, Value>;

/// What is known of a fact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Known {
    /// One record.
    One(Arc<Record>),
    /// Records in their order.
    Many(Arc<[Arc<Record>]>),
    /// Values by code.
    Codes(Arc<Codes>),
}

/// One record of a fact.
#[derive(Clone)]
pub struct Record {
    spec: &'static RecordSpec,
    /// By the place of their field; shorter when the last ones are missing.
    values: Vec<Value>,
    custom: Arc<Codes>,
}

impl Record {
    /// What it is a record of.
    pub const fn spec(&self) -> &'static RecordSpec {
        self.spec
    }

    /// The value of a field by its place.
    pub fn at(&self, place: usize) -> &Value {
        self.values.get(place).unwrap_or(&MISSING)
    }

    /// The value of a field by name; missing when there is no such field.
    pub fn get(&self, name: &str) -> &Value {
        self.spec.place(name).map_or(&MISSING, |place| self.at(place))
    }

    /// Custom fields by code.
    pub const fn custom(&self) -> &Arc<Codes> {
        &self.custom
    }

    fn read(spec: &'static RecordSpec, path: &str, json: &Json, errors: &mut Vec<EventError>) -> Record {
        let mut record =
            Record { spec, values: vec![Value::Missing; spec.fields.len()], custom: Arc::default() };
        let Json::Object(object) = json else {
            errors.push(EventError { path: path.to_owned(), problem: EventProblem::NotAnObject });
            return record;
        };
        for (name, json) in object {
            let path = format!("{path}.{name}");
            if name == "custom" && spec.custom {
                record.custom = Arc::new(read_codes(&path, json, errors));
                continue;
            }
            match spec.place(name).and_then(|place| Some((place, spec.fields.get(place)?))) {
                Some((place, field)) => match from_json(json, field.ty) {
                    Ok(value) => {
                        if let Some(kept) = record.values.get_mut(place) {
                            *kept = cut(field, value);
                        }
                    }
                    Err(misfit) => errors.push(EventError { path, problem: EventProblem::Type(misfit) }),
                },
                None => {
                    let suggestion = nearest(name, spec.names()).map(str::to_owned);
                    errors.push(EventError { path, problem: EventProblem::UnknownName { suggestion } });
                }
            }
        }
        record
    }

    fn write(&self) -> Json {
        let mut object = Map::new();
        for (field, value) in self.spec.fields.iter().zip(&self.values) {
            if !value.is_missing() {
                object.insert(field.name.to_owned(), to_json(value, field.ty.list));
            }
        }
        if !self.custom.is_empty() {
            object.insert("custom".to_owned(), write_codes(&self.custom));
        }
        Json::Object(object)
    }
}

impl std::fmt::Debug for Record {
    /// The names of the fields that are there, without their values, which are about people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let there = self.spec.fields.iter().zip(&self.values).filter(|(_, value)| !value.is_missing());
        f.debug_set().entries(there.map(|(field, _)| field.name)).finish()
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Record) -> bool {
        std::ptr::eq(self.spec, other.spec) && self.values == other.values && self.custom == other.custom
    }
}

impl Known {
    /// Reads a fact; None when nothing is known of it.
    pub(super) fn read(fact: Fact, path: &str, json: &Json, errors: &mut Vec<EventError>) -> Option<Known> {
        if json.is_null() {
            return None;
        }
        Some(match fact.spec().shape {
            Shape::One(spec) => Known::One(Arc::new(Record::read(spec, path, json, errors))),
            Shape::Codes => Known::Codes(Arc::new(read_codes(path, json, errors))),
            Shape::Many(spec) => {
                let Json::Array(items) = json else {
                    errors.push(EventError { path: path.to_owned(), problem: EventProblem::NotAList });
                    return None;
                };
                let most = fact.spec().counts.map_or(usize::MAX, |(_, most)| usize::from(most));
                if items.len() > most {
                    errors
                        .push(EventError { path: path.to_owned(), problem: EventProblem::TooMany { most } });
                }
                let read = items.iter().enumerate().take(most);
                let read = read
                    .map(|(at, json)| Arc::new(Record::read(spec, &format!("{path}[{at}]"), json, errors)));
                Known::Many(read.collect())
            }
        })
    }

    pub(super) fn write(&self) -> Json {
        match self {
            Known::One(record) => record.write(),
            Known::Many(records) => records.iter().map(|record| record.write()).collect(),
            Known::Codes(codes) => write_codes(codes),
        }
    }
}

fn read_codes(path: &str, json: &Json, errors: &mut Vec<EventError>) -> Codes {
    let Json::Object(object) = json else {
        if !json.is_null() {
            errors.push(EventError { path: path.to_owned(), problem: EventProblem::NotAnObject });
        }
        return Codes::new();
    };
    let mut codes = Codes::new();
    for (code, json) in object {
        match from_json(json, Type::of(Scalar::Any).optional()) {
            Ok(Value::Missing) => {}
            Ok(value) => {
                codes.insert(SmolStr::new(code), value);
            }
            Err(misfit) => {
                let problem = EventProblem::Type(misfit);
                errors.push(EventError { path: format!("{path}.{code}"), problem });
            }
        }
    }
    codes
}

fn write_codes(codes: &Codes) -> Json {
    let written =
        codes.iter().map(|(code, value)| (code.to_string(), to_json(value, matches!(value, Value::List(_)))));
    Json::Object(written.collect())
}

fn cut(field: &FieldSpec, value: Value) -> Value {
    let Some(most) = field.max_chars.and_then(|most| usize::try_from(most).ok()) else { return value };
    match &value {
        Value::Text(text) => match text.as_str().char_indices().nth(most) {
            Some((end, _)) => Value::text(text.as_str().get(..end).unwrap_or_default()),
            None => value,
        },
        _ => value,
    }
}
