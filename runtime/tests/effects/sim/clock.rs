//! Virtual time: the clock of a paused tokio runtime, which jumps to the next timer whenever nothing else can happen.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use switchboard_runtime::clock::Clock;
use tokio::time::Instant;

/// Tells virtual time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SimClock {
    epoch: Timestamp,
    start: Instant,
}

impl SimClock {
    pub(crate) fn new(epoch: Timestamp) -> Self {
        Self { epoch, start: Instant::now() }
    }

    /// Time since the simulation began.
    pub(crate) fn passed(&self) -> std::time::Duration {
        self.start.elapsed()
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.start.elapsed()).expect("short enough");
        self.epoch.checked_add(passed).expect("within the calendar")
    }

    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let wait = at.duration_since(self.now());
        let wait = std::time::Duration::try_from(wait).unwrap_or_default();
        tokio::time::sleep(wait).boxed()
    }
}
