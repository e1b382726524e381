//! `rules emulate`: the one line that a program reads.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::program::Place;

#[test]
fn the_first_line_is_one_object_of_the_promised_shape() {
    let place = Place::with(&[]);
    let mut child = place
        .command(&["emulate", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("a line");
    child.kill().expect("the program can be stopped");
    child.wait().expect("the program ends");
    let shape: Value = serde_json::from_str(&line).expect("one JSON object");
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&shape), ["retailcrm", "uis"]);
    assert_eq!(keys(&shape["retailcrm"]), ["url", "key", "site"]);
    assert_eq!(keys(&shape["uis"]), ["data_api", "call_api", "token"]);
    assert!(shape["retailcrm"]["url"].as_str().expect("an address").starts_with("http://127.0.0.1:"));
}
