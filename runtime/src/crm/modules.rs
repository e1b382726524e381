//! The integration module: what RetailCRM is told about telephony, and where it is to call us.
//!
//! Source: reference, sections 4.1 and 4.2. Telephony stands under `integrations.telephony`; anywhere else it is ignored in
//! silence. A list that is left out is left as it is; an empty one would wipe what is there.

use serde::Serialize;
use serde_json::Value;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::wire;

/// A module as it is registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationModule {
    /// The code of this instance.
    pub code: String,
    /// The code in the marketplace, with which `code` begins.
    pub integration_code: String,
    /// Whether it works.
    pub active: bool,
    /// What people see.
    pub name: String,
    /// The address of an SVG.
    pub logo: String,
    /// The secret that comes back in every call that RetailCRM makes.
    pub client_id: String,
    /// Where the paths of `actions` begin.
    pub base_url: String,
    /// The page that a user's click opens.
    pub account_url: String,
    /// Paths that are told of changes.
    pub actions: Actions,
    /// What the module does.
    pub integrations: Integrations,
}

/// Paths below [`IntegrationModule::base_url`]; RetailCRM refuses any other name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actions {
    /// Told when the module is switched on or off.
    pub activity: String,
    /// Told when the account's settings change.
    pub settings: String,
}

/// What a module does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Integrations {
    /// Telephony.
    pub telephony: Telephony,
}

/// Telephony of a module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Telephony {
    /// Asked for a call when a user clicks on a phone; without it no icon is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub make_call_url: Option<String>,
    /// Told when a user changes his status.
    pub change_user_status_url: String,
    /// Whether users may change these settings in the CRM.
    pub allow_edit: bool,
    /// Whether incoming calls are announced.
    pub input_event_supported: bool,
    /// Whether outgoing calls are announced.
    pub output_event_supported: bool,
    /// Whether the end of calls is announced.
    pub hangup_event_supported: bool,
    /// Extensions of users.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub additional_codes: Vec<AdditionalCode>,
    /// Outside numbers of shops.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub external_phones: Vec<ExternalPhone>,
}

/// The extension of a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AdditionalCode {
    /// The user.
    pub user_id: u64,
    /// The extension.
    pub code: String,
}

/// The outside number of a shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalPhone {
    /// The shop.
    pub site_code: String,
    /// Its number: digits with the country, without `+`.
    pub external_phone: String,
}

/// What RetailCRM did not know of what it was told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Registered {
    /// Users that are not there.
    pub unknown_users: Vec<u64>,
    /// Shops that are not there.
    pub unknown_sites: Vec<String>,
}

impl Client {
    /// Registers a module or changes its settings. Repeating it changes nothing.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn edit_module(
        &self,
        module: &IntegrationModule,
        urgency: Urgency,
    ) -> Result<Registered, CrmError> {
        let path = format!("/api/v5/integration-modules/{}/edit", module.code);
        let form = Form::new().json("integrationModule", module);
        let answer = self.post("integration-modules/edit", &path, form, urgency).await?;
        // `info` is `[]` when there is nothing to say.
        let info = wire::field(&answer, "info").cloned().unwrap_or(Value::Null);
        Ok(Registered {
            unknown_users: wire::elements(wire::field(&info, "notExistUsersIds"))
                .into_iter()
                .filter_map(wire::id)
                .collect(),
            unknown_sites: wire::texts_field(&info, "notExistSiteCodes"),
        })
    }
}
