//! Built-in example events: what a preview shows when nobody names an event.
//!
//! Made of the example that the schema gives for each field, so that a new field is in them at once; then a few fields
//! are set so that each kind of task has an event that fits it.

use crate::catalog;
use crate::event::Event;
use crate::schema::EventKind;
use serde_json::{Map, Value, json};
use switchboard_grammar::diagnostic::Text;

/// An example event and what it is.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What it is, for people.
    pub name: Text,
    /// The event.
    pub event: Event,
}

/// All examples, the likeliest first.
pub fn samples() -> Vec<Sample> {
    let missed = json!({"missed": true, "talk_time": 0, "answered_by": null, "record_url": null, "transferred": false});
    let answered = json!({"missed": false, "talk_time": 42});
    let call = |direction: &str, changes: &Value| {
        let mut event = json!({"direction": direction});
        extend(&mut event, changes);
        event
    };
    let wanted = [
        (EventKind::Call, call("incoming", &missed), "a missed incoming call", "пропущенный входящий звонок"),
        (EventKind::Call, call("outgoing", &missed), "a failed outgoing call", "неудачный исходящий звонок"),
        (
            EventKind::Call,
            call("incoming", &answered),
            "an answered incoming call",
            "принятый входящий звонок",
        ),
        (
            EventKind::Call,
            call("outgoing", &answered),
            "an answered outgoing call",
            "принятый исходящий звонок",
        ),
        (EventKind::Chat, json!({"missed": true, "answered_by": null}), "a missed chat", "пропущенный чат"),
        (EventKind::Chat, json!({"missed": false}), "an answered chat", "принятый чат"),
        (EventKind::Request, json!({}), "a request", "заявка"),
    ];
    wanted
        .into_iter()
        .filter_map(|(kind, changes, en, ru)| {
            let event = Event::from_json(&example(kind, &changes)).ok()?;
            Some(Sample { name: Text::new(en, ru), event })
        })
        .collect()
}

/// An event with every field's example, changed.
fn example(kind: EventKind, changes: &Value) -> Value {
    let mut event = Map::new();
    event.insert("kind".to_owned(), json!(kind.as_str()));
    for field in catalog::schema().fields(kind).iter().filter(|field| !field.is_open()) {
        if let Ok(value) = serde_json::from_str(field.spec.example) {
            put(&mut event, field.name(), value);
        }
    }
    let mut event = Value::Object(event);
    extend(&mut event, changes);
    event
}

/// Puts a value under a dotted name.
fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = object.entry(first).or_insert_with(|| json!({}));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

fn extend(event: &mut Value, changes: &Value) {
    if let (Value::Object(event), Value::Object(changes)) = (event, changes) {
        event.extend(changes.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_is_an_event_with_all_its_fields() {
        let samples = samples();
        assert_eq!(samples.len(), 7, "each is understood: {samples:?}");
        for sample in samples {
            let json = sample.event.to_json();
            assert!(json["phone"].is_string() && json["campaign"].is_string(), "{json}");
        }
    }
}
