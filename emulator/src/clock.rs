//! The time that the stand-ins believe.
//!
//! Either the real one (which follows tokio's paused time in tests) or one that only moves when it is told to.
//! Everything dated, delayed or counted per second asks this clock and no other.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A clock that can be shared; clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    /// Monotonic time counted from a wall-clock reading, so that a jump of the machine's clock disturbs no window.
    Real {
        base: Instant,
        started: Timestamp,
    },
    Manual(Mutex<Timestamp>),
}

impl Clock {
    /// The machine's time.
    #[must_use]
    pub fn real() -> Self {
        Self(Arc::new(Source::Real { base: Instant::now(), started: Timestamp::now() }))
    }

    /// A clock that stands at `start` until [`Clock::advance`] or [`Clock::set`] moves it.
    #[must_use]
    pub fn manual(start: Timestamp) -> Self {
        Self(Arc::new(Source::Manual(Mutex::new(start))))
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Source::Real { base, started } => later(*started, base.elapsed()),
            Source::Manual(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a manual clock forward. A real clock cannot be moved: the call does nothing.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(at) = &*self.0 {
            let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
            *at = later(*at, by);
        }
    }

    /// Sets a manual clock. A real clock cannot be set: the call does nothing.
    pub fn set(&self, to: Timestamp) {
        if let Source::Manual(at) = &*self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::real()
    }
}

/// `at` plus `by`, held at the last representable moment.
pub(crate) fn later(at: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by).ok().and_then(|by| at.checked_add(by).ok()).unwrap_or(Timestamp::MAX)
}
