//! Keeping the lease of a lane while it is worked on.
//!
//! The lease is renewed each third of its length. A request may only be sent while the lease outlasts it: when the
//! process was stopped for a while (a suspended machine, a debugger), somebody else may already own the lane, and a
//! request that is still under way then would break the order of the lane. Time is that of the clock under which lanes
//! are claimed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;
use crate::outbound::SendGuard;
use crate::store::record::Lease;
use crate::store::{Store, StoreError};

/// Time between the end of the longest request and the end of the lease.
const MARGIN: Duration = Duration::from_secs(1);

/// Knows until when the lane is ours.
#[derive(Debug)]
pub(super) struct Keeper {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    length: Duration,
    lease: Mutex<Lease>,
}

impl Keeper {
    pub(super) fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        length: Duration,
        lease: Lease,
    ) -> Arc<Self> {
        Arc::new(Self { store, clock, length, lease: Mutex::new(lease) })
    }

    /// The lease as it stands.
    pub(super) fn lease(&self) -> Lease {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Renews the lease for ever; ends when it was lost.
    pub(super) async fn keep(&self) -> StoreError {
        loop {
            let next = later(self.clock.now(), self.length / 3);
            self.clock.sleep_until(next).await;
            let lease = self.lease();
            match self.store.renew(&lease, self.clock.now(), self.length).await {
                Ok(renewed) => *self.lease.lock().unwrap_or_else(PoisonError::into_inner) = renewed,
                Err(error @ StoreError::LeaseLost { .. }) => return error,
                // The next third may do better; meanwhile the guard below holds requests back.
                Err(error) => {
                    tracing::warn!(account = %lease.account, lane = %lease.lane, %error, "lease was not renewed");
                }
            }
        }
    }
}

impl SendGuard for Keeper {
    fn may_send(&self, life: Duration) -> bool {
        later(self.clock.now(), life + MARGIN) <= self.lease().until
    }
}

/// The next whole microsecond: the store cuts off the rest, and what is due a little early would be looked at over and
/// over until its moment has come.
pub(super) fn whole(moment: Timestamp) -> Timestamp {
    match moment.subsec_nanosecond() % 1000 {
        0 => moment,
        over => moment
            .saturating_add(SignedDuration::from_nanos(i64::from(1000 - over.rem_euclid(1000))))
            .unwrap_or(moment),
    }
}

/// `by` after `moment`.
pub(super) fn later(moment: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_rounded_up_to_what_the_store_keeps() {
        let at = |nanos: i128| Timestamp::from_nanosecond(nanos).expect("a moment");
        for (given, kept) in [
            (0, 0),
            (1, 1000),
            (999, 1000),
            (1000, 1000),
            (1001, 2000),
            (-1, 0),
            (-1000, -1000),
            (-1001, -1000),
        ] {
            assert_eq!(whole(at(given)), at(kept), "{given}");
        }
    }
}
