//! The examples of the pages are run.
//!
//! A page is read for its fenced blocks; the words behind the fence's language say what a block is:
//!
//! | fence | meaning |
//! | --- | --- |
//! | `rules` | a whole bundle, header or none; must load without errors |
//! | `rules bad NAME` | must be refused with that diagnostic |
//! | `rules FILE.rules`, `csv FILE.csv`, `rhai FILE.rhai` | a file beside every bundle of the page |
//! | `json event` | an event; must be understood |
//! | `json decision` | what the last bundle decides about the last event, as far as it is written |

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail loudly; clippy excuses only the test functions themselves"
)]

use std::collections::BTreeMap;

use serde_json::Value;
use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

use crate::tidy::tree::{files_ending, text};

/// A fenced block: what stands behind the fence, where, and the lines inside.
#[derive(Debug)]
struct Block {
    info: Vec<String>,
    line: usize,
    text: String,
}

#[test]
fn every_example_of_the_pages_does_what_the_page_says() {
    let readmes = files_ending("", "README.md").into_iter().chain(files_ending("", "README.ru.md"));
    // The pages of diagnostics have fences of their own, and a test of their own beside the engine.
    let pages = files_ending("docs", ".md").into_iter().filter(|page| !page.contains("/diagnostics/"));
    let checked: usize = pages.chain(readmes).map(|page| check(&page)).sum();
    assert!(checked > 50, "only {checked} examples were found; is the reader of pages broken?");
}

/// Runs the examples of one page and gives how many there are.
#[track_caller]
fn check(page: &str) -> usize {
    let lang = if page.starts_with("docs/ru/") || page.ends_with(".ru.md") { Lang::Ru } else { Lang::En };
    let blocks = blocks(&text(page));
    let beside: BTreeMap<&str, &str> = blocks
        .iter()
        .filter(|block| block.is(&["rules", "csv", "rhai", "j2"]) && block.word(1).contains('.'))
        .map(|block| (block.word(1), block.text.as_str()))
        .collect();
    let mut last: Option<Loaded> = None;
    let mut event: Option<Event> = None;
    let mut checked = 0;
    for block in &blocks {
        let place = format!("{page}:{}", block.line);
        match (block.word(0), block.word(1)) {
            ("rules", "bad") => {
                let loaded = bundle(&block.text, lang, &beside);
                let found: Vec<&str> = loaded.diagnostics.iter().map(|found| found.code.name).collect();
                assert!(
                    found.contains(&block.word(2)),
                    "{place}: expected {}, found {found:?}",
                    block.word(2)
                );
            }
            ("rules", "") => {
                let loaded = bundle(&block.text, lang, &beside);
                let errors: Vec<String> = loaded
                    .diagnostics
                    .iter()
                    .filter(|found| found.is_error())
                    .map(|found| format!("{}: {}", found.code.name, found.message.en))
                    .collect();
                assert_eq!(errors, Vec::<String>::new(), "{place}");
                last = Some(loaded);
            }
            ("json", "event") => {
                let json: Value =
                    serde_json::from_str(&block.text).unwrap_or_else(|error| panic!("{place}: {error}"));
                event = Some(Event::from_json(&json).unwrap_or_else(|errors| panic!("{place}: {errors:?}")));
            }
            ("json", "decision") => {
                let wanted: Value =
                    serde_json::from_str(&block.text).unwrap_or_else(|error| panic!("{place}: {error}"));
                let bundle = last.as_ref().and_then(|loaded| loaded.bundle.as_ref());
                let bundle = bundle.unwrap_or_else(|| panic!("{place}: no bundle stands above"));
                let event = event.as_ref().unwrap_or_else(|| panic!("{place}: no event stands above"));
                let now = "2026-03-02T12:00:00+03:00".parse().expect("a moment");
                let got = bundle.decide(event, &Facts::none(), now).to_json(lang);
                assert!(holds(&wanted, &got), "{place}: wanted {wanted}\ngot {got}");
            }
            _ => continue,
        }
        checked += 1;
    }
    checked
}

/// A block as a bundle, with the header that it may have left out.
fn bundle(rules: &str, lang: Lang, beside: &BTreeMap<&str, &str>) -> Loaded {
    let has_header = rules.starts_with("rules ") || rules.starts_with("правила ");
    let header = if has_header { "" } else { lang.pick("rules 1\n\n", "правила 1\n\n") };
    let mut source = BundleSource::single(format!("{header}{rules}"));
    for (name, text) in beside {
        source.add(*name, *text).expect("a name inside a bundle");
    }
    load(&source, &LoadOptions::default())
}

/// Whether everything that `wanted` says is so in `got`: named keys of objects, all elements of lists.
fn holds(wanted: &Value, got: &Value) -> bool {
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => {
            wanted.iter().all(|(key, wanted)| got.get(key).is_some_and(|got| holds(wanted, got)))
        }
        (Value::Array(wanted), Value::Array(got)) => {
            wanted.len() == got.len() && wanted.iter().zip(got).all(|(wanted, got)| holds(wanted, got))
        }
        _ => wanted == got,
    }
}

impl Block {
    fn word(&self, at: usize) -> &str {
        self.info.get(at).map_or("", String::as_str)
    }

    fn is(&self, languages: &[&str]) -> bool {
        languages.contains(&self.word(0))
    }
}

fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in page.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(info), None) => {
                let info = info.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { info, line: index + 1, text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed: {open:?}");
    found
}

#[test]
fn a_wrong_example_would_be_found() {
    let wanted = serde_json::json!({"tasks": [{"title": "a"}]});
    assert!(holds(&wanted, &serde_json::json!({"tasks": [{"title": "a", "due": null}], "more": 1})));
    assert!(!holds(&wanted, &serde_json::json!({"tasks": [{"title": "b"}]})));
    assert!(!holds(&wanted, &serde_json::json!({"tasks": []})));
    let none = BTreeMap::new();
    assert!(bundle("filter for nothing\n  else accept\n", Lang::En, &none).bundle.is_none());
}
