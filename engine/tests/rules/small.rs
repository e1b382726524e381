//! The prover on any small tables, held against trying every event.
//!
//! The bytes choose the cells of two versions of a bundle. Fields have so few values that all events together can be tried:
//! what is proved to be so must be so for each, what is shown must be so, and what is not told must not be so for any. The
//! fuzz target `prove` is this file, too.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use serde_json::json;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, Loaded, load};
use switchboard_engine::cover::PointId;
use switchboard_engine::decide::Decision;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_engine::prove::{Answer, Finder, ProofLimits, compare};
use switchboard_grammar::lang::Lang;

/// Cells by column; the events below have a value for each thing that they can tell apart.
const CELLS: [(&str, &[&str]); 4] = [
    ("contact", &["-", "first", "repeat", "not first"]),
    (
        "site",
        &["-", "\"a.ru\"", "\"b.ru\"", "\"a.ru\", \"b.ru\"", "not \"a.ru\"", "missing", "like \"*.ru\""],
    ),
    (
        "campaign",
        &["-", "like \"vip*\"", "like \"*лето\"", "contains \"vip\"", "present", "not like \"vip*\""],
    ),
    ("talk_time", &["-", "< 10 s", ">= 10 s", ">= 10 s and < 30 s", "> 30 s", "not <= 30 s"]),
];
const RESULTS: [&str; 4] =
    ["client | \"x@y.ru\"", "client, order | who", "nothing | -", "order | client.manager else who"];
const CONDITIONS: [&str; 6] = [
    "site is \"a.ru\"",
    "campaign like \"vip*\" and contact is first",
    "not (talk_time >= 30 s)",
    "site is missing or campaign is missing",
    "contact is repeat and talk_time < 10 s",
    "site like \"*.ru\"",
];

static EVENTS: LazyLock<Vec<(Event, Facts)>> = LazyLock::new(|| {
    let mut events = Vec::new();
    for contact in ["first", "repeat"] {
        for site in [None, Some("a.ru"), Some("b.ru"), Some("c.ru"), Some("c.com")] {
            for campaign in [None, Some("vip"), Some("vip лето"), Some("лето"), Some("a vip"), Some("x")]
            {
                for seconds in [0, 9, 10, 29, 30, 31] {
                    for manager in [None, Some("m@y.ru")] {
                        let event = json!({"kind": "call", "direction": "incoming", "contact": contact, "site": site,
                            "campaign": campaign, "talk_time": seconds});
                        let facts = json!({"client": {"manager": manager}});
                        if let (Ok(event), Ok(facts)) = (Event::from_json(&event), Facts::from_json(&facts)) {
                            events.push((event, facts));
                        }
                    }
                }
            }
        }
    }
    assert_eq!(events.len(), 2 * 5 * 6 * 6 * 2);
    events
});

static NOW: LazyLock<Moment> = LazyLock::new(|| "2026-03-02T12:00:00+03:00".parse().unwrap());

/// Makes two versions of a bundle of some bytes, and holds everything that is said of them against trying all events.
pub(crate) fn check(data: &[u8]) {
    let mut bytes = data.iter().copied();
    let old = loaded(&text(&mut bytes));
    let new = loaded(&text(&mut bytes));
    let (Some(before), Some(after)) = (&old.bundle, &new.bundle) else { return };
    lints(&old, before);
    reach(before);
    versions(before, after);
}

fn loaded(text: &str) -> Loaded {
    load(&BundleSource::single(text), &LoadOptions::default())
}

