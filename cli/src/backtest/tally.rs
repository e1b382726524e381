//! What was counted: how many communications are decided otherwise, in which ways, with a few examples of each.
//!
//! Bounded whatever is walked: groups past [`MAX_GROUPS`] are counted together, examples are the latest few of each group.

use std::collections::BTreeMap;

use jiff::civil::Date;
use switchboard_engine::bundle::Slot;
use switchboard_engine::compare::{Change, Group};
use switchboard_engine::moment::Moment;
use switchboard_grammar::diagnostic::Text;
use switchboard_runtime::observe::Personal;
use switchboard_runtime::replay::{Again, Lacking};
use switchboard_runtime::store::record::RulingKind;

use super::fixtures::Given;

/// Groups that are kept apart.
const MAX_GROUPS: usize = 2_000;

/// What came of one communication.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    /// Both say the same.
    Same,
    /// They differ in this.
    Differ(Vec<Change>),
    /// The candidate would have to know what nobody asked then.
    Lacking(Vec<Lacking>),
    /// The record cannot be read.
    Unreadable(Text),
}

/// One communication that was looked at.
#[derive(Debug, Clone)]
pub(crate) struct Looked {
    pub(crate) session: String,
    /// When it was decided; None when the record cannot be read.
    pub(crate) at: Option<Moment>,
    pub(crate) slot: Option<Slot>,
    pub(crate) phone: Option<String>,
    /// What is hidden in examples.
    pub(crate) personal: Personal,
    /// What it was decided from, when it may become a test.
    pub(crate) given: Option<Box<Given>>,
    pub(crate) verdict: Verdict,
    pub(crate) check: Check,
    /// Whether its record is older than what a replay needs was kept.
    pub(crate) is_old: bool,
}

/// Whether the rules that decided give the same decision again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// Other rules decided than those that are here.
    Others,
    /// They say the same, and so much of what was kept comes out again, where that is looked at.
    Again(Option<Again>),
    NotAgain,
}

/// A communication as an example.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) session: String,
    pub(crate) at: Moment,
    pub(crate) slot: Slot,
    pub(crate) phone: Option<String>,
    pub(crate) personal: Personal,
    pub(crate) given: Option<Box<Given>>,
    pub(crate) change: Change,
}

/// Changes of one group.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    pub(crate) count: u64,
    /// The latest, the oldest of them first.
    pub(crate) examples: Vec<Example>,
}

/// What happened on one day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Day {
    pub(crate) count: u64,
    pub(crate) differ: u64,
}

/// Everything that was counted.
#[derive(Debug)]
pub(crate) struct Tallies {
    pub(crate) communications: Tally,
    /// What the rules were asked beside the lanes.
    pub(crate) beside: [(RulingKind, Tally); 3],
}

impl Default for Tallies {
    fn default() -> Self {
        let beside = RulingKind::ALL.map(|kind| (kind, Tally::default()));
        Self { communications: Tally::default(), beside }
    }
}

/// What is told of all tallies together.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Whole<'a> {
    pub(crate) again: u64,
    pub(crate) not_again: u64,
    pub(crate) others: u64,
    pub(crate) old: u64,
    /// Of those again, how many not byte for byte.
    pub(crate) told_otherwise: u64,
    pub(crate) reason: Option<&'a Text>,
}

impl Tallies {
    /// All of it together.
    pub(crate) fn whole(&self) -> Whole<'_> {
        let beside = self.beside.iter().map(|(_, tally)| tally);
        let all = std::iter::once(&self.communications).chain(beside);
        all.fold(Whole::default(), |whole, tally| Whole {
            again: whole.again + tally.again,
            not_again: whole.not_again + tally.not_again,
            others: whole.others + tally.others,
            old: whole.old + tally.old,
            told_otherwise: whole.told_otherwise + tally.told_otherwise,
            reason: whole.reason.or(tally.reason.as_ref()),
        })
    }

    /// Whether it is certain that all of it is decided as before.
    pub(crate) fn is_all_the_same(&self) -> bool {
        self.communications.is_all_the_same() && self.beside.iter().all(|(_, tally)| tally.is_all_the_same())
    }
}

impl Looked {
    /// One whose record cannot be read, and why.
    pub(crate) fn unreadable(session: String, reason: Text) -> Self {
        Self {
            session,
            at: None,
            slot: None,
            phone: None,
            personal: Personal::default(),
            given: None,
            verdict: Verdict::Unreadable(reason),
            check: Check::Others,
            is_old: false,
        }
    }
}

