//! Parameters of a method: which there are, which must be, what each holds. Anything else is an error.

use serde_json::{Map, Value};

use super::rpc::Fault;

/// What a parameter holds.
#[derive(Debug, Clone, Copy)]
pub(super) enum P {
    Text,
    Number,
    Bool,
    /// `YYYY-MM-DD hh:mm:ss`.
    Moment,
    OneOf(&'static [&'static str]),
    Texts,
    Numbers,
    Object(&'static [Param]),
    Objects(&'static [Param]),
    /// Looked at by the method itself.
    Any,
}

/// One parameter.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) name: &'static str,
    pub(super) kind: P,
    pub(super) required: bool,
}

/// A parameter that must be there.
pub(super) const fn need(name: &'static str, kind: P) -> Param {
    Param { name, kind, required: true }
}

/// A parameter that may be there.
pub(super) const fn opt(name: &'static str, kind: P) -> Param {
    Param { name, kind, required: false }
}

/// Checks parameters; `access_token` and `user_id` are known to every method.
///
/// # Errors
/// The first rule broken.
pub(super) fn check(given: &Map<String, Value>, known: &[Param]) -> Result<(), Fault> {
    members("", given, known)
}

fn members(path: &str, given: &Map<String, Value>, known: &[Param]) -> Result<(), Fault> {
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, value) in given {
        if path.is_empty() && matches!(name.as_str(), "access_token" | "user_id") {
            continue;
        }
        let Some(param) = known.iter().find(|param| param.name == name) else {
            return Err(Fault::param("unexpected_parameters", at(name), value.clone()));
        };
        // A null clears an optional parameter; it cannot stand for a required one.
        if value.is_null() && !param.required {
            continue;
        }
        holds(&at(name), value, param.kind)?;
    }
    match known.iter().find(|param| param.required && !given.contains_key(param.name)) {
        Some(param) => Err(Fault::missed(at(param.name))),
        None => Ok(()),
    }
}

fn holds(at: &str, value: &Value, kind: P) -> Result<(), Fault> {
    let wrong_type = || Err(Fault::param("data_type_error", at, value.clone()));
    match (kind, value) {
        (P::Any, _)
        | (P::Text, Value::String(_))
        | (P::Number, Value::Number(_))
        | (P::Bool, Value::Bool(_)) => Ok(()),
        (P::Moment, Value::String(text)) => match super::state::exact(text) {
            Some(_) => Ok(()),
            None => Err(Fault::param("invalid_date_time", at, value.clone())),
        },
        (P::OneOf(choices), Value::String(text)) => {
            if choices.contains(&text.as_str()) {
                Ok(())
            } else {
                Err(Fault::invalid(at, value))
            }
        }
        (P::Texts, Value::Array(list)) if list.iter().all(Value::is_string) => Ok(()),
        (P::Numbers, Value::Array(list)) if list.iter().all(Value::is_number) => Ok(()),
        (P::Object(known), Value::Object(inner)) => members(at, inner, known),
        (P::Objects(known), Value::Array(list)) => {
            for item in list {
                match item {
                    Value::Object(inner) => members(at, inner, known)?,
                    other => return Err(Fault::param("data_type_error", at, other.clone())),
                }
            }
            Ok(())
        }
        _ => wrong_type(),
    }
}
