//! Hover, definition, references and renaming, across files and into scripts.

use serde_json::{Value, json};

use crate::client::{CURSOR, Client, edited, shown_range};

const MAIN: &str = "rules 1\n\ninclude \"more.rules\"\n\n## Who of us\n## answers what.\ntable duty for calls\n  \
    | contact | site        || employee           |\n  |---------|-------------||--------------------|\n  \
    | first   | in ours     || \"anna@romashka.ru\" |\n  | else                  || backup             |\n\n\
    settings for calls\n  backup: \"olga@romashka.ru\"\n  default_responsible: duty\n\n\
    # rules: allow unused-list – not yet\nlist later: 1\n\n\
    task for missed calls\n  title: \"Call {{ phone | phone }}: {{ label(campaign else \"-\") | cut 40 }}\"\n  \
    assign: caller else duty\n  due: 2 working hours after started by hours\n";
const MORE: &str = "rules 1\n\n## Our own sites.\nlist ours: \"a\", \"b\"\n\nschedule hours in \"Europe/Moscow\"\n  \
    mon-fri: 09:00-18:00\n\nscript \"text.rhai\"\n  function label(name: text) gives text\n";
const SCRIPT: &str = "// In small letters.\nfn label(name) {\n  // label(name) is no call here\n  small(name) + \"label(x)\"\n}\n\n\
    fn small(name) { if name == \"\" { label(\"-\") } else { name.to_lower() } }\n";

fn client() -> Client {
    let mut client = Client::new(&[("main.rules", MAIN), ("more.rules", MORE), ("text.rhai", SCRIPT)]);
    client.open("main.rules");
    client.open("more.rules");
    client.open("text.rhai");
    client
}

fn text_of(name: &str) -> &'static str {
    match name {
        "main.rules" => MAIN,
        "more.rules" => MORE,
        _ => SCRIPT,
    }
}

/// The text with the cursor inside of the nth place where these words stand.
fn at(name: &str, words: &str, nth: usize) -> String {
    let text = text_of(name);
    let (start, _) = text.match_indices(words).nth(nth).unwrap_or_else(|| panic!("{words} in {name}"));
    format!("{}{CURSOR}{}", &text[..start + 1], &text[start + 1..])
}

fn locations(client: &Client, answer: &Value) -> String {
    let all = answer.as_array().cloned().unwrap_or_else(|| vec![answer.clone()]);
    let shown = all.iter().filter(|one| one.is_object()).map(|one| {
        let name = client.name(one["uri"].as_str().unwrap());
        format!("  {name}:{}\n", shown_range(text_of(&name), &one["range"]))
    });
    shown.collect()
}

/// Names of the three files: where and which.
const PLACES: &[(&str, &str, usize)] = &[
    ("main.rules", "duty", 0),
    ("main.rules", "duty", 2),
    ("main.rules", "backup", 0),
    ("main.rules", "ours", 0),
    ("more.rules", "ours", 0),
    ("main.rules", "label", 0),
    ("more.rules", "label", 0),
    ("text.rhai", "label", 0),
    ("text.rhai", "small", 2),
    ("main.rules", "hours", 1),
    ("main.rules", "more.rules", 0),
    ("main.rules", "site", 0),
    ("main.rules", "first", 0),
    ("main.rules", "employee", 0),
    ("main.rules", "default_responsible", 0),
    ("main.rules", "phone", 1),
    ("main.rules", "unused-list", 0),
    ("main.rules", "table", 0),
];

#[test]
fn hover_says_what_a_name_is() {
    let mut client = client();
    client.findings("main.rules");
    let mut out = String::new();
    for (name, words, nth) in PLACES {
        let answer = client.ask_at("textDocument/hover", name, &at(name, words, *nth), json!({})).unwrap();
        let shown = answer["contents"]["value"].as_str().unwrap_or("-");
        let shown: String = shown.lines().take(12).map(|line| format!("    {line}\n")).collect();
        out.push_str(&format!("{name}: {words}\n{shown}"));
    }
    insta::assert_snapshot!(out);
    client.end().unwrap();
}

#[test]
fn definition_and_references_cross_files() {
    let mut client = client();
    let mut out = String::new();
    for (name, words, nth) in PLACES {
        let text = at(name, words, *nth);
        let definition = client.ask_at("textDocument/definition", name, &text, json!({})).unwrap();
        let more = json!({ "context": { "includeDeclaration": true } });
        let references = client.ask_at("textDocument/references", name, &text, more).unwrap();
        out.push_str(&format!("{name}: {words}\n definition\n{}", locations(&client, &definition)));
        out.push_str(&format!(" references\n{}", locations(&client, &references)));
    }
    insta::assert_snapshot!(out);
    client.end().unwrap();
}

