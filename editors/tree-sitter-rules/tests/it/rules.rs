//! The grammar: statements as pest has them, words from the table, and by hand what is below statements and above them.

use std::collections::BTreeSet;

use pest_meta::ast::Expr;
use pest_meta::parser::{self, Rule};
use serde_json::{Map, Value, json};

use crate::keywords::words;
use crate::make::{
    choice, first, greedy, immediate, optional, pattern, repeat, repeat1, separated, sequence, string,
    symbol, token,
};

const PEST: &str = include_str!("../../../../grammar/src/rules.pest");

/// Rules of the pest grammar that are written by hand here: what one letter after the other makes.
const BY_HAND: &[&str] = &[
    "WHITESPACE",
    "blank",
    "blanks",
    "wordy",
    "digit",
    "name",
    "segment",
    "path",
    "code",
    "text",
    "plain",
    "hole",
    "refine",
    "alien",
    "literal",
    "moment",
    "date",
    "time",
    "phone",
    "phone_gap",
    "part",
    "amount",
    "number",
];

/// The sections: their name, and the lines that they may have.
const SECTIONS: &[(&str, &[&str])] = &[
    ("include", &[]),
    ("filter", &["filter_line"]),
    ("settings", &["settings_line"]),
    ("task", &["task_line"]),
    ("fields", &["fields_line"]),
    ("transfer", &["transfer_line"]),
    ("list", &["list_line"]),
    ("script", &["function_line", "policy_line", "failure_line"]),
    ("schedule", &["schedule_line"]),
];

/// Rules that could end earlier; pest never lets them.
const GREEDY: &[&str] = &["duration"];

/// Rules of cells, which stand in rows of tables.
const CELLS: &[&str] =
    &["table_head", "column_cell", "result_head", "input_cell", "else_cell", "result_cell"];

/// The whole grammar as JSON.
pub(crate) fn grammar() -> Value {
    let words = words();
    let mut rules = Map::new();
    frame(&mut rules);
    // Of two tokens that fit a text the earlier one is taken: words go before names.
    rules.extend(words.rules);
    for (name, rule) in statements() {
        rules.insert(name, rule);
    }
    lexis(&mut rules, words.halves);
    json!({
        "$schema": "https://tree-sitter.github.io/tree-sitter/assets/schemas/grammar.schema.json",
        "name": "rules",
        "word": "name",
        "rules": rules,
        "extras": [pattern("\\s"), pattern("\u{feff}"), symbol("comment")],
        "conflicts": [["k_not", "k_at_least"], ["k_not", "k_at_most"], ["k_in", "k_is"], ["events"], ["k_not_in", "k_is_not"]],
        "precedences": [],
        "externals": [symbol("_margin"), symbol("_indent"), symbol("_end"), symbol("_never")],
        "inline": [],
        "supertypes": [],
        "reserved": { "global": words.reserved },
    })
}

