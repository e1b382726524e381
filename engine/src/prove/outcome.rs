//! `missed`, `failed` and `answered` of a task's header as conditions.

use crate::catalog::schema;
use crate::moment::Seconds;
use crate::program::{Check, Cond, Expr, Relation, Slot, TaskRule, Test};
use crate::schema::FieldKey;
use crate::value::Value;

/// What the header of a task asks of the events of a slot; None when it asks nothing.
pub(crate) fn asked(rule: &TaskRule, slot: Slot) -> Option<Cond> {
    match (rule.unreached.has(slot), rule.reached.has(slot)) {
        (true, false) => unreached(slot),
        (false, true) => unreached(slot).map(|condition| Cond::Not(Box::new(condition))),
        (true, true) | (false, false) => None,
    }
}

/// Whether an event reached nobody, as the evaluator finds it.
fn unreached(slot: Slot) -> Option<Cond> {
    let field = |name| schema().field_id(name).map(|id| Expr::Field(FieldKey::plain(id)));
    let missed = Cond::Truth(field("missed")?);
    if slot != Slot::OutgoingCall {
        return Some(missed);
    }
    let none = Expr::Const(Value::Duration(Seconds(0)));
    let talked =
        Cond::Ask { left: field("talk_time")?, check: Check::Test(Test::Order(Relation::Greater, none)) };
    Some(Cond::Any([missed, Cond::Not(Box::new(talked))].into()))
}
