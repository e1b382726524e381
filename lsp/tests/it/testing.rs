//! Tests in the editor: lenses, runs, what is said in their files, and what they reach of the rules.

use serde_json::{Value, json};

use crate::client::{Client, edited, shown_range};

fn shop(options: &Value) -> Client {
    let capabilities = json!({ "workspace": { "codeLens": { "refreshSupport": true } } });
    Client::of("shop", options, &capabilities)
}

/// Has all tests run, so that what is asked for next is about them.
fn run_all(client: &mut Client, file: &str) -> String {
    let uri = client.uri(file);
    client.run("rules.runTests", json!([uri])).unwrap()
}

/// Each lens with its place, its command and what that is about.
fn lenses(client: &mut Client, file: &str) -> (Vec<Value>, String) {
    let text = client.text(file);
    let found = client.lenses(file);
    let line = |lens: &Value| {
        let command = &lens["command"];
        let place = shown_range(&text, &lens["range"]);
        format!(
            "{place}\n  {} [{}]\n",
            command["title"].as_str().unwrap(),
            command["command"].as_str().unwrap()
        )
    };
    let shown = found.iter().map(line).collect();
    (found, shown)
}

fn findings(client: &mut Client, file: &str) -> String {
    let text = client.text(file);
    let found = client.findings(file);
    let line = |found: &Value| {
        let place = shown_range(&text, &found["range"]);
        let message = found["message"].as_str().unwrap().replace('\n', "\n  ");
        format!("{place} [{} {}]\n  {message}\n", found["severity"], found["code"].as_str().unwrap())
    };
    found.iter().map(line).collect()
}

#[test]
fn rules_say_which_tests_reach_them() {
    let mut client = shop(&json!({}));
    client.open("main.rules");
    let all = run_all(&mut client, "main.rules");
    let (found, mut shown) = lenses(&mut client, "main.rules");
    // The tests of a section run, and a task shown for tests and examples.
    for lens in &found {
        let title = lens["command"]["title"].as_str().unwrap();
        if title.starts_with("Tests: 4") || title.starts_with('«') {
            let command = lens["command"]["command"].as_str().unwrap();
            let text = client.run(command, lens["command"]["arguments"].clone()).unwrap();
            shown.push_str(&format!("\n{title}:\n{text}"));
        }
    }
    insta::assert_snapshot!(format!("{all}\n{shown}"));
    assert!(client.told.contains(&"workspace/codeLens/refresh".to_owned()));
    client.end().unwrap();
}

#[test]
fn a_test_says_how_it_stands() {
    let mut client = shop(&json!({}));
    let mut out = String::new();
    for name in ["missed", "spam", "night/talk", "night/new", "wrong"] {
        let file = format!("tests/{name}.json");
        client.open(&file);
        run_all(&mut client, &file);
        let (said, (_, lenses)) = (findings(&mut client, &file), lenses(&mut client, &file));
        out.push_str(&format!("{name}\n{said}{lenses}\n"));
    }
    insta::assert_snapshot!(out);
    client.end().unwrap();
}

#[test]
fn a_decision_is_accepted_as_it_was_looked_at() {
    let mut client = shop(&json!({ "language": "ru" }));
    client.open("tests/spam.json");
    run_all(&mut client, "tests/spam.json");
    let (found, _) = lenses(&mut client, "tests/spam.json");
    let (accept, arguments) = (&found[1]["command"], found[1]["command"]["arguments"].clone());
    assert_eq!(accept["title"], "Принять решение");
    // Decided otherwise by rules that were changed meanwhile, it is not the one that somebody looked at.
    let rules = client.text("main.rules");
    client.open_with("main.rules", &rules.replace("\"Spam\"", "\"Another\""));
    let refused = client.run("rules.acceptTest", arguments.clone()).unwrap_err();
    client.change("main.rules", json!([{ "text": rules }]));
    let accepted = client.run("rules.acceptTest", arguments).unwrap();
    let now = run_all(&mut client, "tests/spam.json");
    insta::assert_snapshot!(format!("{refused}\n\n{accepted}\n{}\n{now}", client.text("tests/spam.snap")));
    client.end().unwrap();
}

