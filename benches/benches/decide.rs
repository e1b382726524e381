//! What a decision costs, on one core.
//!
//! Peer: the same decision written in Rust over a struct with the same fields (`by_hand`), for tables once as a look at
//! row after row and once as a map from sites to rows. It keeps no trace, since code keeps none.
//!
//! For tables, *middle* and *last* are the event that only that row matches, *else* one that none does; in a table of
//! patterns every row asks a question of its own, so that nothing can be looked up: the worst case.

#![expect(clippy::expect_used, reason = "a bench ends where it cannot go on")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value as Json, json};
use switchboard_benches::by_hand::{self, Indexed, Rows, Shop};
use switchboard_benches::contest::{Contest, settings};
use switchboard_benches::{examples, tables};
use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_grammar::lang::Lang;

/// Rules of the bundles that are compared.
const SIZES: [(usize, &str); 4] = [(10, "10"), (100, "100"), (1_000, "1,000"), (10_000, "10,000")];

fn event(json: &Json) -> Event {
    Event::from_json(json).expect("an example is a good one")
}

fn call(json: &Json) -> by_hand::Call {
    by_hand::read(json.to_string().as_bytes()).expect("an example is a good one")
}

/// From bytes to fields.
fn read(criterion: &mut Criterion) {
    let bytes = examples::event("01").0.to_string().into_bytes();
    Contest::new("event/from JSON")
        .bytes(bytes.len())
        .floor("serde_json", || serde_json::from_slice::<Json>(black_box(&bytes)).is_ok())
        .peer("by hand", || by_hand::read(black_box(&bytes)).is_ok())
        .ours("event", || {
            serde_json::from_slice(black_box(&bytes)).is_ok_and(|json: Json| Event::from_json(&json).is_ok())
        })
        .run(criterion);
}

/// The English example: an answered call with everything known, a missed one with its task.
fn example(criterion: &mut Criterion) {
    let (full, plain) = (examples::source("romashka-en"), examples::without_script());
    let (full, plain) = (examples::bundle(&full), examples::bundle(&plain));
    let (shop, now) = (Shop::default(), examples::now());
    for (name, start) in
        [("an answered call", "01"), ("a missed call", "02"), ("a call that is refused", "08")]
    {
        let json = examples::event(start).0;
        let (read, hand) = (event(&json), call(&json));
        let facts = Facts::none();
        Contest::new(format!("decide/example, {name}"))
            .peer("by hand", || shop.decide(black_box(&hand), None))
            .ours("rules without the script", || plain.decide(black_box(&read), &facts, now))
            .ours("rules", || full.decide(black_box(&read), &facts, now))
            .ours("rules, and the decision as JSON", || {
                full.decide(black_box(&read), &facts, now).to_json(Lang::En).to_string()
            })
            .run(criterion);
    }
    let bytes = examples::event("01").0.to_string().into_bytes();
    Contest::new("decide/example, from bytes to decision")
        .peer("by hand", || by_hand::read(black_box(&bytes)).map(|call| shop.decide(&call, None)))
        .ours("rules", || {
            let json: Json = serde_json::from_slice(black_box(&bytes)).unwrap_or_default();
            Event::from_json(&json).map(|event| full.decide(&event, &Facts::none(), now))
        })
        .run(criterion);
}

/// Tables whose rows are found by name.
fn named(criterion: &mut Criterion) {
    let now = examples::now();
    for (rows, size) in SIZES {
        let bundle = tables::bundle(&tables::named(rows));
        let (scanned, indexed) = (Rows::new(rows), Indexed::new(rows));
        for (name, number) in [("middle", rows / 2), ("last", rows - 1), ("else", rows)] {
            let json = tables::event(number);
            let (event, call, facts) = (event(&json), call(&json), Facts::none());
            Contest::new(format!("decide/{size} rules, {name}"))
                .peer("row after row", || scanned.decide(black_box(&call)))
                .peer("map", || indexed.decide(black_box(&call)))
                .ours("rules", || bundle.decide(black_box(&event), &facts, now))
                .run(criterion);
        }
    }
}

