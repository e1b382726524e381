//! Recordings that have no place in the history: a note in the client's card.
//!
//! A call of the history has room for one recording (reference, section 5.2). After a transfer there may be several and
//! none of the whole call; and one may become known after the upload. They are written down where people look. A note has no external id, so it carries a
//! mark, and when the answer of a create was lost, the notes of the client are listed and the mark is looked for
//! (section 7.5).

use serde_json::json;

use super::request::{NoteRecords, Sent};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, Target, World};
use crate::crm::{Note, Priority, Ref};
use crate::directory::crm_minute;

pub(super) async fn look(
    world: &World<'_>,
    wanted: &NoteRecords,
    sent: &Sent,
    needed: &Needed,
) -> Result<Look, Trouble> {
    let Target::Id { id, .. } = needed.target(&wanted.client) else { return Ok(Look::Done(nobody(wanted))) };
    if !sent.may_be_there() {
        return Ok(Look::Absent);
    }
    let notes = world.crm.notes(id, world.urgency(Priority::Upload)).await;
    let notes = notes.map_err(|error| Trouble::of_read(&error))?;
    let there = notes.iter().find(|note| note.text.split_whitespace().any(|word| word == wanted.marker));
    Ok(there.map_or(Look::Absent, |note| Look::Done(Done::with(note.id, json!({ "found": true })))))
}

pub(super) async fn send(world: &World<'_>, wanted: &NoteRecords, needed: &Needed) -> Result<Done, Trouble> {
    let Target::Id { id, site, .. } = needed.target(&wanted.client) else { return Ok(nobody(wanted)) };
    let date = crm_minute(wanted.started, &world.directory.zones().crm);
    let which = if wanted.late {
        "Записи звонка, появившиеся позже"
    } else {
        "Другие записи звонка"
    };
    let text = format!("{which} {date}:\n{}\n\n{}", wanted.links.join("\n"), wanted.marker);
    let note = Note { text, customer: Ref { id }, manager_id: None };
    let site = site.as_deref().unwrap_or(&wanted.site);
    let made = world.crm.create_note(&note, site, world.urgency(Priority::Upload)).await;
    let id = made.map_err(|error| Trouble::of_write(&error))?;
    Ok(Done::with(id, json!({ "records": wanted.links.len() })))
}

/// Nowhere to write; the links stay where people can look them up.
fn nobody(wanted: &NoteRecords) -> Done {
    let response = json!({ "skipped": "there is no client to note them at", "records": wanted.links });
    Done { response, ..Done::default() }
}