/// Files, sections and rows.
fn frame(rules: &mut Map<String, Value>) {
    let line = |content: Value| sequence(vec![symbol("_indent"), content, symbol("_end")]);
    let mut sections = vec![symbol("table_section")];
    for (section, lines) in SECTIONS {
        let lines: Vec<Value> = lines.iter().map(|name| line(symbol(name))).collect();
        let head = sequence(vec![symbol("_margin"), symbol(&format!("{section}_head")), symbol("_end")]);
        let body = if lines.is_empty() { head } else { sequence(vec![head, repeat(choice(lines))]) };
        sections.push(symbol(&format!("{section}_section")));
        rules.insert(format!("{section}_section"), body);
    }
    let bar = || string("|");
    let bars_here = || symbol("bars");
    let cells = |cell: &str| separated(symbol(cell), "|");
    let row = |inputs: Value, results: Value| sequence(vec![inputs, bars_here(), results, bar()]);
    rules.insert("bars".to_owned(), string("||"));
    rules.insert(
        "head_row".to_owned(),
        row(optional(sequence(vec![bar(), cells("column_cell")])), cells("result_head")),
    );
    rules.insert(
        "row".to_owned(),
        row(
            optional(sequence(vec![bar(), choice(vec![symbol("else_cell"), cells("input_cell")])])),
            cells("result_cell"),
        ),
    );
    rules.insert("ruler".to_owned(), token(pattern("\\|[|:+= \\t\\-]*--[|:+= \\t\\-]*")));
    rules.insert(
        "table_section".to_owned(),
        sequence(vec![
            symbol("_margin"),
            symbol("table_head"),
            symbol("_end"),
            optional(sequence(vec![
                line(symbol("head_row")),
                optional(line(symbol("ruler"))),
                repeat(line(symbol("row"))),
            ])),
        ]),
    );
    let edition = json!({ "type": "ALIAS", "content": symbol("_digits"), "named": true, "value": "edition" });
    let header = sequence(vec![symbol("_margin"), symbol("k_rules"), edition, symbol("_end")]);
    rules.insert("header".to_owned(), header);
    let file = sequence(vec![symbol("header"), repeat(symbol("_section"))]);
    // The first rule is where a file begins.
    let mut ordered = Map::new();
    ordered.insert("source_file".to_owned(), file);
    ordered.insert("_section".to_owned(), choice(sections));
    ordered.append(rules);
    *rules = ordered;
}

/// The rules of the pest grammar that speak of words and not of letters.
fn statements() -> Vec<(String, Value)> {
    let pairs = parser::parse(Rule::grammar_rules, PEST).expect("the pest grammar can be read");
    let parsed = parser::consume_rules(pairs).expect("the pest grammar can be read");
    let silent: BTreeSet<String> = parsed
        .iter()
        .filter(|rule| rule.ty == pest_meta::ast::RuleType::Silent)
        .map(|rule| rule.name.clone())
        .collect();
    let used: BTreeSet<&str> =
        SECTIONS.iter().flat_map(|(_, lines)| lines.iter().copied()).chain(CELLS.iter().copied()).collect();
    for rule in &parsed {
        let stands_alone = ["_line", "_cell", "_head"].iter().any(|end| rule.name.ends_with(end));
        let head = rule
            .name
            .strip_suffix("_head")
            .is_some_and(|name| SECTIONS.iter().any(|(known, _)| *known == name));
        assert!(
            !stands_alone || head || used.contains(rule.name.as_str()),
            "`{}` has no place here yet",
            rule.name
        );
    }
    parsed
        .iter()
        .filter(|rule| !BY_HAND.contains(&rule.name.as_str()))
        .map(|rule| {
            let translated = translated(&rule.expr, &silent);
            let rule_is_greedy = GREEDY.contains(&rule.name.as_str());
            (named(&rule.name, &silent), if rule_is_greedy { greedy(translated) } else { translated })
        })
        .collect()
}

fn named(name: &str, silent: &BTreeSet<String>) -> String {
    if silent.contains(name) { format!("_{name}") } else { name.to_owned() }
}

fn translated(expr: &Expr, silent: &BTreeSet<String>) -> Value {
    let inner = |expr: &Expr| translated(expr, silent);
    match expr {
        Expr::Str(text) => string(text),
        Expr::Ident(name) => symbol(&named(name, silent)),
        Expr::Seq(..) => {
            let members: Vec<&Expr> = flat(expr, &|expr| match expr {
                Expr::Seq(a, b) => Some((a, b)),
                _ => None,
            });
            let words = members.into_iter().filter(|member| !is_border(member));
            sequence(words.map(inner).collect())
        }
        Expr::Choice(..) => {
            let members = flat(expr, &|expr| match expr {
                Expr::Choice(a, b) => Some((a, b)),
                _ => None,
            });
            choice(members.into_iter().map(inner).collect())
        }
        Expr::Opt(content) => optional(inner(content)),
        Expr::Rep(content) => repeat(inner(content)),
        Expr::RepOnce(content) => repeat1(inner(content)),
        other => panic!("statements have no such piece: {other:?}"),
    }
}

