//! Questions about a value that is at hand, as far as they compare with constants.
//!
//! The evaluator asks the same functions of [`Value`]; tests hold the two together on whole bundles.

use crate::program::{Check, Expr, Test};
use crate::value::Value;

/// The answer to a test; None when it depends on more than the value.
pub(crate) fn ask(test: &Test, value: &Value) -> Option<bool> {
    if value.is_missing() {
        return Some(false);
    }
    Some(match test {
        Test::Present => true,
        Test::InSet(list) => list.contains(value),
        Test::Like(pattern) => textual(value, |value| value.is_like(pattern)),
        Test::InSchedule(_) => return None,
        Test::Is(Expr::Const(other)) => value.same(other),
        Test::Is(Expr::Local(local)) => matches!(value, Value::Moment(moment) if moment.civil() == *local),
        Test::Exactly(Expr::Const(other)) => value.same_exactly(other),
        Test::Among(Expr::Const(list)) => list.elements().iter().any(|element| value.same(element)),
        Test::Contains(Expr::Const(piece)) => textual(value, |value| value.contains(piece)),
        Test::StartsWith(Expr::Const(piece)) => textual(value, |value| value.starts_with(piece)),
        Test::EndsWith(Expr::Const(piece)) => textual(value, |value| value.ends_with(piece)),
        Test::Order(relation, Expr::Const(bound)) => {
            value.order(bound).is_some_and(|order| relation.admits(order))
        }
        Test::Order(relation, Expr::Local(local)) => match value {
            Value::Moment(moment) => relation.admits(moment.civil().cmp(local)),
            _ => false,
        },
        Test::Is(_)
        | Test::Exactly(_)
        | Test::Among(_)
        | Test::Contains(_)
        | Test::StartsWith(_)
        | Test::EndsWith(_)
        | Test::Order(..) => return None,
    })
}

/// The answer to a question; None when it depends on more than the value.
pub(crate) fn check(check: &Check, value: &Value) -> Option<bool> {
    match check {
        Check::Test(test) => ask(test, value),
        Check::Not(inner) => self::check(inner, value).map(|holds| !holds),
        Check::All(parts) => {
            let answers: Option<Vec<bool>> = parts.iter().map(|part| self::check(part, value)).collect();
            answers.map(|answers| answers.into_iter().all(|holds| holds))
        }
        Check::Any(parts) => {
            let answers: Option<Vec<bool>> = parts.iter().map(|part| self::check(part, value)).collect();
            answers.map(|answers| answers.into_iter().any(|holds| holds))
        }
    }
}

/// The tests of a question.
pub(crate) fn tests<'c>(check: &'c Check, found: &mut Vec<&'c Test>) {
    match check {
        Check::Test(test) => found.push(test),
        Check::Not(inner) => tests(inner, found),
        Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| tests(part, found)),
    }
}

/// Asks about pieces of a text; a phone is its digits in E.164, an enum its English name.
pub(crate) fn textual(value: &Value, ask: impl FnOnce(&Value) -> bool) -> bool {
    match value {
        Value::Phone(phone) => ask(&Value::text(phone.to_string())),
        Value::Enum(value) => ask(&Value::text(value.en())),
        other => ask(other),
    }
}
