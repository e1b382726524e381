//! Hears of changes in the folders of rules, and looks at them when they are quiet.
//!
//! The folder is watched, not its files, since editors replace files; and the folder above it as well, since a folder can
//! be deleted, made again, or be a link that is switched. Hearing is a hint: every so often all folders are looked at
//! anyway, which finds what the system did not report (network file systems, a watch that was lost with its
//! folder).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::clock::Clock;
use crate::config::Limits;
use crate::rulebook::book::{Outcome, Rulebook};
use crate::rulebook::debounce::Debounce;
use crate::rulebook::folder::Quiet;

/// Changes that wait to be noticed; when there are more, one of them is enough.
const CHANGES: usize = 64;

/// How fast the folders are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long a folder must be quiet.
    pub quiet: Duration,
    /// How long a folder that is never quiet is waited for.
    pub most: Duration,
    /// How often all folders are looked at whatever was heard.
    pub poll: Duration,
}

impl Pace {
    /// How still a folder must be that is read now.
    pub fn quiet_now(&self) -> Quiet {
        Quiet { length: self.quiet, most: self.most, now: SystemTime::now() }
    }
}

impl From<&Limits> for Pace {
    fn from(limits: &Limits) -> Self {
        Self { quiet: limits.reload_debounce, most: limits.reload_max_wait, poll: limits.reload_poll }
    }
}

/// Says that something changed in the folder of an account.
#[derive(Clone, Debug)]
pub struct Changes {
    sender: mpsc::Sender<String>,
}

impl Changes {
    /// Says it. Never waits: when too much is said at once, what was said last is found by the next look.
    pub fn changed(&self, account: &str) {
        let _ = self.sender.try_send(account.to_owned());
    }
}

/// The watching of all folders; ends when dropped.
#[derive(Debug)]
pub struct Watching {
    task: JoinHandle<()>,
    changes: Changes,
}

impl Watching {
    /// The way to say that something changed.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Begins to watch. Call [`Rulebook::look_at_all`] first, so that there are rules before there is work.
///
/// A system that cannot watch (no more watches, an odd file system) is polled only, which is said in the log.
pub fn watch(rulebook: Arc<Rulebook>, clock: Arc<dyn Clock>, pace: Pace) -> Watching {
    let (sender, receiver) = mpsc::channel(CHANGES);
    let changes = Changes { sender };
    let ears = Ears::new(&rulebook, changes.clone());
    let mut watcher = Watcher {
        rulebook,
        clock,
        pace,
        start: Instant::now(),
        waiting: BTreeMap::new(),
        ears,
        changes: changes.clone(),
    };
    watcher.listen();
    let task = tokio::spawn(watcher.run(receiver));
    Watching { task, changes }
}

/// What the task knows.
struct Watcher {
    rulebook: Arc<Rulebook>,
    clock: Arc<dyn Clock>,
    pace: Pace,
    start: Instant,
    waiting: BTreeMap<String, Debounce>,
    ears: Ears,
    /// The way by which ears tell.
    changes: Changes,
}

impl Watcher {
    async fn run(mut self, mut changes: mpsc::Receiver<String>) {
        let mut accounts = self.rulebook.changes();
        let mut poll = tokio::time::interval_at(self.start + self.pace.poll, self.pace.poll);
        poll.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let due = self.waiting.values().filter_map(Debounce::due).min();
            let quiet = async {
                match due {
                    Some(due) => tokio::time::sleep_until(self.start + due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                Some(account) = changes.recv() => self.heard(account),
                () = quiet => self.look_at_quiet().await,
                _ = poll.tick() => self.look_at_all().await,
                Ok(()) = accounts.changed() => {
                    // Other folders; whoever put them there has looked at them.
                    self.ears = Ears::new(&self.rulebook, self.changes.clone());
                    self.listen();
                }
            }
        }
    }

    fn heard(&mut self, account: String) {
        let now = self.start.elapsed();
        let debounce = || Debounce::new(self.pace.quiet, self.pace.most);
        self.waiting.entry(account).or_insert_with(debounce).heard(now);
    }

    async fn look_at_quiet(&mut self) {
        let now = self.start.elapsed();
        let quiet =
            self.waiting.iter_mut().filter_map(|(name, debounce)| debounce.take(now).then(|| name.clone()));
        let quiet: Vec<String> = quiet.collect();
        for account in quiet {
            self.look(account).await;
        }
        self.waiting.retain(|_, debounce| debounce.due().is_some());
        self.listen();
    }

    async fn look_at_all(&mut self) {
        for account in self.rulebook.accounts() {
            self.look(account).await;
        }
        self.listen();
    }

    /// Watches folders that are not watched yet, or no longer. Each is looked at once more then: what happened to it
    /// between the last look and the watch, nobody has heard of.
    fn listen(&mut self) {
        for account in self.ears.listen(&self.rulebook) {
            self.heard(account);
        }
    }

    async fn look(&mut self, account: String) {
        let (rulebook, now, name) = (Arc::clone(&self.rulebook), self.clock.now(), account.clone());
        let pace = self.pace;
        // Reading and checking a bundle takes too long for a thread that others share.
        let look = move || rulebook.look_if_quiet(&name, now, pace.quiet_now());
        let outcome = tokio::task::spawn_blocking(look).await;
        if matches!(outcome, Ok(Some(Outcome::Unsettled))) {
            self.heard(account);
        }
    }
}

/// The system's reports of changes.
struct Ears {
    watcher: Option<RecommendedWatcher>,
    /// What is watched, and which folder it was then: one that is deleted and made again is another.
    watched: BTreeMap<PathBuf, Option<Identity>>,
}

/// What tells a folder from another of the same name.
type Identity = (u64, std::time::SystemTime);

impl Ears {
    fn new(rulebook: &Rulebook, changes: Changes) -> Self {
        let folders: Vec<(String, Vec<PathBuf>)> = rulebook
            .accounts()
            .into_iter()
            .filter_map(|account| {
                let folder = rulebook.folder(&account)?;
                Some((account, prefixes(&folder)))
            })
            .collect();
        let hear = move |event: notify::Result<notify::Event>| {
            let paths = match event {
                // To be read is not to be changed; our own reading would wake us for ever.
                Ok(event) if event.kind.is_access() => return,
                Ok(event) => event.paths,
                Err(error) => error.paths,
            };
            for (account, prefixes) in &folders {
                // An event without a path says that events were lost.
                let concerns = |path: &PathBuf| prefixes.iter().any(|prefix| path.starts_with(prefix));
                if paths.is_empty() || paths.iter().any(concerns) {
                    changes.changed(account);
                }
            }
        };
        let watcher = notify::recommended_watcher(hear);
        if let Err(error) = &watcher {
            tracing::warn!(%error, "folders of rules are polled only");
        }
        Self { watcher: watcher.ok(), watched: BTreeMap::new() }
    }

