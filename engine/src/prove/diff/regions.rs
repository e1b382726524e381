//! Where two lists of cases differ.
//!
//! For each pair of cases with different outcomes: what both cover, outside of all cases before either and of all that
//! does not concern the part. What is left comes in boxes, each widened as far as no earlier case is touched, so that
//! it says little; that the filter lets the event through, and the like, goes without saying.

use std::collections::HashMap;

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
    /// The number of the first area of each case.
    starts: Vec<usize>,
    index: Index<'c>,
    owners: HashMap<usize, usize>,
    keys: Vec<u32>,
}

impl<'c> Flat<'c> {
    fn new(cases: &'c [Case], names: &mut HashMap<&'c str, u32>) -> Flat<'c> {
        let mut areas = Vec::new();
        let mut starts = Vec::with_capacity(cases.len());
        let mut owners = HashMap::new();
        let mut keys = Vec::with_capacity(cases.len());
        for (number, case) in cases.iter().enumerate() {
            starts.push(areas.len());
            let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
            keys.push(*names.entry(case.outcome.key.as_str()).or_insert(next));
            for area in case.areas.iter() {
                areas.push((area, number));
            }
        }
        let index = Index::new(areas.iter().map(|(area, _)| *area).collect());
        for (at, (_, number)) in areas.iter().enumerate() {
            owners.insert(at, *number);
        }
        Flat { areas, starts, index, owners, keys }
    }
}

/// The regions in which cases differ, at most `most`; and whether there are more.
pub(super) fn differing<'c>(
    old: &'c [Case],
    new: &'c [Case],
    outside: &[&Area],
    sizes: &[u32],
    most: usize,
    meter: &Meter,
) -> Result<(Vec<Region<'c>>, bool), Undecided> {
    let mut names = HashMap::new();
    let before = Flat::new(old, &mut names);
    let after = Flat::new(new, &mut names);
    let mut found = Vec::new();
    for (area, i) in &before.areas {
        let (numbers, looked_at) = after.index.numbers(area, after.areas.len());
        meter.spend(looked_at + 1)?;
        for number in numbers {
            let (Some(j), Some((other, _))) = (after.owners.get(&number), after.areas.get(number)) else {
                continue;
            };
            if before.keys.get(*i) == after.keys.get(*j) {
                continue;
            }
            let Some(both) = area.and(other) else { continue };
            let (Some(one), Some(two)) = (old.get(*i), new.get(*j)) else { continue };
            let (mut rows, looked_at) = before.index.near(&both, before.starts.get(*i).copied().unwrap_or(0));
            let (more, looked_at_too) = after.index.near(&both, after.starts.get(*j).copied().unwrap_or(0));
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
