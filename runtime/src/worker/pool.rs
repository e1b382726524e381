//! Claiming lanes, and running a turn for each.
//!
//! A bounded number of lanes at once, and of each account no more than its share, so that one account's trouble never
//! takes all the workers. Hints of the store wake the pool early; polling is what it relies on.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use smol_str::format_smolstr;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::account::Account;
use super::backoff::Backoff;
use super::keeper::later;
use super::settings::WorkerSettings;
use super::turn::turn;
use super::{measure, resume};
use crate::clock::Clock;
use crate::store::Store;
use crate::store::record::{AccountId, Claim, Rooms};

/// The shortest pause between two claims, so that a hint that comes for nothing costs little.
const SHORTEST_PAUSE: Duration = Duration::from_millis(2);

/// What all turns share.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: WorkerSettings,
    pub(super) backoff: Backoff,
    accounts: ArcSwap<Accounts>,
    stopping: watch::Sender<bool>,
    /// Told when there are other accounts than before.
    changed: Notify,
}

/// Accounts by name.
type Accounts = BTreeMap<AccountId, Arc<Account>>;

/// All workers of a process.
#[derive(Debug)]
pub struct Pool {
    core: Arc<Core>,
}

/// Why the pool could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PoolError {
    /// Two accounts have one name.
    #[error("two accounts are called `{account}`")]
    SameName {
        /// The name.
        account: AccountId,
    },
}

impl Core {
    pub(super) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }
}

impl Pool {
    /// Makes a pool; nothing runs yet.
    ///
    /// # Errors
    ///
    /// [`PoolError::SameName`] when two accounts have one name.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        settings: WorkerSettings,
        accounts: Vec<Arc<Account>>,
    ) -> Result<Self, PoolError> {
        let accounts = ArcSwap::from_pointee(by_name(accounts)?);
        let backoff = Backoff::new(settings.seed);
        let stopping = watch::Sender::new(false);
        let core = Core { store, clock, settings, backoff, accounts, stopping, changed: Notify::new() };
        Ok(Self { core: Arc::new(core) })
    }

    /// Goes over to other accounts. Turns that run end with the account that they began with; the lanes of an account that is
    /// not there any more wait until there is one of its name again.
    ///
    /// # Errors
    ///
    /// [`PoolError::SameName`] when two accounts have one name; nothing is changed then.
    pub fn serve(&self, accounts: Vec<Arc<Account>>) -> Result<(), PoolError> {
        self.core.accounts.store(Arc::new(by_name(accounts)?));
        self.core.changed.notify_one();
        Ok(())
    }

    /// Tells the pool to stop: no lane is claimed any more, and turns end after the step they are at.
    pub fn stop(&self) {
        self.core.stopping.send_replace(true);
    }

    /// Works until [`Pool::stop`] is called, and returns when every turn has ended. Dropping the future ends every turn
    /// where it stands, which is as safe as a crash.
    pub async fn run(&self) {
        let mut background = Background::new();
        self.follow(&mut background);
        let mut turns = Turns::default();
        let mut stopping = self.core.stopping.subscribe();
        let mut hint = self.core.store.work_hint();
        while !self.core.is_stopping() {
            let next = self.claim(&mut turns).await;
            tokio::select! {
                () = hint.changed(), if turns.len() < self.core.settings.workers => {}
                () = self.core.clock.sleep_until(next) => {}
                () = turns.ended() => {}
                () = self.core.changed.notified() => self.follow(&mut background),
                _ = stopping.changed() => {}
            }
        }
        for (_, (_, mut tasks)) in background {
            tasks.shutdown().await;
        }
        while turns.len() > 0 {
            turns.ended().await;
        }
    }

    /// Starts what runs beside the turns of accounts that are new, and ends that of accounts that are gone.
    fn follow(&self, background: &mut Background) {
        let accounts = self.core.accounts.load_full();
        // Dropping its tasks ends them where they stand, which is as safe as a crash.
        background.retain(|name, (account, _)| {
            accounts.get(name).is_some_and(|wanted| Arc::ptr_eq(wanted, account))
        });
        for (name, account) in accounts.iter() {
            if background.contains_key(name) {
                continue;
            }
            let mut tasks = JoinSet::new();
            let directory = Arc::clone(&account.directory);
            tasks.spawn(async move { directory.run().await });
            if let Some(reports) = account.reports.clone() {
                tasks.spawn(async move { reports.run().await });
            }
            tasks.spawn(resume::run(Arc::clone(&self.core), Arc::clone(account)));
            background.insert(name.clone(), (Arc::clone(account), tasks));
        }
    }

    /// Claims as many lanes as there is room for; tells when to try again.
    async fn claim(&self, turns: &mut Turns) -> jiff::Timestamp {
        let core = &self.core;
        let settings = &core.settings;
        let now = core.clock.now();
        let poll = later(now, settings.poll);
        let room = settings.workers.saturating_sub(turns.len());
        if room == 0 {
            return poll;
        }
        let owner = format_smolstr!("{}", std::process::id());
        let claim = Claim { owner, now, lease: settings.lease, limit: room };
        // Accounts that the settings do not have get no room: their lanes wait.
        let accounts = core.accounts.load_full();
        let of = accounts.keys().map(|account| (account.clone(), self.room_of(turns, account))).collect();
        let rooms = Rooms { of, others: Some(0) };
        let claimed = match core.store.claim_lanes_within(claim, rooms).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::error!(%error, "lanes cannot be claimed");
                return poll;
            }
        };
        let next = claimed.next_ready.map_or(poll, |next| next.max(later(now, SHORTEST_PAUSE)).min(poll));
        for lease in claimed.leases {
            if let Some(account) = accounts.get(&lease.account) {
                let (core, account) = (Arc::clone(core), Arc::clone(account));
                turns.start(lease.account.clone(), async move { turn(&core, &account, lease).await });
            }
        }
        next
    }

    fn room_of(&self, turns: &Turns, account: &AccountId) -> usize {
        self.core.settings.per_account.saturating_sub(turns.of(account))
    }
}

