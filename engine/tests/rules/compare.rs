//! Two decisions side by side: what differs, how it is counted, how it is told.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use switchboard_engine::compare::{Change, Group, Kind, Said, changes, field_changes, forwarded};
use switchboard_engine::decide::{Form, Forward};
use switchboard_engine::facts::Facts;
use switchboard_engine::sample::samples;
use switchboard_grammar::lang::Lang;

use super::support::{call, decide, fixture, now, rules};

const OLD: &str = "\
filter for incoming calls
  else accept

settings for calls
  office: \"olga@x.ru\"

table entities for incoming calls
  | site || create        | responsible |
  | \"a\"  || client, order | \"anna@x.ru\" |
  | else || nothing       | -           |

task for missed incoming calls
  title:  \"Call {{ phone }} back\"
  assign: office
  due:    1 hour after finished

fields of client for calls
  uis_site from site
";

#[track_caller]
fn said(json: &Json) -> Said {
    Said::from_json(json).unwrap()
}

/// Differences in English, one a line, each with its group.
fn told(changes: &[Change]) -> String {
    let heads = |_: &str| None;
    let line = |change: &Change| {
        let (old, new) = (change.old_words(Lang::En), change.new_words(Lang::En));
        let ru = change.group().words(Lang::Ru, &heads);
        format!("{} | {ru} | {old} → {new}\n", change.group().words(Lang::En, &heads))
    };
    changes.iter().map(line).collect()
}

/// Differences of two texts of rules about a missed call.
#[track_caller]
fn between(old: &str, new: &str) -> String {
    let event = call(json!({
        "contact": "first", "phone": "+79000000010", "site": "a", "missed": true, "talk_time": 0,
        "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:01:00+03:00",
    }));
    let [old, new] = [old, new].map(|text| Said::of(&decide(&rules(text), &event)));
    told(&changes(&old, &new))
}

#[test]
fn every_part_is_told_in_words() {
    let all = [
        between(OLD, &OLD.replace("client, order", "client")),
        between(OLD, &OLD.replace("| \"anna@x.ru\" |", "| \"ivan@x.ru\" |")),
        between(OLD, &OLD.replace("1 hour", "2 hours")),
        between(&OLD.replace("1 hour", "2 hours"), OLD),
        between(OLD, &OLD.replace("  due:    1 hour after finished\n", "")),
        between(OLD, &OLD.replace("Call {{ phone }} back", "Call back")),
        between(OLD, &OLD.replace("office: \"olga@x.ru\"", "office: \"vera@x.ru\"")),
        between(OLD, &OLD.replace("task for missed", "task for answered")),
        between(OLD, &OLD.replace("from site", "from phone")),
        between(OLD, &OLD.replace("uis_site from site", "uis_page from site")),
        between(OLD, &OLD.replace("else accept", "else reject")),
        between(OLD, &OLD.replace("office:", "default_store: \"main\"\n  office:")),
    ];
    insta::assert_snapshot!("compare parts", all.join("\n"));
}

