//! The queue of comparisons, the thread that makes them, and the writing of what was counted.
//!
//! Whoever hands something in never waits; who waits for a comparison, and whose turn it is, is the affair of `lines`.
//! Comparisons are made in batches on a thread of the blocking pool, one batch at a time, so candidates take one processor
//! at most, whatever they do. What was counted is
//! written at most every [`PAUSE`]; a crash loses what was counted since, and what was waiting. Nothing is counted twice: it
//! is written once, and when nobody knows whether it was, it counts as written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::case::Case;
use super::judge::{Verdict, judge};
use super::lines::Lines;
use super::tally::{Counted, Tallies};
use crate::config::Limits;
use crate::observe::{SHADOW, SHADOW_SECONDS};
use crate::store::record::{AccountId, SessionKey, ShadowBounds};
use crate::store::{Store, StoreError};

/// When a batch begins no more comparisons, so that what was counted is written meanwhile.
const BATCH: Duration = Duration::from_millis(250);
/// The least time between two writes.
const PAUSE: Duration = Duration::from_millis(250);

/// How much there is room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskSettings {
    /// Comparisons that wait.
    pub queue: usize,
    /// What is kept of one account.
    pub bounds: ShadowBounds,
}

impl From<&Limits> for DeskSettings {
    fn from(limits: &Limits) -> Self {
        Self {
            queue: limits.shadow_queue.as_usize(),
            bounds: ShadowBounds {
                pairs: limits.shadow_candidates.as_usize(),
                groups: limits.shadow_groups.as_usize(),
                examples: limits.shadow_examples.as_usize(),
            },
        }
    }
}

/// Where decisions are handed in.
#[derive(Debug)]
pub struct Desk {
    lines: Arc<Lines<Case>>,
    counted: Arc<Mutex<Tallies>>,
    bounds: ShadowBounds,
    stopping: Arc<AtomicBool>,
    stop: watch::Sender<bool>,
}

/// What waits to be compared.
#[derive(Debug)]
pub struct Waiting {
    lines: Arc<Lines<Case>>,
    counted: Arc<Mutex<Tallies>>,
    bounds: ShadowBounds,
    store: Arc<dyn Store>,
    stopping: Arc<AtomicBool>,
    stop: watch::Receiver<bool>,
}

/// A desk, and the work behind it, which runs when it is run.
pub fn desk(settings: DeskSettings, store: Arc<dyn Store>) -> (Arc<Desk>, Waiting) {
    let DeskSettings { queue, bounds } = settings;
    let lines = Arc::new(Lines::new(queue));
    let (stop, stopped) = watch::channel(false);
    let counted = Arc::<Mutex<Tallies>>::default();
    let stopping = Arc::<AtomicBool>::default();
    let waiting = Waiting {
        lines: Arc::clone(&lines),
        counted: Arc::clone(&counted),
        bounds,
        store,
        stopping: Arc::clone(&stopping),
        stop: stopped,
    };
    (Arc::new(Desk { lines, counted, bounds, stopping, stop }), waiting)
}

impl Desk {
    /// Hands a decision in; without room it is dropped, or one of an account that has more waiting.
    pub fn offer(&self, case: Case) {
        let account = case.account.clone();
        if let Some(dropped) = self.lines.push(&account, case) {
            count(&self.counted, &dropped, None, self.bounds);
        }
    }

    /// Has the work end: what waits is dropped, and what was counted is written.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.stop.send_replace(true);
    }
}

impl Waiting {
    /// Compares and writes until the desk is stopped.
    pub async fn run(mut self) {
        let mut next_write = Instant::now();
        while !*self.stop.borrow() {
            let is_counted = !lock(&self.counted).is_empty();
            tokio::select! {
                () = self.lines.wait() => self.compare().await,
                () = tokio::time::sleep_until(next_write), if is_counted => {
                    self.write().await;
                    next_write = Instant::now() + PAUSE;
                }
                // Nobody is left who could hand something in.
                changed = self.stop.changed() => if changed.is_err() { break },
            }
            if next_write <= Instant::now() && !lock(&self.counted).is_empty() {
                self.write().await;
                next_write = Instant::now() + PAUSE;
            }
        }
        while let Some(case) = self.lines.pop() {
            count(&self.counted, &case, None, self.bounds);
        }
        self.write().await;
    }

    async fn compare(&self) {
        let (lines, counted, bounds, stopping) =
            (Arc::clone(&self.lines), Arc::clone(&self.counted), self.bounds, Arc::clone(&self.stopping));
        let compared = tokio::task::spawn_blocking(move || {
            let began = Instant::now();
            while began.elapsed() < BATCH
                && let Some(case) = lines.pop()
            {
                if stopping.load(Ordering::Relaxed) {
                    count(&counted, &case, None, bounds);
                    continue;
                }
                let started = Instant::now();
                let verdict = judge(&case);
                let took = started.elapsed();
                lines.charge(&case.account, took);
                let account = case.account.as_str().to_owned();
                metrics::histogram!(SHADOW_SECONDS.name, "account" => account).record(took);
                count(&counted, &case, Some(&verdict), bounds);
            }
        });
        if let Err(error) = compared.await {
            tracing::error!(%error, "comparing with shadow rules broke");
        }
    }

    async fn write(&self) {
        let tallies = lock(&self.counted).take();
        if tallies.is_empty() {
            return;
        }
        match self.store.shadows().count_shadows(tallies.clone(), self.bounds).await {
            Ok(()) => {}
            // Surely not written.
            Err(error @ (StoreError::Full | StoreError::DiskFull)) => {
                tracing::warn!(%error, "comparisons with shadow rules are written later");
                lock(&self.counted).put_back(tallies, self.bounds);
            }
            Err(error) => tracing::warn!(%error, "comparisons with shadow rules were not written"),
        }
    }
}

fn lock(counted: &Mutex<Tallies>) -> MutexGuard<'_, Tallies> {
    counted.lock().unwrap_or_else(PoisonError::into_inner)
}

fn count(counted: &Mutex<Tallies>, case: &Case, verdict: Option<&Verdict>, bounds: ShadowBounds) {
    let outcome = verdict.map_or("dropped", Verdict::as_str);
    let (account, session): (&AccountId, &SessionKey) = (&case.account, &case.session);
    let name = account.as_str().to_owned();
    metrics::counter!(SHADOW.name, "account" => name, "outcome" => outcome).increment(1);
    if let Some(Verdict::Differs(changes)) = verdict {
        tracing::debug!(%account, %session, differences = changes.len(), "shadow rules decide otherwise");
    }
    let one = Counted {
        pair: case.pair(),
        day: case.circumstances.now.civil().date(),
        at: case.circumstances.now.instant(),
        session,
        verdict,
        heads: &|task| case.head(task),
    };
    lock(counted).add(one, bounds);
}
