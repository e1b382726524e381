//! Registering the module when it must be registered.
//!
//! Looked at when the directory was listed anew, when RetailCRM said something about the module, and on a timer (which
//! finds changed rules). Sent only when it differs from what was accepted last; that is kept in the store, so a restart
//! sends nothing. While the module is switched off in RetailCRM nothing is sent: it would switch it on again.
//!
//! On the timer, and before a change is sent, the module is read back: RetailCRM tells of a switch only once, and never that
//! somebody deleted the module or changed it by the API. One that is gone, or is not shown as it was after its registration,
//! is registered again; one that is switched off pauses the account, as if it had been told.

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
    /// The page with the operator workplace.
    pub workplace: config::Workplace,
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

/// Keeps the module registered until it is retired. Dropping the future is as safe as a crash.
pub async fn register(registrar: RegistrarSettings) {
    let mut changes = registrar.directory.changes();
    let mut failures: u32 = 0;
    // A registration that was refused for what it says is not sent again as it is.
    let mut refused: Option<String> = None;
    let mut is_due = true;
    while !registrar.module.is_retired() {
        let look = registrar.look(std::mem::take(&mut is_due), &mut refused).await;
        failures = if look == Look::Again { failures.saturating_add(1) } else { 0 };
        let wait = match failures {
            0 => registrar.check,
            failures => (FIRST_WAIT * (1 << (failures - 1).min(16))).min(LONGEST_WAIT),
        };
        let at =
            registrar.clock.now().saturating_add(jiff::SignedDuration::try_from(wait).unwrap_or_default());
        tokio::select! {
            () = registrar.clock.sleep_until(at.unwrap_or(Timestamp::MAX)) => is_due = true,
            Ok(()) = changes.changed() => {}
            () = registrar.module.look.notified() => {}
            () = registrar.module.list.notified() => registrar.directory.refresh().await,
        }
    }
}

impl RegistrarSettings {
    async fn look(&self, is_due: bool, refused: &mut Option<String>) -> Look {
        match self.try_look(is_due, refused).await {
            Ok(look) => look,
            Err(error) => {
                tracing::warn!(account = %self.module.account(), %error, "store does not say what is registered");
                Look::Again
            }
        }
    }

    async fn try_look(&self, is_due: bool, refused: &mut Option<String>) -> Result<Look, StoreError> {
        let memory = self.module.memory();
        if is_due {
            self.read_back(refused).await?;
        }
        if !self.module.works().await? {
            self.module.set_trouble(None);
            return Ok(Look::Settled);
        }
        let Ok(directory) = self.directory.current() else { return Ok(Look::Settled) };
        let accepted = memory.accepted().await?;
        let rules = self.rules.in_force();
        let given = Given {
            settings: &self.settings,
            workplace: &self.workplace,
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
        if !is_due {
            // What was not told is asked for: a registration switches on what somebody has switched off.
            self.read_back(refused).await?;
            if !self.module.works().await? {
                return Ok(Look::Settled);
            }
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
                    shown: None,
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

    /// Compares what RetailCRM has with what it took. A look that fails changes nothing: the next one is soon.
    async fn read_back(&self, refused: &mut Option<String>) -> Result<(), StoreError> {
        let memory = self.module.memory();
        let Some(accepted) = memory.accepted().await? else { return Ok(()) };
        let before = memory.activity().await?;
        let read = self.crm.module(&self.settings.code, Urgency::first(Priority::Background)).await;
        let account = self.module.account();
        match read {
            Err(error) => {
                let error = mask_text(&error.to_string());
                tracing::debug!(%account, error, "module was not read back");
            }
            // Deleted by somebody who had switched it off before: that holds.
            Ok(None) if !self.module.works().await? => {}
            Ok(None) if !accepted.holds() => {}
            Ok(None) => {
                tracing::warn!(%account, "module is gone from RetailCRM; it is registered again");
                self.count("gone");
                *refused = None;
                self.module.change_accepted(&accepted, &accepted.clone().outdated()).await?;
            }
            Ok(Some(there)) => {
                self.module.seen(there.active, there.freeze, before, self.clock.now()).await?;
                match &accepted.shown {
                    _ if !accepted.holds() => {}
                    Some(shown) if *shown == there.digest => {}
                    None => {
                        let shown = Accepted { shown: Some(there.digest), ..accepted.clone() };
                        self.module.change_accepted(&accepted, &shown).await?;
                    }
                    Some(_) => {
                        tracing::warn!(%account, "module was changed in RetailCRM; it is registered again");
                        self.count("changed");
                        *refused = None;
                        self.module.change_accepted(&accepted, &accepted.clone().outdated()).await?;
                    }
                }
            }
        }
        Ok(())
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
