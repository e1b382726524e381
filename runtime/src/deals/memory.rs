//! What is kept of an order between two of its changes.
//!
//! UIS refuses a stage that begins before the last one it has loaded, so what it has accepted is remembered here. Before
//! rows leave, what it will have accepted is written down beside it: when the answer is lost, UIS is asked which of the two
//! is so. No phone and no name is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::record::Json;

const VERSION: u32 = 1;

/// What is kept of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    pub(super) v: u32,
    /// The number that people see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What UIS has accepted last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Last>,
    /// What it will have accepted, once it is known that it took the rows that left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sending: Option<Last>,
    /// The communication that the order came of: its kind and its number in UIS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub communication: Option<(String, u64)>,
    /// Whether UIS does not know that communication, so that the deal goes without it.
    #[serde(default)]
    pub unlinked: bool,
}

/// The last row of a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    /// The funnel.
    pub funnel: String,
    /// The stage.
    pub stage: String,
    /// Whether the stage is one of the two ends.
    pub is_end: bool,
    /// Since when.
    pub since: Timestamp,
    /// When the row was made.
    pub modified: Timestamp,
    /// A hash of what else it says; empty when that is not known.
    pub digest: String,
    /// A hash of its contacts and its communication.
    #[serde(default)]
    pub parties: String,
}

impl Default for Memory {
    fn default() -> Self {
        Self { v: VERSION, number: None, last: None, sending: None, communication: None, unlinked: false }
    }
}

impl Memory {
    /// What was kept; nothing when nothing was, or it is of another version.
    pub fn of(kept: Option<&Json>) -> Self {
        let kept: Option<Self> = kept.and_then(|kept| kept.read().ok());
        kept.filter(|kept| kept.v == VERSION).unwrap_or_default()
    }

    /// As it is kept.
    pub(super) fn to_json(&self) -> Json {
        // Texts, numbers and moments always have a JSON form.
        Json::from_text(serde_json::to_string(self).unwrap_or_default())
    }

    /// The same after UIS has taken the rows that left.
    #[must_use]
    pub(super) fn taken(mut self) -> Self {
        if let Some(sent) = self.sending.take() {
            self.last = Some(sent);
        }
        self
    }
}
