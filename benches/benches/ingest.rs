//! What a notification costs, from the request to the answer: secret, body, identity, and an event on disk.
//!
//! The request goes through the routes without a socket; the log is on and is thrown away; every answer means a synced
//! disk. Floors: the same number of KiB appended to a file and synced once, which is what a commit cannot cost less
//! than, and the store's `accept` of the same events without HTTP. With 64 senders each waits for its answer before it
//! sends the next (a closed loop), and commits are shared.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and ends where it cannot go on"
)]

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::Body;
use criterion::{Criterion, criterion_group, criterion_main};
use http::{Request, StatusCode};
use switchboard_benches::contest::{Contest, measures, settings, span};
use switchboard_benches::machine;
use switchboard_benches::server::{ADDRESS, Server, event, notification};
use switchboard_runtime::observe::subscriber;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

/// Senders at the same time.
const SENDERS: [u64; 2] = [1, 64];

/// Notifications whose waits are printed, for one sender; a multiple for more.
const MEASURED: u64 = 2_000;

/// A server and the number of the next call.
#[derive(Clone)]
struct Place {
    server: Arc<Server>,
    next: Arc<AtomicU64>,
}

/// What a sender does.
#[derive(Clone, Copy)]
enum Way {
    Request,
    Accept,
}

impl Place {
    fn new(runtime: &Runtime) -> Self {
        let server = runtime.block_on(Server::start());
        Self { server: Arc::new(server), next: Arc::default() }
    }

    async fn once(&self, way: Way) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        match way {
            Way::Accept => {
                self.server.store.accept(event(number)).await.expect("an acknowledgement");
            }
            Way::Request => {
                let request = Request::post(ADDRESS).header("content-type", "application/json");
                let request = request.body(Body::from(notification(number))).expect("a request");
                let answer = self.server.router.clone().oneshot(request).await.expect("an answer");
                assert_eq!(answer.status(), StatusCode::OK);
            }
        }
    }

    /// Sends so many; returns how long it took and each wait.
    fn send(&self, runtime: &Runtime, way: Way, events: u64, senders: u64) -> (Duration, Vec<Duration>) {
        runtime.block_on(async {
            let began = Instant::now();
            let mut tasks = JoinSet::new();
            for sender in 0..senders.min(events) {
                let share = events / senders + u64::from(sender < events % senders);
                let place = self.clone();
                tasks.spawn(async move {
                    let mut waits = Vec::new();
                    for _ in 0..share {
                        let asked = Instant::now();
                        place.once(way).await;
                        waits.push(asked.elapsed());
                    }
                    waits
                });
            }
            let waits = tasks.join_all().await.concat();
            (began.elapsed(), waits)
        })
    }
}

/// Appends a KiB for each of so many senders and syncs, as often as it takes for so many events.
fn append(file: &mut File, events: u64, senders: u64) -> Duration {
    let block = vec![b'x'; usize::try_from(senders).expect("a small number") << 10];
    let began = Instant::now();
    for _ in 0..events.div_ceil(senders) {
        file.write_all(&block).expect("room");
        file.sync_data().expect("a disk");
    }
    began.elapsed()
}

fn ingest(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let log = subscriber(&Place::new(&runtime).server.config.log, std::io::sink).expect("a log");
    tracing::subscriber::set_global_default(log).expect("no other log");
    for senders in SENDERS {
        let (place, folder) = (Place::new(&runtime), machine::folder());
        let mut file = File::create(folder.path().join("floor")).expect("a file");
        let bare = Place::new(&runtime);
        Contest::new(format!("ingest/{senders} senders"))
            .floor_timed("append and sync", |events| append(&mut file, events, senders))
            .floor_timed("accept", |events| bare.send(&runtime, Way::Accept, events, senders).0)
            .ours_timed("request to answer", |events| place.send(&runtime, Way::Request, events, senders).0)
            .run(criterion);
    }
    if measures() {
        waits(&runtime);
    }
}

/// How long a single sender waits.
fn waits(runtime: &Runtime) {
    println!("| senders | events/s | p50 | p99 | p99.9 | most |\n|--:|--:|--:|--:|--:|--:|");
    for senders in SENDERS {
        let place = Place::new(runtime);
        let events = MEASURED * if senders == 1 { 1 } else { 20 };
        let (took, mut waits) = place.send(runtime, Way::Request, events, senders);
        waits.sort_unstable();
        let at = |per_mille: usize| {
            let at = (waits.len() * per_mille / 1_000).min(waits.len().saturating_sub(1));
            waits.get(at).map_or_else(String::new, |wait| span(wait.as_secs_f64()))
        };
        let rate = u128::from(events) * 1_000_000 / took.as_micros().max(1);
        println!("| {senders} | {rate} | {} | {} | {} | {} |", at(500), at(990), at(999), at(1_000));
    }
    println!();
}

criterion_group! { name = benches; config = settings(); targets = ingest }
criterion_main!(benches);
