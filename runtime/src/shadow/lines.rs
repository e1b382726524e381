//! Who waits for a comparison: a line for each account, and room for so many in all of them together.
//!
//! Shares are of time, not of turns: next is the account whose comparisons have taken least of it. So a candidate whose
//! scripts run to their limit slows its own line down and no other. Who has not waited for a while joins at the share of
//! whoever is being served, and saves nothing up.
//!
//! Without room the longest line gives its newest entry away, to a shorter one. An account that alone fills the lines may
//! have all the room; it makes way as soon as others want some.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::store::record::AccountId;

/// The lines of a process.
#[derive(Debug)]
pub(super) struct Lines<T> {
    room: usize,
    inner: Mutex<Inner<T>>,
    arrived: Notify,
}

#[derive(Debug)]
struct Inner<T> {
    lines: BTreeMap<AccountId, Line<T>>,
    /// How many wait in all lines; never more than there is room for.
    waiting: usize,
    /// The share of the account that was served last.
    level: Duration,
}

#[derive(Debug)]
struct Line<T> {
    waiting: VecDeque<T>,
    /// The time that its comparisons have taken, or that it joined at.
    taken: Duration,
}

impl<T> Lines<T> {
    /// Lines with room for so many, one at least.
    pub(super) fn new(room: usize) -> Self {
        let inner = Inner { lines: BTreeMap::new(), waiting: 0, level: Duration::ZERO };
        Self { room: room.max(1), inner: Mutex::new(inner), arrived: Notify::new() }
    }

    /// Puts one at the end of its account's line. Gives back what there was no room for: this one, or the newest of the
    /// longest line. Never waits.
    pub(super) fn push(&self, account: &AccountId, one: T) -> Option<T> {
        let mut inner = self.lock();
        let dropped = if inner.waiting < self.room { None } else { inner.make_room(account) };
        if inner.waiting >= self.room {
            return Some(one);
        }
        let level = inner.level;
        let line = inner
            .lines
            .entry(account.clone())
            .or_insert_with(|| Line { waiting: VecDeque::new(), taken: level });
        if line.waiting.is_empty() {
            line.taken = line.taken.max(level);
        }
        line.waiting.push_back(one);
        inner.waiting += 1;
        drop(inner);
        self.arrived.notify_one();
        dropped
    }

    /// Takes the next one out.
    pub(super) fn pop(&self) -> Option<T> {
        let mut inner = self.lock();
        let waiting = inner.lines.iter_mut().filter(|(_, line)| !line.waiting.is_empty());
        let (_, line) = waiting.min_by_key(|(_, line)| line.taken)?;
        let (one, level) = (line.waiting.pop_front(), line.taken);
        inner.waiting = inner.waiting.saturating_sub(1);
        inner.level = level;
        // Of a line that nobody waits in only a share that is above the level says anything.
        inner.lines.retain(|_, line| !line.waiting.is_empty() || line.taken >= level);
        one
    }

    /// Counts the time that a comparison of an account has taken.
    pub(super) fn charge(&self, account: &AccountId, took: Duration) {
        if let Some(line) = self.lock().lines.get_mut(account) {
            line.taken = line.taken.saturating_add(took);
        }
    }

    /// Waits until somebody waits.
    pub(super) async fn wait(&self) {
        while self.lock().waiting == 0 {
            self.arrived.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Inner<T> {
    /// Takes the newest out of the longest line, when that is longer than the one that an account would have.
    fn make_room(&mut self, account: &AccountId) -> Option<T> {
        let own = self.lines.get(account).map_or(0, |line| line.waiting.len());
        let longest = self.lines.values_mut().max_by_key(|line| line.waiting.len())?;
        if longest.waiting.len() <= own + 1 {
            return None;
        }
        let newest = longest.waiting.pop_back();
        self.waiting = self.waiting.saturating_sub(1);
        newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Duration = Duration::from_millis(250);
    const QUICK: Duration = Duration::from_millis(1);

    fn account(name: &str) -> AccountId {
        AccountId::from(name)
    }

    /// Serves so many, each taking its account's time; whose they were.
    fn serve(lines: &Lines<&'static str>, count: usize) -> Vec<&'static str> {
        let serve = |_| {
            let name = lines.pop()?;
            lines.charge(&account(name), if name == "slow" { SLOW } else { QUICK });
            Some(name)
        };
        (0..count).map_while(serve).collect()
    }

    #[test]
    fn a_slow_account_takes_as_much_time_as_a_quick_one_and_no_more() {
        let lines = Lines::new(1_000);
        for _ in 0..300 {
            assert_eq!(lines.push(&account("slow"), "slow"), None);
            assert_eq!(lines.push(&account("quick"), "quick"), None);
        }
        let served = serve(&lines, 302);
        let slow = served.iter().filter(|name| **name == "slow").count();
        assert_eq!(slow, 2, "{served:?}");
        // Alone it has all the time there is.
        assert_eq!(serve(&lines, 1_000).len(), 298);
    }

    #[test]
    fn who_has_not_waited_for_long_has_saved_nothing_up() {
        let lines = Lines::new(1_000);
        for _ in 0..100 {
            lines.push(&account("slow"), "slow");
        }
        assert_eq!(serve(&lines, 10).len(), 10);
        for _ in 0..900 {
            lines.push(&account("quick"), "quick");
        }
        // It is not given the two and a half seconds that the slow one has had meanwhile.
        let served = serve(&lines, 300);
        assert_eq!(served.iter().filter(|name| **name == "slow").count(), 1, "{served:?}");
        // And who was slow is not forgotten by having nothing more to do for a moment.
        let lines = Lines::new(1_000);
        lines.push(&account("slow"), "slow");
        lines.push(&account("quick"), "quick");
        assert_eq!(serve(&lines, 2).len(), 2);
        lines.push(&account("slow"), "slow");
        lines.push(&account("quick"), "quick");
        assert_eq!(serve(&lines, 2), ["quick", "slow"]);
    }

    #[test]
    fn without_room_the_longest_line_gives_way() {
        let lines = Lines::new(10);
        for _ in 0..10 {
            assert_eq!(lines.push(&account("slow"), "slow"), None);
        }
        assert_eq!(lines.push(&account("slow"), "slow"), Some("slow"));
        for _ in 0..5 {
            assert_eq!(lines.push(&account("quick"), "quick"), Some("slow"));
        }
        // Both have half; who comes now has to go, whoever it is.
        assert_eq!(lines.push(&account("quick"), "quick"), Some("quick"));
        assert_eq!(lines.push(&account("slow"), "slow"), Some("slow"));
        assert_eq!(serve(&lines, 100).len(), 10);
    }
}
