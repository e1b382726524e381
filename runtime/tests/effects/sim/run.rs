//! One simulation: a day of calls, a CRM with its weather, and a server that dies now and then.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use switchboard_runtime::clock::Clock;
use switchboard_runtime::communication::Timing;
use switchboard_runtime::config::Secret;
use switchboard_runtime::crm::{
    Address, AddressRules, BreakerSettings, Client, ClientSettings, Pace, PaceSettings,
};
use switchboard_runtime::directory::{Chosen, Directory, DirectorySettings};
use switchboard_runtime::source::uis::{Decoded, SOURCE, Stored, decode, identity};
use switchboard_runtime::store::record::{AccountId, NewEvent, Origin, Parse};
use switchboard_runtime::store::{SqliteSettings, Store, StoreSettings, open};
use switchboard_runtime::worker::{Account, Pool, Rules, WorkerSettings};

use super::clock::SimClock;
use super::crm::{SimCrm, Uniqueness, Weather};
use super::ledger::{Totals, is_settled, judge};
use super::plan::{SimCall, day};
use super::store::{MortalStore, on_the_spot};
use crate::rules;

/// After this much virtual time nothing goes wrong any more; what is not settled then has until the end.
const STORM: Duration = Duration::from_secs(4 * 3600);
/// Virtual time after which everything must be settled.
const END: Duration = Duration::from_secs(60 * 3600);

/// Runs one seed and judges it.
pub(crate) fn run(seed: u64) -> Totals {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runtime.block_on(simulate(seed))));
    outcome.unwrap_or_else(|panic| {
        eprintln!("seed {seed} failed; repeat with SIM_SEED={seed}");
        std::panic::resume_unwind(panic)
    })
}

async fn simulate(seed: u64) -> Totals {
    let mut dice = fastrand::Rng::with_seed(seed);
    let epoch: Timestamp = "2026-03-02T09:00:00Z".parse().expect("a moment");
    let clock = SimClock::new(epoch);
    let weather = Weather {
        faults: dice.u32(0..60),
        unique: [Uniqueness::Told, Uniqueness::Opaque, Uniqueness::None][dice.usize(0..3)],
        index_delay: Duration::from_millis(dice.u64(0..3000)),
        lateness: Duration::from_secs(40),
    };
    let crm = SimCrm::new(dice.u64(..), weather);
    let calls = day(&mut dice, epoch);
    let account = AccountId::from("romashka");
    let folder = folder();
    let mut deliveries = deliveries(&calls);
    let mut totals = Totals { calls: calls.len() as u64, ..Totals::default() };

    loop {
        let stormy = clock.passed() < STORM;
        if !stormy {
            crm.clear_up();
        }
        let settings = StoreSettings::Sqlite(SqliteSettings::new(folder.path()));
        let inner = on_the_spot(open(settings)).expect("the store opens");
        let store = if stormy && dice.u32(0..5) != 0 {
            Arc::new(MortalStore::new(Arc::clone(&inner), dice.u64(1..400), dice.u64(..)))
        } else {
            Arc::new(MortalStore::immortal(Arc::clone(&inner), dice.u64(..)))
        };
        let life = Life {
            store: store.clone(),
            clock,
            crm: crm.clone(),
            account: account.clone(),
            seed: dice.u64(..),
        };
        // Even the start may be where it dies.
        let serve = async {
            let pool = life.pool().await;
            pool.run().await;
        };
        let done = tokio::select! {
            () = store.died.notified() => false,
            () = serve => unreachable!("nobody stops the pool"),
            () = life.until_settled(&inner, &calls, &mut deliveries) => true,
        };
        // Lets what was dropped be dropped before the file is opened again.
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        totals.stalls += store.stalls.load(std::sync::atomic::Ordering::Relaxed);
        drop((life, store));
        if done {
            judge(&*inner, &account, &calls, &crm);
            break;
        }
        totals.crashes += 1;
        assert_eq!(Arc::strong_count(&inner), 1, "everybody let go of the store");
    }
    let held = crm.held();
    totals.faults = held.faults;
    totals.late = held.late;
    totals.requests = held.arrivals.iter().map(|arrivals| arrivals.len() as u64).sum();
    totals.stops = held.lockouts;
    totals
}

