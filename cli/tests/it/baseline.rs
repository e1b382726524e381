//! `rules check --baseline`: what is known does not count, what is new does, what is gone is told.

use serde_json::Value;

use crate::program::{Place, snapshot};

const TWO_WARNINGS: &str =
    "rules 1\n\nlist spam: \"a\"\n\nlist vip: \"b\"\n\nfilter for calls\n  else accept\n";

fn known() -> Place {
    let place = Place::with(&[("shop/main.rules", TWO_WARNINGS)]);
    let run = place.rules(&[
        "check",
        "shop",
        "--baseline",
        "known.json",
        "--write-baseline",
        "--fail-on",
        "warning",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    place
}

const CHECK: [&str; 6] = ["check", "shop", "--baseline", "known.json", "--fail-on", "warning"];

#[test]
fn the_file_names_each_finding() {
    insta::assert_snapshot!(known().read("known.json"));
}

#[test]
fn what_is_known_does_not_count() {
    let place = known();
    let run = snapshot!(place, CHECK);
    assert_eq!(run.code, Some(0));
    // Not even after its lines moved, or when the program is started elsewhere.
    place.write("shop/main.rules", &TWO_WARNINGS.replace("list spam", "# A remark.\n\nlist spam"));
    assert_eq!(place.rules(&CHECK).code, Some(0));
    let there = place.command(&["check", "--baseline", "../known.json", "--fail-on", "warning"]);
    let mut there = there;
    let status = there.current_dir(place.path("shop")).output().expect("the program runs").status;
    assert_eq!(status.code(), Some(0));
}

#[test]
fn what_is_new_counts() {
    let place = known();
    place.write("shop/main.rules", &TWO_WARNINGS.replace("list vip", "list new: \"c\"\n\nlist vip"));
    let run = snapshot!(place, CHECK);
    assert_eq!(run.code, Some(1));
}

#[test]
fn what_is_gone_is_told_until_the_file_is_written_anew() {
    let place = known();
    place.write("shop/main.rules", &TWO_WARNINGS.replace("list vip: \"b\"\n\n", ""));
    let run = snapshot!(place, [&CHECK[..], &["--lang", "ru"]].concat());
    assert_eq!(run.code, Some(0));
    assert_eq!(place.rules(&[&CHECK[..], &["--write-baseline"]].concat()).code, Some(0));
    let stored: Value = serde_json::from_str(&place.read("known.json")).expect("JSON");
    assert_eq!(stored["findings"].as_array().map(Vec::len), Some(1));
    assert!(!place.rules(&CHECK).err.contains("no longer"));
}

#[test]
fn equal_findings_are_counted() {
    let twice = "rules 1\n\ntable t for calls, all matches\n  | site || r |\n  | -    || 1 |\n";
    let place = Place::with(&[("main.rules", twice)]);
    let args = ["check", "--baseline", "known.json", "--fail-on", "info"];
    assert_eq!(place.rules(&[&args[..], &["--write-baseline"]].concat()).code, Some(0));
    let more = "\ntable u for calls, all matches\n  | site || r |\n  | -    || 1 |\n";
    place.write("main.rules", &format!("{twice}{more}"));
    assert_eq!(place.rules(&args).code, Some(1), "another section is another finding");
}

#[test]
fn errors_are_never_put_up_with() {
    let place = Place::with(&[(
        "main.rules",
        "rules 1\n\nfilter for calls\n  accept when sitee is \"a\"\n  else reject\n",
    )]);
    let run = place.rules(&["check", "--baseline", "known.json", "--write-baseline"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    assert!(run.out.contains("unknown-field"), "{}", run.shown());
    assert!(!place.read("known.json").contains("unknown-field"));
}

#[test]
fn a_secret_is_not_copied_into_the_file() {
    let secret = "a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6";
    let place = Place::with(&[(
        "main.rules",
        &format!("rules 1\n\nsettings for calls\n  default_responsible: \"{secret}\"\n"),
    )]);
    let run = place.rules(&["check", "--baseline", "known.json", "--write-baseline"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let stored = place.read("known.json");
    assert!(stored.contains("secret-in-rules") && !stored.contains(secret), "{stored}");
}

#[test]
fn a_file_that_is_no_baseline_is_refused() {
    let place = known();
    assert_eq!(place.rules(&["check", "shop", "--baseline", "nowhere.json"]).code, Some(2));
    place.write("known.json", "{\"version\": 7, \"findings\": []}");
    snapshot!(place, CHECK);
    place.write("known.json", "[]");
    assert_eq!(place.rules(&CHECK).code, Some(2));
    assert_eq!(place.rules(&["check", "shop", "--write-baseline"]).code, Some(2), "without a file");
}
