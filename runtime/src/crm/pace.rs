//! The pace of requests under one API key.
//!
//! Goes in: who wants to send and how urgent it is. Comes out: permission, when it is that one's turn. RetailCRM
//! allows 10 requests a second for a key, and 40 for paths under `/telephony` (reference, section 3.6); a request
//! above the limit is refused, so waiting here is cheaper than asking.
//!
//! Each bucket is a generic cell rate algorithm with a burst of one: requests are at least one interval apart. Among
//! those who wait, the more urgent goes first, and among equals the one who came first. A refusal all the same (other
//! integrations share the limit) pushes the next slot away, further each time, until a request is answered again.
//! Known only to this process; several processes under one key would need a shared bucket.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

/// How urgent a request is; the first is the most urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Somebody waits on the line: pop-ups and routing.
    Live,
    /// Taking off a pop-up whose call is over.
    Hide,
    /// Clients and orders, and what a decision needs to know.
    Entity,
    /// Who calls, while nobody waits on the line for it yet.
    Warm,
    /// Tasks.
    Task,
    /// The history of calls.
    Upload,
    /// Employees, references and other things nobody waits for.
    Background,
}

/// How urgent a request is, and whether it repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Urgency {
    /// Its place among others that wait.
    pub priority: Priority,
    /// Whether it repeats a request that failed. Repeats have a limit of their own beside the vendor's, so that they
    /// never crowd out first attempts.
    pub again: bool,
}

/// Tells whoever waits for a turn that somebody waits on the line now.
#[derive(Debug, Default)]
pub struct Hurry(watch::Sender<bool>);

/// Which of the vendor's two limits a request counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// Paths under `/telephony`.
    Telephony,
    /// All other paths.
    General,
}

/// How fast requests may follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaceSettings {
    /// Time between two requests of [`Bucket::General`].
    pub general: Duration,
    /// Time between two requests of [`Bucket::Telephony`].
    pub telephony: Duration,
    /// How many times longer the interval between two repeats of failed requests is.
    pub repeat_factor: u32,
    /// The first pause after a refusal; doubles with each further one.
    pub first_pause: Duration,
    /// The longest such pause.
    pub longest_pause: Duration,
}

/// Both buckets of one key.
#[derive(Debug)]
pub struct Pace {
    general: Lines,
    telephony: Lines,
}

#[derive(Debug)]
struct Lines {
    all: Line,
    /// Repeats stand here first.
    repeats: Line,
}

#[derive(Debug)]
struct Line {
    interval: Duration,
    first_pause: Duration,
    longest_pause: Duration,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    /// The earliest moment of the next request.
    free_at: Instant,
    /// Those who wait, in order of their turn.
    waiting: BTreeSet<(Priority, u64)>,
    arrivals: u64,
    /// The pause that the next refusal brings.
    next_pause: Duration,
}

impl Urgency {
    /// A first attempt.
    pub const fn first(priority: Priority) -> Self {
        Self { priority, again: false }
    }
}

impl Hurry {
    /// From now on it is as urgent as can be.
    pub fn up(&self) {
        self.0.send_replace(true);
    }

    async fn is_up(&self) {
        // Its sender is here, so this ends only when it is up.
        let _ = self.0.subscribe().wait_for(|up| *up).await;
    }
}

impl Default for PaceSettings {
    /// The vendor's limits, slowed by a tenth: a request may be 100 ms longer on its way than those behind it,
    /// and no second holds more than the limit.
    fn default() -> Self {
        Self {
            general: Duration::from_millis(110),
            telephony: Duration::from_micros(27_500),
            repeat_factor: 5,
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(10),
        }
    }
}

impl Pace {
    /// A key that has not been used yet.
    pub fn new(settings: &PaceSettings) -> Self {
        let lines = |interval| Lines {
            all: Line::new(interval, settings),
            repeats: Line::new(interval * settings.repeat_factor, settings),
        };
        Self { general: lines(settings.general), telephony: lines(settings.telephony) }
    }

