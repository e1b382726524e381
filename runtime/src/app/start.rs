//! Starting the server and stopping it.
//!
//! Goes in: settings, and what tests replace (the clock, the way out). Comes out: a [`Running`] server with its addresses.
//! Only puts parts together. Order of the start: the store, the rules, the accounts, the workers, and only then the
//! listeners, so that nothing is accepted before it can be kept. Order of the stop (reliability, section 2.9): the
//! listeners, the claims, the requests under way, the store. Being killed instead is as safe, only less tidy.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::outside::{store_settings, transport};
use super::parts::{Maker, Unit};
use super::set::{Directories, Serving, Set};
use crate::accounts::{Accounts, Changing};
use crate::clock::{Clock, System};
use crate::config::Config;
use crate::crm::{AddressError, BadKeyText};
use crate::directory::Directory;
use crate::http::{self, Listening, Parts, Routes, Shared};
use crate::observe::{Figures, FiguresError};
use crate::outbound::{HttpError, Transport};
use crate::popup::{self, DeskParts};
use crate::rulebook::{self, Outcome, Rulebook, Watching};
use crate::rulings;
use crate::scripts;
use crate::shadow;
use crate::store::{self, Store, StoreError, StoreSettings};
use crate::worker::{Keep, Pool, PoolError, WorkerSettings, sweep};

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

impl StartError {
    /// The system has no randomness.
    pub(super) fn no_randomness(source: std::io::Error) -> Self {
        Self::Io { what: "the system gives no randomness".to_owned(), source }
    }
}

/// A running server. Dropping it ends it at once, which loses nothing that was acknowledged.
#[derive(Debug)]
pub struct Running {
    hooks: Listening,
    console: Listening,
    pool: Arc<Pool>,
    workers: JoinSet<()>,
    background: JoinSet<()>,
    comparing: JoinSet<()>,
    notes: JoinSet<()>,
    shadow_desk: Arc<shadow::Desk>,
    /// Who keeps what rules say beside the lanes.
    keeper: Arc<rulings::Keeper>,
    watching: [Watching; 2],
    store: Arc<dyn Store>,
    rulebook: Arc<Rulebook>,
    directories: Arc<ArcSwap<Directories>>,
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
    let rulebook =
        Arc::new(Rulebook::with(rulebook::Role::InForce, &config.accounts, scripts::load_options(limits)));
    look_at_rules(&rulebook, &clock, rulebook::Pace::from(limits)).await?;
    let options = scripts::shadow_options(limits);
    let shadows = Arc::new(Rulebook::with(rulebook::Role::Shadow, &config.accounts, options));
    if let Err(error) = look_at_rules(&shadows, &clock, rulebook::Pace::from(limits)).await {
        // Whatever is wrong with them is no reason not to serve.
        tracing::error!(%error, "shadow rules were not read");
    }
    let settings = shadow::DeskSettings::from(limits);
    let (shadow_desk, shadow_work) = shadow::desk(settings, Arc::clone(&store));
    let (keeper, keeping) = rulings::keeper(Arc::clone(&store));
    let transport = match replace.transport {
        Some(transport) => transport,
        None => transport(&config)?,
    };
    let way_out = Arc::clone(&transport);
    let mut maker = Maker::new(
        Arc::clone(&config),
        transport,
        Arc::clone(&store),
        Arc::clone(&clock),
        Arc::clone(&rulebook),
        (Arc::clone(&shadows), Arc::clone(&shadow_desk)),
        Arc::clone(&keeper),
    );
    let mut units = BTreeMap::new();
    for settings in &config.accounts {
        units.insert(settings.name.clone(), maker.unit(settings).await?);
    }
    let (popups, with_popups) = watch::channel(units.values().map(Unit::with_popups).collect());
    let (bell, desk) = popup::desk(DeskParts {
        store: Arc::clone(&store),
        clock: Arc::clone(&clock),
        accounts: with_popups,
        calls: limits.popup_calls.as_usize(),
        horizon: limits.retry_horizon,
        seed: replace.seed,
        keeper: Arc::clone(&keeper),
    });
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
    let working = units.values().map(|unit| Arc::clone(&unit.account)).collect();
    let pool = Arc::new(Pool::new(Arc::clone(&store), Arc::clone(&clock), settings, working)?);

    let (accounts, asks) = Accounts::new(Changing::of(config.file.as_deref(), &way_out), clock.now());
    let Serving { config: _, modules, desks, deals, reports, directories, workplaces } =
        Serving::of(&config, &units)?;
    let shown = Arc::new(ArcSwap::from_pointee(directories.clone()));
    let shared = Shared::new(Parts {
        config: Arc::clone(&config),
        store: Arc::clone(&store),
        clock: Arc::clone(&clock),
        rulebook: Arc::clone(&rulebook),
        shadows: Arc::clone(&shadows),
        bell,
        modules,
        figures,
        desks,
        reports,
        directories,
        deals,
        workplaces,
        accounts: Arc::clone(&accounts),
    })
    .map_err(StartError::no_randomness)?;
    accounts.serves(shared.serving());
    let console_routes = Routes::from(http::console(Arc::clone(&shared)));
    let hooks_routes = Routes::from(http::hooks(Arc::clone(&shared)));
    let console = listen(&config, "console", config.server.console_listen, console_routes.clone()).await?;
    let hooks = listen(&config, "hooks", config.server.listen, hooks_routes.clone()).await?;

