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

/// The rows of a run.
fn length(first: u64, last: u64) -> usize {
    usize::try_from(last.saturating_sub(first)).unwrap_or(usize::MAX).saturating_add(1)
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
        let mut surplus = self.count().saturating_sub(most);
        while surplus > 0 {
            let Some(oldest) = self.seen.first_mut() else { return };
            let Some((first, last)) = oldest.runs.first().copied() else {
                self.seen.remove(0);
                continue;
            };
            let rows = length(first, last);
            let gone = if rows <= surplus {
                oldest.runs.remove(0);
                last
            } else {
                // A burst may be one long run.
                let next = first.saturating_add(u64::try_from(surplus).unwrap_or(u64::MAX));
                if let Some(run) = oldest.runs.first_mut() {
                    run.0 = next;
                }
                next.saturating_sub(1)
            };
            surplus = surplus.saturating_sub(rows);
            self.floor = self.floor.max(Some(gone));
        }
        self.seen.retain(|seen| !seen.runs.is_empty());
    }

    fn count(&self) -> usize {
        let runs = self.seen.iter().flat_map(|seen| &seen.runs);
        runs.fold(0, |sum, (first, last)| sum.saturating_add(length(*first, *last)))
    }

    /// Forgets what was first seen before a moment; tells whether that was anything.
    pub(super) fn forget(&mut self, before: Timestamp) -> bool {
        let young = self.seen.partition_point(|seen| seen.at < before);
        let old: Vec<Seen> = self.seen.drain(..young).collect();
        let last = old.iter().flat_map(|seen| &seen.runs).map(|(_, last)| *last).max();
        self.floor = self.floor.max(last);
        !old.is_empty()
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

    #[test]
    fn of_a_burst_the_last_rows_are_kept() {
        let mut recent = Recent::default();
        recent.see(1..=250, at(1), 100);
        assert_eq!((recent.floor(), recent.count()), (Some(150), 100));
        recent.see(260..=299, at(2), 100);
        assert_eq!((recent.floor(), recent.count()), (Some(190), 100));
        assert!(recent.has(250) && !recent.has(255) && recent.has(260));
        recent.see([400].into_iter(), at(3), 0);
        assert_eq!((recent.floor(), recent.count()), (Some(400), 0));
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
                prop_assert!(recent.count() <= most);
            }
            recent.forget(at(old));
            let floor = recent.floor().unwrap_or(0);
            for row in 1..300 {
                prop_assert_eq!(recent.has(row), row <= floor || all.contains(&row), "{}", row);
            }
        }
    }
}
