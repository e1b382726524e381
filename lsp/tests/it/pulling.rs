//! Findings for clients that ask for them instead of being told.

use serde_json::{Value, json};

use crate::client::Client;

fn pulling() -> Client {
    let capabilities = json!({
        "textDocument": { "diagnostic": {} },
        "workspace": { "diagnostics": { "refreshSupport": true } },
    });
    Client::of("shop", &json!({}), &capabilities)
}

const PULL: &str = "textDocument/diagnostic";

fn codes(report: &Value) -> Vec<&str> {
    report["items"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect()
}

#[test]
fn a_document_is_told_of_when_its_present_text_was_checked() {
    let mut client = pulling();
    client.open("main.rules");
    let report = client.ask_of(PULL, "main.rules", json!({})).unwrap();
    assert_eq!((report["kind"].as_str(), codes(&report)), (Some("full"), vec![]));
    let same = client.ask_of(PULL, "main.rules", json!({ "previousResultId": report["resultId"] })).unwrap();
    assert_eq!(same, json!({ "kind": "unchanged", "resultId": report["resultId"] }));
    let wrong = "rules 1\n\nfilter for calls\n  accept when sorce is \"a\"\n";
    client.change("main.rules", json!([{ "text": wrong }]));
    let report =
        client.ask_of(PULL, "main.rules", json!({ "previousResultId": report["resultId"] })).unwrap();
    assert!(codes(&report).contains(&"unknown-field"), "{report}");
    assert!(client.told.contains(&"workspace/diagnostic/refresh".to_owned()), "{:?}", client.told);
    assert!(!client.told.contains(&"textDocument/publishDiagnostics".to_owned()));
    client.end().unwrap();
}

#[test]
fn a_test_is_told_of_when_it_was_run() {
    let mut client = pulling();
    client.open("tests/wrong.json");
    let report = client.ask_of(PULL, "tests/wrong.json", json!({})).unwrap();
    assert_eq!(codes(&report), ["test-fault", "test-fault", "test-fault"]);
    client.end().unwrap();
}

#[test]
fn the_workspace_is_told_of_once() {
    let mut client = pulling();
    client.open("main.rules");
    let uri = client.uri("main.rules");
    client.run("rules.runTests", json!([uri])).unwrap();
    let report = client.ask("workspace/diagnostic", json!({ "previousResultIds": [] })).unwrap();
    let items = report["items"].as_array().unwrap().clone();
    let mut shown: Vec<String> = items
        .iter()
        .map(|item| format!("{} {:?}", client.name(item["uri"].as_str().unwrap()), codes(item)))
        .collect();
    shown.sort();
    insta::assert_snapshot!(shown.join("\n"));
    let gone = client.uri("gone.rules");
    let mut known: Vec<Value> =
        items.iter().map(|item| json!({ "uri": item["uri"], "value": item["resultId"] })).collect();
    known.push(json!({ "uri": gone, "value": "7" }));
    let again = client.ask("workspace/diagnostic", json!({ "previousResultIds": known })).unwrap();
    for item in again["items"].as_array().unwrap() {
        let kind = if item["uri"] == gone { "full" } else { "unchanged" };
        assert_eq!(item["kind"], kind, "{item}");
    }
    client.end().unwrap();
}

#[test]
fn a_question_that_waits_can_be_taken_back_and_ends_with_the_document() {
    let mut client = pulling();
    client.open("main.rules");
    client.ask_of(PULL, "main.rules", json!({})).unwrap();
    // A check takes longer than the message behind the question.
    client.change("main.rules", json!([{ "text": "rules 1\n" }]));
    let place = json!({ "textDocument": { "uri": client.uri("main.rules") } });
    let id = client.request(PULL, place.clone());
    client.tell("textDocument/didClose", place);
    let report = client.answer(&id).unwrap();
    assert_eq!(report["kind"], "full", "{report}");
    client.end().unwrap();
}

#[test]
fn whoever_cannot_be_told_to_ask_anew_is_told_as_ever() {
    let capabilities = json!({ "textDocument": { "diagnostic": {} } });
    let mut client = Client::of("shop", &json!({}), &capabilities);
    client.open("main.rules");
    assert_eq!(client.findings("main.rules"), Vec::<Value>::new());
    client.end().unwrap();
}
