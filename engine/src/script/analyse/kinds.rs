//! What an expression of a policy is, as far as it can be told.

use smol_str::SmolStr;

use crate::catalog::{Fact, RecordSpec, Shape};
use crate::ty::Type;

/// What an expression is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// It cannot be told.
    Unknown,
    /// `event`, or a part of it by its name so far.
    Event(SmolStr),
    /// `facts`.
    Facts,
    /// `proposal`.
    Proposal,
    /// A record of a fact.
    Record(&'static RecordSpec),
    /// A list of them.
    Records(&'static RecordSpec, &'static str),
    /// Values by code.
    Codes,
    /// A value of the catalogue.
    Value(Type),
}

impl Kind {
    /// What a fact is.
    pub(super) fn of_fact(fact: Fact) -> Kind {
        let spec = fact.spec();
        match spec.shape {
            Shape::One(record) => Kind::Record(record),
            Shape::Many(record) => Kind::Records(record, spec.script_name()),
            Shape::Codes => Kind::Codes,
        }
    }

    /// Whether it is one of the three that a policy is given, or a part of the event.
    pub(super) const fn is_given(&self) -> bool {
        matches!(self, Kind::Event(_) | Kind::Facts | Kind::Proposal)
    }
}

impl PartialEq for Kind {
    fn eq(&self, other: &Kind) -> bool {
        match (self, other) {
            (Kind::Unknown, Kind::Unknown)
            | (Kind::Facts, Kind::Facts)
            | (Kind::Proposal, Kind::Proposal)
            | (Kind::Codes, Kind::Codes) => true,
            (Kind::Event(a), Kind::Event(b)) => a == b,
            (Kind::Record(a), Kind::Record(b)) | (Kind::Records(a, _), Kind::Records(b, _)) => {
                std::ptr::eq(*a, *b)
            }
            (Kind::Value(a), Kind::Value(b)) => a == b,
            _ => false,
        }
    }
}
