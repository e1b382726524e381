//! What workers make of events: communications, decisions, effects, links.
//!
//! Plain rows. What stands in their JSON is the business of `communication`, `engine` and `effect`; the store looks at
//! phases, states and moments only, because they say when a lane must be looked at again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::ids::{AccountId, DecisionId, EffectId, EffectKey, Epoch, Json, LaneKey, NaturalKey, SessionKey};
use super::lease::Lease;

/// One call, chat or request, merged from its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Communication {
    /// The account.
    pub account: AccountId,
    /// Its session; one communication each.
    pub key: SessionKey,
    /// The lane it is in; the store writes it.
    pub lane: LaneKey,
    /// `call`, `chat`, …
    pub kind: SmolStr,
    /// What is known of it.
    pub data: Json,
    /// How far it has come.
    pub phase: Phase,
    /// When a worker must look at it again, whatever else happens. Ignored once it is [`Phase::Closed`].
    pub due_at: Option<Timestamp>,
    /// When it was last written; the store writes it.
    pub updated_at: Timestamp,
}

/// How far a communication has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// It goes on.
    Open,
    /// Its end was seen; late events may still come in.
    Ending,
    /// It was decided; something (a record) is still waited for.
    Decided,
    /// Nothing is waited for. A late event may open it again.
    Closed,
}

/// A decision with everything it was made from, so that it can be explained and made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDecision {
    /// The communication decided on.
    pub communication: SessionKey,
    /// At which point of its life: `end`.
    pub stage: SmolStr,
    /// Which rules decided.
    pub bundle_digest: SmolStr,
    /// The time the rules were told.
    pub now: Timestamp,
    /// The event the rules were given.
    pub event: Json,
    /// The facts the rules were given.
    pub facts: Json,
    /// What they said, with the trace.
    pub decision: Json,
}

/// A stored decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number.
    pub id: DecisionId,
    /// The account.
    pub account: AccountId,
    /// When it was stored.
    pub created_at: Timestamp,
    /// What was stored.
    pub made: NewDecision,
}

/// What kind of repetition an effect bears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectClass {
    /// Sending it twice is sending it once.
    Idempotent,
    /// Before it is sent again, it must be looked for.
    Probe,
    /// It is never sent again once a byte of it was sent.
    AtMostOnce,
}

/// Where an effect stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectState {
    /// To be sent from `next_at` on.
    Ready,
    /// Being sent by the worker whose claim had [`Effect::epoch`]; should that worker die, others are to look at it
    /// from `next_at` on.
    InFlight,
    /// Sent, and nobody knows whether it happened; to be probed from `next_at` on.
    Unknown,
    /// It happened.
    Done,
    /// It waits for another effect. Wakes nobody; the worker that settles the other one makes it ready.
    Held,
    /// Given up; kept for people, who may have it tried again.
    Dead,
}

/// An effect as it is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEffect {
    /// What makes it happen once within the account.
    pub key: EffectKey,
    /// `ensure_client`, `upload_call`, …
    pub kind: SmolStr,
    /// What kind of repetition it bears.
    pub class: EffectClass,
    /// What is to be done.
    pub request: Json,
    /// What must have happened before.
    pub needs: Json,
    /// [`EffectState::Ready`] or [`EffectState::Held`].
    pub state: EffectState,
    /// Not before this moment.
    pub next_at: Timestamp,
}

/// A stored effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// Its number; the order within a lane.
    pub id: EffectId,
    /// The account.
    pub account: AccountId,
    /// The lane it is in now.
    pub lane: LaneKey,
    /// The communication whose decision first asked for it.
    pub communication: Option<SessionKey>,
    /// That decision.
    pub decision: Option<DecisionId>,
    /// Its place in the plan of that decision.
    pub ordinal: u32,
    /// What makes it happen once within the account.
    pub key: EffectKey,
    /// `ensure_client`, `upload_call`, …
    pub kind: SmolStr,
    /// What kind of repetition it bears.
    pub class: EffectClass,
    /// What is to be done.
    pub request: Json,
    /// What must have happened before.
    pub needs: Json,
    /// Where it stands.
    pub state: EffectState,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before this moment is it to be looked at.
    pub next_at: Timestamp,
    /// The claim under which it was last put in flight.
    pub epoch: Option<Epoch>,
    /// What the other side calls what was made.
    pub remote_id: Option<SmolStr>,
    /// What went wrong last.
    pub error: Option<String>,
    /// What was answered.
    pub response: Option<Json>,
    /// When it was planned.
    pub created_at: Timestamp,
    /// When it was last written.
    pub updated_at: Timestamp,
}

/// What a worker writes about an effect; replaces all of these fields.
///
/// [`Effect::progress`] gives one that changes the state alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Which effect.
    pub id: EffectId,
    /// Where it stands now. [`EffectState::InFlight`] is stamped with the lease's epoch.
    pub state: EffectState,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before this moment is it to be looked at.
    pub next_at: Timestamp,
    /// What is to be done, or was.
    pub request: Json,
    /// What the other side calls what was made.
    pub remote_id: Option<SmolStr>,
    /// What went wrong last.
    pub error: Option<String>,
    /// What was answered.
    pub response: Option<Json>,
}

/// What the other side calls something of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// `client`, `order`, `task`.
    pub kind: SmolStr,
    /// What we call it: a phone, a session.
    pub natural_key: NaturalKey,
    /// What they call it.
    pub remote_id: SmolStr,
    /// When this was last seen to be so.
    pub checked_at: Timestamp,
}

impl EffectState {
    /// Tells whether a worker has still something to do about it.
    #[must_use]
    pub fn is_pending(self) -> bool {
        !matches!(self, Self::Done | Self::Dead)
    }
}

impl Effect {
    /// Returns the progress that changes the state and nothing else.
    #[must_use]
    pub fn progress(&self, state: EffectState) -> Progress {
        Progress {
            id: self.id,
            state,
            attempts: self.attempts,
            next_at: self.next_at,
            request: self.request.clone(),
            remote_id: self.remote_id.clone(),
            error: self.error.clone(),
            response: self.response.clone(),
        }
    }

    /// Tells whether it was put in flight by somebody who no longer holds the lane.
    ///
    /// Such an effect may have happened, may happen yet, or never will. Once the longest life of a request is over (its
    /// `next_at`, when the worker that sent it wrote that there), it is to be made [`EffectState::Unknown`] and probed.
    #[must_use]
    pub fn is_orphan(&self, lease: &Lease) -> bool {
        self.state == EffectState::InFlight && self.epoch != Some(lease.epoch)
    }
}
