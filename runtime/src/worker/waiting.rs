//! What is written of a call that is not decided yet: that it is closed, or when it is looked at again, and why.

use std::time::Duration;

use jiff::Timestamp;
use smol_str::SmolStr;

use super::ingest::written;
use super::judge::{DIRECTORY_WAIT, FACTS_WAIT, Judged};
use super::keeper::{later, whole};
use super::turn::{Halt, Turn};
use crate::communication::{Call, KIND};
use crate::crm::{Class, CrmError};
use crate::directory::NotReady;
use crate::observe::mask_text;
use crate::store::record::{Change, Communication, Json, Phase, PutCommunication};

pub(super) fn read(data: &Json) -> Result<Call, Halt> {
    data.read().map_err(|error| Halt::Bug(format!("a communication cannot be read: {error}")))
}

pub(super) fn put(
    communication: &Communication,
    call: &Call,
    phase: Phase,
    due_at: Option<Timestamp>,
) -> Result<PutCommunication, Halt> {
    Ok(PutCommunication {
        key: communication.key.clone(),
        kind: SmolStr::new_static(KIND),
        data: written(call)?,
        phase,
        due_at: due_at.map(whole),
    })
}

/// A communication that nothing follows from.
pub(super) async fn close(
    turn: &Turn<'_>,
    communication: &Communication,
    call: &Call,
    now: Timestamp,
) -> Result<Judged, Halt> {
    let put = put(communication, call, Phase::Closed, None)?;
    turn.commit(now, vec![Change::PutCommunication(put)]).await?;
    Ok(Judged::Changed)
}

/// Looks again later.
pub(super) async fn postpone(
    turn: &Turn<'_>,
    communication: &Communication,
    call: &Call,
    wait: Duration,
    now: Timestamp,
) -> Result<Judged, Halt> {
    let due_at = later(now, turn.core.backoff.around(wait));
    let put = put(communication, call, communication.phase, Some(due_at))?;
    turn.commit(now, vec![Change::PutCommunication(put)]).await?;
    Ok(Judged::Waits(due_at))
}

/// Too little is known of the account. The longer a call has waited, the longer it waits on: to look is to write.
pub(super) async fn wait_for_directory(
    turn: &Turn<'_>,
    communication: &Communication,
    call: &Call,
    not_ready: &NotReady,
    now: Timestamp,
) -> Result<Judged, Halt> {
    tracing::debug!(account = %turn.account.id, %not_ready, "call waits");
    let wait = (waited(call, now) / 4).min(DIRECTORY_WAIT).max(not_ready.wait);
    postpone(turn, communication, call, wait, now).await
}

/// How long ago the end of a call was heard of.
pub(super) fn waited(call: &Call, now: Timestamp) -> Duration {
    call.end_heard().map(|at| now.duration_since(at).unsigned_abs()).unwrap_or_default()
}

/// The CRM does not say what it knows, so nothing can be decided.
pub(super) async fn cannot_ask(
    turn: &Turn<'_>,
    communication: &Communication,
    call: &Call,
    error: &CrmError,
    now: Timestamp,
) -> Result<Judged, Halt> {
    if error.class() == Class::StopAccount {
        turn.stop(&error.to_string(), now).await?;
        return Err(Halt::Stopped);
    }
    let (least, most) = FACTS_WAIT;
    let wait = match error {
        CrmError::Paused { wait } => *wait,
        _ => (waited(call, now) / 2).clamp(least, most),
    };
    let shown = mask_text(&error.to_string());
    if error.class() == Class::Retry {
        tracing::info!(account = %turn.account.id, session = %communication.key, error = shown, "call waits for facts");
    } else {
        tracing::warn!(account = %turn.account.id, session = %communication.key, error = shown, "call waits for facts");
    }
    postpone(turn, communication, call, wait, now).await
}
