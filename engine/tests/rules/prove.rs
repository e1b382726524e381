//! Proofs against trying everything: what is said of the rows of a table and of conditions is what enumeration over
//! the evaluator finds.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, Loaded, load};
use switchboard_grammar::lang::Lang;

use super::support::{call, check, decide, found, said};

/// A field: its name, cells about it, and values among which every combination of answers to the cells occurs.
struct Column {
    name: &'static str,
    cells: &'static [&'static str],
    values: fn() -> Vec<Json>,
}

const COLUMNS: [Column; 6] = [
    Column {
        name: "contact",
        cells: &["-", "first", "repeat", "not first"],
        values: || vec![json!("first"), json!("repeat")],
    },
    Column {
        name: "site",
        cells: &[
            "-",
            "\"a.ru\"",
            "\"b.ru\"",
            "\"a.ru\", \"b.ru\"",
            "not \"a.ru\"",
            "missing",
            "present",
            "\"A.RU\"",
        ],
        values: || vec![Json::Null, json!("a.ru"), json!("b.ru"), json!("c.ru")],
    },
    Column {
        name: "campaign",
        cells: &[
            "-",
            "like \"VIP*\"",
            "contains \"лето\"",
            "\"VIP лето\"",
            "not contains \"лето\"",
            "starts with \"VIP л\"",
            "ends with \"о\"",
        ],
        values: || {
            let texts = [
                "VIP",
                "лето",
                "VIP лето",
                "VIP а лето",
                "VIP летом",
                "VIP л",
                "VIP ло",
                "x",
                "о",
                "летом",
                "VIPо",
            ];
            texts.iter().map(|text| json!(text)).chain([Json::Null]).collect()
        },
    },
    Column {
        name: "talk_time",
        cells: &["-", "< 10 s", ">= 10 s", "> 30 s", "30 s", "<= 30 s", "missing", "not 30 s"],
        values: || vec![json!(0), json!(10), json!(11), json!(30), json!(31)],
    },
    Column {
        name: "missed",
        cells: &["-", "yes", "no", "not yes"],
        values: || vec![json!(true), json!(false)],
    },
    Column {
        name: "tags",
        cells: &["-", "contains \"a\"", "contains \"b\"", "not contains \"a\"", "missing"],
        values: || vec![json!([]), json!(["a"]), json!(["b"]), json!(["a", "b"]), json!(["c"])],
    },
];

/// A table in numbers: three columns, and for each row a cell of each and a result.
#[derive(Clone, Debug)]
struct Made {
    columns: [usize; 3],
    rows: Vec<([usize; 3], u8)>,
}

fn a_table(results: u8) -> impl Strategy<Value = Made> {
    let columns = prop::sample::subsequence((0..COLUMNS.len()).collect::<Vec<_>>(), 3);
    let rows = prop::collection::vec(([0usize..20, 0..20, 0..20], 0..results), 1..7);
    (columns, rows).prop_map(|(columns, rows)| Made { columns: [columns[0], columns[1], columns[2]], rows })
}

impl Made {
    fn text(&self, policy: &str) -> String {
        let mut text = format!("rules 1\n\ntable t for incoming calls{policy}\n  ");
        for column in self.columns {
            write!(text, "| {} ", COLUMNS[column].name).unwrap();
        }
        text.push_str("|| r |\n");
        for (cells, result) in &self.rows {
            text.push_str("  ");
            for (column, cell) in self.columns.iter().zip(cells) {
                let cells = COLUMNS[*column].cells;
                write!(text, "| {} ", cells[cell % cells.len()]).unwrap();
            }
            writeln!(text, "|| {result} |").unwrap();
        }
        text.push_str("  | else || 99 |\n\nfields of client for incoming calls\n  it from t, always\n");
        text
    }

    fn events(&self) -> Vec<Json> {
        let mut events = vec![json!({})];
        for column in self.columns {
            let Column { name, values, .. } = &COLUMNS[column];
            events = events
                .iter()
                .flat_map(|event| {
                    values().into_iter().map(move |value| {
                        let mut event = event.clone();
                        event[*name] = value;
                        event
                    })
                })
                .collect();
        }
        events
    }

