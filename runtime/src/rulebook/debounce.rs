//! When to read a folder that is being changed: once it is quiet, and not later than so long after the first change.
//!
//! A state machine over moments that are handed in, so it is tested without waiting.

use std::time::Duration;

/// Waits for quiet. `T` is any moment: a duration since some start will do.
#[derive(Clone, Debug)]
pub struct Debounce {
    quiet: Duration,
    most: Duration,
    waiting: Option<Waiting>,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    first: Duration,
    last: Duration,
}

impl Debounce {
    /// Waits until nothing was heard for `quiet`, and `most` in all.
    pub fn new(quiet: Duration, most: Duration) -> Self {
        Self { quiet, most, waiting: None }
    }

    /// Takes note of a change at `now`, a time since any fixed start.
    pub fn heard(&mut self, now: Duration) {
        let first = self.waiting.map_or(now, |waiting| waiting.first);
        self.waiting = Some(Waiting { first, last: now });
    }

    /// When to read; `None` when nothing has changed.
    pub fn due(&self) -> Option<Duration> {
        let waiting = self.waiting?;
        Some((waiting.last + self.quiet).min(waiting.first + self.most))
    }

    /// Whether to read at `now`; if so, the changes heard of are settled.
    pub fn take(&mut self, now: Duration) -> bool {
        let is_due = self.due().is_some_and(|due| due <= now);
        if is_due {
            self.waiting = None;
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn a_burst_is_read_once_it_is_over() {
        let mut debounce = Debounce::new(ms(200), ms(2000));
        assert_eq!(debounce.due(), None);
        assert!(!debounce.take(ms(0)));
        debounce.heard(ms(1000));
        debounce.heard(ms(1100));
        debounce.heard(ms(1150));
        assert_eq!(debounce.due(), Some(ms(1350)));
        assert!(!debounce.take(ms(1349)));
        assert!(debounce.take(ms(1350)));
        assert_eq!(debounce.due(), None);
        assert!(!debounce.take(ms(5000)));
    }

    #[test]
    fn a_folder_that_is_never_quiet_is_read_all_the_same() {
        let mut debounce = Debounce::new(ms(200), ms(2000));
        let reads = (0..10_000).step_by(100).filter(|now| {
            debounce.heard(ms(*now));
            debounce.take(ms(*now))
        });
        assert_eq!(reads.collect::<Vec<_>>(), [2000, 4100, 6200, 8300]);
    }
}
