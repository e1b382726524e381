//! Effects into requests.
//!
//! One effect at a time, in the order of the lane. The protocol of each:
//!
//! 1. look whether it is there already, where that can be (before the first request, and always after one whose answer
//!    was lost);
//! 2. commit that a request is about to leave (*in flight*), with the moment at which it cannot be under way any more;
//! 3. send;
//! 4. commit what came of it.
//!
//! A crash between 2 and 4, a lost answer, and an answer that cannot be read are the same: *unknown*. From there the
//! only way on is to look, more than once where a record may turn up late. An effect that fails holds the ones behind
//! it until it succeeds or is given up; uploads of calls hold only each other, since nothing depends on them.

use std::time::Duration;

use jiff::Timestamp;
use smol_str::ToSmolStr as _;

use super::keeper::later;
use super::measure;
use super::turn::{Halt, Turn};
use crate::directory::Snapshot;
use crate::effect::{self, Done, Look, Need, Needed, Request, Sent, Stored, Trouble, World};
use crate::store::record::{Change, Effect, EffectClass, EffectState, Json, LaneWork, Progress};

/// How much longer than its time-out a request may be under way.
const IN_FLIGHT_MARGIN: Duration = Duration::from_secs(1);

/// What a pass over the effects did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivered {
    /// Nothing is pending.
    Nothing,
    /// Something changed; there may be more to do.
    Some,
    /// What is pending waits until then.
    Waits(Timestamp),
}

impl Delivered {
    /// When to look again.
    pub(super) fn wake(self) -> Option<Timestamp> {
        match self {
            Self::Waits(until) => Some(until),
            Self::Nothing | Self::Some => None,
        }
    }
}

/// Takes the next step of the first effect that is pending: of those that decisions depend on, or of the others.
pub(super) async fn deliver(turn: &Turn<'_>, work: &LaneWork, entities: bool) -> Result<Delivered, Halt> {
    let first =
        work.effects.iter().find(|effect| is_entity(effect) == entities && effect.state != EffectState::Held);
    let Some(first) = first else { return Ok(Delivered::Nothing) };
    let now = turn.now();
    if first.next_at > now {
        return Ok(Delivered::Waits(first.next_at));
    }
    step(turn, first, now).await?;
    Ok(Delivered::Some)
}

fn is_entity(effect: &Effect) -> bool {
    effect.kind != "upload_call"
}

async fn step(turn: &Turn<'_>, effect: &Effect, now: Timestamp) -> Result<(), Halt> {
    let mut stored = match Stored::read(&effect.request) {
        Ok(stored) => stored,
        Err(error) => return settle(turn, effect, None, Step::Dead(error.to_string()), now).await,
    };
    if effect.state == EffectState::InFlight {
        // Whoever sent it is gone, and so is the request by now.
        let error = "interrupted while it was under way".to_owned();
        return settle(turn, effect, Some(stored), Step::Unknown(error), now).await;
    }
    let needed = match needs(turn, effect).await? {
        Ok(needed) => needed,
        Err(error) => return settle(turn, effect, Some(stored), Step::Dead(error), now).await,
    };
    let directory = match turn.account.directory.current() {
        Ok(directory) => directory,
        Err(not_ready) => {
            let step = Step::Wait { error: not_ready.to_string(), wait: not_ready.wait };
            return settle(turn, effect, Some(stored), step, now).await;
        }
    };
    let looked = match look(turn, effect, &stored, &needed, &directory, now).await {
        Ok(Look::NobodyKnown { .. }) => {
            // Somebody may have been hired since the last listing.
            turn.account.directory.refresh().await;
            let directory = turn.account.directory.current().unwrap_or(directory);
            look(turn, effect, &stored, &needed, &directory, now).await
        }
        looked => looked,
    };
    let was_unknown = effect.state == EffectState::Unknown;
    match looked {
        Ok(Look::Done(done)) => {
            if was_unknown {
                measure::probe(&turn.account.id, &effect.kind, true);
            }
            settle(turn, effect, Some(stored), Step::Done(done), now).await
        }
        Ok(Look::NobodyKnown { error }) => {
            let trouble = Trouble::Retry { error, at_least: Duration::from_secs(600), counts: true };
            settle(turn, effect, Some(stored), Step::Trouble(trouble), now).await
        }
        Ok(Look::Absent) if was_unknown => {
            measure::probe(&turn.account.id, &effect.kind, false);
            stored.sent.absent += 1;
            match settle_wait(turn, &stored.sent) {
                Some(wait) => {
                    let error = effect.error.clone().unwrap_or_default();
                    settle(turn, effect, Some(stored), Step::LookAgain { error, wait }, now).await
                }
                // Looked for often and long enough: it did not happen.
                None => {
                    stored.sent.last_at = None;
                    request(turn, effect, stored, &needed).await
                }
            }
        }
        Ok(Look::Absent) => request(turn, effect, stored, &needed).await,
        // The look failed. It stays as unknown as it was.
        Err(trouble) => settle(turn, effect, Some(stored), Step::Trouble(trouble), now).await,
    }
}

