//! Writing down what became of an effect.
//!
//! Goes in: what came of one step. Comes out: one commit with the effect's new state, its next moment, what was learned
//! about links, and, where the account cannot be used, its stop. The whole state machine of effects stands here: ready,
//! in flight, unknown, done, dead.

use std::time::Duration;

use jiff::Timestamp;
use smol_str::ToSmolStr as _;

use super::backoff::Backoff;
use super::keeper::later;
use super::measure;
use super::turn::{Halt, Turn};
use crate::effect::{Done, Request, Sent, Stored, Trouble};
use crate::observe::mask_text;
use crate::store::record::{Change, Effect, EffectClass, EffectState, Json, Progress};

/// What became of an effect in one step.
pub(super) enum Step {
    Done(Done),
    Trouble(Trouble),
    Unknown(String),
    LookAgain { error: String, wait: Duration },
    Wait { error: String, wait: Duration },
    Dead(String),
}

impl Step {
    pub(super) fn certainly_not_done(&self, class: EffectClass) -> bool {
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
pub(super) async fn settle(
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
                if let Request::EnsureClient(wanted) = &stored.request
                    && let Some(phone) = &wanted.phone
                {
                    // "Nobody knows this number" has just become wrong.
                    turn.account.clients.forget(phone);
                }
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
            if counts && is_time_up(turn, progress.attempts) {
                dead(&mut progress, format!("given up: {error}"))
            } else {
                progress.error = Some(error);
                progress.next_at = later(now, wait);
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
            // One that gets no answer time after time is asked for less and less often.
            let wait = settle_wait(turn, &Sent::default()).unwrap_or_default();
            progress.state = EffectState::Unknown;
            progress.next_at = later(now, wait.max(turn.core.backoff.after(progress.attempts)));
            "unknown"
        }
        EffectClass::AtMostOnce => {
            dead(progress, "the outcome is not known, and it is never tried twice".to_owned())
        }
    }
}

/// Whether an effect was tried as often as the horizon allows.
pub(super) fn is_time_up(turn: &Turn<'_>, attempts: u32) -> bool {
    attempts >= Backoff::tries_within(turn.core.settings.horizon)
}

fn dead(progress: &mut Progress, error: String) -> &'static str {
    progress.state = EffectState::Dead;
    progress.error = Some(error);
    "dead"
}

/// How long to wait before the next look, after `sent.absent` looks that found nothing; `None` after the last.
pub(super) fn settle_wait(turn: &Turn<'_>, sent: &Sent) -> Option<Duration> {
    usize::try_from(sent.absent).ok().and_then(|index| turn.core.settings.settle.get(index)).copied()
}

fn dropped(request: &Request) -> usize {
    match request {
        Request::EnsureClient(wanted) => wanted.dropped.len(),
        Request::EnsureOrder(wanted) => wanted.dropped.len(),
        Request::WriteFields(wanted) => wanted.dropped.len(),
        Request::EnsureTask(_)
        | Request::JoinOrder(_)
        | Request::UploadCall(_)
        | Request::CompleteTask(_)
        | Request::NoteRecords(_)
        | Request::SetManager(_)
        | Request::CompleteContact(_)
        | Request::NoteTranscript(_)
        | Request::UploadTranscript(_)
        | Request::AttachFile(_)
        | Request::AwaitPerson(_) => 0,
    }
}

pub(super) fn write(stored: &Stored) -> Result<Json, Halt> {
    stored.write().map_err(|error| Halt::Bug(error.to_string()))
}

fn log(turn: &Turn<'_>, effect: &Effect, progress: &Progress, outcome: &'static str) {
    let (account, key, attempts) = (&turn.account.id, &effect.key, progress.attempts);
    // What RetailCRM says may repeat what it was sent.
    let error = mask_text(progress.error.as_deref().unwrap_or_default());
    match outcome {
        "done" => tracing::info!(%account, %key, attempts, "effect is done"),
        "dead" => tracing::error!(%account, %key, attempts, error, "effect was given up"),
        "unknown" => tracing::warn!(%account, %key, attempts, error, "effect may have happened"),
        _ => tracing::info!(%account, %key, attempts, outcome, error, "effect waits"),
    }
}
