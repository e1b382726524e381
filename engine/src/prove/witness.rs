//! From an area to an event: values for the fields that it speaks of.
//!
//! Nothing here is believed: whoever shows an event has asked the evaluator about it first. A field that may be missing
//! is left out where the area allows it, so that examples stay short.

use super::area::Area;
use super::ask::ask;
use super::space::{NO, Space, Subject, YES};
use crate::event::{Event, EventBuilder};
use crate::facts::Facts;
use crate::moment::{Moment, Seconds};
use crate::program::{Expr, Slot, Test};
use crate::schema::{Direction, Field, FieldKey, Origin};
use crate::value::{PatternStep, Value, from_json, pattern_steps};

/// An event that shows something.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    pub(crate) event: Event,
    pub(crate) facts: Facts,
    /// The fields that matter, in the order in which the rules ask for them; missing ones, too.
    pub(crate) told: Vec<(FieldKey, Value)>,
}

/// A time for events that say nothing of time: a Monday at noon in Moscow.
pub(crate) fn noon() -> Option<Moment> {
    "2026-03-02T12:00:00+03:00".parse().ok()
}

/// A value for a field of an event.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) key: FieldKey,
    pub(crate) value: Value,
    /// Whether it matters, and is told.
    pub(crate) told: bool,
}

/// An event of a slot in an area; None when no fitting value is found for some field.
///
/// `present` are fields that the event should have where the area leaves it open.
pub(crate) fn witness(space: &Space, area: &Area, slot: Slot, present: &[FieldKey]) -> Option<Witness> {
    event(slot, given(space, area, slot, present)?)
}

/// The values of such an event.
pub(crate) fn given(space: &Space, area: &Area, slot: Slot, present: &[FieldKey]) -> Option<Vec<Given>> {
    let mut found = Vec::new();
    let mut left: Vec<&FieldKey> = Vec::new();
    present.iter().for_each(|key| {
        if !left.contains(&key) {
            left.push(key);
        }
    });
    for subject in space.subjects() {
        let Some(key) = &subject.field else { continue };
        let concerned = area.get(subject.var).is_some()
            || subject.loose.iter().any(|loose| area.get(loose.var).is_some());
        let wanted = present.iter().position(|other| other == key);
        left.retain(|other| *other != key);
        let value = value(space, subject, area, wanted)?;
        found.push(Given { key: key.clone(), value, told: concerned || wanted.is_some() });
    }
    for (number, key) in left.into_iter().enumerate() {
        let Some(field) = crate::catalog::schema().field(slot.kind(), key.id) else { continue };
        found.push(Given { key: key.clone(), value: own_example(field, number)?, told: true });
    }
    Some(found)
}

/// An event of a slot with these values.
pub(crate) fn event(slot: Slot, given: Vec<Given>) -> Option<Witness> {
    let direction = match slot {
        Slot::IncomingCall => Some(Direction::Incoming),
        Slot::OutgoingCall => Some(Direction::Outgoing),
        Slot::Chat | Slot::Request | Slot::Order => None,
    };
    let mut event = EventBuilder::new(slot.kind(), direction);
    let mut facts = Facts::none();
    let mut told = Vec::new();
    for Given { key, value, told: is_told } in given {
        if is_told {
            told.push((key.clone(), value.clone()));
        }
        if value.is_missing() {
            continue;
        }
        let field = crate::catalog::schema().field(slot.kind(), key.id)?;
        let name = field.name_with(key.key.as_deref());
        match field.spec.origin {
            _ if name == "direction" => {}
            Origin::Event => event = event.set(&name, value),
            Origin::Facts => facts.set(&name, value).ok()?,
        }
    }
    Some(Witness { event: event.build().ok()?, facts, told })
}

/// A value of a field that no other field has.
fn own_example(field: &Field, number: usize) -> Option<Value> {
    let json = serde_json::from_str(field.spec.example).ok()?;
    from_json(&json, field.ty()).ok().map(|value| variant(&value, number))
}

/// A value like another, but of a number of its own.
fn variant(value: &Value, number: usize) -> Value {
    let number = number + 1;
    match value {
        Value::Text(text) => Value::text(match text.as_str().split_once('@') {
            Some((name, domain)) => format!("{name}.{number}@{domain}"),
            None => format!("{} {number}", text.as_str()),
        }),
        other => other.clone(),
    }
}

