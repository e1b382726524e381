//! Whether an event that happened lies in a region: what joins proved differences with recorded traffic.
//!
//! A region is kept with its limits as far as they can be asked about a value by itself. What only a bundle could answer
//! (working hours, what a script gives) is not asked; both bundles having decided the part at hand differently makes up for
//! it, and without that nothing counts.

use super::super::area::Area;
use super::super::ask::ask;
use super::super::set::Set;
use super::super::space::{Space, YES};
use super::verify::{Part, seen};
use crate::bundle::Bundle;
use crate::decide::{Decision, Forward};
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::program::{Slot, Test};
use crate::schema::FieldKey;
use crate::value::Value;

/// The limits of a region, and the part that differs in it.
#[derive(Clone, Debug)]
pub(crate) struct Inside {
    part: Part,
    limits: Vec<Limit>,
}

/// What a region says about one field.
#[derive(Clone, Debug)]
struct Limit {
    field: FieldKey,
    asked: Asked,
}

#[derive(Clone, Debug)]
enum Asked {
    /// One of these values, or a value that answers all tests as one of the examples does.
    Among { values: Vec<Value>, tests: Vec<Test>, answers: Vec<Vec<Option<bool>>> },
    /// A value of which a test holds, or does not.
    Holds { test: Test, wanted: bool },
}

/// An event that happened, decided by both bundles.
#[derive(Debug)]
pub struct Seen<'e> {
    event: &'e Event,
    facts: &'e Facts,
    slot: Slot,
    old: Decision,
    new: Decision,
    forward: Option<(Forward, Forward)>,
}

impl<'e> Seen<'e> {
    /// Lets both bundles decide an event.
    pub fn new(old: &Bundle, new: &Bundle, event: &'e Event, facts: &'e Facts, now: Moment) -> Seen<'e> {
        let slot = Slot::of(event.kind(), event.direction());
        let forward = (slot == Slot::IncomingCall)
            .then(|| (old.forward(event, facts, now).to, new.forward(event, facts, now).to));
        let (old, new) = (old.decide(event, facts, now), new.decide(event, facts, now));
        Seen { event, facts, slot, old, new, forward }
    }

    /// The kind of event.
    pub fn slot(&self) -> Slot {
        self.slot
    }

    fn differs(&self, part: &Part) -> bool {
        match part {
            Part::Forward => self.forward.as_ref().is_some_and(|(old, new)| old != new),
            Part::Accepted => self.old.accepted != self.new.accepted,
            _ => {
                let both = self.old.accepted && self.new.accepted;
                both && seen(part, &self.old, true) != seen(part, &self.new, false)
            }
        }
    }

    /// What is known of a field: the facts win, as when deciding.
    fn value(&self, field: &FieldKey) -> &Value {
        let fact = self.facts.value(field);
        if fact.is_missing() { self.event.value(field) } else { fact }
    }
}

impl Inside {
    /// The inside of an area.
    pub(super) fn new(part: &Part, area: &Area, space: &Space) -> Inside {
        let limits = area.cells().iter().filter_map(|(var, set)| {
            let subject = space.owner(*var)?;
            let field = subject.field.clone()?;
            if subject.var == *var {
                let asked = among(&subject.values, &subject.open, &subject.tests, set);
                return Some(Limit { field, asked });
            }
            let loose = subject.loose.iter().find(|loose| loose.var == *var)?;
            Some(Limit { field, asked: Asked::Holds { test: loose.test.clone(), wanted: set.has(YES) } })
        });
        Inside { part: part.clone(), limits: limits.collect() }
    }

    /// Whether an event lies in it and is decided differently there.
    pub(super) fn has(&self, seen: &Seen<'_>) -> bool {
        self.limits.iter().all(|limit| limit.admits(seen.value(&limit.field))) && seen.differs(&self.part)
    }
}

fn among(values: &[Value], open: &[bool], tests: &[Test], set: &Set) -> Asked {
    let mut closed = Vec::new();
    let mut answers = Vec::new();
    for class in set.iter() {
        let Some(value) = values.get(class as usize) else { continue };
        match open.get(class as usize).copied().unwrap_or_default() {
            false => closed.push(value.clone()),
            true => answers.push(tests.iter().map(|test| ask(test, value)).collect()),
        }
    }
    let tests = if answers.is_empty() { Vec::new() } else { tests.to_vec() };
    Asked::Among { values: closed, tests, answers }
}

impl Limit {
    fn admits(&self, value: &Value) -> bool {
        match &self.asked {
            Asked::Holds { test, wanted } => ask(test, value).is_none_or(|holds| holds == *wanted),
            Asked::Among { values, tests, answers } => {
                let same = |known: &Value| match (known.is_missing(), value.is_missing()) {
                    (true, true) => true,
                    (false, false) => value.same(known),
                    _ => false,
                };
                if values.iter().any(same) {
                    return true;
                }
                if answers.is_empty() {
                    return false;
                }
                let own: Vec<Option<bool>> = tests.iter().map(|test| ask(test, value)).collect();
                answers.iter().any(|known| known.iter().zip(&own).all(|(a, b)| a == b))
            }
        }
    }
}
