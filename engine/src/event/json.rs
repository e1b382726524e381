//! Events as JSON: one object with canonical English names, dotted names nested.
//!
//! ```json
//! {"kind": "call", "direction": "incoming", "phone": "+74951234567", "utm": {"source": "yandex"}}
//! ```
//!
//! Reading collects every fault. Writing gives every field of the kind, missing ones as `null` or `[]`, in the
//! order of the schema, so that equal events are equal bytes.

use serde_json::{Map, Value as Json};

use super::{Event, EventError, EventProblem, FieldValues};
use crate::catalog;
use crate::schema::{Direction, EventKind, Field, FieldKey, Origin, Spelling};
use crate::value::{self, Value};

impl Event {
    /// Reads an event file.
    ///
    /// A field that is left out is missing. A field's name must be the canonical English one. A text that is
    /// longer than its field allows is cut.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, in the order of the file.
    pub fn from_json(json: &Json) -> Result<Event, Vec<EventError>> {
        let fault = |path: &str, problem| vec![EventError { path: path.to_owned(), problem }];
        let Json::Object(object) = json else { return Err(fault("", EventProblem::NotAnObject)) };
        let kind = object.get("kind").and_then(Json::as_str);
        let Some(kind) = EventKind::ALL.into_iter().find(|known| kind == Some(known.as_str())) else {
            return Err(fault("kind", EventProblem::Kind));
        };
        let mut errors = Vec::new();
        let direction = direction(kind, object.get("direction")).unwrap_or_else(|problem| {
            errors.push(EventError { path: "direction".to_owned(), problem });
            None
        });
        let mut fields = FieldValues::default();
        let rest = object.iter().filter(|(name, _)| !matches!(name.as_str(), "kind" | "direction"));
        for (name, value) in rest {
            read_fields(kind, name, value, &mut fields, &mut errors);
        }
        if let Some(direction) = direction
            && let Ok((_, key)) = field(kind, "direction")
            && let Some(value) = catalog::enums::DIRECTION.by_en(direction.as_str())
        {
            fields.set(key, Value::Enum(value));
        }
        if errors.is_empty() { Ok(Event { kind, direction, fields }) } else { Err(errors) }
    }

    /// Writes an event file; [`Event::from_json`] reads it back to an equal event.
    ///
    /// What the CRM knows (`client.*`) is written only when it is there: as a rule it travels with the facts.
    pub fn to_json(&self) -> Json {
        let mut object = Map::new();
        object.insert("kind".to_owned(), Json::from(self.kind.as_str()));
        write_fields(self.kind, &self.fields, &mut object, |field| field.spec.origin == Origin::Event);
        Json::Object(object)
    }
}

fn direction(kind: EventKind, json: Option<&Json>) -> Result<Option<Direction>, EventProblem> {
    match (kind, json) {
        (EventKind::Call, Some(Json::String(name))) => {
            let known = Direction::ALL.into_iter().find(|direction| direction.as_str() == name);
            known.map(Some).ok_or(EventProblem::Direction)
        }
        (EventKind::Call, _) => Err(EventProblem::Direction),
        (_, None | Some(Json::Null)) => Ok(None),
        (_, Some(_)) => Err(EventProblem::NeedlessDirection),
    }
}

/// The field of a canonical English name.
pub(crate) fn field(kind: EventKind, name: &str) -> Result<(&'static Field, FieldKey), EventProblem> {
    let schema = catalog::schema();
    let found = schema.find_field(kind, name);
    if let Some(found) = found
        && found.spelling == Spelling::English
    {
        let key = FieldKey { id: found.field.id, key: found.key.map(Into::into) };
        return Ok((found.field, key));
    }
    let suggestion = match found {
        Some(found) => Some(found.field.name_with(found.key)),
        None => schema.suggest_field(kind, name).map(|field| field.name().to_owned()),
    };
    Err(EventProblem::UnknownField { kind, suggestion })
}

/// Reads one name with its value, going into objects.
pub(crate) fn read_fields(
    kind: EventKind,
    path: &str,
    json: &Json,
    fields: &mut FieldValues,
    errors: &mut Vec<EventError>,
) {
    // Names have at most a few parts; the depth of the JSON itself was bounded when it was parsed.
    if let Json::Object(object) = json {
        if !catalog::schema().is_prefix(kind, path) {
            let problem = match field(kind, path) {
                Ok((field, _)) => EventProblem::Type(value::Misfit::new(json, field.ty())),
                Err(problem) => problem,
            };
            errors.push(EventError { path: path.to_owned(), problem });
            return;
        }
        for (name, value) in object {
            read_fields(kind, &format!("{path}.{name}"), value, fields, errors);
        }
        return;
    }
    // `"client": null` is what a missing client looks like.
    if json.is_null() && catalog::schema().is_prefix(kind, path) {
        return;
    }
    let read = field(kind, path).and_then(|(field, key)| {
        let value = value::from_json(json, field.ty())?;
        Ok((key, cut_to_length(field, value)))
    });
    match read {
        Ok((key, value)) => fields.set(key, value),
        Err(problem) => errors.push(EventError { path: path.to_owned(), problem }),
    }
}

/// Cuts texts to the length that the field allows: title lengths are computed from it, so it has to hold.
pub(crate) fn cut_to_length(field: &Field, value: Value) -> Value {
    let Some(allowed) = field.spec.max_chars.and_then(|max| usize::try_from(max).ok()) else { return value };
    match &value {
        Value::Text(text) => match text.as_str().char_indices().nth(allowed) {
            Some((end, _)) => Value::text(text.as_str().get(..end).unwrap_or_default()),
            None => value,
        },
        Value::List(values) => Value::list(values.iter().map(|value| cut_to_length(field, value.clone()))),
        _ => value,
    }
}

/// Writes the fields of a kind into an object, nested; those that `always` holds for even when missing.
pub(crate) fn write_fields(
    kind: EventKind,
    fields: &FieldValues,
    object: &mut Map<String, Json>,
    always: impl Fn(&Field) -> bool,
) {
    for field in catalog::schema().fields(kind) {
        if field.is_open() {
            for (key, value) in fields.open().filter(|(key, _)| key.id == field.id) {
                let name = field.name_with(key.key.as_deref());
                insert(object, &name, value::to_json(value, false));
            }
            continue;
        }
        let value = fields.get(field.id);
        if !value.is_missing() || always(field) {
            insert(object, field.name(), value::to_json(value, field.ty().list));
        }
    }
}

/// Puts a value under a dotted name.
fn insert(object: &mut Map<String, Json>, name: &str, value: Json) {
    match name.split_once('.') {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = object.entry(head).or_insert_with(|| Json::Object(Map::new()));
            if let Json::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}