/// Tables that ask a question of their own in every row.
fn patterns(criterion: &mut Criterion) {
    let now = examples::now();
    for (rows, size) in SIZES {
        let bundle = tables::bundle(&tables::patterns(rows));
        let json = tables::pattern_event(rows - 1);
        let (event, call, facts) = (event(&json), call(&json), Facts::none());
        let needles: Vec<String> = (0..rows).map(|number| format!("№ {number} ")).collect();
        let campaign = call.campaign.as_ref().map_or("", |campaign| campaign.folded());
        Contest::new(format!("decide/{size} patterns, last"))
            .peer("row after row", || needles.iter().position(|needle| black_box(campaign).contains(needle)))
            .ours("rules", || bundle.decide(black_box(&event), &facts, now))
            .run(criterion);
    }
}

/// What is said about an event by its fewest fields.
fn bare(criterion: &mut Criterion) {
    let bundle =
        tables::bundle("rules 1\n\nfilter for calls\n  reject when source is \"Спам\"\n  else accept\n");
    let (event, facts, now) =
        (event(&json!({"kind": "call", "direction": "incoming"})), Facts::none(), examples::now());
    Contest::new("decide/one filter line")
        .ours("rules", || bundle.decide(black_box(&event), &facts, now))
        .run(criterion);
}

/// What a policy of ten lines costs beyond the tables; the server has a clock on it.
fn policy(criterion: &mut Criterion) {
    let rules = "rules 1\n\ntable entities for calls\n  | contact || create | responsible |\n  | first || client, order | \"anna@romashka.ru\" |\n  | else || order | client.manager |\n";
    let script = "\nscript \"policy.rhai\"\n  policy entities for calls needs crm.open_orders\n";
    let lines = r#"fn entities(event, proposal, facts) {
    if event.contact == "repeat" {
        let orders = facts.open_orders;
        if orders.len() == 1 && orders[0].total > 1000 {
            proposal.attach_to(orders[0].number);
            proposal.keep_manager();
        }
        if event.campaign == "Спам" { proposal.create_nothing(); }
    }
    proposal
}"#;
    let mut source = BundleSource::single(format!("{rules}{script}"));
    source.add("policy.rhai", lines).expect("a name inside a bundle");
    let with = load(&source, &LoadOptions::default()).bundle.expect("good rules");
    let timed = load(&source, &switchboard_guard::load_options()).bundle.expect("good rules");
    let tables = load(&BundleSource::single(rules), &LoadOptions::default()).bundle.expect("good rules");
    let event = event(
        &json!({"kind": "call", "direction": "incoming", "contact": "repeat", "phone": "+79000000010"}),
    );
    let facts = json!({"client": {"manager": "olga@romashka.ru"}, "crm": {"open_orders": [{"number": "7", "total": 4250}]}});
    let (facts, now) = (Facts::from_json(&facts).expect("facts"), examples::now());
    Contest::new("decide/a policy of ten lines")
        .floor("tables", || tables.decide(black_box(&event), &facts, now))
        .ours("and a policy", || with.decide(black_box(&event), &facts, now))
        .ours("and a policy with a clock", || timed.decide(black_box(&event), &facts, now))
        .run(criterion);
}

/// What a policy costs that looks the caller up in a sheet; how long the sheet is must not matter.
fn lookup(criterion: &mut Criterion) {
    let rules = "rules 1\n\nlist managers from \"managers.csv\" column \"phone\"\n\n\
                 script \"policy.rhai\"\n  policy responsible for calls\n";
    let lines = r#"fn responsible(event, proposal, facts) {
    let manager = lookup("managers", event.phone, "email");
    if manager != () { proposal.responsible = manager; }
    proposal
}"#;
    for rows in [10u32, 100_000] {
        let sheet: String = (0..rows).map(|row| format!("+7900{row:07},m{row}@romashka.ru\n")).collect();
        let mut source = BundleSource::single(rules);
        source.add("policy.rhai", lines).expect("a name inside a bundle");
        source.add("managers.csv", format!("phone,email\n{sheet}")).expect("a name inside a bundle");
        let bundle = load(&source, &LoadOptions::default()).bundle.expect("good rules");
        let event = event(
            &json!({"kind": "call", "direction": "incoming", "contact": "repeat", "phone": format!("+7900{:07}", rows - 1)}),
        );
        let (facts, now) = (Facts::none(), examples::now());
        Contest::new(format!("decide/a policy that looks up one of {rows} rows"))
            .ours("policy", || bundle.decide(black_box(&event), &facts, now))
            .run(criterion);
    }
}

criterion_group! { name = benches; config = settings(); targets = read, bare, example, named, patterns, policy, lookup }
criterion_main!(benches);