/// A value of a subject in an area.
fn value(space: &Space, subject: &Subject, area: &Area, wanted_present: Option<usize>) -> Option<Value> {
    let wanted: Vec<(&Test, bool)> = subject
        .loose
        .iter()
        .filter_map(|loose| {
            let set = area.get(loose.var)?;
            (set.has(NO) != set.has(YES)).then_some((&loose.test, set.has(YES)))
        })
        .collect();
    let allowed = |class: u32| area.get(subject.var).is_none_or(|set| set.has(class));
    let fits = |value: &Value| {
        wanted.iter().all(|(test, wanted)| answer(space, test, value).is_none_or(|answer| answer == *wanted))
    };
    let classes =
        || subject.values.iter().zip(&subject.open).zip(0u32..).filter(|(_, class)| allowed(*class));
    let other = classes().any(|((value, _), _)| !value.is_missing());
    let may_be_missing = classes().any(|((value, _), _)| value.is_missing()) && fits(&Value::Missing);
    if may_be_missing && !(wanted_present.is_some() && other) {
        return Some(Value::Missing);
    }
    if subject.list {
        return Some(list(space, subject, &wanted)).filter(fits);
    }
    let pool = if wanted.iter().any(|(test, _)| matches!(test, Test::InSchedule(_))) {
        moments()
    } else {
        Vec::new()
    };
    let open: Vec<&Value> = classes().filter(|((_, open), _)| **open).map(|((value, _), _)| value).collect();
    let alike = |value: &Value, of: &Value| {
        subject
            .tests
            .iter()
            .filter(|test| !subject.loose.iter().any(|loose| loose.is(test)))
            .all(|test| ask(test, value) == ask(test, of))
    };
    let own =
        wanted_present.into_iter().flat_map(|number| open.iter().map(move |value| variant(value, number)));
    if let Some(own) = own.into_iter().find(|value| fits(value) && open.iter().any(|of| alike(value, of))) {
        return Some(own);
    }
    if let Some(((value, _), _)) = classes().find(|((value, _), _)| !value.is_missing() && fits(value)) {
        return Some(value.clone());
    }
    pool.into_iter()
        .chain(subject.pool.iter().cloned())
        .find(|value| fits(value) && open.iter().any(|of| alike(value, of)))
}

/// The answer to a test, schedules included.
fn answer(space: &Space, test: &Test, value: &Value) -> Option<bool> {
    match (test, value) {
        (Test::InSchedule(schedule), Value::Moment(moment)) => {
            space.schedule(*schedule).map(|schedule| schedule.contains(moment))
        }
        (Test::InSchedule(_), _) => Some(false),
        _ => ask(test, value),
    }
}

/// A list with an element for each question that is to be answered with yes.
fn list(space: &Space, subject: &Subject, wanted: &[(&Test, bool)]) -> Value {
    let mut elements = Vec::new();
    for (test, _) in wanted.iter().filter(|(_, wanted)| *wanted) {
        let plain = |steps: Vec<PatternStep>| {
            let letters = steps.into_iter().filter_map(|step| match step {
                PatternStep::Char(letter) => Some(letter),
                PatternStep::AnyChar => Some('x'),
                PatternStep::AnyRun => None,
            });
            Value::text(letters.collect::<String>())
        };
        match test {
            Test::Contains(Expr::Const(value))
            | Test::StartsWith(Expr::Const(value))
            | Test::EndsWith(Expr::Const(value)) => elements.push(value.clone()),
            Test::Like(pattern) => elements.push(plain(pattern_steps(pattern.source()))),
            Test::InSet(list) => {
                elements.extend(list.entries().first().map(|entry| Value::text(entry.text.as_str())));
            }
            _ => {}
        }
    }
    let whole = Value::list(elements);
    if !whole.is_missing() {
        return whole;
    }
    let candidates = subject.values.iter().filter(|value| !value.is_missing()).cloned();
    let others = (1..20).map(|number| Value::list([Value::text(format!("другое {number}"))]));
    let fits = |value: &Value| {
        wanted.iter().all(|(test, wanted)| answer(space, test, value).is_none_or(|answer| answer == *wanted))
    };
    candidates.chain(others).find(fits).unwrap_or_default()
}

/// Moments all over a week, and a noon of each day of a year.
fn moments() -> Vec<Value> {
    const HALF_HOUR: i64 = 30 * 60;
    const DAY: i64 = 24 * 60 * 60;
    let Some(start) = noon() else { return Vec::new() };
    let week = (0..2 * 24 * 14).map(|step| step * HALF_HOUR);
    let year = (0..366).map(|day| day * DAY);
    week.chain(year).filter_map(|seconds| start.plus(Seconds(seconds))).map(Value::Moment).collect()
}
