//! A click on a phone in the CRM: what was asked, and what became of it.
//!
//! Apart from effects, because it is another kind of thing: worth something for seconds, wanted by nobody else, in no
//! order with anything, and never done twice. All that keeps it from being done twice is one step, from
//! [`ClickState::Waiting`] to [`ClickState::Dialling`], which exactly one caller makes.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::{AccountId, ClickId, Json, SessionKey};

/// A click as it comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClick {
    /// The account.
    pub account: AccountId,
    /// Who wants to talk to whom: what makes two clicks the same. Only a hash of it is kept.
    pub dedup: String,
    /// A click with the same `dedup` that came less than this ago is the same click.
    pub window: Duration,
    /// When it came.
    pub received_at: Timestamp,
    /// What was asked.
    pub request: Json,
}

/// What [`accept_click`](crate::store::Store::accept_click) did. Either way the click is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClickAccepted {
    /// It is a new one.
    New(ClickId),
    /// It is the same as one that came a moment ago; nothing was changed.
    Double(ClickId),
}

/// Where a click stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClickState {
    /// Nothing was done yet.
    Waiting,
    /// UIS is being asked for the call.
    Dialling,
    /// The call was begun.
    Started,
    /// There is no call, for certain.
    Refused,
    /// Nobody knows whether there was a call; it is not asked for again.
    Unknown,
}

/// Whether the user is to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// There is nothing to tell.
    None,
    /// He is to be told.
    Due,
    /// He was told.
    Sent,
    /// He could not be told.
    Failed,
}

/// A stored click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Click {
    /// Its number.
    pub id: ClickId,
    /// The account.
    pub account: AccountId,
    /// When it came.
    pub received_at: Timestamp,
    /// Where it stands.
    pub state: ClickState,
    /// Whether the user is to be told.
    pub notice: NoticeState,
    /// The call that came of it.
    pub session: Option<SessionKey>,
    /// What was asked.
    pub request: Json,
    /// What became of it.
    pub outcome: Option<Json>,
    /// When it was last written.
    pub updated_at: Timestamp,
}

/// What became of a click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClickProgress {
    /// Which.
    pub id: ClickId,
    /// Where it stands now.
    pub state: ClickState,
    /// Whether the user is to be told.
    pub notice: NoticeState,
    /// The call that came of it, when that is known; one that was known before stays.
    pub session: Option<SessionKey>,
    /// What became of it.
    pub outcome: Json,
}
