//! Reading what RetailCRM writes, as loosely as it writes it.
//!
//! Goes in: pieces of JSON. Comes out: ids, texts, numbers, maps. An empty map may come as `[]`, an id as a string, a
//! list as a map keyed by number; what cannot be read is absent, never an error (reference, section 3.3).

use serde_json::{Map, Value};

/// An id: a positive number, or the same as text.
pub(super) fn id(value: &Value) -> Option<u64> {
    let id = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    id.filter(|id| *id > 0)
}

/// A text; numbers are written out, empty texts are absent.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A yes or no, also as 1/0 and as text.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => match number.as_u64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim() {
            "1" | "true" => Some(true),
            "0" | "false" | "" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A map; an empty list is an empty map.
pub(super) fn map(value: Option<&Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(map)) => map.clone(),
        _ => Map::new(),
    }
}

/// The elements of a list, or the values of a map.
pub(super) fn elements(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(elements)) => elements.iter().collect(),
        Some(Value::Object(map)) => map.values().collect(),
        _ => Vec::new(),
    }
}

/// The field `name` of an object, if it is there and not null.
pub(super) fn field<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    value.get(name).filter(|field| !field.is_null())
}

/// The text field `name` of an object.
pub(super) fn text_field(value: &Value, name: &str) -> Option<String> {
    field(value, name).and_then(text)
}

/// The id field `name` of an object.
pub(super) fn id_field(value: &Value, name: &str) -> Option<u64> {
    field(value, name).and_then(id)
}

/// The flag field `name` of an object.
pub(super) fn flag_field(value: &Value, name: &str) -> Option<bool> {
    field(value, name).and_then(flag)
}

/// The texts in a list field.
pub(super) fn texts_field(value: &Value, name: &str) -> Vec<String> {
    elements(field(value, name)).into_iter().filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ids_come_as_numbers_and_as_texts() {
        assert_eq!(id(&json!(27)), Some(27));
        assert_eq!(id(&json!("27")), Some(27));
        for bad in [json!(0), json!(-1), json!("x"), json!(1.5), json!(null), json!([])] {
            assert_eq!(id(&bad), None, "{bad}");
        }
    }

    #[test]
    fn an_empty_list_is_an_empty_map() {
        assert!(map(Some(&json!([]))).is_empty());
        assert!(map(None).is_empty());
        assert_eq!(map(Some(&json!({"a": 1}))).len(), 1);
    }

    #[test]
    fn a_map_serves_as_a_list() {
        assert_eq!(elements(Some(&json!({"1": "a", "2": "b"}))), [&json!("a"), &json!("b")]);
        assert_eq!(elements(Some(&json!(["a"]))), [&json!("a")]);
        assert!(elements(Some(&json!("a"))).is_empty());
    }

    #[test]
    fn flags_come_in_three_shapes() {
        for (value, flag_value) in [
            (json!(true), Some(true)),
            (json!(0), Some(false)),
            (json!("1"), Some(true)),
            (json!(""), Some(false)),
            (json!("maybe"), None),
            (json!(null), None),
        ] {
            assert_eq!(flag(&value), flag_value, "{value}");
        }
    }
}
