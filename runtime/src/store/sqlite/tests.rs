//! What only the embedded store promises: its lock, its queue, its file, and what happens when the disk says no.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use jiff::Timestamp;
use rusqlite::Connection;

use super::{Sqlite, SqliteSettings, connect};
use crate::store::record::{
    Accepted, Change, Claim, EffectClass, EffectKey, EffectState, Json, LaneKey, NewEffect, NewEvent, Origin,
    Page, Parse,
};
use crate::store::{Store, StoreError};

const MINUTE: Duration = Duration::from_secs(60);

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn database(folder: &Path) -> PathBuf {
    folder.join("switchboard.db")
}

fn log_bytes(folder: &Path) -> u64 {
    std::fs::metadata(folder.join("switchboard.db-wal")).map_or(0, |file| file.len())
}

fn event(number: usize, bytes: usize) -> NewEvent {
    NewEvent {
        account: "romashka".into(),
        source: "uis".into(),
        event: "call_end".into(),
        dedup: number.to_string(),
        lane: LaneKey::new(format!("v:{number}")),
        session: None,
        received_at: Timestamp::UNIX_EPOCH,
        origin: Origin::Webhook,
        content_type: "application/json".into(),
        body: vec![b'x'; bytes].into(),
        parse: Parse::Parsed,
    }
}

