//! How long a caller waits until UIS is told whom to put the call through to, while RetailCRM is slow.
//!
//! The whole route but the sockets: request in, answer out. RetailCRM answers after three seconds here, so whatever waits
//! for it shows. Percentiles of single answers, since a mean would hide the ones that wait.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints, and ends where it cannot go on"
)]

use std::time::{Duration, Instant};

use axum::body::Body;
use http::{Request, StatusCode};
use switchboard_benches::forward::Routed;
use switchboard_benches::machine;
use tower::ServiceExt as _;

/// How long RetailCRM takes.
const SLOW: Duration = Duration::from_secs(3);
/// Clients that are known.
const KNOWN: u64 = 1_000;
/// Answers of the first case.
const ANSWERS: u64 = 20_000;
/// Answers of the second case, each of which waits for the whole budget.
const STRANGERS: u64 = 200;

fn main() {
    if !switchboard_benches::contest::measures() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    println!("{}\n", machine::describe());
    println!("| caller | answers | p50, ms | p99, ms | most, ms |\n|---|--:|--:|--:|--:|");
    runtime.block_on(async {
        let routed = Routed::start(SLOW).await;
        for number in 0..KNOWN {
            routed.know(number);
        }
        let known = measure(&routed, ANSWERS, |turn| turn % KNOWN).await;
        show("known, RetailCRM takes 3 s", known);
        let strangers = measure(&routed, STRANGERS, |turn| KNOWN + turn).await;
        show("not known, RetailCRM takes 3 s, budget 150 ms", strangers);
    });
}

async fn measure(routed: &Routed, answers: u64, caller: impl Fn(u64) -> u64) -> Vec<Duration> {
    let mut took = Vec::new();
    for turn in 0..answers {
        let request = Request::get(routed.address(caller(turn))).body(Body::empty()).expect("a request");
        let started = Instant::now();
        let response = routed.router.clone().oneshot(request).await.expect("an answer");
        took.push(started.elapsed());
        assert_eq!(response.status(), StatusCode::OK);
    }
    took.sort();
    took
}

fn show(name: &str, took: Vec<Duration>) {
    let at = |hundredths: usize| {
        let place = (took.len() * hundredths / 100).min(took.len().saturating_sub(1));
        took.get(place).map_or(0.0, |took| took.as_secs_f64() * 1e3)
    };
    println!("| {name} | {} | {:.2} | {:.2} | {:.2} |", took.len(), at(50), at(99), at(100));
}