#[test]
fn a_change_of_the_rules_is_told_in_the_tests_that_it_breaks() {
    let mut client = shop(&json!({}));
    client.open("main.rules");
    let rules = client.text("main.rules");
    run_all(&mut client, "main.rules");
    client
        .change("main.rules", json!([{ "text": rules.replace("|| client        |", "|| order         |") }]));
    run_all(&mut client, "main.rules");
    // Of tests that are closed only what is wrong is told, not that nobody has looked at them.
    let shown: String = ["missed", "spam", "night/talk", "wrong"]
        .map(|name| format!("{name}\n{}\n", findings(&mut client, &format!("tests/{name}.json"))))
        .concat();
    insta::assert_snapshot!(shown);
    client.end().unwrap();
}

#[test]
fn what_is_typed_in_a_test_counts_before_it_is_saved() {
    let mut client = shop(&json!({}));
    client.open("tests/wrong.json");
    assert_eq!(client.findings("tests/wrong.json").len(), 3);
    let text = r#"{"event": {"kind": "call", "direction": "incoming"}, "now": "2026-03-02T12:00:00Z"}"#;
    client.change("tests/wrong.json", json!([{ "text": text }]));
    let found = client.findings("tests/wrong.json");
    assert_eq!(found[0]["code"], "test-new", "{found:?}");
    // Closed without saving, the file counts again.
    let uri = client.uri("tests/wrong.json");
    client.open("main.rules");
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    let all = run_all(&mut client, "main.rules");
    assert!(all.contains("wrong: cannot be run"), "{all}");
    client.end().unwrap();
}

#[test]
fn files_of_json_that_are_no_tests_are_left_alone() {
    let mut client = shop(&json!({}));
    client.open("broken.json");
    let uri = client.uri("broken.json");
    let refused = client.run("rules.runTests", json!([uri])).unwrap_err();
    assert!(refused.ends_with("is not open"), "{refused}");
    assert_eq!(client.ask_of("textDocument/codeLens", "broken.json", json!({})).unwrap(), Value::Null);
    client.end().unwrap();
}

#[test]
fn rules_with_errors_run_no_tests_and_faults_are_told_all_the_same() {
    let mut client = shop(&json!({}));
    client.open("main.rules");
    client.open("tests/wrong.json");
    client.change(
        "main.rules",
        json!([{ "text": "rules 1\n\nfilter for calls\n  accept when sorce is \"a\"\n" }]),
    );
    let uri = client.uri("main.rules");
    let refused = client.run("rules.runTests", json!([uri])).unwrap_err();
    assert_eq!(refused, "these rules have errors and decide nothing; mend them first");
    assert_eq!(client.findings("tests/wrong.json").len(), 3);
    client.end().unwrap();
}

#[test]
fn what_no_test_reaches_is_pale_and_cells_tell_what_they_decided() {
    let mut client = shop(&json!({}));
    client.open("main.rules");
    let uri = client.uri("main.rules");
    run_all(&mut client, "main.rules");
    let summary = client.run("rules.coverage", json!([uri])).unwrap();
    let said = findings(&mut client, "main.rules");
    let text = client.text("main.rules");
    let mut hovers = String::new();
    for place in [
        "| first   | y<|>es",
        "| fir<|>st   | -  ",
        "source is \"S<|>pam",
        "contact is f<|>irst and",
        "|| or<|>der  ",
    ] {
        let marked = text.replace(&place.replace("<|>", ""), place);
        let hover = client.ask_at("textDocument/hover", "main.rules", &marked, json!({})).unwrap();
        hovers.push_str(&format!("{place}\n{}\n\n", hover["contents"]["value"].as_str().unwrap_or("-")));
    }
    let (_, shown) = lenses(&mut client, "main.rules");
    let off = client.run("rules.coverage", json!([uri])).unwrap();
    assert_eq!(client.findings("main.rules"), Vec::<Value>::new());
    insta::assert_snapshot!(format!(
        "{summary}\n{said}\n{hovers}{}\n{off}",
        shown.lines().take(4).collect::<Vec<_>>().join("\n")
    ));
    client.end().unwrap();
}

