//! What is to be shown and what is to be taken off.
//!
//! Goes in: on whose screens a call belongs, and who saw it already. Comes out: users to show it to and users to take it
//! from. Pure.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::card::{Card, Gone};
use crate::communication::Screen;

/// What is to be done about the screens.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Who is to see it: the employees that the user is, and when their phone was heard to ring.
    pub(super) show: BTreeMap<u64, Ring>,
    /// Who is to lose it, and how the call left that screen.
    pub(super) take: BTreeMap<u64, Gone>,
    /// Employees whose phones ring and who are no users of the CRM.
    pub(super) strangers: Vec<u64>,
}

/// A phone that rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ring {
    pub(super) employees: Vec<u64>,
    pub(super) heard: Timestamp,
}

/// Works out what is to be done. `user_of` tells which user of the CRM an employee is.
pub(super) fn changes(
    screens: &BTreeMap<u64, Screen>,
    card: Option<&Card>,
    user_of: impl Fn(u64) -> Option<u64>,
) -> Changes {
    let known = |employee: u64| {
        let seen = card.into_iter().flat_map(|card| &card.seen);
        seen.filter(|(_, seen)| seen.employees.contains(&employee)).map(|(user, _)| *user).next()
    };
    let mut users: BTreeMap<u64, Vec<(u64, Screen)>> = BTreeMap::new();
    let mut changes = Changes::default();
    for (employee, screen) in screens {
        match (known(*employee).or_else(|| user_of(*employee)), screen) {
            (Some(user), _) => users.entry(user).or_default().push((*employee, *screen)),
            (None, Screen::On { .. }) => changes.strangers.push(*employee),
            (None, Screen::Off(_)) => {}
        }
    }
    for (user, all) in users {
        let seen = card.and_then(|card| card.seen.get(&user));
        let rings = all.iter().filter_map(|(employee, screen)| match screen {
            Screen::On { heard } => Some((*employee, *heard)),
            Screen::Off(_) => None,
        });
        let rings: Vec<(u64, Timestamp)> = rings.collect();
        let latest = rings.iter().map(|(_, heard)| *heard).max();
        match (latest, seen) {
            // Not yet, or taken off and rung once more.
            (Some(heard), seen) if seen.is_none_or(|seen| seen.off.is_some() && seen.ring < heard) => {
                let employees = rings.into_iter().map(|(employee, _)| employee).collect();
                changes.show.insert(user, Ring { employees, heard });
            }
            (None, Some(seen)) if seen.off.is_none() => {
                // Somebody who is two employees answered if one of them did.
                let left = all.iter().filter_map(|(_, screen)| match screen {
                    Screen::Off(left) => Some(*left),
                    Screen::On { .. } => None,
                });
                changes.take.insert(user, left.min().map_or(Gone::Failed, Gone::from));
            }
            _ => {}
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::super::card::Seen;
    use super::*;
    use crate::communication::Left;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn on(second: i64) -> Screen {
        Screen::On { heard: at(second) }
    }

    fn card(seen: &[(u64, u64, i64, Option<Gone>)]) -> Card {
        let mut card = Card::new("+79000000011".to_owned());
        for (user, employee, ring, off) in seen {
            let seen = Seen { off: *off, ..Seen::new(vec![*employee], at(*ring)) };
            card.seen.insert(*user, seen);
        }
        card
    }

    /// Employees 1 and 11 are user 101, 2 is 102; 3 is nobody.
    fn user_of(employee: u64) -> Option<u64> {
        match employee {
            1 | 11 => Some(101),
            2 => Some(102),
            _ => None,
        }
    }

    #[track_caller]
    fn check(screens: &[(u64, Screen)], card: Option<&Card>, show: &[u64], take: &[(u64, Gone)]) {
        let screens = screens.iter().copied().collect();
        let changes = changes(&screens, card, user_of);
        assert_eq!(changes.show.keys().copied().collect::<Vec<_>>(), show);
        assert_eq!(changes.take.into_iter().collect::<Vec<_>>(), take);
    }

    #[test]
    fn who_rings_is_shown_it_once() {
        check(&[(1, on(0)), (2, on(1))], None, &[101, 102], &[]);
        let first = card(&[(101, 1, 0, None)]);
        check(&[(1, on(0)), (2, on(1))], Some(&first), &[102], &[]);
        check(&[(1, on(5))], Some(&first), &[], &[]);
    }

    #[test]
    fn who_lost_it_is_shown_it_again_only_by_another_ring() {
        let gone = card(&[(101, 1, 0, Some(Gone::NoAnswer))]);
        check(&[(1, on(0))], Some(&gone), &[], &[]);
        check(&[(1, on(9))], Some(&gone), &[101], &[]);
    }

    #[test]
    fn it_is_taken_from_who_saw_it_and_from_nobody_else() {
        let off = |left| Screen::Off(left);
        let seen = card(&[(101, 1, 0, None)]);
        let both = [(1, off(Left::NoAnswer)), (2, off(Left::Answered))];
        check(&both, Some(&seen), &[], &[(101, Gone::NoAnswer)]);
        check(&both, None, &[], &[]);
        let gone = card(&[(101, 1, 0, Some(Gone::NoAnswer))]);
        check(&both, Some(&gone), &[], &[]);
        // One user, two employees: it stays while one of them has it, and was answered when one answered.
        check(&[(1, off(Left::NoAnswer)), (11, on(0))], Some(&seen), &[], &[]);
        let two = [(1, off(Left::NoAnswer)), (11, off(Left::Answered))];
        check(&two, Some(&seen), &[], &[(101, Gone::Answered)]);
    }

    #[test]
    fn strangers_see_nothing_and_who_saw_it_stays_known() {
        let changes = changes(&BTreeMap::from([(3, on(0))]), None, user_of);
        assert_eq!((changes.strangers, changes.show.len()), (vec![3], 0));
        // The employee was a user when it was shown.
        let seen = card(&[(103, 3, 0, None)]);
        check(&[(3, Screen::Off(Left::Busy))], Some(&seen), &[], &[(103, Gone::Busy)]);
    }
}
