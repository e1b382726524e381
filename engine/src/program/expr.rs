//! Checked values and conditions: names are numbers, literals are values, types fit.
//!
//! Made by `check`, walked by `decide`. Nothing here can fail: what could go wrong was refused before.

use std::sync::Arc;

use jiff::civil;

use super::{RefId, ScheduleId};
use crate::filters::Filter;
use crate::lists::ValueList;
use crate::schema::FieldKey;
use crate::ty::Type;
use crate::value::{Pattern, Value};

/// A value to be worked out for one event.
#[derive(Clone, Debug)]
pub(crate) enum Expr {
    /// The same for every event.
    Const(Value),
    /// A moment written without an offset: it is taken at the event's own.
    Local(civil::DateTime),
    /// A field of the event or of the facts.
    Field(FieldKey),
    /// A table's or setting's result for the same event.
    Named(RefId),
    /// What a script function gives.
    Call(Box<Call>),
    /// The first that is not missing.
    Else(Box<[Expr]>),
    /// A text with holes.
    Template(Box<Template>),
    /// Several values as one list, lists among them opened.
    List(Box<[Expr]>),
}

/// A call of a script function.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The function, by its number in the host.
    pub(crate) function: usize,
    /// As many as it takes.
    pub(crate) args: Box<[Expr]>,
    /// The place of the call, for the trace.
    pub(crate) place: super::Place,
}

/// A text with holes.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    /// In order.
    pub(crate) parts: Box<[Part]>,
    /// The language of the file, which decides how values are spelt.
    pub(crate) lang: switchboard_grammar::lang::Lang,
}

/// A piece of a template.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// As it stands.
    Text(String),
    /// A value, through filters.
    Hole {
        /// What is put in.
        value: Expr,
        /// Its type; text where fallbacks are of several.
        ty: Type,
        /// What is done to it before.
        filters: Box<[Filter]>,
    },
}

/// A condition on one event.
#[derive(Clone, Debug)]
pub(crate) enum Cond {
    /// A yes/no value; missing is no.
    Truth(Expr),
    /// The exact opposite.
    Not(Box<Cond>),
    /// Each of them.
    All(Box<[Cond]>),
    /// One of them at least.
    Any(Box<[Cond]>),
    /// A question about a value.
    Ask {
        /// The value.
        left: Expr,
        /// The question.
        check: Check,
    },
}

/// A question about a value that is given elsewhere: by a condition's left side, or by a table's column.
#[derive(Clone, Debug)]
pub(crate) enum Check {
    /// One question.
    Test(Test),
    /// The exact opposite.
    Not(Box<Check>),
    /// Each of them.
    All(Box<[Check]>),
    /// One of them at least.
    Any(Box<[Check]>),
}

/// One question about a value. All but [`Test::Present`] answer no when the value is missing.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// Is it there?
    Present,
    /// Is it this, as the language compares?
    Is(Expr),
    /// Is it this, byte for byte?
    Exactly(Expr),
    /// Is it one of a list's values?
    InSet(Arc<ValueList>),
    /// Is it an element of a list that depends on the event?
    Among(Expr),
    /// Does the moment fall into working hours?
    InSchedule(ScheduleId),
    /// Is this inside: a part of a text, an element of a list?
    Contains(Expr),
    /// Does the text begin so?
    StartsWith(Expr),
    /// Does the text end so?
    EndsWith(Expr),
    /// Does the whole text look so?
    Like(Pattern),
    /// Is it on that side of a bound?
    Order(Relation, Expr),
}

/// A side of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Relation {
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
}

impl Check {
    /// Whether a value passes; `holds` asks one test.
    pub(crate) fn holds(&self, value: &Value, holds: &dyn Fn(&Test, &Value) -> bool) -> bool {
        match self {
            Check::Test(test) => holds(test, value),
            Check::Not(inner) => !inner.holds(value, holds),
            Check::All(parts) => parts.iter().all(|part| part.holds(value, holds)),
            Check::Any(parts) => parts.iter().any(|part| part.holds(value, holds)),
        }
    }
}

impl Expr {
    /// Adds the fields that stand in it; what names stand for is not looked into.
    pub(crate) fn fields(&self, found: &mut Vec<FieldKey>) {
        match self {
            Expr::Field(key) => found.push(key.clone()),
            Expr::Const(_) | Expr::Local(_) | Expr::Named(_) => {}
            Expr::Call(call) => call.args.iter().for_each(|arg| arg.fields(found)),
            Expr::Else(parts) | Expr::List(parts) => parts.iter().for_each(|part| part.fields(found)),
            Expr::Template(template) => {
                for part in &template.parts {
                    if let Part::Hole { value, .. } = part {
                        value.fields(found);
                    }
                }
            }
        }
    }
}

impl Cond {
    /// The conditions that must all hold, when it is an `and`; itself otherwise.
    pub(crate) fn conjuncts(&self) -> &[Cond] {
        match self {
            Cond::All(parts) => parts,
            single => std::slice::from_ref(single),
        }
    }

    /// What stands between `and`, `or` and `not`, in the order of the text.
    pub(crate) fn tests(&self) -> Vec<&Cond> {
        match self {
            Cond::Truth(_) | Cond::Ask { .. } => vec![self],
            Cond::Not(inner) => inner.tests(),
            Cond::All(parts) | Cond::Any(parts) => parts.iter().flat_map(Cond::tests).collect(),
        }
    }
}
