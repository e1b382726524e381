//! What time it is, as an argument.
//!
//! Workers and the intake take a [`Clock`]; the program hands them [`System`], tests hand them [`Manual`] and move it.
//! The store takes no clock at all: every moment is passed to it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// The longest single sleep of the [`System`] clock.
///
/// A longer wait is cut into pieces of this length, so that a step of the wall clock (NTP, a suspended machine)
/// delays a wake-up by this much at most.
pub const LONGEST_NAP: Duration = Duration::from_secs(30);

/// Tells the time and waits for it.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Returns the present moment.
    fn now(&self) -> Timestamp;

    /// Completes once [`Clock::now`] is `at` or later; at once when it already is.
    ///
    /// Dropping the future forgets the wait.
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()>;
}

/// The clock of the machine; sleeps on tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

/// A clock that stands still until it is moved.
///
/// Clones share one time. Moving it wakes every sleeper whose moment has come.
#[derive(Clone)]
pub struct Manual {
    shared: Arc<Shared>,
}

struct Shared {
    now: watch::Sender<Timestamp>,
    /// Who sleeps until when, so that a test can ask for [`Manual::next_wake`].
    sleepers: Mutex<BTreeMap<u64, Timestamp>>,
    next_sleeper: AtomicU64,
}

/// Takes its sleeper off the list when the wait ends or is dropped.
struct Sleeper {
    id: u64,
    shared: Arc<Shared>,
}

impl Clock for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        async move {
            loop {
                let left = at.duration_since(Timestamp::now());
                match Duration::try_from(left) {
                    Ok(left) if !left.is_zero() => tokio::time::sleep(left.min(LONGEST_NAP)).await,
                    _ => return,
                }
            }
        }
        .boxed()
    }
}

impl Manual {
    /// Returns a clock that stands at `now`.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        let shared = Shared {
            now: watch::Sender::new(now),
            sleepers: Mutex::default(),
            next_sleeper: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Moves the time to `now`, back as well as forth.
    pub fn set(&self, now: Timestamp) {
        self.shared.now.send_replace(now);
    }

    /// Moves the time on by `step` and returns the new moment; the end of time is where it stops.
    pub fn advance(&self, step: Duration) -> Timestamp {
        let step = SignedDuration::try_from(step).unwrap_or(SignedDuration::MAX);
        self.shared.now.send_modify(|now| *now = now.saturating_add(step).unwrap_or(Timestamp::MAX));
        self.now()
    }

    /// Returns the earliest moment somebody sleeps until, or `None` when nobody sleeps.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.shared.sleepers().values().min().copied()
    }
}

impl Clock for Manual {
    fn now(&self) -> Timestamp {
        *self.shared.now.borrow()
    }

    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let mut now = self.shared.now.subscribe();
        let sleeper = Sleeper::new(&self.shared, at);
        async move {
            // The sender lives in `sleeper.shared`, so the wait cannot fail.
            let _ = now.wait_for(|now| *now >= at).await;
            drop(sleeper);
        }
        .boxed()
    }
}

impl fmt::Debug for Manual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Manual").field(&self.now()).finish()
    }
}

impl Shared {
    fn sleepers(&self) -> MutexGuard<'_, BTreeMap<u64, Timestamp>> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sleeper {
    fn new(shared: &Arc<Shared>, at: Timestamp) -> Self {
        let id = shared.next_sleeper.fetch_add(1, Ordering::Relaxed);
        shared.sleepers().insert(id, at);
        Self { id, shared: Arc::clone(shared) }
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        self.shared.sleepers().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn a_moment_that_has_come_is_not_waited_for() {
        System.sleep_until(Timestamp::now()).await;
        System.sleep_until(Timestamp::MIN).await;
        Manual::new(at(10)).sleep_until(at(10)).await;
    }

    #[tokio::test]
    async fn moving_the_clock_wakes_exactly_those_whose_moment_has_come() {
        let clock = Manual::new(at(0));
        let mut early = clock.sleep_until(at(5));
        let mut late = clock.sleep_until(at(9));
        assert_eq!(clock.next_wake(), Some(at(5)));
        assert!((&mut early).now_or_never().is_none());

        assert_eq!(clock.advance(Duration::from_secs(5)), at(5));
        assert!((&mut early).now_or_never().is_some());
        assert!((&mut late).now_or_never().is_none());
        assert_eq!(clock.next_wake(), Some(at(9)));

        let other = clock.clone();
        let moved = tokio::spawn(late);
        other.set(at(20));
        moved.await.unwrap();
        assert_eq!(clock.next_wake(), None);
    }

    #[test]
    fn a_dropped_wait_is_forgotten_and_time_has_an_end() {
        let clock = Manual::new(at(0));
        drop(clock.sleep_until(at(1)));
        assert_eq!(clock.next_wake(), None);
        assert_eq!(clock.advance(Duration::MAX), Timestamp::MAX);
    }
}
