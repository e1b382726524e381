//! What it costs to let other rules decide what was recorded: the walk over the store, and each communication.
//!
//! Floor of a communication: the bare decision of the candidate from an event and facts in memory. Ours reads the record
//! (three texts of JSON), decides, and compares with what was decided.
//!
//! The walk is printed: a store is filled with decisions of four accounts, one after the other as they come in, and one
//! account is counted and walked, each time by a reader that was just opened. `SWITCHBOARD_BENCH_DECISIONS` says how many
//! decisions (20,000 otherwise; one has about four kilobytes), `SWITCHBOARD_BENCH_FOLDER` in which folder. The system may
//! hold the file in memory; what a cold disk costs is the bytes that are read, which is why those are printed too.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and ends where it cannot go on"
)]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use switchboard_benches::contest::{Contest, measures, settings};
use switchboard_benches::examples;
use switchboard_engine::bundle::Bundle;
use switchboard_engine::compare::{Change as Difference, changes};
use switchboard_engine::decide::Form;
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_runtime::replay::{Circumstances, Communication, Judged};
use switchboard_runtime::store::record::{
    Change, Claim, Decision, DecisionId, Json, LaneKey, NewDecision, NewEvent, Origin, Parse, SessionKey,
};
use switchboard_runtime::store::{History, SqliteSettings, Store, StoreSettings, Walk, open};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

const ACCOUNTS: usize = 4;
/// Decisions that are stored in one go, and the lanes that they are in.
const ROUND: usize = 1_000;
const LANES: usize = 100;

/// What was decided about one call, as it is kept.
fn recorded(session: &str) -> NewDecision {
    let (event, facts, now, bundle) = given();
    let mut told = bundle.decide(&event, &facts, now).to_json_as(Form::CURRENT);
    let slot = switchboard_engine::bundle::Slot::of(event.kind(), event.direction());
    Circumstances { now, asked: bundle.needs(slot).to_vec(), reported: true }.keep(&mut told);
    let json = |value: &serde_json::Value| Json::from_text(value.to_string());
    NewDecision {
        communication: SessionKey::from(session),
        stage: "end".into(),
        bundle_digest: bundle.digest().into(),
        now: now.instant(),
        event: json(&event.to_json()),
        facts: json(&facts.to_json()),
        decision: json(&told),
    }
}

fn given() -> (Event, Facts, switchboard_engine::moment::Moment, Arc<Bundle>) {
    let (event, facts) = examples::event("02");
    let event = Event::from_json(&event).expect("an example is a good one");
    let facts = facts.map_or_else(Facts::none, |facts| Facts::from_json(&facts).expect("good facts"));
    (event, facts, examples::now(), examples::bundle(&examples::source("romashka-en")))
}

fn arrived(number: usize, at: Timestamp) -> NewEvent {
    NewEvent {
        account: account(number),
        source: "uis".into(),
        event: "call_end".into(),
        dedup: number.to_string(),
        lane: LaneKey::phone(&format!("+7900{:07}", number % LANES)),
        session: Some(session(number)),
        received_at: at,
        origin: Origin::Webhook,
        content_type: "application/json".into(),
        body: b"{}".to_vec().into(),
        parse: Parse::Parsed,
    }
}

fn account(number: usize) -> switchboard_runtime::store::record::AccountId {
    format!("account-{}", number % ACCOUNTS).as_str().into()
}

fn session(number: usize) -> SessionKey {
    SessionKey::from(format!("call:{number}"))
}

/// Stores so many decisions, a call each.
async fn fill(store: &Arc<dyn Store>, count: usize) {
    let made = Arc::new(recorded("call:0"));
    for first in (0..count).step_by(ROUND) {
        let at =
            Timestamp::from_second(1_770_000_000 + i64::try_from(first).expect("small")).expect("a moment");
        let mut accepted = JoinSet::new();
        for number in first..(first + ROUND).min(count) {
            let store = Arc::clone(store);
            accepted.spawn(async move { store.accept(arrived(number, at)).await.expect("it is kept") });
        }
        accepted.join_all().await;
        loop {
            let claim = Claim { owner: "b".into(), now: at, lease: Duration::from_secs(60), limit: 256 };
            let leases = store.claim_lanes(claim).await.expect("a claim").leases;
            if leases.is_empty() {
                break;
            }
            let mut turns = JoinSet::new();
            for lease in leases {
                let (store, made) = (Arc::clone(store), Arc::clone(&made));
                turns.spawn(async move {
                    let work = store.lane_work(&lease, at).await.expect("work");
                    let changes = work.events.iter().flat_map(|event| {
                        let communication = event.session.clone().expect("a session");
                        let decision = NewDecision { communication, ..(*made).clone() };
                        [
                            Change::EventDone { seq: event.seq },
                            Change::PutDecision { decision, effects: vec![] },
                        ]
                    });
                    store.commit(&lease, at, changes.collect()).await.expect("a commit");
                    store.release(lease, None).await.expect("a release");
                });
            }
            turns.join_all().await;
        }
    }
}

