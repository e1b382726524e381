//! Values that have an order: each bound, and the gaps between bounds.
//!
//! Nothing is asked of them but on which side of a bound they are and whether they are a named value, so one value of
//! each gap stands for all of it. Lengths of time of an event are whole seconds and never negative.

use std::cmp::Ordering;

use jiff::tz::Offset;
use jiff::{SignedDuration, ToSpan as _};

use super::classes::{Classes, Domain, named};
use crate::decimal::{self, Decimal};
use crate::moment::{Moment, Seconds};
use crate::program::{Expr, Test};
use crate::value::Value;

/// Numbers of lists that are taken as bounds; with more of them the lists are loose.
const MAX_LISTED: usize = 2_000;
/// The offset in which moments of examples are told, in hours.
const OFFSET_HOURS: i8 = 3;

/// The classes of an ordered field.
pub(super) fn classes(classes: &mut Classes, domain: &Domain, tests: &[&Test]) {
    let local = |test: &&&Test| matches!(test, Test::Is(Expr::Local(_)) | Test::Order(_, Expr::Local(_)));
    let (on_the_clock, by_instant): (Vec<&Test>, Vec<&Test>) =
        tests.iter().copied().partition(|test| local(&test));
    let bounded = |tests: &[&Test]| {
        tests.iter().any(|test| matches!(test, Test::Is(_) | Test::Order(..) | Test::Among(_)))
    };
    let mut bounds: Vec<Value> = named(&by_instant).into_iter().cloned().collect();
    for test in &by_instant {
        if let Test::Order(_, Expr::Const(bound)) = test {
            bounds.push(bound.clone());
        }
    }
    let locals = on_the_clock.iter().filter_map(|test| match test {
        Test::Is(Expr::Local(local)) | Test::Order(_, Expr::Local(local)) => {
            Moment::from_civil(*local, Offset::constant(OFFSET_HOURS)).map(Value::Moment)
        }
        _ => None,
    });
    if bounded(&by_instant) && !on_the_clock.is_empty() {
        // Which instant a time on the clock is depends on the offset, so one says nothing sure about the other.
        classes.pool.extend(locals.flat_map(|local| around(&local)));
        classes.loose.extend(on_the_clock.into_iter().cloned());
    } else {
        bounds.extend(locals);
    }
    for test in &by_instant {
        let Test::InSet(list) = test else { continue };
        let numbers: Vec<Value> = list
            .entries()
            .iter()
            .filter_map(|entry| decimal::parse(&entry.text))
            .map(Value::Number)
            .collect();
        // Of what else a list may hold only the numbers can be read back from its entries.
        if numbers.len() == list.len()
            && numbers.len() <= MAX_LISTED
            && matches!(domain.example, Value::Number(_))
        {
            bounds.extend(numbers);
        } else {
            classes.loose.push((*test).clone());
        }
    }
    // A bound of another type, which only a value of unknown type could be compared with, bounds nothing.
    bounds.retain(|bound| domain.example.order(bound).is_some());
    bounds.sort_by(|a, b| a.order(b).unwrap_or(Ordering::Equal));
    bounds.dedup_by(|a, b| a.same(b));
    let (Some(first), Some(last)) = (bounds.first().cloned(), bounds.last().cloned()) else {
        classes.values.push(domain.example.clone());
        classes.open.push(true);
        return;
    };
    let mut all: Vec<(Value, bool)> = below(&first).map(|value| (value, true)).into_iter().collect();
    let mut bounds = bounds.into_iter().peekable();
    while let Some(bound) = bounds.next() {
        let gap = bounds.peek().and_then(|next| between(&bound, next));
        // An instant can be told in many offsets, which matters to schedules and to times on the clock.
        let open = matches!(bound, Value::Moment(_));
        all.push((bound, open));
        all.extend(gap.map(|value| (value, true)));
    }
    all.extend(above(&last).map(|value| (value, true)));
    for (value, open) in all {
        classes.values.push(value);
        classes.open.push(open);
    }
}

/// A bound and its neighbours.
pub(super) fn around(bound: &Value) -> Vec<Value> {
    [below(bound), Some(bound.clone()), above(bound)].into_iter().flatten().collect()
}

fn below(bound: &Value) -> Option<Value> {
    Some(match bound {
        Value::Number(number) => Value::Number(number.checked_sub(Decimal::ONE)?),
        Value::Duration(Seconds(seconds)) => {
            Value::Duration(Seconds(seconds.checked_sub(1).filter(|less| *less >= 0)?))
        }
        Value::Date(date) => Value::Date(date.yesterday().ok()?),
        Value::Time(time) => {
            Value::Time(time.checked_sub(1.second()).or_else(|_| time.checked_sub(1.nanosecond())).ok()?)
        }
        Value::Moment(moment) => Value::Moment(moment.plus(Seconds(-1))?),
        _ => return None,
    })
}

fn above(bound: &Value) -> Option<Value> {
    Some(match bound {
        Value::Number(number) => Value::Number(number.checked_add(Decimal::ONE)?),
        Value::Duration(Seconds(seconds)) => Value::Duration(Seconds(seconds.checked_add(1)?)),
        Value::Date(date) => Value::Date(date.tomorrow().ok()?),
        Value::Time(time) => {
            Value::Time(time.checked_add(1.second()).or_else(|_| time.checked_add(1.nanosecond())).ok()?)
        }
        Value::Moment(moment) => Value::Moment(moment.plus(Seconds(1))?),
        _ => return None,
    })
}

/// A value between two; None when there is none.
fn between(low: &Value, high: &Value) -> Option<Value> {
    let inside = |value: &Value| value.is_greater(low) && value.is_less(high);
    if let Some(next) = above(low).filter(inside) {
        return Some(next);
    }
    let close = match (low, high) {
        (Value::Number(low), Value::Number(high)) => {
            Value::Number(low.checked_add(high.checked_sub(*low)?.checked_div(Decimal::TWO)?)?)
        }
        (Value::Time(low), _) => Value::Time(low.checked_add(1.nanosecond()).ok()?),
        (Value::Moment(low), _) => {
            let instant = low.instant().checked_add(SignedDuration::from_nanos(1)).ok()?;
            Value::Moment(Moment::new(instant, low.offset()))
        }
        _ => return None,
    };
    Some(close).filter(inside)
}
