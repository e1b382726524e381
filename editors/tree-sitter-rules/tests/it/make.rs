//! Pieces of a grammar in the JSON that tree-sitter reads.

use serde_json::{Value, json};

pub(crate) fn string(text: &str) -> Value {
    json!({ "type": "STRING", "value": text })
}

pub(crate) fn pattern(text: &str) -> Value {
    json!({ "type": "PATTERN", "value": text })
}

pub(crate) fn symbol(name: &str) -> Value {
    json!({ "type": "SYMBOL", "name": name })
}

pub(crate) fn sequence(members: Vec<Value>) -> Value {
    match <[Value; 1]>::try_from(members) {
        Ok([only]) => only,
        Err(members) => json!({ "type": "SEQ", "members": members }),
    }
}

pub(crate) fn choice(members: Vec<Value>) -> Value {
    match <[Value; 1]>::try_from(members) {
        Ok([only]) => only,
        Err(members) => json!({ "type": "CHOICE", "members": members }),
    }
}

pub(crate) fn optional(content: Value) -> Value {
    choice(vec![content, json!({ "type": "BLANK" })])
}

pub(crate) fn repeat(content: Value) -> Value {
    json!({ "type": "REPEAT", "content": content })
}

pub(crate) fn repeat1(content: Value) -> Value {
    json!({ "type": "REPEAT1", "content": content })
}

pub(crate) fn token(content: Value) -> Value {
    json!({ "type": "TOKEN", "content": content })
}

/// A token that nothing stands before, chosen over others of the same place.
pub(crate) fn immediate(precedence: i32, content: Value) -> Value {
    json!({ "type": "IMMEDIATE_TOKEN", "content": first(precedence, content) })
}

pub(crate) fn first(precedence: i32, content: Value) -> Value {
    json!({ "type": "PREC", "value": precedence, "content": content })
}

/// One or more, with something between.
pub(crate) fn separated(content: Value, by: &str) -> Value {
    sequence(vec![content.clone(), repeat(sequence(vec![string(by), content]))])
}

/// Goes on as long as it can, as pest does.
pub(crate) fn greedy(content: Value) -> Value {
    json!({ "type": "PREC_RIGHT", "value": 0, "content": content })
}
