//! One turn of one lane: everything that can be done now, in order.
//!
//! Events first, then decisions, then effects, and again from the start until nothing is left that can be done now. A
//! communication is decided only when the entities of the ones before it are settled, because its facts depend on them.

use std::sync::Arc;

use jiff::Timestamp;
use switchboard_engine::bundle::Bundle;

use super::account::Account;
use super::deliver::{Delivered, Pass, deliver};
use super::ingest::ingest;
use super::judge::{hold, judge};
use super::keeper::{Keeper, later};
use super::measure;
use super::pool::Core;
use crate::crm;
use crate::observe::mask_text;
use crate::outbound::SendGuard;
use crate::shadow::Decided;
use crate::store::StoreError;
use crate::store::record::{Change, Committed, Lease};

/// Most rounds of a turn; a lane with more to do goes to the end of the line.
const MAX_ROUNDS: usize = 500;
/// How long a lane is left alone after something that should not be.
const BUG_WAIT: std::time::Duration = std::time::Duration::from_secs(60);

/// Why a turn ended before its work did.
#[derive(Debug, thiserror::Error)]
pub(super) enum Halt {
    /// The store failed, or somebody else has the lane.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The account was stopped.
    #[error("the account was stopped")]
    Stopped,
    /// Something that should not be.
    #[error("{0}")]
    Bug(String),
}

/// What a turn works with.
pub(super) struct Turn<'a> {
    pub(super) core: &'a Core,
    pub(super) account: &'a Account,
    pub(super) keeper: Arc<Keeper>,
    /// The account's RetailCRM, for as long as the lane is ours.
    pub(super) crm: crm::Client,
    /// Says whether the lane is ours for long enough, to whoever else is asked.
    pub(super) guard: Arc<dyn SendGuard>,
}

impl Turn<'_> {
    pub(super) fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    pub(super) fn lease(&self) -> Lease {
        self.keeper.lease()
    }

    /// Stops the account: its lanes wait, nothing is tried, and somebody looks when it can be resumed.
    pub(super) async fn stop(&self, reason: &str, now: Timestamp) -> Result<(), Halt> {
        tracing::error!(account = %self.account.id, reason = mask_text(reason), "account is stopped");
        self.core.store.stop_account(&self.account.id, reason.to_owned(), now).await?;
        measure::stopped(&self.account.id);
        self.account.was_stopped.notify_one();
        Ok(())
    }

    /// Has a decision that was committed compared with that of shadow rules, if there are any. Never waits.
    pub(super) fn shade(&self, in_force: &Arc<Bundle>, decided: Decided) {
        if let Some(shadow) = &self.account.shadow {
            shadow.offer(in_force, decided);
        }
    }

    pub(super) async fn commit(&self, now: Timestamp, changes: Vec<Change>) -> Result<Committed, Halt> {
        Ok(self.core.store.commit(&self.lease(), now, changes).await?)
    }
}

/// Works on a leased lane and gives it back. Tells how it ended, for metrics.
pub(super) async fn turn(core: &Core, account: &Account, lease: Lease) -> &'static str {
    let keeper =
        Keeper::new(Arc::clone(&core.store), Arc::clone(&core.clock), core.settings.lease, lease.clone());
    let guard: Arc<dyn SendGuard> = keeper.clone();
    let crm = account.crm.guarded(Arc::clone(&guard));
    let turn = Turn { core, account, keeper: Arc::clone(&keeper), crm, guard };
    // Losing the lease drops the work where it stands: whatever is under way is found in flight by the new owner.
    let ended = tokio::select! {
        ended = rounds(&turn) => ended,
        lost = keeper.keep() => Err(Halt::Store(lost)),
    };
    let (end, wake) = match ended {
        Ok(wake) => ("done", wake),
        // Not only its first effect may be due when the account goes on.
        Err(Halt::Stopped) => ("stopped", Some(core.clock.now())),
        Err(Halt::Store(StoreError::LeaseLost { .. })) => {
            tracing::warn!(account = %lease.account, lane = %lease.lane, "lease was lost");
            return "lease_lost";
        }
        Err(Halt::Store(error)) => {
            // What was committed stands; what was not is found by the next owner once the lease has run out.
            tracing::error!(account = %lease.account, lane = %lease.lane, %error, "store failed in the middle of a turn");
            return "store_failed";
        }
        Err(Halt::Bug(error)) => {
            tracing::error!(account = %lease.account, lane = %lease.lane, error, "turn cannot go on");
            return park(core, &keeper).await;
        }
    };
    if let Err(error) = core.store.release(keeper.lease(), wake).await {
        tracing::warn!(account = %lease.account, lane = %lease.lane, %error, "lane was not given back");
    }
    end
}

/// Keeps a lane that cannot be worked on from being claimed over and over: its lease is left to run.
async fn park(core: &Core, keeper: &Keeper) -> &'static str {
    if let Err(error) = core.store.renew(&keeper.lease(), core.clock.now(), BUG_WAIT).await {
        tracing::warn!(%error, "lease was not renewed");
    }
    "bug"
}

/// Rounds until nothing can be done now; tells when to look again, beyond what the store knows.
async fn rounds(turn: &Turn<'_>) -> Result<Option<Timestamp>, Halt> {
    for _ in 0..MAX_ROUNDS {
        let now = turn.now();
        if turn.core.is_stopping() {
            // Not only its first effect may be due at the next start.
            return Ok(Some(now));
        }
        let work = turn.core.store.lane_work(&turn.lease(), now).await?;
        if ingest(turn, &work, now).await? {
            continue;
        }
        // Entities come before decisions, which look at them; what does not matter to a decision comes after.
        let entities = deliver(turn, &work, Pass::Entities).await?;
        if entities == Delivered::Some {
            continue;
        }
        match entities {
            Delivered::Waits(until) => hold(turn, &work, until, now).await?,
            _ if judge(turn, &work, now).await? => continue,
            _ => {}
        }
        let history = deliver(turn, &work, Pass::History).await?;
        if history == Delivered::Some {
            continue;
        }
        let book = deliver(turn, &work, Pass::Book).await?;
        if book == Delivered::Some {
            continue;
        }
        return Ok([entities, history, book].into_iter().filter_map(Delivered::wake).min());
    }
    Ok(Some(later(turn.now(), std::time::Duration::ZERO)))
}