/// The beginning and the end of a line, which the scanner tells.
fn is_border(expr: &Expr) -> bool {
    match expr {
        Expr::Ident(name) => name == "SOI" || name == "EOI",
        Expr::PosPred(inner) => is_border(inner),
        _ => false,
    }
}

fn flat<'e>(expr: &'e Expr, split: &dyn Fn(&'e Expr) -> Option<(&'e Expr, &'e Expr)>) -> Vec<&'e Expr> {
    match split(expr) {
        Some((a, b)) => flat(a, split).into_iter().chain(flat(b, split)).collect(),
        None => vec![expr],
    }
}

/// What is made of letters.
fn lexis(rules: &mut Map<String, Value>, halves: Vec<Value>) {
    const GAP: &str = "[ \\t\\-()\u{2011}\u{2013}]{0,3}";
    const DATE: &str = "(\\d{4}-\\d{2}-\\d{2}|\\d{2}\\.\\d{2}\\.\\d{4})";
    const TIME: &str = "\\d{1,2}:\\d{2}";
    const NAME: &str = "[\\p{XID_Start}_]\\p{XID_Continue}*";
    let mut add = |name: &str, rule: Value| rules.insert(name.to_owned(), rule);
    add("comment", token(pattern("#[^\\n]*")));
    add("name", pattern(NAME));
    add("_dotted", token(pattern(&format!("{NAME}(\\.\\p{{XID_Continue}}+)+"))));
    add("path", choice(vec![symbol("name"), symbol("_dotted")]));
    add("code", token(first(1, pattern("\\p{XID_Continue}[\\p{XID_Continue}\\-]*"))));
    add(
        "text",
        sequence(vec![
            string("\""),
            repeat(choice(vec![symbol("plain"), symbol("escape"), symbol("hole")])),
            immediate(1, string("\"")),
        ]),
    );
    add("plain", choice(vec![immediate(1, pattern("[^\"\\\\{\\n]+")), immediate(1, string("{"))]));
    add("escape", immediate(1, pattern("\\\\[\"\\\\{nt]")));
    add(
        "hole",
        sequence(vec![
            immediate(2, string("{{")),
            symbol("value"),
            repeat(sequence(vec![string("|"), symbol("refine")])),
            string("}}"),
        ]),
    );
    add("refine", sequence(vec![symbol("name"), repeat(symbol("_literal"))]));
    let quotes = ["«[^»\\n]*»", "'[^'\\n]*'", "[“„”][^”“\\n]*[”“]", "[‘’][^’‘\\n]*[’‘]"];
    add("alien", token(choice(quotes.map(pattern).to_vec())));
    add("moment", token(pattern(&format!("{DATE}(T|[ \\t]+){TIME}"))));
    add("date", token(pattern(DATE)));
    add("time", token(pattern(TIME)));
    let phones = [format!("\\+[ \\t]?\\d({GAP}\\d){{6,14}}"), format!("[78]({GAP}\\d){{10}}")];
    add("phone", token(choice(phones.iter().map(|phone| pattern(phone)).collect())));
    add("_digits", token(pattern("\\d+(\\.\\d+)?")));
    add("_negative", token(pattern("-\\d+(\\.\\d+)?")));
    // `1,5` is no number and no two numbers, and half of a word of several is no name: they are read, so that nothing else
    // can come of them, and nothing can follow.
    add("_comma", token(pattern("-?\\d+,\\d+")));
    let dead = choice(halves.into_iter().chain([symbol("_comma")]).collect());
    add("_dead", sequence(vec![dead, symbol("_never")]));
    add("number", choice(vec![symbol("_digits"), symbol("_negative"), symbol("_dead")]));
    add("amount", symbol("_digits"));
    add("part", sequence(vec![symbol("amount"), symbol("unit")]));
    let literals = ["text", "moment", "date", "time", "phone", "duration", "number", "yes_no", "alien"];
    add("_literal", choice(literals.map(symbol).to_vec()));
}
