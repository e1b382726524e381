//! A burst of calls at the vendor's usual limits: nothing is asked twice, no limit is overrun, the figures count what the
//! other side counts, and pop-ups go first.
//!
//! The calls begin as close together as a thousand in a minute. The server is a process of its own, so that its figures are
//! of this burst alone. `IT_BURST=1000` makes it a whole minute.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use switchboard_emulator::{CallScript, Emulator, Entry, Service};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::kill::Life;
use super::server::{ANNA, OLGA, PATIENCE, Place, RULES, Tuning, hooks, until};

/// Calls of a normal run.
const CALLS: usize = 36;
/// Time between two calls: a thousand in a minute.
const PACE: Duration = Duration::from_millis(60);
/// Longest wait between a ring and its pop-up: far above what it takes, for machines that are busy with other tests, and
/// far below what the backlog takes.
const SOON: Duration = Duration::from_secs(5);

/// Each second contact calls twice; every other call is answered.
fn call(n: usize) -> CallScript {
    let contact = n - usize::from(n % 3 == 2);
    let answered = n.is_multiple_of(2);
    CallScript {
        session: Some(800_000_000 + n as u64),
        client: Some(format!("7904{contact:07}")),
        virtual_number: "74951234567".to_owned(),
        // Told in a moment, so it began when a call that is over now began.
        started: Some(Timestamp::now() - SignedDuration::from_secs(50)),
        rung: vec![if answered { ANNA } else { OLGA }],
        answered_by: answered.then_some(ANNA),
        wait_s: 5,
        talk_s: if answered { 40 } else { 0 },
        ..CallScript::default()
    }
}

/// The figures of a server.
async fn figures(console: SocketAddr) -> String {
    let mut stream = TcpStream::connect(console).await.expect("the console listens");
    let request = format!("GET /metrics HTTP/1.1\r\nhost: {console}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("it is asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    answer
}

/// The sum of a figure over its labels, of those lines that have `label`.
fn sum(figures: &str, name: &str, label: &str) -> f64 {
    let lines = figures.lines().filter(|line| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])) && line.contains(label)
    });
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
}

/// Whether nothing is left to do.
fn is_drained(figures: &str) -> bool {
    ["switchboard_events", "switchboard_communications", "switchboard_effects"]
        .iter()
        .all(|name| sum(figures, name, "") == 0.0)
}

/// Sends everything that is said about a call, and tells when its phone rang.
async fn tell(emulator: Arc<Emulator>, n: usize, hooks: String) -> Timestamp {
    let mut rang = Timestamp::now();
    for notification in emulator.uis().play(&call(n), &[]).notifications {
        if notification.event == "ring" {
            rang = Timestamp::now();
        }
        let delivery = emulator.uis().send(&notification, &hooks).await;
        assert!(delivery.is_taken(), "{delivery:?}");
        if notification.event == "ring" {
            // It rings for as long as it takes to show the card; a call that is over is not shown any more.
            let name = format!("uis-call-{}", 800_000_000 + n);
            until("it is shown", async || {
                let events = emulator.crm().events();
                events.iter().any(|event| event.external_id.as_deref() == Some(name.as_str()))
            })
            .await;
        }
    }
    rang
}

/// How often each reading request came that is the same in every word.
fn readings(entries: &[Entry]) -> BTreeMap<String, usize> {
    let mut count = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.service == Service::Retailcrm && entry.method == "GET") {
        *count.entry(format!("{} {}", entry.target, entry.query)).or_default() += 1;
    }
    count
}

