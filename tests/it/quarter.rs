//! A scripted quarter of chats, requests and orders through one server that is killed again and again.
//!
//! Day after day persons write in chats and send requests, and people of the shop change, close, reopen, delete and merge
//! orders, also those that the server has made; clients are merged, companies order, a group of statuses is renamed,
//! RetailCRM is three hours ahead of UIS. UIS refuses the rows of one deal in a hundred, both sides fail and lose answers, rows
//! of the history show late, triggers come once, twice or never. The server is a process of its own that is ended by
//! SIGKILL at random moments. Its clock and those of both stand-ins run as the machine's does and are put on by hours
//! when a day is over and nothing is left to do.
//!
//! At the end RetailCRM and UIS hold what two models say that know nothing of the server. `IT_WHOLE_QUARTER=5000` plays
//! 5,000 chats, 5,000 requests and 20,000 changes of orders.

mod child;
mod talk;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard_emulator::{Clock as Emulated, Crm, Emulator, Fault, Service, Settings};
use switchboard_runtime::clock::Manual;

use super::conversations::{RULES as TALK_RULES, trouble};
use super::deals::tuning;
use super::deals_quarter::model::Model;
use super::deals_quarter::script::{Act, Script};
use super::deals_quarter::{held, rename_a_group, states};
use super::http::try_say;
use super::server::{PATIENCE, Place, SECRET, Tuning, until};
use child::Life;
use talk::Talk;

/// Chats, and as many requests, of a normal run.
const EACH: usize = 48;
/// Changes of orders for each chat.
const CHANGES: usize = 4;
/// The quarter.
const DAYS: usize = 90;
const BEGIN: &str = "2026-07-01T06:00:00Z";
/// How much later than they are numbered some rows of the history show.
const LATE: Duration = Duration::from_millis(700);
/// Steps after which the server may catch up a little.
const STRIDE: usize = 6;
/// What it may do meanwhile, in requests, and for how long it is waited for.
const REQUESTS: u64 = 30;
const CATCH_UP: Duration = Duration::from_millis(60);

/// How long a server waits for a request at least before it hangs up.
const TOO_LATE: Duration = Duration::from_secs(4);
/// After how long a rest is shortened, and by how much at a time; far less than a lease.
const HURRY: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_secs(2);

const ORDERS: &str = r#"
transfer orders
  only when order.total > 50
  funnel: per_store
  amount: total_with_delivery
  pass: uis_source
  won: order.status_group is "complete"
  lost: order.status_group is "cancel"
"#;

/// The world around the server.
struct World {
    place: Place,
    emulator: Arc<Emulator>,
    clock: Emulated,
    life: Option<Life>,
    dice: fastrand::Rng,
    talk: Talk,
    script: Script,
    model: Model,
    /// The person of each order that came of a chat or a request.
    made: BTreeMap<u64, usize>,
    kills: usize,
    lost: u64,
}

fn settings() -> Tuning {
    let more = "settle = \"20 ms\"\nhistory_interval = \"300 ms\"\nhistory_overlap = \"5 s\"\nfunnels_interval = \"10 s\"\n\
                processing_check = \"1 s\"\n";
    let usual = tuning(more);
    let uis = "written_interval = \"150 ms\"\nreports_first = \"1 h\"\nwritten_overlap = \"3 h\"\nvisitor_pause = \"0 s\"\n\
               marketing_pause = \"10 ms\"\n";
    Tuning { uis: usual.uis.replacen("[account.deals]", &format!("{uis}[account.deals]"), 1), ..usual }
}

impl World {
    async fn new(each: usize) -> Self {
        let begin: Timestamp = BEGIN.parse().expect("a moment");
        let clock = Emulated::manual(begin);
        let settings_of = Settings { clock: clock.clone(), journal_entries: 500, ..Settings::default() };
        let place = Place::with(settings_of, &format!("{TALK_RULES}{ORDERS}"), &settings()).await;
        let emulator = Arc::clone(&place.emulator);
        emulator.set_switches(|switches| {
            // A day's points are for a day, not for a quarter in some minutes.
            (switches.points_per_minute, switches.points_per_day) = (1_000_000_000, 1_000_000_000);
            // A short run would meet none in a hundred.
            switches.deals_refused_percent = if each < 1_000 { 5 } else { 1 };
            switches.deals_check_communications = true;
            switches.deals_processing_ms = 100;
            switches.index_delay_ms = 100;
            switches.history_late_ms = u64::try_from(LATE.as_millis()).expect("a little");
            switches.history_late_percent = 5;
        });
        emulator.crm().set_time_zone("Asia/Omsk");
        trouble(&emulator);
        let faults = emulator.faults();
        let data = |method: &str| Fault::reset().service(Service::DataApi).on(method);
        faults.add(data("upload.deals_history").after_commit().chance(0.02));
        faults.add(data("upload.deals_history").chance(0.01));
        faults.add(data("create.deal_contacts").chance(0.02));
        for path in ["/api/v5/orders/history", "/api/v5/orders"] {
            faults.add(Fault::status(503).method("GET").on(path).chance(0.02));
        }
        Self {
            place,
            emulator,
            clock,
            life: None,
            dice: fastrand::Rng::with_seed(11),
            talk: Talk::new(4, each.div_ceil(2)),
            script: Script::new(7),
            model: Model::default(),
            made: BTreeMap::new(),
            kills: 0,
            lost: 0,
        }
    }

