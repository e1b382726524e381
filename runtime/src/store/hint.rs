//! The hint that there may be work.
//!
//! A store holds a [`WorkSignal`] and raises it after a commit that made a lane ready sooner; whoever claims lanes holds
//! a [`WorkHint`]. It is a hint: it may come for nothing, and one that is lost costs the time until the next poll, never
//! an event.

use tokio::sync::watch;

/// The store's end.
#[derive(Debug, Default)]
pub struct WorkSignal {
    raised: watch::Sender<u64>,
}

/// The worker's end. Each has its own memory of what it has seen, so any number may wait.
#[derive(Clone, Debug)]
pub struct WorkHint {
    raised: watch::Receiver<u64>,
}

impl WorkSignal {
    /// Tells every hint.
    pub fn raise(&self) {
        self.raised.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Returns a hint that has seen everything so far.
    #[must_use]
    pub fn hint(&self) -> WorkHint {
        WorkHint { raised: self.raised.subscribe() }
    }
}

impl WorkHint {
    /// Completes when the signal was raised since the last completion; take the hint *before* claiming, and a claim
    /// that came to nothing loses no wake-up. After the store is gone it never completes.
    ///
    /// Cancel safe.
    pub async fn changed(&mut self) {
        if self.raised.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_raise_between_two_waits_is_not_lost_and_counts_once() {
        let signal = WorkSignal::default();
        let mut hint = signal.hint();
        assert!(hint.changed().now_or_never().is_none());
        signal.raise();
        signal.raise();
        assert!(hint.changed().now_or_never().is_some());
        assert!(hint.changed().now_or_never().is_none());
        drop(signal);
        assert!(hint.changed().now_or_never().is_none());
    }
}
