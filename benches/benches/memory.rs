//! How much memory things take.
//!
//! Each case runs in a process of its own, this program started again, and tells the most memory that process ever had
//! (`VmHWM`) and what it had in the end (`VmRSS`). The first case does nothing, and is what all others include.
//! `SWITCHBOARD_BENCH_WAITING` sets how many events wait in the store. Knows Linux only; elsewhere it says so.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and ends where it cannot go on"
)]

use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;

use switchboard_benches::contest::figure;
use switchboard_benches::server::{self, Server, event};
use switchboard_benches::{examples, machine, tables};
use switchboard_engine::bundle::{BundleSource, LoadOptions, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// Names the case to the process that runs it.
const CASE: &str = "SWITCHBOARD_BENCH_CASE";

/// Decisions of one case.
const DECISIONS: usize = 100_000;

/// Tasks that fill the store.
const SENDERS: u64 = 64;

type Case = (&'static str, fn());

const CASES: [Case; 9] = [
    ("nothing", || {}),
    ("parse a file of a table of 10,000 rows", parse),
    ("format it", format),
    ("load the example", || drop(black_box(examples::bundle(&examples::source("romashka-en"))))),
    ("load a table of 10,000 rows", || drop(black_box(tables::bundle(&tables::named(tables::ROWS))))),
    ("load one with two mistakes a row", mistaken),
    ("decide 100,000 calls by the example", decide),
    ("a server that waits, the example in force", idle),
    ("a store with events that wait", waiting),
];

fn main() {
    if let Some(name) = std::env::var_os(CASE) {
        let case = CASES.iter().find(|(known, _)| name == *known);
        let (_, case) = case.expect("a case of this program");
        case();
        let memory = |name| machine::memory(name).unwrap_or_default();
        let end = memory("VmRSS");
        // The system brings the first up to date now and then only.
        println!("{} {end}", memory("VmHWM").max(end));
        return;
    }
    if machine::memory("VmHWM").is_none() {
        println!("this system does not tell how much memory a process has");
        return;
    }
    // Listing and testing have no use for figures.
    if !switchboard_benches::contest::measures() {
        return;
    }
    println!("{}\n", machine::describe());
    println!("| case | most, MiB | in the end, MiB | most, beyond nothing |\n|---|--:|--:|--:|");
    let mut nothing = 0;
    for (name, _) in CASES {
        let (most, end) = run(name);
        if nothing == 0 {
            nothing = most;
        }
        println!("| {name} | {} | {} | {} |", mib(most), mib(end), mib(most.saturating_sub(nothing)));
    }
}

/// Runs a case in a process of its own.
fn run(name: &str) -> (u64, u64) {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).env(CASE, name).output().expect("a process");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    let mut numbers = text.split_whitespace().map(|number| number.parse().expect("a number"));
    (numbers.next().expect("the most"), numbers.next().expect("the end"))
}

fn mib(kib: u64) -> String {
    figure(f64::from(u32::try_from(kib).unwrap_or(u32::MAX)) / 1_024.0)
}

fn parse() {
    let text = tables::named(tables::ROWS);
    black_box(switchboard_grammar::parse(&text));
}

fn format() {
    let text = tables::named(tables::ROWS);
    black_box(switchboard_grammar::format(&text));
}

fn mistaken() {
    let source = BundleSource::single(tables::mistaken(tables::ROWS));
    black_box(load(&source, &LoadOptions::default()));
}

fn decide() {
    let bundle = examples::bundle(&examples::source("romashka-en"));
    let calls = examples::events().into_iter().filter(|(_, event, _)| event["kind"] == "call");
    let calls: Vec<_> = calls.map(|(_, event, _)| event).collect();
    let (facts, now) = (Facts::none(), examples::now());
    for call in calls.iter().cycle().take(DECISIONS) {
        let event = Event::from_json(call).expect("an event");
        black_box(bundle.decide(&event, &facts, now));
    }
}

fn idle() {
    let runtime = Runtime::new().expect("a runtime");
    let server = runtime.block_on(Server::start());
    black_box(&server);
}

fn waiting() {
    let events = std::env::var("SWITCHBOARD_BENCH_WAITING").ok().and_then(|events| events.parse().ok());
    let events: u64 = events.unwrap_or(10_000);
    let runtime = Runtime::new().expect("a runtime");
    let folder = machine::folder();
    runtime.block_on(async {
        let store = server::store(folder.path()).await;
        let mut tasks = JoinSet::new();
        for sender in 0..SENDERS {
            let store = Arc::clone(&store);
            tasks.spawn(async move {
                for number in (sender..events).step_by(usize::try_from(SENDERS).expect("a small number")) {
                    store.accept(event(number)).await.expect("an acknowledgement");
                }
            });
        }
        tasks.join_all().await;
        let overview = store.overview().await.expect("an overview");
        let waiting: u64 = overview.iter().map(|account| account.events.available).sum();
        assert_eq!(waiting, events, "all wait");
    });
}
