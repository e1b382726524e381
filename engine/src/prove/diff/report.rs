//! What a comparison says.

use switchboard_grammar::diagnostic::Text;

use super::inside::{Inside, Seen};
use crate::bundle::Slot;
use crate::event::Event;
use crate::facts::Facts;

/// What two bundles decide differently.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Regions in which a part of the decision changes, by kind of event and part.
    pub changes: Vec<Change>,
    /// What could not be decided; nothing is claimed of it.
    pub undecided: Vec<Open>,
    /// Whether there are more regions than are told.
    pub more: bool,
}

/// A region in which a part of the decision changes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The kind of event.
    pub slot: Slot,
    /// The part of the decision: `the responsible`, `field client.uis_site`.
    pub part: Text,
    /// Which events.
    pub region: Text,
    /// What the old bundle says of them.
    pub old: Side,
    /// What the new bundle says.
    pub new: Side,
    /// One of them, for which both bundles were asked; None for a setting, which concerns all events.
    pub example: Option<Example>,
    /// Its limits; None for a setting.
    pub(crate) inside: Option<Inside>,
}

impl Change {
    /// Whether events can tell whether it happened; a setting by itself concerns all of them.
    pub fn is_about_events(&self) -> bool {
        self.inside.is_some()
    }

    /// Whether an event that happened is in the region and is decided differently; None for a setting, which no event by
    /// itself can tell.
    pub fn covers(&self, seen: &Seen<'_>) -> Option<bool> {
        let inside = self.inside.as_ref()?;
        Some(self.slot == seen.slot() && inside.has(seen))
    }
}

/// What one bundle says.
#[derive(Clone, Debug)]
pub struct Side {
    /// The outcome.
    pub outcome: Text,
    /// The file and line that say so, where one line does.
    pub place: Option<(String, u32)>,
}

/// An event that shows a change.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its fields that matter.
    pub words: Text,
    /// The event.
    pub event: Event,
    /// What the CRM knows.
    pub facts: Facts,
}

/// Something that could not be decided.
#[derive(Clone, Debug)]
pub struct Open {
    /// The kind of event.
    pub slot: Slot,
    /// The part of the decision; None when nothing of such events could be compared.
    pub part: Option<Text>,
    /// Why.
    pub why: Text,
}

impl Comparison {
    /// Whether it is proved that no event is decided otherwise.
    pub fn is_equal(&self) -> bool {
        self.changes.is_empty() && self.undecided.is_empty()
    }
}
