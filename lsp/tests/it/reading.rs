//! What is seen of a file: outline, folding, paint, counts, previews, layout.

use serde_json::{Value, json};

use crate::client::{Client, edited, offset, shown_range};

const RULES: &str = "правила 1\n\n## Что берём.\nфильтр для входящих звонков\n  отклонять когда источник это \"Спам\"\n  иначе принимать\n\n\
    таблица сущности для входящих звонков\n  | обращение || создать |\n  | первое || клиент |\n  | иначе || ничего |\n\n\
    # раз\n# два\nзадача для пропущенных входящих звонков\n  заголовок: \"Перезвонить {{ телефон }}\"\n  \
    ответственный: ответственный_по_умолчанию\n  срок: 2 часа после завершён\n\n\
    настройки для звонков\n  ответственный_по_умолчанию: \"anna@romashka.ru\"\n";

const EVENT: &str = r#"{"kind": "call", "direction": "incoming", "contact": "first", "phone": "+74951112233",
    "missed": true, "started": "2026-03-02T10:00:00+03:00", "finished": "2026-03-02T10:01:00+03:00"}"#;

/// Two decisions, as `rules eval` writes them.
fn hits() -> String {
    let step =
        |head: &str, row: Value, outcome: &str| json!({ "section": head, "row": row, "outcome": outcome });
    let first = json!({ "trace": [
        step("фильтр для входящих звонков", json!(1), "reject"),
    ]});
    let second = json!({ "trace": [
        step("фильтр для входящих звонков", Value::Null, "accept"),
        step("таблица сущности для входящих звонков", json!(1), "row"),
        step("задача для пропущенных входящих звонков", Value::Null, "skip"),
    ]});
    format!("{first}\nno decision\n{second}\n")
}

fn client() -> Client {
    let capabilities = json!({ "workspace": {
        "codeLens": { "refreshSupport": true },
        "didChangeWatchedFiles": { "dynamicRegistration": true },
    }});
    let files = [
        ("a.rules", RULES),
        (".rules-hits.jsonl", &hits()),
        ("tests/one.json", EVENT),
        ("tests/broken.json", "{"),
        (
            "tests/night/untimed.json",
            r#"{"event": {"kind": "call", "direction": "incoming", "phone": "+74951112233", "missed": true}}"#,
        ),
    ];
    let mut client = Client::with(&files, &json!({ "showsResults": true }), &capabilities);
    client.open("a.rules");
    client
}

#[test]
fn outline_and_folding() {
    let mut client = client();
    let symbols = client.ask_of("textDocument/documentSymbol", "a.rules", json!({})).unwrap();
    let mut out = String::new();
    for symbol in symbols.as_array().unwrap() {
        out.push_str(&format!("{} {}\n", symbol["name"], symbol["detail"]));
        for child in symbol["children"].as_array().into_iter().flatten() {
            out.push_str(&format!("  {}\n", child["name"]));
        }
    }
    let folds = client.ask_of("textDocument/foldingRange", "a.rules", json!({})).unwrap();
    for fold in folds.as_array().unwrap() {
        out.push_str(&format!("{}-{} {}\n", fold["startLine"], fold["endLine"], fold["kind"]));
    }
    let found = client.ask("workspace/symbol", json!({ "query": "сущ" })).unwrap();
    out.push_str(&format!("{} {}\n", found[0]["name"], found[0]["containerName"]));
    insta::assert_snapshot!(out);
    client.end().unwrap();
}

