//! Tokens that are sent as differences, and what a function takes.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{CURSOR, Client};

const RULES: &str = "правила 1\n\nфильтр для входящих звонков\n  отклонять когда источник это \"Спам 🙂\"\n  иначе принимать\n\n\
    # раз\nсписок вип: \"a\", \"b\"\n\nтаблица дежурный для звонков\n  | сайт || сотрудник |\n  | иначе || \"anna@romashka.ru\" |\n\n\
    настройки для звонков\n  ответственный_по_умолчанию: дежурный\n";

/// The numbers of an answer.
fn numbers(answer: &Value) -> Vec<u64> {
    answer["data"].as_array().unwrap().iter().map(|number| number.as_u64().unwrap()).collect()
}

fn full(client: &mut Client) -> Value {
    client.ask_of("textDocument/semanticTokens/full", "a.rules", json!({})).unwrap()
}

fn delta(client: &mut Client, since: &Value) -> Value {
    let since = json!({ "previousResultId": since["resultId"] });
    client.ask_of("textDocument/semanticTokens/full/delta", "a.rules", since).unwrap()
}

/// The numbers after the edits, as an editor applies them.
fn applied(mut numbers: Vec<u64>, answer: &Value) -> Vec<u64> {
    for edit in answer["edits"].as_array().unwrap() {
        let at = |name: &str| usize::try_from(edit[name].as_u64().unwrap()).unwrap();
        let new = edit["data"].as_array().into_iter().flatten().map(|number| number.as_u64().unwrap());
        numbers.splice(at("start")..at("start") + at("deleteCount"), new);
    }
    numbers
}

/// A text and what stands in its place.
fn insertion(line: usize, text: &str) -> Value {
    let here = json!({ "line": line, "character": 0 });
    json!([{ "range": { "start": here, "end": here }, "text": text }])
}

#[test]
fn a_difference_is_of_the_changed_words_alone() {
    let mut client = Client::new(&[("a.rules", RULES)]);
    client.open("a.rules");
    let first = full(&mut client);
    let same = delta(&mut client, &first);
    assert_eq!(same["edits"], json!([]));
    client.change("a.rules", insertion(7, "список ещё: \"c\"\n\n"));
    let changed = delta(&mut client, &same);
    let edits = changed["edits"].as_array().unwrap();
    assert_eq!(edits.len(), 1);
    assert!(edits[0]["data"].as_array().unwrap().len() <= 4 * 5, "{edits:?}");
    let after = applied(numbers(&first), &changed);
    assert_eq!(after, numbers(&full(&mut client)));
    // Who has an older answer, or one of another life, is sent everything.
    let late = delta(&mut client, &first);
    assert_eq!(numbers(&late), after);
    client.end().unwrap();
}

#[test]
fn sections_painted_apart_are_the_file_painted_whole() {
    let mut client = Client::new(&[("a.rules", RULES)]);
    client.open("a.rules");
    let whole =
        json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } } });
    let range = client.ask_of("textDocument/semanticTokens/range", "a.rules", whole).unwrap();
    assert_eq!(numbers(&full(&mut client)), numbers(&range));
    client.end().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whatever is typed, the differences add up to what a fresh client is sent.
    #[test]
    fn differences_add_up(
        edits in prop::collection::vec((0usize..16, 0usize..2, prop::sample::select(vec![
            "", "\n", "# x\n", "список новый: \"ы\"\n\n", "фильтр для чатов\n", "  иначе ", "\"", "{{ ", "правила 1\n", "| a || b |\n",
        ])), 1..8),
    ) {
        let mut client = Client::new(&[("a.rules", RULES)]);
        client.open("a.rules");
        let mut last = full(&mut client);
        let mut known = numbers(&last);
        for (line, gone, text) in edits {
            let (start, end) = (json!({ "line": line, "character": 0 }), json!({ "line": line + gone, "character": 0 }));
            client.change("a.rules", json!([{ "range": { "start": start, "end": end }, "text": text }]));
            last = delta(&mut client, &last);
            known = applied(known, &last);
        }
        let fresh = full(&mut client);
        prop_assert_eq!(known, numbers(&fresh));
        let whole = json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } } });
        let range = client.ask_of("textDocument/semanticTokens/range", "a.rules", whole).unwrap();
        prop_assert_eq!(numbers(&fresh), numbers(&range));
        client.end().unwrap();
    }
}

/// What is shown at the cursor of a file.
fn signature(name: &str, text: &str) -> String {
    let script = "/// Имя метки.\nfn label(source, medium) { source }\n";
    let rules =
        "правила 1\n\nскрипт \"x.rhai\"\n  функция label(источник: текст?, канал: текст) даёт текст\n";
    let mut client = Client::new(&[("a.rules", ""), ("b.rules", rules), ("x.rhai", script)]);
    client.open_with(name, &text.replace(CURSOR, ""));
    let answer = client.ask_at("textDocument/signatureHelp", name, text, json!({})).unwrap();
    client.end().unwrap();
    if answer.is_null() {
        return "nothing".to_owned();
    }
    let one = &answer["signatures"][0];
    let at = usize::try_from(answer["activeParameter"].as_u64().unwrap()).unwrap();
    let active = one["parameters"][at]["label"].as_str().unwrap_or("-");
    format!("{} [{active}] {}", one["label"].as_str().unwrap(), one["documentation"]["value"])
}

#[test]
fn what_a_function_takes_is_shown_in_its_brackets() {
    let head = "правила 1\n\nзадача для звонков\n  заголовок: ";
    let cases = [
        ("a.rules", format!("{head}label(<|>")),
        ("a.rules", format!("{head}label(источник, <|>)")),
        ("a.rules", format!("{head}\"{{{{ label(источник, ка<|>")),
        ("a.rules", format!("{head}label(источник)<|>")),
        ("a.rules", format!("{head}unknown(<|>")),
        ("x.rhai", "/// Складывает.\nfn add(a, b) { 1 }\nfn c() { add(1, <|>".to_owned()),
        ("x.rhai", "fn c() { is_missing(<|>".to_owned()),
        ("x.rhai", "fn c() { [1, <|>".to_owned()),
    ];
    let shown: Vec<String> = cases
        .iter()
        .map(|(name, text)| {
            let line = text.lines().last().unwrap();
            format!("{line}\n    {}", signature(name, text))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}
