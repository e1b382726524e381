//! A comparison: each kind of event by itself, in as few steps as will do.

use std::collections::BTreeSet;
use std::sync::Arc;

use switchboard_grammar::diagnostic::Text;

use super::super::limits::{Meter, ProofLimits, Undecided};
use super::super::space::{Builder, Questions, Space};
use super::report::{Comparison, Open};
use super::shared::{self, Names};
use super::side::Side;
use super::verify::Part;
use super::work::{Work, too_long};
use crate::bundle::Bundle;
use crate::program::Slot;

/// Ways to be done sooner that find the same; each can be left out, so that tests can hold the long way against it.
#[derive(Clone, Copy)]
pub(super) struct Shortcuts {
    /// What is written alike on both sides is not looked into, and a part that is then equal is done.
    pub(super) alike: bool,
    /// Pairs of cases that an equal area of an earlier case settles are not searched.
    pub(super) settled: bool,
}

/// Compares two bundles.
pub fn compare(old: &Arc<Bundle>, new: &Arc<Bundle>, limits: &ProofLimits) -> Comparison {
    compared(old, new, limits, Shortcuts { alike: true, settled: true })
}

/// The same with some shortcuts, or none.
pub(super) fn compared(
    old: &Arc<Bundle>,
    new: &Arc<Bundle>,
    limits: &ProofLimits,
    shortcuts: Shortcuts,
) -> Comparison {
    let meter = Meter::new(limits.diff_steps);
    let mut comparison = Comparison::default();
    for slot in Slot::ALL {
        let names = (shared::names(&old.program, slot, "old"), shared::names(&new.program, slot, "new"));
        let of = Of { bundles: (old, new), names, slot, limits, meter: &meter, settled: shortcuts.settled };
        let found = if shortcuts.alike { of.in_two_steps() } else { of.one(Depth::Whole, &[]) };
        let found = found.map(|(found, _)| found);
        match found {
            Ok(found) => {
                let (before, after) =
                    (shared::policies(&old.program, slot), shared::policies(&new.program, slot));
                if before != after {
                    comparison.undecided.push(Open { slot, part: None, why: another_policy() });
                } else if before.is_some() && !found.changes.is_empty() {
                    comparison.undecided.push(Open { slot, part: None, why: a_policy() });
                }
                comparison.changes.extend(found.changes);
                comparison.undecided.extend(found.undecided);
                comparison.more |= found.more;
            }
            Err(Undecided) => comparison.undecided.push(Open { slot, part: None, why: too_long() }),
        }
    }
    comparison
}

fn a_policy() -> Text {
    Text::new(
        "policies of scripts may change what the rules say",
        "политики скриптов могут менять то, что говорят правила",
    )
}

fn another_policy() -> Text {
    Text::new(
        "policies differ, and what scripts do cannot be compared: their files or lines have changed",
        "политики различаются, а что делают скрипты, сравнить нельзя: изменились их файлы или строки",
    )
}

/// How far a look goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// What is written alike on both sides stays closed: a value of which nothing is known but that it is the same.
    Changed,
    /// Everything is looked into.
    Whole,
}

/// One kind of event.
struct Of<'o> {
    bundles: (&'o Arc<Bundle>, &'o Arc<Bundle>),
    /// Names by content, of both.
    names: (Names, Names),
    slot: Slot,
    limits: &'o ProofLimits,
    meter: &'o Meter,
    settled: bool,
}

impl Of<'_> {
    /// First with what is written alike closed; whole are looked at only the parts that are not equal then.
    fn in_two_steps(&self) -> Result<(Comparison, Vec<Part>), Undecided> {
        let Ok((found, equal)) = self.one(Depth::Changed, &[]) else { return self.one(Depth::Whole, &[]) };
        if found.is_equal() {
            return Ok((found, equal));
        }
        let whole = self.one(Depth::Whole, &equal).ok();
        let whole = whole.filter(|(whole, _)| whole.undecided.len() <= found.undecided.len());
        Ok(whole.unwrap_or((found, equal)))
    }

    /// What is found, and which parts are equal; `known` are parts that were equal already.
    fn one(&self, depth: Depth, known: &[Part]) -> Result<(Comparison, Vec<Part>), Undecided> {
        let (old, new) = self.bundles;
        let (before, after) = &self.names;
        let closed: BTreeSet<String> = match depth {
            Depth::Changed => {
                let after: BTreeSet<&String> = after.values().collect();
                before.values().filter(|name| after.contains(name)).cloned().collect()
            }
            Depth::Whole => BTreeSet::new(),
        };
        let old_side = Side::new(&old.program, self.slot, "old", before, closed.clone());
        let new_side = Side::new(&new.program, self.slot, "new", after, closed);
        let mut questions = Questions::default();
        old_side.collect(&mut questions)?;
        new_side.collect(&mut questions)?;
        let space = Space::new(&old_side.scope, questions, self.limits)?;
        let mut work = Work {
            bundles: self.bundles,
            sides: (&old_side, &new_side),
            space: &space,
            builder: Builder::new(&space, self.meter),
            limits: self.limits,
            meter: self.meter,
            settled: self.settled,
            found: Comparison::default(),
            equal: known.to_vec(),
            preferred: Vec::new(),
        };
        work.all()?;
        Ok((work.found, work.equal))
    }
}
