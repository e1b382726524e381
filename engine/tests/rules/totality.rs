//! Deciding never fails and never differs: any event, any checked bundle.

use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use switchboard_engine::bundle::Bundle;
use switchboard_engine::catalog::schema;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::schema::{EventKind, Field};
use switchboard_engine::ty::Scalar;
use switchboard_grammar::lang::Lang;

use super::support::{fixture, fixtures, folder, now};

#[test]
fn bundles_are_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Bundle>();
    shared::<switchboard_engine::decide::Decision>();
    shared::<switchboard_engine::bundle::Loaded>();
}

/// A value of a field in JSON, among them absurd ones.
fn value(field: &'static Field) -> BoxedStrategy<Json> {
    let ty = field.ty();
    let one: BoxedStrategy<Json> = match ty.scalar {
        Scalar::Number => prop_oneof![
            (-1_000_000i64..1_000_000).prop_map(Json::from),
            Just(json!(0.1)),
            Just(json!(99_999_999_999_999i64))
        ]
        .boxed(),
        Scalar::YesNo => any::<bool>().prop_map(Json::from).boxed(),
        Scalar::Phone => {
            (79_000_000_000u64..79_999_999_999).prop_map(|digits| json!(format!("+{digits}"))).boxed()
        }
        Scalar::Duration => prop_oneof![0i64..4_000, Just(i64::from(i32::MAX))].prop_map(Json::from).boxed(),
        Scalar::Moment => prop_oneof![
            Just(json!("2026-03-02T12:00:00+03:00")),
            Just(json!("1900-01-01T00:00:00Z")),
            Just(json!("9999-12-30T00:00:00+14:00")),
            (0i64..4_000_000_000)
                .prop_map(|second| { json!(jiff::Timestamp::from_second(second).unwrap().to_string()) }),
        ]
        .boxed(),
        Scalar::Date => Just(json!("2026-03-02")).boxed(),
        Scalar::Time => Just(json!("12:00")).boxed(),
        Scalar::Enum(of) => {
            let names: Vec<&'static str> = of.items.iter().map(|item| item.en).collect();
            proptest::sample::select(names).prop_map(Json::from).boxed()
        }
        _ => prop_oneof![
            ".{0,12}".prop_map(Json::from),
            Just(json!("Продажи")),
            Just(json!("romashka.ru")),
            Just(json!("{{unfilled}}")),
            Just(json!("x".repeat(400))),
            Just(json!("\u{202e}\u{0}\n\t{{ phone }} <b>")),
        ]
        .boxed(),
    };
    let one = prop_oneof![1 => Just(Json::Null), 6 => one];
    if ty.list { proptest::collection::vec(one, 0..4).prop_map(Json::from).boxed() } else { one.boxed() }
}

fn event() -> impl Strategy<Value = Json> {
    proptest::sample::select(EventKind::ALL.to_vec()).prop_flat_map(|kind| {
        let fields: Vec<&'static Field> =
            schema().fields(kind).iter().filter(|field| field.name() != "direction").collect();
        let many = fields.len();
        let chosen = proptest::sample::subsequence(fields, 0..=many);
        (any::<bool>(), chosen).prop_flat_map(move |(incoming, chosen)| {
            let values: Vec<BoxedStrategy<Json>> = chosen.iter().map(|field| value(field)).collect();
            (Just(chosen), values).prop_map(move |(chosen, values)| {
                let mut object = Map::new();
                object.insert("kind".to_owned(), kind.as_str().into());
                if kind == EventKind::Call {
                    object.insert(
                        "direction".to_owned(),
                        if incoming { "incoming" } else { "outgoing" }.into(),
                    );
                }
                for (field, value) in chosen.iter().zip(values) {
                    insert(&mut object, &field.name_with(field.is_open().then_some("some")), value);
                }
                Json::Object(object)
            })
        })
    })
}

fn insert(object: &mut Map<String, Json>, name: &str, value: Json) {
    match name.split_once('.') {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = object.entry(head).or_insert_with(|| json!({}));
            insert(inner.as_object_mut().unwrap(), rest, value);
        }
    }
}

fn bundles() -> Vec<std::sync::Arc<Bundle>> {
    let mut all = vec![fixture("romashka-en"), fixture("romashka-ru")];
    for demo in ["demo/en", "demo/ru"] {
        let mut source = folder(&fixtures().join(demo));
        let spam = std::fs::read(fixtures().join("demo/spam.csv")).unwrap();
        source.add("spam.csv", spam).unwrap();
        all.push(super::support::bundle(&source));
    }
    all
}

