//! `rules fmt`.

use switchboard_engine::bundle::{BundleSource, LoadOptions, load};

use crate::program::{Place, demo_files, demo_place, snapshot};

const UNTIDY: &str =
    "rules 1\nfilter for incoming calls\n    reject when   phone is missing   # hidden\n    else accept\n";

#[test]
fn the_bundles_that_ship_are_formatted() {
    for lang in ["ru", "en"] {
        let run = demo_place(lang).rules(&["fmt", "--check", "shop"]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
    }
}

#[test]
fn files_are_rewritten_in_place_and_then_stay() {
    let place = Place::with(&[("main.rules", UNTIDY)]);
    assert_eq!(place.rules(&["fmt", "--check"]).code, Some(1));
    assert_eq!(place.rules(&["fmt"]).code, Some(0));
    insta::assert_snapshot!(place.read("main.rules"));
    assert_eq!(place.rules(&["fmt", "--check"]).code, Some(0));
}

#[test]
fn the_difference_can_be_shown_without_changing_anything() {
    let place = Place::with(&[("main.rules", UNTIDY)]);
    snapshot!(place, ["fmt", "--diff"]);
    assert_eq!(place.read("main.rules"), UNTIDY);
}

#[test]
fn stdin_becomes_stdout() {
    let place = Place::with(&[]);
    snapshot!(place, ["fmt", "-"], stdin UNTIDY);
}

#[test]
fn a_file_with_errors_is_left_alone_and_the_others_are_not() {
    let place = Place::with(&[("a.rules", "rules 1\nfilter for\n"), ("b.rules", UNTIDY)]);
    let run = snapshot!(place, ["fmt"]);
    assert_eq!(run.code, Some(2));
    assert_ne!(place.read("b.rules"), UNTIDY);
}

#[test]
fn a_bundle_translated_decides_the_same() {
    let place = demo_place("ru");
    let call = r#"{"kind": "call", "direction": "incoming", "contact": "first", "phone": "+79000000010",
        "virtual_number": "+74951234567", "missed": true, "talk_time": 0, "site": "opt.romashka.ru",
        "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:40+03:00"}"#;
    place.write("call.json", call);
    let eval = ["eval", "shop", "--event", "call.json", "--format", "json"];
    let before = without_trace(&place.rules(&eval).out);
    assert_eq!(place.rules(&["fmt", "--to", "en", "shop"]).code, Some(0));
    assert!(place.read("shop/main.rules").starts_with("rules 1\n"));
    assert_eq!(without_trace(&place.rules(&eval).out), before);
}

#[test]
fn a_task_of_a_translated_file_is_the_same_task() {
    let rules = r#"rules 1

list vip: +7 900 000-00-10

task for missed incoming calls when contact is first and wait_time > 1 minute 30 seconds
  assign: "anna@romashka.ru"

task for failed outgoing calls when phone in vip or (client.tags contains "VIP" and not transferred)
  assign: "anna@romashka.ru"

task for calls when (site is "romashka.ru" or utm.campaign like "vesna*") and talk_time > 2 hours
  assign: "anna@romashka.ru"
"#;
    let place = Place::with(&[("main.rules", rules)]);
    let names = || {
        let loaded = load(&BundleSource::single(place.read("main.rules")), &LoadOptions::default());
        let bundle = loaded.bundle.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
        bundle.tasks().into_iter().map(|task| task.name.to_string()).collect::<Vec<_>>()
    };
    let before = names();
    assert_eq!(before.len(), 3);
    for lang in ["ru", "en"] {
        let run = place.rules(&["fmt", "--to", lang]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        assert_eq!(names(), before, "{}", place.read("main.rules"));
    }
}

#[test]
fn there_and_back_again_is_the_same_file() {
    // From English, which does not inflect: a Russian file comes back with every word in its basic form.
    let place = demo_place("en");
    assert_eq!(place.rules(&["fmt", "--to", "ru", "shop"]).code, Some(0));
    assert!(place.read("shop/main.rules").starts_with("правила 1\n"));
    assert_eq!(place.rules(&["check", "--fail-on", "info", "shop"]).code, Some(0));
    assert_eq!(place.rules(&["fmt", "--to", "en", "shop"]).code, Some(0));
    assert_eq!(place.read("shop/main.rules"), demo_files("en")[0].1);
}

fn without_trace(decision: &str) -> serde_json::Value {
    let mut decision: serde_json::Value = serde_json::from_str(decision).expect("a decision");
    assert!(decision.as_object_mut().expect("an object").remove("trace").is_some());
    decision
}

#[test]
fn a_name_that_is_another_fields_original_is_translated_as_its_own() {
    let place = Place::with(&[]);
    let rules = "rules 1\n\nfilter for chats\n  accept when channel is telegram\n  else reject\n";
    let russian = place.rules_with(&["fmt", "--to", "ru", "-"], rules).out;
    assert!(russian.contains("принимать когда канал это telegram"), "{russian}");
    assert_eq!(place.rules_with(&["fmt", "--to", "en", "-"], &russian).out, rules);
}
