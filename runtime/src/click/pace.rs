//! How many calls a minute one person and one account may begin: a stolen secret must not empty the account.
//!
//! Also counts what operators ask of their page (`workplace`).

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;

/// What is counted over.
const MINUTE: Duration = Duration::from_secs(60);

/// The calls of the last minute.
#[derive(Debug)]
pub(crate) struct Pace {
    user: usize,
    account: usize,
    by_employee: HashMap<u64, VecDeque<Timestamp>>,
    all: VecDeque<Timestamp>,
}

impl Pace {
    pub(crate) fn new(user: usize, account: usize) -> Self {
        Self { user, account, by_employee: HashMap::new(), all: VecDeque::new() }
    }

    /// Whether an employee may begin a call now; counts it when he may.
    pub(crate) fn permit(&mut self, employee: u64, now: Timestamp) -> bool {
        forget(&mut self.all, now);
        let own = self.by_employee.entry(employee).or_default();
        forget(own, now);
        if own.len() >= self.user || self.all.len() >= self.account {
            return false;
        }
        own.push_back(now);
        self.all.push_back(now);
        if self.by_employee.len() > self.account {
            self.by_employee.retain(|_, calls| calls.back().is_some_and(|last| is_recent(*last, now)));
        }
        true
    }
}

fn forget(calls: &mut VecDeque<Timestamp>, now: Timestamp) {
    while calls.front().is_some_and(|first| !is_recent(*first, now)) {
        calls.pop_front();
    }
}

fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at).unsigned_abs() < MINUTE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_so_many_of_one_and_so_many_of_all() {
        let at = |second: i64| Timestamp::from_second(1_700_000_000 + second).unwrap();
        let mut pace = Pace::new(2, 3);
        assert!(pace.permit(1, at(0)) && pace.permit(1, at(10)));
        assert!(!pace.permit(1, at(59)), "the third of one");
        assert!(pace.permit(2, at(59)));
        assert!(!pace.permit(3, at(59)), "the fourth of all");
        assert!(pace.permit(1, at(60)), "the first is a minute ago");
        assert!(!pace.permit(1, at(69)));
        assert!(pace.permit(3, at(70)));
    }
}
