//! From a place to an event.

use std::collections::{BTreeMap, BTreeSet};

use super::super::area::Area;
use super::super::diagram::{Diagrams, Node};
use super::super::limits::{Meter, ProofLimits, Undecided};
use super::super::scope::Scope;
use super::super::space::{Builder, Questions, Space};
use super::super::witness::{Witness, noon, witness};
use super::suggest::kind;
use super::tries;
use super::walk::Reach;
use crate::bundle::{Bundle, Slot};
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::program::Slots;
use crate::program::point::PointId;
use crate::script::Literals;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

/// Areas of one place that are made into events.
const MAX_AREAS: usize = 24;
/// Events of one place and kind that are kept.
const MAX_EVENTS: usize = 3;

/// An event that reaches a place: the evaluator was asked.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The kind of event.
    pub slot: Slot,
    /// The event.
    pub event: Event,
    /// What the CRM knows.
    pub facts: Facts,
    /// Its fields that matter.
    pub words: Text,
    /// What it is, in one sentence without a full stop: its kind and the fields that it has.
    pub sentence: Text,
    /// How many fields it has.
    pub told: usize,
}

/// What is known of a place.
#[derive(Clone, Debug)]
pub enum Answer<'f> {
    /// Events that reach it, the plainest of each kind first.
    Events(Vec<&'f Reached>),
    /// No event does; proved.
    Never,
    /// None was found, and it is not proved that there is none.
    Open,
}

/// Finds events for the places of a bundle.
pub struct Finder<'b> {
    pub(super) bundle: &'b Bundle,
    limits: ProofLimits,
    points: BTreeMap<PointId, Found>,
    /// What stands in the scripts.
    literals: Literals,
    undecided: Vec<Slot>,
}

/// What was found of a place, of all kinds of event together.
#[derive(Default)]
struct Found {
    events: Vec<Reached>,
    /// Whether there may be events that were not found.
    open: bool,
}

impl<'b> Finder<'b> {
    /// Looks all rules through.
    pub fn new(bundle: &'b Bundle, limits: &ProofLimits) -> Finder<'b> {
        let mut literals = Literals::default();
        for (_, source) in
            bundle.program.sources.iter().filter(|(_, source)| source.name().ends_with(".rhai"))
        {
            literals.add(source.text());
        }
        let mut finder =
            Finder { literals, bundle, limits: *limits, points: BTreeMap::new(), undecided: Vec::new() };
        let concerned =
            |slot: &Slot| bundle.handles(*slot) || (*slot == Slot::IncomingCall && bundle.forwards());
        for slot in Slot::ALL.into_iter().filter(concerned) {
            if finder.slot(slot).is_err() {
                finder.undecided.push(slot);
            }
        }
        finder
    }

    /// The time of events that say nothing of time.
    pub fn now() -> Option<Moment> {
        noon()
    }

    /// Every place that was looked at, in order.
    pub fn points(&self) -> impl Iterator<Item = PointId> {
        self.points.keys().copied()
    }

    /// What is known of a place.
    pub fn answer(&self, point: PointId) -> Answer<'_> {
        match self.points.get(&point) {
            Some(found) if !found.events.is_empty() => Answer::Events(found.events.iter().collect()),
            Some(found) if !found.open && self.undecided.is_empty() => Answer::Never,
            _ => Answer::Open,
        }
    }

    /// The kinds of event of which not everything could be looked through.
    pub fn undecided(&self) -> &[Slot] {
        &self.undecided
    }