#[test]
fn whom_a_call_is_put_through_to() {
    let anna = Forward::Employee("anna@x.ru".into());
    assert_eq!(forwarded(&anna, &anna), None);
    let all = [(&Forward::Nobody, &anna), (&anna, &Forward::Code(2)), (&Forward::Code(2), &Forward::Code(3))];
    let all: Vec<Change> = all.iter().filter_map(|(old, new)| forwarded(old, new)).collect();
    insta::assert_snapshot!(told(&all), @"
    the call is put through to: nobody → anna@x.ru | звонок переводится: никому → anna@x.ru | nobody → anna@x.ru
    the call is put through to: anna@x.ru → branch 2 of the scenario | звонок переводится: anna@x.ru → ветка 2 сценария | anna@x.ru → branch 2 of the scenario
    the call is put through to: branch 2 of the scenario → branch 3 of the scenario | звонок переводится: ветка 2 сценария → ветка 3 сценария | branch 2 of the scenario → branch 3 of the scenario
    ");
}

#[test]
fn what_is_kept_of_a_decision_says_the_same_as_the_decision() {
    for name in ["romashka-ru", "romashka-en"] {
        let bundle = fixture(name);
        for sample in samples() {
            let decision = bundle.decide(&sample.event, &Facts::none(), now());
            let kept = said(&decision.to_json_as(Form::CURRENT));
            assert_eq!(kept, Said::of(&decision), "{name}: {}", sample.name.en);
            // Through text and back, as a store keeps it.
            let text = decision.to_json_as(Form::CURRENT).to_string();
            assert_eq!(said(&serde_json::from_str(&text).unwrap()), kept);
            // The shape for programs has no names of tasks; nothing differs for all that.
            assert_eq!(changes(&said(&decision.to_json(Lang::En)), &kept), []);
        }
    }
}

#[test]
fn only_what_is_a_decision_is_read() {
    for wrong in [json!({}), json!({"accepted": 1}), json!({"accepted": true, "create": [], "tasks": [{}]})] {
        let error = Said::from_json(&wrong).unwrap_err();
        assert!(error.to_string().starts_with("this is no decision: `"), "{error}");
    }
}

#[test]
fn tasks_without_names_are_known_by_what_they_say() {
    let task =
        |title: &str, assign: &str| json!({"title": title, "note": null, "assign": assign, "due": null});
    let decision = |tasks: Json| {
        said(&json!({"accepted": true, "create": [], "tasks": tasks, "fields": {"client": {}, "order": {}}}))
    };
    let old = decision(json!([task("one", "a"), task("two", "b")]));
    let swapped = decision(json!([task("two", "b"), task("one", "a")]));
    assert_eq!(changes(&old, &swapped), []);
    let retitled = decision(json!([task("uno", "a"), task("two", "c")]));
    insta::assert_snapshot!(told(&changes(&old, &retitled)), @"
    title of the task `one`: another | заголовок задачи `one`: другое значение | one → uno
    assignee of the task `two`: b → c | ответственный задачи `two`: b → c | b → c
    ");
}

/// Decisions as they are kept, of few values, so that many of them are alike in part.
fn decisions() -> impl Strategy<Value = Json> {
    let email = || prop_oneof![Just(Json::Null), Just(json!("a@x.ru")), Just(json!("b@x.ru"))];
    let due = prop_oneof![
        Just(Json::Null),
        Just(json!("2026-03-02T12:00:00+03:00")),
        Just(json!("2026-03-02T09:00:00Z")),
        Just(json!("2026-03-03T12:00:00+03:00")),
    ];
    let task =
        (0..3u8, 0..2u8, email(), due, any::<bool>()).prop_map(|(name, title, assign, due, cancel)| {
            json!({
                "title": format!("title {title}"), "note": (title > 0).then_some("note"), "assign": assign,
                "due": due, "name": format!("task {name}"), "cancel_when_reached": cancel,
            })
        });
    let tasks = proptest::collection::vec(task, 0..3).prop_map(|mut tasks| {
        let mut seen = std::collections::BTreeSet::new();
        tasks.retain(|task| seen.insert(task["name"].to_string()));
        tasks
    });
    let fields = || {
        proptest::collection::btree_map(
            "[a-c]",
            prop_oneof![Just(json!(1)), Just(json!(true)), Just(json!("x"))],
            0..3,
        )
    };
    let deal = prop_oneof![
        Just(Json::Null),
        (any::<bool>(), 0..3i64, fields()).prop_map(|(won, amount, pass)| json!({
            "funnel": if won { "default" } else { "per_store" }, "store": null, "amount": amount,
            "outcome": if won { "won" } else { "open" }, "pass": pass,
        })),
    ];
    let create = proptest::sample::subsequence(vec!["client", "order"], 0..=2);
    let bits = (any::<bool>(), any::<bool>());
    (bits, create, email(), email(), tasks, (fields(), fields()), deal).prop_map(
        |((accepted, park), create, responsible, forward_to, tasks, (client, order), deal)| {
            let attach_to = responsible.as_str().map(|_| "10457");
            json!({
                "accepted": accepted, "park": park, "create": create, "responsible": responsible,
                "store": null, "tasks": tasks, "fields": {"client": client, "order": order},
                "forward_to": forward_to, "attach_to": attach_to, "deal": deal,
            })
        },
    )
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(one in decisions()) {
        prop_assert_eq!(changes(&said(&one), &said(&one)), []);
    }

    #[test]
    fn what_differs_is_the_same_from_the_other_side(one in decisions(), other in decisions()) {
        let (one, other) = (said(&one), said(&other));
        let there = changes(&one, &other);
        let back: Vec<Change> = changes(&other, &one).into_iter().map(Change::mirrored).collect();
        prop_assert_eq!(&there, &back);
        for change in &there {
            prop_assert_ne!(&change.old, &change.new);
            prop_assert_eq!(change.part.kind.is_named(), change.part.name.is_some());
            let key = change.group().key();
            prop_assert_eq!(Group::of_key(&key), Some(change.group()), "{}", key);
        }
        let fields = [Kind::ClientField, Kind::OrderField];
        let only_fields = field_changes(&one, &other).iter().all(|change| fields.contains(&change.part.kind));
        prop_assert!(only_fields);
    }

    #[test]
    fn a_group_is_short_whatever_it_is_made_of(text in ".{0,400}", kind in 0usize..22) {
        let kind = Kind::all().nth(kind).unwrap();
        let part = switchboard_engine::compare::Part { kind, name: kind.is_named().then(|| "t".into()) };
        let group = Change { part, old: None, new: Some(text) }.group();
        prop_assert!(group.key().chars().count() < 1_000);
        prop_assert_eq!(Group::of_key(&group.key()), Some(group));
    }
}
