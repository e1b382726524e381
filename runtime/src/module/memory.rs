//! What is kept in the store about a module, one value a name.
//!
//! Small things that change seldom and are read whole, so they stand beside the cursors of other readers and need no
//! table of their own. The secret of the module is among them: whoever can read the store can read every call anyway.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::Secret;
use crate::random;
use crate::store::record::AccountId;
use crate::store::{Store, StoreError};

const CLIENT_ID: &str = "module.client_id";
const ACCEPTED: &str = "module.accepted";
const ACTIVITY: &str = "module.activity";
const MOVED: &str = "module.moved";
const STATUSES: &str = "module.statuses";

/// Most users whose status is kept; whoever changed it longest ago goes first.
const MAX_STATUSES: usize = 1000;
/// Why an account is stopped while its module is switched off.
pub(crate) const PAUSED: &str = "the integration is switched off in RetailCRM";

/// The registration that RetailCRM accepted last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// A hash of everything that was sent.
    pub digest: String,
    /// When it was accepted.
    pub at: Timestamp,
    /// How many extensions it had.
    pub codes: usize,
    /// How many outside numbers it had.
    pub phones: usize,
    /// Users that RetailCRM did not know.
    #[serde(default)]
    pub unknown_users: Vec<u64>,
    /// Shops that RetailCRM did not know.
    #[serde(default)]
    pub unknown_sites: Vec<String>,
    /// A hash of how RetailCRM showed it afterwards; `None` until it was read back.
    #[serde(default)]
    pub shown: Option<String>,
}

/// Whether the module is switched on in RetailCRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Whether somebody left it switched on.
    pub active: bool,
    /// Whether it is suspended.
    pub freeze: bool,
    /// When that was said.
    pub at: Timestamp,
}

/// A new address of the account, as RetailCRM told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// What was told.
    pub to: String,
    /// Whether it is an address that this server would call.
    pub allowed: bool,
    /// When.
    pub at: Timestamp,
}

/// The status of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// `free`, `busy`, `dinner`, `break`, or whatever was told.
    pub status: String,
    /// Since when.
    pub at: Timestamp,
}

impl Accepted {
    /// The same, known not to hold any more: whatever is wanted now differs from it. How much it had stays, so that a list
    /// that has become empty meanwhile is still noticed.
    pub(super) fn outdated(self) -> Self {
        Self { digest: String::new(), shown: None, ..self }
    }

    /// Whether it is not known to hold no more.
    pub(super) fn holds(&self) -> bool {
        !self.digest.is_empty()
    }
}

impl Activity {
    /// Whether the module works.
    pub const fn works(&self) -> bool {
        self.active && !self.freeze
    }
}

/// The store of one account's module.
#[derive(Debug, Clone)]
pub(super) struct Memory<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) account: &'a AccountId,
}

impl Memory<'_> {
    /// The secret of the module, made when there is none yet.
    pub(super) async fn client_id(&self) -> Result<Secret, StoreError> {
        if let Some(kept) = self.store.cursor(self.account, CLIENT_ID).await? {
            return Ok(Secret::new(&kept));
        }
        let key = random::key().map_err(|source| StoreError::Io { source: Box::new(source) })?;
        let made = HEXLOWER.encode(&key);
        self.store.put_cursor(self.account, CLIENT_ID, made.clone()).await?;
        Ok(Secret::new(&made))
    }

    pub(super) async fn accepted(&self) -> Result<Option<Accepted>, StoreError> {
        self.read(ACCEPTED).await
    }

    pub(super) async fn put_accepted(&self, accepted: &Accepted) -> Result<(), StoreError> {
        self.write(ACCEPTED, accepted).await
    }

    pub(super) async fn activity(&self) -> Result<Option<Activity>, StoreError> {
        self.read(ACTIVITY).await
    }

    /// Keeps whether the module works, and stops or resumes the account's work accordingly.
    pub(super) async fn put_activity(&self, activity: Activity) -> Result<(), StoreError> {
        let was = self.activity().await?;
        self.write(ACTIVITY, &activity).await?;
        if !activity.works() {
            return self.store.stop_account(self.account, PAUSED.to_owned(), activity.at).await;
        }
        // An account that was stopped for another reason is looked after elsewhere.
        if was.is_some_and(|was| !was.works()) {
            self.store.resume_account(self.account).await?;
        }
        Ok(())
    }

    pub(super) async fn moved(&self) -> Result<Option<Moved>, StoreError> {
        self.read(MOVED).await
    }

    pub(super) async fn put_moved(&self, moved: &Moved) -> Result<(), StoreError> {
        self.write(MOVED, moved).await
    }

    pub(super) async fn statuses(&self) -> Result<BTreeMap<u64, Status>, StoreError> {
        Ok(self.read(STATUSES).await?.unwrap_or_default())
    }

    pub(super) async fn put_status(&self, user: u64, status: Status) -> Result<(), StoreError> {
        let mut statuses = self.statuses().await?;
        statuses.insert(user, status);
        while statuses.len() > MAX_STATUSES {
            let oldest = statuses.iter().min_by_key(|(_, status)| status.at).map(|(user, _)| *user);
            oldest.and_then(|user| statuses.remove(&user));
        }
        self.write(STATUSES, &statuses).await
    }

    async fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let text = self.store.cursor(self.account, name).await?;
        // What a newer program wrote and this one cannot read is as good as not there.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn write<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StoreError> {
        let text = serde_json::to_string(value)
            .map_err(|error| StoreError::Refused { reason: format!("`{name}` has no JSON form: {error}") })?;
        self.store.put_cursor(self.account, name, text).await
    }
}

/// Whether the module of an account is switched off in RetailCRM. A store that does not answer says no.
pub(crate) async fn is_paused(store: &dyn Store, account: &AccountId) -> bool {
    let activity = Memory { store, account }.activity().await;
    matches!(activity, Ok(Some(activity)) if !activity.works())
}

/// Lets an account go on that was paused by a module which the settings do not have any more: nobody would tell it.
///
/// # Errors
///
/// Any [`StoreError`].
pub async fn release_unused(
    store: &dyn Store,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let memory = Memory { store, account };
    if memory.activity().await?.is_some_and(|activity| !activity.works()) {
        tracing::info!(%account, "the module was switched off and is not used any more; the account goes on");
        memory.put_activity(Activity { active: true, freeze: false, at: now }).await?;
    }
    Ok(())
}
