//! The desk over a store, and what candidates would need.

use std::sync::Arc;
use std::time::Duration;

use switchboard_engine::bundle::{Bundle, BundleSource, load};
use switchboard_engine::event::{Event, EventBuilder};
use switchboard_engine::facts::Facts;
use switchboard_engine::moment::Moment;
use switchboard_engine::schema::{Direction, EventKind};

use super::*;
use crate::config::Limits;
use crate::replay::Circumstances;
use crate::scripts::shadow_options;
use crate::store::record::{AccountId, SessionKey, ShadowBounds, ShadowCounts, ShadowRun};
use crate::store::{Sqlite, SqliteSettings, Store};

/// Longer than anything here takes; reached only when a test fails.
const LONG: Duration = Duration::from_secs(30);
const BOUNDS: ShadowBounds = ShadowBounds { pairs: 10, groups: 10, examples: 2 };

const BOTH: &str = "rules 1\n\ntable entities for calls\n  | contact || create        | responsible |\n  |---------||---------------|-------------|\n  | first   || client, order | \"a@x.ru\"    |\n  | repeat  || order         | \"a@x.ru\"    |\n";

fn bundle(rules: &str) -> Arc<Bundle> {
    with_script(rules, None)
}

fn with_script(rules: &str, script: Option<&str>) -> Arc<Bundle> {
    let mut source = BundleSource::single(rules.to_owned());
    if let Some(script) = script {
        source.add("s.rhai", script).unwrap();
    }
    let loaded = load(&source, &shadow_options(&Limits::default()));
    loaded.bundle.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

fn event() -> Event {
    let event = EventBuilder::new(EventKind::Call, Some(Direction::Incoming));
    event.set_json("contact", &serde_json::json!("first")).build().unwrap()
}

fn now() -> Moment {
    "2026-03-02T10:00:00+03:00".parse().unwrap()
}

fn case(number: u32, candidate: &Arc<Bundle>, in_force: &Arc<Bundle>) -> Case {
    let (event, facts) = (event(), Facts::none());
    Case {
        account: AccountId::from("romashka"),
        session: SessionKey::new(format!("call:{number}")),
        candidate: Arc::clone(candidate),
        in_force: Arc::clone(in_force),
        decision: in_force.decide(&event, &facts, now()),
        event,
        facts,
        circumstances: Circumstances { now: now(), asked: Vec::new(), reported: true },
    }
}

struct Room {
    store: Arc<dyn Store>,
    _folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Sqlite::open(SqliteSettings::new(folder.path())).unwrap());
        Self { store, _folder: folder }
    }

    fn desk(&self, queue: usize) -> (Arc<Desk>, Waiting) {
        desk(DeskSettings { queue, bounds: BOUNDS }, Arc::clone(&self.store))
    }

    async fn runs(&self) -> Vec<ShadowRun> {
        self.store.shadows().shadows(&AccountId::from("romashka")).await.unwrap()
    }

    /// Waits until so many were counted.
    async fn counted(&self, count: u64) -> ShadowCounts {
        let counted = async {
            loop {
                let mut all = ShadowCounts::default();
                self.runs().await.iter().for_each(|run| all += run.counts);
                if all.compared() + all.unjudged + all.failed + all.dropped >= count {
                    return all;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(LONG, counted).await.expect("they are counted")
    }
}

#[tokio::test]
async fn without_room_a_comparison_is_dropped_and_counted() {
    let room = Room::new();
    let (in_force, candidate) = (bundle(BOTH), bundle(&BOTH.replace("a@x.ru", "b@x.ru")));
    let (desk, waiting) = room.desk(2);
    for number in 0..5 {
        desk.offer(case(number, &candidate, &in_force));
    }
    let work = tokio::spawn(waiting.run());
    let counts = room.counted(5).await;
    assert_eq!(counts, ShadowCounts { differ: 2, dropped: 3, ..ShadowCounts::default() });
    desk.offer(case(9, &candidate, &in_force));
    assert_eq!(room.counted(6).await.differ, 3, "there is room again");
    desk.stop();
    tokio::time::timeout(LONG, work).await.expect("it ends").unwrap();
}

#[tokio::test]
async fn what_waits_when_the_server_stops_is_dropped_and_what_was_counted_is_written() {
    let room = Room::new();
    let (in_force, candidate) = (bundle(BOTH), bundle(&BOTH.replace("a@x.ru", "b@x.ru")));
    let (desk, waiting) = room.desk(10);
    for number in 0..4 {
        desk.offer(case(number, &candidate, &in_force));
    }
    desk.stop();
    tokio::time::timeout(LONG, waiting.run()).await.expect("it ends");
    let runs = room.runs().await;
    assert_eq!(runs[0].counts, ShadowCounts { dropped: 4, ..ShadowCounts::default() });
}

#[tokio::test]
async fn many_kinds_of_differences_take_little_room() {
    let room = Room::new();
    let in_force = bundle(BOTH);
    let (desk, waiting) = room.desk(100);
    for number in 0..30 {
        let candidate = bundle(&BOTH.replace("a@x.ru", &format!("b{}@x.ru", number % 3)));
        desk.offer(case(number, &candidate, &in_force));
    }
    let work = tokio::spawn(waiting.run());
    room.counted(30).await;
    let runs = room.runs().await;
    assert_eq!(runs.len(), 3, "a version each");
    let groups = room.store.shadows().shadow_groups(&runs[0].pair).await.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!((groups[0].count, groups[0].examples.len()), (10, BOUNDS.examples));
    desk.stop();
    tokio::time::timeout(LONG, work).await.expect("it ends").unwrap();
}

#[tokio::test]
async fn slow_rules_of_one_account_do_not_take_the_turns_of_another() {
    const SLOW: u32 = 40;
    let room = Room::new();
    let in_force = bundle(BOTH);
    let rules = format!("{BOTH}\nscript \"s.rhai\"\n  policy entities for incoming calls\n");
    let slow = with_script(&rules, Some("fn entities(event, proposal, facts) { while true { } proposal }"));
    let quick = bundle(&BOTH.replace("a@x.ru", "b@x.ru"));
    let (desk, waiting) = room.desk(20);
    // They fill the room, and more.
    for number in 0..SLOW {
        desk.offer(Case { account: AccountId::from("vasilek"), ..case(number, &slow, &in_force) });
    }
    for number in 0..10 {
        desk.offer(case(number, &quick, &in_force));
    }
    let work = tokio::spawn(waiting.run());
    assert_eq!(room.counted(10).await.differ, 10, "each has found room");
    desk.stop();
    tokio::time::timeout(LONG, work).await.expect("it ends").unwrap();
    let runs = room.store.shadows().shadows(&AccountId::from("vasilek")).await.unwrap();
    let counts = runs[0].counts;
    // Half of the room was left to what was slow; everything else of it gave way, and was counted.
    assert!((1..=10).contains(&counts.failed), "{counts:?}");
    assert_eq!(counts.failed + counts.dropped, u64::from(SLOW));
}

#[test]
fn scripts_of_a_candidate_end_at_its_limits() {
    let rules = format!("{BOTH}\nscript \"s.rhai\"\n  policy entities for incoming calls\n");
    let candidate =
        with_script(&rules, Some("fn entities(event, proposal, facts) { while true { } proposal }"));
    let verdict = judge(&case(1, &candidate, &bundle(BOTH)));
    let Verdict::Failed(failures) = verdict else { panic!("{verdict:?}") };
    assert!(failures[0].en.starts_with("script `entities` ran into the limit of"), "{failures:?}");
}
