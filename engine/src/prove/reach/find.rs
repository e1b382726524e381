//! From a place to an event.

use std::collections::{BTreeMap, BTreeSet};

use super::super::area::Area;
use super::super::diagram::{Diagrams, Node};
use super::super::limits::{Meter, ProofLimits, Undecided};
use super::super::scope::Scope;
use super::super::space::{Builder, Questions, Space};
use super::super::witness::{Witness, noon, witness};
use super::suggest::kind;
use super::walk::Reach;
use crate::bundle::{Bundle, Slot};
use crate::decide::Aim;
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::program::Slots;
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
    aims: BTreeMap<Aim, Found>,
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
        let mut finder = Finder { bundle, limits: *limits, aims: BTreeMap::new(), undecided: Vec::new() };
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
    pub fn aims(&self) -> impl Iterator<Item = Aim> {
        self.aims.keys().copied()
    }

    /// What is known of a place.
    pub fn answer(&self, aim: Aim) -> Answer<'_> {
        match self.aims.get(&aim) {
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
        let (aims, left_out) = (std::mem::take(&mut reach.aims), reach.left_out);
        if left_out {
            self.undecided.push(slot);
        }
        for (aim, node) in aims {
            let areas = areas(&builder.diagrams, node);
            let events = areas.iter().filter_map(|area| witness(&scope, &space, area, slot, &[]));
            let events: Vec<Reached> = events
                .filter(|witness| self.reaches(witness, aim))
                .take(MAX_EVENTS)
                .map(|witness| reached(slot, witness))
                .collect();
            let found = self.aims.entry(aim).or_default();
            found.open |= node != Diagrams::NO && events.is_empty();
            found.events.extend(events);
        }
        Ok(())
    }

    fn reaches(&self, witness: &Witness, aim: Aim) -> bool {
        noon().is_some_and(|now| self.bundle.reached(&witness.event, &witness.facts, now).contains(&aim))
    }

    /// Everything that an event reaches.
    pub(super) fn reached(&self, event: &Reached) -> BTreeSet<Aim> {
        noon().map(|now| self.bundle.reached(&event.event, &event.facts, now)).unwrap_or_default()
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
