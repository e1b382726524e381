//! The queue of comparisons, the thread that makes them, and the writing of what was counted.
//!
//! One queue a process, bounded; whoever hands something in never waits. Comparisons are made in batches on a thread of the
//! blocking pool, one batch at a time, so candidates take one processor at most, whatever they do. What was counted is
//! written at most every [`PAUSE`]; a crash loses what was counted since, and what was waiting. Nothing is counted twice: it
//! is written once, and when nobody knows whether it was, it counts as written.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::case::Case;
use super::judge::{Verdict, judge};
use super::tally::{Counted, Tallies};
use crate::config::Limits;
use crate::observe::{SHADOW, SHADOW_SECONDS};
use crate::store::record::{AccountId, SessionKey, ShadowBounds};
use crate::store::{Store, StoreError};

/// The most comparisons made in one go.
const BATCH: usize = 64;
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
    sender: mpsc::Sender<Case>,
    counted: Arc<Mutex<Tallies>>,
    bounds: ShadowBounds,
    stopping: Arc<AtomicBool>,
    stop: watch::Sender<bool>,
}

/// What waits to be compared.
#[derive(Debug)]
pub struct Waiting {
    receiver: mpsc::Receiver<Case>,
    counted: Arc<Mutex<Tallies>>,
    bounds: ShadowBounds,
    store: Arc<dyn Store>,
    stopping: Arc<AtomicBool>,
    stop: watch::Receiver<bool>,
}

/// A desk, and the work behind it, which runs when it is run.
pub fn desk(settings: DeskSettings, store: Arc<dyn Store>) -> (Arc<Desk>, Waiting) {
    let DeskSettings { queue, bounds } = settings;
    let (sender, receiver) = mpsc::channel(queue.max(1));
    let (stop, stopped) = watch::channel(false);
    let counted = Arc::<Mutex<Tallies>>::default();
    let stopping = Arc::<AtomicBool>::default();
    let waiting = Waiting {
        receiver,
        counted: Arc::clone(&counted),
        bounds,
        store,
        stopping: Arc::clone(&stopping),
        stop: stopped,
    };
    (Arc::new(Desk { sender, counted, bounds, stopping, stop }), waiting)
}

impl Desk {
    /// Hands a decision in; drops it when there is no room.
    pub fn offer(&self, case: Case) {
        if let Err(mpsc::error::TrySendError::Full(case)) = self.sender.try_send(case) {
            count(&self.counted, &case, None, self.bounds);
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
        let mut batch = Vec::with_capacity(BATCH);
        let mut next_write = Instant::now();
        while !*self.stop.borrow() {
            let is_counted = !lock(&self.counted).is_empty();
            tokio::select! {
                received = self.receiver.recv_many(&mut batch, BATCH) => {
                    if received == 0 {
                        break;
                    }
                    self.compare(std::mem::take(&mut batch)).await;
                }
                () = tokio::time::sleep_until(next_write), if is_counted => {
                    self.write().await;
                    next_write = Instant::now() + PAUSE;
                }
                _ = self.stop.changed() => {}
            }
            if next_write <= Instant::now() && !lock(&self.counted).is_empty() {
                self.write().await;
                next_write = Instant::now() + PAUSE;
            }
        }
        while let Ok(case) = self.receiver.try_recv() {
            count(&self.counted, &case, None, self.bounds);
        }
        self.write().await;
    }

    async fn compare(&self, cases: Vec<Case>) {
        let (counted, bounds, stopping) =
            (Arc::clone(&self.counted), self.bounds, Arc::clone(&self.stopping));
        let compared = tokio::task::spawn_blocking(move || {
            for case in cases {
                if stopping.load(Ordering::Relaxed) {
                    count(&counted, &case, None, bounds);
                    continue;
                }
                let started = Instant::now();
                let verdict = judge(&case);
                let account = case.account.as_str().to_owned();
                metrics::histogram!(SHADOW_SECONDS.name, "account" => account).record(started.elapsed());
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
        day: case.now.civil().date(),
        at: case.now.instant(),
        session,
        verdict,
        heads: &|task| case.head(task),
    };
    lock(counted).add(one, bounds);
}
