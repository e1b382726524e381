//! A note in the client's card that is made once.
//!
//! A note has no external id, so it carries a mark; when the answer of a create was lost, the notes of the client are
//! listed and the mark is looked for (reference, section 7.5).

use serde_json::{Value, json};

use super::request::{Sent, Whose};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, Target, World};
use crate::crm::{self, Priority, Ref};

/// A note, as it is looked for and made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note<'a> {
    /// In whose card.
    pub(super) client: &'a Whose,
    /// The mark.
    pub(super) marker: &'a str,
    /// The shop, when the client's own is not known.
    pub(super) site: &'a str,
}

impl Note<'_> {
    /// Looks for it, when it may be there. `nobody` says what was left undone where there is no client.
    pub(super) async fn look(
        &self,
        world: &World<'_>,
        sent: &Sent,
        needed: &Needed,
        nobody: impl FnOnce() -> Done,
    ) -> Result<Look, Trouble> {
        let Target::Id { id, .. } = needed.target(self.client) else { return Ok(Look::Done(nobody())) };
        if !sent.may_be_there() {
            return Ok(Look::Absent);
        }
        let notes = world.crm.notes(id, world.urgency(Priority::Upload)).await;
        let notes = notes.map_err(|error| Trouble::of_read(&error))?;
        let there = notes.iter().find(|note| note.text.split_whitespace().any(|word| word == self.marker));
        Ok(there.map_or(Look::Absent, |note| Look::Done(Done::with(note.id, json!({ "found": true })))))
    }

    /// Makes it: `text`, and the mark below. `response` is what is worth keeping of it.
    pub(super) async fn send(
        &self,
        world: &World<'_>,
        needed: &Needed,
        text: &str,
        response: Value,
        nobody: impl FnOnce() -> Done,
    ) -> Result<Done, Trouble> {
        let Target::Id { id, site, .. } = needed.target(self.client) else { return Ok(nobody()) };
        let text = format!("{text}\n\n{}", self.marker);
        let note = crm::Note { text, customer: Ref { id }, manager_id: None };
        let site = site.as_deref().unwrap_or(self.site);
        let made = world.crm.create_note(&note, site, world.urgency(Priority::Upload)).await;
        let id = made.map_err(|error| Trouble::of_write(&error))?;
        Ok(Done::with(id, response))
    }
}
