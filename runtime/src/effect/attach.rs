//! What was written in a chat, as a file that hangs on the client and the order.
//!
//! Two requests, and each its own effect. The upload makes the file; it has no name and no external id, so when its answer
//! was lost, files of its size are listed and what is in them is compared (the text ends with a mark that no other has).
//! A file that hangs on nothing yet harms nobody. Naming and attaching it may be repeated.

use jiff::SignedDuration;
use serde_json::json;

use super::request::{Sent, Whose};
use super::request_chat::{AttachFile, UploadTranscript};
use super::run::Look;
use super::verdict::{Done, Trouble};
use super::world::{Needed, Target, World};
use crate::crm::{Attached, AttachedTo, CrmError, FileSearch, Priority, Ref};
use crate::directory::crm_date;

/// How far the clock of the CRM may be from ours.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_hours(24);
/// Most files that are read in one look. There are as many only where hundreds of chats have the same length.
const MAX_READ: usize = 50;

pub(super) async fn look_upload(
    world: &World<'_>,
    wanted: &UploadTranscript,
    sent: &Sent,
    needed: &Needed,
) -> Result<Look, Trouble> {
    if places(&wanted.client, &wanted.order, needed).is_empty() {
        return Ok(Look::Done(nowhere()));
    }
    let Some(first_at) = sent.first_at.filter(|_| sent.may_be_there()) else { return Ok(Look::Absent) };
    let from = first_at.checked_sub(CLOCK_SKEW).unwrap_or(first_at);
    let size = u64::try_from(wanted.text.len()).unwrap_or(u64::MAX);
    let search = FileSearch { created_from: crm_date(from, &world.directory.zones().crm), size };
    let urgency = world.urgency(Priority::Upload);
    let files = world.crm.files(&search, urgency).await.map_err(|error| Trouble::of_read(&error))?;
    if files.len() > MAX_READ {
        let error = format!("{} files have the size of this one; it is not known which it is", files.len());
        return Err(Trouble::Retry { error, at_least: std::time::Duration::from_secs(3600), counts: true });
    }
    for file in &files {
        match world.crm.download_file(file.id, urgency).await {
            Ok(content) if content == wanted.text.as_bytes() => {
                return Ok(Look::Done(Done::with(file.id, json!({ "found": true }))));
            }
            // Deleted meanwhile, or somebody else's.
            Ok(_) | Err(CrmError::NotFound) => {}
            Err(error) => return Err(Trouble::of_read(&error)),
        }
    }
    Ok(Look::Absent)
}

pub(super) async fn upload(
    world: &World<'_>,
    wanted: &UploadTranscript,
    needed: &Needed,
) -> Result<Done, Trouble> {
    if places(&wanted.client, &wanted.order, needed).is_empty() {
        return Ok(nowhere());
    }
    let content = wanted.text.clone().into_bytes().into();
    let made = world.crm.upload_file(content, world.urgency(Priority::Upload)).await;
    let id = made.map_err(|error| Trouble::of_write(&error))?;
    Ok(Done::with(id, json!({ "bytes": wanted.text.len() })))
}

pub(super) fn look(wanted: &AttachFile, needed: &Needed) -> Look {
    match needed.target(&Whose::Effect(wanted.file.clone())) {
        Target::Id { .. } => Look::Absent,
        Target::Nobody | Target::Missing => Look::Done(Done::skipped("there is no file")),
    }
}

pub(super) async fn send(world: &World<'_>, wanted: &AttachFile, needed: &Needed) -> Result<Done, Trouble> {
    let Target::Id { id, .. } = needed.target(&Whose::Effect(wanted.file.clone())) else {
        return Ok(Done::skipped("there is no file"));
    };
    let attachment = places(&wanted.client, &wanted.order, needed);
    let file = Attached { id, filename: wanted.name.clone(), attachment };
    let done = world.crm.attach_file(&file, world.urgency(Priority::Upload)).await;
    done.map_err(|error| Trouble::of_read(&error))?;
    Ok(Done::with(id, json!({ "filename": file.filename, "attachment": file.attachment })))
}

/// What a file is to hang on, of what there is.
fn places(client: &Whose, order: &Whose, needed: &Needed) -> Vec<AttachedTo> {
    let id = |whose| match needed.target(whose) {
        Target::Id { id, .. } => Some(Ref { id }),
        Target::Nobody | Target::Missing => None,
    };
    let client = id(client).map(AttachedTo::Customer);
    client.into_iter().chain(id(order).map(AttachedTo::Order)).collect()
}

fn nowhere() -> Done {
    Done::skipped("there is neither a client nor an order to attach it to")
}
