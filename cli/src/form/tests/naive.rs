//! What the form says about an event, worked out straight from the form and the event's JSON: no rules, no engine.

use serde_json::{Map, Value, json};

use crate::form::condition::{Condition, Parameter};
use crate::form::kind::Person;
use crate::form::model::{Entities, Entity, Field, Fields, Responsible, Settings, Task, Telephony, Written};

const STAGES: [&str; 5] = ["started", "first_message", "accepted", "contact_left", "finished"];

/// The parts of a decision that the form says something about. Whose it is counts when something is created.
pub(super) fn seen(decision: &Value) -> Value {
    let tasks = decision["tasks"].as_array().expect("tasks");
    let tasks: Vec<Value> = tasks
        .iter()
        .map(|task| json!({"assign": task["assign"], "due": task["due"].as_str().map(seconds)}))
        .collect();
    let creates = decision["create"].as_array().is_some_and(|create| !create.is_empty());
    json!({
        "accepted": decision["accepted"],
        "create": decision["create"],
        "responsible": if creates { decision["responsible"].clone() } else { Value::Null },
        "store": decision["store"],
        "tasks": tasks,
        "fields": decision["fields"],
        "forward_to": decision["forward_to"],
    })
}

/// Seconds since 1970.
fn seconds(moment: &str) -> i64 {
    moment.parse::<jiff::Timestamp>().expect("a moment").as_second()
}

/// The same parts by the form.
pub(super) fn decide(settings: &Settings, event: &Value) -> Value {
    let nothing = |accepted: bool| {
        json!({
            "accepted": accepted, "create": [], "responsible": null, "store": null, "tasks": [],
            "fields": {"client": {}, "order": {}}, "forward_to": null,
        })
    };
    match (event["kind"].as_str().expect("a kind"), settings) {
        ("call", Settings { telephony: Some(telephony), .. }) => {
            call(telephony, event).unwrap_or(nothing(false))
        }
        ("call", _) => nothing(false),
        ("request", Settings { requests: Some(requests), .. }) => {
            written(requests, event).unwrap_or(nothing(false))
        }
        ("chat", Settings { chats: Some(chats), .. }) => written(chats, event).unwrap_or(nothing(false)),
        // Nothing is said about them, and a chat without a contact is left alone in any case.
        (kind, _) => nothing(kind != "chat" || event["phone"].is_string()),
    }
}

fn call(telephony: &Telephony, event: &Value) -> Option<Value> {
    let is_incoming = event["direction"] == "incoming";
    let filter = telephony.filter.as_ref();
    let filter = filter
        .and_then(|filter| if is_incoming { filter.incoming.as_ref() } else { filter.outgoing.as_ref() });
    if !filter.is_none_or(|filter| holds(filter, event)) {
        return None;
    }
    let (entities, responsible, task, reached_nobody) = if is_incoming {
        (
            &telephony.incoming.entities,
            &telephony.responsible.incoming,
            &telephony.tasks.missed_incoming,
            event["missed"] == true,
        )
    } else {
        (
            &telephony.outgoing,
            &telephony.responsible.outgoing,
            &telephony.tasks.failed_outgoing,
            event["missed"] == true || event["talk_time"] == 0,
        )
    };
    let stores = &telephony.stores;
    let by_number = event["virtual_number"].as_str().and_then(|number| stores.by_virtual_number.get(number));
    let mut said = said(
        event,
        entities,
        responsible,
        task.as_ref().filter(|_| reached_nobody),
        by_number.or(stores.default.as_ref()),
        &telephony.fields,
        true,
    );
    if is_incoming && telephony.incoming.forward_to_manager {
        said["forward_to"] = event["client"]["manager"].clone();
    }
    Some(said)
}

fn written(part: &Written, event: &Value) -> Option<Value> {
    let filter = part.filter.as_ref().and_then(|filter| filter.0.as_ref());
    let has_contact = event["phone"].is_string();
    let kept_out = part.chat.as_ref().is_some_and(|chat| !chat.without_contacts && !has_contact);
    if kept_out || !filter.is_none_or(|filter| holds(filter, event)) {
        return None;
    }
    let place = |stage: &str| STAGES.iter().position(|known| *known == stage);
    let has_come = part.chat.as_ref().is_none_or(|chat| {
        place(event["stage"].as_str().expect("a stage")) >= place(&chat.create_at)
            || (chat.create_at == "contact_left" && has_contact)
    });
    let task = part.chat.as_ref().and_then(|chat| chat.missed_task.as_ref());
    let by_site = event["site"].as_str().and_then(|site| part.stores.by_site.get(site));
    Some(said(
        event,
        &part.entities,
        &part.responsible,
        task.filter(|_| event["missed"] == true),
        by_site.or(part.stores.default.as_ref()),
        &part.fields,
        has_come,
    ))
}

fn said(
    event: &Value,
    entities: &Entities,
    responsible: &Responsible,
    task: Option<&Task>,
    store: Option<&String>,
    of: &Fields,
    has_come: bool,
) -> Value {
    let row = if event["contact"] == "first" { &entities.first } else { &entities.repeat };
    let create: &[Entity] = if has_come { &row.create } else { &[] };
    let whose = if create.is_empty() { None } else { somebody(&row.responsible, responsible, event) };
    let tasks: Vec<Value> = task
        .iter()
        .map(|task| {
            let due = seconds("2026-03-02T12:10:00+03:00") + i64::from(task.hours) * 3_600;
            json!({"assign": somebody(&task.assignee, responsible, event), "due": due})
        })
        .collect();
    json!({
        "accepted": true,
        "create": create,
        "responsible": whose,
        "store": store,
        "tasks": tasks,
        "fields": {
            "client": fields(&of.client, create.contains(&Entity::Client), event),
            "order": fields(&of.order, create.contains(&Entity::Order), event),
        },
        "forward_to": null,
    })
}

fn fields(fields: &[Field], is_created: bool, event: &Value) -> Value {
    let mut written = Map::new();
    for field in fields.iter().filter(|field| field.always || is_created) {
        let value = field.from.split('.').fold(event, |value, name| &value[name]);
        if !value.is_null() && *value != json!([]) {
            written.insert(field.field.clone(), value.clone());
        }
    }
    Value::Object(written)
}

fn somebody(people: &[Person], responsible: &Responsible, event: &Value) -> Option<String> {
    let named = people.iter().find_map(|person| match person {
        Person::Manager => event["client"]["manager"].as_str().map(str::to_owned),
        Person::AnsweredBy => event["answered_by"].as_str().map(str::to_owned),
        Person::Caller => event["caller"].as_str().map(str::to_owned),
        Person::Employee(email) => Some(email.clone()),
    });
    let by_filter = || {
        let found = responsible.filters.iter().find(|filter| {
            filter
                .when
                .iter()
                .all(|(parameter, values)| values.iter().any(|value| has(*parameter, value, event)))
        });
        found.map(|filter| filter.employee.clone())
    };
    named.or_else(by_filter).or_else(|| responsible.default.clone())
}

fn holds(condition: &Condition, event: &Value) -> bool {
    match condition {
        Condition::All(terms) => terms.iter().all(|term| holds(term, event)),
        Condition::Any(terms) => terms.iter().any(|term| holds(term, event)),
        Condition::Is { field, is } => has(*field, is, event),
    }
}

fn has(parameter: Parameter, value: &str, event: &Value) -> bool {
    match parameter {
        Parameter::Tag => event["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == value)),
        other => event[other.name()] == value,
    }
}
