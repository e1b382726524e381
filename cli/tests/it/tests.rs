//! `rules test`: fixtures, snapshots, expectations, review.

use std::fs;
use std::path::Path;

use roxmltree::Document;
use serde_json::Value;

use crate::formats::keeps_to_schema;
use crate::program::{Place, snapshot};

const RULES: &str = "правила 1\n\n\
    фильтр для входящих звонков\n\
    \x20 отклонять когда источник это \"Спам\"\n\
    \x20 иначе принимать\n\n\
    таблица сущности для входящих звонков\n\
    \x20 | обращение || создать       | ответственный      |\n\
    \x20 |-----------||---------------|--------------------|\n\
    \x20 | первое    || клиент, заказ | \"anna@romashka.ru\" |\n\
    \x20 | иначе     || ничего        | -                  |\n";

const FIRST: &str =
    r#"{"about": "Первый звонок", "event": {"kind": "call", "direction": "incoming", "contact": "first"}}"#;
const SPAM: &str = r#"{"event": {"kind": "call", "direction": "incoming", "source": "спам"}, "expect": {"accepted": false}}"#;

fn place() -> Place {
    Place::with(&[
        ("shop/main.rules", RULES),
        ("shop/tests/first.json", FIRST),
        ("shop/tests/night/spam.json", SPAM),
    ])
}

fn accepted() -> Place {
    let place = place();
    assert_eq!(place.rules(&["test", "shop", "--accept"]).code, Some(0));
    place
}

#[test]
fn a_new_test_fails_until_it_is_accepted() {
    let place = place();
    let run = snapshot!(place, ["test", "shop"]);
    assert_eq!(run.code, Some(1));
    assert!(!place.path("shop/tests/first.snap").exists());
    let run = snapshot!(place, ["test", "shop", "--accept"]);
    assert_eq!(run.code, Some(0));
    insta::assert_snapshot!("the snapshot of a test", place.read("shop/tests/first.snap"));
    assert_eq!(place.rules(&["test", "shop"]).code, Some(0));
    assert_eq!(place.rules(&["test"]).code, Some(0), "the present folder holds one bundle");
}

