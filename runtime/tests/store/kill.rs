//! Kills the process that holds a store, at any moment, and looks whether everything it had acknowledged is there.
//!
//! The program starts itself again as the victim, which accepts events from several tasks, works them off, and prints a
//! line for whatever it was told is done. After a random number of lines it is killed with SIGKILL; then the folder is
//! opened here and compared with the lines. All rounds use one folder, so each also recovers what those before left.
//!
//! `SWITCHBOARD_KILL_ROUNDS` sets the number of rounds. Not a test of the usual harness, because that prints on its own.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test ends where something is not as it must be, and the victim reports by printing"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use switchboard_runtime::store::record::{
    Accepted, AccountId, Change, Claim, EffectClass, EffectKey, EffectState, EventSeq, EventState, Json,
    LaneKey, NewEffect, NewEvent, Origin, Parse,
};
use switchboard_runtime::store::{SqliteSettings, Store, StoreSettings, open};

/// How many times, unless the environment says otherwise.
const ROUNDS: u64 = 20;

/// How many lines a victim prints at most before it is killed.
const MAX_LINES: usize = 400;

/// Tasks of the victim that accept events.
const WRITERS: u64 = 8;

/// Names the folder to the victim, and where its numbers begin.
const FOLDER: &str = "SWITCHBOARD_KILL_FOLDER";
const FIRST: &str = "SWITCHBOARD_KILL_FIRST";

/// What victims were told is done.
#[derive(Default)]
struct Ledger {
    accepted: BTreeMap<u64, EventSeq>,
    finished: BTreeMap<u64, EventSeq>,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime");
    if let Some(folder) = std::env::var_os(FOLDER) {
        let first = std::env::var(FIRST).expect("the first number").parse().expect("a number");
        runtime.block_on(victim(Path::new(&folder), first));
        return;
    }
    let wanted = std::env::args().skip(1).all(|word| word.starts_with('-') || "kill".contains(&word));
    if !wanted || std::env::args().any(|word| word == "--list") {
        return;
    }
    let rounds = std::env::var("SWITCHBOARD_KILL_ROUNDS").ok();
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::default();
    for round in 0..rounds {
        kill_one(folder.path(), round << 32, &mut ledger);
        runtime.block_on(check(folder.path(), &ledger));
    }
    runtime.block_on(work_off(folder.path(), &ledger));
    let Ledger { accepted, finished } = &ledger;
    assert!(accepted.len() > finished.len(), "no victim left anything undone");
    assert!(!finished.is_empty() || rounds < ROUNDS, "no victim finished anything");
    println!(
        "{rounds} kills, {} events acknowledged, {} finished, none missing",
        accepted.len(),
        finished.len()
    );
}

/// Accepts and works off events until it is killed.
async fn victim(folder: &Path, first: u64) {
    let store = open_in(folder).await;
    let next = Arc::new(AtomicU64::new(first));
    for _ in 0..WRITERS {
        let (store, next) = (Arc::clone(&store), Arc::clone(&next));
        tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let accepted = store.accept(event(number)).await.expect("an acknowledgement");
                say("accepted", number, accepted.seq());
            }
        });
    }
    loop {
        let now = Timestamp::now();
        let claimed = store.claim_lanes(claim(now)).await.expect("a claim");
        for lease in claimed.leases {
            let work = store.lane_work(&lease, now).await.expect("work");
            for event in work.events {
                let number = number_of(event.body.as_bytes());
                let effects = vec![effect(number, now)];
                let changes = vec![
                    Change::EventDone { seq: event.seq },
                    Change::PutEffects { communication: None, effects },
                ];
                store.commit(&lease, now, changes).await.expect("a commit");
                say("finished", number, event.seq);
            }
            store.release(lease, None).await.expect("a release");
        }
    }
}

/// Starts a victim, kills it after some lines, and notes what it said.
fn kill_one(folder: &Path, first: u64, ledger: &mut Ledger) {
    let program = std::env::current_exe().expect("this program");
    let mut victim = Command::new(program)
        .env(FOLDER, folder)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a victim");
    let mut lines = BufReader::new(victim.stdout.take().expect("its output"));
    // Now and then while it still opens the store.
    let enough = if fastrand::u8(0..8) == 0 { 0 } else { fastrand::usize(1..=MAX_LINES) };
    let mut count = 0;
    let mut line = String::new();
    loop {
        if count == enough {
            victim.kill().expect("it can be killed");
        }
        line.clear();
        lines.read_line(&mut line).expect("lines of text");
        // The last line may have been cut off; what it says was done all the same, but nobody heard it.
        let Some(said) = line.strip_suffix('\n') else { break };
        count += 1;
        let mut words = said.split(' ');
        let (what, number, seq) = (words.next(), words.next(), words.next());
        let number = number.and_then(|word| word.parse().ok()).expect("a number");
        let seq = seq.and_then(|word| word.parse().ok()).map(EventSeq).expect("a place");
        match what {
            Some("accepted") => ledger.accepted.insert(number, seq),
            Some("finished") => ledger.finished.insert(number, seq),
            other => panic!("the victim says {other:?}"),
        };
    }
    let ended = victim.wait().expect("its end");
    // 101 is a panic; where there are signals, a killed process has no code at all.
    assert!(
        !ended.success() && ended.code() != Some(101),
        "the victim ended by itself after {count} lines: {ended}"
    );
}