    fn loaded(&self, policy: &str) -> Loaded {
        load(&BundleSource::single(self.text(policy)), &LoadOptions::default())
    }
}

#[track_caller]
fn whole(loaded: &Loaded) -> Arc<Bundle> {
    loaded.bundle.clone().unwrap_or_else(|| panic!("{}", said(loaded, Lang::En)))
}

/// The rows that an event matches, from 1.
fn rows_of(bundle: &Bundle, event: &Json) -> Vec<usize> {
    let trace = decide(bundle, &call(event.clone())).trace.render(Lang::En);
    let step = trace.iter().find(|step| step.section.starts_with("table")).unwrap();
    match step.outcome {
        "rows" => step.why.split([':', ',']).filter_map(|word| word.trim().parse().ok()).collect(),
        "row" => vec![step.row.unwrap() as usize],
        _ => Vec::new(),
    }
}

/// The rows of the finding's primary places, from 1.
fn told(loaded: &Loaded, code: &str) -> Vec<usize> {
    let findings = loaded.diagnostics.iter().filter(|found| found.code.name == code);
    let line = |found: &switchboard_grammar::diagnostic::Diagnostic| {
        let source = loaded.sources.get(found.primary.file).unwrap();
        source.line_of(found.primary.span.start) as usize
    };
    findings.map(|found| line(found) - 4).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 100, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn rows_that_never_count_are_those_that_no_event_finds(made in a_table(3)) {
        let loaded = made.loaded("");
        let bundle = whole(&loaded);
        let mut reached: Vec<usize> = made.events().iter().flat_map(|event| rows_of(&bundle, event)).collect();
        reached.sort_unstable();
        reached.dedup();
        let lost: Vec<usize> = (1..=made.rows.len()).filter(|row| !reached.contains(row)).collect();
        prop_assert_eq!(told(&loaded, "unreachable-row"), lost, "{}", made.text(""));
    }

    #[test]
    fn idle_columns_are_those_without_which_all_stays(made in a_table(2)) {
        let loaded = made.loaded("");
        let bundle = whole(&loaded);
        prop_assume!(told(&loaded, "unreachable-row").is_empty());
        let result = |bundle: &Bundle, event: &Json| rows_of(bundle, event).first().map_or(99, |row| made.rows[row - 1].1);
        for place in 0..3 {
            let mut without = made.clone();
            without.rows.iter_mut().for_each(|(cells, _)| cells[place] = 0);
            let other = whole(&without.loaded(""));
            let same = made.events().iter().all(|event| result(&bundle, event) == result(&other, event));
            let name = COLUMNS[made.columns[place]].name;
            let idle = loaded.diagnostics.iter().any(|found| {
                found.code.name == "idle-column" && found.message.en.contains(&format!("`{name}`"))
            });
            // Lists are taken as questions of their own, so a column of tags may be idle unnoticed; never the reverse.
            prop_assert!(!idle || same, "{} of\n{}", name, made.text(""));
            prop_assert!(idle || !same || name == "tags", "{} of\n{}", name, made.text(""));
        }
    }

    #[test]
    fn rows_conflict_where_an_event_finds_both(made in a_table(2)) {
        let loaded = made.loaded(", only match");
        let all = whole(&made.loaded(", all matches"));
        let mut second: Vec<usize> = Vec::new();
        for event in made.events() {
            let rows = rows_of(&all, &event);
            for (at, row) in rows.iter().enumerate() {
                if rows[..at].iter().any(|first| made.rows[first - 1].1 != made.rows[row - 1].1) {
                    second.push(*row);
                }
            }
        }
        second.sort_unstable();
        second.dedup();
        prop_assert_eq!(told(&loaded, "conflicting-rows"), second, "{}", made.text(", only match"));
    }
}

