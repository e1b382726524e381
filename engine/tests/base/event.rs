//! Events and facts: from JSON, to JSON, and what is said about bad ones.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use switchboard_engine::catalog::schema;
use switchboard_engine::event::{Event, EventBuilder, EventError, EventProblem};
use switchboard_engine::facts::Facts;
use switchboard_engine::schema::{Direction, EventKind, FieldKey};
use switchboard_engine::value::Value;

fn call() -> Json {
    json!({
        "kind": "call",
        "direction": "incoming",
        "contact": "first",
        "phone": "+79000000010",
        "virtual_number": "+74951234567",
        "started": "2026-03-02T12:00:00+03:00",
        "finished": "2026-03-02T12:00:53+03:00",
        "talk_time": 42,
        "missed": false,
        "tags": ["Целевой", "VIP"],
        "utm": {"source": "yandex", "medium": null},
        "client": {"manager": "olga@romashka.ru", "custom": {"loyalty": "gold", "visits": 3}},
    })
}

#[track_caller]
fn errors(json: Json) -> Vec<String> {
    Event::from_json(&json).unwrap_err().iter().map(ToString::to_string).collect()
}

fn get<'e>(event: &'e Event, name: &str) -> &'e Value {
    event.get(schema().field_id(name).unwrap())
}

#[test]
fn a_call_is_read() {
    let event = Event::from_json(&call()).unwrap();
    assert_eq!((event.kind(), event.direction()), (EventKind::Call, Some(Direction::Incoming)));
    assert_eq!(get(&event, "phone").clone(), Value::Phone("+79000000010".parse_phone()));
    assert_eq!(get(&event, "utm.source").as_str(), Some("yandex"));
    assert!(get(&event, "utm.medium").is_missing() && get(&event, "rating").is_missing());
    assert_eq!(get(&event, "tags").elements().len(), 2);
    let custom = schema().find_field(EventKind::Call, "client.custom.loyalty").unwrap();
    let key = FieldKey::open(custom.field.id, "loyalty");
    assert_eq!(event.value(&key).as_str(), Some("gold"));
    assert!(event.value(&FieldKey::open(custom.field.id, "other")).is_missing());
    assert!(matches!(get(&event, "direction"), Value::Enum(value) if value.en() == "incoming"));
}

trait ParsePhone {
    fn parse_phone(&self) -> switchboard_engine::phone::Phone;
}

impl ParsePhone for str {
    fn parse_phone(&self) -> switchboard_engine::phone::Phone {
        switchboard_engine::phone::Phone::parse(self).unwrap()
    }
}

#[test]
fn written_and_read_back() {
    let event = Event::from_json(&call()).unwrap();
    let json = event.to_json();
    assert_eq!(Event::from_json(&json).unwrap(), event);
    assert_eq!(
        json["utm"],
        json!({"source": "yandex", "medium": null, "campaign": null, "content": null, "term": null})
    );
    assert_eq!(json["tags"], json!(["Целевой", "VIP"]));
    assert_eq!(json["rung"], json!([]), "a missing list");
    assert_eq!(json["rating"], json!(null), "a missing scalar");
    assert_eq!(json["started"], "2026-03-02T12:00:00+03:00");
    assert_eq!(
        json["client"],
        json!({"manager": "olga@romashka.ru", "custom": {"loyalty": "gold", "visits": 3}})
    );
    let first: Vec<&String> = json.as_object().unwrap().keys().take(2).collect();
    assert_eq!(first, ["kind", "direction"]);
}

#[test]
fn an_event_without_anything_is_an_event() {
    for kind in ["chat", "request", "order"] {
        let event = Event::from_json(&json!({"kind": kind})).unwrap();
        assert!(event.fields().is_empty());
    }
}

