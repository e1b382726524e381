//! A scripted quarter of orders, held against a model that knows nothing of the server.
//!
//! The clocks of both stand-ins and of the server are moved by hand over ninety days, RetailCRM three hours ahead of UIS. Orders
//! are created, changed, closed, reopened, deleted, merged; clients are merged, companies order, a group is renamed; triggers
//! come for some changes, twice for others, and never for the rest; one deal in a hundred is refused by UIS; answers are lost;
//! the server is cut off in the middle of whatever it does, three times.
//! At the end every order stands in UIS as the model says. `IT_QUARTER=20000` plays the whole quarter.

pub(crate) mod model;
pub(crate) mod script;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard_emulator::{Clock as Emulated, Crm, Emulator, Fault, ReferenceRow, Service, Settings};
use switchboard_runtime::app::{Replace, Running, StartError, start};
use switchboard_runtime::clock::Manual;
use switchboard_runtime::config;
use switchboard_runtime::store::record::{AccountId, DealState, Page};
use switchboard_runtime::store::{Store, StoreError};

use super::deals::tuning;
use super::http::say;
use super::server::{PATIENCE, Place, SECRET, until};
use model::{Model, Wanted};
use script::Script;

/// Changes of a normal run.
const CHANGES: usize = 600;
/// The beginning of the quarter.
const BEGIN: &str = "2026-07-01T00:00:00Z";
const LENGTH: Duration = Duration::from_secs(90 * 24 * 3600);

const RULES: &str = r#"rules 1

transfer orders
  only when order.total > 50
  funnel: per_store
  amount: total_with_delivery
  pass: uis_source
  won: order.status_group is "complete"
  lost: order.status_group is "cancel"
"#;

