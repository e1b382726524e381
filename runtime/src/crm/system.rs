//! What the account and its key are: rights, versions, time zone.

use serde_json::Value;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::wire;

/// The version of the API that this program speaks.
const VERSION: &str = "5.0";

/// Scopes that a key needs for what this program does.
pub const NEEDED_SCOPES: &[&str] = &[
    "customer_read",
    "customer_write",
    "custom_fields_read",
    "order_read",
    "order_write",
    "reference_read",
    "task_read",
    "task_write",
    "telephony_read",
    "telephony_write",
    "user_read",
];

/// Scopes that a key needs beside them where the integration module is to be registered.
pub const MODULE_SCOPES: &[&str] = &["integration_read", "integration_write"];

/// Scopes that a key needs beside them where conversations become files.
pub const FILE_SCOPES: &[&str] = &["file_read", "file_write"];

/// What a key may do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    /// Its scopes; empty for very old keys.
    pub scopes: Vec<String>,
    /// The shops it sees, when it does not see all.
    pub sites: Option<Vec<String>>,
}

/// Settings of an account, as far as this program looks at them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountSettings {
    /// The name of the time zone.
    pub timezone: Option<String>,
    /// The language of the CRM: `ru`, `en`, `es`.
    pub language: Option<String>,
}

impl Credentials {
    /// Scopes that every account needs and that are not there.
    pub fn missing_scopes(&self) -> Vec<&'static str> {
        self.lacks(NEEDED_SCOPES)
    }

    /// Which of these scopes are not there. Nothing is known to be missing when the key names no scopes at all.
    pub fn lacks(&self, needed: &[&'static str]) -> Vec<&'static str> {
        if self.scopes.is_empty() {
            return Vec::new();
        }
        needed.iter().copied().filter(|scope| !self.scopes.iter().any(|has| has == scope)).collect()
    }
}

impl Client {
    /// Asks what the key may do; the cheapest way to learn whether it works at all.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn credentials(&self, urgency: Urgency) -> Result<Credentials, CrmError> {
        // Not under `/v5/` (reference, section 2.1).
        let answer = self.get("credentials", "/api/credentials", Form::new(), urgency).await?;
        let selective = wire::text_field(&answer, "siteAccess").as_deref() == Some("access_selective");
        Ok(Credentials {
            scopes: wire::texts_field(&answer, "scopes"),
            sites: selective.then(|| wire::texts_field(&answer, "sitesAvailable")),
        })
    }

    /// Tells whether the account speaks the version of the API that this program speaks.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn speaks_our_version(&self, urgency: Urgency) -> Result<bool, CrmError> {
        let answer = self.get("api-versions", "/api/api-versions", Form::new(), urgency).await?;
        Ok(wire::texts_field(&answer, "versions").iter().any(|version| version == VERSION))
    }

    /// Reads the settings of the account.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn account_settings(&self, urgency: Urgency) -> Result<AccountSettings, CrmError> {
        let answer = self.get("settings", "/api/v5/settings", Form::new(), urgency).await?;
        let value = |path: &str| answer.pointer(path).and_then(Value::as_str).map(str::to_owned);
        Ok(AccountSettings {
            timezone: value("/settings/timezone/value"),
            language: value("/settings/system_language/value"),
        })
    }
}
