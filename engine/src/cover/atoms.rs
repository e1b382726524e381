//! The tests of a condition, and which of them made the difference.
//!
//! A test is what stands between `and`, `or` and `not`. With the answers of all tests at hand the condition is worked out
//! once more for each, with that one answer turned round: when the condition turns round, too, the test made the
//! difference. That is masking MC/DC.

use crate::program::Cond;

/// The answer of each test, and whether it made the difference; `ask` answers a test.
pub(crate) fn answers(condition: &Cond, ask: &dyn Fn(&Cond) -> bool) -> Vec<(bool, bool)> {
    let mut answers: Vec<bool> = condition.tests().into_iter().map(ask).collect();
    let whole = hold(condition, &mut answers.iter().copied());
    let mut told = Vec::with_capacity(answers.len());
    for at in 0..answers.len() {
        turn(&mut answers, at);
        let decides = hold(condition, &mut answers.iter().copied()) != whole;
        turn(&mut answers, at);
        told.push((answers.get(at).copied().unwrap_or_default(), decides));
    }
    told
}

fn turn(answers: &mut [bool], at: usize) {
    if let Some(answer) = answers.get_mut(at) {
        *answer = !*answer;
    }
}

/// Whether a condition holds with these answers; every one of them is taken, so that those behind stay in step.
#[expect(clippy::unnecessary_fold, reason = "`all` and `any` would leave answers behind")]
fn hold(condition: &Cond, answers: &mut dyn Iterator<Item = bool>) -> bool {
    match condition {
        Cond::Truth(_) | Cond::Ask { .. } => answers.next().unwrap_or_default(),
        Cond::Not(inner) => !hold(inner, answers),
        Cond::All(parts) => parts.iter().fold(true, |all, part| hold(part, answers) && all),
        Cond::Any(parts) => parts.iter().fold(false, |any, part| hold(part, answers) || any),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::program::Expr;
    use crate::value::Value;

    /// A test that answers what is written in it.
    fn test(answer: bool) -> Cond {
        Cond::Truth(Expr::Const(Value::Bool(answer)))
    }

    fn said(condition: &Cond) -> bool {
        matches!(condition, Cond::Truth(Expr::Const(Value::Bool(true))))
    }

    fn plainly(condition: &Cond) -> bool {
        match condition {
            Cond::Not(inner) => !plainly(inner),
            Cond::All(parts) => parts.iter().all(plainly),
            Cond::Any(parts) => parts.iter().any(plainly),
            test => said(test),
        }
    }

    /// The condition with the answer of one test turned round.
    fn turned(condition: &Cond, at: &mut i64) -> Cond {
        match condition {
            Cond::Not(inner) => Cond::Not(Box::new(turned(inner, at))),
            Cond::All(parts) => Cond::All(parts.iter().map(|part| turned(part, at)).collect()),
            Cond::Any(parts) => Cond::Any(parts.iter().map(|part| turned(part, at)).collect()),
            leaf => {
                *at -= 1;
                test(said(leaf) != (*at == -1))
            }
        }
    }

    fn a_condition() -> impl Strategy<Value = Cond> {
        any::<bool>().prop_map(test).prop_recursive(4, 24, 4, |inner| {
            let parts = prop::collection::vec(inner.clone(), 1..4);
            prop_oneof![
                inner.prop_map(|part| Cond::Not(Box::new(part))),
                parts.clone().prop_map(|parts| Cond::All(parts.into())),
                parts.prop_map(|parts| Cond::Any(parts.into())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_test_makes_the_difference_when_turning_it_turns_the_condition(condition in a_condition()) {
            let told = answers(&condition, &said);
            prop_assert_eq!(told.len(), condition.tests().len());
            for (at, (_, decides)) in told.iter().enumerate() {
                let other = turned(&condition, &mut i64::try_from(at).unwrap());
                prop_assert_eq!(*decides, plainly(&other) != plainly(&condition));
            }
        }
    }
}
