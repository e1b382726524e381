//! Which points of a bundle its tests have reached, and how often.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::dead::dead;
use super::{Measure, Point, PointId, points};
use crate::bundle::Bundle;
use crate::decide::Watched;
use crate::program::Program;
use crate::prove::ProofLimits;

/// Counts what decisions reach.
#[derive(Clone, Debug)]
pub struct Coverage {
    pub(super) program: Arc<Program>,
    /// In order.
    points: Vec<Point>,
    hits: BTreeMap<PointId, u32>,
    /// Points that no event reaches, as far as that is proved.
    dead: BTreeSet<PointId>,
    /// Of each script the lines on which something can run, and how often each did.
    scripts: BTreeMap<String, BTreeMap<usize, u32>>,
}

/// How much of something was reached. What no event reaches is not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// How many were reached.
    pub reached: usize,
    /// How many there are that an event may reach.
    pub all: usize,
    /// How many there are besides that no event reaches.
    pub unreachable: usize,
}

/// How much of a bundle was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    measures: [Total; Measure::ALL.len()],
    /// Lines of scripts.
    pub script_lines: Total,
}

impl Coverage {
    /// Of a bundle, with nothing reached yet. What no event reaches is looked for within `limits`.
    pub fn new(bundle: &Bundle, limits: &ProofLimits) -> Coverage {
        let program = Arc::clone(&bundle.program);
        let lines = |lines: BTreeSet<usize>| lines.into_iter().map(|line| (line, 0)).collect();
        let scripts = bundle.script_lines().map(|(path, of)| (path.to_owned(), lines(of))).collect();
        let points = points(&program);
        let dead = dead(&program, limits);
        Coverage { program, points, hits: BTreeMap::new(), dead, scripts }
    }

    /// Counts what a decision of the same bundle reached.
    pub fn add(&mut self, watched: &Watched) {
        for id in &watched.reached {
            *self.hits.entry(*id).or_default() += 1;
        }
        for (script, ran) in &watched.steps.lines {
            let Some(lines) = self.scripts.get_mut(script) else { continue };
            for line in ran {
                if let Some(count) = lines.get_mut(line) {
                    *count += 1;
                }
            }
        }
    }

    /// All points, in order of their names.
    pub fn points(&self) -> &[Point] {
        &self.points
    }

    /// How many decisions reached a point.
    pub fn hits(&self, id: PointId) -> u32 {
        self.hits.get(&id).copied().unwrap_or_default()
    }

    /// Whether it is proved that no event reaches a point. A test can tell of an event that there is not, such as a call
    /// without a direction; what was reached is never unreachable.
    pub fn is_unreachable(&self, id: PointId) -> bool {
        self.dead.contains(&id) && self.hits(id) == 0
    }

    /// The scripts by their paths, with the lines on which something can run and how many decisions ran each.
    pub const fn scripts(&self) -> &BTreeMap<String, BTreeMap<usize, u32>> {
        &self.scripts
    }

    /// How much was reached.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for point in &self.points {
            let Some(total) = totals.of_mut(point.id.measure()) else { continue };
            match (self.hits(point.id) > 0, self.is_unreachable(point.id)) {
                (true, _) => {
                    total.reached += 1;
                    total.all += 1;
                }
                (false, false) => total.all += 1,
                (false, true) => total.unreachable += 1,
            }
        }
        let lines = || self.scripts.values().flat_map(BTreeMap::values);
        let reached = lines().filter(|count| **count > 0).count();
        totals.script_lines = Total { reached, all: lines().count(), unreachable: 0 };
        totals
    }
}

impl Totals {
    /// How much of one measure was reached.
    pub fn of(&self, measure: Measure) -> Total {
        self.measures.get(measure as usize).copied().unwrap_or_default()
    }

    fn of_mut(&mut self, measure: Measure) -> Option<&mut Total> {
        self.measures.get_mut(measure as usize)
    }

    /// Everything together, script lines too.
    pub fn whole(&self) -> Total {
        self.measures.iter().chain([&self.script_lines]).fold(Total::default(), |a, b| a.plus(*b))
    }

    /// Two bundles together.
    pub fn plus(self, other: Totals) -> Totals {
        let mut sum = self;
        for measure in Measure::ALL {
            if let Some(total) = sum.of_mut(measure) {
                *total = total.plus(other.of(measure));
            }
        }
        sum.script_lines = sum.script_lines.plus(other.script_lines);
        sum
    }
}

impl Total {
    fn plus(self, other: Total) -> Total {
        Total {
            reached: self.reached + other.reached,
            all: self.all + other.all,
            unreachable: self.unreachable + other.unreachable,
        }
    }

    /// How much that is, in thousandths, rounded down: only all of it is 1000. None when there is nothing to reach.
    pub fn thousandths(self) -> Option<usize> {
        (self.reached * 1000).checked_div(self.all)
    }
}
