//! `rules eval` and `rules preview`.

use serde_json::{Value, json};

use crate::program::{Place, demo_place, snapshot};

fn call(changes: Value) -> String {
    let mut call = json!({
        "kind": "call", "direction": "incoming", "contact": "first", "phone": "+79000000010",
        "virtual_number": "+74951234567", "scenario": "Продажи", "missed": true, "talk_time": 0, "wait_time": 40,
        "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:40+03:00",
    });
    if let (Value::Object(call), Value::Object(changes)) = (&mut call, changes) {
        call.extend(changes);
    }
    call.to_string()
}

fn place() -> Place {
    let place = demo_place("ru");
    place.write("call.json", &call(json!({})));
    place
}

/// A function that calls another, in a loop.
#[test]
fn scripts_are_shown_line_by_line() {
    let rules = "правила 1\n\nполя клиента для звонков\n  label из метка(сценарий, имя), всегда\n\n\
        скрипт \"label.rhai\"\n  функция метка(сценарий: текст?, имя: текст?) даёт текст\n";
    let script = [
        "// Метка из того, что есть.",
        "fn метка(сценарий, имя) {",
        "    let parts = [];",
        "    for part in [сценарий, имя] {",
        "        if is_present(part) {",
        "            parts.push(small(part));",
        "        }",
        "    }",
        "    if parts.is_empty() {",
        "        return \"нет\";",
        "    }",
        "    parts[0]",
        "}",
        "",
        "fn small(text) {",
        "    text.to_lower()",
        "}",
    ];
    let files = [
        ("steps/main.rules", rules),
        ("steps/label.rhai", &script.join("\n")),
        ("call.json", &call(json!({}))),
    ];
    let place = Place::with(&files);
    snapshot!(place, ["eval", "steps", "--event", "call.json", "--step"]);
    let run = place.rules(&["eval", "steps", "--event", "call.json", "--step", "--format", "json"]);
    let said: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(said["steps"]["ran"]["label.rhai"], json!([3, 4, 5, 6, 9, 12, 16]), "{}", run.out);
    assert_eq!(said["fields"]["client"]["label"], "продажи");
    let without = place.rules(&["eval", "steps", "--event", "call.json", "--format", "json"]);
    assert!(!without.out.contains("\"steps\""));
}

#[test]
fn a_decision_in_words() {
    snapshot!(place(), ["eval", "shop", "--event", "call.json"]);
}

#[test]
fn a_decision_in_english_words_with_near_misses() {
    let place = demo_place("en");
    place.write("call.json", &call(json!({})));
    snapshot!(place, ["eval", "shop", "--event", "call.json", "--explain", "--lang", "en"]);
}

#[test]
fn a_decision_for_machines() {
    snapshot!(place(), ["eval", "shop", "--event", "call.json", "--format", "json"]);
}

#[test]
fn facts_outweigh_the_event() {
    let place = place();
    place.write("call.json", &call(json!({"contact": "repeat", "client": {"manager": "anna@romashka.ru"}})));
    place.write("facts.json", r#"{"client": {"manager": "olga@romashka.ru"}}"#);
    let run =
        place.rules(&["eval", "shop", "--event", "call.json", "--facts", "facts.json", "--format", "json"]);
    let decision: Value = serde_json::from_str(&run.out).expect("a decision");
    assert_eq!(decision["tasks"][0]["assign"], "olga@romashka.ru", "{}", run.shown());
}

#[test]
fn a_name_that_no_field_has_is_refused_and_the_nearest_is_named() {
    let place = place();
    place.write("call.json", &call(json!({"campain": "x", "talk_time": "long"})));
    let run = snapshot!(place, ["eval", "shop", "--event", "call.json"]);
    assert_eq!(run.code, Some(2));
    snapshot!(place, ["eval", "shop", "--event", "call.json", "--lang", "ru"]);
}

#[test]
fn many_events_give_one_line_each_in_order_and_a_bad_line_keeps_its_place() {
    let place = place();
    let phone = |number: u32| format!("+79001{number:06}");
    let mut lines: Vec<String> = (0..3000).map(|number| call(json!({"phone": phone(number)}))).collect();
    lines[1500] = "{\"kind\": \"fax\"}".to_owned();
    lines[2999] = "not JSON".to_owned();
    let run = place.rules_with(&["eval", "shop", "--events", "-"], &lines.join("\n"));
    assert_eq!(run.code, Some(2), "{}", run.err);
    let answers: Vec<Value> = run.out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), 3000);
    for (number, answer) in answers.iter().enumerate() {
        if [1500, 2999].contains(&number) {
            assert_eq!(answer["line"], number + 1);
            assert!(answer["error"].is_string());
        } else {
            let title = answer["tasks"][0]["title"].as_str().expect("a title");
            assert!(title.contains(&phone(u32::try_from(number).unwrap())), "line {number}: {title}");
        }
    }
}

#[test]
fn rules_with_errors_do_not_decide() {
    let place = place();
    place.write(
        "shop/main.rules",
        "rules 1\n\nfilter for calls\n  accept when campain is \"x\"\n  else reject\n",
    );
    let run = snapshot!(place, ["eval", "shop", "--event", "call.json"]);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
}

#[test]
fn the_present_moment_can_be_set_and_must_be_one() {
    let place = place();
    let run = place.rules(&["eval", "shop", "--event", "call.json", "--now", "yesterday"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    let run = place.rules(&["eval", "shop", "--event", "call.json", "--now", "2026-03-02T12:05:00+03:00"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

#[test]
fn tasks_can_be_seen_before_they_are_made() {
    snapshot!(place(), ["preview", "shop"]);
    snapshot!(place(), ["preview", "shop", "--event", "call.json", "--task", "1", "--lang", "en"]);
}
