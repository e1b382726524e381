//! Registering the module when it must be registered.
//!
//! Looked at when the directory was listed anew, when RetailCRM said something about the module, and on a timer (which
//! finds changed rules). Sent only when it differs from what was accepted last; that is kept in the store, so a restart
//! sends nothing. While the module is switched off in RetailCRM nothing is sent: it would switch it on again.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::memory::Accepted;
use super::registration::{Given, digest, registration};
use super::registry::Module;
use crate::clock::Clock;
use crate::config;
use crate::crm::{self, Class, CrmError, Priority, Urgency};
use crate::directory::Directory;
use crate::observe::{MODULE_REGISTRATIONS, mask_text};
use crate::store::StoreError;
use crate::worker::Rules;

/// The first wait after a registration that failed; doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_secs(2);
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// What a registrar works with.
#[derive(Debug)]
pub struct RegistrarSettings {
    /// The module.
    pub module: Arc<Module>,
    /// Its settings.
    pub settings: config::Module,
    /// Whether calls can be started by a click.
    pub can_call: bool,
    /// Whether the account has UIS.
    pub has_uis: bool,
    /// The account's RetailCRM.
    pub crm: crm::Client,
    /// The account's people.
    pub directory: Arc<Directory>,
    /// The account's rules.
    pub rules: Arc<dyn Rules>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How often to look when nothing was heard.
    pub check: Duration,
}

/// What came of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// There is nothing to do until something changes.
    Settled,
    /// It did not work and is to be tried again.
    Again,
    /// It did not work and will not until something changes.
    Hopeless,
}

/// Keeps the module registered for ever; drop the future to stop.
pub async fn register(registrar: RegistrarSettings) {
    let mut changes = registrar.directory.changes();
    let mut failures: u32 = 0;
    // A registration that was refused for what it says is not sent again as it is.
    let mut refused: Option<String> = None;
    loop {
        let look = registrar.look(&mut refused).await;
        failures = if look == Look::Again { failures.saturating_add(1) } else { 0 };
        let wait = match failures {
            0 => registrar.check,
            failures => (FIRST_WAIT * (1 << (failures - 1).min(16))).min(LONGEST_WAIT),
        };
        let at =
            registrar.clock.now().saturating_add(jiff::SignedDuration::try_from(wait).unwrap_or_default());
        tokio::select! {
            () = registrar.clock.sleep_until(at.unwrap_or(Timestamp::MAX)) => {}
            Ok(()) = changes.changed() => {}
            () = registrar.module.look.notified() => {}
            () = registrar.module.list.notified() => registrar.directory.refresh().await,
        }
    }
}

impl RegistrarSettings {
    async fn look(&self, refused: &mut Option<String>) -> Look {
        match self.try_look(refused).await {
            Ok(look) => look,
            Err(error) => {
                tracing::warn!(account = %self.module.account(), %error, "store does not say what is registered");
                Look::Again
            }
        }
    }

    async fn try_look(&self, refused: &mut Option<String>) -> Result<Look, StoreError> {
        let memory = self.module.memory();
        if !self.module.works().await? {
            self.module.set_trouble(None);
            return Ok(Look::Settled);
        }
        let Ok(directory) = self.directory.current() else { return Ok(Look::Settled) };
        let accepted = memory.accepted().await?;
        let rules = self.rules.in_force();
        let given = Given {
            settings: &self.settings,
            client_id: self.module.client_id(),
            can_call: self.can_call,
            has_uis: self.has_uis,
            directory: &directory,
            rules: rules.as_deref(),
            accepted: accepted.as_ref(),
        };
        let wanted = match registration(&given) {
            Ok(wanted) => wanted,
            Err(withheld) => {
                self.count("withheld");
                self.module.set_trouble(Some(withheld.to_string()));
                return Ok(Look::Settled);
            }
        };
        let digest = digest(&wanted);
        if accepted.as_ref().is_some_and(|accepted| accepted.digest == digest) {
            self.module.set_trouble(None);
            return Ok(Look::Settled);
        }
        if refused.as_ref() == Some(&digest) {
            return Ok(Look::Hopeless);
        }
        match self.crm.edit_module(&wanted, Urgency::first(Priority::Background)).await {
            Ok(registered) => {
                let telephony = &wanted.integrations.telephony;
                let (codes, phones) = (telephony.additional_codes.len(), telephony.external_phones.len());
                let accepted = Accepted {
                    digest,
                    at: self.clock.now(),
                    codes,
                    phones,
                    unknown_users: registered.unknown_users,
                    unknown_sites: registered.unknown_sites,
                };
                memory.put_accepted(&accepted).await?;
                *refused = None;
                self.module.set_trouble(None);
                self.count("accepted");
                let unknown = (accepted.unknown_users.len(), accepted.unknown_sites.len());
                tracing::info!(account = %self.module.account(), codes, phones, ?unknown, "module is registered");
                Ok(Look::Settled)
            }
            Err(error) => Ok(self.failed(&error, digest, refused)),
        }
    }

    fn failed(&self, error: &CrmError, digest: String, refused: &mut Option<String>) -> Look {
        let shown = mask_text(&error.to_string());
        tracing::warn!(account = %self.module.account(), error = shown, "module was not registered");
        self.module.set_trouble(Some(shown));
        self.count(error.name());
        if error.class() == Class::Permanent {
            *refused = Some(digest);
            return Look::Hopeless;
        }
        Look::Again
    }

    fn count(&self, outcome: &'static str) {
        let account = self.module.account().as_str().to_owned();
        metrics::counter!(MODULE_REGISTRATIONS.name, "account" => account, "outcome" => outcome).increment(1);
    }
}