#[test]
fn unknown_names_are_errors_with_the_nearest_name() {
    let mut json = call();
    json["campain"] = json!("Бренд");
    json["utm"]["sourse"] = json!("x");
    json["virtual_phone_number"] = json!("+74951234567");
    json["сайт"] = json!("romashka.ru");
    json["weather"] = json!({"now": 1});
    let mut errors = errors(json);
    errors.sort();
    assert_eq!(
        errors,
        [
            "`campain`: calls have no such field; did you mean `campaign`?",
            "`utm.sourse`: calls have no such field; did you mean `utm.source`?",
            "`virtual_phone_number`: calls have no such field; did you mean `virtual_number`?",
            "`weather`: calls have no such field",
            "`сайт`: calls have no such field; did you mean `site`?",
        ]
    );
}

#[test]
fn wrong_types_are_errors() {
    let mut json = call();
    json["talk_time"] = json!("42");
    json["contact"] = json!("third");
    json["tags"] = json!("VIP");
    json["utm"] = json!("yandex");
    json["phone"] = json!({"a": 1});
    let mut errors = errors(json);
    errors.sort();
    assert_eq!(
        errors,
        [
            "`contact`: `third` is not a contact; there are `first`, `repeat`",
            "`phone`: `{\"a\":1}` is not a phone; write it as \"+74951234567\"",
            "`tags`: `VIP` is not a list of tag; write a list in brackets",
            "`talk_time`: `42` is not a duration; write seconds: 90",
            "`utm`: calls have no such field",
        ]
    );
}

#[test]
fn kind_and_direction() {
    assert_eq!(errors(json!([])), ["expected an object"]);
    assert_eq!(errors(json!({})), ["`kind`: `kind` must be one of `call`, `chat`, `request`, `order`"]);
    assert_eq!(errors(json!({"kind": "звонок"})).len(), 1);
    let direction = "`direction`: `direction` of a call must be `incoming` or `outgoing`";
    assert_eq!(errors(json!({"kind": "call"})), [direction]);
    assert_eq!(errors(json!({"kind": "call", "direction": "in"})), [direction]);
    assert_eq!(
        errors(json!({"kind": "chat", "direction": "incoming"})),
        ["`direction`: only calls have a direction"]
    );
}

#[test]
fn long_texts_are_cut_to_what_the_schema_promises() {
    let mut json = call();
    json["campaign"] = json!("я".repeat(1_000));
    json["tags"] = json!(["я".repeat(300), "b"]);
    let event = Event::from_json(&json).unwrap();
    assert_eq!(get(&event, "campaign").as_str().unwrap().chars().count(), 255);
    assert_eq!(get(&event, "tags").elements()[0].as_str().unwrap().chars().count(), 255);
}

#[test]
fn the_builder_tells_every_fault_at_the_end() {
    let errors = EventBuilder::new(EventKind::Chat, Some(Direction::Incoming))
        .set("channel", "telegram")
        .set("missed", "yes")
        .set("scenario", "Продажи")
        .build()
        .unwrap_err();
    let problems: Vec<&EventProblem> = errors.iter().map(|error| &error.problem).collect();
    assert!(matches!(
        problems[..],
        [EventProblem::NeedlessDirection, EventProblem::Type(_), EventProblem::UnknownField { .. }]
    ));
    assert_eq!(EventBuilder::new(EventKind::Call, None).build().unwrap_err().len(), 1);
}

#[test]
fn faults_are_told_in_both_languages() {
    let mut told = String::new();
    let mut tell = |errors: Vec<EventError>| {
        for error in errors {
            let text = error.text();
            assert_eq!(error.to_string(), text.en, "logs speak English");
            writeln!(told, "{}\n{}\n", text.en, text.ru).unwrap();
        }
    };
    let orders = vec![json!({"number": "1"}); 300];
    for json in [
        json!("call"),
        json!({"kind": "fax"}),
        json!({"kind": "call", "direction": "up"}),
        json!({"kind": "order", "direction": "incoming"}),
        json!({"kind": "chat", "scenario": "x", "sitte": "a.ru", "missed": "sometimes", "phone": "12"}),
        json!({"kind": "call", "direction": "incoming", "contact": "third", "talk_time": [1], "utm": {"sourse": "x"}}),
    ] {
        tell(Event::from_json(&json).unwrap_err());
    }
    for json in [
        json!([]),
        json!({"site": "a.ru", "client": {"managr": "x"}}),
        json!({"crm": {"open_orders": {}, "open_ordres": []}}),
        json!({"crm": {"open_orders": orders}}),
    ] {
        tell(Facts::from_json(&json).unwrap_err());
    }
    insta::assert_snapshot!("faults of events", told);
}

