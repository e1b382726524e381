//! Who saw the pop-up of a call, as it is kept.
//!
//! Format, version 1: what taking it off needs to be told, and one entry for each user of the CRM. An entry is written
//! before the request that shows it, so "seen" means: may have been seen.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::communication::Left;
use crate::store::record::Json;

/// The version that is written.
const VERSION: u32 = 1;

/// Who saw the pop-up of one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Card {
    v: u32,
    /// The client's number, as it was shown.
    pub(super) phone: String,
    /// By user of the CRM.
    pub(super) seen: BTreeMap<u64, Seen>,
    /// How often taking it off has failed in a row.
    #[serde(default)]
    pub(super) failed: u32,
    /// When to try that again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) again_at: Option<Timestamp>,
}

/// What one user saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// The employees of UIS that the user is, as far as they were rung.
    pub(super) employees: Vec<u64>,
    /// The ring it was shown for.
    pub(super) ring: Timestamp,
    /// How it was taken off; `None` while it is on the screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) off: Option<Gone>,
}

/// How a pop-up was taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Gone {
    /// This user talked.
    Answered,
    /// Nobody answered here.
    NoAnswer,
    /// Busy.
    Busy,
    /// Who called gave up.
    Cancelled,
    /// It did not get through, or its end was never heard of.
    Failed,
    /// The CRM does not know the user, or would not hear of it any more: there is nothing on a screen.
    Nothing,
}

impl From<Left> for Gone {
    fn from(left: Left) -> Self {
        match left {
            Left::Answered => Self::Answered,
            Left::NoAnswer => Self::NoAnswer,
            Left::Busy => Self::Busy,
            Left::Cancelled => Self::Cancelled,
            Left::Failed => Self::Failed,
        }
    }
}

impl Card {
    /// One that nobody has seen.
    pub(super) fn new(phone: String) -> Self {
        Self { v: VERSION, phone, seen: BTreeMap::new(), failed: 0, again_at: None }
    }

    /// Reads what is kept; `None` when another version wrote it.
    pub(super) fn read(json: &Json) -> Option<Self> {
        json.read().ok().filter(|card: &Self| card.v == VERSION)
    }

    /// Whether somebody may have it on the screen.
    pub(super) fn is_open(&self) -> bool {
        self.seen.values().any(|seen| seen.off.is_none())
    }
}
