//! The server as a whole: started from its settings, stopped in good order.
//!
//! Goes in: settings, and what tests replace (the clock, the way out). Comes out: a [`Running`] server with its addresses.
//! Only puts parts together. Order of the start: the store, the rules, the accounts, the workers, and only then the
//! listeners, so that nothing is accepted before it can be kept. Order of the stop (reliability, section 2.9): the
//! listeners, the claims, the requests under way, the store. Being killed instead is as safe, only less tidy.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::clients::Clients;
use crate::clock::{Clock, System};
use crate::communication::Timing;
use crate::config::{self, Config, Secret};
use crate::crm::{
    self, Address, AddressError, AddressRules, BadKeyText, BreakerSettings, Pace, PaceSettings,
};
use crate::directory::{Chosen, Directory, DirectorySettings};
use crate::forwarding::{Desk, DeskSettings};
use crate::http::{self, Listening, Parts, Shared};
use crate::module::{Modules, Opened, Opening};
use crate::observe::{Figures, FiguresError};
use crate::outbound::guard::Guard;
use crate::outbound::{HttpError, HttpSettings, HttpTransport, Transport};
use crate::popup::{self, DeskParts, PopUpAccount};
use crate::random;
use crate::reports::{Reports, ReportsSettings};
use crate::rulebook::{self, Rulebook, Watching};
use crate::store::record::AccountId;
use crate::store::{self, SqliteSettings, Store, StoreError, StoreSettings};
use crate::uis;
use crate::worker::{Account, Keep, Pool, PoolError, Rules, WorkerSettings, sweep};

/// How long the requests that the vendor allows in a second are made to last, in thousandths of a second: one of them may
/// be so much longer on its way than those behind it, and no second holds more than the limit.
const PACE_HEADROOM: u64 = 1040;
/// The least time between two listings of employees and users.
const LEAST_LISTING_INTERVAL: Duration = Duration::from_secs(60);
/// How long calls wait for the first list of employees.
const EMPLOYEES_PATIENCE: Duration = Duration::from_secs(60);

/// What tests replace. The default is the real world.
#[derive(Debug, Default)]
pub struct Replace {
    /// The clock; the machine's when not given.
    pub clock: Option<Arc<dyn Clock>>,
    /// The way out; sockets when not given.
    pub transport: Option<Arc<dyn Transport>>,
    /// How long to wait before each look for a record whose request got no answer.
    pub settle: Option<Vec<Duration>>,
    /// The seed of the dice that spread retries.
    pub seed: Option<u64>,
}