    fn crm(&self) -> Crm {
        self.emulator.crm()
    }

    async fn live(&mut self) {
        if self.life.is_none() {
            self.life = Some(Life::begin(&self.place, self.clock.now()).await);
        }
    }

    fn kill(&mut self) {
        if let Some(life) = self.life.take() {
            life.kill();
            self.kills += 1;
        }
    }

    /// Somebody in the shop does something to an order; RetailCRM tells of it, or does not.
    async fn change(&mut self) {
        let crm = self.crm();
        let act = self.script.next(&crm);
        self.model.heard(&crm, &act);
        if let Act::Gone(order) = act
            && let Some(person) = self.made.get(&order)
        {
            self.talk.lost(*person);
        }
        let told = self.script.told();
        if let (Some(order), Some(life)) = (act.order(), &self.life) {
            let path = format!("/hooks/romashka/{SECRET}/retailcrm/order?orderId={order}");
            for _ in 0..told {
                let begun = Instant::now();
                match try_say(life.hooks, "GET", &path, "", "").await {
                    Ok((status, _)) => assert_eq!(status, 200),
                    // On a machine that has no time for either side a request may come too late. Then nobody is told.
                    Err(error) => {
                        assert!(begun.elapsed() >= TOO_LATE, "{error:?} after {:?}", begun.elapsed());
                    }
                }
            }
        }
    }

    /// Takes note of orders that the server has made; people of the shop go on with some of them.
    fn adopt(&mut self) {
        let crm = self.crm();
        let customers = crm.customers();
        for order in crm.orders() {
            let is_ours = order.external_id.as_deref().is_some_and(|id| id.starts_with("uis-"));
            if !is_ours || self.made.contains_key(&order.id) {
                continue;
            }
            let client = order.linked("customer").expect("an order of a client");
            let client = customers.iter().find(|one| one.id == client).expect("a client that is there");
            let person = self.talk.person(&client.phones(), client.text("email")).expect("a person");
            self.made.insert(order.id, person);
            let mut act = Act::Created(order.id);
            if self.dice.u32(0..3) == 0 {
                let price = self.dice.u32(60..9_000);
                let items = json!([{"productName": "Ромашка", "quantity": 1, "initialPrice": price}]);
                crm.edit_order(order.id, json!({"items": items}));
                self.script.adopt(order.id);
                act = Act::Changed(order.id);
            }
            self.model.heard(&crm, &act);
        }
    }

    /// Lets the server do a little.
    async fn catch_up(&mut self) {
        let journal = self.emulator.journal();
        let end = journal.count() + self.dice.u64(..REQUESTS);
        let done = until("it has done a little", async || journal.count() >= end);
        // Where there is nothing to do, or nobody to do it, time passes all the same.
        let _ = tokio::time::timeout(CATCH_UP, done).await;
    }

