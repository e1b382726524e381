//! The grammar for editors that paint by patterns, made from the one keyword table.
//!
//! `editors/textmate/rules.tmLanguage.json` is a generated file that is kept; `UPDATE_EDITORS=1 cargo test -p
//! switchboard-grammar --test it editors` writes it anew. It paints more coarsely than the language server, which knows
//! what a name is; but it paints at once, and where no server runs.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use switchboard_grammar::keywords::{Group, Keyword};

/// No letter, digit or point before a word, and none behind it.
const BEFORE: &str = r"(?<![\p{L}\p{N}_.])";
const BEHIND: &str = r"(?![\p{L}\p{N}_.])";

#[test]
fn the_textmate_grammar_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../editors/textmate/rules.tmLanguage.json");
    let made = serde_json::to_string_pretty(&textmate()).unwrap() + "\n";
    if std::env::var_os("UPDATE_EDITORS").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == made,
        "{path} is out of date; UPDATE_EDITORS=1 cargo test -p switchboard-grammar --test it editors"
    );
}

/// Every word of the table stands in the grammar.
#[test]
fn no_word_is_forgotten() {
    let made = textmate().to_string();
    for entry in Keyword::TABLE {
        for spelling in entry.en.iter().chain(entry.ru) {
            let shown = json!(pattern(spelling)).to_string();
            let shown = shown.trim_matches('"');
            assert!(made.contains(shown), "{:?}: {spelling}", entry.keyword);
        }
    }
}

fn textmate() -> Value {
    let words = |keywords: &[Keyword]| choice(keywords.iter().copied());
    let group = |group: Group| choice(of(group));
    let line = |pattern: &str, scope: &str| json!({ "match": format!(r"^\s+({pattern}){BEHIND}"), "captures": { "1": { "name": scope } } });
    let before_colon = words(&[
        Keyword::Title,
        Keyword::Assign,
        Keyword::Due,
        Keyword::Note,
        Keyword::Funnel,
        Keyword::Amount,
        Keyword::Pass,
        Keyword::Won,
        Keyword::Lost,
        Keyword::OnFailure,
    ]);
    let opening = words(&[
        Keyword::Accept,
        Keyword::Reject,
        Keyword::Cancel,
        Keyword::OnlyWhen,
        Keyword::Function,
        Keyword::Policy,
    ]);
    let inside = words(&[
        Keyword::FirstMatch,
        Keyword::OnlyMatch,
        Keyword::AllMatches,
        Keyword::Template,
        Keyword::After,
        Keyword::Working,
        Keyword::By,
        Keyword::From,
        Keyword::Always,
        Keyword::Column,
        Keyword::Gives,
        Keyword::Needs,
        Keyword::UseTables,
        Keyword::Park,
        Keyword::Accept,
        Keyword::Reject,
    ]);
    json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "comment": "Generated from the keyword table in grammar/src/keywords/table.rs; UPDATE_EDITORS=1 cargo test -p switchboard-grammar --test it editors",
        "name": "Rules",
        "scopeName": "source.rules",
        "fileTypes": ["rules"],
        "patterns": [
            { "include": "#comment" },
            { "include": "#header" },
            { "include": "#section" },
            { "include": "#line" },
            { "include": "#value" },
        ],
        "repository": {
            "comment": { "patterns": [
                { "name": "comment.line.number-sign.suppression.rules",
                  "match": r"#\s*(?:rules:\s*allow|правила:\s*разрешить)\b.*$" },
                { "name": "comment.line.documentation.rules", "match": r"##(?!#).*$" },
                { "name": "comment.line.number-sign.rules", "match": r"#.*$" },
            ]},
            "header": { "match": format!(r"^({})\s+(\d+)", words(&[Keyword::Rules])),
                "captures": { "1": { "name": "keyword.control.rules" }, "2": { "name": "constant.numeric.rules" } } },
            "section": {
                "begin": format!(r"^({}){BEHIND}", group(Group::Section)),
                "beginCaptures": { "1": { "name": "keyword.control.section.rules" } },
                "end": "$",
                "patterns": [
                    { "include": "#comment" },
                    { "name": "keyword.other.property.rules",
                      "match": format!("{BEFORE}(?:{}){BEHIND}", words(&[Keyword::Client, Keyword::Order])) },
                    { "name": "storage.type.event.rules", "match": format!("{BEFORE}(?:{}){BEHIND}", group(Group::Event)) },
                    { "name": "entity.name.type.rules",
                      "match": format!(r"(?:{})[\p{{L}}_][\p{{L}}\p{{N}}_]*", single(&[Keyword::Table, Keyword::List, Keyword::Schedule])) },
                    { "include": "#value" },
                ],
            },
            "line": { "patterns": [
                { "match": format!(r"^\s+({before_colon})(?=\s*:)"), "captures": { "1": { "name": "keyword.other.property.rules" } } },
                { "begin": format!(r"^\s+({}){BEHIND}", words(&[Keyword::Function])),
                  "beginCaptures": { "1": { "name": "keyword.other.property.rules" } },
                  "end": "$",
                  "patterns": [
                    { "include": "#comment" },
                    { "name": "entity.name.function.rules", "match": r"[\p{L}_][\p{L}\p{N}_]*(?=\()" },
                    { "name": "variable.parameter.rules", "match": r"[\p{L}_][\p{L}\p{N}_]*(?=\s*:)" },
                    { "name": "support.type.rules", "match": format!("{BEFORE}(?:{})(?![\\p{{L}}\\p{{N}}_])", group(Group::Type)) },
                    { "name": "keyword.other.property.rules", "match": format!("{BEFORE}(?:{}){BEHIND}", words(&[Keyword::Gives])) },
                  ] },
                line(&opening, "keyword.other.property.rules"),
                { "match": format!(r"^\s+({})(?=\s*[-–—.,:])", group(Group::Day)), "captures": { "1": { "name": "constant.language.rules" } } },
            ]},
            "value": { "patterns": [
                { "include": "#comment" },
                { "include": "#text" },
                { "name": "punctuation.separator.table.rules", "match": r"\|[-|:+=\s]*--[-|:+=\s]*|\|\|?" },
                { "name": "constant.numeric.duration.rules", "match": format!(r"{BEFORE}\d+(?:\.\d+)?\s*(?:{}){BEHIND}", group(Group::Unit)) },
                { "name": "constant.numeric.rules", "match": r"(?<![\p{L}\p{N}_])(?:\+?\d[\d ()\-–.:T]*\d|-?\d+(?:\.\d+)?)(?![\p{L}\p{N}_])" },
                { "name": "keyword.operator.comparison.rules", "match": format!("{BEFORE}(?:{}){BEHIND}|<=|>=|<|>", worded(Group::Operator)) },
                { "name": "keyword.operator.logical.rules", "match": format!("{BEFORE}(?:{}){BEHIND}", group(Group::Connective)) },
                { "name": "constant.language.rules", "match": format!("{BEFORE}(?:{}|{}){BEHIND}", group(Group::Constant), group(Group::Day)) },
                { "name": "keyword.other.property.rules", "match": format!(r"(?<=[\s:,])(?:{inside}){BEHIND}(?!\s*:)") },
                { "match": r"([\p{L}_][\p{L}\p{N}_]*)\s*(?=\()", "captures": { "1": { "name": "entity.name.function.rules" } } },
                { "name": "variable.other.rules", "match": r"[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}\p{N}_]+)*" },
            ]},
            "text": {
                "name": "string.quoted.double.rules",
                "begin": "\"",
                "end": "\"|$",
                "patterns": [
                    { "name": "constant.character.escape.rules", "match": r#"\\["\\{nt]"# },
                    { "name": "meta.template.rules", "begin": r"\{\{", "end": r"\}\}|$",
                      "beginCaptures": { "0": { "name": "punctuation.section.embedded.begin.rules" } },
                      "endCaptures": { "0": { "name": "punctuation.section.embedded.end.rules" } },
                      "contentName": "source.rules.embedded",
                      "patterns": [
                        { "match": r"(\|)\s*([\p{L}_][\p{L}\p{N}_]*)",
                          "captures": { "1": { "name": "keyword.operator.filter.rules" }, "2": { "name": "support.function.filter.rules" } } },
                        { "include": "#value" },
                      ] },
                ],
            },
        },
    })
}

