//! What two bundles decide differently: proved equal exactly when trying every event finds no difference, and each
//! change shown with an event that differs.

use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use switchboard_engine::bundle::Bundle;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::prove::{Comparison, ProofLimits, Seen, compare};
use switchboard_grammar::lang::Lang;

use super::support::{fixture, now, plain, rules};

/// A comparison as people read it.
fn told(comparison: &Comparison) -> String {
    let mut out = String::new();
    for change in &comparison.changes {
        for lang in Lang::ALL {
            let side = |side: &switchboard_engine::prove::Side| {
                let place =
                    side.place.as_ref().map(|(file, line)| format!(" {file}:{line}")).unwrap_or_default();
                format!("{}{place}", side.outcome.get(lang))
            };
            let example = change.example.as_ref().map(|example| example.words.get(lang)).unwrap_or_default();
            writeln!(
                out,
                "{} | {} | {} | {} -> {} | {example}",
                change.slot.en(),
                change.part.get(lang),
                change.region.get(lang),
                side(&change.old),
                side(&change.new)
            )
            .unwrap();
        }
    }
    for open in &comparison.undecided {
        let part = open.part.as_ref().map(|part| part.en.as_str()).unwrap_or_default();
        writeln!(out, "undecided: {} | {part} | {}", open.slot.en(), open.why.en).unwrap();
    }
    out
}

fn compared(old: &str, new: &str) -> Comparison {
    let (old, new) = (rules(old), rules(new));
    let comparison = compare(&old, &new, &ProofLimits::default());
    for change in &comparison.changes {
        let Some(example) = &change.example else { continue };
        // The name of a task, and whether a field is always written, are no part of the JSON form.
        if change.part.en.starts_with("the name of") || change.old.outcome.en == "site" {
            continue;
        }
        let seen = Seen::new(&old, &new, &example.event, &example.facts, now());
        assert_eq!(
            change.covers(&seen),
            Some(true),
            "{} {:?}: {}",
            change.part.en,
            change.region.en,
            told(&comparison)
        );
        let before = plain(&old.decide(&example.event, &example.facts, now()));
        let after = plain(&new.decide(&example.event, &example.facts, now()));
        let deals =
            [&old, &new].map(|bundle| format!("{:?}", bundle.deal_of(&example.event, &example.facts, now())));
        assert!(before != after || deals[0] != deals[1], "{}", told(&comparison));
    }
    comparison
}

const RULES: &str = "filter for incoming calls\n  reject when source is \"Спам\"\n  accept when site like \"*.ru\"\n  else reject\n\n\
table entities for incoming calls\n  | contact | talk_time || create | responsible |\n  | first | - || client, order | answered_by else who |\n\
\x20 | repeat | >= 30 s || order | client.manager else answered_by |\n  | else || nothing | - |\n\n\
table who for incoming calls\n  | site | campaign || employee |\n  | \"opt.ru\" | - || \"ivan@x.ru\" |\n  | - | like \"VIP*\" || \"olga@x.ru\" |\n  | else || \"anna@x.ru\" |\n\n\
table store for calls, only match\n  | virtual_number || store |\n  | +7 495 123-45-67 || \"msk\" |\n  | +7 812 123-45-67 || \"spb\" |\n  | else || \"main\" |\n\n\
task for missed incoming calls when contact is first\n  title: \"Call back {{ phone }}\"\n  assign: client.manager else who\n  due: 2 hours after finished\n\n\
fields of client for calls\n  uis_site from site\n  uis_city from visitor.city else \"?\", always\n\n\
transfer orders\n  only when order.total > 0\n  funnel: default\n  amount: total_with_delivery\n  pass: promo_code\n  won: order.status_group is \"complete\"\n  lost: order.status_group is \"cancel\"\n";

#[track_caller]
fn change(name: &str, from: &str, to: &str) {
    assert!(RULES.contains(from), "{from}");
    let comparison = compared(RULES, &RULES.replace(from, to));
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("diff {name}"), told(&comparison));
    });
}

