//! Events for places that hinge on what a script gives: tried, where nothing can be worked out.
//!
//! The condition of such a place asks a value that nobody looks into. Its area gives the rest of the event; the fields that
//! the script is given take values that stand in the scripts (texts, two of them together, numbers and their
//! neighbours), one field at a time, then two, then more. Every event is put to the evaluator, and one that gets to a
//! place that is still open is kept. The number of events is bounded, so that nothing was found proves nothing.

use std::collections::BTreeSet;

use super::super::area::Area;
use super::super::space::Space;
use super::super::witness::{self, Given, Witness, noon};
use crate::catalog::schema;
use crate::moment::Seconds;
use crate::phone::Phone;
use crate::program::Slot;
use crate::schema::{Field, FieldKey};
use crate::script::Literals;
use crate::ty::Scalar;
use crate::value::{Value, from_json};

/// Events that are tried for one kind of event.
pub(super) const MAX_TRIES: usize = 1_000;
/// Texts of the scripts that are tried; pairs of them, too, so it counts twice.
const MAX_TEXTS: usize = 24;
/// Numbers of the scripts that are tried, with both neighbours.
const MAX_NUMBERS: usize = 40;
/// Areas of one place from which tries begin.
const MAX_STARTS: usize = 4;
/// Letters of a text that is made of several.
const MAX_LETTERS: usize = 250;

/// An event to begin with, and what is varied in it.
pub(super) struct Start {
    given: Vec<Given>,
    fields: Vec<(FieldKey, Vec<Value>)>,
}

/// Where tries for a place may begin; nowhere when it hinges on nothing that a script is given.
pub(super) fn starts(space: &Space, slot: Slot, areas: &[Area], literals: &Literals) -> Vec<Start> {
    let start = |area: &Area| {
        let mut keys: Vec<FieldKey> = Vec::new();
        let owners = area.cells().iter().filter_map(|(var, _)| space.owner(*var));
        for key in owners.flat_map(|subject| &subject.feeds) {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        let given = witness::given(space, area, slot, &[])?;
        let fields: Vec<(FieldKey, Vec<Value>)> = keys
            .into_iter()
            .filter_map(|key| {
                let field = schema().field(slot.kind(), key.id)?;
                let values = values(field, literals);
                Some((key, values))
            })
            .collect();
        (!fields.is_empty()).then_some(Start { given, fields })
    };
    areas.iter().take(MAX_STARTS).filter_map(start).collect()
}

impl Start {
    /// Gives `most` events at most to `ask`, the plainest first, until it has heard enough; how many there were.
    pub(super) fn each(&self, slot: Slot, most: usize, ask: &mut dyn FnMut(Witness) -> bool) -> usize {
        let mut left = most;
        for changed in 0..=self.fields.len() {
            let mut chosen = Vec::with_capacity(changed);
            if !self.choose(slot, 0, changed, &mut chosen, &mut left, ask) {
                break;
            }
        }
        most - left
    }

    /// Chooses `more` of the fields from `from` on, with each of their values; whether to go on.
    fn choose<'v>(
        &'v self,
        slot: Slot,
        from: usize,
        more: usize,
        chosen: &mut Vec<(&'v FieldKey, &'v Value)>,
        left: &mut usize,
        ask: &mut dyn FnMut(Witness) -> bool,
    ) -> bool {
        if more == 0 {
            if *left == 0 {
                return false;
            }
            *left -= 1;
            return self.event(slot, chosen).is_none_or(&mut *ask);
        }
        for (at, (key, values)) in self.fields.iter().enumerate().skip(from) {
            for value in values {
                chosen.push((key, value));
                let goes_on = self.choose(slot, at + 1, more - 1, chosen, left, ask);
                chosen.pop();
                if !goes_on {
                    return false;
                }
            }
        }
        true
    }

    fn event(&self, slot: Slot, chosen: &[(&FieldKey, &Value)]) -> Option<Witness> {
        let mut given = self.given.clone();
        given.retain(|own| !chosen.iter().any(|(key, _)| **key == own.key));
        given.extend(chosen.iter().map(|(key, value)| Given {
            key: (*key).clone(),
            value: (*value).clone(),
            told: true,
        }));
        witness::event(slot, given)
    }
}

/// Values that a field is given in turn.
fn values(field: &Field, literals: &Literals) -> Vec<Value> {
    let ty = field.ty();
    let numbers: BTreeSet<i64> = literals
        .numbers
        .iter()
        .take(MAX_NUMBERS)
        .flat_map(|number| [number.saturating_sub(1), *number, number.saturating_add(1)])
        .collect();
    let seconds = || numbers.iter().filter(|number| **number >= 0).copied();
    let mut found: Vec<Value> = match ty.scalar {
        Scalar::Text | Scalar::Reference(_) | Scalar::Any => texts(literals),
        Scalar::Number => numbers.iter().map(|number| Value::Number((*number).into())).collect(),
        Scalar::YesNo => [true, false].map(Value::Bool).into(),
        Scalar::Enum(of) => of.values().map(Value::Enum).collect(),
        Scalar::Duration => seconds().map(|number| Value::Duration(Seconds(number))).collect(),
        Scalar::Moment => moments(),
        Scalar::Phone => {
            let phones = literals.texts.iter().filter_map(|text| Phone::parse(text).ok());
            phones.map(Value::Phone).collect()
        }
        Scalar::Date | Scalar::Time => Vec::new(),
    };
    if ty.list {
        found = found.into_iter().map(|value| Value::list([value])).collect();
    }
    let example = serde_json::from_str(field.spec.example).ok();
    found.extend(example.and_then(|json| from_json(&json, ty).ok()));
    if ty.optional {
        found.push(Value::Missing);
    }
    found
}

/// Each text, any two of them, all together. What stands in a pattern is tried without its wildcards.
fn texts(literals: &Literals) -> Vec<Value> {
    let plain = |text: &String| text.replace(['*', '?'], "").trim().to_owned();
    let single: BTreeSet<String> = literals.texts.iter().map(plain).filter(|text| !text.is_empty()).collect();
    let single: Vec<&String> = single.iter().take(MAX_TEXTS).collect();
    let mut found: Vec<String> = single.iter().map(|text| (*text).clone()).collect();
    for (at, one) in single.iter().enumerate() {
        found.extend(single.iter().skip(at + 1).map(|other| format!("{one} {other}")));
    }
    found.push(single.iter().map(|text| text.as_str()).collect::<Vec<_>>().join(" "));
    found.into_iter().map(|text| Value::text(text.chars().take(MAX_LETTERS).collect::<String>())).collect()
}

/// Moments three hours apart, for a week.
fn moments() -> Vec<Value> {
    const STEP: i64 = 3 * 60 * 60;
    let start = noon();
    let steps = (0..7 * 8).filter_map(|step| start?.plus(Seconds(step * STEP)));
    steps.map(Value::Moment).collect()
}
