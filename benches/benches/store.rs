//! What the embedded store costs: durable acknowledgements, and a worker's turn.
//!
//! Besides criterion's times (which are times per event at full load) it prints, for the acknowledgements, events per
//! second with the percentiles of a single caller's wait. Callers are tasks in this process, each waiting for its
//! answer before it sends the next event (a closed loop); bodies are 1 KiB; every answer means a synced disk.
//!
//! A worker's turn takes all that waits in its lanes, the four events of a call in most.
//!
//! `SWITCHBOARD_BENCH_FOLDER` names the folder to measure in (the one for temporary files, unless it is memory, will do),
//! `SWITCHBOARD_BENCH_WAITING` how many events wait while claims are measured.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and ends where it cannot go on"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use switchboard_runtime::store::record::{
    AccountId, Change, Claim, LaneKey, NewEvent, Origin, Parse, SessionKey,
};
use switchboard_runtime::store::{SqliteSettings, Store, StoreSettings, open};
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

/// Bytes of a body.
const BODY: usize = 1_024;

/// Callers at the same time.
const WRITERS: u64 = 64;

/// Events of one printed measurement, and how often it is repeated.
const MEASURED: u64 = 100_000;
const REPEATED: usize = 5;

/// A store in a folder of its own.
struct Place {
    store: Arc<dyn Store>,
    next: Arc<AtomicU64>,
    _folder: tempfile::TempDir,
}

impl Place {
    fn new(runtime: &Runtime) -> Self {
        let folder = match std::env::var_os("SWITCHBOARD_BENCH_FOLDER") {
            Some(within) => tempfile::tempdir_in(within),
            None => tempfile::tempdir(),
        };
        let folder = folder.expect("a folder");
        let settings = StoreSettings::Sqlite(SqliteSettings::new(folder.path()));
        let store = runtime.block_on(open(settings)).expect("a store");
        Self { store, next: Arc::default(), _folder: folder }
    }

    /// Accepts so many events from so many callers; returns the time and, sorted, each caller's waits.
    fn accept(&self, runtime: &Runtime, events: u64, writers: u64) -> (Duration, Vec<Duration>) {
        runtime.block_on(async {
            let began = Instant::now();
            let mut tasks = JoinSet::new();
            for writer in 0..writers {
                let share = events / writers + u64::from(writer < events % writers);
                let (store, next) = (Arc::clone(&self.store), Arc::clone(&self.next));
                tasks.spawn(async move {
                    let mut waits = Vec::new();
                    for _ in 0..share {
                        let event = event(next.fetch_add(1, Ordering::Relaxed));
                        let asked = Instant::now();
                        store.accept(event).await.expect("an acknowledgement");
                        waits.push(asked.elapsed());
                    }
                    waits
                });
            }
            let mut waits = tasks.join_all().await.concat();
            let took = began.elapsed();
            waits.sort_unstable();
            (took, waits)
        })
    }

    /// Claims lanes, finishes their events and gives them back; returns how many events that were.
    async fn turn(&self, lanes: usize) -> usize {
        let now = jiff::Timestamp::now();
        let claim = Claim { owner: "bench".into(), now, lease: Duration::from_secs(30), limit: lanes };
        let leases = self.store.claim_lanes(claim).await.expect("a claim").leases;
        let mut tasks = JoinSet::new();
        for lease in leases {
            let store = Arc::clone(&self.store);
            tasks.spawn(async move {
                let work = store.lane_work(&lease, now).await.expect("work");
                let done: Vec<_> =
                    work.events.iter().map(|event| Change::EventDone { seq: event.seq }).collect();
                let count = done.len();
                store.commit(&lease, now, done).await.expect("a commit");
                store.release(lease, None).await.expect("a release");
                count
            });
        }
        tasks.join_all().await.into_iter().sum()
    }
}