#[test]
fn a_bundle_is_equal_to_itself_and_to_what_says_the_same() {
    assert!(compared(RULES, RULES).is_equal());
    for (from, to) in [
        // Rows that exclude each other in another order.
        (
            "  | +7 495 123-45-67 || \"msk\" |\n  | +7 812 123-45-67 || \"spb\" |\n",
            "  | +7 812 123-45-67 || \"spb\" |\n  | +7 495 123-45-67 || \"msk\" |\n",
        ),
        ("accept when site like \"*.ru\"", "accept when site ends with \".RU\" and not (source is \"спам\")"),
        ("  | repeat | >= 30 s ||", "  | - | >= 30 s ||"),
        ("table who for", "## Who.\ntable who for"),
        ("when contact is first", "when not (contact is repeat)"),
        ("order.total > 0", "not (order.total <= 0)"),
    ] {
        assert!(RULES.contains(from), "{from}");
        let other = RULES.replace(from, to);
        let comparison = compared(RULES, &other);
        let names = comparison.changes.iter().all(|change| change.part.en.starts_with("the name of"));
        assert!(comparison.undecided.is_empty() && names, "{to}:\n{}", told(&comparison));
    }
}

#[test]
fn each_part_is_told_of() {
    change("filter", "reject when source is \"Спам\"", "reject when source is \"Спам\" and contact is first");
    change("create", "| repeat | >= 30 s || order |", "| repeat | >= 1 minute || order |");
    change("responsible", "\"olga@x.ru\"", "\"petr@x.ru\"");
    change("responsible field", "client.manager else answered_by", "answered_by");
    change("store", "| +7 812 123-45-67 || \"spb\" |", "| +7 812 123-45-67 || \"lo\" |");
    change("task condition", "when contact is first", "when contact is first and talk_time < 10 s");
    change("task assign", "assign: client.manager else who", "assign: who");
    change("task title", "Call back", "Ring");
    change("task due", "2 hours after finished", "3 hours after finished");
    change("field", "uis_site from site", "uis_site from site, always");
    change("field value", "visitor.city else \"?\"", "visitor.city else \"-\"");
    change("deal", "order.total > 0", "order.total > 100");
    change("deal outcome", "\"cancel\"", "\"cancelled\"");
    change("deal amount", "total_with_delivery", "total_without_delivery");
}

#[test]
fn forwarding_is_compared_whatever_the_filter_says() {
    let table = |employee: &str| {
        format!(
            "filter for incoming calls\n  else reject\n\ntable forward for incoming calls\n  | contact || employee |\n  | repeat || {employee} |\n  | else || \"anna@x.ru\" |\n"
        )
    };
    let comparison = compare(
        &rules(&table("client.manager")),
        &rules(&table("client.manager else \"olga@x.ru\"")),
        &ProofLimits::default(),
    );
    insta::assert_snapshot!("diff forwarding", told(&comparison));
}

#[test]
fn whole_shops_are_compared() {
    for name in ["romashka-en", "romashka-ru"] {
        assert!(compare(&fixture(name), &fixture(name), &ProofLimits::default()).is_equal(), "{name}");
    }
    // They are two shops, not one in two languages: nearly everything differs, and all of it is decided.
    let comparison = compare(&fixture("romashka-en"), &fixture("romashka-ru"), &ProofLimits::default());
    assert!(comparison.changes.len() > 50);
    assert!(comparison.undecided.is_empty(), "{}", told(&comparison));
    for change in &comparison.changes {
        assert!(change.example.is_some() || change.part.en.starts_with("the setting"), "{}", change.part.en);
    }
}

#[test]
fn without_steps_nothing_is_claimed() {
    let limits = ProofLimits { diff_steps: 5, ..ProofLimits::default() };
    let comparison = compare(&rules(RULES), &rules(&RULES.replace("olga", "petr")), &limits);
    assert!(!comparison.is_equal());
    assert!(!comparison.undecided.is_empty(), "{}", told(&comparison));
}

