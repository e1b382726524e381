//! The queue over a store: what is kept, what is lost, and that nobody waits.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;

use super::*;
use crate::replay::Ruled;
use crate::store::record::{AccountId, RulingKind};
use crate::store::{History, Sqlite, SqliteSettings, Store, Walk};

/// Longer than anything here takes; reached only when a test fails.
const LONG: Duration = Duration::from_secs(30);

fn rules() -> Arc<Bundle> {
    let rules = "rules 1\n\nsettings for calls\n  forward_to_manager: yes\n";
    load(&BundleSource::single(rules.to_owned()), &LoadOptions::default()).bundle.unwrap()
}

fn asked(rules: &Arc<Bundle>, call: usize) -> Asked {
    let event =
        json!({"kind": "call", "direction": "incoming", "contact": "repeat", "phone": "+79000000010"});
    let event = Event::from_json(&event).unwrap();
    let facts = Facts::from_json(&json!({"client": {"manager": "anna@romashka.ru"}})).unwrap();
    let now = "2026-03-02T12:00:00+03:00".parse().unwrap();
    let answer = Answer::of(rules, RulingKind::Forward, false, (&event, &facts, now));
    let subject = Some(format!("call:{call}").into());
    Asked { subject, rules: Arc::clone(rules), event, facts, now, answer }
}

#[tokio::test]
async fn what_waits_when_the_server_stops_is_written_and_what_had_no_room_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(SqliteSettings::new(folder.path())).unwrap());
    let (keeper, keeping) = keeper(Arc::clone(&store));
    let (account, rules) = (AccountId::from("romashka"), rules());
    // Nobody writes yet, so that the queue fills; handing in comes back all the same.
    for call in 0..super::keeper::QUEUE + 50 {
        keeper.keep(&account, asked(&rules, call));
    }
    keeper.stop();
    tokio::time::timeout(LONG, keeping.run()).await.expect("it ends");
    let history = History::open(folder.path()).unwrap();
    let (since, until) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
    let walk = Walk { account, since, until, of_million: Walk::ALL };
    assert_eq!(history.count_rulings(&walk, RulingKind::Forward).unwrap(), super::keeper::QUEUE as u64);
    let (page, _) = history.rulings(&walk, RulingKind::Forward, None, 1).unwrap();
    let ruled = Ruled::read(&page[0]).unwrap();
    assert_eq!(ruled.digest, rules.digest());
    assert_eq!(ruled.differs_from_itself(&rules), []);
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_store_that_refuses_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(SqliteSettings::new(folder.path())).unwrap());
    store.close().await.unwrap();
    let (keeper, keeping) = keeper(store);
    keeper.keep(&AccountId::from("romashka"), asked(&rules(), 1));
    drop(keeper);
    tokio::time::timeout(LONG, keeping.run()).await.expect("it ends with whoever hands in");
}
