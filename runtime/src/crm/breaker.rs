//! The circuit breaker of one account's CRM.
//!
//! Goes in: whether each request was answered. Comes out: whether the next one may be sent. When half of at least
//! twenty requests of half a minute fail, the other side is left alone, except for one request each ten seconds that
//! looks whether it is back. Waiting for that costs an effect no attempt.
//! Failed means here: not reached, not answered, or a 5xx. A refusal is an answer.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// When the breaker opens, and how it closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BreakerSettings {
    /// How far back requests are remembered.
    pub window: Duration,
    /// Requests that the window must hold before it is judged.
    pub least_requests: usize,
    /// Share of failures, in percent, that opens the breaker.
    pub failed_percent: usize,
    /// Time between two looks while it is open.
    pub look_interval: Duration,
}

/// Counts failures and says when to stop.
#[derive(Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    recent: VecDeque<(Instant, bool)>,
    /// The moment of the next look; `None` while the breaker is closed.
    next_look: Option<Instant>,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(30),
            least_requests: 20,
            failed_percent: 50,
            look_interval: Duration::from_secs(10),
        }
    }
}

impl Breaker {
    /// A closed breaker.
    pub fn new(settings: BreakerSettings) -> Self {
        Self { settings, state: Mutex::default() }
    }

    /// Asks to send a request.
    ///
    /// # Errors
    ///
    /// How long to wait before asking again. While the breaker is open, one caller each interval is let through.
    pub fn permit(&self) -> Result<(), Duration> {
        let now = Instant::now();
        let mut state = self.lock();
        match state.next_look {
            None => Ok(()),
            Some(at) if at > now => Err(at - now),
            Some(_) => {
                state.next_look = Some(now + self.settings.look_interval);
                Ok(())
            }
        }
    }

    /// A request was answered, whatever the answer said.
    pub fn answered(&self) {
        let now = Instant::now();
        let mut state = self.lock();
        if state.next_look.take().is_some() {
            state.recent.clear();
        }
        self.remember(&mut state, now, false);
    }

    /// A request was not reached, not answered, or answered with a 5xx.
    pub fn failed(&self) {
        let now = Instant::now();
        let mut state = self.lock();
        self.remember(&mut state, now, true);
        let failures = state.recent.iter().filter(|(_, failed)| *failed).count();
        let enough = state.recent.len() >= self.settings.least_requests;
        if enough
            && failures * 100 >= state.recent.len() * self.settings.failed_percent
            && state.next_look.is_none()
        {
            state.next_look = Some(now + self.settings.look_interval);
        }
    }

    /// Tells whether the breaker is open.
    pub fn is_open(&self) -> bool {
        self.lock().next_look.is_some()
    }

    fn remember(&self, state: &mut State, now: Instant, failed: bool) {
        state.recent.push_back((now, failed));
        while state.recent.front().is_some_and(|(at, _)| now.duration_since(*at) > self.settings.window) {
            state.recent.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> Breaker {
        Breaker::new(BreakerSettings::default())
    }

    #[tokio::test(start_paused = true)]
    async fn it_opens_at_half_of_twenty() {
        let breaker = breaker();
        for _ in 0..10 {
            breaker.answered();
        }
        for _ in 0..9 {
            breaker.failed();
            assert_eq!(breaker.permit(), Ok(()));
        }
        breaker.failed();
        assert_eq!(breaker.permit(), Err(Duration::from_secs(10)));
        assert!(breaker.is_open());
    }

    #[tokio::test(start_paused = true)]
    async fn a_few_failures_or_old_ones_do_not_open_it() {
        let breaker = breaker();
        for _ in 0..19 {
            breaker.failed();
        }
        assert!(!breaker.is_open());
        tokio::time::advance(Duration::from_secs(31)).await;
        breaker.failed();
        assert!(!breaker.is_open());
    }

    #[tokio::test(start_paused = true)]
    async fn while_open_one_look_passes_each_interval_and_success_closes() {
        let breaker = breaker();
        for _ in 0..20 {
            breaker.failed();
        }
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(breaker.permit(), Ok(()));
        assert_eq!(breaker.permit(), Err(Duration::from_secs(10)));
        breaker.failed();
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(breaker.permit(), Ok(()));
        breaker.answered();
        assert_eq!(breaker.permit(), Ok(()));
        assert!(!breaker.is_open());
    }
}