/// Cells of the columns of random bundles, and values among which every combination of answers occurs.
const CONTACT: &[&str] = &["-", "first", "repeat"];
const SITE: &[&str] = &["-", "\"a.ru\"", "\"b.ru\"", "not \"a.ru\"", "missing", "like \"*.ru\""];
const TALK: &[&str] = &["-", "< 10 s", ">= 10 s", "> 30 s"];
const RESULTS: &[&str] =
    &["\"x@x.ru\"", "\"y@x.ru\"", "client.manager", "client.manager else \"x@x.ru\"", "-", "other"];

#[derive(Clone, Debug)]
struct Made {
    rows: Vec<(usize, usize, usize, usize)>,
    filter: Vec<(bool, usize)>,
}

const LINES: &[&str] =
    &["contact is first", "site is \"a.ru\" or talk_time > 30 s", "not (site present)", "missed"];

fn a_bundle() -> impl Strategy<Value = Made> {
    let row = (0..CONTACT.len(), 0..SITE.len(), 0..TALK.len(), 0..RESULTS.len());
    (prop::collection::vec(row, 0..4), prop::collection::vec((any::<bool>(), 0..LINES.len()), 0..3))
        .prop_map(|(rows, filter)| Made { rows, filter })
}

impl Made {
    fn bundle(&self) -> Arc<Bundle> {
        let mut text = String::from("filter for incoming calls\n");
        for (accept, line) in &self.filter {
            let line = LINES[*line].replace("site present", "site is present");
            writeln!(text, "  {} when {line}", if *accept { "accept" } else { "reject" }).unwrap();
        }
        text.push_str("  else accept\n\ntable entities for incoming calls\n  | contact | site | talk_time || create | responsible |\n");
        for (contact, site, talk, result) in &self.rows {
            let create = ["client", "order", "client, order"][result % 3];
            writeln!(
                text,
                "  | {} | {} | {} || {create} | {} |",
                CONTACT[*contact], SITE[*site], TALK[*talk], RESULTS[*result]
            )
            .unwrap();
        }
        text.push_str("  | else || nothing | \"z@x.ru\" |\n\n");
        text.push_str("table other for incoming calls\n  | site || employee |\n  | \"a.ru\" || \"x@x.ru\" |\n  | else || client.manager |\n");
        rules(&text)
    }
}

fn events() -> Vec<(Event, Facts)> {
    let mut all = Vec::new();
    for contact in ["first", "repeat"] {
        for site in [Json::Null, json!("a.ru"), json!("b.ru"), json!("c.ru"), json!("d")] {
            for talk in [0, 10, 11, 31] {
                for missed in [true, false] {
                    for manager in [None, Some("x@x.ru"), Some("m@x.ru")] {
                        let event = json!({
                            "kind": "call", "direction": "incoming", "contact": contact, "site": site,
                            "talk_time": talk, "missed": missed,
                        });
                        let facts = manager.map_or_else(Facts::none, |manager| {
                            Facts::from_json(&json!({ "client": { "manager": manager } })).unwrap()
                        });
                        all.push((Event::from_json(&event).unwrap(), facts));
                    }
                }
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(120) })]

    #[test]
    fn equal_is_what_trying_everything_finds(old in a_bundle(), new in a_bundle(), alike in any::<bool>(), at in 0usize..4) {
        // Half of the pairs differ in one place only.
        let new = if alike {
            let mut other = old.clone();
            if let Some(row) = other.rows.get_mut(at) { row.1 = new.rows.first().map_or(0, |row| row.1); }
            other
        } else { new };
        let (before, after) = (old.bundle(), new.bundle());
        let comparison = compare(&before, &after, &ProofLimits::default());
        prop_assert!(comparison.undecided.is_empty(), "{}", told(&comparison));
        let decide = |bundle: &Bundle, event: &Event, facts: &Facts| plain(&bundle.decide(event, facts, now()));
        let same = events().iter().all(|(event, facts)| decide(&before, event, facts) == decide(&after, event, facts));
        prop_assert_eq!(comparison.is_equal(), same, "{}", told(&comparison));
        for change in &comparison.changes {
            let example = change.example.as_ref().unwrap();
            prop_assert_ne!(decide(&before, &example.event, &example.facts), decide(&after, &example.event, &example.facts));
        }
    }
}