#[test]
fn builder_and_json_give_one_event() {
    let built = EventBuilder::new(EventKind::Call, Some(Direction::Incoming))
        .set("contact", Value::Enum(switchboard_engine::catalog::enums::CONTACT.by_en("first").unwrap()))
        .set_json("talk_time", &json!(42))
        .set("client.custom.loyalty", "gold")
        .set("email", "  ")
        .build()
        .unwrap();
    let read = Event::from_json(&json!({
        "kind": "call", "direction": "incoming", "contact": "first", "talk_time": 42,
        "client": {"custom": {"loyalty": "gold"}},
    }));
    assert_eq!(read.unwrap(), built);
}

#[test]
fn facts() {
    let json =
        json!({"client": {"manager": "olga@romashka.ru", "orders_count": 3, "custom": {"loyalty": "gold"}}});
    let facts = Facts::from_json(&json).unwrap();
    assert_eq!(facts.to_json(), json);
    assert_eq!(facts.get(schema().field_id("client.manager").unwrap()).as_str(), Some("olga@romashka.ru"));
    assert_eq!(Facts::none().to_json(), json!({}));
    assert_eq!(Facts::from_json(&json!({"client": null})).unwrap(), Facts::none());
    let errors = Facts::from_json(&json!({"phone": "+74951234567", "client": {"menager": "x"}})).unwrap_err();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "`client.menager`: calls have no such field; did you mean `client.manager`?",
            "`phone`: facts do not hold this field; it belongs to the event",
        ]
    );
    let mut built = Facts::none();
    built.set("client.manager", "olga@romashka.ru").unwrap();
    assert!(built.set("client.manager", true).is_err() && built.set("phone", "x").is_err());
    assert_eq!(built.to_json(), json!({"client": {"manager": "olga@romashka.ru"}}));
}

#[test]
fn nothing_personal_in_debug_output() {
    let mut json = call();
    json["name"] = json!("Анна Петрова");
    let event = Event::from_json(&json).unwrap();
    let facts = Facts::from_json(&json!({"client": {"name": "Анна Петрова", "custom": {"loyalty": "gold"}}}))
        .unwrap();
    let shown = format!("{event:?} {facts:?}");
    for secret in ["Анна", "9000000010", "gold", "romashka", "yandex"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("client.custom.X") && shown.contains("\"phone\""), "{shown}");
}

/// Some JSON for each field: its example, nothing, or a placeholder.
fn any_event() -> impl Strategy<Value = Json> {
    prop::sample::select(EventKind::ALL.to_vec()).prop_flat_map(|kind| {
        let fields = schema().fields(kind);
        prop::collection::vec(0u8..4, fields.len()).prop_map(move |picks| {
            let mut json = json!({"kind": kind.as_str()});
            if kind == EventKind::Call {
                json["direction"] = json!("outgoing");
            }
            for (field, pick) in fields.iter().zip(picks) {
                if field.name() == "direction" {
                    continue;
                }
                let name = field.name().replace(".X", ".code");
                let pointer = name.split('.').collect::<Vec<_>>();
                let value = match pick {
                    0 => continue,
                    1 => Json::Null,
                    2 => json!("{{placeholder}}"),
                    _ => serde_json::from_str(field.spec.example).unwrap(),
                };
                let mut place = &mut json;
                for part in pointer {
                    place = &mut place[part];
                }
                *place = value;
            }
            json
        })
    })
}

proptest! {
    #[test]
    fn every_event_survives_the_way_out_and_back(json in any_event()) {
        let event = Event::from_json(&json).unwrap();
        let written = event.to_json();
        prop_assert_eq!(&Event::from_json(&written).unwrap(), &event);
        prop_assert_eq!(event.to_json().to_string(), written.to_string());
    }
}