    fn slot(&mut self, slot: Slot) -> Result<(), Undecided> {
        let program = &*self.bundle.program;
        let scope = Scope::new(program, Slots::one(slot));
        let mut questions = Questions::default();
        Reach::new(&scope, slot, &mut questions).all(Diagrams::YES)?;
        let space = Space::new(&scope, questions, &self.limits)?;
        let meter = Meter::new(self.limits.diff_steps / 4);
        let mut builder = Builder::new(&space, &meter);
        let possible = builder.possible()?;
        let mut reach = Reach::new(&scope, slot, &mut builder);
        reach.all(possible)?;
        let (points, shown) = (std::mem::take(&mut reach.points), std::mem::take(&mut reach.shown));
        let left_out = reach.left_out;
        let mut open = Vec::new();
        if left_out {
            self.undecided.push(slot);
        }
        for (point, node) in points {
            let mut events = Vec::new();
            // Where an event would show that it got there, it has to.
            for node in shown.get(&point).copied().into_iter().chain([node]) {
                if events.is_empty() {
                    let areas = areas(&builder.diagrams, node);
                    let tried = areas.iter().filter_map(|area| witness(&space, area, slot, &[]));
                    let reaching = tried.filter(|witness| self.reaches(witness, point)).take(MAX_EVENTS);
                    events.extend(reaching.map(|witness| reached(slot, witness)));
                }
            }
            if node != Diagrams::NO && events.is_empty() {
                open.push((point, areas(&builder.diagrams, node)));
            }
            self.points.entry(point).or_default().events.extend(events);
        }
        self.try_scripts(&space, slot, open);
        Ok(())
    }

    /// Tries events for places that nothing was found for, where scripts are asked.
    fn try_scripts(&mut self, space: &Space, slot: Slot, open: Vec<(PointId, Vec<Area>)>) {
        let mut left = tries::MAX_TRIES;
        let mut waiting: BTreeSet<PointId> = open.iter().map(|(point, _)| *point).collect();
        let count = open.len();
        for ((point, areas), number) in open.into_iter().zip(0..) {
            // What one place leaves of its share is for those behind it.
            let mut share = left / (count - number);
            for start in tries::starts(space, slot, &areas, &self.literals) {
                let found = &mut self.points;
                let (bundle, now) = (self.bundle, noon());
                let tried = start.each(slot, share, &mut |witness| {
                    let reaches = now.map(|now| bundle.watch(&witness.event, &witness.facts, now).reached);
                    let new: Vec<PointId> =
                        reaches.iter().flatten().filter(|point| waiting.contains(*point)).copied().collect();
                    for point in new {
                        waiting.remove(&point);
                        found.entry(point).or_default().events.push(reached(slot, witness.clone()));
                    }
                    waiting.contains(&point)
                });
                share -= tried;
                left -= tried;
                if !waiting.contains(&point) {
                    break;
                }
            }
        }
        for point in waiting {
            self.points.entry(point).or_default().open = true;
        }
    }

    fn reaches(&self, witness: &Witness, point: PointId) -> bool {
        let watch = |now| self.bundle.watch(&witness.event, &witness.facts, now);
        noon().is_some_and(|now| watch(now).reached.contains(&point))
    }

    /// Everything that an event reaches.
    pub(super) fn reached(&self, event: &Reached) -> BTreeSet<PointId> {
        noon().map(|now| self.bundle.watch(&event.event, &event.facts, now).reached).unwrap_or_default()
    }
}

/// Some areas of a condition, those that say least first.
fn areas(diagrams: &Diagrams<'_>, node: Node) -> Vec<Area> {
    let mut areas = diagrams.some_areas(node, MAX_AREAS);
    areas.sort_by_key(|area| area.cells().len());
    areas
}

fn reached(slot: Slot, witness: Witness) -> Reached {
    let words = Text::new(witness.words(Lang::En), witness.words(Lang::Ru));
    let kind = kind(slot);
    let sentence = |lang: Lang| match witness.known(lang) {
        None => format!("{}, {}", kind.get(lang), lang.pick("without details", "без подробностей")),
        Some(known) => format!("{}: {known}", kind.get(lang)),
    };
    let sentence = Text::new(sentence(Lang::En), sentence(Lang::Ru));
    let told = witness.told.iter().filter(|(_, value)| !value.is_missing()).count();
    Reached { slot, event: witness.event, facts: witness.facts, words, sentence, told }
}
