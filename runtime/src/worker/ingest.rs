//! Events into communications.
//!
//! Every available event of the lane is read again from its bytes, merged into its communication, and marked done, all in
//! one commit. What cannot be merged is parked with the reason; the others go on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use smol_str::SmolStr;

use super::keeper::whole;
use super::measure;
use super::turn::{Halt, Turn};
use crate::click::click_of;
use crate::communication::{Call, KIND, Stage};
use crate::source::uis::{Decoded, SOURCE, Stored, decode_stored, session_key};
use crate::store::record::{
    Change, ClickId, Communication, Event, Json, LaneWork, Phase, PutCommunication, SessionKey,
};

/// A communication being changed.
struct Draft {
    call: Call,
    phase: Phase,
    due_at: Option<Timestamp>,
    /// Recordings that were known when nothing was waited for any longer.
    known: Option<BTreeSet<String>>,
}

/// Merges the events of the lane; says whether there were any.
pub(super) async fn ingest(turn: &Turn<'_>, work: &LaneWork, now: Timestamp) -> Result<bool, Halt> {
    if work.events.is_empty() {
        return Ok(false);
    }
    let mut drafts: BTreeMap<SessionKey, Draft> = BTreeMap::new();
    let mut clicks: BTreeMap<SessionKey, (ClickId, i64)> = BTreeMap::new();
    let mut changes = Vec::new();
    let mut merged = 0;
    for event in &work.events {
        match merge(event, &work.communications, &mut drafts, &mut clicks) {
            Ok(()) => {
                merged += 1;
                changes.push(Change::EventDone { seq: event.seq });
            }
            Err(error) => {
                tracing::warn!(account = %turn.account.id, seq = %event.seq, error, "event was parked");
                measure::parked(&turn.account.id);
                changes.push(Change::EventParked { seq: event.seq, error });
            }
        }
    }
    for (key, click) in &clicks {
        // Before the commit: should this be interrupted, the events come again.
        let known = turn.core.store.click_became(&turn.account.id, *click, key, now).await?;
        tracing::debug!(account = %turn.account.id, session = %key, known, "call names a click");
    }
    for (key, draft) in drafts {
        changes.push(Change::PutCommunication(put(turn, key, draft, now)?));
    }
    turn.commit(now, changes).await?;
    measure::merged(&turn.account.id, merged);
    Ok(true)
}

fn merge(
    event: &Event,
    known: &[Communication],
    drafts: &mut BTreeMap<SessionKey, Draft>,
    clicks: &mut BTreeMap<SessionKey, (ClickId, i64)>,
) -> Result<(), String> {
    if event.source != SOURCE {
        return Err(format!("source `{}` is not known", event.source));
    }
    let delivery = Stored::unpack(&event.event, &event.content_type, event.body.as_bytes());
    let notification = match decode_stored(&delivery) {
        Decoded::Notification { notification, .. } => *notification,
        Decoded::Unparsed { reason } => return Err(reason.text().en.to_string()),
    };
    let key = session_key(notification.session);
    if let Some(click) = notification.external_id.as_deref().and_then(click_of) {
        clicks.insert(key.clone(), click);
    }
    if !drafts.contains_key(&key) {
        let draft = match known.iter().find(|known| known.key == key) {
            Some(known) => {
                let call: Call = known
                    .data
                    .read()
                    .map_err(|error| format!("its communication cannot be read: {error}"))?;
                let links = (known.phase == Phase::Closed).then(|| links(&call));
                Draft { call, phase: known.phase, due_at: known.due_at, known: links }
            }
            None => {
                Draft { call: Call::new(notification.session), phase: Phase::Open, due_at: None, known: None }
            }
        };
        drafts.insert(key.clone(), draft);
    }
    if let Some(draft) = drafts.get_mut(&key) {
        draft.call.hear(notification, event.received_at);
    }
    Ok(())
}

fn links(call: &Call) -> BTreeSet<String> {
    call.record_links().map(str::to_owned).collect()
}

/// A communication after its events: still going on, ending, or, when it was decided already, as far as it was. One that
/// was closed is looked at again when a recording became known.
fn put(turn: &Turn<'_>, key: SessionKey, draft: Draft, now: Timestamp) -> Result<PutCommunication, Halt> {
    let Draft { call, phase, due_at, known } = draft;
    let (phase, due_at) = match phase {
        Phase::Open | Phase::Ending => match call.stage(now, &turn.account.timing) {
            Stage::Open { until } => (Phase::Open, Some(whole(until))),
            Stage::Settling { until } => (Phase::Ending, Some(whole(until))),
            Stage::Over { .. } => (Phase::Ending, Some(now)),
        },
        Phase::Closed if known.is_some_and(|known| !links(&call).is_subset(&known)) => {
            (Phase::Decided, Some(now))
        }
        decided => (decided, due_at),
    };
    Ok(PutCommunication { key, kind: SmolStr::new_static(KIND), data: written(&call)?, phase, due_at })
}

/// A call as it is kept.
pub(super) fn written(call: &Call) -> Result<Json, Halt> {
    Json::of(call).map_err(|error| Halt::Bug(format!("a call has no JSON form: {error}")))
}
