//! Requests per second, counted as the vendor counts them and as a test wants to see them.
//!
//! A window is one second, open at its beginning and sliding. Two things are kept apart for each key and class: what was
//! *admitted* (decides about the next request) and what *arrived* (the busiest second ever seen, refusals included).
//! The figure stays correct when the limiter is off, so a test can assert pace without being paced.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::later;

/// Length of the sliding window.
pub(crate) const WINDOW: Duration = Duration::from_secs(1);

/// Which of the two limits a request falls under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Paths that begin with `/telephony`.
    Telephony,
    /// All other paths.
    Other,
}

/// The busiest second of one key (or address) in one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Peak {
    /// Who asked: the key's value, or the caller's address when the limit is set to count addresses.
    pub who: String,
    /// Which limit.
    pub class: Class,
    /// Most requests that arrived within any one second, refused ones included.
    pub busiest_second: usize,
    /// What is allowed.
    pub limit: usize,
    /// Requests refused because of the limit.
    pub refused: u64,
}

/// Sliding windows of all keys.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    windows: BTreeMap<(String, Class), Window>,
}

#[derive(Debug, Default)]
struct Window {
    arrived: VecDeque<Timestamp>,
    admitted: VecDeque<Timestamp>,
    busiest: usize,
    refused: u64,
    limit: usize,
}

impl Limiter {
    /// Counts a request and says whether it may pass.
    pub(crate) fn admit(
        &mut self,
        who: &str,
        class: Class,
        limit: usize,
        enforce: bool,
        now: Timestamp,
    ) -> bool {
        let window = self.windows.entry((who.to_owned(), class)).or_default();
        window.limit = limit;
        for times in [&mut window.arrived, &mut window.admitted] {
            while times.front().is_some_and(|first| later(*first, WINDOW) <= now) {
                times.pop_front();
            }
        }
        window.arrived.push_back(now);
        window.busiest = window.busiest.max(window.arrived.len());
        if enforce && window.admitted.len() >= limit {
            window.refused += 1;
            return false;
        }
        window.admitted.push_back(now);
        true
    }

    /// The busiest seconds so far.
    pub(crate) fn peaks(&self) -> Vec<Peak> {
        self.windows
            .iter()
            .map(|((who, class), window)| Peak {
                who: who.clone(),
                class: *class,
                busiest_second: window.busiest,
                limit: window.limit,
                refused: window.refused,
            })
            .collect()
    }

    /// Forgets everything counted.
    pub(crate) fn clear(&mut self) {
        self.windows.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_second_ever_admits_more_than_the_limit(pauses in prop::collection::vec(0_u64..400, 1..200), limit in 1_usize..12) {
            let mut limiter = Limiter::default();
            let mut now = Timestamp::UNIX_EPOCH;
            let mut arrived = Vec::new();
            let mut admitted = Vec::new();
            for pause in pauses {
                now = later(now, Duration::from_millis(pause));
                arrived.push(now);
                if limiter.admit("k", Class::Other, limit, true, now) {
                    admitted.push(now);
                }
            }
            let busiest = |times: &[Timestamp]| {
                let within = |first: &Timestamp| times.iter().filter(|at| **at >= *first && **at < later(*first, WINDOW)).count();
                times.iter().map(within).max().unwrap_or(0)
            };
            prop_assert!(busiest(&admitted) <= limit);
            let peak = limiter.peaks().remove(0);
            prop_assert_eq!(peak.busiest_second, busiest(&arrived));
            prop_assert_eq!(peak.refused, u64::try_from(arrived.len() - admitted.len()).unwrap());
        }
    }
}
