//! Counting comparisons in memory, until they are written.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use switchboard_engine::compare::{Change, Group};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use super::judge::Verdict;
use crate::store::record::{
    SessionKey, ShadowBounds, ShadowClass, ShadowCounts, ShadowKey, ShadowPair, ShadowSeen, ShadowTally,
};

/// The most pairs and days that are counted at once; what is counted of further ones is lost. Reached only when nothing can
/// be written for days.
const MAX_TALLIES: usize = 1_000;

/// What was counted and is not written yet.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    by_pair: BTreeMap<(ShadowPair, Date), Tally>,
}

#[derive(Debug)]
struct Tally {
    counts: ShadowCounts,
    first_at: Timestamp,
    last_at: Timestamp,
    groups: BTreeMap<ShadowKey, ShadowSeen>,
}

/// One comparison.
pub(super) struct Counted<'a> {
    pub(super) pair: ShadowPair,
    pub(super) day: Date,
    pub(super) at: Timestamp,
    pub(super) session: &'a SessionKey,
    /// `None` when there was no room to wait in.
    pub(super) verdict: Option<&'a Verdict>,
    /// The header of a task as its file has it, by the task's name.
    pub(super) heads: &'a dyn Fn(&str) -> Option<String>,
}

impl Tallies {
    pub(super) fn is_empty(&self) -> bool {
        self.by_pair.is_empty()
    }

    /// Counts one.
    pub(super) fn add(&mut self, counted: Counted<'_>, bounds: ShadowBounds) {
        let Counted { pair, day, at, session, verdict, heads } = counted;
        let Some(tally) = self.tally((pair, day), at) else { return };
        tally.first_at = tally.first_at.min(at);
        tally.last_at = tally.last_at.max(at);
        let counts = &mut tally.counts;
        *(match verdict {
            Some(Verdict::Same) => &mut counts.same,
            Some(Verdict::Differs(_)) => &mut counts.differ,
            Some(Verdict::Unjudged(_)) => &mut counts.unjudged,
            Some(Verdict::Failed(_)) => &mut counts.failed,
            None => &mut counts.dropped,
        }) += 1;
        for (key, words) in verdict.map(|verdict| groups(verdict, heads)).unwrap_or_default() {
            let seen = ShadowSeen {
                en: words.en,
                ru: words.ru,
                count: 1,
                first_at: at,
                last_at: at,
                examples: vec![(session.clone(), at)],
            };
            tally.see(key, seen, bounds);
        }
    }

    /// Puts back what could not be written.
    pub(super) fn put_back(&mut self, tallies: Vec<ShadowTally>, bounds: ShadowBounds) {
        for one in tallies {
            let Some(tally) = self.tally((one.pair, one.day), one.first_at) else { continue };
            tally.first_at = tally.first_at.min(one.first_at);
            tally.last_at = tally.last_at.max(one.last_at);
            tally.counts += one.counts;
            for (key, seen) in one.groups {
                tally.see(key, seen, bounds);
            }
        }
    }

    /// Takes everything out.
    pub(super) fn take(&mut self) -> Vec<ShadowTally> {
        let taken = std::mem::take(&mut self.by_pair);
        let tallies = taken.into_iter().map(|((pair, day), tally)| ShadowTally {
            pair,
            day,
            counts: tally.counts,
            first_at: tally.first_at,
            last_at: tally.last_at,
            groups: tally.groups.into_iter().collect(),
        });
        tallies.collect()
    }

    fn tally(&mut self, key: (ShadowPair, Date), at: Timestamp) -> Option<&mut Tally> {
        let is_full = self.by_pair.len() >= MAX_TALLIES;
        match self.by_pair.entry(key) {
            Entry::Occupied(there) => Some(there.into_mut()),
            Entry::Vacant(_) if is_full => None,
            Entry::Vacant(new) => Some(new.insert(Tally {
                counts: ShadowCounts::default(),
                first_at: at,
                last_at: at,
                groups: BTreeMap::new(),
            })),
        }
    }
}

impl Tally {
    /// Adds to a group; to that of all others when there is no room for a new one.
    fn see(&mut self, key: ShadowKey, seen: ShadowSeen, bounds: ShadowBounds) {
        let is_full = self.groups.len() >= bounds.groups && !self.groups.contains_key(&key);
        let key = if is_full { ShadowKey { key: ShadowKey::OTHERS.to_owned(), ..key } } else { key };
        match self.groups.entry(key) {
            Entry::Vacant(new) => {
                new.insert(seen);
            }
            Entry::Occupied(mut there) => {
                let there = there.get_mut();
                there.count += seen.count;
                there.first_at = there.first_at.min(seen.first_at);
                there.last_at = there.last_at.max(seen.last_at);
                there.examples.extend(seen.examples);
                let too_many = there.examples.len().saturating_sub(bounds.examples);
                there.examples.drain(..too_many);
            }
        }
    }
}

/// The groups that a comparison is in, with their names.
fn groups(verdict: &Verdict, heads: &dyn Fn(&str) -> Option<String>) -> Vec<(ShadowKey, Text)> {
    let key = |class, key| ShadowKey { class, key };
    match verdict {
        Verdict::Same => Vec::new(),
        Verdict::Differs(changes) => {
            let groups: BTreeSet<Group> = changes.iter().map(Change::group).collect();
            let named = groups.iter().map(|group| {
                let words = |lang| group.words(lang, heads);
                (key(ShadowClass::Differs, group.key()), Text::new(words(Lang::En), words(Lang::Ru)))
            });
            named.collect()
        }
        Verdict::Unjudged(lacking) => {
            let named = lacking.iter().map(|lacking| {
                let words = Text::new(format!("needs {}", lacking.en), format!("нужно: {}", lacking.ru));
                (key(ShadowClass::Unjudged, lacking.en.to_owned()), words)
            });
            named.collect()
        }
        Verdict::Failed(failures) => {
            let named = failures.iter().map(|text| (key(ShadowClass::Failed, text.en.clone()), text.clone()));
            named.collect()
        }
    }
}