async fn look(
    turn: &Turn<'_>,
    effect: &Effect,
    stored: &Stored,
    needed: &Needed,
    directory: &Snapshot,
    now: Timestamp,
) -> Result<Look, Trouble> {
    effect::look(&world(turn, effect, directory, now), stored, needed).await
}

fn world<'a>(turn: &'a Turn<'_>, effect: &Effect, directory: &'a Snapshot, now: Timestamp) -> World<'a> {
    World {
        account: &turn.account.id,
        crm: &turn.crm,
        store: &*turn.core.store,
        directory,
        now,
        again: effect.attempts > 0 || effect.state == EffectState::Unknown,
    }
}

/// Sends the request, between two commits.
async fn request(turn: &Turn<'_>, effect: &Effect, mut stored: Stored, needed: &Needed) -> Result<(), Halt> {
    let directory = match turn.account.directory.current() {
        Ok(directory) => directory,
        Err(not_ready) => {
            let step = Step::Wait { error: not_ready.to_string(), wait: not_ready.wait };
            return settle(turn, effect, Some(stored), step, turn.now()).await;
        }
    };
    let now = turn.now();
    if effect.attempts > 0
        && now.duration_since(effect.created_at).unsigned_abs() > turn.core.settings.horizon
    {
        let error = format!("given up: {}", effect.error.as_deref().unwrap_or_default());
        return settle(turn, effect, Some(stored), Step::Dead(error), now).await;
    }
    let before = stored.sent;
    stored.sent.first_at = before.first_at.or(Some(now));
    stored.sent.last_at = Some(now);
    stored.sent.absent = 0;
    let in_flight = Progress {
        state: EffectState::InFlight,
        attempts: effect.attempts + 1,
        next_at: later(now, turn.crm.timeout() + IN_FLIGHT_MARGIN),
        request: write(&stored)?,
        ..effect.progress(EffectState::InFlight)
    };
    turn.commit(now, vec![Change::PutProgress(in_flight)]).await?;
    let sent = effect::send(&world(turn, effect, &directory, now), &mut stored, needed).await;
    let now = turn.now();
    let step = match sent {
        Ok(done) => Step::Done(done),
        Err(trouble) => Step::Trouble(trouble),
    };
    if step.certainly_not_done(effect.class) {
        // Nothing of this request can turn up later; refusals are remembered.
        stored.sent = Sent { refused: stored.sent.refused, ..before };
    }
    let tried = Effect { attempts: effect.attempts + 1, state: EffectState::InFlight, ..effect.clone() };
    settle(turn, &tried, Some(stored), step, now).await
}

/// What became of an effect in one step.
enum Step {
    Done(Done),
    Trouble(Trouble),
    Unknown(String),
    LookAgain { error: String, wait: Duration },
    Wait { error: String, wait: Duration },
    Dead(String),
}

impl Step {
    fn certainly_not_done(&self, class: EffectClass) -> bool {
        match self {
            Self::Trouble(Trouble::Retry { .. } | Trouble::Dead { .. }) => true,
            Self::Trouble(Trouble::Stop { maybe_done, .. }) => {
                !maybe_done || class == EffectClass::Idempotent
            }
            _ => false,
        }
    }
}

/// Commits what became of an effect.
async fn settle(
    turn: &Turn<'_>,
    effect: &Effect,
    stored: Option<Stored>,
    step: Step,
    now: Timestamp,
) -> Result<(), Halt> {
    let request = match &stored {
        Some(stored) => write(stored)?,
        None => effect.request.clone(),
    };
    // What is in flight was at rest before: ready, unless a look is still owed.
    let owed = stored.as_ref().is_some_and(|stored| stored.sent.may_be_there())
        && effect.class == EffectClass::Probe;
    let at_rest = if owed { EffectState::Unknown } else { EffectState::Ready };
    let mut progress = Progress { request, next_at: now, ..effect.progress(at_rest) };
    let mut changes = Vec::new();
    let mut stop = None;
    let outcome = match step {
        Step::Done(done) => {
            progress.state = EffectState::Done;
            progress.remote_id = done.remote_id.map(|id| id.to_smolstr());
            progress.error = None;
            progress.response = Json::of(&done.response).ok();
            changes.extend(done.links.into_iter().map(Change::PutLink));
            changes.extend(
                done.dropped_links
                    .into_iter()
                    .map(|(kind, natural_key)| Change::DropLink { kind, natural_key }),
            );
            if let Some(stored) = &stored {
                measure::dropped(&turn.account.id, dropped(&stored.request));
            }
            "done"
        }
        Step::Unknown(error) | Step::Trouble(Trouble::Unknown { error }) => {
            unknown(turn, effect, &mut progress, error, now)
        }
        Step::LookAgain { error, wait } => {
            progress.state = EffectState::Unknown;
            progress.error = Some(error);
            progress.next_at = later(now, wait);
            "absent"
        }
        Step::Wait { error, wait } => {
            progress.error = Some(error);
            progress.next_at = later(now, turn.core.backoff.around(wait));
            "waits"
        }
        Step::Trouble(Trouble::Retry { error, at_least, counts }) => {
            if !counts {
                progress.attempts =
                    progress.attempts.saturating_sub(u32::from(effect.state == EffectState::InFlight));
            } else if effect.state != EffectState::InFlight {
                progress.attempts += 1;
            }
            let wait = turn.core.backoff.after(progress.attempts).max(at_least);
            let next_at = later(now, wait);
            if counts && next_at.duration_since(effect.created_at).unsigned_abs() > turn.core.settings.horizon
            {
                dead(&mut progress, format!("given up: {error}"))
            } else {
                progress.error = Some(error);
                progress.next_at = next_at;
                "retry"
            }
        }
        Step::Dead(error) | Step::Trouble(Trouble::Dead { error }) => dead(&mut progress, error),
        Step::Trouble(Trouble::Stop { error, maybe_done }) => {
            // No attempt is burnt: what stands in the way is not about this effect.
            progress.attempts =
                progress.attempts.saturating_sub(u32::from(effect.state == EffectState::InFlight));
            if maybe_done && effect.class == EffectClass::Probe {
                unknown(turn, effect, &mut progress, error.clone(), now);
            } else {
                progress.error = Some(error.clone());
            }
            stop = Some(error);
            "stopped"
        }
    };
    log(turn, effect, &progress, outcome);
    changes.insert(0, Change::PutProgress(progress));
    turn.commit(now, changes).await?;
    measure::effect(&turn.account.id, &effect.kind, outcome);
    match stop {
        Some(reason) => {
            turn.stop(&reason, now).await?;
            Err(Halt::Stopped)
        }
        None => Ok(()),
    }
}