/// The busiest span of this length, in requests.
fn busiest(entries: &[&Entry], span: Duration) -> usize {
    let span = i128::try_from(span.as_nanos()).expect("a short time");
    let at: Vec<i128> = entries.iter().map(|entry| entry.at.as_nanosecond()).collect();
    at.iter()
        .map(|first| at.iter().filter(|at| (*first..*first + span).contains(at)).count())
        .max()
        .unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_asks_nothing_twice_and_overruns_no_limit() {
    let calls = std::env::var("IT_BURST").ok().and_then(|text| text.parse().ok()).unwrap_or(CALLS);
    // The usual pace, a RetailCRM that insists on it, and marketing data that only the report has.
    let uis = "find_missed = false\nfailed_deliveries = false\nmarketing_pause = \"1 s\"\n".to_owned();
    let place = Place::new(RULES, &Tuning { limits: String::new(), uis, ..Tuning::default() }).await;
    let emulator = Arc::clone(&place.emulator);
    emulator.set_switches(|switches| switches.limiter = true);
    let life = Life::begin(&place).await;
    until("the employees are listed", async || !emulator.journal().of("get.employees").is_empty()).await;

    let begun = Instant::now();
    let mut pace = tokio::time::interval(PACE);
    let mut telling = Vec::new();
    for n in 0..calls {
        pace.tick().await;
        telling.push(tokio::spawn(tell(Arc::clone(&emulator), n, hooks(life.hooks))));
    }
    let mut waits = Vec::new();
    for (n, rang) in telling.into_iter().enumerate() {
        let rang = rang.await.expect("the call is told");
        let name = format!("uis-call-{}", 800_000_000 + n);
        let events = emulator.crm().events();
        let shown = events.iter().find(|event| event.external_id.as_deref() == Some(name.as_str()));
        waits.push(shown.expect("it was shown").stored_at.duration_since(rang).unsigned_abs());
    }
    let told = begun.elapsed();
    let open = calls - emulator.crm().calls().len();
    assert!(open > calls / 4, "there was a backlog when the last phone had rung: {open} of {calls}");
    waits.sort();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share).round() as usize];
    println!(
        "{calls} calls told in {told:?}, {open} of them open; ring to pop-up p50 {:?}, p99 {:?}",
        at(0.5),
        at(0.99)
    );
    assert!(at(0.99) < SOON, "{waits:?}");

    let mut seen = (0, Instant::now());
    until_drained(&emulator, life.console, &mut seen).await;
    let figures = figures(life.console).await;
    let drained = begun.elapsed();
    life.kill();

    let crm = emulator.crm();
    let clients = (0..calls).filter(|n| n % 3 != 2).count();
    assert_eq!((crm.customers().len(), crm.orders().len(), crm.calls().len()), (clients, calls, calls));

    // No limit was overrun. A busy machine may hold one request back and let it go together with those behind it.
    let entries = emulator.journal().entries();
    let refused = entries.iter().filter(|entry| entry.status == Some(503)).count();
    for peak in crm.peaks() {
        println!("{:?}: at most {} of {} in a second", peak.class, peak.busiest_second, peak.limit);
        assert!(peak.busiest_second <= peak.limit + 1, "{peak:?}");
    }
    assert!(refused <= entries.len() / 200, "{refused} of {} requests were refused", entries.len());
    let answered: Vec<Entry> = entries.iter().filter(|entry| entry.status != Some(503)).cloned().collect();
    assert!(answered.iter().all(|entry| matches!(entry.status, Some(200 | 201))));
    assert!(!entries.iter().any(|entry| entry.answer.contains("limit_exceeded")));

    // Whatever was read is not read again, but for the card of a client who calls again.
    let is_card = |request: &str| {
        request
            .strip_prefix("/api/v5/customers/")
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    };
    for (request, count) in readings(&answered) {
        assert_eq!(count, 1, "{request}");
    }
    let cards = readings(&answered).keys().filter(|request| is_card(request)).count();
    assert_eq!(cards, calls - clients, "one look into the card of each who called again");

    // The figures count what the other side counts.
    let of = |service: Service| entries.iter().filter(|entry| entry.service == service).collect::<Vec<_>>();
    let (to_crm, to_uis) = (of(Service::Retailcrm), of(Service::DataApi));
    for (name, asked) in
        [("switchboard_crm_requests_total", &to_crm), ("switchboard_uis_requests_total", &to_uis)]
    {
        assert_eq!(sum(&figures, name, ""), asked.len() as f64, "{name}");
    }
    let decided = sum(&figures, "switchboard_decisions_total", "stage=\"end\"");
    assert_eq!(decided, calls as f64, "each call is counted once");
    assert!(to_uis.len() < calls, "calls share a request for marketing data: {}", to_uis.len());
    println!(
        "drained after {drained:?}; a call took {:.1} requests to RetailCRM and {:.1} to UIS; the busiest minute had {} and {}",
        to_crm.len() as f64 / decided,
        to_uis.len() as f64 / decided,
        busiest(&to_crm, Duration::from_secs(60)),
        busiest(&to_uis, Duration::from_secs(60)),
    );
}

/// Waits until nothing is left to do, as long as anything happens.
async fn until_drained(emulator: &Emulator, console: SocketAddr, seen: &mut (u64, Instant)) {
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    while !is_drained(&figures(console).await) {
        ticks.tick().await;
        let now = emulator.journal().count();
        if now != seen.0 {
            *seen = (now, Instant::now());
        }
        assert!(seen.1.elapsed() < PATIENCE, "nothing happens any more, and there is something left to do");
    }
}
