//! Recordings that become known after the call was uploaded.
//!
//! The history has no place for them any more (reference, section 5.2), so they are noted at the client; or, where the
//! settings say so and the call stands there without any recording, the call is uploaded once more. What was told of
//! already is read from the effects of the call, so that no recording is told of twice.

use std::collections::BTreeSet;

use switchboard_engine::decide::Decision;

use super::turn::Halt;
use crate::communication::Merged;
use crate::config::LateRecords;
use crate::effect::plan::{self, Before, Context};
use crate::effect::{Request, Stored, StoredError, plan_later};
use crate::store::record::{Effect, NewEffect};

/// Recordings that effects of an uploaded call tell of.
#[derive(Debug, Default)]
pub(super) struct Told {
    links: BTreeSet<String>,
    /// Whether the call stands in the history with one.
    in_history: bool,
}

impl Told {
    /// What effects of a call tell of; nothing when the call was never to be uploaded.
    pub(super) fn of(effects: &[Effect]) -> Option<Self> {
        let mut told = Self::default();
        let mut uploaded = false;
        for effect in effects {
            // One that cannot be read is given up by whoever carries it out.
            let Ok(Stored { request, .. }) = Stored::read(&effect.request) else { continue };
            match request {
                Request::UploadCall(upload) => {
                    uploaded = true;
                    told.in_history |= upload.record_url.is_some();
                    told.links.extend(upload.record_url);
                }
                Request::NoteRecords(note) => told.links.extend(note.links),
                _ => {}
            }
        }
        uploaded.then_some(told)
    }
}

/// Whether a call waits for a person, who will have it decided again with all that is known then.
pub(super) fn awaits_person(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| effect.kind == "await_person")
}

/// What follows when recordings of an uploaded call became known: fields that have a value now, and the recordings.
pub(super) fn effects(
    told: &Told,
    setting: LateRecords,
    before: &Before,
    decision: &Decision,
    merged: &Merged,
    context: &Context<'_>,
) -> Result<Vec<NewEffect>, Halt> {
    let bug = |error: StoredError| Halt::Bug(error.to_string());
    let mut effects = plan::late_fields(before, decision, context).map_err(bug)?;
    let links = merged.recordings.iter().map(|recording| &recording.link);
    let mut links: Vec<String> = links.filter(|link| !told.links.contains(*link)).cloned().collect();
    if setting == LateRecords::Upload
        && !told.in_history
        && let Some(principal) = merged.recording().filter(|one| links.contains(&one.link))
        && let Some(upload) = plan::upload_again(before, decision, context).map_err(bug)?
    {
        links.retain(|link| *link != principal.link);
        effects.push(upload);
    }
    let started = merged.started.instant();
    let store = decision.store.as_ref();
    effects.extend(plan_later::late_records(links, before, store, started, context).map_err(bug)?);
    Ok(effects)
}
