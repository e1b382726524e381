//! The bundles in force, one an account.
//!
//! A look at a folder reads it, compares it with what was last seen, and only if it differs checks it. Rules without an
//! error are put in force in one step; whoever decides holds on to the bundle it began with. Rules with an error change
//! nothing but the status. What the account has is told by [`Rulebook::know`]; the names in the rules are held against it
//! then, and with every later look.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use jiff::Timestamp;
use switchboard_engine::bundle::{Bundle, BundleSource, LoadOptions, Loaded, load};
use switchboard_grammar::lang::Lang;
use tokio::sync::watch;

use crate::config::Account;
use crate::observe::{RULES_RELOADS, SHADOW_RELOADS};
use crate::rulebook::folder::{self, FolderError, Quiet};
use crate::rulebook::names::{self, Known};
use crate::rulebook::status::{Problem, Status};

/// Which of the folders of an account a book is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The rules in force.
    #[default]
    InForce,
    /// Rules that are tried beside them. Accounts without such rules are not in the book.
    Shadow,
}

impl Role {
    /// The folder of an account that such a book is about.
    fn folder(self, account: &Account) -> Option<&PathBuf> {
        match self {
            Self::InForce => Some(&account.bundle),
            Self::Shadow => account.shadow.as_ref().map(|shadow| &shadow.bundle),
        }
    }
}

/// A bundle and since when it is in force.
#[derive(Debug)]
#[non_exhaustive]
pub struct InForce {
    /// The rules.
    pub bundle: Arc<Bundle>,
    /// Since when.
    pub since: Timestamp,
}

/// What came of a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// New rules are in force.
    Swapped,
    /// The files are as they were.
    Unchanged,
    /// The files have errors; the old rules stay in force.
    Refused,
    /// The folder cannot be read; the old rules stay in force.
    Unreadable,
    /// The folder keeps changing; it must be looked at again.
    Unsettled,
}

impl Outcome {
    /// The name in figures and in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Swapped => "swapped",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
            Self::Unsettled => "unsettled",
        }
    }
}

/// The rules of all accounts.
#[derive(Debug, Default)]
pub struct Rulebook {
    role: Role,
    slots: ArcSwap<Vec<Arc<Slot>>>,
    /// How bundles are loaded; what is known of the account is added.
    options: Arc<LoadOptions>,
    /// Told when there are other accounts than before.
    changed: watch::Sender<()>,
}

/// The rules of one account.
#[derive(Debug)]
struct Slot {
    role: Role,
    account: String,
    folder: PathBuf,
    options: Arc<LoadOptions>,
    in_force: ArcSwapOption<InForce>,
    status: ArcSwap<Status>,
    /// What the account has; `None` while nobody knows.
    known: ArcSwapOption<Known>,
    /// Held during a look, so that two looks cannot overtake each other.
    looking: Mutex<Looking>,
}

/// What looks remember of one another.
#[derive(Debug, Default)]
struct Looking {
    /// Since when the folder is found in motion; `None` when it was still at the last look.
    moving_since: Option<Timestamp>,
}

impl Rulebook {
    /// A book of the accounts' folders; nothing is in force before the first [`Rulebook::look`].
    pub fn new<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Self {
        Self::with(Role::InForce, accounts, LoadOptions::default())
    }