#[test]
fn rows_are_covered_by_several_together() {
    let loaded = check(
        "table entities for calls\n  | contact | site || create |\n  | first | - || client |\n  | - | \"a.ru\" || order |\n\
         \x20 | repeat | not \"a.ru\" || nothing |\n  | - | present || client |\n  | else || order |\n",
    );
    assert_eq!(found(&loaded), ["unreachable-row"], "{}", said(&loaded, Lang::En));
    insta::assert_snapshot!(
        "covered by several",
        format!("{}\n\n{}", said(&loaded, Lang::En), said(&loaded, Lang::Ru))
    );
}

#[test]
fn conditions_and_lines_are_proved() {
    let loaded = check(
        "filter for incoming calls\n  accept when talk_time > 30 s and talk_time >= 10 s\n\
         \x20 accept when site is \"a.ru\" and site is missing\n  accept when contact is first or contact is repeat and talk_time > 20 s\n\
         \x20 accept when contact is repeat and talk_time > 1 minute\n  reject when campaign like \"VIP*\" and campaign is \"VIP 1\"\n  else accept\n\n\
         task for missed calls when missed and site is \"a.ru\"\n  title: default\n  assign: \"a@b.ru\"\n",
    );
    insta::assert_snapshot!(
        "conditions proved",
        format!("{}\n\n{}", said(&loaded, Lang::En), said(&loaded, Lang::Ru))
    );
}

#[test]
fn a_conflict_is_shown_with_an_event() {
    let loaded = check(
        "table store for calls, only match\n  | site | client.manager || store |\n  | like \"*.ru\" | - || \"x\" |\n\
         \x20 | contains \"opt\" | \"anna@romashka.ru\" || \"y\" |\n",
    );
    insta::assert_snapshot!(
        "conflict with an event",
        format!("{}\n\n{}", said(&loaded, Lang::En), said(&loaded, Lang::Ru))
    );
}

#[test]
fn schedules_that_exclude_each_other_make_no_conflict() {
    let loaded = check(
        "schedule week in \"Europe/Moscow\"\n  mon-fri: 09:00-18:00\n\nschedule weekend in \"Europe/Moscow\"\n  sat-sun: 09:00-18:00\n\n\
         table store for calls, only match\n  | started || store |\n  | in week || \"x\" |\n  | in weekend || \"y\" |\n",
    );
    assert_eq!(found(&loaded), Vec::<&str>::new(), "{}", said(&loaded, Lang::En));
    let both = check(
        "schedule week in \"Europe/Moscow\"\n  mon-fri: 09:00-18:00\n\nschedule early in \"Europe/Moscow\"\n  mon: 07:00-10:00\n\n\
         table store for calls, only match\n  | started || store |\n  | in week || \"x\" |\n  | in early || \"y\" |\n",
    );
    assert_eq!(found(&both), ["conflicting-rows"]);
    assert_eq!(both.diagnostics[0].notes[0].en, "for example: started = 09.03.2026 09:00");
}

#[test]
fn what_takes_too_long_is_left_open_and_told() {
    let mut options = LoadOptions::default();
    options.proof.lint_steps = 10;
    let text = "rules 1\n\ntable store for calls\n  | site || store |\n  | \"a\" || \"x\" |\n  | \"b\" || \"y\" |\n  | \"a\" || \"z\" |\n";
    let loaded = load(&BundleSource::single(text), &options);
    assert!(loaded.diagnostics.is_empty());
    assert_eq!(loaded.undecided.len(), 1, "{:?}", loaded.undecided);
    assert!(
        loaded.undecided[0].en.starts_with("main.rules:3: table store for calls:"),
        "{:?}",
        loaded.undecided
    );
    let loaded = load(&BundleSource::single(text), &LoadOptions::default());
    assert_eq!((found(&loaded), loaded.undecided.len()), (vec!["unreachable-row"], 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_said_of_small_tables_holds_for_every_event(data in prop::collection::vec(any::<u8>(), 40..140)) {
        super::small::check(&data);
    }
}