/// Starts a server; the one before may still be letting go of the store.
async fn serve(place: &Place, clock: &Manual) -> Running {
    let mut ticks = tokio::time::interval(Duration::from_millis(10));
    let started = async {
        loop {
            ticks.tick().await;
            let config = config::load(&place.settings()).unwrap_or_else(|error| panic!("{error}"));
            let replace =
                Replace { clock: Some(Arc::new(clock.clone())), seed: Some(1), ..Replace::default() };
            match start(config, replace).await {
                Ok(running) => return running,
                Err(StartError::Store(StoreError::Locked { .. })) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
    };
    tokio::time::timeout(PATIENCE, started).await.expect("the server starts")
}

/// Where every order stands that the server knows.
pub(crate) async fn states(store: &dyn Store) -> BTreeMap<u64, DealState> {
    let mut states = BTreeMap::new();
    let mut after = None;
    loop {
        let page = Page { account: None, after, limit: 500 };
        let listed = store.deals().list_deals(page, false).await.expect("the store answers");
        states.extend(listed.rows.iter().map(|deal| (deal.order, deal.state)));
        after = listed.next;
        if after.is_none() {
            return states;
        }
    }
}

/// Holds the emulator's UIS against the model; tells how many orders ended in which way.
pub(crate) fn held(
    model: &Model,
    emulator: &Emulator,
    states: &BTreeMap<u64, DealState>,
) -> BTreeMap<&'static str, usize> {
    let crm = emulator.crm();
    let mut last: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in emulator.uis().deals() {
        last.entry(row["ext_id"].as_str().expect("a name").to_owned()).or_default().push(row);
    }
    let mut seen = BTreeMap::new();
    for (order, wanted) in model.wanted(&crm, |order| emulator.uis().refuses_deal(&order.to_string())) {
        let rows = last.remove(&order.to_string()).unwrap_or_default();
        *seen.entry(wanted.name()).or_insert(0) += 1;
        let state = states.get(&order);
        match wanted {
            Wanted::Gone => assert_eq!((state, rows.len()), (Some(&DealState::Gone), 0), "{order}"),
            Wanted::Refused => assert_eq!(state, Some(&DealState::Parked), "{order}"),
            // It was too cheap before it was first looked at, or only afterwards.
            Wanted::Cheap(_) if rows.is_empty() => {
                let ends = [Some(&DealState::NotPassed), Some(&DealState::Parked)];
                assert!(ends.contains(&state), "{order}: {state:?}");
            }
            Wanted::Deal(deal) | Wanted::Cheap(deal) => {
                assert_eq!(state, Some(&DealState::Done), "{order}");
                deal.check(order, &rows);
            }
            Wanted::Kept => assert_eq!((state, rows.len()), (Some(&DealState::NotPassed), 0), "{order}"),
        }
    }
    assert!(last.is_empty(), "deals of no order: {:?}", last.keys());
    let funnels = emulator.uis().funnels();
    assert_eq!(funnels.len(), 3);
    for funnel in &funnels {
        let stages = funnel["stages"].as_array().expect("stages");
        let of = |status: &str| stages.iter().filter(|stage| stage["status"] == json!(status)).count();
        assert_eq!((of("success"), of("failed")), (1, 1));
        assert!(stages.iter().any(|stage| stage["name"] == json!("Согласуем")), "{funnel}");
    }
    model.check_contacts(&crm, &emulator.uis().deal_contacts());
    seen
}

/// The group of the second stage gets another name.
pub(crate) fn rename_a_group(crm: &Crm) {
    let more = json!({"ordering": 20}).as_object().cloned().expect("an object");
    let row = ReferenceRow {
        code: "approval".to_owned(), name: "Согласуем".to_owned(), active: true, more
    };
    crm.put_reference("statusGroups", row);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_of_orders_ends_as_the_model_says() {
    let changes = std::env::var("IT_QUARTER").ok().and_then(|text| text.parse().ok()).unwrap_or(CHANGES);
    let begin: Timestamp = BEGIN.parse().expect("a moment");
    let (emulated, clock) = (Emulated::manual(begin), Manual::new(begin));
    let settings = Settings { clock: emulated.clone(), journal_entries: 1_000, ..Settings::default() };
    let more = "settle = \"1 s\"\nhistory_interval = \"10 min\"\nfunnels_interval = \"6 h\"\nprocessing_check = \"1 min\"\n";
    let place = Place::with(settings, RULES, &tuning(more)).await;
    let emulator = Arc::clone(&place.emulator);
    emulator.set_switches(|switches| {
        switches.points_per_minute = 1_000_000_000;
        switches.points_per_day = 1_000_000_000;
        // A short run would meet none in a hundred.
        switches.deals_refused_percent = if changes < 5_000 { 4 } else { 1 };
    });
    emulator.crm().set_time_zone("Asia/Omsk");
    let lost = Fault::reset().after_commit().service(Service::DataApi).on("upload.deals_history");
    emulator.faults().add(lost.chance(0.02));
    emulator.faults().add(Fault::reset().service(Service::DataApi).on("create.deal_contacts").chance(0.02));

    let mut running = serve(&place, &clock).await;
    let mut hooks = running.addresses().hooks;
    let account = AccountId::from("romashka");
    let path = format!("/hooks/romashka/{SECRET}/retailcrm/order?orderId=");
    let health = running.addresses().console;
    let tick = |by: Duration| {
        emulated.advance(by);
        clock.advance(by);
    };
    // The first reading of the history is where the quarter begins.
    until("the history is read for the first time", async || {
        tick(Duration::from_secs(1));
        let (_, text) = say(health, "GET", "/health/ready", "", "").await;
        let said: Value = serde_json::from_str(&text).unwrap_or_default();
        !said["accounts"][0]["deals"]["history_read_until"].is_null()
    })
    .await;

    let crm = emulator.crm();
    let mut script = Script::new(7);
    let mut model = Model::default();
    let step = LENGTH / u32::try_from(changes).expect("few enough");
    for n in 0..changes {
        tick(step);
        let acted = script.next(&crm);
        model.heard(&crm, &acted);
        if n % (changes / 4) == changes / 8 && n < changes * 3 / 4 {
            // Cut off, not stopped: what it was about to write is not written.
            drop(running);
            running = serve(&place, &clock).await;
            hooks = running.addresses().hooks;
        }
        if n == changes / 2 {
            rename_a_group(&crm);
        }
        // Some changes are told, some twice, some never.
        if let (Some(order), told @ 1..) = (acted.order(), script.told()) {
            for _ in 0..told {
                assert_eq!(say(hooks, "GET", &format!("{path}{order}"), "", "").await.0, 200);
            }
        }
    }
    let store = Arc::clone(running.store());
    // The quarter is over; whatever waits is done, however often it has to be tried.
    until("nothing waits any more", async || {
        tick(Duration::from_secs(61));
        let counts = store.deals().count_deals(&account).await.expect("the store answers");
        counts.waiting == 0
            && model.is_known_to(counts.done + counts.not_passed + counts.parked + counts.gone)
    })
    .await;

    let seen = held(&model, &emulator, &states(&*store).await);
    assert!(seen.values().all(|count| *count > 0) && seen.len() == 5, "the script is too short: {seen:?}");
    println!("{changes} changes: {seen:?}; {} requests to both sides", emulator.journal().count());
    running.shutdown().await;
}