/// Where a server listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Addresses {
    /// Notifications.
    pub hooks: SocketAddr,
    /// Console, detailed health, metrics.
    pub console: SocketAddr,
}

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The store.
    #[error("the data folder cannot be used")]
    Store(#[from] StoreError),
    /// The figures.
    #[error(transparent)]
    Figures(#[from] FiguresError),
    /// The HTTP client.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The address of an account's RetailCRM.
    #[error("account `{account}`: {source}")]
    Address {
        /// The account.
        account: String,
        /// What is wrong.
        source: AddressError,
    },
    /// The key of an account's RetailCRM.
    #[error("account `{account}`: {source}")]
    Key {
        /// The account.
        account: String,
        /// What is wrong.
        source: BadKeyText,
    },
    /// The accounts as a whole.
    #[error(transparent)]
    Pool(#[from] PoolError),
    /// An address to listen on, or the system's randomness.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A running server. Dropping it ends it at once, which loses nothing that was acknowledged.
#[derive(Debug)]
pub struct Running {
    hooks: Listening,
    console: Listening,
    pool: Arc<Pool>,
    workers: JoinSet<()>,
    background: JoinSet<()>,
    watching: Watching,
    store: Arc<dyn Store>,
    rulebook: Arc<Rulebook>,
    directories: BTreeMap<String, Arc<Directory>>,
    finish_sends: Duration,
}

/// Starts a server.
///
/// # Errors
///
/// [`StartError`], one variant for each part. What was started before is ended again.
pub async fn start(config: Config, replace: Replace) -> Result<Running, StartError> {
    let config = Arc::new(config);
    let limits = &config.limits;
    let clock: Arc<dyn Clock> = replace.clock.unwrap_or_else(|| Arc::new(System));
    let figures = Figures::install()?;
    let store = store::open(StoreSettings::Sqlite(store_settings(&config))).await?;
    let rulebook = Arc::new(Rulebook::new(&config.accounts));
    look_at_rules(&rulebook, &clock).await?;
    let transport = match replace.transport {
        Some(transport) => transport,
        None => transport(&config)?,
    };
    let ways = Arc::clone(&transport);
    let mut parts = AccountParts {
        config: &config,
        transport,
        store: &store,
        clock: &clock,
        rulebook: &rulebook,
        paces: BTreeMap::new(),
        points: BTreeMap::new(),
        desks: BTreeMap::new(),
        directories: BTreeMap::new(),
    };
    let opening = Opening {
        config: &config,
        store: &store,
        clock: &clock,
        transport: &ways,
        addresses: AddressRules::of(&config.security),
    };
    let (mut accounts, mut modules, mut background) = (Vec::new(), Vec::new(), JoinSet::new());
    let mut with_popups = Vec::new();
    for settings in &config.accounts {
        let account = Arc::new(parts.account(settings).await?);
        if let Some(Opened { module, work }) = opening.module(settings, &account).await? {
            modules.push(module);
            work.into_iter().for_each(|work| drop(background.spawn(work)));
        }
        let popups = (&settings.popup).into();
        with_popups.push(PopUpAccount { account: Arc::clone(&account), settings: popups });
        accounts.push(account);
    }
    let AccountParts { desks, directories, .. } = parts;
    let (bell, desk) = popup::desk(DeskParts {
        store: Arc::clone(&store),
        clock: Arc::clone(&clock),
        accounts: with_popups,
        calls: limits.popup_calls.as_usize(),
        horizon: limits.retry_horizon,
        seed: replace.seed,
    });
    let no_randomness = |source| StartError::Io { what: "the system gives no randomness".to_owned(), source };
    let modules = Modules::new(modules, random::key().map_err(no_randomness)?);
    let defaults = WorkerSettings::default();
    let settings = WorkerSettings {
        workers: limits.workers.as_usize(),
        per_account: limits.in_flight_per_account.as_usize(),
        lease: limits.lease,
        poll: limits.worker_poll,
        horizon: limits.retry_horizon,
        settle: replace.settle.unwrap_or(defaults.settle),
        seed: replace.seed,
    };
    let pool = Arc::new(Pool::new(Arc::clone(&store), Arc::clone(&clock), settings, accounts)?);

    let shared = Shared::new(Parts {
        config: Arc::clone(&config),
        store: Arc::clone(&store),
        clock: Arc::clone(&clock),
        rulebook: Arc::clone(&rulebook),
        bell,
        modules,
        figures,
        desks,
        directories: directories.clone(),
    })
    .map_err(no_randomness)?;
    let console =
        listen(&config, "console", config.server.console_listen, http::console(Arc::clone(&shared))).await?;
    let hooks = listen(&config, "hooks", config.server.listen, http::hooks(shared)).await?;

    let watching = rulebook::watch(Arc::clone(&rulebook), Arc::clone(&clock), rulebook::Pace::from(limits));
    let mut workers = JoinSet::new();
    let working = Arc::clone(&pool);
    workers.spawn(async move { working.run().await });
    background.spawn(desk.run());
    background.spawn(sweep(Arc::clone(&store), clock, Keep::default()));
    tracing::info!(accounts = config.accounts.len(), "server is running");
    let finish_sends = limits.shutdown_sends;
    Ok(Running {
        hooks,
        console,
        pool,
        workers,
        background,
        watching,
        store,
        rulebook,
        directories,
        finish_sends,
    })
}

impl Running {
    /// Where it listens.
    pub fn addresses(&self) -> Addresses {
        Addresses { hooks: self.hooks.address(), console: self.console.address() }
    }

    /// Its store, for whoever wants to look.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The rules in force.
    pub fn rulebook(&self) -> &Arc<Rulebook> {
        &self.rulebook
    }

    /// The people of an account.
    pub fn directory(&self, account: &str) -> Option<&Arc<Directory>> {
        self.directories.get(account)
    }

    /// Completes when the workers have ended by themselves, which they never should; a server without them accepts
    /// notifications and does nothing about them.
    pub async fn broken(&mut self) {
        if let Some(Err(error)) = self.workers.join_next().await {
            tracing::error!(%error, "the workers broke");
        }
    }

    /// Stops in good order: accepts nothing more, answers what it has begun to, finishes the requests under way within
    /// the bound of the settings, and closes the store.
    pub async fn shutdown(self) {
        let Self { hooks, console, pool, mut workers, mut background, watching, store, finish_sends, .. } =
            self;
        hooks.shutdown().await;
        pool.stop();
        if tokio::time::timeout(finish_sends, workers.join_next()).await.is_err() {
            tracing::warn!(
                "requests were still under way; what became of them is looked for at the next start"
            );
            workers.shutdown().await;
        }
        drop(watching);
        background.shutdown().await;
        console.shutdown().await;
        if let Err(error) = store.close().await {
            tracing::error!(%error, "the store was not closed; nothing that was acknowledged is lost");
        }
        tracing::info!("server has stopped");
    }
}

/// What accounts are made from.
struct AccountParts<'a> {
    config: &'a Config,
    transport: Arc<dyn Transport>,
    store: &'a Arc<dyn Store>,
    clock: &'a Arc<dyn Clock>,
    rulebook: &'a Arc<Rulebook>,
    /// By address and key: the vendor counts requests by key, so accounts that share one share its pace.
    paces: BTreeMap<(String, String), Arc<Pace>>,
    /// By address and token: UIS counts points by token, so accounts that share one share its points.
    points: BTreeMap<(String, String), Arc<uis::Points>>,
    /// What the listeners need of each account.
    desks: BTreeMap<String, Arc<Desk>>,
    directories: BTreeMap<String, Arc<Directory>>,
}

impl AccountParts<'_> {
    fn pace(&mut self, address: &str, key: &Secret) -> Arc<Pace> {
        let limits = &self.config.limits;
        let settings = PaceSettings {
            general: interval(limits.crm_rate.as_usize()),
            telephony: interval(limits.crm_telephony_rate.as_usize()),
            ..PaceSettings::default()
        };
        let shared = self.paces.entry((address.to_owned(), key.expose().to_owned()));
        Arc::clone(shared.or_insert_with(|| Arc::new(Pace::new(&settings))))
    }

    fn uis(&mut self, account: &config::Account) -> Option<uis::Client> {
        let config = self.config;
        let limits = &config.limits;
        let uis = account.uis.as_ref()?;
        let settings = uis::PointsSettings {
            interval: interval(limits.uis_rate.as_usize()),
            reserve_percent: u64::from(limits.uis_points_reserve.0),
        };
        let shared = self.points.entry((uis.data_api.clone(), uis.token.expose().to_owned()));
        let points = Arc::clone(shared.or_insert_with(|| Arc::new(uis::Points::new(&settings))));
        let settings = uis::ClientSettings {
            account: account.name.clone(),
            data_api: uis.data_api.clone(),
            token: uis.token.clone(),
            timeout: limits.crm_timeout,
            points,
        };
        Some(uis::Client::new(settings, Arc::clone(&self.transport)))
    }

    fn reports(
        &self,
        account: &config::Account,
        uis: Option<uis::Client>,
        directory: &Arc<Directory>,
    ) -> Option<Arc<Reports>> {
        let from = &account.uis.as_ref()?.reports;
        let settings = ReportsSettings {
            account: AccountId::new(account.name.as_str()),
            find_missed: from.find_missed,
            failed_deliveries: from.failed_deliveries,
            interval: from.reports_interval,
            overlap: from.reports_overlap,
            grace: from.reports_grace,
            first: from.reports_first,
            reach: from.reports_reach,
            marketing_wait: from.marketing_wait,
            marketing_pause: from.marketing_pause,
        };
        let (store, clock) = (Arc::clone(self.store), Arc::clone(self.clock));
        Some(Arc::new(Reports::new(settings, uis?, Arc::clone(directory), store, clock)))
    }

    async fn account(&mut self, account: &config::Account) -> Result<Account, StartError> {
        let config = self.config;
        let limits = &config.limits;
        let name = || account.name.clone();
        // Checked once more by those who dial it: the settings may have been made in another way than from a file.
        let rules = AddressRules::of(&self.config.security);
        let address = Address::parse(&account.retailcrm.url, &rules)
            .map_err(|source| StartError::Address { account: name(), source })?;
        let crm = crm::ClientSettings {
            account: name(),
            key: account.retailcrm.key.clone(),
            timeout: limits.crm_timeout,
            pace: self.pace(address.as_str(), &account.retailcrm.key),
            breaker: BreakerSettings::default(),
            address,
        };
        let crm = crm::Client::new(crm, Arc::clone(&self.transport))
            .map_err(|source| StartError::Key { account: name(), source })?;
        let uis = self.uis(account);
        let id = AccountId::new(account.name.as_str());
        let settings = DirectorySettings {
            account: id.clone(),
            site: account.retailcrm.site.clone(),
            refresh: limits.employees_refresh,
            least_interval: LEAST_LISTING_INTERVAL.min(limits.employees_refresh),
            patience: EMPLOYEES_PATIENCE,
            chosen: Chosen::new(
                account.employees.iter().map(String::as_str),
                account.employee_groups.iter().map(String::as_str),
            ),
            uis_zone: account.timezone.clone(),
            crm_zone: account.retailcrm.timezone.clone(),
        };
        let (store, clock) = (Arc::clone(self.store), Arc::clone(self.clock));
        let directory = Arc::new(Directory::open(settings, crm.clone(), uis.clone(), store, clock).await);
        let reports = self.reports(account, uis, &directory);
        let rules: Arc<dyn Rules> =
            Arc::new(InForce { rulebook: Arc::clone(self.rulebook), account: name() });
        let site = account.retailcrm.site.clone();
        let clients = Arc::new(Clients::new(account.forwarding.memory.as_usize()));
        let desk =
            DeskSettings { account: id.clone(), site: site.clone(), forwarding: account.forwarding.clone() };
        let desk = Desk::new(
            desk,
            crm.clone(),
            Arc::clone(&directory),
            Arc::clone(&rules),
            Arc::clone(self.store),
            Arc::clone(self.clock),
            Arc::clone(&clients),
        );
        self.desks.insert(name(), Arc::new(desk));
        self.directories.insert(name(), Arc::clone(&directory));
        let account = Account::new(id, site, Timing::from(account), crm, directory, rules);
        Ok(account.remembering(clients).with_reports(reports))
    }
}

/// The rules of one account, as the workers ask for them.
#[derive(Debug)]
struct InForce {
    rulebook: Arc<Rulebook>,
    account: String,
}

impl Rules for InForce {
    fn in_force(&self) -> Option<Arc<switchboard_engine::bundle::Bundle>> {
        self.rulebook.in_force(&self.account).map(|in_force| Arc::clone(&in_force.bundle))
    }
}

async fn listen(
    config: &Config,
    name: &'static str,
    address: SocketAddr,
    router: axum::Router,
) -> Result<Listening, StartError> {
    let settings = http::Settings {
        name,
        limits: config.limits.clone(),
        trusted_proxies: config.server.trusted_proxies.clone(),
    };
    http::listen(address, router, settings)
        .await
        .map_err(|source| StartError::Io { what: format!("cannot listen on {address} ({name})"), source })
}

/// Reads all rules before there is work; folders are read beside the other tasks.
async fn look_at_rules(rulebook: &Arc<Rulebook>, clock: &Arc<dyn Clock>) -> Result<(), StartError> {
    let (book, now) = (Arc::clone(rulebook), clock.now());
    let looked = tokio::task::spawn_blocking(move || book.look_at_all(now)).await;
    looked.map_err(|source| StartError::Io {
        what: "the rules could not be read".to_owned(),
        source: std::io::Error::other(source),
    })
}

/// The way out that the settings describe.
///
/// # Errors
///
/// When TLS cannot be set up.
pub fn transport(config: &Config) -> Result<Arc<dyn Transport>, HttpError> {
    Ok(Arc::new(HttpTransport::new(&http_settings(config))?))
}

fn store_settings(config: &Config) -> SqliteSettings {
    let limits = &config.limits;
    SqliteSettings {
        queue_events: limits.accept_queue.as_usize(),
        readers: limits.store_readers.as_usize(),
        wal_limit: limits.wal_bytes.0,
        ..SqliteSettings::new(&config.server.data)
    }
}

fn http_settings(config: &Config) -> HttpSettings {
    let limits = &config.limits;
    HttpSettings {
        connect_timeout: limits.crm_connect_timeout,
        max_answer_bytes: usize::try_from(limits.crm_answer_bytes.0).unwrap_or(usize::MAX),
        guard: Guard { allow_loopback: config.security.allow_loopback },
        ..HttpSettings::default()
    }
}

/// The time between two requests when so many are allowed a second.
fn interval(per_second: usize) -> Duration {
    let per_second = u64::try_from(per_second).unwrap_or(u64::MAX).max(1);
    Duration::from_micros(1_000 * PACE_HEADROOM / per_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_stays_below_the_limit() {
        for (per_second, micros) in [(10, 104_000), (40, 26_000), (1, 1_040_000), (0, 1_040_000)] {
            assert_eq!(interval(per_second), Duration::from_micros(micros));
        }
    }
}
