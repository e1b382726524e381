//! What was written in a chat, as a note in the client's card.

use serde_json::json;

use super::note::Note;
use super::request::Sent;
use super::request_chat::NoteTranscript;
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, World};

pub(super) async fn look(
    world: &World<'_>,
    wanted: &NoteTranscript,
    sent: &Sent,
    needed: &Needed,
) -> Result<Look, Trouble> {
    note(wanted).look(world, sent, needed, nobody).await
}

pub(super) async fn send(
    world: &World<'_>,
    wanted: &NoteTranscript,
    needed: &Needed,
) -> Result<Done, Trouble> {
    let response = json!({ "letters": wanted.text.chars().count() });
    note(wanted).send(world, needed, &wanted.text, response, nobody).await
}

fn note(wanted: &NoteTranscript) -> Note<'_> {
    Note { client: &wanted.client, marker: &wanted.marker, site: &wanted.site }
}

fn nobody() -> Done {
    Done::skipped("there is no client to note it at")
}
