//! An order of the CRM that is to be a deal in UIS: what is wanted, what was done, what is known of it.
//!
//! Apart from events and effects, because only its latest state is worth anything: however often an order changes, one row
//! says that it has, and how often. What was told meanwhile about its statuses is kept as [`Step`]s.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{AccountId, Json};

/// The number of an order in the CRM.
pub type OrderId = u64;

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealState {
    /// It is to be taken to UIS.
    Waiting,
    /// UIS has it as it is.
    Done,
    /// The rules do not pass it on.
    NotPassed,
    /// It was given up; a person may have it tried again, and the next change does.
    Parked,
    /// It was deleted in the CRM.
    Gone,
}

/// A status that an order had from some moment on, as the history of the CRM tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The number of the row in the history; rows are in the order of their numbers.
    pub row: u64,
    /// The code of the status.
    pub status: String,
    /// From when on.
    pub at: Timestamp,
}

/// What is told about an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The order.
    pub order: OrderId,
    /// When it is to be looked at; one that is due earlier stays so.
    pub due_at: Timestamp,
    /// The statuses that it had.
    pub steps: Vec<Step>,
    /// Whether it was deleted, or is there again.
    pub gone: Option<bool>,
}

/// Many marks, and how far the history was read with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// The account.
    pub account: AccountId,
    /// What is told.
    pub marks: Vec<Mark>,
    /// Name and value of a cursor that is written in the same step.
    pub cursor: Option<(String, String)>,
}

/// Which orders are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The account.
    pub account: AccountId,
    /// Due at this moment.
    pub now: Timestamp,
    /// At most so many.
    pub limit: usize,
}

/// An order that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The order.
    pub order: OrderId,
    /// What is wanted; names what was read when it is settled.
    pub wanted: u64,
    /// How often it was tried in vain.
    pub tries: u32,
    /// Whether it was deleted.
    pub is_gone: bool,
    /// Since when the outcome of an upload is not known.
    pub sent_at: Option<Timestamp>,
    /// What UIS has accepted.
    pub memory: Option<Json>,
    /// Statuses that UIS was not told yet, in order.
    pub steps: Vec<Step>,
}

/// What became of an order that was due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The order.
    pub order: OrderId,
    /// As it was when it was read: [`Due::wanted`].
    pub wanted: u64,
    /// Where it stands; an order that has changed meanwhile is waiting whatever stands here.
    pub state: DealState,
    /// When it is to be tried again; only while waiting.
    pub due_at: Option<Timestamp>,
    /// Tries in vain.
    pub tries: u32,
    /// What UIS has accepted; what was known stays when there is none.
    pub memory: Option<Json>,
    /// Why it waits or was given up.
    pub reason: Option<Json>,
    /// Steps up to this row of the history are told.
    pub told: Option<u64>,
    /// Whether the outcome of an upload is not known.
    pub unknown: bool,
}

/// A stored order, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deal {
    /// The account.
    pub account: AccountId,
    /// The order.
    pub order: OrderId,
    /// Where it stands.
    pub state: DealState,
    /// When it is due.
    pub due_at: Option<Timestamp>,
    /// Tries in vain.
    pub tries: u32,
    /// What UIS has accepted.
    pub memory: Option<Json>,
    /// Why it waits or was given up.
    pub reason: Option<Json>,
    /// When it was last written.
    pub updated_at: Timestamp,
}

/// How many orders of an account stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DealCounts {
    /// To be taken to UIS.
    pub waiting: u64,
    /// There.
    pub done: u64,
    /// Not passed on by the rules.
    pub not_passed: u64,
    /// Given up.
    pub parked: u64,
    /// Deleted.
    pub gone: u64,
}

/// Something in UIS that deals name: a contact, an employee, a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartyKey {
    /// What it is.
    pub kind: &'static str,
    /// Our name for it there.
    pub ext_id: String,
}
