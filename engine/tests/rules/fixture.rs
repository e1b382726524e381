//! Files of tests: everything that is wrong is told of at its place, and what is right is tried out.

use std::fmt::Write as _;

use switchboard_engine::fixture::{Fixture, is_snapshot, try_out};
use switchboard_grammar::lang::Lang;

use super::support::{fixtures, rules};

/// Each fault with its line and the text that it is about.
fn faults(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    for fault in Fixture::read(bytes).unwrap_err() {
        let above = text.get(..fault.span.range().start).unwrap();
        let line = above.matches('\n').count() + 1;
        let _ = writeln!(out, "{line}: {:?}", fault.span.text(&text));
        let _ = writeln!(out, "  {}\n  {}", fault.text.en, fault.text.ru);
        if let Some(meant) = fault.meant {
            let _ = writeln!(out, "  -> {meant}");
        }
    }
    out
}

#[test]
fn faults_are_told_at_their_places() {
    let mut names: Vec<_> = std::fs::read_dir(fixtures().join("engine/tests"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    assert!(names.len() > 9);
    for path in names {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let info = String::from_utf8_lossy(&bytes).into_owned();
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, description => info }, {
            insta::assert_snapshot!(format!("fixture-{name}"), faults(&bytes));
        });
    }
}

const RULES: &str = "settings for calls\n  default_responsible: \"anna@romashka.ru\"\n\n\
    table entities for calls\n  | contact || create |\n  | first || client |\n";

const TEST: &str = r#"{"event": {"kind": "call", "direction": "incoming", "contact": "first", "missed": true},
    "now": "2026-03-02T12:00:00+03:00", "expect": {"create": ["order"], "accepted": true, "fields": {"client": {"x": 5}}}}"#;

#[test]
fn a_fixture_is_held_against_what_was_accepted_and_expected() {
    let (bundle, fixture) = (rules(RULES), Fixture::read(TEST.as_bytes()).unwrap());
    let first = try_out("night/one", &fixture, &bundle, Lang::En, None).unwrap();
    assert!(!first.is_as_accepted() && is_snapshot(&first.now));
    let unmet: String =
        first.unmet.iter().map(|unmet| format!("{}: {}\n", unmet.path, unmet.text.en)).collect();
    insta::assert_snapshot!(format!("{}\n{unmet}", first.now));
    // Line ends and blanks at the ends of lines are no difference.
    let edited = first.now.replace('\n', "  \r\n");
    let again = try_out("night/one", &fixture, &bundle, Lang::En, Some(&edited)).unwrap();
    assert!(again.is_as_accepted() && !again.passes());
}

#[test]
fn a_text_of_a_caller_cannot_move_the_cursor_of_whoever_reads_it() {
    let bundle = rules(
        "fields of client for calls\n  name from name\n\ntable entities for calls\n  | phone || create |\n  | - || client |\n",
    );
    let test = r#"{"event": {"kind": "call", "direction": "incoming", "name": "a\u001b[2Jb"}, "now": "2026-03-02T12:00:00Z"}"#;
    let fixture = Fixture::read(test.as_bytes()).unwrap();
    let trial = try_out("x", &fixture, &bundle, Lang::En, None).unwrap();
    assert!(!trial.now.contains('\u{1b}') && trial.now.contains("name ="), "{}", trial.now);
}