/// Tokens as `text/kind`, line by line.
fn painted(text: &str, answer: &Value) -> String {
    let kinds = [
        "keyword",
        "operator",
        "event",
        "type",
        "property",
        "variable",
        "function",
        "enumMember",
        "string",
        "number",
        "comment",
        "parameter",
        "macro",
    ];
    let data: Vec<u64> =
        answer["data"].as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect();
    let (mut line, mut column) = (0, 0);
    let mut out = String::new();
    for token in data.chunks(5) {
        let [lines, columns, length, kind, modifiers] = token else { panic!("five numbers") };
        if *lines > 0 {
            column = 0;
            out.push('\n');
        }
        line += lines;
        column += columns;
        let start = offset(text, &json!({ "line": line, "character": column }));
        let end = offset(text, &json!({ "line": line, "character": column + length }));
        let mark = if modifiers & 1 == 1 { "!" } else { "" };
        out.push_str(&format!("{}/{}{mark} ", &text[start..end], kinds[*kind as usize]));
    }
    out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn everything_is_painted_by_what_it_is() {
    let mut client = client();
    let answer = client.ask_of("textDocument/semanticTokens/full", "a.rules", json!({})).unwrap();
    let range =
        json!({ "range": { "start": { "line": 3, "character": 0 }, "end": { "line": 4, "character": 0 } } });
    let part = client.ask_of("textDocument/semanticTokens/range", "a.rules", range).unwrap();
    insta::assert_snapshot!(format!("{}\nof two lines:\n{}", painted(RULES, &answer), painted(RULES, &part)));
    client.end().unwrap();
}

#[test]
fn counts_stand_behind_their_rows() {
    let mut client = client();
    let range =
        json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } } });
    let hints = client.ask_of("textDocument/inlayHint", "a.rules", range).unwrap();
    let shown: Vec<String> = hints
        .as_array()
        .unwrap()
        .iter()
        .map(|hint| {
            let line = RULES.lines().nth(hint["position"]["line"].as_u64().unwrap() as usize).unwrap();
            format!("{line}  {}", hint["label"].as_str().unwrap())
        })
        .collect();
    insta::assert_snapshot!(format!("{}\n{}", shown.join("\n"), hints[0]["tooltip"].as_str().unwrap()));
    client.end().unwrap();
}

#[test]
fn lenses_preview_titles_and_run_tests() {
    let mut client = client();
    let uri = client.uri("a.rules");
    client.run("rules.runTests", json!([uri])).unwrap();
    let lenses = client.lenses("a.rules");
    let mut out = String::new();
    for lens in &lenses {
        let command = &lens["command"];
        out.push_str(&format!("{}\n  {}\n", shown_range(RULES, &lens["range"]), command["title"]));
        let run = json!({ "command": command["command"], "arguments": command["arguments"] });
        let text = client.ask("workspace/executeCommand", run).unwrap();
        out.push_str(&text.as_str().unwrap().lines().map(|line| format!("    {line}\n")).collect::<String>());
    }
    insta::assert_snapshot!(out);
    assert!(client.told.contains(&"workspace/codeLens/refresh".to_owned()), "{:?}", client.told);
    assert!(client.told.contains(&"client/registerCapability".to_owned()), "{:?}", client.told);
    assert!(!client.told.contains(&"window/showMessage".to_owned()));
    client.end().unwrap();
}

#[test]
fn a_client_that_shows_nothing_is_sent_a_message() {
    let mut client = Client::new(&[("a.rules", "rules 1\n")]);
    client.open("a.rules");
    let uri = client.uri("a.rules");
    let run = json!({ "command": "rules.explain", "arguments": [uri, "R201"] });
    let page = client.ask("workspace/executeCommand", run).unwrap();
    assert!(page.as_str().unwrap().starts_with("# unknown-field"), "{page}");
    assert_eq!(client.told, ["window/showMessage"]);
    for (command, argument, said) in [
        ("rules.explain", "R999", "there is no finding `R999`"),
        ("rules.nothing", "", "there is no command `rules.nothing`"),
    ] {
        let run = json!({ "command": command, "arguments": [uri, argument] });
        assert_eq!(client.ask("workspace/executeCommand", run).unwrap_err(), said);
    }
    client.end().unwrap();
}

#[test]
fn formatting_gives_what_the_formatter_gives_in_few_edits() {
    let mut client = client();
    let options = json!({ "options": { "tabSize": 2, "insertSpaces": true } });
    let edits = client.ask_of("textDocument/formatting", "a.rules", options.clone()).unwrap();
    let after = edited(RULES, &edits);
    assert_eq!(after, switchboard_grammar::format(RULES));
    assert!(after.contains("  | обращение || создать |\n  |-----------||---------|\n"), "{after}");
    // Only the table was asked for: the task stays as it is.
    let mut part = options;
    part["range"] = json!({ "start": { "line": 8, "character": 0 }, "end": { "line": 10, "character": 5 } });
    let edits = client.ask_of("textDocument/rangeFormatting", "a.rules", part).unwrap();
    let after = edited(RULES, &edits);
    assert!(after.contains("|-----------||---------|") && after.contains("  срок: 2 часа"), "{after}");
    client.end().unwrap();
}