thread_local! {
    /// Each bundle, and the same loaded once more.
    static BUNDLES: Vec<(std::sync::Arc<Bundle>, std::sync::Arc<Bundle>)> =
        bundles().into_iter().zip(bundles()).collect();
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn any_event_gets_a_decision_and_always_the_same(json in event()) {
        let event = Event::from_json(&json).unwrap_or_else(|errors| panic!("{errors:?}"));
        BUNDLES.with(|bundles| {
            for (bundle, twin) in bundles {
                let first = bundle.decide(&event, &Facts::none(), now());
                let again = twin.decide(&event, &Facts::none(), now());
                for lang in Lang::ALL {
                    let json = first.to_json(lang).to_string();
                    prop_assert_eq!(&json, &again.to_json(lang).to_string());
                }
                for task in &first.tasks {
                    prop_assert!(task.title.chars().count() <= 255, "{}", task.title);
                    prop_assert!(!task.title.is_empty());
                    prop_assert!(!task.title.chars().any(char::is_control), "{:?}", task.title);
                }
                if !first.accepted {
                    prop_assert!(first.create.is_empty() && first.tasks.is_empty() && first.deal.is_none());
                }
                prop_assert!(bundle.preview(&event, &Facts::none(), now(), None).is_ok());
            }
            Ok(())
        })?;
    }
}

/// A line of a policy: whatever can be done with a proposal, also nonsense.
fn line() -> impl Strategy<Value = String> {
    let condition = proptest::sample::select(vec![
        "true",
        "event.contact == \"repeat\"",
        "event.campaign != ()",
        "facts.open_orders.len() > 1",
        "facts.client != () && facts.client.name != ()",
        "event.kind == \"chat\"",
        "event.talk_time != () && event.talk_time > 30",
    ]);
    let act = proptest::sample::select(vec![
        "proposal.create_client();",
        "proposal.create_order();",
        "proposal.create_nothing();",
        "proposal.keep_manager();",
        "proposal.attach_to(\"7\");",
        "for order in facts.open_orders { proposal.attach_to(order.number); }",
        "proposal.responsible = event.email;",
        "proposal.responsible = ();",
        "proposal.creates_order = !proposal.creates_order;",
        "log(event.phone); log(event.started); log(event.tags);",
        "log(`${event.name}: ${facts.now.hour} ${facts.custom_fields.any}`);",
        "let total = 0; for order in facts.open_orders { total += order.total; } log(total);",
        "throw event.name;",
        "proposal.responsible = event.name.len();",
        "return proposal;",
        "proposal.attach_to(event.name + facts.client.email);",
    ]);
    (condition, act).prop_map(|(condition, act)| format!("if {condition} {{ {act} }}"))
}

fn known() -> impl Strategy<Value = Json> {
    let order = (any::<u16>(), proptest::option::of(-5i32..5_000)).prop_map(|(number, total)| {
        json!({ "number": number.to_string(), "total": total, "custom": { "a": ["x", "y"] } })
    });
    let client = proptest::option::of(".{0,8}".prop_map(|name| json!({ "name": name, "email": "a@x.ru" })));
    (proptest::collection::vec(order, 0..4), client).prop_map(|(orders, client)| {
        json!({ "client": { "manager": "olga@x.ru" }, "crm": { "open_orders": orders, "client": client } })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn any_policy_gives_the_same_each_time(lines in proptest::collection::vec(line(), 0..8), json in event(), known in known()) {
        let load = || {
            let rules = "rules 1\n\nscript \"p.rhai\"\n  policy entities for calls, chats, requests \
                         needs crm.open_orders, crm.client, crm.custom_fields\n";
            let mut source = switchboard_engine::bundle::BundleSource::single(rules);
            let body = lines.join("\n    ");
            source.add("p.rhai", format!("fn entities(event, proposal, facts) {{\n    {body}\n    proposal\n}}")).unwrap();
            super::support::bundle(&source)
        };
        let event = Event::from_json(&json).unwrap_or_else(|errors| panic!("{errors:?}"));
        let facts = Facts::from_json(&known).unwrap_or_else(|errors| panic!("{errors:?}"));
        // As they are stored and read again, by another program.
        let stored = Facts::from_json(&facts.to_json()).unwrap();
        let (first, again) = (load().decide(&event, &facts, now()), load().decide(&event, &stored, now()));
        for lang in Lang::ALL {
            prop_assert_eq!(first.to_json(lang).to_string(), again.to_json(lang).to_string());
        }
        prop_assert!(!(first.attach_to.is_some() && first.creates(switchboard_engine::decide::Entity::Order)));
    }
}
