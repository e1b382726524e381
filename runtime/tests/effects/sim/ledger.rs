//! The judge: what was accepted, against what the CRM holds.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;
use switchboard_runtime::source::uis::session_key;
use switchboard_runtime::store::Store;
use switchboard_runtime::store::record::{AccountId, EffectState, Phase, Timeline};
use tokio::time::Instant;

use super::crm::{Held, Row, SimCrm};
use super::plan::SimCall;
use super::store::on_the_spot;

/// What happened in a simulation.
#[derive(Debug, Default, Clone)]
pub(crate) struct Totals {
    pub(crate) calls: u64,
    pub(crate) crashes: u64,
    pub(crate) faults: u64,
    pub(crate) late: u64,
    pub(crate) stops: u64,
    pub(crate) stalls: u64,
    pub(crate) requests: u64,
}

impl Totals {
    pub(crate) fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.crashes += other.crashes;
        self.faults += other.faults;
        self.late += other.late;
        self.stops += other.stops;
        self.stalls += other.stalls;
        self.requests += other.requests;
    }
}

/// Everything about a session.
fn timeline(store: &dyn Store, account: &AccountId, call: &SimCall) -> Option<Timeline> {
    on_the_spot(store.timeline(account, &session_key(call.session))).expect("the store answers")
}

/// Whether nothing is left to do for these calls.
pub(crate) fn is_settled(store: &dyn Store, account: &AccountId, calls: &[SimCall]) -> bool {
    calls.iter().all(|call| {
        timeline(store, account, call).is_some_and(|timeline| {
            timeline.communication.is_some_and(|communication| communication.phase == Phase::Closed)
                && timeline.effects.iter().all(|effect| !effect.state.is_pending())
        })
    })
}

/// Judges the end state.
pub(crate) fn judge(store: &dyn Store, account: &AccountId, calls: &[SimCall], crm: &SimCrm) {
    let held = crm.held();
    let mut clients: BTreeMap<&str, u32> = BTreeMap::new();
    let (mut orders, mut markers) = (BTreeSet::new(), BTreeSet::new());
    // By the name that RetailCRM sees: whose it is, and the number of its effect.
    let mut planned: BTreeMap<String, (String, i64)> = BTreeMap::new();
    for call in calls {
        let timeline = timeline(store, account, call).expect("an accepted call is known");
        let ends: Vec<_> =
            timeline.decisions.iter().filter(|decision| decision.made.stage == "end").collect();
        assert_eq!(ends.len(), 1, "call {} was decided once", call.session);
        let decision: Value = ends[0].made.decision.read().expect("JSON");
        for effect in &timeline.effects {
            let what = format!("{} of call {}", effect.kind, call.session);
            assert_eq!(effect.state, EffectState::Done, "{what}: {:?}", effect.error);
        }
        let creates =
            |entity: &str| decision["create"].as_array().expect("a list").iter().any(|one| one == entity);
        if creates("client") {
            *clients.entry(&call.phone).or_default() += 1;
        }
        if creates("order") {
            let effect =
                timeline.effects.iter().find(|effect| effect.kind == "ensure_order").expect("planned");
            orders.insert(effect.remote_id.clone().expect("it has a number").to_string());
        }
        for effect in &timeline.effects {
            let request: Value = effect.request.read().expect("JSON");
            let wanted = &request["do"];
            let name = wanted["marker"].as_str().or(wanted["external_id"].as_str()).map(str::to_owned);
            if effect.kind == "ensure_task" {
                markers.insert(name.clone().expect("a marker"));
            }
            // The client of a contact is asked for by each of its calls that finds none; the first one makes it.
            if let Some(name) = name {
                let first = planned.entry(name).or_insert((call.phone.clone(), effect.id.0));
                first.1 = first.1.min(effect.id.0);
            }
        }
        let uploaded =
            held.calls.get(&format!("uis-call-{}", call.session)).expect("the call is in the history");
        let record = uploaded.get("recordUrl").and_then(Value::as_str);
        assert_eq!(record, call.record.as_deref(), "recording of call {}", call.session);
        assert_eq!(
            uploaded["result"],
            if call.talked { "answered" } else { "no answer" },
            "call {}",
            call.session
        );
    }
    assert_eq!(held.calls.len(), calls.len(), "each call once and no other");
    at_most_one_client_each(&held, &clients);
    let ids: BTreeSet<String> = held.orders.iter().map(|row| row.id.to_string()).collect();
    assert_eq!(ids, orders, "the orders that were decided, and none else");
    let marked: Vec<String> = held.tasks.iter().map(marker).collect();
    let unique: BTreeSet<String> = marked.iter().cloned().collect();
    assert_eq!(unique.len(), marked.len(), "each task once: {marked:?}");
    assert_eq!(unique, markers, "the tasks that were decided, and none else");
    in_order(&held, &planned);
    within_limits(&held);
}

fn marker(row: &Row) -> String {
    let commentary = row.text("commentary").expect("a task has details");
    last_word(commentary)
}

fn at_most_one_client_each(held: &Held, clients: &BTreeMap<&str, u32>) {
    let mut there: BTreeMap<String, u32> = BTreeMap::new();
    for row in &held.customers {
        let phone = row.content["phones"][0]["number"].as_str().expect("a phone").to_owned();
        *there.entry(phone).or_default() += 1;
    }
    for (phone, count) in &there {
        assert_eq!(*count, 1, "clients with {phone}");
        assert!(clients.contains_key(phone.as_str()), "nobody asked for a client with {phone}");
    }
    assert_eq!(there.len(), clients.len(), "every client that was decided is there");
}

/// Within a lane, things happen in the order in which they were planned. Only the first time each is carried out counts:
/// what is repeated after a lost answer may come again later.
fn in_order(held: &Held, planned: &BTreeMap<String, (String, i64)>) {
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (path, content) in &held.changes {
        let name = match path.as_str() {
            "/api/v5/customers/create" | "/api/v5/orders/create" => {
                content["externalId"].as_str().map(str::to_owned)
            }
            "/api/v5/tasks/create" => content["commentary"].as_str().map(last_word),
            _ => None,
        };
        let Some(name) = name.filter(|name| seen.insert(name.clone())) else { continue };
        let (phone, effect) =
            planned.get(&name).unwrap_or_else(|| panic!("{path} of {name} was not planned"));
        let before = last.insert(phone, *effect).unwrap_or(0);
        assert!(before < *effect, "{path} of {name} came after something planned later");
    }
}

fn last_word(text: &str) -> String {
    text.split_whitespace().last().expect("a marker").to_owned()
}

fn within_limits(held: &Held) {
    for (arrivals, limit) in held.arrivals.iter().zip([40, 10]) {
        let arrivals: &Vec<Instant> = arrivals;
        for window in arrivals.windows(limit + 1) {
            let span = window[limit] - window[0];
            assert!(span >= Duration::from_secs(1), "{} requests in {span:?}", limit + 1);
        }
    }
}
