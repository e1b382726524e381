//! Streams: what goes where, and readers that stop reading.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::program::{Place, demo_place};

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let place = Place::with(&[]);
    let mut child = place
        .command(&["fields", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
    let output = child.wait_with_output().expect("the program ends");
    assert_eq!(first.trim(), "{");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn results_go_to_stdout_and_the_rest_to_stderr() {
    let place = demo_place("ru");
    place.write("call.json", "{\"kind\": \"call\", \"direction\": \"incoming\"}");
    let good = place.rules(&["eval", "shop", "--event", "call.json", "--format", "json"]);
    assert_eq!((good.code, good.err.as_str()), (Some(0), ""));
    let bad = place.rules(&["eval", "shop", "--event", "nothing.json"]);
    assert_eq!((bad.code, bad.out.as_str()), (Some(2), ""));
    assert!(bad.err.contains("nothing.json"), "{}", bad.err);
}

#[test]
fn messages_follow_the_locale_where_no_file_speaks() {
    let place = Place::with(&[]);
    let said = |name: &str, value: &str| {
        let output =
            place.command(&["check", "nowhere"]).env(name, value).output().expect("the program runs");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    assert!(said("LANG", "ru_RU.UTF-8").starts_with("ошибка:"));
    assert!(said("LANG", "de_DE.UTF-8").starts_with("error:"));
    assert!(said("RULES_LANG", "ru").starts_with("ошибка:"));
}
