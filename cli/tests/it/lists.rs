//! `rules fields`, `rules explain`, and help.

use serde_json::Value;

use crate::program::{Place, snapshot};

#[test]
fn fields_of_requests_as_a_table() {
    let place = Place::with(&[]);
    snapshot!(place, ["fields", "requests"]);
    snapshot!(place, ["fields", "requests", "--lang", "ru", "--format", "md"]);
}

#[test]
fn settings_of_calls_as_a_table() {
    snapshot!(Place::with(&[]), ["fields", "calls", "--settings", "--lang", "ru"]);
}

#[test]
fn fields_for_machines_name_every_kind() {
    let run = Place::with(&[]).rules(&["fields", "--format", "json"]);
    let all: Value = serde_json::from_str(&run.out).expect("JSON");
    for kind in ["calls", "chats", "requests", "orders"] {
        assert!(all[kind].as_array().is_some_and(|fields| fields.len() > 10), "{kind}");
    }
    let first = &all["calls"][0];
    assert!(
        first["name"].is_string() && first["ru"].is_string() && first["doc"]["ru"].is_string(),
        "{first}"
    );
}

#[test]
fn facts_and_the_api_of_policies() {
    let place = Place::with(&[]);
    snapshot!(place, ["fields", "--facts"]);
    snapshot!(place, ["fields", "--facts", "--lang", "ru", "--format", "md"]);
    let all: Value =
        serde_json::from_str(&place.rules(&["fields", "--facts", "--format", "json"]).out).expect("JSON");
    assert!(all.as_array().is_some_and(|all| all.len() > 5), "{all}");
    let api = place.rules(&["fields", "--rhai", "--lang", "ru"]).out;
    for line in [
        "fn get campaign(event: Event) -> String;",
        "fn attach_to(proposal: EntitiesProposal, number: String);",
    ] {
        assert!(api.contains(line), "{api}");
    }
}

#[test]
fn every_message_can_be_explained_in_both_languages() {
    let place = Place::with(&[]);
    let list = place.rules(&["explain", "--list"]).out;
    assert!(list.lines().count() > 50, "{list}");
    for line in list.lines() {
        let name = line.split_whitespace().nth(1).expect("a name");
        for lang in ["en", "ru"] {
            let run = place.rules(&["explain", name, "--lang", lang]);
            assert_eq!(run.code, Some(0), "{name}: {}", run.shown());
            assert!(run.out.contains(name) && run.out.lines().count() > 5, "{name}: {}", run.shown());
        }
    }
}

#[test]
fn a_message_is_found_by_code_and_a_wrong_name_meets_the_nearest() {
    let place = Place::with(&[]);
    assert_eq!(place.rules(&["explain", "r201"]).out, place.rules(&["explain", "unknown-field"]).out);
    let run = snapshot!(place, ["explain", "unknown-feild"]);
    assert_eq!(run.code, Some(2));
}

#[cfg(feature = "serve")]
#[test]
fn help_in_both_languages() {
    let place = Place::with(&[]);
    snapshot!(place, ["--help"]);
    snapshot!(place, ["--help", "--lang", "ru"]);
    snapshot!(place, ["check", "--help", "--lang", "ru"]);
}