    /// Waits for a slot and takes it. Dropping the future gives up the place in the line.
    pub async fn slot(&self, bucket: Bucket, urgency: Urgency) {
        let lines = self.lines(bucket);
        if urgency.again {
            lines.repeats.slot(urgency.priority).await;
        }
        lines.all.slot(urgency.priority).await;
    }

    /// Does the same, as urgent as can be once `hurry` is up; a place in the line is given up for a better one, and none
    /// is taken twice.
    pub async fn slot_or_hurry(&self, bucket: Bucket, urgency: Urgency, hurry: &Hurry) {
        tokio::select! {
            () = self.slot(bucket, urgency) => {}
            () = hurry.is_up() => {
                self.slot(bucket, Urgency { priority: Priority::Live, ..urgency }).await;
            }
        }
    }

    /// RetailCRM refused a request of this bucket because of its limit.
    pub fn refused(&self, bucket: Bucket) {
        self.lines(bucket).all.refused();
    }

    /// RetailCRM answered a request of this bucket with anything else.
    pub fn answered(&self, bucket: Bucket) {
        let line = &self.lines(bucket).all;
        line.lock().next_pause = line.first_pause;
    }

    fn lines(&self, bucket: Bucket) -> &Lines {
        match bucket {
            Bucket::Telephony => &self.telephony,
            Bucket::General => &self.general,
        }
    }
}

impl Line {
    fn new(interval: Duration, settings: &PaceSettings) -> Self {
        Self {
            interval,
            first_pause: settings.first_pause,
            longest_pause: settings.longest_pause,
            state: Mutex::new(State {
                free_at: Instant::now(),
                waiting: BTreeSet::new(),
                arrivals: 0,
                next_pause: settings.first_pause,
            }),
            changed: Notify::new(),
        }
    }