#[test]
fn coverage_can_be_there_from_the_start_and_tests_left_to_be_asked_for() {
    let mut client = shop(&json!({ "coverage": true, "runTests": false }));
    client.open("main.rules");
    run_all(&mut client, "main.rules");
    assert!(client.findings("main.rules").iter().all(|found| found["code"] == "untested"));
    client.end().unwrap();
    let mut client = shop(&json!({ "runTests": false }));
    client.open("tests/missed.json");
    client.open("main.rules");
    assert_eq!(client.findings("tests/missed.json"), Vec::<Value>::new());
    let (_, shown) = lenses(&mut client, "main.rules");
    assert!(!shown.contains("Tests:"), "only what is open was run: {shown}");
    run_all(&mut client, "main.rules");
    assert!(lenses(&mut client, "main.rules").1.contains("Tests: 5"));
    client.end().unwrap();
}

#[test]
fn names_and_values_of_a_test_are_offered_and_explained() {
    let account = r#"{"format": "switchboard-account/1", "employees": []}"#;
    let mut client = Client::with(
        &[("main.rules", "rules 1\n"), (".rules-snapshot.json", account)],
        &json!({}),
        &json!({}),
    );
    client.open("main.rules");
    let mut out = String::new();
    for (at, marked) in [
        "<|>",
        "{\"<|>\"}",
        "{\"event\": {\"<|>",
        "{\"event\": {\"kind\": \"<|>\"}}",
        "{\"event\": {\"kind\": \"call\", \"cont<|>\": \"first\"}}",
        "{\"event\": {\"kind\": \"call\", \"contact\": <|>}}",
        "{\"event\": {\"kind\": \"call\", \"missed\": <|>",
        "{\"event\": {\"kind\": \"call\", \"utm\": {\"<|>\"}}}",
        "{\"event\": {\"kind\": \"order\", \"sta<|>\"}}",
        "{\"facts\": {\"<|>\"}}",
        "{\"facts\": {\"crm\": {\"open_orders\": [{\"<|>\"}]}}}",
        "{\"expect\": {\"create\": [\"<|>\"]}}",
        "{\"expect\": {\"create\": <|>}}",
        "{\"expect\": {\"deal\": {\"outcome\": \"<|>\"}}}",
        "{\"now\": \"<|>\"}",
        "{\"kind\": \"chat\", \"<|>\"}",
        "[<|>]",
    ]
    .into_iter()
    .enumerate()
    {
        let file = format!("tests/{at}.json");
        client.open_with(&file, &marked.replace("<|>", ""));
        let answer = client.ask_at("textDocument/completion", &file, marked, json!({})).unwrap();
        let items = answer["items"].as_array().unwrap();
        let shown: Vec<&str> =
            items.iter().take(6).map(|item| item["textEdit"]["newText"].as_str().unwrap()).collect();
        let more = if items.len() > 6 { format!(" and {} more", items.len() - 6) } else { String::new() };
        out.push_str(&format!("{marked}\n  {}{more}\n", shown.join("  ")));
    }
    for (at, marked) in [
        "{\"event\": {\"kind\": \"call\", \"cont<|>act\": \"first\"}}",
        "{\"event\": {\"kind\": \"call\", \"utm\": {\"source\": \"ya<|>ndex\"}}}",
        "{\"ab<|>out\": 1}",
    ]
    .into_iter()
    .enumerate()
    {
        let file = format!("tests/hover-{at}.json");
        client.open_with(&file, &marked.replace("<|>", ""));
        let hover = client.ask_at("textDocument/hover", &file, marked, json!({})).unwrap();
        out.push_str(&format!("\n{marked}\n{}\n", hover["contents"]["value"].as_str().unwrap()));
    }
    insta::assert_snapshot!(out);
    client.end().unwrap();
}

#[test]
fn what_was_meant_in_a_test_is_a_fix() {
    let mut client = shop(&json!({}));
    client.open("tests/wrong.json");
    client.findings("tests/wrong.json");
    let text = client.text("tests/wrong.json");
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let context = json!({ "range": whole, "context": { "diagnostics": [] } });
    let actions = client.ask_of("textDocument/codeAction", "tests/wrong.json", context).unwrap();
    let uri = client.uri("tests/wrong.json");
    let mended: Vec<String> = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|action| edited(&text, &action["edit"]["changes"][&uri]))
        .collect();
    assert_eq!(mended.len(), 2);
    assert!(
        mended[0].contains("\"about\": \"Misspelt\"") && mended[1].contains("\"contact\": \"first\""),
        "{mended:?}"
    );
    client.end().unwrap();
}