/// Keeps the writer from beginning a transaction until it is dropped.
fn hold_up(folder: &Path) -> Connection {
    let connection = Connection::open(database(folder)).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[tokio::test]
async fn a_second_process_is_told_who_is_in_the_way() {
    let folder = folder();
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    let refused = Sqlite::open(SqliteSettings::new(folder.path())).unwrap_err();
    let lock = folder.path().join("switchboard.lock");
    assert_eq!(refused.to_string(), format!("`{}` is in use by another process", lock.display()));
    assert!(!refused.is_transient());
    drop(store);
    Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = folder();
    let data = folder.path().join("data");
    let store = Sqlite::open(SqliteSettings::new(&data)).unwrap();
    store.accept(event(1, 10)).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for file in ["switchboard.db", "switchboard.db-wal", "switchboard.db-shm"] {
        assert_eq!(mode(&data.join(file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once_and_keeps_what_it_took() {
    let folder = folder();
    let settings = SqliteSettings { queue_events: 8, batch_jobs: 4, ..SqliteSettings::new(folder.path()) };
    let store = Sqlite::open(SqliteSettings { busy_timeout: MINUTE, ..settings }).unwrap();
    let held = hold_up(folder.path());
    let mut calls: Vec<_> = (0..200).map(|number| store.accept(event(number, 10))).collect();
    // One poll each: those that find the queue full are done, and the writer is at its first transaction at most.
    let mut shed = 0;
    let mut waiting = Vec::new();
    for mut call in calls.drain(..) {
        match (&mut call).now_or_never() {
            None => waiting.push(call),
            Some(Err(StoreError::Full)) => shed += 1,
            Some(other) => panic!("{other:?}"),
        }
    }
    // The queue, and a batch that was taken out of it.
    assert!((8..=12).contains(&waiting.len()), "{} wait", waiting.len());
    assert_eq!(shed + waiting.len(), 200);
    drop(held);
    for answer in join_all(waiting).await {
        assert!(matches!(answer, Ok(Accepted::New(_))), "{answer:?}");
    }
    store.accept(event(500, 10)).await.unwrap();
}

#[tokio::test]
async fn bytes_are_bounded_too() {
    let folder = folder();
    let settings =
        SqliteSettings { queue_bytes: 1_000, batch_bytes: 1, ..SqliteSettings::new(folder.path()) };
    let store = Sqlite::open(SqliteSettings { busy_timeout: MINUTE, ..settings }).unwrap();
    let refused = store.accept(event(0, 1_001)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Refused { .. }), "{refused}");
    let held = hold_up(folder.path());
    let mut waiting = Vec::new();
    let mut shed = 0;
    for number in 1..=10 {
        let mut call = store.accept(event(number, 600));
        match (&mut call).now_or_never() {
            None => waiting.push(call),
            Some(Err(StoreError::Full)) => shed += 1,
            Some(other) => panic!("{other:?}"),
        }
    }
    // One in the queue, and one that the writer has taken out.
    assert!((1..=2).contains(&waiting.len()), "{} wait", waiting.len());
    assert!(shed >= 8);
    drop(held);
    for answer in join_all(waiting).await {
        answer.unwrap();
    }
    store.accept(event(20, 1_000)).await.unwrap();
}

#[tokio::test]
async fn other_writes_wait_for_their_turn_instead_of_failing() {
    let folder = folder();
    let settings = SqliteSettings { queue_events: 1, queue_work: 1, ..SqliteSettings::new(folder.path()) };
    let store = Sqlite::open(SqliteSettings { busy_timeout: MINUTE, ..settings }).unwrap();
    let held = hold_up(folder.path());
    let mut calls: Vec<_> = (0..50).map(|_| store.probe()).collect();
    for call in &mut calls {
        assert!(call.now_or_never().is_none());
    }
    drop(held);
    for answer in join_all(calls).await {
        answer.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_written_fails_all_and_recovers() {
    let folder = folder();
    let settings = SqliteSettings { busy_timeout: Duration::ZERO, ..SqliteSettings::new(folder.path()) };
    let store = Sqlite::open(settings).unwrap();
    store.accept(event(0, 10)).await.unwrap();
    let held = hold_up(folder.path());
    for answer in join_all((1..20).map(|number| store.accept(event(number, 10)))).await {
        let error = answer.unwrap_err();
        assert!(matches!(error, StoreError::Io { .. }), "{error}");
        assert!(error.is_transient());
    }
    // Reading goes on.
    assert_eq!(store.overview().await.unwrap()[0].events.available, 1);
    drop(held);
    for number in 1..20 {
        let answer = store.accept(event(number, 10)).await.unwrap();
        assert!(matches!(answer, Accepted::New(_)), "{number} was kept without being acknowledged");
    }
}

#[tokio::test]
async fn an_account_that_was_taken_back_is_not_remembered() {
    let folder = folder();
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    let refused = store.write(|tx| {
        super::accounts::number(tx, &"romashka".into())?;
        Err::<(), _>(StoreError::Refused { reason: "half-way".to_owned() })
    });
    assert!(matches!(refused.await, Err(StoreError::Refused { .. })));
    assert_eq!(store.overview().await.unwrap(), []);
    let elsewhere = NewEvent { account: "vasilek".into(), ..event(1, 10) };
    let elsewhere = store.accept(elsewhere).await.unwrap().seq();
    let here = store.accept(event(1, 10)).await.unwrap().seq();
    for (seq, name) in [(here, "romashka"), (elsewhere, "vasilek")] {
        assert_eq!(store.event(seq).await.unwrap().unwrap().account.as_str(), name);
    }
}

#[tokio::test]
async fn a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room() {
    let folder = folder();
    let settings = SqliteSettings { max_bytes: Some(1 << 20), ..SqliteSettings::new(folder.path()) };
    let store = Arc::new(Sqlite::open(settings).unwrap());
    let mut kept = Vec::new();
    let mut refused = Vec::new();
    for round in 0..20 {
        let numbers = round * 8..(round + 1) * 8;
        let answers = join_all(numbers.clone().map(|number| store.accept(event(number, 20_000)))).await;
        for (number, answer) in numbers.zip(answers) {
            match answer {
                Ok(Accepted::New(seq)) => kept.push((number, seq)),
                Err(StoreError::DiskFull) => refused.push(number),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(kept.len() > 20, "only {} of 160 fit", kept.len());
    assert!(refused.len() > 80, "only {} of 160 did not fit", refused.len());
    let overview = store.overview().await.unwrap();
    assert_eq!(overview[0].events.available, u64::try_from(kept.len()).unwrap());
    for (_, seq) in &kept {
        assert_eq!(store.event(*seq).await.unwrap().unwrap().body.len(), 20_000);
    }
    // Somebody makes room; nothing else has to be done.
    store.write(|tx| connect::limit(tx.connection(), None)).await.unwrap();
    for number in refused {
        let answer = store.accept(event(number, 20_000)).await.unwrap();
        assert!(matches!(answer, Accepted::New(_)), "{number} was kept without being acknowledged");
    }
    for (number, seq) in kept {
        assert_eq!(store.accept(event(number, 20_000)).await.unwrap(), Accepted::Duplicate(seq));
    }
}

#[tokio::test]
async fn the_log_stays_within_its_limit_under_a_writer_that_is_never_idle() {
    let folder = folder();
    let limit = 512 << 10;
    let settings = SqliteSettings {
        wal_limit: limit,
        // The second thread never gets to it.
        checkpoint_pause: Duration::from_secs(3_600),
        batch_jobs: 8,
        ..SqliteSettings::new(folder.path())
    };
    let store = Sqlite::open(settings).unwrap();
    let mut largest = 0;
    for round in 0..40 {
        let numbers = round * 16..(round + 1) * 16;
        for answer in join_all(numbers.map(|number| store.accept(event(number, 8_000)))).await {
            answer.unwrap();
        }
        largest = largest.max(log_bytes(folder.path()));
    }
    let batch = 8 * 64 * 1_024;
    assert!(largest < limit + batch, "the log grew to {largest} bytes");
    assert!(std::fs::metadata(database(folder.path())).unwrap().len() > 4 << 20, "nothing was copied");
}

#[tokio::test]
async fn a_reader_that_needs_the_log_delays_emptying_it_and_nothing_else() {
    let folder = folder();
    let limit = 256 << 10;
    let settings = SqliteSettings { wal_limit: limit, ..SqliteSettings::new(folder.path()) };
    let store = Sqlite::open(settings).unwrap();
    store.accept(event(9_999, 10)).await.unwrap();
    let reader = Connection::open(database(folder.path())).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM inbox").unwrap();
    for number in 0..60 {
        store.accept(event(number, 8_000)).await.unwrap();
    }
    assert!(log_bytes(folder.path()) > limit);
    drop(reader);
    store.checkpoint().await.unwrap();
    assert_eq!(log_bytes(folder.path()), 0);
}

#[tokio::test]
async fn closing_finishes_what_was_begun_and_leaves_one_file() {
    let folder = folder();
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    let mut calls: Vec<_> = (0..100).map(|number| store.accept(event(number, 10))).collect();
    for call in &mut calls {
        // Put into the queue, not waited for.
        let _ = call.now_or_never();
    }
    drop(calls);
    store.close().await.unwrap();
    assert_eq!(log_bytes(folder.path()), 0);
    assert!(!folder.path().join("switchboard.db-wal").exists());
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    assert_eq!(store.overview().await.unwrap()[0].events.available, 100);
}

#[tokio::test]
async fn lanes_of_a_dead_process_are_free_at_once() {
    let folder = folder();
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    store.accept(event(1, 10)).await.unwrap();
    let claim = || crate::store::record::Claim {
        owner: "worker".into(),
        now: Timestamp::UNIX_EPOCH,
        lease: MINUTE,
        limit: 10,
    };
    assert_eq!(store.claim_lanes(claim()).await.unwrap().leases.len(), 1);
    assert_eq!(store.claim_lanes(claim()).await.unwrap().leases.len(), 0);
    drop(store);
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    assert_eq!(store.claim_lanes(claim()).await.unwrap().leases.len(), 1);
}

#[tokio::test]
async fn a_lane_of_a_dead_process_is_looked_at_for_whichever_effect_is_due_first() {
    let folder = folder();
    let at = |second| Timestamp::from_second(second).unwrap();
    let claim = |now| Claim { owner: "worker".into(), now, lease: MINUTE, limit: 1 };
    let effect = |key: &str, second| NewEffect {
        key: EffectKey::new(key),
        kind: "upload_call".into(),
        class: EffectClass::Idempotent,
        request: Json::from_text("{}".to_owned()),
        needs: Json::from_text("[]".to_owned()),
        state: EffectState::Ready,
        next_at: at(second),
    };
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    let Accepted::New(seq) = store.accept(event(1, 10)).await.unwrap() else { panic!("it is new") };
    let lease = store.claim_lanes(claim(at(0))).await.unwrap().leases.remove(0);
    // The first waits for hours; whoever held the lane would have woken it for the second.
    let effects = vec![effect("first", 14_400), effect("second", 60)];
    let changes = vec![Change::EventDone { seq }, Change::PutEffects { communication: None, effects }];
    store.commit(&lease, at(0), changes).await.unwrap();
    drop(store);
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    let early = store.claim_lanes(claim(at(59))).await.unwrap();
    assert_eq!((early.leases.len(), early.next_ready), (0, Some(at(60))));
    assert_eq!(store.claim_lanes(claim(at(60))).await.unwrap().leases.len(), 1);
}

#[tokio::test]
async fn what_people_see_in_debug_has_no_contents() {
    let folder = folder();
    let store = Sqlite::open(SqliteSettings::new(folder.path())).unwrap();
    let secret = "79005551234";
    let arrived = NewEvent {
        lane: LaneKey::phone("+79005551234"),
        body: format!("phone={secret}").into_bytes().into(),
        parse: Parse::Unparsed { reason: "odd".to_owned() },
        ..event(1, 0)
    };
    let debug = format!("{arrived:?}");
    store.accept(arrived).await.unwrap();
    let listed = store.unparsed(Page { limit: 1, ..Page::default() }).await.unwrap();
    let debug = format!("{debug} {listed:?} {store:?}");
    assert!(!debug.contains(secret), "{debug}");
}