/// What runs beside the turns, by account.
type Background = BTreeMap<AccountId, (Arc<Account>, JoinSet<()>)>;

fn by_name(accounts: Vec<Arc<Account>>) -> Result<Accounts, PoolError> {
    let mut by_name = BTreeMap::new();
    for account in accounts {
        let name = account.id.clone();
        if by_name.insert(name.clone(), account).is_some() {
            return Err(PoolError::SameName { account: name });
        }
    }
    Ok(by_name)
}

/// Turns that run.
#[derive(Debug, Default)]
struct Turns {
    set: JoinSet<(AccountId, &'static str)>,
    by_account: BTreeMap<AccountId, usize>,
}

impl Turns {
    fn len(&self) -> usize {
        self.set.len()
    }

    fn of(&self, account: &AccountId) -> usize {
        self.by_account.get(account).copied().unwrap_or(0)
    }

    fn start(&mut self, account: AccountId, turn: impl Future<Output = &'static str> + Send + 'static) {
        *self.by_account.entry(account.clone()).or_default() += 1;
        self.set.spawn(async move { (account, turn.await) });
    }

    /// Completes when a turn ended; never when none runs.
    async fn ended(&mut self) {
        match self.set.join_next().await {
            Some(Ok((account, end))) => {
                measure::turn(&account, end);
                if let Some(count) = self.by_account.get_mut(&account) {
                    *count = count.saturating_sub(1);
                }
            }
            Some(Err(error)) => {
                // Its lease runs out and the lane is claimed again. Which account it was is not known any more, so the
                // shares are counted anew once all turns have ended.
                tracing::error!(%error, "a turn broke");
                if self.set.is_empty() {
                    self.by_account.clear();
                }
            }
            None => std::future::pending().await,
        }
    }
}
