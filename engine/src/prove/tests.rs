//! Diagrams against the evaluator: at every point of the space both say the same.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::bundle::{BundleSource, LoadOptions, load};
use crate::decide::probe;
use crate::program::{Guard, Program, Slot, Slots};

/// Tests that conditions of these tests are made of.
const TESTS: &[&str] = &[
    "contact is first",
    "contact in (first, repeat)",
    "direction is incoming",
    "site is \"a.ru\"",
    "site is not \"b.ru\"",
    "site is missing",
    "site in (\"a.ru\", \"c.ru\")",
    "site is exactly \"A.ru\"",
    "site in sites",
    "campaign like \"VIP*\"",
    "campaign contains \"лето\"",
    "campaign is \"vip лето\"",
    "campaign not like \"*?b\"",
    "campaign ends with \"b\"",
    "source like \"*a*\"",
    "source starts with \"ba\"",
    "talk_time >= 30 s",
    "talk_time < 10 s",
    "talk_time is 10 s",
    "talk_time is not 5 minutes",
    "talk_time is present",
    "rating > 3",
    "rating <= 4.5",
    "rating is 4",
    "missed",
    "not missed",
    "tags contains \"a\"",
    "not tags contains \"b\"",
    "tags like \"a*\"",
    "tags is missing",
    "phone is +7 495 123-45-67",
    "phone in phones",
    "phone starts with \"+7495\"",
    "call_source is call_tracking",
    "started >= 2026-03-02 12:00",
    "started is missing",
    "started in hours",
    "answered_by else caller is \"x@y.ru\"",
    "answered_by else \"x@y.ru\" is \"x@y.ru\"",
    "caller is \"x@y.ru\"",
    "client.custom.level is \"gold\"",
    "client.custom.level is 5",
    "client.custom.level > 3",
    "client.orders_count > 0",
    "who is \"x@y.ru\"",
    "who is missing",
    "finish_reason contains \"op\"",
];

fn a_condition() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(TESTS).prop_map(str::to_owned);
    leaf.prop_recursive(3, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" and "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|inner| format!("not ({inner})")),
        ]
    })
}

fn program(condition: &str) -> Option<Arc<Program>> {
    let text = format!(
        "rules 1\n\nfilter for incoming calls\n  accept when {condition}\n  else reject\n\n\
         table who for calls\n  | site | contact || employee |\n  | \"a.ru\" | - || \"x@y.ru\" |\n  | - | first || answered_by |\n  | else || - |\n\n\
         list sites\n  \"a.ru\"\n  \"d.ru\"\n  \"e.ru\"\n\nlist phones\n  +7 495 123-45-67\n  +7 900 000-00-01\n\n\
         schedule hours in \"Europe/Moscow\"\n  mon-fri: 09:00-18:00\n"
    );
    let loaded = load(&BundleSource::single(text), &LoadOptions::default());
    if loaded.bundle.is_none() {
        let errors: Vec<_> = loaded
            .diagnostics
            .iter()
            .filter(|found| found.is_error())
            .map(|found| (&found.message.en, found.code.name))
            .collect();
        panic!("{condition}: {errors:?}");
    }
    loaded.bundle.map(|bundle| Arc::clone(&bundle.program))
}

/// Every point, or many of them when there are too many.
fn points(space: &Space) -> Vec<Area> {
    let sizes = space.sizes();
    let count: u64 = sizes.iter().map(|size| u64::from(*size)).product();
    let step = count.div_ceil(400) | 1;
    let mut found = Vec::new();
    let mut number = 0;
    while number < count {
        let mut rest = number;
        let mut area = Area::everything();
        for (size, var) in sizes.iter().zip(0u32..) {
            let class = u32::try_from(rest % u64::from(*size)).expect("a class");
            rest /= u64::from(*size);
            area = area.with(var, Set::One(class));
        }
        found.push(area);
        number += step;
    }
    found
}

/// Holds the diagram of a condition against the evaluator; how many points could be tried.
fn check(condition: &str) -> Result<usize, TestCaseError> {
    let Some(program) = program(condition) else { return Ok(0) };
    let Some(Guard::When(cond, _)) =
        program.filters.first().and_then(|filter| filter.lines.first()).map(|line| &line.guard)
    else {
        return Ok(0);
    };
    let scope = Scope::new(&program, Slots::one(Slot::IncomingCall));
    let mut questions = Questions::default();
    Walker::new(&scope, &mut questions).cond(cond).expect("collected");
    let space = Space::new(&scope, questions, &ProofLimits::default()).expect("few classes");
    let meter = Meter::new(10_000_000);
    let mut builder = Builder::new(&space, &meter);
    let node = Walker::new(&scope, &mut builder).cond(cond).expect("few steps");
    let mut tried = 0;
    for point in points(&space) {
        if space.impossible().iter().any(|area| area.meets(&point)) {
            continue;
        }
        let Some(event) = witness(&space, &point, Slot::IncomingCall, &[]) else { continue };
        let at = builder.diagrams.area(&point, space.sizes()).expect("few steps");
        let both = builder.diagrams.and(node, at).expect("few steps");
        let holds = probe::holds(&program, cond, &event.event, &event.facts, noon().expect("a time"));
        prop_assert_eq!(
            both != Diagrams::NO,
            holds,
            "{} at {}",
            condition,
            event.words(switchboard_grammar::lang::Lang::En)
        );
        tried += 1;
    }
    Ok(tried)
}

#[test]
fn each_test_alone_is_as_the_evaluator_has_it() {
    for test in TESTS {
        let tried = check(test).unwrap_or_else(|error| panic!("{error}"));
        let one = ["direction is incoming", "talk_time is present", "started is missing"].contains(test);
        assert!(tried >= 2 || one, "{test}: {tried} points");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn conditions_are_as_the_evaluator_has_them(condition in a_condition()) {
        check(&condition)?;
    }
}
