//! The queue of answers that are to be kept, and their writing.
//!
//! One queue a process, bounded; whoever hands something in never waits. Answers are put into their kept form and written
//! some at a time, at most every [`PAUSE`], on a task of their own. A crash loses what was waiting.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::answer::Asked;
use crate::observe::RULINGS;
use crate::store::Store;
use crate::store::record::{AccountId, NewRuling};

/// How many answers wait at most. One has a few kilobytes.
pub(super) const QUEUE: usize = 1_000;
/// The most that are written in one go.
const BATCH: usize = 200;
/// The least time between two writes.
const PAUSE: Duration = Duration::from_millis(500);

/// Where answers are handed in.
#[derive(Debug)]
pub struct Keeper {
    sender: mpsc::Sender<(AccountId, Asked)>,
    stop: watch::Sender<bool>,
}

/// What waits to be written.
#[derive(Debug)]
pub struct Keeping {
    receiver: mpsc::Receiver<(AccountId, Asked)>,
    store: Arc<dyn Store>,
    stop: watch::Receiver<bool>,
}

/// A keeper, and the work behind it, which is done when it is run.
pub fn keeper(store: Arc<dyn Store>) -> (Arc<Keeper>, Keeping) {
    let (sender, receiver) = mpsc::channel(QUEUE);
    let (stop, stopped) = watch::channel(false);
    (Arc::new(Keeper { sender, stop }), Keeping { receiver, store, stop: stopped })
}

impl Keeper {
    /// Hands in what the rules of an account said. Never waits; without room it is lost, and counted.
    pub fn keep(&self, account: &AccountId, asked: Asked) {
        let kind = asked.answer.kind().as_str();
        if self.sender.try_send((account.clone(), asked)).is_err() {
            count(kind, "lost", 1);
        }
    }

    /// Has the work end, after what waits is written.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }
}

impl Keeping {
    /// Writes until the keeper is stopped or gone.
    pub async fn run(mut self) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut is_over = false;
        while !is_over {
            tokio::select! {
                biased;
                received = self.receiver.recv_many(&mut batch, BATCH) => is_over = received == 0,
                _ = self.stop.changed() => self.receiver.close(),
            }
            if batch.is_empty() {
                continue;
            }
            let is_full = batch.len() == BATCH;
            self.write(std::mem::take(&mut batch)).await;
            if !is_full && !*self.stop.borrow() {
                let _ = tokio::time::timeout(PAUSE, self.stop.changed()).await;
            }
        }
    }

    async fn write(&self, batch: Vec<(AccountId, Asked)>) {
        let mut kept: Vec<NewRuling> = Vec::with_capacity(batch.len());
        for (account, asked) in &batch {
            match asked.kept(account) {
                Ok(ruling) => kept.push(ruling),
                Err(error) => tracing::error!(%account, %error, "what the rules said has no JSON form"),
            }
        }
        let written = self.store.rulings().keep_rulings(kept).await;
        let outcome = if written.is_ok() { "kept" } else { "lost" };
        for (_, asked) in &batch {
            count(asked.answer.kind().as_str(), outcome, 1);
        }
        if let Err(error) = written {
            tracing::warn!(%error, "what the rules said was not kept");
        }
    }
}

fn count(kind: &'static str, outcome: &'static str, count: u64) {
    metrics::counter!(RULINGS.name, "kind" => kind, "outcome" => outcome).increment(count);
}