/// Bytes that this process has read from files so far, where the system says so.
fn bytes_read() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/self/io").ok()?;
    told.lines().find_map(|line| line.strip_prefix("rchar: ")?.parse().ok())
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (before, began) = (bytes_read(), Instant::now());
    let made = work();
    let took = began.elapsed();
    let read = bytes_read().zip(before).map_or(0, |(after, before)| after.saturating_sub(before));
    println!("  {what:<32}{took:>10.1?}  {:>7} KiB read", read / 1_024);
    made
}

fn walk() -> Walk {
    Walk { account: account(0), since: Timestamp::MIN, until: Timestamp::MAX, of_million: Walk::ALL }
}

/// Walks one account; how many communications that were.
fn walked(folder: &Path, mut with: impl FnMut(&[Decision])) -> usize {
    let history = History::open(folder).expect("a store");
    let (mut count, mut after) = (0, None);
    loop {
        let (page, next) = history.page(&walk(), after, 256).expect("a page");
        count += page.len();
        page.iter().for_each(|decisions| with(decisions));
        match next {
            Some(mark) => after = Some(mark),
            None => return count,
        }
    }
}

fn print_walk() {
    let asked = std::env::var("SWITCHBOARD_BENCH_DECISIONS").ok().and_then(|count| count.parse().ok());
    let count = asked.unwrap_or(20_000);
    let folder = match std::env::var_os("SWITCHBOARD_BENCH_FOLDER") {
        Some(within) => tempfile::tempdir_in(within),
        None => tempfile::tempdir(),
    };
    let folder = folder.expect("a folder");
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let settings = StoreSettings::Sqlite(SqliteSettings::new(folder.path()));
        let store = open(settings).await.expect("a store");
        fill(&store, count).await;
        store.close().await.expect("it is closed");
    });
    let bytes = std::fs::metadata(folder.path().join("switchboard.db")).map_or(0, |file| file.len());
    println!("backtest/walk: {count} decisions of {ACCOUNTS} accounts, {} MiB", bytes >> 20);
    timed("counting one account", || {
        History::open(folder.path()).expect("a store").count(&walk()).expect("a count")
    });
    timed("walking it", || walked(folder.path(), |_| {}));
    let (_, _, _, bundle) = given();
    timed("walking and judging it", || {
        walked(folder.path(), |decisions| {
            black_box(judged(decisions, &bundle));
        })
    });
}

/// What a backtest does with each communication.
fn judged(decisions: &[Decision], candidate: &Bundle) -> Vec<Difference> {
    let communication = Communication::read(decisions).expect("it is read").expect("it was decided");
    match communication.judge(candidate, Some(candidate)) {
        Judged::Said(said) => changes(&communication.said(), &said),
        Judged::Lacking(_) => Vec::new(),
    }
}

fn backtest(criterion: &mut Criterion) {
    if measures() {
        print_walk();
    }
    let (event, facts, now, bundle) = given();
    let decisions = [Decision {
        id: DecisionId(1),
        account: account(0),
        created_at: now.instant(),
        made: recorded("call:1"),
    }];
    assert!(judged(&decisions, &bundle).is_empty(), "the same rules decide the same");
    Contest::new("backtest/one communication")
        .floor("the bare decision", || bundle.decide(black_box(&event), &facts, now))
        .ours("read, decided and compared", || judged(black_box(&decisions), &bundle))
        .run(criterion);
}

criterion_group! { name = benches; config = settings(); targets = backtest }
criterion_main!(benches);
