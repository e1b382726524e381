//! Recordings that have no place in the history: a note in the client's card.
//!
//! A call of the history has room for one recording (reference, section 5.2). After a transfer there may be several and
//! none of the whole call; and one may become known after the upload. They are written down where people look.

use serde_json::json;

use super::note::Note;
use super::request::{NoteRecords, Sent};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, World};
use crate::directory::crm_minute;

pub(super) async fn look(
    world: &World<'_>,
    wanted: &NoteRecords,
    sent: &Sent,
    needed: &Needed,
) -> Result<Look, Trouble> {
    note(wanted).look(world, sent, needed, || nobody(wanted)).await
}

pub(super) async fn send(world: &World<'_>, wanted: &NoteRecords, needed: &Needed) -> Result<Done, Trouble> {
    let date = crm_minute(wanted.started, &world.directory.zones().crm);
    let which = if wanted.late {
        "Записи звонка, появившиеся позже"
    } else {
        "Другие записи звонка"
    };
    let text = format!("{which} {date}:\n{}", wanted.links.join("\n"));
    let response = json!({ "records": wanted.links.len() });
    note(wanted).send(world, needed, &text, response, || nobody(wanted)).await
}

fn note(wanted: &NoteRecords) -> Note<'_> {
    Note { client: &wanted.client, marker: &wanted.marker, site: &wanted.site }
}

/// Nowhere to write; the links stay where people can look them up.
fn nobody(wanted: &NoteRecords) -> Done {
    let response = json!({ "skipped": "there is no client to note them at", "records": wanted.links });
    Done { response, ..Done::default() }
}