    /// Watches what is not watched: at the beginning everything, later folders that were made again. Returns the accounts
    /// whose folders were not watched before.
    fn listen(&mut self, rulebook: &Rulebook) -> Vec<String> {
        let mut new = Vec::new();
        for account in rulebook.accounts() {
            let Some(folder) = rulebook.folder(&account) else { continue };
            let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
            let above = parent.is_some_and(|parent| self.watch(parent, RecursiveMode::NonRecursive));
            if self.watch(&folder, RecursiveMode::Recursive) || above {
                new.push(account);
            }
        }
        new
    }

    /// Watches a folder; says whether that is new.
    fn watch(&mut self, folder: &Path, mode: RecursiveMode) -> bool {
        let Some(watcher) = &mut self.watcher else { return false };
        let identity = identity(folder);
        if self.watched.get(folder).is_some_and(|watched| *watched == identity) {
            return false;
        }
        // A watch of what was there before is of no use; that there is none is no trouble either.
        let _ = watcher.unwatch(folder);
        self.watched.remove(folder);
        match watcher.watch(folder, mode) {
            Ok(()) => {
                self.watched.insert(folder.to_owned(), identity);
                true
            }
            Err(error) => {
                tracing::debug!(folder = %folder.display(), %error, "folder of rules is polled for now");
                false
            }
        }
    }
}

/// Which folder is there now; `None` when there is none, or the system cannot tell.
fn identity(folder: &Path) -> Option<Identity> {
    let metadata = std::fs::metadata(folder).ok()?;
    let made = metadata.created().unwrap_or(std::time::SystemTime::UNIX_EPOCH);
    #[cfg(unix)]
    let number = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let number = 0;
    Some((number, made))
}

/// How the paths of events about a folder begin: as it is named, and as it is really called.
fn prefixes(folder: &Path) -> Vec<PathBuf> {
    let mut prefixes = vec![folder.to_owned()];
    prefixes.extend(std::fs::canonicalize(folder));
    prefixes.extend(std::path::absolute(folder));
    prefixes
}