/// Nobody knows whether it happened: look later, or repeat it when that does no harm.
fn unknown(
    turn: &Turn<'_>,
    effect: &Effect,
    progress: &mut Progress,
    error: String,
    now: Timestamp,
) -> &'static str {
    progress.error = Some(error);
    match effect.class {
        EffectClass::Idempotent => {
            progress.state = EffectState::Ready;
            progress.next_at = later(now, turn.core.backoff.after(progress.attempts));
            "retry"
        }
        EffectClass::Probe => {
            progress.state = EffectState::Unknown;
            progress.next_at = later(now, settle_wait(turn, &Sent::default()).unwrap_or_default());
            "unknown"
        }
        EffectClass::AtMostOnce => {
            dead(progress, "the outcome is not known, and it is never tried twice".to_owned())
        }
    }
}

fn dead(progress: &mut Progress, error: String) -> &'static str {
    progress.state = EffectState::Dead;
    progress.error = Some(error);
    "dead"
}

/// How long to wait before the next look, after `sent.absent` looks that found nothing; `None` after the last.
fn settle_wait(turn: &Turn<'_>, sent: &Sent) -> Option<Duration> {
    usize::try_from(sent.absent).ok().and_then(|index| turn.core.settings.settle.get(index)).copied()
}

/// What became of the effects that this one needs.
///
/// Those before it in the lane are settled, so what is needed is done, given up, or was never planned.
async fn needs(turn: &Turn<'_>, effect: &Effect) -> Result<Result<Needed, String>, Halt> {
    let needs: Vec<Need> = match effect.needs.read() {
        Ok(needs) => needs,
        Err(error) => return Ok(Err(format!("its needs cannot be read: {error}"))),
    };
    if needs.is_empty() {
        return Ok(Ok(Needed::default()));
    }
    let keys = needs.iter().map(|need| need.key.clone()).collect();
    let effects = turn.core.store.effects_by_key(&turn.account.id, keys).await?;
    let needed = Needed::of(&effects);
    for need in needs.iter().filter(|need| need.strict) {
        match needed.state(&need.key) {
            Some(EffectState::Done) => {}
            Some(_) => return Ok(Err(format!("needs `{}`, which was given up", need.key))),
            None => return Ok(Err(format!("needs `{}`, which does not exist", need.key))),
        }
    }
    Ok(Ok(needed))
}

fn dropped(request: &Request) -> usize {
    match request {
        Request::EnsureClient(wanted) => wanted.dropped.len(),
        Request::EnsureOrder(wanted) => wanted.dropped.len(),
        Request::WriteFields(wanted) => wanted.dropped.len(),
        Request::EnsureTask(_) | Request::UploadCall(_) => 0,
    }
}

fn write(stored: &Stored) -> Result<Json, Halt> {
    stored.write().map_err(|error| Halt::Bug(error.to_string()))
}

fn log(turn: &Turn<'_>, effect: &Effect, progress: &Progress, outcome: &'static str) {
    let (account, key, attempts) = (&turn.account.id, &effect.key, progress.attempts);
    let error = progress.error.as_deref().unwrap_or_default();
    match outcome {
        "done" => tracing::info!(%account, %key, attempts, "effect is done"),
        "dead" => tracing::error!(%account, %key, attempts, error, "effect was given up"),
        "unknown" => tracing::warn!(%account, %key, attempts, error, "effect may have happened"),
        _ => tracing::info!(%account, %key, attempts, outcome, error, "effect waits"),
    }
}
