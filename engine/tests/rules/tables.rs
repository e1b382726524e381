//! Tables: hit policies, results, near misses, and the index against the plain reading of rows.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use switchboard_engine::bundle::Bundle;
use switchboard_grammar::lang::Lang;

use super::support::{call, check, decide, plain, rules};

/// What a field written from `value` gives for a call.
#[track_caller]
fn field(bundle: &Bundle, fields: Json) -> Json {
    plain(&decide(bundle, &call(fields)))["fields"]["client"]["it"].clone()
}

#[test]
fn first_match_takes_the_first_row_that_fits() {
    let bundle = rules(
        "table who for calls\n  | site | tags || employee |\n  |---|---||---|\n\
         \x20 | \"a.ru\", \"b.ru\" | - || \"one@x.ru\" |\n\
         \x20 | not \"a.ru\" | contains \"vip\" || \"two@x.ru\" |\n\
         \x20 | missing | - || \"three@x.ru\" |\n\n\
         fields of client for calls\n  it from who, always\n",
    );
    assert_eq!(field(&bundle, json!({ "site": "B.RU", "tags": ["vip"] })), "one@x.ru");
    assert_eq!(field(&bundle, json!({ "site": "c.ru", "tags": ["VIP"] })), "two@x.ru");
    assert_eq!(field(&bundle, json!({ "tags": ["vip"] })), "two@x.ru", "a missing value is not a.ru");
    assert_eq!(field(&bundle, json!({})), "three@x.ru");
    assert_eq!(field(&bundle, json!({ "site": "c.ru" })), Json::Null, "no row, no value");
}

#[test]
fn all_matches_collects_and_only_match_tells_of_conflicts() {
    let bundle = rules(
        "table hints for calls, all matches\n  | missed | talk_time || hint |\n\
         \x20 | yes | - || \"missed\", \"call back\" |\n  | - | < 10 s || \"short\" |\n  | - | > 1 hour || \"long\" |\n\n\
         table store for calls, only match\n  | utm.source | virtual_number || store |\n\
         \x20 | utm.medium | - || \"opt\" |\n  | - | +7 495 123-45-67 || \"msk\" |\n  | else || \"main\" |\n\n\
         fields of client for calls\n  it from hints, always\n",
    );
    let missed = json!({ "missed": true, "talk_time": 0 });
    assert_eq!(field(&bundle, missed), json!(["missed", "call back", "short"]));
    assert_eq!(field(&bundle, json!({ "missed": false, "talk_time": 60 })), Json::Null);

    // A cell that compares two fields of an event is nothing that a check can see through.
    let both = call(json!({ "utm": { "source": "Опт", "medium": "опт" }, "virtual_number": "+74951234567" }));
    let decision = decide(&bundle, &both);
    assert_eq!(decision.store.as_deref(), Some("opt"), "the first of the two rows counts");
    let trace = decision.trace.render(Lang::Ru);
    let conflict = trace.iter().find(|step| step.outcome == "conflict").unwrap();
    assert_eq!(conflict.why, "подходят строки 1 и 2, а должна только одна; взята строка 1");
}

#[test]
fn a_table_with_several_results_is_named_by_column() {
    let bundle = rules(
        "table pair for calls\n  | missed || first | second |\n  | yes || \"a\" | 1 |\n  | else || \"b\" | - |\n\n\
         fields of client for calls\n  it from pair.first, always\n  no from pair.second, always\n",
    );
    assert_eq!(field(&bundle, json!({ "missed": true })), "a");
    let decision = plain(&decide(&bundle, &call(json!({}))));
    assert_eq!(decision["fields"]["client"], json!({ "it": "b" }), "a missing value is not written");
    let loaded = check(
        "table pair for calls\n  | missed || first | second |\n  | yes || \"a\" | 1 |\n  | else || \"b\" | 2 |\n\n\
         fields of client for calls\n  it from pair\n",
    );
    assert_eq!(loaded.diagnostics[0].notes[0].en, "write one of `pair.first`, `pair.second`");
}