    let watching = [Arc::clone(&rulebook), shadows]
        .map(|rulebook| rulebook::watch(rulebook, Arc::clone(&clock), rulebook::Pace::from(limits)));
    let mut comparing = JoinSet::new();
    comparing.spawn(shadow_work.run());
    let mut notes = JoinSet::new();
    notes.spawn(keeping.run());
    let mut workers = JoinSet::new();
    let working = Arc::clone(&pool);
    workers.spawn(async move { working.run().await });
    let mut set = Set {
        maker,
        units,
        works: BTreeMap::new(),
        names: BTreeMap::new(),
        leaving: JoinSet::new(),
        config: Arc::clone(&config),
        accounts,
        pool: Arc::clone(&pool),
        popups,
        shared,
        hooks: hooks_routes,
        console: console_routes,
        directories: Arc::clone(&shown),
    };
    set.begin();
    let shadow_days = u16::try_from(limits.shadow_days.0).unwrap_or(u16::MAX);
    let keep = Keep { shadow_days, ..Keep::default() };
    let mut background = JoinSet::new();
    background.spawn(set.run(asks));
    background.spawn(desk.run());
    background.spawn(sweep(Arc::clone(&store), clock, keep));
    tracing::info!(accounts = config.accounts.len(), "server is running");
    let finish_sends = limits.shutdown_sends;
    Ok(Running {
        hooks,
        console,
        pool,
        workers,
        background,
        comparing,
        shadow_desk,
        notes,
        keeper,
        watching,
        store,
        rulebook,
        directories: shown,
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
    pub fn directory(&self, account: &str) -> Option<Arc<Directory>> {
        self.directories.load().get(account).cloned()
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
        let Self {
            hooks,
            console,
            pool,
            mut workers,
            mut background,
            mut comparing,
            shadow_desk,
            mut notes,
            keeper,
            watching,
            store,
            finish_sends,
            ..
        } = self;
        hooks.shutdown().await;
        pool.stop();
        if tokio::time::timeout(finish_sends, workers.join_next()).await.is_err() {
            tracing::warn!(
                "requests were still under way; what became of them is looked for at the next start"
            );
            workers.shutdown().await;
        }
        drop(watching);
        shadow_desk.stop();
        if tokio::time::timeout(COUNTS_PATIENCE, comparing.join_next()).await.is_err() {
            tracing::warn!("comparisons with shadow rules were broken off; their counts are lost");
        }
        background.shutdown().await;
        // After all who hand something in.
        keeper.stop();
        if tokio::time::timeout(COUNTS_PATIENCE, notes.join_next()).await.is_err() {
            tracing::warn!("what the rules said last was not kept");
        }
        console.shutdown().await;
        if let Err(error) = store.close().await {
            tracing::error!(%error, "the store was not closed; nothing that was acknowledged is lost");
        }
        tracing::info!("server has stopped");
    }
}

/// How long a stop waits for the counts of comparisons to be written.
const COUNTS_PATIENCE: Duration = Duration::from_secs(2);

async fn listen(
    config: &Config,
    name: &'static str,
    address: SocketAddr,
    routes: Routes,
) -> Result<Listening, StartError> {
    let settings = http::Settings {
        name,
        limits: config.limits.clone(),
        trusted_proxies: config.server.trusted_proxies.clone(),
    };
    http::listen(address, routes, settings)
        .await
        .map_err(|source| StartError::Io { what: format!("cannot listen on {address} ({name})"), source })
}

/// How long a start waits for folders of rules that were written just before.
const START_PATIENCE: Duration = Duration::from_millis(500);

/// Reads all rules before there is work; folders are read beside the other tasks. A folder that is being written is waited
/// for, but not long: its rules are believed then, and the watch looks at them again.
async fn look_at_rules(
    rulebook: &Arc<Rulebook>,
    clock: &Arc<dyn Clock>,
    pace: rulebook::Pace,
) -> Result<(), StartError> {
    let pace = rulebook::Pace { quiet: pace.quiet.min(START_PATIENCE), most: START_PATIENCE, ..pace };
    let started = tokio::time::Instant::now();
    let mut accounts = rulebook.accounts();
    loop {
        let (book, now) = (Arc::clone(rulebook), clock.now());
        let is_last = started.elapsed() >= START_PATIENCE;
        let looked = tokio::task::spawn_blocking(move || {
            accounts.retain(|account| {
                let outcome = match is_last {
                    true => book.look(account, now),
                    false => book.look_if_quiet(account, now, pace.quiet_now()),
                };
                outcome == Some(Outcome::Unsettled)
            });
            accounts
        });
        accounts = looked.await.map_err(|source| StartError::Io {
            what: "the rules could not be read".to_owned(),
            source: std::io::Error::other(source),
        })?;
        if accounts.is_empty() || is_last {
            return Ok(());
        }
        tokio::time::sleep(pace.quiet).await;
    }
}
