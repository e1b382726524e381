//! What was written in a chat, as a note in the client's card.
//!
//! A note has no external id, so it carries a mark; when the answer of a create was lost, the notes of the client are
//! listed and the mark is looked for (reference, section 7.5).

use serde_json::json;

use super::request::{NoteTranscript, Sent};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, Target, World};
use crate::crm::{Note, Priority, Ref};

pub(super) async fn look(
    world: &World<'_>,
    wanted: &NoteTranscript,
    sent: &Sent,
    needed: &Needed,
) -> Result<Look, Trouble> {
    let Target::Id { id, .. } = needed.target(&wanted.client) else {
        return Ok(Look::Done(Done::skipped("there is no client to note it at")));
    };
    if !sent.may_be_there() {
        return Ok(Look::Absent);
    }
    let notes = world.crm.notes(id, world.urgency(Priority::Upload)).await;
    let notes = notes.map_err(|error| Trouble::of_read(&error))?;
    let there = notes.iter().find(|note| note.text.split_whitespace().any(|word| word == wanted.marker));
    Ok(there.map_or(Look::Absent, |note| Look::Done(Done::with(note.id, json!({ "found": true })))))
}

pub(super) async fn send(
    world: &World<'_>,
    wanted: &NoteTranscript,
    needed: &Needed,
) -> Result<Done, Trouble> {
    let Target::Id { id, site, .. } = needed.target(&wanted.client) else {
        return Ok(Done::skipped("there is no client to note it at"));
    };
    let text = format!("{}\n\n{}", wanted.text, wanted.marker);
    let note = Note { text, customer: Ref { id }, manager_id: None };
    let site = site.as_deref().unwrap_or(&wanted.site);
    let made = world.crm.create_note(&note, site, world.urgency(Priority::Upload)).await;
    let id = made.map_err(|error| Trouble::of_write(&error))?;
    Ok(Done::with(id, json!({ "letters": wanted.text.chars().count() })))
}