#[test]
fn near_misses_name_the_cell() {
    let bundle = rules(
        "table who for calls\n  | site | campaign || employee |\n  | \"a.ru\" | \"x\" || \"one@x.ru\" |\n\
         \x20 | \"a.ru\" | like \"VIP*\" || \"two@x.ru\" |\n  | \"b.ru\" | \"y\" || \"three@x.ru\" |\n  | else || \"four@x.ru\" |\n\n\
         fields of client for calls\n  it from who, always\n",
    );
    let decision = decide(&bundle, &call(json!({ "site": "a.ru", "campaign": "z" })));
    let near = |lang| {
        let steps = decision.trace.render(lang);
        let step = steps.iter().find(|step| step.outcome == "else").unwrap().clone();
        step.near.iter().map(|near| near.why.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        near(Lang::En),
        [
            "row 1 would match if campaign were \"x\"",
            "row 2 would match if this held: campaign like \"VIP*\""
        ]
    );
    assert_eq!(
        near(Lang::Ru),
        [
            "строка 1 подошла бы, если бы было так: campaign это \"x\"",
            "строка 2 подошла бы, если бы было так: campaign like \"VIP*\"",
        ],
        "what the file says stays as it is, the words around it are the reader's"
    );
}

#[test]
fn values_need_one_another_in_any_order_and_memory_is_per_event() {
    let bundle = rules(
        "fields of client for calls\n  it from c, always\n\nsettings for calls\n  a: site else \"none\"\n\n\
         table c for calls\n  | b || r |\n  | \"none!\" || \"no site\" |\n  | else || b |\n\n\
         table b for calls\n  | a || r |\n  | - || \"{{ a }}!\" |\n",
    );
    assert_eq!(field(&bundle, json!({})), "no site");
    assert_eq!(field(&bundle, json!({ "site": "a.ru" })), "a.ru!");
    assert_eq!(field(&bundle, json!({})), "no site");
}

#[test]
fn equally_named_tables_for_different_events() {
    let bundle = rules(
        "table who for incoming calls\n  | missed || employee |\n  | - || \"in@x.ru\" |\n\n\
         table who for outgoing calls\n  | missed || employee |\n  | - || \"out@x.ru\" |\n\n\
         fields of client for calls\n  it from who, always\n",
    );
    assert_eq!(field(&bundle, json!({})), "in@x.ru");
    assert_eq!(field(&bundle, json!({ "direction": "outgoing" })), "out@x.ru");
}

/// One cell as text, and whether it lets a value through, worked out plainly.
#[derive(Clone, Debug)]
enum Cell {
    Any,
    Values(Vec<&'static str>),
    NotValues(Vec<&'static str>),
    Like(&'static str),
    Missing,
    Present,
}

impl Cell {
    fn text(&self) -> String {
        let quoted =
            |values: &[&str]| values.iter().map(|v| format!("\"{v}\"")).collect::<Vec<_>>().join(", ");
        match self {
            Cell::Any => "-".to_owned(),
            Cell::Values(values) => quoted(values),
            Cell::NotValues(values) => format!("not {}", quoted(values)),
            Cell::Like(start) => format!("like \"{start}*\""),
            Cell::Missing => "missing".to_owned(),
            Cell::Present => "present".to_owned(),
        }
    }

    fn lets(&self, value: Option<&str>) -> bool {
        match self {
            Cell::Any => true,
            Cell::Values(values) => value.is_some_and(|value| values.contains(&value)),
            Cell::NotValues(values) => !value.is_some_and(|value| values.contains(&value)),
            Cell::Like(start) => value.is_some_and(|value| value.starts_with(start)),
            Cell::Missing => value.is_none(),
            Cell::Present => value.is_some(),
        }
    }
}

const WORDS: [&str; 4] = ["a", "ab", "b", "c"];

fn cell() -> impl Strategy<Value = Cell> {
    let words = proptest::sample::subsequence(WORDS.to_vec(), 1..=3);
    prop_oneof![
        2 => Just(Cell::Any),
        4 => words.clone().prop_map(Cell::Values),
        1 => words.prop_map(Cell::NotValues),
        1 => proptest::sample::select(WORDS.to_vec()).prop_map(Cell::Like),
        1 => Just(Cell::Missing),
        1 => Just(Cell::Present),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_index_finds_what_reading_row_by_row_finds(
        table in proptest::collection::vec(proptest::collection::vec(cell(), 3), 1..90),
        all in any::<bool>(),
    ) {
        let rows: String = table.iter().enumerate().map(|(at, row)| {
            let cells: Vec<String> = row.iter().map(Cell::text).collect();
            format!("  | {} || {at} |\n", cells.join(" | "))
        }).collect();
        let hit = if all { ", all matches" } else { "" };
        let bundle = rules(&format!(
            "table t for calls{hit}\n  | site | campaign | source || n |\n{rows}\nfields of client for calls\n  it from t, always\n"
        ));
        let values = [None, Some("a"), Some("ab"), Some("zz")];
        for one in values {
            for two in values {
                for three in values {
                    let event = json!({ "site": one, "campaign": two, "source": three });
                    let found = field(&bundle, event);
                    let hits: Vec<usize> = table.iter().enumerate()
                        .filter(|(_, row)| row.iter().zip([one, two, three]).all(|(cell, value)| cell.lets(value)))
                        .map(|(at, _)| at)
                        .collect();
                    let expected = match (all, hits.first()) {
                        (_, None) => Json::Null,
                        (true, Some(_)) => json!(hits),
                        (false, Some(first)) => json!(first),
                    };
                    prop_assert_eq!(found, expected, "{:?} {:?} {:?}\n{}", one, two, three, rows);
                }
            }
        }
    }
}
