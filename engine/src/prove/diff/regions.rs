//! Where two lists of cases differ.
//!
//! For each pair of cases with different outcomes: what both cover, outside of all cases before either and of all that
//! does not concern the part. What is left comes in boxes, each widened as far as no earlier case is touched, so that
//! it says little; that the filter lets the event through, and the like, goes without saying.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::super::area::{Area, useful};
use super::super::index::Index;
use super::super::limits::{Meter, Undecided};
use super::super::set::Set;
use super::cases::{Case, Outcome};

/// Boxes of one pair of cases.
const MAX_BOXES: usize = 12;

/// A box in which the outcome changes.
pub(super) struct Region<'c> {
    /// A part of it that every rule around lets happen: where to look for an event.
    pub(super) area: Area,
    /// All of it, as far as the part at hand is asked at all.
    pub(super) shown: Area,
    pub(super) old: &'c Outcome,
    pub(super) new: &'c Outcome,
}

/// A list of cases, with all its areas in order.
struct Flat<'c> {
    areas: Vec<(&'c Area, usize)>,
    /// Equal areas have equal numbers, on both sides.
    same: Vec<u32>,
    /// The number of the first area of each case.
    starts: Vec<usize>,
    index: Index<'c>,
    keys: Vec<u32>,
}

/// Numbers for what is equal, by what it is.
#[derive(Default)]
struct Equal<'c> {
    keys: HashMap<&'c str, u32>,
    areas: HashMap<&'c Area, u32>,
}

fn number<T: Eq + Hash>(known: &mut HashMap<T, u32>, of: T) -> u32 {
    let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
    *known.entry(of).or_insert(next)
}

impl<'c> Flat<'c> {
    fn new(cases: &'c [Case], equal: &mut Equal<'c>) -> Flat<'c> {
        let mut areas = Vec::new();
        let mut same = Vec::new();
        let mut starts = Vec::with_capacity(cases.len());
        let mut keys = Vec::with_capacity(cases.len());
        for (at, case) in cases.iter().enumerate() {
            starts.push(areas.len());
            keys.push(number(&mut equal.keys, case.outcome.key.as_str()));
            for area in case.areas.iter() {
                areas.push((area, at));
                same.push(number(&mut equal.areas, area));
            }
        }
        let index = Index::new(areas.iter().map(|(area, _)| *area).collect());
        Flat { areas, same, starts, index, keys }
    }

    /// For each number of an area how many areas of this list may decide inside of it: those of the first case that has
    /// this very area, and all before. What comes behind finds everything in it taken.
    fn open(&self, equal: &Equal<'_>) -> Vec<usize> {
        let mut open = vec![self.areas.len(); equal.areas.len()];
        for ((_, case), same) in self.areas.iter().zip(&self.same).rev() {
            if let Some(open) = open.get_mut(*same as usize) {
                *open = self.start(case + 1);
            }
        }
        open
    }

    /// The number of the first area of a case; of the one behind the last: how many areas there are.
    fn start(&self, case: usize) -> usize {
        self.starts.get(case).copied().unwrap_or(self.areas.len())
    }

    /// The areas of the cases before one that meet a box, those out of `known` left out; and how many were looked at.
    fn before(&self, case: usize, query: &Area, known: &mut HashSet<u32>) -> (Vec<&'c Area>, usize) {
        let (numbers, looked_at) = self.index.numbers(query, self.start(case));
        let fresh =
            numbers.into_iter().filter(|at| self.same.get(*at).is_some_and(|same| known.insert(*same)));
        (fresh.filter_map(|at| self.areas.get(at)).map(|(area, _)| *area).collect(), looked_at)
    }
}

/// The regions in which cases differ, at most `most`; and whether there are more.
///
/// `settled`: pairs of cases of which one comes behind an area that covers both are left out at once. They have nothing in
/// common outside of the cases before them, which otherwise takes a search to find.
pub(super) fn differing<'c>(
    old: &'c [Case],
    new: &'c [Case],
    outside: &[&Area],
    sizes: &[u32],
    (most, settled): (usize, bool),
    meter: &Meter,
) -> Result<(Vec<Region<'c>>, bool), Undecided> {
    let mut equal = Equal::default();
    let before = Flat::new(old, &mut equal);
    let after = Flat::new(new, &mut equal);
    let (in_old, in_new) = (before.open(&equal), after.open(&equal));
    let is_open = |open: &[usize], same: u32, at: usize| {
        !settled || open.get(same as usize).is_none_or(|open| at < *open)
    };
    let mut found = Vec::new();
    for ((at, (area, i)), same) in before.areas.iter().enumerate().zip(&before.same) {
        if !is_open(&in_old, *same, at) {
            continue;
        }
        let end = in_new.get(*same as usize).copied().filter(|_| settled).unwrap_or(after.areas.len());
        let (numbers, looked_at) = after.index.numbers(area, end);
        meter.spend(looked_at + 1)?;
        for other_at in numbers {
            let (Some((other, j)), Some(same)) = (after.areas.get(other_at), after.same.get(other_at)) else {
                continue;
            };
            if before.keys.get(*i) == after.keys.get(*j)
                || !is_open(&in_old, *same, at)
                || !is_open(&in_new, *same, other_at)
            {
                continue;
            }
            let Some(both) = area.and(other) else { continue };
            let (Some(one), Some(two)) = (old.get(*i), new.get(*j)) else { continue };
            let mut known = HashSet::new();
            let (mut rows, looked_at) = before.before(*i, &both, &mut known);
            let (more, looked_at_too) = after.before(*j, &both, &mut known);
            meter.spend(looked_at + looked_at_too + outside.len())?;
            rows.extend(more);
            let out: Vec<&Area> = outside.iter().copied().filter(|area| area.meets(&both)).collect();
            let mut told: Vec<Area> = Vec::new();
            loop {
                let all: Vec<&Area> = rows.iter().chain(&out).copied().chain(&told).collect();
                let Some(rest) = useful(&both, &all, sizes, meter)? else { break };
                let shown = widened(rest.clone(), &both, &rows, sizes, meter)?;
                if found.len() == most || told.len() == MAX_BOXES {
                    return Ok((found, true));
                }
                let area = rest;
                told.push(shown.clone());
                found.push(Region { area, shown, old: &one.outcome, new: &two.outcome });
            }
        }
    }
    Ok((found, false))
}

/// A box without the limits that it does not need to stay outside of rows.
fn widened(
    mut area: Area,
    within: &Area,
    rows: &[&Area],
    sizes: &[u32],
    meter: &Meter,
) -> Result<Area, Undecided> {
    let vars: Vec<u32> = area.cells().iter().map(|(var, _)| *var).collect();
    for var in vars {
        let wider = match within.get(var) {
            Some(set) => area.with(var, set.clone()),
            None => area.without(var),
        };
        meter.spend(rows.len())?;
        // A row that meets the wider box and not the box itself is kept out by this field alone.
        let mut taken: Option<Set> = None;
        for row in rows.iter().filter(|row| row.meets(&wider)) {
            let own = row.get(var).cloned().unwrap_or_else(Set::empty);
            taken = Some(taken.map_or_else(|| own.clone(), |taken| taken.or(&own)));
        }
        area = match (taken, wider.get(var)) {
            (None, _) => wider,
            (Some(taken), Some(set)) => wider.with(var, set.minus(&taken)),
            (Some(taken), None) => {
                wider.with(var, taken.complement(sizes.get(var as usize).copied().unwrap_or_default()))
            }
        };
    }
    Ok(area)
}
