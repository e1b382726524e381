//! All calls with a pop-up.
//!
//! Looks at a call when its bell rings, when a look has said so, and at the start at every call that somebody may still
//! have on the screen. One look at a call at a time, any number of calls at once: a request that hangs holds up only its
//! own call.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::bell::{Bell, Called};
use super::eye::Missed;
use super::look::{Core, look};
use super::settings::PopUpAccount;
use crate::clock::Clock;
use crate::observe::POPUPS;
use crate::rulings::Keeper;
use crate::store::Store;
use crate::store::record::AccountId;
use crate::worker::Backoff;

/// How soon to ask the store again for what is on screens.
const STORE_WAIT: Duration = Duration::from_secs(5);

/// What a desk is made from.
#[derive(Debug)]
pub struct DeskParts {
    /// Where events and pop-ups are.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Accounts with pop-ups, now and whenever there are others.
    pub accounts: watch::Receiver<Vec<PopUpAccount>>,
    /// The most calls that are kept in mind; a further one gets no pop-up.
    pub calls: usize,
    /// How long taking off is tried when it fails.
    pub horizon: Duration,
    /// The seed of the dice that spread retries.
    pub seed: Option<u64>,
    /// Where what the rules say is kept.
    pub keeper: Arc<Keeper>,
}

/// All calls with a pop-up.
#[derive(Debug)]
pub struct Desk {
    core: Arc<Core>,
    wanted: watch::Receiver<Vec<PopUpAccount>>,
    accounts: BTreeMap<AccountId, PopUpAccount>,
    bells: mpsc::Receiver<Called>,
    calls: usize,
}

/// A call that is kept in mind.
#[derive(Debug, Default)]
struct Entry {
    /// Whether it is being looked at.
    looked_at: bool,
    /// Whether its bell rang meanwhile.
    again: bool,
    /// When to look at it; in the schedule as well.
    next: Option<Timestamp>,
    /// Taken along by the look.
    missed: Missed,
}

/// What is kept in mind.
#[derive(Default)]
struct Mind {
    entries: BTreeMap<Called, Entry>,
    schedule: BTreeSet<(Timestamp, Called)>,
    looks: JoinSet<(Called, Missed, Option<Timestamp>)>,
}

/// Makes a desk, and the bell that it hears.
pub fn desk(parts: DeskParts) -> (Bell, Desk) {
    let (bell, bells) = Bell::new(parts.calls);
    let backoff = Backoff::new(parts.seed);
    let DeskParts { store, clock, horizon, keeper, .. } = parts;
    let core = Core { store, clock, backoff, horizon, keeper };
    let wanted = parts.accounts;
    (bell, Desk { core: Arc::new(core), wanted, accounts: BTreeMap::new(), bells, calls: parts.calls })
}

impl Desk {
    /// Works for ever; drop the future to stop, which is as safe as a crash.
    pub async fn run(mut self) {
        let mut mind = Mind::default();
        self.follow(&mut mind).await;
        loop {
            let next = mind.schedule.first().map(|(at, _)| *at);
            let due = async {
                match next {
                    Some(at) => self.core.clock.sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                called = self.bells.recv() => match called {
                    Some(called) => self.rang(&mut mind, called),
                    // Nobody is left who could ring; what is on screens is still taken off.
                    None => std::future::pending().await,
                },
                Some(looked) = mind.looks.join_next() => match looked {
                    Ok(looked) => self.looked(&mut mind, looked),
                    Err(error) => tracing::error!(%error, "a look at a pop-up broke"),
                },
                () = due => self.take_due(&mut mind),
                Ok(()) = self.wanted.changed() => self.follow(&mut mind).await,
            }
        }
    }

    /// Goes over to the accounts that are wanted. One that is gone is kept as long as somebody may have a card of its calls on
    /// the screen: nobody else would take it off.
    async fn follow(&mut self, mind: &mut Mind) {
        let wanted = self.wanted.borrow_and_update().clone();
        let mut accounts: BTreeMap<AccountId, PopUpAccount> =
            wanted.into_iter().map(|served| (served.account.id.clone(), served)).collect();
        let new: Vec<AccountId> =
            accounts.keys().filter(|name| !self.accounts.contains_key(*name)).cloned().collect();
        for (name, served) in std::mem::take(&mut self.accounts) {
            if mind.entries.keys().any(|called| called.account == name) {
                accounts.entry(name).or_insert(served);
            }
        }
        self.accounts = accounts;
        for account in new {
            for called in self.on_screens(&account).await {
                self.look(mind, called);
            }
        }
    }

    /// The calls that somebody may still have on the screen.
    async fn on_screens(&self, account: &AccountId) -> Vec<Called> {
        loop {
            match self.core.store.open_popups(account).await {
                Ok(open) => {
                    let called = |session| Called { account: account.clone(), session };
                    return open.into_iter().map(|popup| called(popup.session)).collect();
                }
                Err(error) => {
                    tracing::warn!(%account, %error, "pop-ups that are on screens cannot be listed");
                    let wait = self.core.backoff.around(STORE_WAIT);
                    let now = self.core.clock.now();
                    let until = now.saturating_add(wait).unwrap_or(now);
                    self.core.clock.sleep_until(until).await;
                }
            }
        }
    }

    fn rang(&self, mind: &mut Mind, called: Called) {
        let has_room = mind.entries.len() < self.calls;
        match mind.entries.get_mut(&called) {
            Some(entry) if entry.looked_at => entry.again = true,
            Some(_) => self.look(mind, called),
            None if has_room => self.look(mind, called),
            None => {
                let account = called.account.as_str().to_owned();
                metrics::counter!(POPUPS.name, "account" => account, "event" => "show", "outcome" => "full")
                    .increment(1);
            }
        }
    }

    fn look(&self, mind: &mut Mind, called: Called) {
        let Some(served) = self.accounts.get(&called.account).cloned() else { return };
        let entry = mind.entries.entry(called.clone()).or_default();
        if let Some(at) = entry.next.take() {
            mind.schedule.remove(&(at, called.clone()));
        }
        (entry.looked_at, entry.again) = (true, false);
        let mut missed = std::mem::take(&mut entry.missed);
        let core = Arc::clone(&self.core);
        mind.looks.spawn(async move {
            let next = look(&core, &served, &called, &mut missed).await;
            (called, missed, next)
        });
    }

    fn looked(&self, mind: &mut Mind, (called, missed, next): (Called, Missed, Option<Timestamp>)) {
        let Some(entry) = mind.entries.get_mut(&called) else { return };
        entry.looked_at = false;
        entry.missed = missed;
        if entry.again {
            self.look(mind, called);
            return;
        }
        match next {
            Some(at) => {
                entry.next = Some(at);
                mind.schedule.insert((at, called));
            }
            None => {
                mind.entries.remove(&called);
            }
        }
    }

    fn take_due(&self, mind: &mut Mind) {
        let now = self.core.clock.now();
        while let Some((at, called)) = mind.schedule.first().cloned()
            && at <= now
        {
            mind.schedule.pop_first();
            if let Some(entry) = mind.entries.get_mut(&called) {
                entry.next = None;
            }
            self.look(mind, called);
        }
    }
}