#[test]
fn what_changed_is_shown_and_nothing_is_written() {
    let place = accepted();
    let before = place.read("shop/tests/first.snap");
    place.write("shop/main.rules", &RULES.replace("клиент, заказ", "клиент       "));
    let run = snapshot!(place, ["test", "shop"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(place.read("shop/tests/first.snap"), before);
    for format in ["json", "junit", "github"] {
        let run = place.rules(&["test", "shop", "--format", format]);
        assert_eq!(run.code, Some(1), "{}", run.shown());
        match format {
            "json" => {
                let said: Value = serde_json::from_str(&run.out).expect("JSON");
                let test = &said["bundles"][0]["tests"][0];
                assert_eq!((&test["name"], &test["status"]), (&"first".into(), &"changed".into()), "{said}");
                assert_eq!(test["decision"]["create"], serde_json::json!(["client"]));
            }
            "junit" => keeps_to_schema(&Document::parse(&run.out).expect("XML")),
            _ => assert!(
                run.out.starts_with("::error file=shop/tests/first.json,title=rules test::"),
                "{}",
                run.out
            ),
        }
    }
}

#[test]
fn moving_lines_changes_no_snapshot() {
    let place = accepted();
    let row = "  | повторное || заказ         | -                  |\n  | первое    ||";
    let moved = RULES.replace("  | первое    ||", row);
    assert_ne!(moved, RULES);
    let moved = moved.replace("фильтр для", "# Пометка.\n\n## Описание.\nфильтр для");
    place.write("shop/main.rules", &moved);
    let run = place.rules(&["test", "shop"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}

#[test]
fn line_ends_of_windows_change_nothing() {
    let place = accepted();
    let text = place.read("shop/tests/first.snap").replace('\n', "\r\n");
    place.write("shop/tests/first.snap", &text);
    assert_eq!(place.rules(&["test", "shop"]).code, Some(0));
}

#[test]
fn a_review_asks_about_each() {
    let place = place();
    let run = place.rules_with(&["test", "shop", "--review"], "что?\nп\n");
    insta::assert_snapshot!("a review", run.shown());
    assert_eq!(run.code, Some(1), "nobody answered for the second");
    assert!(place.path("shop/tests/first.snap").exists());
    assert!(!place.path("shop/tests/night/spam.snap").exists());
    assert_eq!(place.rules_with(&["test", "shop", "--review"], "s\n").code, Some(1));
    assert_eq!(place.rules_with(&["test", "shop", "--review"], "r\n").code, Some(1));
    assert_eq!(place.rules_with(&["test", "shop", "--review"], "a\n").code, Some(0));
}

#[test]
fn every_fault_of_a_test_is_told() {
    let place = Place::with(&[
        ("shop/main.rules", RULES),
        ("shop/tests/alone.json", r#"{"kind": "call", "direction": "sideways"}"#),
        ("shop/tests/broken.json", "{\"event\": "),
        (
            "shop/tests/many.json",
            r#"{"evnt": {}, "now": "вчера", "expect": {"crate": [], "tasks": "x", "fields": {"cliemt": {}}}}"#,
        ),
        ("shop/tests/twice.json", r#"{"event": {"kind": "call", "kind": "chat"}}"#),
        (
            "shop/tests/unknown.json",
            r#"{"event": {"kind": "call", "direction": "incoming", "campain": "x"}, "facts": {"client": {"nme": 1}}}"#,
        ),
    ]);
    let run = snapshot!(place, ["test", "shop"]);
    assert_eq!(run.code, Some(1));
    let run = place.rules(&["test", "shop", "--accept"]);
    assert_eq!(run.code, Some(1), "what cannot be run cannot be accepted");
}

#[test]
fn an_expectation_that_is_not_met_cannot_be_accepted_away() {
    let place = accepted();
    place.write(
        "shop/tests/first.json",
        &FIRST.replace("}}", r#"}, "expect": {"create": ["client"], "responsible": null}}"#),
    );
    let run = snapshot!(place, ["test", "shop", "--accept"]);
    assert_eq!(run.code, Some(1));
}

#[test]
fn snapshots_that_are_left_over_are_told_and_removed() {
    let place = accepted();
    std::fs::rename(place.path("shop/tests/first.json"), place.path("shop/tests/one.json")).expect("renamed");
    place.write("shop/tests/notes.snap", "not ours\n");
    let run = snapshot!(place, ["test", "shop"]);
    assert_eq!(run.code, Some(1));
    let run = place.rules(&["test", "shop", "--accept"]);
    assert!(!place.path("shop/tests/first.snap").exists() && place.path("shop/tests/one.snap").exists());
    assert!(place.path("shop/tests/notes.snap").exists(), "{}", run.shown());
}

#[test]
fn some_tests_can_be_chosen_by_name_or_sentence() {
    let place = accepted();
    for (text, tests) in [("SPAM", 1), ("ПЕРВЫЙ", 1), ("night/", 1), ("", 2)] {
        let run = place.rules(&["test", "shop", "--filter", text, "--format", "json"]);
        let said: Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(said["summary"]["tests"], tests, "{text}: {}", run.out);
    }
    let run = snapshot!(place, ["test", "shop", "--filter", "nothing"]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn a_bundle_with_errors_is_checked_and_not_tested() {
    let place = accepted();
    place.write("shop/main.rules", &RULES.replace("источник", "источнек"));
    let run = snapshot!(place, ["test", "shop"]);
    assert_eq!(run.code, Some(1));
    assert!(!run.out.contains("1 тест"), "{}", run.shown());
}

#[test]
fn a_bundle_without_tests_says_how_to_write_one() {
    let place = Place::with(&[("shop/main.rules", RULES)]);
    let run = snapshot!(place, ["test", "shop"]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn rules_among_the_tests_are_no_rules() {
    let place = accepted();
    place.write("shop/tests/other.rules", "this is no rule\n");
    place.write("shop/tests/list.csv", "x\n");
    assert_eq!(place.rules(&["check", "shop"]).code, Some(0));
    assert_eq!(place.rules(&["test", "shop"]).code, Some(0));
}

#[test]
fn an_event_without_a_time_needs_one_only_where_it_matters() {
    let rules = "rules 1\n\nscript \"now.rhai\"\n  policy fields of client for requests\n";
    let script = "fn client_fields(event, proposal, facts) {\n    proposal.set_always(\"day\", facts.now.day.to_string());\n    proposal\n}\n";
    let place = Place::with(&[
        ("shop/main.rules", rules),
        ("shop/now.rhai", script),
        ("shop/tests/a.json", r#"{"event": {"kind": "request"}}"#),
        ("shop/tests/b.json", r#"{"event": {"kind": "request"}, "now": "2026-03-02T12:00:00+03:00"}"#),
        ("shop/tests/c.json", r#"{"event": {"kind": "request", "started": "2026-03-05T12:00:00+03:00"}}"#),
    ]);
    let run = snapshot!(place, ["test", "shop"]);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_test_can_be_shown_by_eval() {
    let place = place();
    let run = place.rules(&["eval", "shop", "--event", "shop/tests/first.json"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(run.out.starts_with("принято\n  создать        клиент, заказ\n"), "{}", run.out);
    place.write("bad.json", r#"{"event": {"kind": "call"}, "facs": {}}"#);
    let run = snapshot!(place, ["eval", "shop", "--event", "bad.json", "--lang", "ru"]);
    assert_eq!(run.code, Some(2));
}

#[test]
fn tests_that_are_missing_are_found_written_and_then_nothing_is_missing() {
    let place = accepted();
    let run = snapshot!(place, ["test", "shop", "--suggest"]);
    assert_eq!(run.code, Some(1));
    assert!(!place.path("shop/tests/входящий-звонок-сущности-иначе.json").exists());
    assert_eq!(place.rules(&["test", "shop", "--suggest=cells", "--write"]).code, Some(0));
    let run = place.rules(&["test", "shop", "--suggest=cells", "--format", "json"]);
    let said: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(said["bundles"][0]["tests"], serde_json::json!([]), "{said}");
    assert_eq!(said["bundles"][0]["open"], serde_json::json!([]), "{said}");
    assert_eq!(place.rules(&["test", "shop"]).code, Some(1), "nobody has looked at them yet");
    assert_eq!(place.rules(&["test", "shop", "--accept"]).code, Some(0));
    assert_eq!(place.rules(&["test", "shop", "--suggest"]).code, Some(0));
}

#[test]
fn what_no_test_notices_is_told_with_an_event() {
    let place = accepted();
    let run = snapshot!(place, ["test", "shop", "--mutate"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(place.rules(&["test", "shop", "--suggest=cells", "--write"]).code, Some(0));
    let run = place.rules(&["test", "shop", "--mutate", "--format", "json"]);
    let said: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!((&said["bundles"][0]["survived"], run.code), (&0.into(), Some(0)), "{said:#}");
    let some = place.rules(&["test", "shop", "--mutate", "--mutate-limit", "3", "--format", "json"]);
    let said: Value = serde_json::from_str(&some.out).expect("JSON");
    assert!(said["bundles"][0]["tried"].as_u64() <= Some(3), "{said}");
    assert_eq!(place.rules(&["test", "shop", "--mutate", "--format", "junit"]).code, Some(2));
    assert_eq!(place.rules(&["test", "shop", "--write"]).code, Some(2));
}

#[test]
fn looking_at_tests_names_those_that_cannot_be_run_and_takes_no_arguments_of_a_run() {
    let place = accepted();
    place.write("shop/tests/night/broken.json", "{");
    for look in ["--mutate", "--suggest"] {
        let run = place.rules(&["test", "shop", look, "--format", "json"]);
        let said: Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(said["bundles"][0]["left_out"], serde_json::json!(["night/broken"]), "{said}");
        assert!(run.err.contains("tests/night/broken.json: "), "{}", run.err);
        assert_eq!(run.code, Some(1));
        for of_a_run in [["--filter", "x"], ["--fail-under", "80"], ["--lcov", "x"], ["--coverage-html", "x"]]
        {
            let args = [&["test", "shop", look][..], &of_a_run[..]].concat();
            assert_eq!(place.rules(&args).code, Some(2), "{args:?}");
        }
    }
}

/// What was suggested and written reaches everything that an event can reach, in every bundle that comes with the program.
#[test]
fn suggested_tests_reach_all_of_every_shipped_bundle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut bundles: Vec<_> = ["fixtures/bundles", "scripts"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    bundles.sort();
    assert!(bundles.len() >= 12);
    for bundle in bundles {
        let name = bundle.file_name().expect("a name").to_string_lossy().into_owned();
        let place = Place::with(&[]);
        copy(&place, &bundle, "shop");
        assert_eq!(place.rules(&["test", "shop", "--suggest", "--write"]).code, Some(0), "{name}");
        assert_eq!(place.rules(&["test", "shop", "--accept"]).code, Some(0), "{name}");
        let run = place.rules(&["test", "shop", "--suggest", "--format", "json"]);
        let said: Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(said["bundles"][0]["tests"], serde_json::json!([]), "{name}");
        assert_eq!(said["bundles"][0]["open"], serde_json::json!([]), "{name}");
    }
}

/// Copies a folder into a place.
fn copy(place: &Place, from: &Path, to: &str) {
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let inside = format!("{to}/{}", path.file_name().expect("a name").to_string_lossy());
        match path.is_dir() {
            true => copy(place, &path, &inside),
            false => place.write(&inside, &fs::read_to_string(&path).expect("a text")),
        }
    }
}
