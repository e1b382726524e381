//! `rules new`.

use crate::program::{Place, snapshot};

#[test]
fn a_new_bundle_is_clean_formatted_and_in_the_language_asked_for() {
    for (lang, header) in [("en", "rules 1\n"), ("ru", "правила 1\n")] {
        let place = Place::with(&[]);
        let run = place.rules(&["new", "shop", "--lang", lang]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        assert!(place.read("shop/bundle/main.rules").starts_with(header));
        let run = place.rules(&["check", "shop/bundle", "--fail-on", "info"]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        assert_eq!(place.rules(&["fmt", "--check", "shop/bundle"]).code, Some(0));
        assert_eq!(place.rules(&["preview", "shop/bundle"]).code, Some(0));
        let run = place.rules(&["test", "shop/bundle"]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
    }
}

#[test]
fn the_tests_of_a_new_bundle_leave_nothing_open() {
    for lang in ["en", "ru"] {
        let place = Place::with(&[]);
        assert_eq!(place.rules(&["new", "my shop", "--lang", lang]).code, Some(0));
        for more in [&["--fail-under", "100"][..], &["--suggest=cells"], &["--mutate"]] {
            let run = place.rules(&[&["test", "my shop/bundle"], more].concat());
            assert_eq!(run.code, Some(0), "{}", run.shown());
        }
    }
}

#[test]
fn what_to_do_next_can_be_copied_into_a_shell() {
    let run = Place::with(&[]).rules(&["new", "my shop"]);
    assert!(run.out.contains("\n  rules check \"my shop/bundle\"\n"), "{}", run.shown());
}

#[test]
fn both_languages_decide_the_same() {
    let call = r#"{"kind": "call", "direction": "incoming", "contact": "first", "phone": "+79000000010", "missed": true,
        "talk_time": 0, "started": "2026-03-02T12:00:00+03:00", "finished": "2026-03-02T12:00:40+03:00"}"#;
    let decisions: Vec<String> = ["en", "ru"]
        .into_iter()
        .map(|lang| {
            let place = Place::with(&[("call.json", call)]);
            assert_eq!(place.rules(&["new", "shop", "--lang", lang]).code, Some(0));
            let run = place.rules(&["eval", "shop/bundle", "--event", "call.json", "--format", "json"]);
            let decision: serde_json::Value = serde_json::from_str(&run.out).expect("a decision");
            format!("{} {} {}", decision["create"], decision["responsible"], decision["tasks"][0]["due"])
        })
        .collect();
    assert_eq!(decisions[0], decisions[1]);
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::with(&[("shop/mine.txt", "mine")]);
    let run = snapshot!(place, ["new", "shop"]);
    assert_eq!(run.code, Some(2));
    assert_eq!(place.read("shop/mine.txt"), "mine");
}
