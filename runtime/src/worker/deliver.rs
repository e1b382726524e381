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
//! it until it succeeds or is given up; uploads of calls, notes and files hold only each other, since nothing else depends
//! on them, and one that needs a client or an order waits for it and lets the others pass. What goes into the address book of UIS holds nobody: UIS may be away while RetailCRM is not. Of several
//! that wait for the book only the last is of use, so a lane never has many.

use std::time::Duration;

use jiff::Timestamp;

use super::judge::again;
use super::keeper::later;
use super::measure;
use super::settle::{Step, is_time_up, settle, settle_wait, write};
use super::turn::{Halt, Turn};
use crate::directory::Snapshot;
use crate::effect::{self, Look, Need, Needed, Request, Sent, Stored, Trouble, World};
use crate::store::record::{Change, Effect, EffectState, LaneWork, Progress};

/// How much longer than its time-out a request may be under way.
const IN_FLIGHT_MARGIN: Duration = Duration::from_secs(1);

/// Effects that go in order among themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// What decisions depend on.
    Entities,
    /// The history of calls.
    History,
    /// The address book of UIS.
    Book,
}

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

impl Pass {
    fn of(effect: &Effect) -> Self {
        match effect.kind.as_str() {
            "upload_call" | "note_records" | "note_transcript" | "upload_transcript" | "attach_file" => {
                Self::History
            }
            "set_manager" => Self::Book,
            _ => Self::Entities,
        }
    }
}

/// Takes the next step of the first effect of a pass that is pending.
pub(super) async fn deliver(turn: &Turn<'_>, work: &LaneWork, pass: Pass) -> Result<Delivered, Halt> {
    let mut pending = work.effects.iter().filter(|effect| {
        Pass::of(effect) == pass && effect.state != EffectState::Held && !waits_for_another_pass(work, effect)
    });
    let Some(first) = pending.next() else { return Ok(Delivered::Nothing) };
    let now = turn.now();
    if pass == Pass::Book && pending.next().is_some() && first.state != EffectState::InFlight {
        supersede(turn, first, now).await?;
        return Ok(Delivered::Some);
    }
    if first.next_at > now {
        return Ok(Delivered::Waits(first.next_at));
    }
    step(turn, first, now).await?;
    Ok(Delivered::Some)
}

/// Whether what an effect needs is still to be done in another pass, whose wait wakes the lane. Taken up before, it would
/// find nothing to hang on and be over.
fn waits_for_another_pass(work: &LaneWork, effect: &Effect) -> bool {
    let needs: Vec<Need> = effect.needs.read().unwrap_or_default();
    let is_pending = |need: &Need| {
        work.effects.iter().any(|other| other.key == need.key && Pass::of(other) != Pass::of(effect))
    };
    needs.iter().any(is_pending)
}

/// Ends an effect that a later one of the same contact makes useless.
async fn supersede(turn: &Turn<'_>, effect: &Effect, now: Timestamp) -> Result<(), Halt> {
    let step = match Stored::read(&effect.request) {
        Ok(Stored { request: Request::SetManager(wanted), .. }) => Step::Done(effect::superseded(&wanted)),
        Ok(_) => Step::Dead("it is no request of its kind".to_owned()),
        Err(error) => Step::Dead(error.to_string()),
    };
    settle(turn, effect, None, step, now).await
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
    if let Request::AwaitPerson(wait) = &mut stored.request {
        let reason = wait.reason.clone();
        if !std::mem::replace(&mut wait.shown, true) {
            return settle(turn, effect, Some(stored), Step::Dead(reason), now).await;
        }
        return decide_again(turn, effect, now).await;
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

/// Somebody has looked, and wants the communication decided by the rules that are in force now.
async fn decide_again(turn: &Turn<'_>, effect: &Effect, now: Timestamp) -> Result<(), Halt> {
    let mut changes = match &effect.communication {
        Some(session) => again(turn, session, now).await?,
        None => Vec::new(),
    };
    let done = Progress { next_at: now, error: None, ..effect.progress(EffectState::Done) };
    changes.push(Change::PutProgress(done));
    turn.commit(now, changes).await?;
    measure::effect(&turn.account.id, &effect.kind, "done");
    Ok(())
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
        book: turn.account.book.as_deref(),
        guard: Some(&turn.guard),
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
    if is_time_up(turn, effect.attempts) {
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
        next_at: later(now, longest(turn, effect) + IN_FLIGHT_MARGIN),
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

/// How long the requests of an effect may be under way.
fn longest(turn: &Turn<'_>, effect: &Effect) -> Duration {
    match (&turn.account.book, Pass::of(effect)) {
        (Some(book), Pass::Book) => book.longest().max(turn.crm.timeout()),
        _ => turn.crm.timeout(),
    }
}

/// What became of the effects that this one needs.
///
/// Those before it in its pass are settled and none of another pass is awaited, so what is needed is done, given up, or was
/// never planned.
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
