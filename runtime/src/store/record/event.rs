//! An event: what a source sent, from its arrival to the moment a worker is through with it.
//!
//! [`NewEvent`] goes in, [`Event`] comes out. What the body means is left to `source`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::ids::{AccountId, Body, EventSeq, LaneKey, SessionKey};

/// An event as the intake hands it to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The account whose URL was called.
    pub account: AccountId,
    /// Who sent it: `uis`.
    pub source: SmolStr,
    /// The source's name of the event: `call_end`.
    pub event: SmolStr,
    /// What makes two deliveries the same event, within the account and the session (or within the account, for events
    /// of no session); only a hash of it is kept.
    pub dedup: String,
    /// The contact's lane when the contact is known, else [`LaneKey::session`]; see [`NewEvent::session`]. Of no
    /// importance when the event was not understood.
    pub lane: LaneKey,
    /// The communication it belongs to.
    ///
    /// A session has one lane, that of the first contact any of its events named. An event of a session whose lane is
    /// known goes there whatever its own [`lane`](Self::lane) says, so a session is never handled in two places; the
    /// first event that names the contact takes along what waited in the session's own lane.
    pub session: Option<SessionKey>,
    /// When it arrived, by our clock.
    pub received_at: Timestamp,
    /// How it came to us.
    pub origin: Origin,
    /// The `Content-Type` it came with, empty for a query.
    pub content_type: SmolStr,
    /// What was sent, untouched.
    pub body: Body,
    /// Whether it was understood.
    pub parse: Parse,
}

/// How an event came to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The source called us.
    Webhook,
    /// We asked the source and found what it had not told us.
    Reconcile,
    /// Somebody had it handled again.
    Replay,
}

/// Whether the intake understood an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parse {
    /// It has an identity and a lane, and goes to a worker.
    Parsed,
    /// It is kept, counted and shown, and no worker gets it.
    Unparsed {
        /// What was wrong with it, for people; no personal data.
        reason: String,
    },
}

/// What [`accept`](crate::store::Store::accept) did. Either way the event is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accepted {
    /// It was not known before.
    New(EventSeq),
    /// An event of the same account, session and `dedup` is there already; nothing was changed.
    Duplicate(EventSeq),
}

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// It waits for a worker.
    Available,
    /// A worker merged it into its communication.
    Done,
    /// It was not understood; kept for people.
    Unparsed,
    /// Workers gave up on it; kept for people, who may have it tried again.
    Parked,
}

/// A stored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the inbox.
    pub seq: EventSeq,
    /// The account.
    pub account: AccountId,
    /// Who sent it.
    pub source: SmolStr,
    /// The source's name of the event.
    pub event: SmolStr,
    /// The lane it is in; `None` when it was not understood.
    pub lane: Option<LaneKey>,
    /// The communication it belongs to.
    pub session: Option<SessionKey>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// How it came to us.
    pub origin: Origin,
    /// The `Content-Type` it came with.
    pub content_type: SmolStr,
    /// What was sent.
    pub body: Body,
    /// Where it stands.
    pub state: EventState,
    /// How often a worker failed on it.
    pub attempts: u32,
    /// Not before this moment is it to be tried (again).
    pub next_at: Timestamp,
    /// What went wrong last, or why it is unparsed.
    pub error: Option<String>,
}

impl Accepted {
    /// Returns the place of the event, new or known.
    #[must_use]
    pub fn seq(self) -> EventSeq {
        match self {
            Self::New(seq) | Self::Duplicate(seq) => seq,
        }
    }
}
