//! Taking away what is finished and old.
//!
//! Bodies hold personal data and are kept the shortest; what was given up is kept the longest, because somebody may still
//! want it tried again. What is unfinished is never taken.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::keeper::later;
use crate::clock::Clock;
use crate::store::record::{Retention, ShadowRetention};
use crate::store::{Store, StoreError};

/// Records taken away at once, so that nobody waits long behind it.
const BATCH: usize = 500;
/// Time between two sweeps.
const INTERVAL: Duration = Duration::from_secs(3600);
/// Hours of a day.
const DAY_HOURS: i64 = 24;

/// How long finished records are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    /// Events with their bodies, in days.
    pub events_days: u16,
    /// Decisions with what they were made from, in days.
    pub decisions_days: u16,
    /// What was not understood or given up, in days.
    pub dead_days: u16,
    /// Closed communications and done effects, in days. As long as an effect is kept, asking for it again does nothing.
    pub settled_days: u16,
    /// Comparisons with shadow rules, in days.
    pub shadow_days: u16,
}

impl Default for Keep {
    fn default() -> Self {
        Self { events_days: 30, decisions_days: 30, dead_days: 90, settled_days: 365, shadow_days: 90 }
    }
}

impl Keep {
    fn at(&self, now: Timestamp) -> Retention {
        let before = |days| before(now, days);
        Retention {
            events: before(self.events_days),
            dead: before(self.dead_days),
            decisions: before(self.decisions_days),
            settled: before(self.settled_days),
            limit: BATCH,
        }
    }

    fn shadows_at(&self, now: Timestamp) -> ShadowRetention {
        ShadowRetention {
            days: TimeZone::UTC.to_datetime(before(now, self.shadow_days)).date(),
            // Without the decision an example shows nothing.
            examples: before(now, self.decisions_days),
            limit: BATCH,
        }
    }
}

fn before(now: Timestamp, days: u16) -> Timestamp {
    let age = SignedDuration::from_hours(i64::from(days) * DAY_HOURS);
    now.saturating_sub(age).unwrap_or(Timestamp::MIN)
}

/// Sweeps for ever; drop the future to stop.
pub async fn sweep(store: Arc<dyn Store>, clock: Arc<dyn Clock>, keep: Keep) {
    loop {
        if let Err(error) = once(&*store, &*clock, keep).await {
            tracing::warn!(%error, "old records were not taken away");
        }
        clock.sleep_until(later(clock.now(), INTERVAL)).await;
    }
}

async fn once(store: &dyn Store, clock: &dyn Clock, keep: Keep) -> Result<(), StoreError> {
    while store.shadows().prune_shadows(keep.shadows_at(clock.now())).await? == BATCH as u64 {
        tokio::task::yield_now().await;
    }
    let before = before(clock.now(), keep.decisions_days);
    while store.rulings().prune_rulings(before, BATCH).await? == BATCH as u64 {
        tokio::task::yield_now().await;
    }
    loop {
        let pruned = store.prune(keep.at(clock.now())).await?;
        if pruned.total() > 0 {
            tracing::info!(events = pruned.events, effects = pruned.effects, "old records were taken away");
        }
        if pruned.total() < BATCH as u64 {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}
