//! Findings as they are shown, fixes, and what happens when files come, go and change.

use serde_json::{Value, json};

use crate::client::{Client, edited, shown_range};

const WRONG: &str = "rules 1\n\nfilter for calls\n  accept when campain == \"Brand\"\n  else reject\n\nlist unused: 1\n\n\
    table t for calls\n  | site || x |\n  | \"a\" || \"1\" |\n  | else || \"2\" |\n\ntable t for calls\n  | site || x |\n  | else || \"2\" |\n";

fn shown(text: &str, found: &[Value]) -> String {
    let one = |found: &Value| {
        let related: Vec<String> = found["relatedInformation"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|related| {
                format!("    {}: {}\n", shown_range(text, &related["location"]["range"]), related["message"])
            })
            .collect();
        let tags = if found["tags"].is_array() { " (pale)" } else { "" };
        format!(
            "{} [{} {}]{tags}\n  {}\n{}",
            shown_range(text, &found["range"]),
            found["severity"],
            found["code"].as_str().unwrap_or("-"),
            found["message"].as_str().unwrap().replace('\n', "\n  "),
            related.concat()
        )
    };
    found.iter().map(one).collect()
}

#[test]
fn findings_carry_all_that_is_known() {
    let mut client = Client::new(&[("a.rules", WRONG)]);
    client.open("a.rules");
    let found = client.findings("a.rules");
    insta::assert_snapshot!(shown(WRONG, &found));
    client.end().unwrap();
}

#[test]
fn they_speak_the_language_of_the_file_or_the_one_that_is_set() {
    let text = "rules 1\n\nfilter for calls\n  accept when campain is \"a\"\n  else reject\n";
    let first = |options: &Value| {
        let mut client = Client::with(&[("a.rules", text)], options, &json!({}));
        client.open("a.rules");
        let message = client.findings("a.rules")[0]["message"].as_str().unwrap().to_owned();
        client.end().unwrap();
        message
    };
    insta::assert_snapshot!(format!("{}\n{}", first(&json!({})), first(&json!({ "language": "ru" }))));
}

#[test]
fn fixes_are_offered_and_mend() {
    let mut client = Client::new(&[("a.rules", WRONG)]);
    client.open("a.rules");
    client.findings("a.rules");
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let context = json!({ "range": whole, "context": { "diagnostics": [] } });
    let actions = client.ask_of("textDocument/codeAction", "a.rules", context).unwrap();
    let uri = client.uri("a.rules");
    let shown: String = actions
        .as_array()
        .unwrap()
        .iter()
        .map(|action| {
            if let Some(command) = action["command"]["command"].as_str() {
                return format!("{command} {}\n", action["title"]);
            }
            let after = edited(WRONG, &action["edit"]["changes"][&uri]);
            let lines = after.lines().zip(WRONG.lines()).filter(|(new, old)| new != old);
            let changed: Vec<&str> = lines.map(|(new, _)| new).take(2).collect();
            let preferred = if action["isPreferred"] == true { " (preferred)" } else { "" };
            format!("{} {}{preferred}\n{}\n", action["kind"], action["title"], changed.join("\n"))
        })
        .collect();
    insta::assert_snapshot!(shown);
    // After another change the findings speak of a text that is no more.
    client.change("a.rules", json!([{ "text": "rules 1\n" }]));
    client.findings("a.rules");
    let nothing = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } });
    let context = json!({ "range": nothing, "context": { "diagnostics": [], "only": ["quickfix"] } });
    assert_eq!(client.ask_of("textDocument/codeAction", "a.rules", context).unwrap(), json!([]));
    client.end().unwrap();
}

#[test]
fn one_file_mends_and_breaks_another() {
    let main =
        "rules 1\n\ninclude \"b.rules\"\n\nfilter for calls\n  accept when site in ours\n  else reject\n";
    let mut client = Client::new(&[("main.rules", main), ("b.rules", "rules 1\n\nlist ours: \"a\"\n")]);
    client.open("main.rules");
    assert_eq!(client.findings("main.rules"), Vec::<Value>::new());
    client.open("b.rules");
    assert_eq!(client.findings("b.rules"), Vec::<Value>::new());
    client.change("b.rules", json!([{ "text": "rules 1\n\nlist theirs: \"a\"\n" }]));
    let found = client.findings("b.rules");
    assert_eq!(found[0]["code"], "unused-list");
    // Another version, so that what was said before is not taken for the answer.
    client.change("main.rules", json!([{ "text": main }]));
    assert_eq!(client.findings("main.rules")[0]["code"], "unknown-list");
    // Closed without saving, the file of the disk counts again; then that changes, too.
    let uri = client.uri("b.rules");
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    client.change("main.rules", json!([{ "text": main }]));
    assert_eq!(client.findings("main.rules"), Vec::<Value>::new());
    std::fs::write(client.path("b.rules"), "rules 1\n").unwrap();
    client.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": uri, "type": 2 }] }));
    // Another text, so that a check that began before is known to be old.
    client.change("main.rules", json!([{ "text": format!("{main}\n# again\n") }]));
    assert_eq!(client.findings("main.rules")[0]["code"], "unknown-list");
    client.end().unwrap();
}

#[test]
fn a_file_that_nothing_includes_says_so() {
    let mut client = Client::new(&[
        ("main.rules", "rules 1\n"),
        ("b.rules", "rules 1\n\nfilter for calls\n  accept site\n"),
    ]);
    client.open("b.rules");
    let text = "rules 1\n\nfilter for calls\n  accept site\n";
    let found = client.findings("b.rules");
    insta::assert_snapshot!(shown(text, &found));
    client.end().unwrap();
}

#[test]
fn a_document_that_lies_nowhere_is_a_bundle_of_its_own() {
    let mut client = Client::new(&[]);
    let document = json!({ "uri": "untitled:Untitled-1", "languageId": "rules", "version": 1, "text": "rules 1\n\nlist a: 1\n" });
    client.tell("textDocument/didOpen", json!({ "textDocument": document }));
    let params = json!({ "textDocument": { "uri": "untitled:Untitled-1" } });
    let symbols = client.ask("textDocument/documentSymbol", params).unwrap();
    assert_eq!(symbols[0]["name"], "list a: 1");
    client.end().unwrap();
}

#[test]
fn scripts_have_their_findings_in_their_own_file() {
    let main = "rules 1\n\nscript \"x.rhai\"\n  function label(a: text) gives text\n\nfields of client for calls\n  a from label(phone else \"\")\n";
    let script = "fn label(a) {\n  sleep(1);\n  a\n}\n";
    let mut client = Client::new(&[("main.rules", main), ("x.rhai", script)]);
    client.open("main.rules");
    client.open("x.rhai");
    let found = client.findings("x.rhai");
    insta::assert_snapshot!(shown(script, &found));
    client.end().unwrap();
}
