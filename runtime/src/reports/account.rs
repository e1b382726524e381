//! The reports of one account: its settings and what all parts of this room share.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use super::desk::Desk;
use super::written::{Hints, Refusals, Wanted};
use crate::clock::Clock;
use crate::directory::Directory;
use crate::store::Store;
use crate::store::record::AccountId;
use crate::uis;

/// How the reports of an account are read. What each is for stands in the reference of settings, under the same names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportsSettings {
    /// The account.
    pub account: AccountId,
    /// Whether the report of calls is searched for calls that nobody told of.
    pub find_missed: bool,
    /// Whether the report of notifications is searched for those that did not arrive.
    pub failed_deliveries: bool,
    /// The time between two readings.
    pub interval: Duration,
    /// How far a window reaches back into the one before.
    pub overlap: Duration,
    /// How old the end of a call must be before its row counts.
    pub grace: Duration,
    /// How far back the very first window reaches.
    pub first: Duration,
    /// The furthest back any window reaches.
    pub reach: Duration,
    /// How long a decision waits for marketing data.
    pub marketing_wait: Duration,
    /// The least time between two requests for marketing data.
    pub marketing_pause: Duration,
    /// Whether chats are read, when the rules want them.
    pub chats: bool,
    /// Whether requests are read, when the rules want them.
    pub requests: bool,
    /// The time between two readings of chats and requests.
    pub written_interval: Duration,
    /// How far a reading of chats and requests reaches back into the one before.
    pub written_overlap: Duration,
    /// How long a visitor is not asked about again while the chat stays in one state.
    pub visitor_pause: Duration,
    /// How long a chat that is over is looked at for contacts that are left late.
    pub late_contacts: Duration,
}

/// The reports of one account.
#[derive(Debug)]
pub struct Reports {
    pub(super) settings: ReportsSettings,
    pub(super) uis: uis::Client,
    pub(super) directory: Arc<Directory>,
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) desk: Mutex<Desk>,
    pub(super) asked: Notify,
    /// What the rules want of chats and requests; nothing without.
    pub(super) wanted: Option<Arc<dyn Wanted>>,
    pub(super) hinted: Notify,
    pub(super) refusals: Mutex<Refusals>,
    pub(super) hints: Mutex<Hints>,
}

impl Reports {
    /// The reports of an account; nothing is read yet.
    pub fn new(
        settings: ReportsSettings,
        uis: uis::Client,
        directory: Arc<Directory>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            settings,
            uis,
            directory,
            store,
            clock,
            desk: Mutex::default(),
            asked: Notify::new(),
            wanted: None,
            hinted: Notify::new(),
            refusals: Mutex::default(),
            hints: Mutex::default(),
        }
    }

    /// The same reports, with chats and requests as far as they are wanted.
    #[must_use]
    pub fn with_written(mut self, wanted: Arc<dyn Wanted>) -> Self {
        self.wanted = Some(wanted);
        self
    }

    /// Reads reports for ever; drop the future to stop.
    pub async fn run(&self) {
        tokio::join!(self.poll(), self.serve_desk(), self.follow_written(), self.keep_points());
    }

    /// How long a decision waits for marketing data.
    pub fn marketing_wait(&self) -> Duration {
        self.settings.marketing_wait
    }

    pub(super) fn account(&self) -> &AccountId {
        &self.settings.account
    }
}

/// `by` before `moment`.
pub(super) fn before(moment: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    moment.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

/// `by` after `moment`.
pub(super) fn after(moment: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    moment.saturating_add(by).unwrap_or(Timestamp::MAX)
}
