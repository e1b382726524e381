//! What pest accepts, tree-sitter accepts, and nothing else: on every line and cell of every file of rules in the fixtures.
//!
//! Each question that the parser puts to the pest grammar is put to this one, in a file in which everything else is right.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use switchboard_grammar::{Read, parse, reads};
use tree_sitter::{Node, Parser};

fn parser() -> Parser {
    let mut parser = Parser::new();
    let language = tree_sitter_rules::LANGUAGE.expect("generated; run the tests again");
    parser.set_language(&language.into()).expect("of a version that is known");
    parser
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rules") {
            found.push(path);
        }
    }
}

fn fixtures() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures"), &mut found);
    assert!(found.len() > 50, "the fixtures are there");
    found
        .into_iter()
        .map(|path| (path.display().to_string(), fs::read_to_string(path).expect("a text")))
        .collect()
}

/// A file in which only this piece may be wrong.
fn around(rule: &str, piece: &str) -> String {
    let table = "table t for calls\n  | a || x |\n";
    let body = match rule {
        "filter_line" => format!("filter for calls\n  {piece}"),
        "settings_line" => format!("settings for calls\n  {piece}"),
        "task_line" => format!("task for calls\n  {piece}"),
        "fields_line" => format!("fields of client for calls\n  {piece}"),
        "transfer_line" => format!("transfer orders\n  {piece}"),
        "list_line" => format!("list l\n  {piece}"),
        "function_line" | "policy_line" | "failure_line" => format!("script \"a.rhai\"\n  {piece}"),
        "schedule_line" => format!("schedule s in \"Europe/Moscow\"\n  {piece}"),
        "column_cell" => format!("table t for calls\n  | {piece} || x |"),
        "result_head" => format!("table t for calls\n  | a || {piece} |"),
        "input_cell" => format!("{table}  | {piece} || - |"),
        "else_cell" => format!("{table}  | {piece} || - |"),
        "result_cell" => format!("{table}  | - || {piece} |"),
        head if head.ends_with("_head") => piece.to_owned(),
        other => panic!("no file for `{other}`"),
    };
    format!("rules 1\n\n{body}\n")
}

/// The first node that is an error or was missed.
fn trouble(node: Node<'_>) -> Option<Node<'_>> {
    if node.is_error() || node.is_missing() {
        return Some(node);
    }
    (0..node.child_count()).find_map(|at| trouble(node.child(u32::try_from(at).ok()?)?))
}

#[test]
fn every_line_and_cell_is_accepted_by_both_or_by_neither() {
    let mut parser = parser();
    let mut asked: BTreeMap<(String, String), bool> = BTreeMap::new();
    for (_, text) in fixtures() {
        for read in reads(&text) {
            let piece = read.span.text(&text).to_owned();
            asked.insert((read.rule, piece), read.follows);
        }
    }
    let follows = asked.values().filter(|follows| **follows).count();
    assert!(follows > 400 && asked.len() - follows > 100, "{follows} of {}", asked.len());
    let mut differ = Vec::new();
    for ((rule, piece), follows) in &asked {
        let text = around(rule, piece);
        let tree = parser.parse(&text, None).expect("a tree");
        if tree.root_node().has_error() == *follows {
            let at = trouble(tree.root_node())
                .map(|node| node.start_byte())
                .and_then(|at| text.get(at..))
                .unwrap_or_default();
            differ.push(format!("{rule} {piece:?}: pest {follows} at {at:?}"));
        }
    }
    assert!(differ.is_empty(), "{} of {} differ:\n{}", differ.len(), asked.len(), differ.join("\n"));
}

/// Words that open a value made of several words. pest takes them for names where nothing follows, which tree-sitter
/// cannot; nobody calls a field so.
const OPENING: &[&str] = &["по", "template", "шаблон"];
/// The same of a hook made of several words.
const OPENING_HOOK: &str = "политика полей для ";

#[test]
fn a_line_or_cell_that_lost_a_word_is_accepted_by_both_or_by_neither() {
    let mut parser = parser();
    let mut asked: BTreeMap<(String, String), bool> = BTreeMap::new();
    for (_, text) in fixtures() {
        for read in reads(&text).into_iter().filter(|read| read.follows) {
            let words: Vec<&str> = read.span.text(&text).split(' ').collect();
            for gone in 0..words.len() {
                let kept = words.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, word)| *word);
                let piece = kept.collect::<Vec<_>>().join(" ").trim().to_owned();
                let file = around(&read.rule, &piece);
                // Without its first word a line may be one of another kind, which is another question.
                let same = |one: &&Read| one.rule == read.rule && one.span.text(&file) == piece;
                if let Some(answered) = reads(&file).iter().find(same) {
                    asked.insert((read.rule.clone(), piece.clone()), answered.follows);
                }
            }
        }
    }
    assert!(asked.len() > 1_500, "{}", asked.len());
    let mut differ = Vec::new();
    for ((rule, piece), follows) in &asked {
        let tree = parser.parse(around(rule, piece), None).expect("a tree");
        let opening = OPENING.iter().any(|word| piece.ends_with(word)) || piece.starts_with(OPENING_HOOK);
        if tree.root_node().has_error() == *follows && !opening {
            differ.push(format!("{rule} {piece:?}: pest {follows}"));
        }
    }
    assert!(differ.is_empty(), "{} of {} differ:\n{}", differ.len(), asked.len(), differ.join("\n"));
}

#[test]
fn files_without_mistakes_have_trees_without_errors() {
    let mut parser = parser();
    let mut seen = 0;
    let mut wrong = BTreeSet::new();
    for (path, text) in fixtures() {
        if parse(&text).has_errors() {
            continue;
        }
        seen += 1;
        let tree = parser.parse(&text, None).expect("a tree");
        if tree.root_node().has_error() {
            let line = trouble(tree.root_node()).map_or(0, |node| node.start_position().row + 1);
            wrong.insert(format!(
                "{path}:{line}: {}",
                text.lines().nth(line.saturating_sub(1)).unwrap_or_default()
            ));
        }
    }
    assert!(seen > 10, "{seen}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_queries_name_what_there_is() {
    let language = tree_sitter_rules::LANGUAGE.expect("generated; run the tests again").into();
    let queries = include_str!("../../queries/highlights.scm");
    if let Err(error) = tree_sitter::Query::new(&language, queries) {
        panic!("{error}");
    }
}