/// Compares the folder with what was acknowledged.
async fn check(folder: &Path, ledger: &Ledger) {
    let store = open_in(folder).await;
    for (number, seq) in &ledger.accepted {
        let kept = store.event(*seq).await.expect("an answer");
        let kept = kept.unwrap_or_else(|| panic!("event {number} was acknowledged as {seq} and is lost"));
        assert_eq!(number_of(kept.body.as_bytes()), *number, "event {seq} is another one");
    }
    for (number, seq) in &ledger.finished {
        let kept = store.event(*seq).await.expect("an answer").expect("the event");
        assert_eq!(kept.state, EventState::Done, "event {number} was finished");
    }
    let keys: Vec<_> = ledger.finished.keys().map(|number| key(*number)).collect();
    let planned = store.effects_by_key(&account(), keys).await.expect("an answer");
    assert_eq!(planned.len(), ledger.finished.len(), "an effect that was planned is lost");
    // The same again is known, and is not kept twice.
    if let Some((number, seq)) = ledger.accepted.last_key_value() {
        let again = store.accept(event(*number)).await.expect("an acknowledgement");
        assert_eq!(again, Accepted::Duplicate(*seq));
    }
}

/// Finishes everything; afterwards every acknowledged event must be done.
async fn work_off(folder: &Path, ledger: &Ledger) {
    let store = open_in(folder).await;
    let now = Timestamp::now();
    loop {
        let leases = store.claim_lanes(claim(now)).await.expect("a claim").leases;
        if leases.is_empty() {
            break;
        }
        for lease in leases {
            let work = store.lane_work(&lease, now).await.expect("work");
            let done = work.events.iter().map(|event| Change::EventDone { seq: event.seq });
            let settled =
                work.effects.iter().map(|effect| Change::PutProgress(effect.progress(EffectState::Done)));
            store.commit(&lease, now, done.chain(settled).collect()).await.expect("a commit");
            store.release(lease, None).await.expect("a release");
        }
    }
    for (number, seq) in &ledger.accepted {
        let kept = store.event(*seq).await.expect("an answer").expect("the event");
        assert_eq!(kept.state, EventState::Done, "event {number} was not given to anybody");
    }
    store.close().await.expect("an orderly end");
}

async fn open_in(folder: &Path) -> Arc<dyn Store> {
    open(StoreSettings::Sqlite(SqliteSettings::new(folder))).await.expect("the store opens")
}

fn account() -> AccountId {
    AccountId::from("romashka")
}

fn claim(now: Timestamp) -> Claim {
    Claim { owner: "victim".into(), now, lease: Duration::from_secs(30), limit: 4 }
}

fn event(number: u64) -> NewEvent {
    NewEvent {
        account: account(),
        source: "uis".into(),
        event: "call_end".into(),
        dedup: number.to_string(),
        lane: LaneKey::new(format!("v:{}", number % 16)),
        session: None,
        received_at: Timestamp::UNIX_EPOCH,
        origin: Origin::Webhook,
        content_type: "text/plain".into(),
        body: number.to_string().into_bytes().into(),
        parse: Parse::Parsed,
    }
}

fn number_of(body: &[u8]) -> u64 {
    std::str::from_utf8(body).ok().and_then(|text| text.parse().ok()).expect("a number in the body")
}

fn key(number: u64) -> EffectKey {
    EffectKey::new(format!("order:{number}"))
}

fn effect(number: u64, now: Timestamp) -> NewEffect {
    NewEffect {
        key: key(number),
        kind: "ensure_order".into(),
        class: EffectClass::Probe,
        request: Json::from_text("{}".to_owned()),
        needs: Json::from_text("[]".to_owned()),
        state: EffectState::Held,
        next_at: now,
    }
}

/// Prints a whole line at once, so that none is half of one and half of another.
fn say(what: &str, number: u64, seq: EventSeq) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{what} {number} {seq}").and_then(|()| out.flush()).expect("somebody listens");
}
