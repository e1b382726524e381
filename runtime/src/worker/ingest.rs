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
use crate::communication::{Call, KIND, Stage, Written};
use crate::source::uis::{
    Decoded, News, Notification, SOURCE, Stored, decode_stored, session_key, written_session,
};
use crate::store::record::{
    Change, ClickId, Communication, Event, Json, LaneWork, Phase, PutCommunication, SessionKey,
};

/// A communication being changed.
struct Draft {
    what: Kept,
    phase: Phase,
    due_at: Option<Timestamp>,
    /// Recordings that were known when nothing was waited for any longer.
    known: Option<BTreeSet<String>>,
    /// Whether something new was heard of it.
    changed: bool,
}

/// What is kept of a communication.
enum Kept {
    Call(Box<Call>),
    Written(Box<Written>),
}

/// What an event says, and of what.
enum Said {
    Call(Box<Notification>),
    Written(Box<News>),
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
    let said = match decode_stored(&delivery) {
        Decoded::Notification { notification, .. } => Said::Call(notification),
        Decoded::Written { news, .. } => Said::Written(news),
        Decoded::Unparsed { reason } => return Err(reason.text().en.to_string()),
    };
    let key = said.session();
    if let Said::Call(notification) = &said
        && let Some(click) = notification.external_id.as_deref().and_then(click_of)
    {
        clicks.insert(key.clone(), click);
    }
    if !drafts.contains_key(&key) {
        let draft = match known.iter().find(|known| known.key == key) {
            Some(known) => {
                let what = said
                    .kept(&known.data)
                    .map_err(|error| format!("its communication cannot be read: {error}"))?;
                let links = match &what {
                    Kept::Call(call) if known.phase == Phase::Closed => Some(links(call)),
                    Kept::Call(_) | Kept::Written(_) => None,
                };
                Draft { what, phase: known.phase, due_at: known.due_at, known: links, changed: false }
            }
            None => {
                Draft { what: said.unheard(), phase: Phase::Open, due_at: None, known: None, changed: false }
            }
        };
        drafts.insert(key.clone(), draft);
    }
    if let Some(draft) = drafts.get_mut(&key) {
        draft.changed |= draft.what.hear(said, event.received_at);
    }
    Ok(())
}

fn links(call: &Call) -> BTreeSet<String> {
    call.record_links().map(str::to_owned).collect()
}

impl Said {
    fn session(&self) -> SessionKey {
        match self {
            Self::Call(notification) => session_key(notification.session),
            Self::Written(news) => written_session(news.code.kind(), news.communication),
        }
    }

    /// What is kept of it, read.
    fn kept(&self, data: &Json) -> Result<Kept, serde_json::Error> {
        match self {
            Self::Call(_) => data.read().map(|call| Kept::Call(Box::new(call))),
            Self::Written(_) => data.read().map(|written| Kept::Written(Box::new(written))),
        }
    }

    /// What is kept of it when nothing was heard before.
    fn unheard(&self) -> Kept {
        match self {
            Self::Call(notification) => Kept::Call(Box::new(Call::new(notification.session))),
            Self::Written(news) => {
                Kept::Written(Box::new(Written::new(news.code.kind(), news.communication)))
            }
        }
    }
}

impl Kept {
    fn hear(&mut self, said: Said, at: Timestamp) -> bool {
        match (self, said) {
            (Self::Call(call), Said::Call(notification)) => call.hear(*notification, at),
            (Self::Written(written), Said::Written(news)) => written.hear(*news, at),
            // A session names its kind, so this does not happen.
            (Self::Call(_), Said::Written(_)) | (Self::Written(_), Said::Call(_)) => false,
        }
    }
}

/// A communication after its events: still going on, ending, or, when it was decided already, as far as it was. One that
/// was closed is looked at again when a recording became known.
fn put(turn: &Turn<'_>, key: SessionKey, draft: Draft, now: Timestamp) -> Result<PutCommunication, Halt> {
    let Draft { what, phase, due_at, known, changed } = draft;
    let call = match what {
        Kept::Call(call) => call,
        Kept::Written(written) => return put_written(key, &written, (phase, due_at), changed, now),
    };
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

/// A chat or a request after its events: to be looked at, when something new was heard. One that was closed may get a
/// contact yet.
fn put_written(
    key: SessionKey,
    written: &Written,
    (phase, due_at): (Phase, Option<Timestamp>),
    changed: bool,
    now: Timestamp,
) -> Result<PutCommunication, Halt> {
    let data = Json::of(written).map_err(|error| Halt::Bug(format!("a chat has no JSON form: {error}")))?;
    let kind = SmolStr::new_static(written.kind().as_str());
    let (phase, due_at) = match (changed, phase) {
        (true, Phase::Closed) => (Phase::Decided, Some(now)),
        (true, phase) => (phase, Some(now)),
        (false, phase) => (phase, due_at),
    };
    Ok(PutCommunication { key, kind, data, phase, due_at })
}

/// A call as it is kept.
pub(super) fn written(call: &Call) -> Result<Json, Halt> {
    Json::of(call).map_err(|error| Halt::Bug(format!("a call has no JSON form: {error}")))
}
