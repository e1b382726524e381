//! One account, as the workers need it.

use std::fmt;
use std::sync::Arc;

use switchboard_engine::bundle::Bundle;
use tokio::sync::Notify;

use super::statuses::KnownStatuses;
use crate::clients::Clients;
use crate::communication::Timing;
use crate::config::{LateRecords, Transcript};
use crate::crm;
use crate::directory::Directory;
use crate::reports::Reports;
use crate::scripts::OneAtATime;
use crate::shadow::Seat;
use crate::store::record::AccountId;
use crate::uis::AddressBook;

/// Clients that are remembered when nobody else wants to know.
const UNSHARED: usize = 1;

/// Where the rules in force come from.
pub trait Rules: fmt::Debug + Send + Sync {
    /// The rules in force; `None` while there are none that can be loaded.
    fn in_force(&self) -> Option<Arc<Bundle>>;
}

/// One account: its clients, its rules, its times.
#[derive(Debug)]
pub struct Account {
    /// Its name.
    pub id: AccountId,
    /// The shop of the settings.
    pub site: String,
    /// How long to wait for what.
    pub timing: Timing,
    /// What becomes of recordings that arrive after the upload.
    pub late_records: LateRecords,
    /// Its RetailCRM.
    pub crm: crm::Client,
    /// Its people and fields.
    pub directory: Arc<Directory>,
    /// Its rules.
    pub rules: Arc<dyn Rules>,
    /// Its reports of UIS, when it has a key for them.
    pub reports: Option<Arc<Reports>>,
    /// The address book of UIS, when managers are written into it.
    pub book: Option<Arc<AddressBook>>,
    /// What becomes of what was written in a chat, when anything does.
    pub transcript: Option<Transcript>,
    /// What is remembered of its clients.
    pub clients: Arc<Clients>,
    /// Where decisions are compared with those of shadow rules, when it has such rules.
    pub shadow: Option<Seat>,
    /// Held by the one decision that may run scripts now.
    pub(super) deciding: OneAtATime,
    /// The statuses of its orders.
    pub(super) statuses: KnownStatuses,
    /// Told when the account was stopped, so that somebody looks when it can be resumed.
    pub(super) was_stopped: Notify,
}

impl Account {
    /// An account.
    pub fn new(
        id: AccountId,
        site: String,
        timing: Timing,
        crm: crm::Client,
        directory: Arc<Directory>,
        rules: Arc<dyn Rules>,
    ) -> Self {
        let clients = Arc::new(Clients::new(UNSHARED));
        Self {
            id,
            site,
            timing,
            late_records: LateRecords::default(),
            deciding: OneAtATime::default(),
            crm,
            directory,
            rules,
            reports: None,
            book: None,
            transcript: None,
            clients,
            shadow: None,
            statuses: KnownStatuses::default(),
            was_stopped: Notify::new(),
        }
    }

    /// The same account, whose clients are remembered for others, too.
    #[must_use]
    pub fn remembering(self, clients: Arc<Clients>) -> Self {
        Self { clients, ..self }
    }

    /// The same account with its reports of UIS.
    #[must_use]
    pub fn with_reports(mut self, reports: Option<Arc<Reports>>) -> Self {
        self.reports = reports;
        self
    }

    /// The same account with another way for recordings that arrive after the upload.
    #[must_use]
    pub fn with_late_records(self, late_records: LateRecords) -> Self {
        Self { late_records, ..self }
    }

    /// The same account that writes managers into the address book of UIS.
    #[must_use]
    pub fn with_book(self, book: Option<AddressBook>) -> Self {
        Self { book: book.map(Arc::new), ..self }
    }

    /// The same account whose decisions are compared with those of shadow rules.
    #[must_use]
    pub fn with_shadow(self, shadow: Option<Seat>) -> Self {
        Self { shadow, ..self }
    }

    /// The same account that keeps what was written in chats.
    #[must_use]
    pub fn with_transcripts(mut self, transcript: Option<Transcript>) -> Self {
        self.transcript = transcript;
        self
    }
}
