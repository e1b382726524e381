//! How far reports were read, and what came of it: what survives a restart and what people are shown.
//!
//! Kept as one cursor of the account, version 1. It is written after every event of a window is in the inbox, never before,
//! so that a crash in between reads the window again and finds its events there already.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::record::AccountId;
use crate::store::{Store, StoreError};

/// The name of the cursor.
const NAME: &str = "uis.reports";
const VERSION: u32 = 1;

/// How far the reports of an account were read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    v: u32,
    /// Calls that began before are nobody's business here: the account was not looked after yet.
    pub since: Timestamp,
    /// Up to where the report of calls was read.
    pub until: Timestamp,
    /// Up to which second, itself not included, the report of notifications was read.
    pub sent_until: Timestamp,
    /// Calls that were found and of which nobody had told, or not to the end.
    pub found: u64,
    /// Notifications that did not arrive.
    pub failed: u64,
    /// Calls that went on when they were last seen, with when they began.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ongoing: BTreeMap<u64, Timestamp>,
    /// When those of them that no window shows were last asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ongoing_asked: Option<Timestamp>,
    /// Why the last reading failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Progress {
    /// Nothing was read, and nothing before `since` is to be.
    ///
    /// Reports are to the second, so a call of this very second counts as after it.
    pub fn starting(since: Timestamp, now: Timestamp) -> Self {
        let (since, now) = (whole_second(since), whole_second(now));
        Self {
            v: VERSION,
            since,
            until: since,
            sent_until: now,
            found: 0,
            failed: 0,
            ongoing: BTreeMap::new(),
            ongoing_asked: None,
            error: None,
        }
    }

    /// Reads what was kept; nothing when nothing was, or what cannot be read.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn kept(store: &dyn Store, account: &AccountId) -> Result<Option<Self>, StoreError> {
        let text = store.cursor(account, NAME).await?;
        let kept = text.and_then(|text| serde_json::from_str::<Self>(&text).ok());
        Ok(kept.filter(|kept| kept.v == VERSION))
    }

    /// Keeps it.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn keep(&self, store: &dyn Store, account: &AccountId) -> Result<(), StoreError> {
        // Numbers, moments and texts always have a JSON form.
        let text = serde_json::to_string(self).unwrap_or_default();
        store.put_cursor(account, NAME, text).await
    }
}

/// The second in which a moment lies.
pub(super) fn whole_second(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}