    /// The same with the folders that it is about, limits of scripts and what measures them.
    pub fn with<'a>(
        role: Role,
        accounts: impl IntoIterator<Item = &'a Account>,
        options: LoadOptions,
    ) -> Self {
        let options = Arc::new(options);
        let slots = accounts.into_iter().filter_map(|account| Slot::new(role, account, &options));
        let slots = slots.map(Arc::new).collect();
        Self { role, slots: ArcSwap::from_pointee(slots), options, changed: watch::Sender::new(()) }
    }

    /// Goes over to other accounts. One that keeps its folder keeps what is in force; the rules of the others are looked at
    /// first, so that there is no moment without them. Reads files and checks rules on the calling thread.
    pub fn serve(&self, accounts: &[Account], now: Timestamp) {
        let slots = accounts.iter().filter_map(|account| match self.slot(&account.name) {
            Some(slot) if Some(&slot.folder) == self.role.folder(account) => Some(slot),
            _ => {
                let slot = Arc::new(Slot::new(self.role, account, &self.options)?);
                slot.count(slot.look(now, None));
                Some(slot)
            }
        });
        let slots: Vec<Arc<Slot>> = slots.collect();
        self.slots.store(Arc::new(slots));
        self.changed.send_replace(());
    }

    /// Told when there are other accounts than before.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// The rules in force of an account. Whoever decides keeps what it gets until it is done.
    pub fn in_force(&self, account: &str) -> Option<Arc<InForce>> {
        self.slot(account)?.in_force.load_full()
    }

    /// How the rules of an account stand.
    pub fn status(&self, account: &str) -> Option<Arc<Status>> {
        Some(self.slot(account)?.status.load_full())
    }

    /// How the rules of all accounts stand, in the order of the settings.
    pub fn statuses(&self) -> Vec<Arc<Status>> {
        self.slots.load().iter().map(|slot| slot.status.load_full()).collect()
    }

    /// The folder of an account.
    pub fn folder(&self, account: &str) -> Option<PathBuf> {
        Some(self.slot(account)?.folder.clone())
    }

    /// The accounts, in the order of the settings.
    pub fn accounts(&self) -> Vec<String> {
        self.slots.load().iter().map(|slot| slot.account.clone()).collect()
    }

    /// Looks at the folder of an account now, and puts its rules in force if they are new and good, however new. For whoever
    /// knows that the folder is as it is meant to be. Reads files and checks rules on the calling thread. `None` when there is
    /// no such account.
    pub fn look(&self, account: &str, now: Timestamp) -> Option<Outcome> {
        self.look_at(account, now, None)
    }

    /// The same, but a folder in which something was changed a moment ago is [`Outcome::Unsettled`] and to be looked at again:
    /// somebody may be writing. The rules in force stay, and only after [`Quiet::most`] the status tells of it.
    pub fn look_if_quiet(&self, account: &str, now: Timestamp, quiet: Quiet) -> Option<Outcome> {
        self.look_at(account, now, Some(quiet))
    }

    fn look_at(&self, account: &str, now: Timestamp, quiet: Option<Quiet>) -> Option<Outcome> {
        let slot = self.slot(account)?;
        let outcome = slot.look(now, quiet);
        slot.count(outcome);
        Some(outcome)
    }

    /// Learns what an account has, and holds the names in its rules against it. Reads files and checks rules on the calling
    /// thread, unless the names are those that were known already. Rules that changed meanwhile are left for the next look.
    pub fn know(&self, account: &str, known: Known, now: Timestamp) {
        if let Some(slot) = self.slot(account) {
            slot.know(known, now);
        }
    }

    /// Looks at all folders now.
    pub fn look_at_all(&self, now: Timestamp) {
        for account in self.accounts() {
            self.look(&account, now);
        }
    }

    fn slot(&self, account: &str) -> Option<Arc<Slot>> {
        self.slots.load().iter().find(|slot| slot.account == account).cloned()
    }
}

