//! Any edits in any order: the server ends with what a fresh start would say, and no position makes it stumble.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Client, position};

const START: &str = "rules 1\n\n## All.\nfilter for calls\n  accept when site in ours and contact is first\n  else reject\n\n\
    list ours: \"a\", \"b\"\n\ntable duty for calls\n  | site || employee |\n  | else || \"anna@romashka.ru\" |\n\n\
    task for missed calls\n  title: \"Call {{ phone | phone }}\"\n  assign: caller else duty\n  due: 2 hours after started\n";

/// What is typed, pasted and removed.
const BITS: &[&str] = &[
    "",
    " ",
    "\n",
    "  ",
    "|",
    "||",
    "\"",
    "{{",
    "}}",
    "(",
    ")",
    "#",
    "ё",
    "😀",
    "is",
    "not ",
    "and ",
    "list a: 1\n",
    "filter for chats\n  else accept\n",
    "  accept when campaign is \"x\"\n",
    "правила 1\n",
    "site",
    "duty",
    ":",
    "\r\n",
    "script \"x.rhai\"\n  function f(a: text) gives text\n",
];

/// The features that take a position.
const ASKED: &[&str] = &[
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
];

/// The features that take a file.
const SEEN: &[&str] = &[
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "textDocument/codeLens",
];

fn fresh(text: &str) -> Vec<Value> {
    let mut client = Client::new(&[("main.rules", text)]);
    client.open("main.rules");
    let found = client.findings("main.rules");
    client.end().unwrap();
    plain(&found)
}

/// Findings without the address of the folder.
fn plain(found: &[Value]) -> Vec<Value> {
    let mut found = found.to_vec();
    for one in &mut found {
        for related in one["relatedInformation"].as_array_mut().into_iter().flatten() {
            related["location"]["uri"] = Value::Null;
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn edits_in_any_order_end_as_a_fresh_start(
        edits in prop::collection::vec((any::<u32>(), 0usize..30, prop::sample::select(BITS), any::<bool>()), 1..16),
    ) {
        let mut client = Client::new(&[("main.rules", START)]);
        client.open("main.rules");
        let mut text = START.to_owned();
        let mut pending: Vec<Value> = Vec::new();
        for (at, length, with, sends) in edits {
            let boundary = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
            let from = boundary(at as usize % (text.len() + 1));
            let to = boundary((from + length).min(text.len()));
            // A position cannot stand between `\r` and `\n`: the end of the line is in front of both.
            let inside = |at: usize| text[..at].ends_with('\r') && text[at..].starts_with('\n');
            if inside(from) || inside(to) {
                continue;
            }
            let range = json!({ "start": position(&text, from), "end": position(&text, to) });
            pending.push(json!({ "range": range, "text": with }));
            text.replace_range(from..to, with);
            if sends {
                client.change("main.rules", Value::Array(std::mem::take(&mut pending)));
            }
        }
        if !pending.is_empty() {
            client.change("main.rules", Value::Array(pending));
        }
        let found = client.findings("main.rules");
        let now = plain(&found);
        client.end().unwrap();
        prop_assert_eq!(now, fresh(&text), "{}", text);
    }

    #[test]
    fn no_position_makes_it_stumble(
        edits in prop::collection::vec((any::<u32>(), prop::sample::select(BITS)), 0..12),
        lines in prop::collection::vec((0u32..40, 0u32..60), 1..6),
    ) {
        let mut text = START.to_owned();
        for (at, with) in edits {
            let at = (at as usize % (text.len() + 1)..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
            text.insert_str(at, with);
        }
        let mut client = Client::new(&[("main.rules", &text), ("x.rhai", &text)]);
        client.open("main.rules");
        client.open("x.rhai");
        for (line, column) in lines {
            let place = json!({ "line": line, "character": column });
            for name in ["main.rules", "x.rhai"] {
                for method in ASKED {
                    let more = json!({ "position": place, "context": { "includeDeclaration": true } });
                    // Renaming may be refused; completion has no context without a trigger.
                    let more = if method.ends_with("references") { more } else { json!({ "position": place }) };
                    let answered = client.ask_of(method, name, more);
                    prop_assert!(answered.is_ok() || method.ends_with("prepareRename"), "{method}: {answered:?}");
                }
                let _ = client.ask_of("textDocument/rename", name, json!({ "position": place, "newName": "x" }));
                let range = json!({ "range": { "start": place, "end": { "line": 30, "character": 0 } } });
                prop_assert!(client.ask_of("textDocument/inlayHint", name, range.clone()).is_ok());
                prop_assert!(client.ask_of("textDocument/semanticTokens/range", name, range.clone()).is_ok());
                let mut action = range.clone();
                action["context"] = json!({ "diagnostics": [] });
                prop_assert!(client.ask_of("textDocument/codeAction", name, action).is_ok());
                let mut layout = range;
                layout["options"] = json!({ "tabSize": 2, "insertSpaces": true });
                prop_assert!(client.ask_of("textDocument/rangeFormatting", name, layout).is_ok());
                for method in SEEN {
                    prop_assert!(client.ask_of(method, name, json!({})).is_ok(), "{method}");
                }
            }
        }
        client.end().unwrap();
    }
}
