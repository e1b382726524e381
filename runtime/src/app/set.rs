//! The accounts at work, and going over to others when the settings say so.
//!
//! The file of settings is the truth: it is read again when somebody changed it, when the server itself did, and from time to
//! time. New settings are taken up whole or not at all: everything that is new is made first, and only when all of it could be
//! made the old gives way. An account whose settings are the same goes on undisturbed. Of one that is changed or gone nothing
//! new is begun; what is under way ends with what it began with. What was accepted for an account that is gone stays in the
//! store and waits for an account of its name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use futures_util::future::join_all;
use jiff::Timestamp;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::parts::{Maker, Unit};
use super::start::StartError;
use crate::accounts::{Accounts, Ask, Standing};
use crate::config::{self, Config};
use crate::directory::{Directory, keep_names};
use crate::http::{self, Parts, Routes, Shared};
use crate::module::Modules;
use crate::popup::PopUpAccount;
use crate::random;
use crate::rulebook::{self, Debounce, Pace, Rulebook};
use crate::worker::Pool;

/// The least time between two listings of everything that rules may name.
const LEAST_NAMES_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// The people of each account.
pub(super) type Directories = BTreeMap<String, Arc<Directory>>;

/// The accounts at work.
pub(super) struct Set {
    pub(super) maker: Maker,
    pub(super) units: BTreeMap<String, Unit>,
    /// What runs beside the lanes, by account.
    pub(super) works: BTreeMap<String, JoinSet<()>>,
    /// What keeps the rulebook told of what accounts have, by account.
    pub(super) names: BTreeMap<String, JoinSet<()>>,
    /// What is ending for modules of accounts that are gone.
    pub(super) leaving: JoinSet<()>,
    /// The settings in force.
    pub(super) config: Arc<Config>,
    pub(super) accounts: Arc<Accounts>,
    pub(super) pool: Arc<Pool>,
    pub(super) popups: watch::Sender<Vec<PopUpAccount>>,
    pub(super) shared: Arc<Shared>,
    pub(super) hooks: Routes,
    pub(super) console: Routes,
    pub(super) directories: Arc<ArcSwap<Directories>>,
}

/// The parts of requests that change with the accounts.
pub(super) struct Serving {
    pub(super) config: Arc<Config>,
    pub(super) modules: Modules,
    pub(super) desks: BTreeMap<String, Arc<crate::forwarding::Desk>>,
    pub(super) deals: BTreeMap<String, Arc<crate::deals::Desk>>,
    pub(super) reports: BTreeMap<String, Arc<crate::reports::Reports>>,
    pub(super) directories: Directories,
    pub(super) workplaces: BTreeMap<String, Arc<crate::workplace::Desk>>,
}

impl Serving {
    /// What requests need of these accounts.
    ///
    /// # Errors
    ///
    /// When the system has no randomness.
    pub(super) fn of(config: &Arc<Config>, units: &BTreeMap<String, Unit>) -> Result<Self, StartError> {
        let modules = units.values().filter_map(|unit| unit.module.clone()).collect();
        Ok(Self {
            config: Arc::clone(config),
            modules: Modules::new(modules, random::key().map_err(StartError::no_randomness)?),
            desks: units.iter().map(|(name, unit)| (name.clone(), Arc::clone(&unit.desk))).collect(),
            deals: units
                .iter()
                .filter_map(|(name, unit)| Some((name.clone(), Arc::clone(unit.deals.as_ref()?))))
                .collect(),
            reports: units
                .iter()
                .filter_map(|(name, unit)| Some((name.clone(), Arc::clone(unit.account.reports.as_ref()?))))
                .collect(),
            directories: units
                .iter()
                .map(|(name, unit)| (name.clone(), Arc::clone(&unit.directory)))
                .collect(),
            workplaces: units
                .iter()
                .filter_map(|(name, unit)| Some((name.clone(), Arc::clone(unit.workplace.as_ref()?))))
                .collect(),
        })
    }
}

impl Serving {
    /// Puts it where requests find it.
    fn put_into(self, parts: &mut Parts) {
        let Self { config, modules, desks, deals, reports, directories, workplaces } = self;
        (parts.config, parts.modules, parts.desks) = (config, modules, desks);
        (parts.deals, parts.reports, parts.directories) = (deals, reports, directories);
        parts.workplaces = workplaces;
    }
}