/// A bundle with one table and one policy.
fn with_policy(script: &str, employee: &str) -> std::sync::Arc<Bundle> {
    let mut source = switchboard_engine::bundle::BundleSource::single(format!(
        "rules 1\n\ntable entities for incoming calls, chats\n  | contact || create | responsible |\n  | first || client | \"{employee}\" |\n  | else || nothing | - |\n\n\
script \"x.rhai\"\n  policy entities for incoming calls\n"
    ));
    source.add("x.rhai", script).unwrap();
    super::support::bundle(&source)
}

#[test]
fn a_policy_that_changed_is_not_compared_and_one_that_did_not_is_taken_as_it_is() {
    let same = "fn entities(event, proposal, facts) { proposal }";
    let other = "fn entities(event, proposal, facts) { proposal.creates_client = false; proposal }";
    let compared = |before: (&str, &str), after: (&str, &str)| {
        let (old, new) = (with_policy(before.0, before.1), with_policy(after.0, after.1));
        told(&compare(&old, &new, &ProofLimits::default()))
    };
    assert_eq!(compared((same, "a@x.ru"), (same, "a@x.ru")), "");
    let changed = compared((same, "a@x.ru"), (other, "a@x.ru"));
    assert_eq!(
        changed,
        "undecided: incoming calls |  | policies differ, and what scripts do cannot be compared: their files or lines have changed\n"
    );
    let table = compared((same, "a@x.ru"), (same, "b@x.ru"));
    assert!(
        table.contains("undecided: incoming calls |  | policies of scripts may change what the rules say"),
        "{table}"
    );
    assert!(!table.contains("undecided: chats"), "chats have no policy: {table}");
}

#[test]
fn schedules_are_compared_by_what_they_say_and_not_as_they_are_written() {
    const RULES: &str = "filter for incoming calls\n  reject when started in nights and started in hours\n  accept when started in hours\n  else reject\n\n\
task for missed incoming calls\n  title: \"Ring {{ phone }}\"\n  assign: \"anna@x.ru\"\n  due: 2 working hours after finished by hours\n\n\
schedule hours in \"Europe/Moscow\"\n  mon-fri: 09:00-18:00\n  2027-05-01: closed\n  2027-05-03: closed\n\n\
schedule nights in \"Europe/Moscow\"\n  mon-sun: 22:00-06:00\n";
    let against = |from: &str, to: &str| {
        assert!(RULES.contains(from), "{from}");
        compared(RULES, &RULES.replace(from, to))
    };
    // The first of May 2027 is a Saturday; nights begin when hours have ended, so nothing is ever in both.
    for (from, to) in [
        ("  2027-05-01: closed\n", ""),
        ("mon-fri: 09:00-18:00", "mon-thu: 09:00-18:00\n  fri: 09:00-12:00, 12:00-18:00"),
        ("  reject when started in nights and started in hours\n", ""),
        ("schedule nights", "schedule late"),
    ] {
        let to = to.to_owned();
        let new = RULES
            .replace(from, &to)
            .replace("in nights", if from == "schedule nights" { "in late" } else { "in nights" });
        let comparison = compared(RULES, &new);
        assert!(comparison.is_equal(), "{from} -> {to}:\n{}", told(&comparison));
    }
    // A minute more, a day that is far off, hours that are gone.
    for (from, to) in
        [("09:00-18:00", "09:00-18:01"), ("  2027-05-03: closed\n", ""), ("22:00-06:00", "22:00-09:01")]
    {
        let comparison = against(from, to);
        assert!(!comparison.changes.is_empty() && comparison.undecided.is_empty(), "{}", told(&comparison));
    }
}