impl Slot {
    /// `None` when the account has no such folder.
    fn new(role: Role, account: &Account, options: &Arc<LoadOptions>) -> Option<Self> {
        Some(Self {
            role,
            options: Arc::clone(options),
            account: account.name.clone(),
            folder: role.folder(account)?.clone(),
            in_force: ArcSwapOption::empty(),
            status: ArcSwap::from_pointee(Status { account: account.name.clone(), ..Status::default() }),
            known: ArcSwapOption::empty(),
            looking: Mutex::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Looking> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(&self, now: Timestamp, quiet: Option<Quiet>) -> Outcome {
        let mut looking = self.lock();
        match folder::read_settled(&self.folder, quiet) {
            Ok(source) => {
                looking.moving_since = None;
                self.consider(&source, now, false)
            }
            Err(error @ FolderError::Unsettled { .. }) => {
                let since = *looking.moving_since.get_or_insert(now);
                let most = quiet.map(|quiet| quiet.most).unwrap_or_default();
                // Somebody saves a file: nothing to tell of.
                let is_brief =
                    Duration::try_from(now.duration_since(since)).is_ok_and(|moving| moving < most);
                if is_brief {
                    let before = self.status.load_full();
                    self.status.store(Arc::new(Status { looked_at: Some(now), ..Status::clone(&before) }));
                    return Outcome::Unsettled;
                }
                self.unreadable(&error, now)
            }
            Err(error) => self.unreadable(&error, now),
        }
    }

    fn know(&self, known: Known, now: Timestamp) {
        let known = Arc::new(known);
        let before = self.known.swap(Some(Arc::clone(&known)));
        let is_news = before.is_none_or(|before| before.references != known.references);
        if is_news {
            let _looking = self.lock();
            let on_disk = self.status.load().on_disk.clone();
            // Whoever looks next holds the names against what is known now; here only rules that were looked at before are.
            if let Ok(source) = folder::read_settled(&self.folder, None)
                && on_disk.as_ref() == Some(&source.digest())
            {
                self.consider(&source, now, true);
            }
            return;
        }
        let _looking = self.lock();
        let mut status = Status::clone(&self.status.load());
        if let Some(names) = &mut status.names {
            names.listed_at = known.listed_at;
            names.left_out.clone_from(&known.left_out);
            self.status.store(Arc::new(status));
        }
    }

    /// Holds what was read against what was seen before; `again` checks the files even when they are as they were.
    fn consider(&self, source: &BundleSource, now: Timestamp, again: bool) -> Outcome {
        let digest = source.digest();
        let before = self.status.load_full();
        let is_same = before.on_disk.as_ref() == Some(&digest);
        if is_same && !again {
            self.status.store(Arc::new(Status { looked_at: Some(now), ..Status::clone(&before) }));
            return Outcome::Unchanged;
        }
        let known = self.known.load_full();
        let mut options = LoadOptions::clone(&self.options);
        options.references = known.as_ref().map(|known| known.references.clone());
        let Loaded { bundle, diagnostics, sources, .. } = load(source, &options);
        let found = diagnostics
            .into_iter()
            .map(|diagnostic| Problem::Rules {
                diagnostic: Box::new(diagnostic),
                sources: Arc::clone(&sources),
            })
            .collect();
        let (problems, names) = names::split(found, known.as_deref());
        let mut status =
            Status { on_disk: Some(digest), looked_at: Some(now), problems, names, ..Status::clone(&before) };
        self.tell_names(&before, &status);
        if is_same {
            self.status.store(Arc::new(status));
            return Outcome::Unchanged;
        }
        let outcome = match bundle {
            // They were away, or refused others lay there meanwhile: what is in force is what was all the time.
            Some(bundle) if before.digest.as_deref() == Some(bundle.digest()) => Outcome::Unchanged,
            Some(bundle) => {
                status.digest = Some(bundle.digest().to_owned());
                status.since = Some(now);
                self.in_force.store(Some(Arc::new(InForce { bundle, since: now })));
                Outcome::Swapped
            }
            None => Outcome::Refused,
        };
        self.tell(&status, outcome);
        self.status.store(Arc::new(status));
        outcome
    }

    fn unreadable(&self, error: &FolderError, now: Timestamp) -> Outcome {
        let outcome = match error {
            FolderError::Unsettled { .. } => Outcome::Unsettled,
            _ => Outcome::Unreadable,
        };
        let before = self.status.load_full();
        let status = Status {
            on_disk: None,
            looked_at: Some(now),
            problems: vec![Problem::Folder(error.text())],
            ..Status::clone(&before)
        };
        // The same trouble again is not news.
        let is_news = before.on_disk.is_some() || before.looked_at.is_none();
        if is_news {
            self.tell(&status, outcome);
        }
        self.status.store(Arc::new(status));
        outcome
    }

    fn count(&self, outcome: Outcome) {
        let metric = match self.role {
            Role::InForce => RULES_RELOADS,
            Role::Shadow => SHADOW_RELOADS,
        };
        let name = self.account.clone();
        metrics::counter!(metric.name, "account" => name, "outcome" => outcome.as_str()).increment(1);
    }

    /// Says that there are names that the account does not have, when there are others than before.
    fn tell_names(&self, before: &Status, status: &Status) {
        let lines = |status: &Status| -> Vec<String> {
            let unknown = status.names.iter().flat_map(|names| &names.unknown);
            unknown.map(|problem| problem.line(Lang::En)).collect()
        };
        let now = lines(status);
        if !now.is_empty() && now != lines(before) {
            let (account, names) = (self.account.as_str(), now.len());
            tracing::warn!(account, names, "rules name what the account does not have");
        }
    }

    fn tell(&self, status: &Status, outcome: Outcome) {
        let (account, outcome) = (self.account.as_str(), outcome.as_str());
        let bundle = status.digest.as_deref().unwrap_or("none");
        let on_disk = status.on_disk.as_deref().unwrap_or("unreadable");
        let is_shadow = self.role == Role::Shadow;
        if status.is_stale() {
            let errors = status.errors();
            if is_shadow {
                tracing::warn!(
                    account,
                    outcome,
                    bundle,
                    on_disk,
                    errors,
                    "shadow rules on disk are not tried"
                );
            } else {
                tracing::warn!(account, outcome, bundle, on_disk, errors, "rules on disk are not in force");
            }
            for problem in &status.problems {
                tracing::warn!(account, is_shadow, problem = problem.line(Lang::En), "rules on disk");
            }
        } else if is_shadow {
            tracing::info!(account, outcome, bundle, "shadow rules are tried on every event, and do nothing");
        } else {
            tracing::info!(account, outcome, bundle, "rules in force");
        }
    }
}
