//! Words of the keyword table as tokens.
//!
//! Each word is one token, whatever keywords it is a part of, and a keyword is a choice of words one behind another: tree-sitter
//! tells words from names only where every token that may stand there is a word or a sign. A word may be written in small
//! letters, in capitals, or with a capital in front. Words that no name may have are reserved.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use switchboard_grammar::keywords::{Entry, Group, Keyword};

use crate::make::{choice, immediate, sequence, string, symbol, token};

/// The tokens, the keywords as choices of them, and the tokens that are reserved.
pub(crate) struct Words {
    pub(crate) rules: Map<String, Value>,
    pub(crate) reserved: Vec<Value>,
    /// Those of them that are no keyword by themselves.
    pub(crate) halves: Vec<Value>,
}

pub(crate) fn words() -> Words {
    let mut rules = Map::new();
    let mut used = BTreeSet::new();
    for entry in Keyword::TABLE {
        let members: BTreeSet<_> = spellings(entry).map(|spelling| parts(&spelling)).collect();
        let mut choices = Vec::new();
        for spelling in members {
            let mut pieces = Vec::new();
            for (at, part) in spelling.iter().flat_map(|word| word.iter().enumerate()) {
                pieces.push(if part.chars().all(char::is_alphabetic) {
                    used.insert(part.clone());
                    symbol(&name(part))
                } else if at == 0 {
                    string(part)
                } else {
                    immediate(0, string(part))
                });
            }
            choices.push(sequence(pieces));
        }
        rules.insert(format!("k_{}", entry.name), choice(choices));
    }
    let reserved = reserved();
    let mut halves = Vec::new();
    for word in used.iter().chain(&reserved).collect::<BTreeSet<_>>() {
        rules.insert(name(word), token(choice(cases(word).iter().map(|word| string(word)).collect())));
        if !used.contains(word) {
            halves.push(symbol(&name(word)));
        }
    }
    Words { rules, reserved: reserved.iter().map(|word| symbol(&name(word))).collect(), halves }
}

/// The name of a word's token: letters that C has in names.
fn name(word: &str) -> String {
    let letters =
        word.chars().map(|ch| if ch.is_ascii() { ch.to_string() } else { format!("u{:x}", u32::from(ch)) });
    format!("_w_{}", letters.collect::<Vec<_>>().join(""))
}

/// A spelling as its words, and each word as runs of letters and what stands between: `doesn't` is `doesn` and `'t`.
fn parts(spelling: &str) -> Vec<Vec<String>> {
    let split = |word: &str| {
        let mut parts: Vec<String> = Vec::new();
        for ch in word.chars() {
            match parts.last_mut() {
                Some(last) if last.chars().all(char::is_alphabetic) == ch.is_alphabetic() || last == "'" => {
                    last.push(ch)
                }
                _ => parts.push(ch.to_string()),
            }
        }
        parts
    };
    spelling.split(' ').map(split).collect()
}

/// A word in all cases that people write.
fn cases(word: &str) -> BTreeSet<String> {
    let mut chars = word.chars();
    let title = chars.next().map(|first| first.to_uppercase().chain(chars).collect());
    [Some(word.to_owned()), Some(word.to_uppercase()), title].into_iter().flatten().collect()
}

/// All spellings of a keyword.
fn spellings(entry: &Entry) -> impl Iterator<Item = String> {
    let aliases = entry.aliases.iter().map(|(alias, _)| alias);
    entry
        .en
        .iter()
        .chain(entry.ru)
        .chain(aliases)
        .chain(entry.foreign)
        .map(|spelling| spelling.to_lowercase())
}

/// The first words of everything that joins, asks or is a value, as the pest grammar has them.
fn reserved() -> BTreeSet<String> {
    Keyword::TABLE
        .iter()
        .filter(|entry| matches!(entry.group, Group::Connective | Group::Operator | Group::Constant))
        .filter(|entry| entry.keyword != Keyword::Default)
        .flat_map(|entry| {
            let single = entry.foreign.iter().filter(|foreign| !foreign.contains(' '));
            entry.en.iter().chain(entry.ru).chain(single)
        })
        .filter_map(|spelling| spelling.split(' ').next())
        .filter(|word| word.chars().all(char::is_alphabetic))
        .map(str::to_owned)
        .collect()
}

/// What each keyword is painted as: a capture of tree-sitter's usual ones.
pub(crate) fn highlights() -> String {
    let mut out = String::from("; Generated from the keyword table; UPDATE_EDITORS=1 cargo test\n\n");
    for (group, capture) in [
        (Group::Section, "keyword"),
        (Group::Event, "type"),
        (Group::Property, "keyword"),
        (Group::Connective, "keyword.operator"),
        (Group::Operator, "keyword.operator"),
        (Group::Constant, "constant.builtin"),
        (Group::Day, "constant.builtin"),
        (Group::Type, "type.builtin"),
        (Group::Unit, "number"),
    ] {
        let names = Keyword::TABLE.iter().filter(|entry| entry.group == group);
        let names: Vec<String> = names.map(|entry| format!("  (k_{})", entry.name)).collect();
        out.push_str(&format!("[\n{}\n] @{capture}\n\n", names.join("\n")));
    }
    out.push_str(
        "(comment) @comment\n(text) @string\n(plain) @string\n(escape) @string.escape\n[(number) (phone) (date) (time) \
         (moment) (amount) (edition)] @number\n(path) @variable\n(named (path) @function (arguments))\n(refine (name) \
         @function.builtin)\n(table_head (name) @type.definition)\n(list_head (name) @type.definition)\n(schedule_head \
         (name) @type.definition)\n(function_line (name) @function)\n(settings_line (name) @property)\n(result_head \
         (name) @property)\n(code) @property\n(ruler) @punctuation.delimiter\n[\"|\" (bars)] @punctuation.delimiter\n[\"(\" \
         \")\"] @punctuation.bracket\n",
    );
    out
}