    /// Waits until nothing is left to do about what has happened so far.
    async fn rest(&mut self, patience: Duration) {
        self.live().await;
        let begun = Instant::now();
        let acted = self.clock.now() + LATE;
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            let life = self.life.as_mut().expect("it lives");
            let state = life.state().await;
            let is_past = |at: &Value| {
                at.as_str().and_then(|at| at.parse::<Timestamp>().ok()).is_some_and(|at| at > acted)
            };
            let idle = ["events", "talks", "effects", "deals"].iter().all(|name| state[*name] == json!(0));
            let mut health = Value::Null;
            if idle && is_past(&state["written"]) {
                let said = try_say(life.console, "GET", "/health/ready", "", "").await;
                let text = said.map(|(_, text)| text).unwrap_or_default();
                health = serde_json::from_str(&text).unwrap_or_default();
                if is_past(&health["accounts"][0]["deals"]["history_read_until"]) {
                    // What the last reading found may be noted only now.
                    let state = life.state().await;
                    if state["deals"] == json!(0) && state["effects"] == json!(0) {
                        self.lost = state["dead"].as_u64().unwrap_or_default();
                        return;
                    }
                }
            }
            if begun.elapsed() > HURRY {
                // What waits for a pause to be over need not wait in earnest.
                self.clock.advance(PAUSE);
                life.forward(PAUSE.as_secs()).await;
            }
            assert!(begun.elapsed() < patience, "it does not come to rest by {acted}: {state} {health}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_of_everything_ends_as_the_models_say_however_often_the_server_is_killed() {
    let each = std::env::var("IT_WHOLE_QUARTER").ok().and_then(|text| text.parse().ok()).unwrap_or(EACH);
    // A day of a short run stands for many.
    let days = if each < 1_000 { 4 } else { DAYS };
    let is_long = each >= 1_000;
    let patience = if is_long { Duration::from_secs(600) } else { 2 * PATIENCE };
    let mut world = World::new(each).await;
    let emulator = Arc::clone(&world.emulator);
    let running = world.clock.clone();
    let pump = tokio::spawn(child::run_on(move |by| running.advance(by)));
    world.rest(patience).await;
    let begun = Instant::now();
    for day in 0..days {
        let share = |all: usize| all * (day + 1) / days - all * day / days;
        world.talk.begin(share(each), share(each));
        world.adopt();
        let mut changes = share(each * CHANGES);
        let all = changes + world.talk.left();
        // Killed about once in two days, at any step.
        let kills = if is_long { world.dice.usize(..2) } else { 1 + world.dice.usize(..2) };
        let kills: Vec<usize> = (0..kills).map(|_| world.dice.usize(..all.max(1))).collect();
        let merge = world.dice.usize(..all.max(1));
        let mut back = 0;
        for step in 0..all {
            world.live_again(step >= back).await;
            if kills.contains(&step) {
                world.kill();
                back = step + world.dice.usize(..20);
            }
            if step == merge {
                let crm = world.crm();
                world.talk.merge(&crm);
            }
            if day == days / 2 && step == all / 2 {
                rename_a_group(&world.crm());
            }
            let talks = world.talk.left();
            if world.dice.usize(..talks + changes) < changes {
                changes -= 1;
                world.change().await;
            } else {
                let now = world.clock.now();
                world.talk.step(&emulator, now);
            }
            if step % STRIDE == 0 {
                world.catch_up().await;
            }
        }
        world.rest(patience).await;
        if is_long {
            let requests = emulator.journal().count();
            eprintln!(
                "day {day}: {requests} requests, {} kills, {} s",
                world.kills,
                begun.elapsed().as_secs()
            );
        }
        // The night, and in a short run the weeks after it.
        let night = Duration::from_secs(DAYS as u64 / days as u64 * 24 * 3600 - 3600);
        world.clock.advance(night);
        world.life.as_mut().expect("it lives").forward(night.as_secs()).await;
    }
    world.adopt();
    world.rest(patience).await;
    world.kill();
    pump.abort();

    let clock = Manual::new(world.clock.now());
    let server = child::serve(&world.place.settings(), clock).await;
    let states = states(&**server.store()).await;
    server.shutdown().await;
    world.talk.held(&emulator);
    assert_eq!(world.lost, 0, "nothing was given up");
    let seen = held(&world.model, &emulator, &states);
    let linked = world.linked();
    println!(
        "{:?} chats, requests, merged clients; {seen:?}; {linked} deals of chats and requests; {} kills; {} requests in {} s",
        world.talk.count(),
        world.kills,
        emulator.journal().count(),
        begun.elapsed().as_secs()
    );
    assert!(linked > 0 && world.kills > 3, "{linked} {}", world.kills);
}

impl World {
    async fn live_again(&mut self, is_time: bool) {
        if is_time {
            self.live().await;
        }
    }

    /// Deals of orders that came of a chat or a request name one of their client's; tells how many there are.
    fn linked(&self) -> usize {
        let mut linked = 0;
        for row in self.emulator.uis().deals() {
            let order: u64 =
                row["ext_id"].as_str().and_then(|id| id.parse().ok()).expect("the number of an order");
            let Some(person) = self.made.get(&order) else { continue };
            let communication = row["communication_id"].as_u64().unwrap_or_default();
            assert!(self.talk.is_of(communication, *person), "{order}: {row}");
            linked += 1;
        }
        linked
    }
}