#[test]
fn renaming_changes_every_place_and_nothing_else() {
    let mut out = String::new();
    for (name, words, nth) in PLACES {
        let mut client = client();
        let answer = client.ask_at(
            "textDocument/rename",
            name,
            &at(name, words, *nth),
            json!({ "newName": "новое_имя" }),
        );
        match answer {
            Err(error) => out.push_str(&format!("{name}: {words}: refused, {error}\n")),
            Ok(Value::Null) => out.push_str(&format!("{name}: {words}: no name\n")),
            Ok(edit) => {
                out.push_str(&format!("{name}: {words}\n"));
                let changes = edit["changes"].as_object().unwrap().clone();
                let mut files: Vec<_> =
                    changes.iter().map(|(uri, edits)| (client.name(uri), edits)).collect();
                files.sort_by_key(|(name, _)| name.clone());
                for (name, edits) in files {
                    let after = edited(text_of(&name), edits);
                    let lines = after.lines().zip(text_of(&name).lines()).filter(|(new, old)| new != old);
                    lines.for_each(|(new, _)| out.push_str(&format!("  {name}: {}\n", new.trim())));
                    client.change(&name, json!([{ "text": after }]));
                }
                assert_eq!(client.findings("main.rules"), Vec::<Value>::new(), "{name}: {words}");
            }
        }
        client.end().unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn lists_and_functions_of_policies_are_renamed_in_rules_and_scripts() {
    let rules = "правила 1\n\nсписок вип: \"a\"\n\nскрипт \"p.rhai\"\n  политика сущностей для звонков нужны crm.клиент\n  политика задачи для звонков по дело\n";
    let script = "fn entities(event, proposal, facts) { if in_list(\"вип\", event.site) { entities_of(proposal) } proposal }\n\
                  fn entities_of(p) { \"вип\" }\nfn дело(event, proposal, facts) { proposal }\n";
    let mut out = String::new();
    for (place, words) in [("p.rhai", "entities("), ("p.rhai", "вип"), ("a.rules", "вип"), ("p.rhai", "дело")]
    {
        let mut client = Client::new(&[("a.rules", rules), ("p.rhai", script)]);
        ["a.rules", "p.rhai"].iter().for_each(|name| client.open(name));
        let text = if place == "p.rhai" { script } else { rules };
        let found = text.find(words).unwrap();
        let cursor = format!("{}{CURSOR}{}", &text[..found], &text[found..]);
        let edit =
            client.ask_at("textDocument/rename", place, &cursor, json!({ "newName": "новое" })).unwrap();
        out.push_str(&format!("{place}: {words}\n"));
        for (name, text) in [("a.rules", rules), ("p.rhai", script)] {
            let uri = edit["changes"].as_object().unwrap().iter().find(|(uri, _)| client.name(uri) == name);
            let Some((_, edits)) = uri else { continue };
            let after = edited(text, edits);
            let lines = after.lines().zip(text.lines()).filter(|(new, old)| new != old);
            lines.for_each(|(new, _)| out.push_str(&format!("  {name}: {}\n", new.trim())));
            client.change(name, json!([{ "text": after }]));
        }
        assert_eq!(client.findings("a.rules"), Vec::<Value>::new(), "{words}");
        client.end().unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_new_name_has_to_be_one_and_free() {
    let mut client = client();
    let mut out = String::new();
    for new in
        ["and", "two words", "1a", "", "site", "backup", "entities", "a-b", "default_responsible", " padded "]
    {
        let answer = client.ask_at(
            "textDocument/rename",
            "main.rules",
            &at("main.rules", "duty", 0),
            json!({ "newName": new }),
        );
        out.push_str(&format!("{new:?}: {}\n", answer.map_or_else(|error| error, |_| "taken".to_owned())));
    }
    let prepared =
        client.ask_at("textDocument/prepareRename", "main.rules", &at("main.rules", "duty", 1), json!({}));
    out.push_str(&format!("{}\n", prepared.unwrap()));
    insta::assert_snapshot!(out);
    client.end().unwrap();
}

#[test]
fn the_same_name_is_marked_in_the_file() {
    let mut client = client();
    let marked = client.ask_at(
        "textDocument/documentHighlight",
        "main.rules",
        &at("main.rules", "duty", 0),
        json!({}),
    );
    let marked = marked.unwrap();
    let shown: Vec<String> = marked
        .as_array()
        .unwrap()
        .iter()
        .map(|mark| format!("{} {}", shown_range(MAIN, &mark["range"]), mark["kind"]))
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
    client.end().unwrap();
}
