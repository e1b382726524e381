//! What is offered at a cursor: every case is a line with one, in rules of both languages and in a script.

use serde_json::{Value, json};

use crate::client::{CURSOR, Client};

const SNAPSHOT: &str = r#"{"version":1,"account":"romashka","taken_at":"2026-03-02T09:00:00Z","names":{
"employee":["anna@romashka.ru","olga@romashka.ru"],"site":["romashka.ru","opt.romashka.ru"],"store":["msk"],
"client_field":["uis_site"],"order_field":["uis_record"],"virtual_number":["+74951234567"]}}"#;

const OTHER: &str = "rules 1\n\nlist vip: \"a\"\n\nschedule hours in \"Europe/Moscow\"\n  mon: 09:00-18:00\n\n\
    ## Who answers.\ntable duty for calls\n  | site || employee |\n  | else || \"anna@romashka.ru\" |\n\n\
    script \"x.rhai\"\n  function label(a: text) gives text\n";

/// The first labels that are offered in a file of this text.
fn offered(name: &str, text: &str) -> String {
    let mut client = Client::new(&[
        ("a.rules", ""),
        ("b.rules", OTHER),
        ("x.rhai", "fn label(a) { a }\n"),
        (".rules-snapshot.json", SNAPSHOT),
    ]);
    client.open_with(name, &text.replace(CURSOR, ""));
    let answer = client.ask_at("textDocument/completion", name, text, json!({})).unwrap();
    let items = answer["items"].as_array().unwrap();
    let shown = |item: &Value| {
        let label = item["label"].as_str().unwrap();
        match item["detail"].as_str() {
            Some(detail) => format!("{label} ({detail})"),
            None => label.to_owned(),
        }
    };
    let first: Vec<String> = items.iter().take(12).map(shown).collect();
    let rest = items.len() - first.len();
    client.end().unwrap();
    if rest > 0 { format!("{}, and {rest} more", first.join(", ")) } else { first.join(", ") }
}

/// A table of lines and what is offered in them.
fn table(header: &str, lines: &[&str]) -> String {
    let rows = lines
        .iter()
        .map(|line| format!("{line}\n    {}\n", offered("a.rules", &format!("{header}{line}\n"))));
    rows.collect()
}

#[test]
fn sections_headers_and_lines() {
    insta::assert_snapshot!(table(
        "rules 1\n\n",
        &[
            "<|>",
            "fil<|>",
            "filter <|>",
            "filter for <|>",
            "table t for calls, <|>",
            "fields of <|>",
            "include \"<|>",
            "list x from \"<|>",
            "task for calls when <|>",
            "table store for calls\n  | site || <|>",
            "filter for calls\n  <|>",
            "filter for calls\n  accept <|>",
            "filter for calls\n  else <|>",
            "settings for calls\n  <|>",
            "settings for calls\n  default_responsible: <|>",
            "settings for calls\n  forward_to_manager: <|>",
            "settings for chats\n  create_at: <|>",
            "task for calls\n  <|>",
            "task for calls\n  assign: <|>",
            "task for calls\n  assign: \"a<|>",
            "task for calls\n  note: <|>",
            "task for calls\n  due: 2 hours <|>",
            "task for calls\n  due: 2 hours after finished by <|>",
            "fields of client for calls\n  <|>",
            "fields of order for calls\n  a <|>",
            "fields of order for calls\n  a from <|>",
            "script \"x.rhai\"\n  function f(a: <|>",
            "# rules: allow unus<|>",
            "# words <|>",
        ]
    ));
}

#[test]
fn conditions() {
    insta::assert_snapshot!(table(
        "rules 1\n\nfilter for incoming calls\n  accept when ",
        &[
            "<|>",
            "cam<|>",
            "site <|>",
            "talk_time <|>",
            "contact is <|>",
            "contact in (first, <|>",
            "contact in (first, repeat) <|>",
            "site is \"<|>",
            "site is <|>",
            "site in <|>",
            "started in <|>",
            "contact is first and <|>",
            "not (contact is first or si<|>",
            "virtual_number is <|>",
            "client.<|>",
            "missed is <|>",
            "site is missing <|>",
        ]
    ));
}