fn of(group: Group) -> impl Iterator<Item = Keyword> {
    Keyword::TABLE.iter().filter(move |entry| entry.group == group).map(|entry| entry.keyword)
}

/// All spellings of some keywords as one choice, longer ones first.
fn choice(keywords: impl Iterator<Item = Keyword>) -> String {
    let spellings = keywords.flat_map(|keyword| keyword.entry().en.iter().chain(keyword.entry().ru));
    joined(spellings.map(|spelling| pattern(spelling)).collect())
}

/// The spellings that are words, not signs.
fn worded(group: Group) -> String {
    let spellings = of(group).flat_map(|keyword| keyword.entry().en.iter().chain(keyword.entry().ru));
    let words = spellings.filter(|spelling| spelling.ends_with(char::is_alphabetic));
    joined(words.map(|spelling| pattern(spelling)).collect())
}

/// Words of different lengths behind which a name stands: one look behind for each.
fn single(keywords: &[Keyword]) -> String {
    let spellings = keywords.iter().flat_map(|keyword| keyword.entry().en.iter().chain(keyword.entry().ru));
    spellings.map(|spelling| format!(r"(?<=^{}\s)", pattern(spelling))).collect::<Vec<_>>().join("|")
}

fn joined(spellings: BTreeSet<String>) -> String {
    let mut spellings: Vec<String> = spellings.into_iter().collect();
    spellings.sort_by(|a, b| b.chars().count().cmp(&a.chars().count()).then_with(|| a.cmp(b)));
    spellings.join("|")
}

/// A spelling as a pattern: any blanks between its words.
fn pattern(spelling: &str) -> String {
    spelling.split(' ').collect::<Vec<_>>().join(r"\s+")
}