/// A folder in memory where there is one: a process that dies loses nothing that it wrote, so nothing need reach a disk.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder")
}

/// Deliveries in the order of their moments, each of them until it was acknowledged.
fn deliveries(calls: &[SimCall]) -> Vec<(Duration, NewEvent)> {
    let mut all = Vec::new();
    for call in calls {
        for (at, event, body) in &call.deliveries {
            let stored = Stored::pack(None, "application/json", body.to_string().into());
            let delivery = Stored::unpack(event, &stored.content_type, &stored.body);
            let Decoded::Notification { notification, .. } = decode(&delivery) else {
                panic!("{event}: {body}")
            };
            let identity = identity(&notification);
            let event = NewEvent {
                account: AccountId::from("romashka"),
                source: SOURCE.into(),
                event: (*event).into(),
                dedup: identity.dedup,
                lane: identity.lane,
                session: Some(identity.session),
                received_at: Timestamp::UNIX_EPOCH,
                origin: Origin::Webhook,
                content_type: stored.content_type.clone(),
                body: stored.body.clone().into(),
                parse: Parse::Parsed,
            };
            all.push((*at, event));
        }
    }
    all.sort_by_key(|(at, _)| *at);
    all.reverse();
    all
}

/// One life of the server, from its start to its death.
struct Life {
    store: Arc<MortalStore>,
    clock: SimClock,
    crm: SimCrm,
    account: AccountId,
    seed: u64,
}

impl Life {
    async fn pool(&self) -> Pool {
        let clock: Arc<dyn Clock> = Arc::new(self.clock);
        let store: Arc<dyn Store> = self.store.clone();
        let address = Address::parse("romashka.retailcrm.ru", &AddressRules::default()).expect("an address");
        let settings = ClientSettings {
            account: self.account.as_str().to_owned(),
            address,
            key: Secret::new("key"),
            timeout: Duration::from_secs(10),
            pace: Arc::new(Pace::new(&PaceSettings::default())),
            breaker: BreakerSettings::default(),
        };
        let client = Client::new(settings, Arc::new(self.crm.clone())).expect("a client");
        let settings = DirectorySettings {
            account: self.account.clone(),
            site: "main".to_owned(),
            refresh: Duration::from_secs(2 * 3600),
            least_interval: Duration::from_secs(60),
            patience: Duration::from_secs(60),
            chosen: Chosen::default(),
            uis_zone: None,
            crm_zone: None,
        };
        let directory = Directory::open(settings, client.clone(), None, store.clone(), clock.clone()).await;
        let timing = Timing {
            settle: Duration::from_secs(3),
            record_wait: Duration::from_secs(600),
            open_wait: Duration::from_secs(4 * 3600),
        };
        let rules: Arc<dyn Rules> = Arc::new(rules::calls());
        let account =
            Account::new(self.account.clone(), "main".to_owned(), timing, client, Arc::new(directory), rules);
        let settings = WorkerSettings {
            seed: Some(self.seed),
            poll: Duration::from_secs(30),
            ..WorkerSettings::default()
        };
        Pool::new(store, clock, settings, vec![Arc::new(account)]).expect("a pool")
    }

    /// Delivers what is due and waits until everything is settled.
    async fn until_settled(
        &self,
        inner: &Arc<dyn Store>,
        calls: &[SimCall],
        deliveries: &mut Vec<(Duration, NewEvent)>,
    ) {
        while let Some((at, event)) = deliveries.last().cloned() {
            let wait = at.saturating_sub(self.clock.passed());
            tokio::time::sleep(wait).await;
            let event = NewEvent { received_at: self.clock.now(), ..event };
            self.store.accept(event).await.expect("accepted");
            deliveries.pop();
        }
        while !is_settled(&**inner, &self.account, calls) {
            if self.clock.passed() > STORM {
                self.crm.clear_up();
            }
            assert!(self.clock.passed() < END, "not settled in time: {:?}", on_the_spot(inner.overview()));
            tokio::time::sleep(Duration::from_secs(30)).await;
        }
    }
}