impl Set {
    /// Begins the work of all modules.
    pub(super) fn begin(&mut self) {
        let names: Vec<String> = self.units.keys().cloned().collect();
        for name in names {
            self.begin_work(&name, JoinSet::new());
        }
    }

    /// Keeps up with the settings for ever; drop the future to stop.
    pub(super) async fn run(mut self, mut asks: mpsc::Receiver<Ask>) {
        let Some(file) = self.config.file.clone() else { return std::future::pending().await };
        let pace = Pace::from(&self.config.limits);
        let start = Instant::now();
        let mut debounce = Debounce::new(pace.quiet, pace.most);
        let mut hearing = rulebook::hear(&file);
        // What happened between its reading and now, nobody has heard of.
        debounce.heard(start.elapsed());
        let mut poll = tokio::time::interval_at(start + pace.poll, pace.poll);
        poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let due = debounce.due();
            let quiet = async {
                match due {
                    Some(due) => tokio::time::sleep_until(start + due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Some(ask) = asks.recv() => {
                    let answer = self.look(&file).await;
                    // Whoever asked may have gone; what was taken up stays.
                    let _ = ask.send(answer);
                }
                () = hearing.changed() => debounce.heard(start.elapsed()),
                () = quiet => {
                    debounce.take(start.elapsed());
                    let _ = self.look(&file).await;
                }
                _ = poll.tick() => {
                    let _ = self.look(&file).await;
                }
                Some(_) = self.leaving.join_next() => {}
            }
        }
    }

    /// Reads the file and takes up what it says. What is wrong with it is told, and kept for whoever wants to know.
    async fn look(&mut self, file: &Path) -> Result<(), Text> {
        let before = self.accounts.standing();
        let path = file.to_owned();
        // Files are read on a thread that others do not wait for.
        let loaded = tokio::task::spawn_blocking(move || config::load(&path)).await;
        let taken = match loaded {
            Ok(Ok(new)) => self.take_up(new).await,
            Ok(Err(error)) => Err(Text::new(error.text(Lang::En), error.text(Lang::Ru))),
            Err(error) => Err(Text::same(error.to_string())),
        };
        let now = self.maker.clock.now();
        let standing = match &taken {
            Ok(taken) => Standing {
                since: if taken.changed { now } else { before.since },
                problem: None,
                restart: taken.restart.clone(),
            },
            Err(problem) => Standing { problem: Some(problem.clone()), ..Standing::clone(&before) },
        };
        if standing.problem != before.problem {
            match &standing.problem {
                Some(problem) => tracing::warn!(problem = problem.en, "settings on disk are not in force"),
                None => tracing::info!("settings on disk are in force"),
            }
        }
        if standing.restart != before.restart && !standing.restart.is_empty() {
            tracing::warn!(sections = ?standing.restart, "changed settings need a restart");
        }
        self.accounts.stands(standing);
        taken.map(|_| ())
    }

    /// Goes over to new settings, as far as that is possible without a restart.
    async fn take_up(&mut self, new: Config) -> Result<Taken, Text> {
        let restart = self.config.changed_sections(&new);
        if !self.config.serves_otherwise(&new) {
            return Ok(Taken { changed: false, restart });
        }
        let next = Arc::new(self.config.serving_as(new));
        let mut made = BTreeMap::new();
        for settings in &next.accounts {
            let is_same = self.units.get(&settings.name).is_some_and(|unit| unit.settings == *settings);
            if !is_same {
                let unit = self.maker.unit(settings).await.map_err(|error| told(&error))?;
                made.insert(settings.name.clone(), unit);
            }
        }
        self.go_over(&next, made).await.map_err(|error| told(&error))?;
        Ok(Taken { changed: true, restart })
    }

    async fn go_over(
        &mut self,
        next: &Arc<Config>,
        mut made: BTreeMap<String, Unit>,
    ) -> Result<(), StartError> {
        // Nothing below fails once the keys of this process are there.
        let keeps = |name: &String| next.account(name).is_some();
        let gone: Vec<String> = self.units.keys().filter(|name| !keeps(name)).cloned().collect();
        let changed: Vec<String> = made.keys().cloned().collect();
        let mut old = BTreeMap::new();
        for name in gone.iter().chain(&changed) {
            if let Some(unit) = self.units.remove(name) {
                old.insert(name.clone(), unit);
            }
        }
        self.units.append(&mut made);
        let serving = Serving::of(next, &self.units).and_then(|serving| {
            let directories = serving.directories.clone();
            let shared = self.shared.next(|parts| serving.put_into(parts));
            Ok((shared.map_err(StartError::no_randomness)?, directories))
        });
        let (shared, directories) = match serving {
            Ok(serving) => serving,
            Err(error) => {
                self.units.retain(|name, _| !changed.contains(name));
                self.units.append(&mut old);
                return Err(error);
            }
        };
        for rulebook in [&self.maker.rulebook, &self.maker.shadows] {
            look_at_rules(rulebook, next, self.maker.clock.now()).await;
        }
        self.directories.store(Arc::new(directories));
        self.pool.serve(self.units.values().map(|unit| Arc::clone(&unit.account)).collect())?;
        self.popups.send_replace(self.units.values().map(Unit::with_popups).collect());
        self.shared = shared;
        self.accounts.serves(self.shared.serving());
        self.hooks.exchange(http::hooks(Arc::clone(&self.shared)));
        self.console.exchange(http::console(Arc::clone(&self.shared)));
        for name in &gone {
            self.names.remove(name);
            let works = self.works.remove(name).unwrap_or_default();
            self.leaving.spawn(finished(old.remove(name), works, self.grace()));
        }
        for name in &changed {
            let works = self.works.remove(name).unwrap_or_default();
            let mut before = JoinSet::new();
            before.spawn(finished(old.remove(name), works, self.grace()));
            self.begin_work(name, before);
        }
        self.config = Arc::clone(next);
        tracing::info!(?gone, ?changed, accounts = next.accounts.len(), "other accounts are served");
        Ok(())
    }

    /// Begins the work of a module once what is before it has ended, and what keeps the rulebook told of the account.
    fn begin_work(&mut self, name: &str, mut before: JoinSet<()>) {
        let Some(unit) = self.units.get_mut(name) else { return };
        let directory = Arc::clone(&unit.directory);
        let rulebooks = [Arc::clone(&self.maker.rulebook), Arc::clone(&self.maker.shadows)];
        let mut names = JoinSet::new();
        names.spawn(keep_names(directory, rulebooks, LEAST_NAMES_INTERVAL));
        // Dropping the one before ends it where it stands; it has nothing to lose.
        self.names.insert(name.to_owned(), names);
        let work = std::mem::take(&mut unit.work);
        let mut works = JoinSet::new();
        works.spawn(async move {
            while before.join_next().await.is_some() {}
            join_all(work).await;
        });
        self.works.insert(name.to_owned(), works);
    }

    fn grace(&self) -> Duration {
        self.config.limits.shutdown_sends
    }
}

/// Puts the rules of accounts that are new in force before there is work for them.
async fn look_at_rules(rulebook: &Arc<Rulebook>, next: &Arc<Config>, now: Timestamp) {
    let (book, next) = (Arc::clone(rulebook), Arc::clone(next));
    let looked = tokio::task::spawn_blocking(move || book.serve(&next.accounts, now));
    if let Err(error) = looked.await {
        tracing::error!(%error, "rules of new accounts were not read");
    }
}

/// What came of taking settings up.
struct Taken {
    changed: bool,
    /// Sections that differ and need a restart.
    restart: Vec<&'static str>,
}

/// Ends the work of an account beside its lanes: nothing new is begun, and what is under way has its time.
async fn finished(unit: Option<Unit>, mut works: JoinSet<()>, grace: Duration) {
    if let Some(unit) = &unit {
        unit.module.iter().for_each(|module| module.retire());
        unit.deals.iter().for_each(|desk| desk.retire());
    }
    let ended = async { while works.join_next().await.is_some() {} };
    if tokio::time::timeout(grace, ended).await.is_err() {
        tracing::warn!("work of an account did not end in time and was broken off");
    }
}

/// Why new settings were not taken up.
fn told(error: &StartError) -> Text {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    Text::new(
        format!("the settings cannot be taken up: {text}"),
        format!("настройки не удаётся применить: {text}"),
    )
}
