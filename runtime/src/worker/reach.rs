//! Tasks that are to be completed when the client is reached.
//!
//! A task with `cancel when reached` is remembered under the client's number, from the commit that plans it, until it is
//! due or the client was talked to. The memory is one link for each number, read and written under the lease of the
//! contact's lane, so that no two calls of the contact change it at once; and the effect that completes the task is
//! planned in the commit that forgets it, so that it is planned once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use switchboard_engine::decide::Decision;

use super::turn::{Halt, Turn};
use crate::communication::{Merged, Whole};
use crate::effect::plan::Context;
use crate::effect::{StoredError, key, plan_later};
use crate::store::record::{Change, EffectKey, Link, NaturalKey, NewEffect};

/// The kind of links from a number to its open tasks.
const LINK: &str = "open_tasks";
/// The most tasks of one number that are remembered; the latest ones.
const MOST: usize = 50;

/// A task that waits for its client to be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct OpenTask {
    /// The effect that makes it.
    key: EffectKey,
    /// Its shop.
    site: String,
    /// When the call ended that it follows from: an earlier talk does not reach anybody.
    since: Timestamp,
    /// Until when it is completed by a talk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
}

/// A call or a chat, as far as it may have reached somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct Contacted<'a> {
    /// The client's number.
    pub(super) phone: Option<&'a str>,
    /// Whether both sides talked, or wrote.
    pub(super) talked: bool,
    /// When it began.
    pub(super) began: Timestamp,
    /// When it ended.
    pub(super) ended: Timestamp,
}

impl<'a> Contacted<'a> {
    /// As a call was.
    pub(super) fn by(merged: &'a Merged) -> Self {
        let (began, ended) = (merged.started.instant(), merged.finished.instant());
        Self { phone: merged.phone(), talked: merged.talked, began, ended }
    }

    /// As a chat was.
    pub(super) fn by_writing(whole: &'a Whole) -> Self {
        let phone = whole.contacts.phones.first().map(String::as_str);
        let (began, ended) = (whole.started.instant(), whole.finished.instant());
        Self { phone, talked: whole.talked, began, ended }
    }
}

/// What a call or a chat means for the tasks of its contact: effects to plan, and the memory afterwards.
pub(super) async fn reach(
    turn: &Turn<'_>,
    decision: &Decision,
    contacted: Contacted<'_>,
    context: &Context<'_>,
) -> Result<(Vec<NewEffect>, Option<Change>), Halt> {
    let nothing = (Vec::new(), None);
    let adds = decision.tasks.iter().any(|task| task.cancel_when_reached);
    let Some(phone) = contacted.phone.filter(|_| decision.accepted && (adds || contacted.talked)) else {
        return Ok(nothing);
    };
    let number = NaturalKey::new(phone);
    let known = turn.core.store.link(&turn.account.id, LINK, &number).await?;
    let known: Vec<OpenTask> =
        known.and_then(|link| serde_json::from_str(&link.remote_id).ok()).unwrap_or_default();
    if known.is_empty() && !adds {
        return Ok(nothing);
    }
    let (reached, mut open) = split(known, contacted);
    let effects = reached.iter().map(|task| plan_later::task_reached(&task.key, &task.site, context));
    let effects: Result<Vec<NewEffect>, StoredError> = effects.collect();
    let effects = effects.map_err(|error| Halt::Bug(error.to_string()))?;
    let site = decision.store.as_ref().map_or(context.site, SmolStr::as_str);
    for task in decision.tasks.iter().filter(|task| task.cancel_when_reached) {
        let key = key::task_key(context.session, &task.name);
        open.retain(|other| other.key != key);
        open.push(OpenTask {
            key,
            site: site.to_owned(),
            since: contacted.ended,
            due: task.due.map(|due| due.instant()),
        });
    }
    Ok((effects, Some(remember(number, &open, context.now)?)))
}

/// Tasks that are completed, and those that go on waiting. One whose time is over waits for nothing.
fn split(known: Vec<OpenTask>, contacted: Contacted<'_>) -> (Vec<OpenTask>, Vec<OpenTask>) {
    let Contacted { talked, began, ended, .. } = contacted;
    let in_time = known.into_iter().filter(|task| task.due.is_none_or(|due| began <= due));
    in_time.partition(|task| talked && task.since < ended)
}

fn remember(number: NaturalKey, open: &[OpenTask], now: Timestamp) -> Result<Change, Halt> {
    let kind = SmolStr::new_static(LINK);
    if open.is_empty() {
        return Ok(Change::DropLink { kind, natural_key: number });
    }
    let latest = open.get(open.len().saturating_sub(MOST)..).unwrap_or(open);
    let kept = serde_json::to_string(latest).map_err(|error| Halt::Bug(error.to_string()))?;
    Ok(Change::PutLink(Link { kind, natural_key: number, remote_id: kept.into(), checked_at: now }))
}