/// What was counted of one kind.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) count: u64,
    pub(crate) same: u64,
    pub(crate) differ: u64,
    pub(crate) lacking: u64,
    pub(crate) unreadable: u64,
    /// The first reason why a record could not be read.
    pub(crate) reason: Option<Text>,
    pub(crate) old: u64,
    /// Decided by the rules that were here, and the same again.
    pub(crate) again: u64,
    /// Of those the ones that are not the same byte for byte.
    pub(crate) told_otherwise: u64,
    /// Decided by the rules that were here, and not the same again.
    pub(crate) not_again: u64,
    /// Decided by other rules.
    pub(crate) others: u64,
    pub(crate) groups: BTreeMap<Group, Counted>,
    /// Changes of groups past the most that are kept apart.
    pub(crate) more: u64,
    pub(crate) lacks: BTreeMap<Lacking, u64>,
    pub(crate) days: BTreeMap<Date, Day>,
}

impl Tally {
    /// Counts one communication; keeps at most so many examples of each group.
    pub(crate) fn add(&mut self, looked: Looked, examples: usize) {
        self.count += 1;
        self.old += u64::from(looked.is_old);
        match looked.check {
            // Of a record that cannot be read nobody knows whose it is.
            Check::Others => self.others += u64::from(!matches!(looked.verdict, Verdict::Unreadable(_))),
            Check::Again(again) => {
                self.again += 1;
                self.told_otherwise += u64::from(again.is_some_and(|again| again != Again::Same));
            }
            Check::NotAgain => self.not_again += 1,
        }
        let day = looked.at.map(|at| self.days.entry(at.civil().date()).or_default());
        if let Some(day) = day {
            day.count += 1;
            day.differ += u64::from(matches!(looked.verdict, Verdict::Differ(_)));
        }
        match looked.verdict {
            Verdict::Same => self.same += 1,
            Verdict::Lacking(all) => {
                self.lacking += 1;
                all.into_iter().for_each(|one| *self.lacks.entry(one).or_default() += 1);
            }
            Verdict::Unreadable(reason) => {
                self.unreadable += 1;
                self.reason.get_or_insert(reason);
            }
            Verdict::Differ(changes) => {
                self.differ += 1;
                for change in changes {
                    let group = change.group();
                    if self.groups.len() >= MAX_GROUPS && !self.groups.contains_key(&group) {
                        self.more += 1;
                        continue;
                    }
                    let counted = self.groups.entry(group).or_default();
                    counted.count += 1;
                    if let (Some(at), Some(slot), true) = (looked.at, looked.slot, examples > 0) {
                        if counted.examples.len() >= examples {
                            counted.examples.remove(0);
                        }
                        let (session, phone) = (looked.session.clone(), looked.phone.clone());
                        let (personal, given) = (looked.personal.clone(), looked.given.clone());
                        counted.examples.push(Example { session, at, slot, phone, personal, given, change });
                    }
                }
            }
        }
    }

    /// The groups, the largest first.
    pub(crate) fn by_size(&self) -> Vec<(&Group, &Counted)> {
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by_key(|(_, counted)| std::cmp::Reverse(counted.count));
        groups
    }

    /// Whether it is certain that all of it is decided as before.
    pub(crate) const fn is_all_the_same(&self) -> bool {
        self.differ == 0 && self.lacking == 0 && self.unreadable == 0
    }
}

#[cfg(test)]
mod tests {
    use switchboard_engine::compare::{Kind, Part};

    use super::*;

    fn looked(session: u64, to: &str) -> Looked {
        let change = Change { part: Part::plain(Kind::Responsible), old: None, new: Some(to.to_owned()) };
        Looked {
            session: format!("call:{session}"),
            at: Some("2026-03-02T12:00:00+03:00".parse().unwrap()),
            slot: Some(Slot::IncomingCall),
            phone: None,
            personal: Personal::default(),
            given: None,
            verdict: Verdict::Differ(vec![change]),
            check: Check::Others,
            is_old: false,
        }
    }

    #[test]
    fn groups_and_examples_are_bounded_and_nothing_is_lost() {
        let mut tally = Tally::default();
        for number in 0..3_000 {
            tally.add(looked(number, &format!("{number}@x.ru")), 2);
        }
        for number in 0..10 {
            tally.add(looked(10_000 + number, "7@x.ru"), 2);
        }
        assert_eq!(tally.groups.len(), MAX_GROUPS);
        let counted: u64 = tally.groups.values().map(|counted| counted.count).sum();
        assert_eq!((tally.differ, counted + tally.more), (3_010, 3_010));
        let (_, largest) = tally.by_size()[0];
        assert_eq!(largest.count, 11);
        let examples: Vec<&str> = largest.examples.iter().map(|example| example.session.as_str()).collect();
        assert_eq!(examples, ["call:10008", "call:10009"]);
    }
}
