//! The points of one token: how many are left, as UIS said last, and who may still use them.
//!
//! Accounts that share a token share its points. Every request keeps the pace; a request that can wait is also held
//! back while fewer points are left than the reserve, so that what cannot wait always finds some. Nothing is known
//! before the first answer, or when UIS reports no limits; then only a refusal holds requests back.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::limits::{Limits, Period};

/// How the points of a token are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsSettings {
    /// The least time between two requests.
    pub interval: Duration,
    /// The share of a period's points, in percent, that requests which can wait leave alone.
    pub reserve_percent: u64,
}

impl Default for PointsSettings {
    fn default() -> Self {
        Self { interval: Duration::ZERO, reserve_percent: 10 }
    }
}

/// The points of one token.
#[derive(Debug)]
pub struct Points {
    settings: PointsSettings,
    state: Mutex<State>,
    told: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    periods: Vec<Known>,
    /// Until when UIS wants no request at all.
    refused_until: Option<Instant>,
    /// When the next request may leave.
    next_slot: Option<Instant>,
}

/// What is known of a period until it ends.
#[derive(Debug, Clone)]
struct Known {
    name: &'static str,
    limit: Option<u64>,
    remaining: u64,
    ends: Instant,
}

impl Points {
    /// Points of which nothing is known yet.
    pub fn new(settings: &PointsSettings) -> Self {
        Self { settings: settings.clone(), state: Mutex::default(), told: watch::Sender::default() }
    }

    /// Takes over what UIS said before this process began, of periods of which nothing is known yet.
    pub fn restore(&self, limits: &Limits) {
        let unknown = {
            let state = self.state();
            let is_known = |period: &&Period| state.periods.iter().any(|known| known.name == period.name);
            limits.periods.iter().filter(|period| !is_known(period)).cloned().collect()
        };
        self.learn(&Limits { periods: unknown }, None);
    }

    /// Changes each time UIS says how many points are left.
    pub fn told(&self) -> watch::Receiver<()> {
        self.told.subscribe()
    }

    /// Takes in what an answer says; `refused` is how long UIS wants to be left alone.
    pub(super) fn learn(&self, limits: &Limits, refused: Option<Duration>) {
        let now = Instant::now();
        let mut state = self.state();
        if let Some(wait) = refused {
            state.refused_until = Some(now + wait);
        }
        for period in &limits.periods {
            state.periods.retain(|known| known.name != period.name);
            let ends = now + period.reset;
            let known = Known { name: period.name, limit: period.limit, remaining: period.remaining, ends };
            state.periods.push(known);
        }
        drop(state);
        if !limits.periods.is_empty() {
            self.told.send_replace(());
        }
    }

    /// How long nothing may be asked at all.
    pub(super) fn blocked(&self) -> Option<Duration> {
        let now = Instant::now();
        let state = self.state();
        let used_up = state.periods.iter().filter(|known| known.remaining == 0).map(|known| known.ends);
        let until = used_up.chain(state.refused_until).max()?;
        until.checked_duration_since(now).filter(|wait| !wait.is_zero())
    }

    /// What is left in each period that has not ended, as UIS said last.
    pub fn left(&self) -> Limits {
        let now = Instant::now();
        let state = self.state();
        let open = state.periods.iter().filter(|known| known.ends > now);
        let period = |known: &Known| Period {
            name: known.name,
            limit: known.limit,
            remaining: known.remaining,
            reset: known.ends.saturating_duration_since(now),
        };
        Limits { periods: open.map(period).collect() }
    }

    /// Whether a request that can wait may be made now.
    ///
    /// # Errors
    ///
    /// How long it will have to wait, when the points that are left are the reserve.
    pub fn spare(&self) -> Result<(), Duration> {
        if let Some(wait) = self.blocked() {
            return Err(wait);
        }
        let now = Instant::now();
        let state = self.state();
        let low = state.periods.iter().filter(|known| {
            let reserve = known.limit.unwrap_or(0).saturating_mul(self.settings.reserve_percent) / 100;
            known.ends > now && known.remaining <= reserve
        });
        match low.map(|known| known.ends).max() {
            Some(ends) => Err(ends.saturating_duration_since(now)),
            None => Ok(()),
        }
    }

    /// Waits for the turn of one request.
    pub(super) async fn slot(&self) {
        let at = {
            let mut state = self.state();
            let at = state.next_slot.map_or_else(Instant::now, |slot| slot.max(Instant::now()));
            state.next_slot = Some(at + self.settings.interval);
            at
        };
        tokio::time::sleep_until(at).await;
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::Period;
    use super::*;

    fn limits(remaining: u64) -> Limits {
        let reset = Duration::from_secs(60);
        Limits { periods: vec![Period { name: "minute", limit: Some(100), remaining, reset }] }
    }

    #[tokio::test(start_paused = true)]
    async fn the_reserve_is_left_to_what_cannot_wait() {
        let points = Points::new(&PointsSettings::default());
        assert_eq!(points.spare(), Ok(()));
        points.learn(&limits(11), None);
        assert_eq!((points.spare(), points.blocked()), (Ok(()), None));
        points.learn(&limits(10), None);
        assert_eq!((points.spare(), points.blocked()), (Err(Duration::from_secs(60)), None));
        points.learn(&limits(0), None);
        assert_eq!(points.blocked(), Some(Duration::from_secs(60)));
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!((points.spare(), points.blocked()), (Ok(()), None), "a new period has new points");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_kept_counts_only_until_uis_says_more() {
        let points = Points::new(&PointsSettings::default());
        points.restore(&limits(10));
        assert_eq!(points.spare(), Err(Duration::from_secs(60)));
        points.learn(&limits(50), None);
        points.restore(&limits(10));
        assert_eq!(points.spare(), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_counts_although_nothing_is_reported() {
        let points = Points::new(&PointsSettings::default());
        points.learn(&Limits::default(), Some(Duration::from_secs(5)));
        assert_eq!(points.spare(), Err(Duration::from_secs(5)));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_keep_their_distance() {
        let interval = Duration::from_millis(200);
        let points = Points::new(&PointsSettings { interval, reserve_percent: 0 });
        let begun = Instant::now();
        for _ in 0..4 {
            points.slot().await;
        }
        assert_eq!(begun.elapsed(), 3 * interval);
    }
}
