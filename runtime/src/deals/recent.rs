//! Which rows of the history were seen a short while ago.
//!
//! Rows are kept as runs of numbers under the moment at which they were first seen, at most so many rows in all. What is
//! forgotten, because it is old or there is no more room, leaves its largest number behind: the *floor*, from which on rows
//! are read again. So a row behind the floor is either known here or has shown late.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Rows that were seen a short while ago.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recent {
    floor: Option<u64>,
    /// The oldest first.
    seen: Vec<Seen>,
}

/// What one reading saw first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    at: Timestamp,
    /// First and last of each run, in order.
    runs: Vec<(u64, u64)>,
}

impl Seen {
    fn count(&self) -> usize {
        self.runs.iter().fold(0, |sum, (first, last)| {
            let rows = usize::try_from(last - first).unwrap_or(usize::MAX);
            sum.saturating_add(rows).saturating_add(1)
        })
    }
}

impl Recent {
    /// Behind which row rows are read again; all of them while none was ever forgotten.
    pub(super) fn floor(&self) -> Option<u64> {
        self.floor
    }

    /// Rows up to `last` were read when nobody took note of which.
    pub(super) fn begin(&mut self, last: Option<u64>) {
        if self.floor.is_none() && self.seen.is_empty() {
            self.floor = last;
        }
    }

    /// Whether a row was seen.
    pub(super) fn has(&self, row: u64) -> bool {
        let runs = self.seen.iter().flat_map(|seen| &seen.runs);
        self.floor.is_some_and(|floor| row <= floor)
            || runs.into_iter().any(|(first, last)| (*first..=*last).contains(&row))
    }

    /// Takes note of rows, in the order of their numbers; the oldest make room when there are more than `most`.
    pub(super) fn see(&mut self, rows: impl Iterator<Item = u64>, now: Timestamp, most: usize) {
        if self.seen.last().is_none_or(|seen| seen.at != now) {
            self.seen.push(Seen { at: now, runs: Vec::new() });
        }
        let Some(seen) = self.seen.last_mut() else { return };
        for row in rows {
            match seen.runs.last_mut() {
                Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
                _ => seen.runs.push((row, row)),
            }
        }
        self.seen.retain(|seen| !seen.runs.is_empty());
        let mut count = self.seen.iter().fold(0_usize, |sum, seen| sum.saturating_add(seen.count()));
        while count > most {
            let oldest = self.seen.remove(0);
            count = count.saturating_sub(oldest.count());
            self.drop(&oldest);
        }
    }

    /// Forgets what was first seen before a moment; tells whether that was anything.
    pub(super) fn forget(&mut self, before: Timestamp) -> bool {
        let young = self.seen.partition_point(|seen| seen.at < before);
        let old: Vec<Seen> = self.seen.drain(..young).collect();
        old.iter().for_each(|seen| self.drop(seen));
        !old.is_empty()
    }

    fn drop(&mut self, seen: &Seen) {
        let last = seen.runs.iter().map(|(_, last)| *last).max();
        self.floor = self.floor.max(last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    #[test]
    fn rows_are_runs_and_what_is_old_leaves_its_largest_number() {
        let mut recent = Recent::default();
        recent.see([1, 2, 3, 7].into_iter(), at(1), 100);
        assert_eq!(recent.seen.first().map(|seen| seen.runs.clone()), Some(vec![(1, 3), (7, 7)]));
        assert!(recent.has(7) && !recent.has(5));
        recent.see([5, 8].into_iter(), at(2), 100);
        assert!(recent.has(5));
        assert!(!recent.forget(at(1)), "nothing is older");
        assert!(recent.forget(at(2)));
        assert_eq!(recent.floor(), Some(7));
        // It came to light after a later one, so it is behind the floor already.
        assert!(recent.has(6) && recent.has(8) && !recent.has(9));
    }

    #[test]
    fn rows_of_a_time_without_notes_are_never_taken_for_late_ones() {
        let mut recent = Recent::default();
        recent.begin(Some(40));
        assert_eq!((recent.floor(), recent.has(12), recent.has(41)), (Some(40), true, false));
        recent.see([41].into_iter(), at(1), 100);
        recent.begin(Some(41));
        assert_eq!(recent.floor(), Some(40));
    }

    proptest! {
        #[test]
        fn whatever_comes_is_known_and_nothing_else_behind_the_floor(
            readings in prop::collection::vec(prop::collection::btree_set(1_u64..300, 0..40), 1..12),
            most in 1_usize..120,
            old in 0_i64..12,
        ) {
            let mut recent = Recent::default();
            let mut all = BTreeSet::new();
            for (second, rows) in (0..).zip(&readings) {
                let new: Vec<u64> = rows.iter().copied().filter(|row| !recent.has(*row)).collect();
                all.extend(new.iter().copied());
                recent.see(new.into_iter(), at(second), most);
                let kept: usize = recent.seen.iter().map(Seen::count).sum();
                prop_assert!(kept <= most);
            }
            recent.forget(at(old));
            let floor = recent.floor().unwrap_or(0);
            for row in 1..300 {
                prop_assert_eq!(recent.has(row), row <= floor || all.contains(&row), "{}", row);
            }
        }
    }
}