#[test]
fn tables_and_templates() {
    let head = "rules 1\n\ntable entities for incoming calls\n  | contact | site || create | responsible |\n";
    let cells = [
        "  | <|>",
        "  | first | <|>",
        "  | first | \"r<|>",
        "  | not <|>",
        "  | first | - || <|>",
        "  | first | - || client, <|>",
        "  | first | - || client | <|>",
        "  | first | - || client | caller <|>",
    ];
    let others = [
        "table t for calls\n  | <|>",
        "table t for calls\n  | site || <|>",
        "task for calls\n  title: \"Call {{ <|>",
        "task for calls\n  title: \"Call {{ phone | <|>",
        "task for calls\n  title: \"Call {{ site else <|>",
        "task for calls\n  title: \"Call {{ phone }} and <|>",
    ];
    insta::assert_snapshot!(format!("{}{}", table(head, &cells), table("rules 1\n\n", &others)));
}

#[test]
fn in_russian() {
    insta::assert_snapshot!(table(
        "правила 1\n\n",
        &[
            "<|>",
            "фильтр для <|>",
            "фильтр для чатов\n  <|>",
            "фильтр для чатов\n  принимать когда <|>",
            "фильтр для чатов\n  принимать когда канал в (<|>",
            "фильтр для чатов\n  принимать когда канал <|>",
            "таблица сущности для чатов\n  | обращение || создать |\n  | <|>",
            "задача для чатов\n  заголовок: \"{{ имя иначе \"-\" | <|>",
            "# правила: разрешить <|>",
        ]
    ));
}

#[test]
fn in_a_script() {
    let lines = [
        "fn f(event) { event.<|> }",
        "fn f(event) { event.utm.<|> }",
        "fn f(a) { <|> }",
        "fn f(a) { \"event.<|>\" }",
    ];
    let rows = lines.iter().map(|line| format!("{line}\n    {}\n", offered("x.rhai", line)));
    insta::assert_snapshot!(rows.collect::<String>());
}

#[test]
fn in_a_policy() {
    let rules = "rules 1\n\nlist vip: \"a\"\n\nlist spam: \"b\"\n\nschedule office in \"Europe/Moscow\"\n  mon-fri: 09:00-18:00\n\n\
                 script \"x.rhai\"\n  policy entities for calls by mine needs crm.open_orders, crm.client\n  policy task for chats\n";
    let lines = [
        "fn mine(event, proposal, facts) { proposal.<|> }",
        "fn mine(e, p, f) { p.k<|> }",
        "fn mine(e, p, f) { f.<|> }",
        "fn task(event, proposal, facts) { facts.<|> }",
        "fn task(event, proposal, facts) { proposal.<|> }",
        "fn store(event, proposal, facts) { proposal.<|> }",
        "fn helper(a) { a.<|> }",
        "fn helper(a) { in_list(\"<|>\") }",
        "fn helper(a) { lookup( \"v<|>\", a, \"\") }",
        "fn helper(a) { prin<|> }",
    ];
    let mut out = String::new();
    for line in lines {
        let mut client = Client::new(&[("a.rules", rules), ("x.rhai", "")]);
        client.open("x.rhai");
        client.change("x.rhai", json!([{ "text": line.replace(CURSOR, "") }]));
        let answer = client.ask_at("textDocument/completion", "x.rhai", line, json!({})).unwrap();
        let labels = answer["items"].as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap());
        out.push_str(&format!("{line}\n    {}\n", labels.collect::<Vec<_>>().join(" ")));
        client.end().unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn what_is_chosen_takes_the_place_of_what_was_typed() {
    let text = "rules 1\n\nfilter for calls\n  accept when utm.so<|>\n";
    let mut client = Client::new(&[("a.rules", text)]);
    client.open("a.rules");
    let answer = client.ask_at("textDocument/completion", "a.rules", text, json!({})).unwrap();
    let items = answer["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["label"] == "utm.source").unwrap();
    let edits = json!([item["textEdit"]]);
    let after = crate::client::edited(&text.replace(CURSOR, ""), &edits);
    assert_eq!(after, "rules 1\n\nfilter for calls\n  accept when utm.source\n");
    client.end().unwrap();
}
