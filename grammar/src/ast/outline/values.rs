//! Events, conditions, values and literals of an outline.

use std::fmt::Write as _;

use super::{Written, group};
use crate::ast::{
    Clock, Condition, ConditionKind, Date, Duration, EventKind, Events, Item, Literal, LiteralKind, Operand,
    Operator, Outcome, Part, TextLiteral, Value, ValueKind,
};

pub(super) fn events(out: &mut String, events: Option<&Events>) -> Written {
    let Some(events) = events else { return out.write_str(" for ?") };
    out.push(' ');
    group(out, "for", &events.targets, |out, target| {
        out.push_str(match target.outcome {
            Some((Outcome::Missed, _)) => "missed-",
            Some((Outcome::Failed, _)) => "failed-",
            Some((Outcome::Answered, _)) => "answered-",
            None => "",
        });
        out.write_str(match target.kind {
            EventKind::IncomingCalls => "incoming-calls",
            EventKind::OutgoingCalls => "outgoing-calls",
            EventKind::Calls => "calls",
            EventKind::Chats => "chats",
            EventKind::Requests => "requests",
            EventKind::Orders => "orders",
        })
    })
}

pub(super) fn condition(out: &mut String, asked: &Condition) -> Written {
    match &asked.kind {
        ConditionKind::Or { terms, .. } => group(out, "or", terms, condition),
        ConditionKind::And { terms, .. } => group(out, "and", terms, condition),
        ConditionKind::Not { inner, .. } => group(out, "not", std::slice::from_ref(&**inner), condition),
        ConditionKind::Test(test) => {
            out.push('(');
            operator(out, test.operator.as_ref())?;
            out.push(' ');
            value(out, &test.subject)?;
            out.push_str(if test.operand.items().is_empty() { "" } else { " " });
            operand(out, &test.operand)?;
            out.write_str(")")
        }
    }
}

pub(super) fn operator(out: &mut String, operator: Option<&Operator>) -> Written {
    match operator {
        None => out.write_str("holds"),
        Some(operator) if operator.negated => write!(out, "not-{:?}", operator.operation),
        Some(operator) => write!(out, "{:?}", operator.operation),
    }
}

pub(super) fn operand(out: &mut String, operand: &Operand) -> Written {
    match operand {
        Operand::None => Ok(()),
        Operand::One(one) => item(out, one),
        Operand::Many(many) => group(out, "of", many, item),
    }
}

pub(super) fn item(out: &mut String, item: &Item) -> Written {
    out.push_str(if item.exactly.is_some() { "exactly " } else { "" });
    value(out, &item.value)
}

pub(super) fn value(out: &mut String, shown: &Value) -> Written {
    match &shown.kind {
        ValueKind::Literal(shown) => literal(out, shown),
        ValueKind::Path(path) => out.write_str(&path.dotted()),
        ValueKind::Call(call) => group(out, &format!("call {}", call.name.dotted()), &call.arguments, value),
        ValueKind::Else { options, .. } => group(out, "else", options, value),
        ValueKind::Default(_) => out.write_str("default"),
    }
}

pub(super) fn literal(out: &mut String, literal: &Literal) -> Written {
    match &literal.kind {
        LiteralKind::Text(shown) => text(out, shown),
        LiteralKind::Number(number) => out.write_str(&number.text),
        LiteralKind::YesNo(yes_no) => out.write_str(if yes_no.value { "yes" } else { "no" }),
        LiteralKind::Duration(shown) => duration(out, shown),
        LiteralKind::Phone(phone) => {
            write!(out, "phone:{}{}", if phone.international { "+" } else { "" }, phone.digits)
        }
        LiteralKind::Date(shown) => date(out, shown),
        LiteralKind::Time(shown) => clock(out, shown),
        LiteralKind::Moment(moment) => {
            date(out, &moment.date)?;
            out.push('T');
            clock(out, &moment.time)
        }
    }
}

pub(super) fn duration(out: &mut String, duration: &Duration) -> Written {
    group(out, "duration", &duration.parts, |out, part| write!(out, "{} {:?}", part.amount, part.unit))
}

pub(super) fn date(out: &mut String, date: &Date) -> Written {
    write!(out, "{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

pub(super) fn clock(out: &mut String, clock: &Clock) -> Written {
    write!(out, "{:02}:{:02}", clock.hour, clock.minute)
}

pub(super) fn text(out: &mut String, shown: &TextLiteral) -> Written {
    if let Some(plain) = shown.plain() {
        return write!(out, "{plain:?}");
    }
    group(out, "text", &shown.parts, |out, part| match part {
        Part::Text { text, .. } => write!(out, "{text:?}"),
        Part::Hole(hole) => {
            out.push_str("(hole ");
            value(out, &hole.value)?;
            for filter in &hole.filters {
                out.push(' ');
                group(out, &filter.name.text, &filter.arguments, value)?;
            }
            out.write_str(")")
        }
    })
}