    async fn slot(&self, priority: Priority) {
        let place = self.join(priority);
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Registered before the state is looked at, so that no change is missed in between.
            changed.as_mut().enable();
            match self.turn(place.key) {
                Turn::Now => return,
                Turn::At(moment) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(moment) => {}
                        () = changed => {}
                    }
                }
                Turn::Later => changed.await,
            }
        }
    }

    fn join(&self, priority: Priority) -> Place<'_> {
        let mut state = self.lock();
        state.arrivals += 1;
        let key = (priority, state.arrivals);
        state.waiting.insert(key);
        Place { line: self, key }
    }

    fn turn(&self, key: (Priority, u64)) -> Turn {
        let now = Instant::now();
        let mut state = self.lock();
        if state.waiting.first() != Some(&key) {
            return Turn::Later;
        }
        if state.free_at > now {
            return Turn::At(state.free_at);
        }
        state.free_at = now + self.interval;
        Turn::Now
    }

    fn refused(&self) {
        let mut state = self.lock();
        let pause = state.next_pause;
        state.free_at = state.free_at.max(Instant::now() + pause);
        state.next_pause = (pause * 2).min(self.longest_pause);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Turn {
    Now,
    At(Instant),
    Later,
}

/// A place in the line; leaving it, by having had one's turn or by giving up, wakes the others.
struct Place<'a> {
    line: &'a Line,
    key: (Priority, u64),
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.line.lock().waiting.remove(&self.key);
        self.line.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn pace() -> Arc<Pace> {
        Arc::new(Pace::new(&PaceSettings::default()))
    }

    async fn stamps(pace: &Arc<Pace>, bucket: Bucket, priorities: &[Priority]) -> Vec<(Priority, Duration)> {
        let start = Instant::now();
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        for &priority in priorities {
            let (pace, sender) = (Arc::clone(pace), sender.clone());
            tokio::spawn(async move {
                pace.slot(bucket, Urgency::first(priority)).await;
                sender.send((priority, start.elapsed())).expect("the test listens");
            });
        }
        drop(sender);
        let mut all = Vec::new();
        while let Some(stamp) = receiver.recv().await {
            all.push(stamp);
        }
        all
    }

    #[tokio::test(start_paused = true)]
    async fn no_second_holds_more_than_the_limit() {
        for (bucket, limit) in [(Bucket::General, 10), (Bucket::Telephony, 40)] {
            let stamps = stamps(&pace(), bucket, &[Priority::Entity; 200]).await;
            assert_eq!(stamps.len(), 200);
            for window in stamps.windows(limit + 1) {
                assert!(window[limit].1 - window[0].1 >= Duration::from_secs(1), "{bucket:?}");
            }
            let used = 199.0 / stamps[199].1.as_secs_f64() / f64::from(u32::try_from(limit).unwrap());
            // A tenth is left, and the millisecond to which timers are rounded.
            assert!(used > 0.88, "{bucket:?}: {used} of the limit is used");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_urgent_go_first_and_equals_in_order_of_arrival() {
        let pace = pace();
        pace.slot(Bucket::General, Urgency::first(Priority::Live)).await;
        let order = [
            Priority::Background,
            Priority::Upload,
            Priority::Task,
            Priority::Hide,
            Priority::Entity,
            Priority::Live,
            Priority::Entity,
        ];
        let got: Vec<_> = stamps(&pace, Bucket::General, &order).await.into_iter().map(|(p, _)| p).collect();
        let mut sorted = order;
        sorted.sort();
        assert_eq!(got, sorted);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_pauses_everybody_longer_each_time_until_an_answer() {
        let pace = pace();
        let mut pauses = Vec::new();
        for _ in 0..7 {
            pace.slot(Bucket::General, Urgency::first(Priority::Entity)).await;
            pace.refused(Bucket::General);
            let start = Instant::now();
            pace.slot(Bucket::General, Urgency::first(Priority::Live)).await;
            pauses.push(start.elapsed().as_millis());
        }
        assert_eq!(pauses, [500, 1000, 2000, 4000, 8000, 10000, 10000]);
        pace.answered(Bucket::General);
        pace.refused(Bucket::General);
        let start = Instant::now();
        pace.slot(Bucket::General, Urgency::first(Priority::Live)).await;
        assert_eq!(start.elapsed().as_millis(), 500);
    }

    #[tokio::test(start_paused = true)]
    async fn the_buckets_are_apart() {
        let pace = pace();
        pace.refused(Bucket::General);
        let start = Instant::now();
        pace.slot(Bucket::Telephony, Urgency::first(Priority::Upload)).await;
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_holds_nobody_up() {
        let pace = pace();
        pace.slot(Bucket::General, Urgency::first(Priority::Entity)).await;
        let impatient = tokio::time::timeout(
            Duration::from_millis(10),
            pace.slot(Bucket::General, Urgency::first(Priority::Live)),
        )
        .await;
        assert!(impatient.is_err());
        let start = Instant::now();
        pace.slot(Bucket::General, Urgency::first(Priority::Background)).await;
        assert!(start.elapsed() <= Duration::from_millis(110));
    }

    #[tokio::test(start_paused = true)]
    async fn repeats_use_at_most_a_fifth_and_hold_no_first_attempt_up() {
        let pace = pace();
        let start = Instant::now();
        let repeats: Vec<_> = (0..10)
            .map(|_| {
                let pace = Arc::clone(&pace);
                let urgency = Urgency { priority: Priority::Entity, again: true };
                tokio::spawn(async move { pace.slot(Bucket::General, urgency).await })
            })
            .collect();
        for _ in 0..30 {
            pace.slot(Bucket::General, Urgency::first(Priority::Upload)).await;
        }
        // 30 first attempts and the 8 repeats that fit in beside them.
        assert!(start.elapsed() < Duration::from_millis(110 * 40), "{:?}", start.elapsed());
        for repeat in repeats {
            repeat.await.expect("it was let through");
        }
        assert!(start.elapsed() >= Duration::from_millis(110 * 5 * 9), "{:?}", start.elapsed());
    }
}
