//! Questions about a value. All but "is it there" are answered with no when it is missing.

use std::cmp::Ordering;

use super::eval::Eval;
use crate::program::{Expr, Relation, Test};
use crate::prove::textual;
use crate::value::Value;

impl Eval<'_> {
    /// Whether a value passes a test.
    pub(super) fn ask(&self, test: &Test, value: &Value) -> bool {
        if value.is_missing() {
            return false;
        }
        match test {
            Test::Present => true,
            Test::Is(Expr::Local(local)) => {
                matches!(value, Value::Moment(moment) if moment.civil() == *local)
            }
            Test::Is(other) => value.same(&self.value(other)),
            Test::Exactly(other) => value.same_exactly(&self.value(other)),
            Test::InSet(set) => set.contains(value),
            Test::InSchedule(schedule) => match (self.program.schedules.get(schedule.0 as usize), value) {
                (Some(schedule), Value::Moment(moment)) => schedule.contains(moment),
                _ => false,
            },
            Test::Among(list) => self.value(list).elements().iter().any(|element| value.same(element)),
            Test::Contains(piece) => textual(value, |value| value.contains(&self.value(piece))),
            Test::StartsWith(piece) => textual(value, |value| value.starts_with(&self.value(piece))),
            Test::EndsWith(piece) => textual(value, |value| value.ends_with(&self.value(piece))),
            Test::Like(pattern) => textual(value, |value| value.is_like(pattern)),
            Test::Order(relation, bound) => {
                let order = match (value, bound) {
                    // Without an offset of its own the bound is a time on the same clock as the value.
                    (Value::Moment(moment), Expr::Local(local)) => Some(moment.civil().cmp(local)),
                    _ => value.order(&self.value(bound)),
                };
                order.is_some_and(|order| relation.admits(order))
            }
        }
    }
}

impl Relation {
    /// Whether a value that compares so to the bound is on the right side.
    pub(crate) const fn admits(self, order: Ordering) -> bool {
        match self {
            Relation::Greater => order.is_gt(),
            Relation::AtLeast => order.is_ge(),
            Relation::Less => order.is_lt(),
            Relation::AtMost => order.is_le(),
        }
    }
}
