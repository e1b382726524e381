//! What is registered, from what is known.
//!
//! A list that could not be loaded is not sent as an empty one, which would wipe what RetailCRM has: extensions wait
//! until UIS has listed its employees, and a list that was sent before and is empty now is an alarm, not a message.

use std::collections::BTreeMap;

use switchboard_engine::bundle::Bundle;
use switchboard_engine::phone::Phone;

use super::memory::Accepted;
use crate::config;
use crate::config::Secret;
use crate::crm::{Actions, AdditionalCode, ExternalPhone, IntegrationModule, Integrations, Telephony};
use crate::directory::Snapshot;
use crate::workplace;

/// Where all addresses of the module begin.
const ROOT: &str = "/retailcrm";
/// Where the logo is.
pub const LOGO_PATH: &str = "/retailcrm/logo.svg";
/// The logo.
pub const LOGO: &str = include_str!("logo.svg");

/// What RetailCRM calls us about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Callback {
    /// A user clicked on a phone.
    Call,
    /// A user changed his status.
    Status,
    /// The module was switched on or off.
    Activity,
    /// The account's settings changed.
    Settings,
    /// A user opened the module's page.
    Account,
}

/// The callbacks by the last part of their path.
pub const CALLBACKS: &[(&str, Callback)] = &[
    ("call", Callback::Call),
    ("status", Callback::Status),
    ("activity", Callback::Activity),
    ("settings", Callback::Settings),
    ("account", Callback::Account),
];

impl Callback {
    /// The callback of a path.
    pub fn of(path: &str) -> Option<Self> {
        let name = path.strip_prefix(ROOT)?.strip_prefix('/')?;
        CALLBACKS.iter().find(|(known, _)| *known == name).map(|(_, callback)| *callback)
    }

    /// The name in figures, and the last part of the path.
    pub fn name(self) -> &'static str {
        CALLBACKS.iter().find(|(_, callback)| *callback == self).map_or("", |(name, _)| name)
    }

    /// Its path below the address of the server.
    pub(crate) fn path(self) -> String {
        format!("{ROOT}/{}", self.name())
    }
}

/// What registrations are made from.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The settings.
    pub settings: &'a config::Module,
    /// The page with the operator workplace.
    pub workplace: &'a config::Workplace,
    /// The module's secret.
    pub client_id: &'a Secret,
    /// Whether calls can be started by a click.
    pub can_call: bool,
    /// Whether the account has UIS, so that extensions are to be expected.
    pub has_uis: bool,
    /// What both sides listed.
    pub directory: &'a Snapshot,
    /// The rules in force.
    pub rules: Option<&'a Bundle>,
    /// What was accepted last.
    pub accepted: Option<&'a Accepted>,
}

/// Why nothing is registered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Withheld {
    /// UIS has not listed its employees yet.
    #[error("UIS has not listed its employees yet, so their extensions are not known")]
    ExtensionsUnknown,
    /// The rules are not loaded, and shops had numbers before.
    #[error("no rules are in force, so the numbers of the shops are not known")]
    RulesUnknown,
    /// There were extensions before and now there is none.
    #[error(
        "no employee has an extension any more; what is registered stays, because an empty list would wipe it"
    )]
    NoExtensionsLeft,
    /// There were numbers before and now there is none.
    #[error("no shop has a number any more; what is registered stays, because an empty list would wipe it")]
    NoNumbersLeft,
}

/// What is to be registered.
///
/// # Errors
///
/// [`Withheld`] when a list is not known, or has become empty.
pub fn registration(given: &Given<'_>) -> Result<IntegrationModule, Withheld> {
    let additional_codes = codes(given)?;
    let external_phones = phones(given)?;
    let settings = given.settings;
    let url = |path: &str| format!("{}{path}", settings.public_url);
    let telephony = Telephony {
        make_call_url: given.can_call.then(|| url(&Callback::Call.path())),
        change_user_status_url: url(&Callback::Status.path()),
        allow_edit: false,
        input_event_supported: true,
        output_event_supported: true,
        hangup_event_supported: true,
        additional_codes,
        external_phones,
    };
    Ok(IntegrationModule {
        code: settings.code.clone(),
        integration_code: settings.integration_code.clone(),
        active: true,
        name: settings.name.clone(),
        logo: url(LOGO_PATH),
        client_id: given.client_id.expose().to_owned(),
        base_url: settings.public_url.clone(),
        account_url: url(&Callback::Account.path()),
        actions: Actions { activity: Callback::Activity.path(), settings: Callback::Settings.path() },
        integrations: Integrations {
            telephony,
            embed_js: workplace::embedded(given.workplace, &settings.public_url),
        },
    })
}

fn codes(given: &Given<'_>) -> Result<Vec<AdditionalCode>, Withheld> {
    let codes = match given.directory.codes() {
        Some(codes) => codes,
        None if given.has_uis => return Err(Withheld::ExtensionsUnknown),
        None => BTreeMap::new(),
    };
    if codes.is_empty() && given.accepted.is_some_and(|accepted| accepted.codes > 0) {
        return Err(Withheld::NoExtensionsLeft);
    }
    Ok(codes.into_iter().map(|(user_id, code)| AdditionalCode { user_id, code }).collect())
}

/// One number a shop: that of the settings, else the first that the rules give to it.
fn phones(given: &Given<'_>) -> Result<Vec<ExternalPhone>, Withheld> {
    let had_some = given.accepted.is_some_and(|accepted| accepted.phones > 0);
    let by_rules = match given.rules {
        Some(rules) => rules.store_numbers(),
        None if had_some => return Err(Withheld::RulesUnknown),
        None => Vec::new(),
    };
    let mut phones: BTreeMap<String, Phone> = given.settings.external_phones.iter().cloned().collect();
    for (store, phone) in by_rules {
        phones.entry(store.to_string()).or_insert(phone);
    }
    if phones.is_empty() && had_some {
        return Err(Withheld::NoNumbersLeft);
    }
    let phone = |(site_code, phone): (String, Phone)| ExternalPhone {
        site_code,
        external_phone: phone.digits().to_string(),
    };
    Ok(phones.into_iter().map(phone).collect())
}

/// A hash of a registration, the secret included, so that it says nothing to whoever reads it.
pub(super) fn digest(module: &IntegrationModule) -> String {
    let text = serde_json::to_string(module).unwrap_or_default();
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
