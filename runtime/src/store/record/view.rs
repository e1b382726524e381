//! What people and metrics are shown.
//!
//! Pages go from the newest to the oldest; [`Page::after`] takes the last row's [`cursor`](Cursor) to go on.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::event::Event;
use super::ids::{AccountId, LaneKey, SessionKey};
use super::work::{Communication, Decision, Effect};

/// Whether an account's lanes are worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Activity {
    /// They are.
    Active,
    /// Events are accepted and wait.
    Stopped {
        /// Why, for people.
        reason: String,
        /// Since when.
        since: Timestamp,
    },
}

/// An account in figures. What is finished is not counted: that would mean to read it all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOverview {
    /// The account.
    pub account: AccountId,
    /// Whether it is worked on.
    pub activity: Activity,
    /// When the oldest event that still waits for a worker arrived, in stopped accounts too.
    pub oldest_waiting: Option<Timestamp>,
    /// Events by state.
    pub events: EventCounts,
    /// Communications by phase.
    pub communications: CommunicationCounts,
    /// Effects by state.
    pub effects: EffectCounts,
}

/// Unfinished events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventCounts {
    /// Waiting for a worker.
    pub available: u64,
    /// Not understood.
    pub unparsed: u64,
    /// Given up.
    pub parked: u64,
}

/// Unfinished communications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommunicationCounts {
    /// Going on.
    pub open: u64,
    /// Ended, not decided.
    pub ending: u64,
    /// Decided, something still waited for.
    pub decided: u64,
}

/// Unfinished effects, and dead ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectCounts {
    /// To be sent.
    pub ready: u64,
    /// Being sent.
    pub in_flight: u64,
    /// To be probed.
    pub unknown: u64,
    /// Waiting for another effect.
    pub held: u64,
    /// Given up.
    pub dead: u64,
}

/// Where a page ended. Opaque; comes out of one page and goes into the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The sorting value of the last row.
    pub(crate) at: i64,
    /// The number of the last row, for equals.
    pub(crate) id: i64,
}

/// Which part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Of one account, or of all.
    pub account: Option<AccountId>,
    /// What the page before gave as [`Listed::next`].
    pub after: Option<Cursor>,
    /// How many rows, at most [`MAX_PAGE`](crate::store::MAX_PAGE).
    pub limit: usize,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows, newest first.
    pub rows: Vec<T>,
    /// Where to go on; `None` after the last row.
    pub next: Option<Cursor>,
}

/// By what a communication is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Find {
    /// The contact's lane: [`LaneKey::phone`] for a phone.
    Lane(LaneKey),
    /// The session.
    Session(SessionKey),
    /// What the CRM calls a client, an order or a task that was made for it.
    Remote(SmolStr),
}

/// Everything that is kept about one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The session.
    pub session: SessionKey,
    /// What its events were merged into, once a worker has.
    pub communication: Option<Communication>,
    /// Its events, in the order of arrival.
    pub events: Vec<Event>,
    /// The decisions about it, in order.
    pub decisions: Vec<Decision>,
    /// The effects first asked for by it, with requests and answers, in order.
    pub effects: Vec<Effect>,
}

/// Up to when finished records are kept; what is unfinished is always kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Done events with their bodies, and finished clicks, go when they arrived before this.
    pub events: Timestamp,
    /// Unparsed and parked events, and dead effects, go when last touched before this.
    pub dead: Timestamp,
    /// Decisions go when they were made before this.
    pub decisions: Timestamp,
    /// Closed communications and done effects go when last written before this.
    pub settled: Timestamp,
    /// How many records one call takes away at most, of all kinds together.
    pub limit: usize,
}

/// What a [`prune`](crate::store::Store::prune) took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Events with their bodies, and clicks.
    pub events: u64,
    /// Decisions.
    pub decisions: u64,
    /// Effects.
    pub effects: u64,
    /// Communications.
    pub communications: u64,
    /// Lanes and sessions that nothing was left of.
    pub lanes: u64,
    /// Pop-ups that nobody has on the screen any more.
    pub popups: u64,
}

impl Pruned {
    /// Returns the number of records taken away; less than the limit means that nothing is left to take.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.events + self.decisions + self.effects + self.communications + self.lanes + self.popups
    }
}