/// Returns one of four events of a call, in one of 250,000 lanes of eight accounts.
fn event(number: u64) -> NewEvent {
    let call = number / 4;
    NewEvent {
        account: AccountId::new(format!("account-{}", call % 8)),
        source: "uis".into(),
        event: "call_end".into(),
        dedup: format!("call_end:{number}"),
        lane: LaneKey::phone(&format!("+7900{:07}", call % 250_000)),
        session: Some(SessionKey::new(format!("call:{call}"))),
        received_at: jiff::Timestamp::now(),
        origin: Origin::Webhook,
        content_type: "application/json".into(),
        body: vec![b'x'; BODY].into(),
        parse: Parse::Parsed,
    }
}

fn percentile(sorted: &[Duration], per_mille: usize) -> Duration {
    sorted
        .get((sorted.len() * per_mille / 1_000).min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// Tells whether this group was asked for: by no name, or by its own.
fn is_wanted(group: &str) -> bool {
    std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .all(|word| group.contains(&word) || word.contains(group))
}

/// Tells whether it is only to be seen whether everything still runs.
fn is_trial() -> bool {
    std::env::args().any(|word| word == "--test")
}

/// Prints what acknowledgements cost the callers.
fn print_waits(runtime: &Runtime) {
    println!("writers  events/s      p50      p99    p99.9      max");
    for writers in [1, WRITERS] {
        for _ in 0..REPEATED {
            let place = Place::new(runtime);
            let events = if writers == 1 { MEASURED / 20 } else { MEASURED };
            let (took, waits) = place.accept(runtime, events, writers);
            let micros = u64::try_from(took.as_micros()).expect("less than ages").max(1);
            let [p50, p99, p999, max] = [500, 990, 999, 1_000].map(|mille| percentile(&waits, mille));
            println!(
                "{writers:7}  {:8}  {p50:>7.1?}  {p99:>7.1?}  {p999:>7.1?}  {max:>7.1?}",
                events * 1_000_000 / micros
            );
        }
    }
}

fn acknowledgements(criterion: &mut Criterion) {
    if !is_wanted("store/accept") {
        return;
    }
    let runtime = Runtime::new().expect("a runtime");
    if !is_trial() {
        print_waits(&runtime);
    }
    let mut group = criterion.benchmark_group("store/accept");
    group.throughput(Throughput::Elements(1)).measurement_time(Duration::from_secs(8));
    for writers in [1, WRITERS] {
        let place = Place::new(&runtime);
        group.bench_function(format!("{writers} writers"), |bencher| {
            bencher.iter_custom(|events| place.accept(&runtime, events, writers).0);
        });
    }
    group.finish();
}

fn turns(criterion: &mut Criterion) {
    if !is_wanted("store/turn") {
        return;
    }
    let runtime = Runtime::new().expect("a runtime");
    let waiting = std::env::var("SWITCHBOARD_BENCH_WAITING").ok().and_then(|count| count.parse().ok());
    let waiting = if is_trial() { 100 } else { waiting.unwrap_or(100_000) };
    let place = Place::new(&runtime);
    place.accept(&runtime, waiting, 512);
    let mut group = criterion.benchmark_group("store/turn");
    group.sample_size(20).measurement_time(Duration::from_secs(8));
    for lanes in [1, 32] {
        group.throughput(Throughput::Elements(u64::try_from(lanes).expect("a small number")));
        group.bench_function(format!("claim, read, finish, release {lanes}"), |bencher| {
            bencher.iter_custom(|turns| {
                let mut took = Duration::ZERO;
                for _ in 0..turns {
                    let began = Instant::now();
                    let events = runtime.block_on(place.turn(lanes));
                    took += began.elapsed();
                    // As many as before wait for the next turn.
                    place.accept(&runtime, u64::try_from(events).expect("a small number"), WRITERS);
                }
                took
            });
        });
    }
    group.bench_function("overview", |bencher| {
        bencher.iter(|| runtime.block_on(place.store.overview()).expect("an overview"));
    });
    group.finish();
}

criterion_group!(benches, acknowledgements, turns);
criterion_main!(benches);
