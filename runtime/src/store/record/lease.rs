//! The right to work on a lane, what there is to do in it, and what can be changed under it.
//!
//! The protocol, in the order of a worker's life:
//!
//! 1. [`claim_lanes`](crate::store::Store::claim_lanes) gives leases on lanes that are ready, each with an [`Epoch`]
//!    larger than any before.
//! 2. [`lane_work`](crate::store::Store::lane_work) reads what is pending.
//! 3. [`commit`](crate::store::Store::commit), as often as needed, each a transaction that is refused as a whole once
//!    somebody else has claimed the lane.
//! 4. [`release`](crate::store::Store::release) computes, inside its transaction, when the lane must be looked at again.
//!    Whatever arrived since step 2 counts, so no wake-up is lost.
//!
//! A worker that dies leaves its lease to run out; then step 1 gives the lane to the next one.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use smol_str::SmolStr;

use super::event::Event;
use super::ids::{
    AccountId, DecisionId, EffectId, EffectKey, Epoch, EventSeq, Json, LaneKey, NaturalKey, SessionKey,
};
use super::work::{Communication, Effect, EffectState, Link, NewDecision, NewEffect, Phase, Progress};

/// Who wants lanes, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The worker, for people.
    pub owner: SmolStr,
    /// The present moment.
    pub now: Timestamp,
    /// How long the lease lasts when it is not renewed.
    pub lease: Duration,
    /// How many lanes at most.
    pub limit: usize,
}

/// How many lanes of an account a claim may take, for workers that give no account more than its share.
///
/// An account without room is passed over as if it were stopped: none of its lanes is leased, and
/// [`Claimed::next_ready`] does not count them. Ask again when there is room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rooms {
    /// The room of some accounts.
    pub of: BTreeMap<AccountId, usize>,
    /// The room of each of the others; `None` is without bound.
    pub others: Option<usize>,
}

/// What [`claim_lanes`](crate::store::Store::claim_lanes) found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claimed {
    /// At most `limit` leases, no account twice before every ready account was served once.
    pub leases: Vec<Lease>,
    /// When the next lane will be ready, the expiry of leases included; a moment that has passed means: now.
    ///
    /// `None` means that nothing waits at all, except in stopped accounts.
    pub next_ready: Option<Timestamp>,
}

/// The right to work on a lane for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The account.
    pub account: AccountId,
    /// The lane.
    pub lane: LaneKey,
    /// The fencing token.
    pub epoch: Epoch,
    /// When others may take the lane.
    pub until: Timestamp,
}

/// What is pending in a lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaneWork {
    /// Available events that were never tried or whose `next_at` has come, in the order of arrival, at most
    /// [`MAX_LANE_EVENTS`](crate::store::MAX_LANE_EVENTS); the rest makes the lane ready again on release.
    pub events: Vec<Event>,
    /// Communications that are not closed, and those the events belong to, closed or not; oldest first.
    pub communications: Vec<Communication>,
    /// Effects that are neither done nor dead, due or not, in order; at most
    /// [`MAX_LANE_EFFECTS`](crate::store::MAX_LANE_EFFECTS) that are to be done, the first ones, and as many held ones.
    ///
    /// Those in flight were left behind by somebody who died or lost the lane ([`Effect::is_orphan`]), unless this
    /// lease put them there.
    pub effects: Vec<Effect>,
}

/// One step of a commit. All steps of a commit happen, in order, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The event was merged and needs nobody any more.
    EventDone {
        /// Which.
        seq: EventSeq,
    },
    /// The event failed and is to be tried again.
    EventRetry {
        /// Which.
        seq: EventSeq,
        /// What went wrong, for people; no personal data.
        error: String,
        /// Not before this moment.
        at: Timestamp,
    },
    /// The event is given up.
    EventParked {
        /// Which.
        seq: EventSeq,
        /// Why, for people; no personal data.
        error: String,
    },
    /// The contact of a session became known otherwise than by an event: everything in its own lane, which must be the
    /// lane of this lease, moves to the contact's lane. The lease is void afterwards, so this must be the last change.
    SessionMoved {
        /// Which session.
        session: SessionKey,
        /// Its lane from now on.
        to: LaneKey,
    },
    /// Writes a communication, new or known, into the lane of the lease.
    PutCommunication(PutCommunication),
    /// Stores a decision and plans its effects, in their order.
    ///
    /// An effect whose key the account has already is not planned again; [`Committed`] says what stands there.
    PutDecision {
        /// The decision.
        decision: NewDecision,
        /// What it asks for.
        effects: Vec<NewEffect>,
    },
    /// Plans effects outside a decision, by the same rule.
    PutEffects {
        /// The communication they are for.
        communication: Option<SessionKey>,
        /// What is to be done.
        effects: Vec<NewEffect>,
    },
    /// Writes what became of an effect of this lane. A done effect stays done; a dead one may be revived.
    PutProgress(Progress),
    /// Writes a link, new or known.
    PutLink(Link),
    /// Forgets a link that has turned out wrong; nothing happens when there is none.
    DropLink {
        /// `client`, `order`, `task`.
        kind: SmolStr,
        /// What we call it.
        natural_key: NaturalKey,
    },
}

/// A communication as a worker writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PutCommunication {
    /// Its session.
    pub key: SessionKey,
    /// `call`, `chat`, …
    pub kind: SmolStr,
    /// What is known of it.
    pub data: Json,
    /// How far it has come.
    pub phase: Phase,
    /// When a worker must look at it again.
    pub due_at: Option<Timestamp>,
}

/// What a commit gave names to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The decisions, in the order of the changes.
    pub decisions: Vec<DecisionId>,
    /// The effects of all changes, in their order.
    pub effects: Vec<Planned>,
}

/// What stands under the key of an effect that was planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The effect, the new one or the one that was there.
    pub id: EffectId,
    /// Its key.
    pub key: EffectKey,
    /// Where it stands.
    pub state: EffectState,
    /// Whether it was there already.
    pub existed: bool,
}

impl Rooms {
    /// Returns the room of an account.
    #[must_use]
    pub fn room(&self, account: &AccountId) -> usize {
        self.of.get(account).copied().or(self.others).unwrap_or(usize::MAX)
    }
}
