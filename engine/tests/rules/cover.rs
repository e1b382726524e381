//! Coverage: what events reach, and what no event can reach.

use serde_json::{Value as Json, json};
use switchboard_engine::bundle::Bundle;
use switchboard_engine::catalog::schema;
use switchboard_engine::cover::{Coverage, Measure, Part, Reach, Total};
use switchboard_engine::facts::Facts;
use switchboard_engine::prove::ProofLimits;
use switchboard_engine::schema::Field;
use switchboard_grammar::lang::Lang;

use super::support::{call, decide, event, fixture, now, rules};

fn covered(bundle: &Bundle, events: &[Json]) -> Coverage {
    let mut coverage = Coverage::new(bundle, &ProofLimits::default());
    for json in events {
        let event = if json.get("kind").is_some() { event(json.clone()) } else { call(json.clone()) };
        let watched = bundle.watch(&event, &Facts::none(), now());
        assert_eq!(
            watched.decision.to_json(Lang::En),
            decide(bundle, &event).to_json(Lang::En),
            "what is watched decides the same"
        );
        coverage.add(&watched);
    }
    coverage
}

/// What was never reached, as people read it.
fn missed(coverage: &Coverage) -> Vec<String> {
    coverage.missed().map(|point| format!("{}: {}", point.line, coverage.never(point).en)).collect()
}

fn unreachable(coverage: &Coverage) -> Vec<String> {
    coverage.unreachable().map(|point| format!("{}: {}", point.line, coverage.never(point).en)).collect()
}

const TABLE: &str = "table entities for incoming calls\n  \
    | contact | talk_time || create        | responsible |\n  \
    |---------|-----------||---------------|-------------|\n  \
    | first   | >= 10 s   || client, order | \"a@b.ru\"    |\n  \
    | repeat  | -         || order         | \"a@b.ru\"    |\n  \
    | else                || nothing       | -           |\n";

#[test]
fn a_cell_counts_when_it_lets_through_and_when_it_alone_stops() {
    let bundle = rules(TABLE);
    let nothing = covered(&bundle, &[]);
    assert_eq!(
        missed(&nothing),
        [
            "6: row 1 never counted: first | >= 10 s",
            "7: row 2 never counted: repeat | -",
            "8: the row `else` never counted"
        ]
    );
    let some = covered(
        &bundle,
        &[json!({"contact": "first", "talk_time": 20}), json!({"contact": "repeat", "talk_time": 20})],
    );
    // The second event was kept from the first row by `first` alone; nobody was by the time alone.
    assert_eq!(
        missed(&some),
        [
            "6: row 1: this cell alone never kept it from counting: >= 10 s",
            "7: row 2: this cell alone never kept it from counting: repeat",
            "8: the row `else` never counted",
        ]
    );
    let all = covered(
        &bundle,
        &[
            json!({"contact": "first", "talk_time": 20}),
            json!({"contact": "repeat", "talk_time": 20}),
            json!({"contact": "first", "talk_time": 9}),
        ],
    );
    assert_eq!(missed(&all), [""; 0]);
    let totals = all.totals();
    assert_eq!(totals.of(Measure::Rows), Total { reached: 3, all: 3, unreachable: 0 });
    assert_eq!(totals.of(Measure::Cells), Total { reached: 6, all: 6, unreachable: 0 });
    assert_eq!(totals.whole().thousandths(), Some(1000));
}

#[test]
fn a_row_behind_the_one_that_counts_was_not_stopped_by_a_cell() {
    let bundle = rules(
        "table entities for incoming calls\n  | contact | missed || create |\n  |---|---||---|\n  \
         | first | - || client |\n  | first, repeat | yes || order |\n  | else || nothing |\n",
    );
    // The second row was stopped by `missed` alone, but the first row counts anyway.
    let coverage = covered(&bundle, &[json!({"contact": "first", "missed": false})]);
    let cells: Vec<Reach> = coverage
        .points()
        .iter()
        .filter(|point| point.id.part == Part::Row(1) && coverage.hits(point.id) > 0)
        .map(|point| point.id.reach)
        .collect();
    assert_eq!(cells, []);
}

#[test]
fn tests_count_when_their_answer_makes_the_difference() {
    let text = "filter for incoming calls\n  reject when source is \"x\" and (site is \"y\" or not missed)\n  else accept\n";
    let bundle = rules(text);
    let events = [
        json!({"source": "x", "site": "y", "missed": true}),
        json!({"source": "z", "site": "y", "missed": true}),
        json!({"source": "x", "site": "q", "missed": true}),
    ];
    let coverage = covered(&bundle, &events);
    // `not missed` was never the reason that it held.
    assert_eq!(missed(&coverage), ["4: line 1: it never made the difference that this did not hold: missed"]);
    let mut events = events.to_vec();
    events.push(json!({"source": "x", "site": "q", "missed": false}));
    assert_eq!(missed(&covered(&bundle, &events)), [""; 0]);
}