/// A filter, and two tables of which one names the other.
fn text(bytes: &mut impl Iterator<Item = u8>) -> String {
    let mut next = |below: usize| usize::from(bytes.next().unwrap_or_default()) % below;
    let mut text = String::from("rules 1\n\nfilter for incoming calls\n");
    for _ in 0..next(3) {
        let verdict = ["accept", "reject"][next(2)];
        text.push_str(&format!("  {verdict} when {}\n", CONDITIONS[next(CONDITIONS.len())]));
    }
    text.push_str(["  else accept\n", "  else reject\n"][next(2)]);
    for (name, results) in [("entities", "create | responsible"), ("who", "employee")] {
        text.push_str(&format!("\ntable {name} for incoming calls\n  "));
        let columns: Vec<usize> = (0..CELLS.len()).filter(|_| next(4) > 0).collect();
        let columns = if columns.is_empty() { vec![0] } else { columns };
        columns.iter().for_each(|column| text.push_str(&format!("| {} ", CELLS[*column].0)));
        text.push_str(&format!("|| {results} |\n"));
        for _ in 0..1 + next(6) {
            text.push_str("  ");
            for column in &columns {
                let cells = CELLS[*column].1;
                text.push_str(&format!("| {} ", cells[next(cells.len())]));
            }
            let result = if name == "who" {
                ["\"a@y.ru\"", "\"b@y.ru\"", "-"][next(3)]
            } else {
                RESULTS[next(RESULTS.len())]
            };
            text.push_str(&format!("|| {result} |\n"));
        }
        if next(2) == 0 {
            text.push_str(if name == "who" {
                "  | else || \"c@y.ru\" |\n"
            } else {
                "  | else || client | - |\n"
            });
        }
    }
    text
}

/// Lines of which the lints say that they never count do not, and all others do.
fn lints(loaded: &Loaded, bundle: &Bundle) {
    let silent = ["unreachable-row", "unreachable-line", "row-blocked-by-filter"];
    let lines: BTreeSet<u32> = loaded
        .diagnostics
        .iter()
        .filter(|found| silent.contains(&found.code.name))
        .filter_map(|found| Some(loaded.sources.get(found.primary.file)?.line_of(found.primary.span.start)))
        .collect();
    for (event, facts) in EVENTS.iter() {
        for step in bundle.decide(event, facts, *NOW).trace.render(Lang::En) {
            let counts = matches!(step.outcome, "row" | "accept" | "reject") && step.row.is_some();
            assert!(
                !counts || !lines.contains(&step.line),
                "line {} counts for {}
{}
{:?}",
                step.line,
                event.to_json(),
                text_of(loaded),
                loaded.diagnostics.iter().map(|found| (found.code.name, &found.notes)).collect::<Vec<_>>()
            );
        }
    }
}

fn text_of(loaded: &Loaded) -> String {
    loaded.sources.iter().map(|(_, source)| source.text().to_owned()).collect()
}

/// Places that are said to be reached are, and those that never are, are not.
fn reach(bundle: &Bundle) {
    let finder = Finder::new(bundle, &ProofLimits::default());
    let mut reached = BTreeSet::new();
    EVENTS.iter().for_each(|(event, facts)| reached.extend(bundle.watch(event, facts, *NOW).reached));
    for point in finder.points() {
        match finder.answer(point) {
            Answer::Never => assert!(!reached.contains(&point), "{point:?} is reached"),
            // What alone keeps a row from counting is only told of as many rows as a trace has room for.
            Answer::Open => assert!(!point.counts() || !reached.contains(&point), "{point:?} was not found"),
            Answer::Events(events) => {
                let first = events.first().unwrap();
                assert!(bundle.watch(&first.event, &first.facts, *NOW).reached.contains(&point), "{point:?}");
            }
        }
    }
    let all: BTreeSet<PointId> = finder.points().collect();
    assert!(
        reached.iter().filter(|point| point.counts()).all(|point| all.contains(point)),
        "all places are known"
    );
}

/// Two versions are equal exactly when no event is decided otherwise.
fn versions(old: &Arc<Bundle>, new: &Arc<Bundle>) {
    let comparison = compare(old, new, &ProofLimits::default());
    let told = |bundle: &Bundle, event: &Event, facts: &Facts| plain(&bundle.decide(event, facts, *NOW));
    let differs = EVENTS.iter().any(|(event, facts)| told(old, event, facts) != told(new, event, facts));
    if comparison.is_equal() {
        assert!(!differs, "said to be equal");
    }
    if comparison.undecided.is_empty() && !comparison.more {
        assert_eq!(comparison.changes.is_empty(), !differs, "{:?}", comparison.changes);
    }
    for change in &comparison.changes {
        if let Some(example) = &change.example {
            let (event, facts) = (&example.event, &example.facts);
            assert_ne!(told(old, event, facts), told(new, event, facts), "{change:?}");
        }
    }
}

fn plain(decision: &Decision) -> String {
    format!("{:?}", (decision.accepted, &decision.create, &decision.responsible))
}
