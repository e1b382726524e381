//! One difference between two decisions.

use smol_str::SmolStr;

use super::group::{Group, Told};
use super::kind::{Domain, Kind};
use crate::moment::Moment;

/// A part of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part {
    /// Which.
    pub kind: Kind,
    /// Of which task, or which field: there exactly when [`Kind::is_named`].
    pub name: Option<SmolStr>,
}

/// What one part of a decision was and is.
///
/// The two sides are never equal. Of a part that is yes or no, yes is there and no is not: a client that is created is
/// `client`, a task that is set its title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What differs.
    pub part: Part,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
}

impl Part {
    /// A part without a name of its own.
    pub const fn plain(kind: Kind) -> Part {
        Part { kind, name: None }
    }

    /// A task, something about it, or a field.
    pub const fn of(kind: Kind, name: SmolStr) -> Part {
        Part { kind, name: Some(name) }
    }
}

impl Change {
    /// The group that the change is counted in.
    pub fn group(&self) -> Group {
        let there = |side: &Option<String>| match side {
            Some(_) => Told::Something,
            None => Told::Nothing,
        };
        let whole = |side: &Option<String>| match side {
            Some(text) => Told::text(text),
            None => Told::Nothing,
        };
        let is_yes_no = |side: &Option<String>| matches!(side.as_deref(), Some("true" | "false"));
        let (old, new) = match self.part.kind.spec().domain {
            Domain::Few { .. } => (whole(&self.old), whole(&self.new)),
            Domain::Any if is_yes_no(&self.old) && is_yes_no(&self.new) => {
                (whole(&self.old), whole(&self.new))
            }
            Domain::Any | Domain::YesNo { .. } => (there(&self.old), there(&self.new)),
            Domain::Moment => match self.later() {
                Some(true) => (Told::Something, Told::text("later")),
                Some(false) => (Told::Something, Told::text("sooner")),
                None => (there(&self.old), there(&self.new)),
            },
        };
        Group { part: self.part.clone(), old, new }
    }

    /// The same difference seen from the other side.
    #[must_use]
    pub fn mirrored(self) -> Change {
        Change { part: self.part, old: self.new, new: self.old }
    }

    /// Of two moments, whether the new one is later.
    fn later(&self) -> Option<bool> {
        let moment = |side: &Option<String>| side.as_deref()?.parse::<Moment>().ok();
        Some(moment(&self.old)?.compare(&moment(&self.new)?).is_lt())
    }
}