#[test]
fn tasks_fields_settings_and_deals_are_lines() {
    let bundle = rules(
        "settings for incoming calls\n  who: answered_by else \"a@b.ru\"\n\n\
         table entities for incoming calls\n  | contact || create |\n  |---||---|\n  | first || client |\n  | else || nothing |\n\n\
         task for missed incoming calls when site is \"y\"\n  title: \"t\"\n  assign: who\n  due: 1 hour after started\n\n\
         fields of client for incoming calls\n  a from site\n  b from scenario, always\n\n\
         transfer orders\n  only when order.total > 0\n  won: order.status_group is \"complete\"\n  lost: order.status_group is \"cancel\"\n",
    );
    let nothing = covered(&bundle, &[json!({"contact": "repeat", "missed": true, "site": "z"})]);
    assert_eq!(
        missed(&nothing),
        [
            "4: never asked for",
            "9: row 1 never counted: first",
            "12: never happened",
            "18: never written",
            "19: never written",
            "22: `only when` never held: order.total > 0",
            "23: `won` never held: order.status_group is \"complete\"",
            "24: `lost` never held: order.status_group is \"cancel\"",
        ]
    );
    let all = [
        json!({"contact": "repeat", "missed": true, "site": "z"}),
        json!({"contact": "first", "missed": true, "site": "y", "scenario": "s", "started": "2026-03-02T12:00:00+03:00"}),
        json!({"kind": "order", "order": {"total": 0}}),
        json!({"kind": "order", "order": {"total": 5, "status_group": "complete"}}),
        json!({"kind": "order", "order": {"total": 5, "status_group": "cancel"}}),
        json!({"kind": "order", "order": {"total": 5, "status_group": "new"}}),
    ];
    assert_eq!(missed(&covered(&bundle, &all)), [""; 0]);
}

#[test]
fn what_no_event_reaches_is_not_asked_for() {
    let bundle = rules(
        "filter for incoming calls\n  reject when site is \"x\"\n  reject when site in (\"x\")\n  else accept\n\n\
         table entities for incoming calls\n  | contact | site || create |\n  |---|---||---|\n  \
         | first | - || client |\n  | first | \"y\" || order |\n  | repeat | \"x\" || order |\n  | - | - || nothing |\n  | else || nothing |\n",
    );
    let coverage = covered(&bundle, &[]);
    let dead = unreachable(&coverage);
    for line in [
        "5: line 2 never counted: site in (\"x\")",
        "12: row 2 never counted: first | \"y\"",
        // The filter lets nothing through from there.
        "13: row 3 never counted: repeat | \"x\"",
        "15: the row `else` never counted",
    ] {
        assert!(dead.iter().any(|said| said == line), "{line}\n{dead:#?}");
    }
    let live = missed(&coverage);
    assert_eq!(live.iter().filter(|said| said.starts_with("1")).count(), 2, "{live:?}");
}

#[test]
fn what_was_reached_is_never_unreachable() {
    for name in ["romashka-en", "romashka-ru"] {
        let bundle = fixture(name);
        let folder = super::support::fixtures().join("events");
        let mut coverage = Coverage::new(&bundle, &ProofLimits::default());
        let fresh = coverage.clone();
        let mut whole = 0;
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            if path.extension().is_none_or(|ending| ending != "json") {
                continue;
            }
            let facts = path.parent().unwrap().join("facts").join(path.file_name().unwrap());
            let facts = std::fs::read(facts)
                .ok()
                .map(|bytes| Facts::from_json(&serde_json::from_slice(&bytes).unwrap()).unwrap());
            let event = event(serde_json::from_slice(&bytes).unwrap());
            let watched = bundle.watch(&event, &facts.unwrap_or_default(), now());
            // Proofs take for granted what UIS and RetailCRM always tell; a file may leave it out.
            let told = |field: &Field| field.ty().optional || !event.get(field.id).is_missing();
            let is_whole = schema().fields(event.kind()).iter().all(told);
            for id in &watched.reached {
                assert!(fresh.points().iter().any(|point| point.id == *id), "{name}: {id:?} is no point");
                let is_dead = fresh.is_unreachable(*id) && is_whole;
                assert!(!is_dead, "{name}: {}: {id:?} was reached", path.display());
            }
            whole += usize::from(is_whole);
            coverage.add(&watched);
        }
        assert!(whole >= 15, "only {whole} whole events");
        assert!(coverage.totals().whole().reached > 30, "{:?}", coverage.totals());
    }
}

#[test]
fn lines_of_scripts_are_counted() {
    let bundle = fixture("romashka-en");
    let order = json!({"contact": "first", "scenario": "Продажи", "phone": "+79001234567"});
    let coverage = covered(&bundle, &[order]);
    let lines = &coverage.scripts()["marketing.rhai"];
    assert!(lines.values().any(|count| *count > 0) && lines.values().any(|count| *count == 0), "{lines:?}");
}
