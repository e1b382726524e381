//! When to try again.
//!
//! A schedule that grows to four hours, with full jitter: each wait is drawn evenly between nothing and the step, so that
//! what failed together does not come back together.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The steps; the last one repeats.
const SCHEDULE: &[Duration] = &[
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(3600),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(4 * 3600),
];

/// The most tries, whatever the horizon.
const MOST_TRIES: u32 = 1000;

/// Dice for retries.
#[derive(Debug)]
pub struct Backoff {
    dice: Mutex<fastrand::Rng>,
}

impl Backoff {
    /// Dice that fall the same way for the same seed.
    pub fn new(seed: Option<u64>) -> Self {
        let dice = seed.map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Self { dice: Mutex::new(dice) }
    }

    /// How long to wait after the `attempts`-th try failed.
    pub fn after(&self, attempts: u32) -> Duration {
        self.up_to(step(attempts))
    }

    /// After how many tries that failed the time is up. Tries are counted and not hours, so that the time in which an
    /// account was stopped, or its CRM left alone, is nobody's loss.
    pub fn tries_within(horizon: Duration) -> u32 {
        let mut passed = Duration::ZERO;
        let mut tries = 0;
        while passed < horizon && tries < MOST_TRIES {
            tries += 1;
            // On average a wait takes half of its step.
            passed += step(tries) / 2;
        }
        tries
    }

    /// A wait between half of `step` and all of it, for things that have no attempts to count.
    pub fn around(&self, step: Duration) -> Duration {
        step / 2 + self.up_to(step / 2)
    }

    fn up_to(&self, step: Duration) -> Duration {
        let most = u64::try_from(step.as_millis()).unwrap_or(u64::MAX);
        let millis = self.dice.lock().unwrap_or_else(PoisonError::into_inner).u64(0..=most);
        Duration::from_millis(millis)
    }
}

fn step(attempts: u32) -> Duration {
    let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    SCHEDULE.get(index).or(SCHEDULE.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_four_hours_and_stay_below_their_step() {
        let backoff = Backoff::new(Some(7));
        let longest = |attempts| (0..2000).map(|_| backoff.after(attempts)).max().expect("many");
        let seconds = [1, 5, 30, 120, 600, 1800, 3600, 7200, 14400, 14400];
        for (attempts, seconds) in (1..).zip(seconds) {
            let longest = longest(attempts);
            let step = Duration::from_secs(seconds);
            assert!(longest <= step && longest > step.mul_f64(0.95), "{attempts}: {longest:?}");
        }
        assert!(longest(1000) <= Duration::from_secs(14_400));
        assert!(longest(0) <= Duration::from_secs(1));
    }

    #[test]
    fn waits_are_spread_evenly() {
        let backoff = Backoff::new(Some(8));
        let low = (0..1000).filter(|_| backoff.after(3) < Duration::from_secs(15)).count();
        assert!((400..600).contains(&low), "{low} of 1000 in the lower half");
    }

    #[test]
    fn the_same_seed_gives_the_same_waits() {
        let (a, b) = (Backoff::new(Some(1)), Backoff::new(Some(1)));
        for attempts in 1..20 {
            assert_eq!(a.after(attempts), b.after(attempts));
        }
    }

    #[test]
    fn the_horizon_is_reached_after_so_many_tries() {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        assert_eq!(Backoff::tries_within(hours(72)), 44);
        assert_eq!(Backoff::tries_within(Duration::from_secs(1)), 2);
        assert_eq!(Backoff::tries_within(Duration::ZERO), 0);
        assert_eq!(Backoff::tries_within(Duration::MAX), MOST_TRIES);
        let backoff = Backoff::new(Some(3));
        let whole: Duration = (1..=44).map(|attempts| backoff.after(attempts)).sum();
        assert!(whole > hours(50) && whole < hours(95), "{whole:?}");
    }

    #[test]
    fn around_is_between_half_and_all() {
        let backoff = Backoff::new(Some(9));
        for _ in 0..100 {
            let wait = backoff.around(Duration::from_secs(10));
            assert!(wait >= Duration::from_secs(5) && wait <= Duration::from_secs(10));
        }
    }
}
