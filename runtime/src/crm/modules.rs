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
use super::record::unreadable;
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
#[serde(rename_all = "camelCase")]
pub struct Integrations {
    /// Telephony.
    pub telephony: Telephony,
    /// A page of ours inside the CRM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embed_js: Option<EmbedJs>,
}

/// A JavaScript module: pages that the CRM draws as our script says (reference, section 14.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EmbedJs {
    /// The address of the script.
    pub entrypoint: String,
    /// How it is run; pages demand `worker`.
    pub runner: &'static str,
    /// The pages.
    pub pages: Vec<EmbedPage>,
}

/// A page with its place in a menu.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbedPage {
    /// The last part of its address, and its name in the script.
    pub code: &'static str,
    /// The menu; a page without one does not open.
    pub menu: String,
    /// What people see in the menu.
    pub menu_item_title: MenuTitle,
}

/// A title in the languages of the CRM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MenuTitle {
    /// In Russian.
    pub ru: &'static str,
    /// In English.
    pub en: &'static str,
    /// In Spanish.
    pub es: &'static str,
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

/// A module as RetailCRM has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleThere {
    /// Whether it is switched on.
    pub active: bool,
    /// Whether it is suspended.
    pub freeze: bool,
    /// A hash of everything that was registered, as RetailCRM shows it. RetailCRM may show it otherwise than it was sent, so
    /// it is comparable with another of its kind only.
    pub digest: String,
}

/// What of a module only its registration changes.
const REGISTERED: &[&str] = &["/clientId", "/baseUrl", "/accountUrl", "/actions", "/integrations/telephony"];
/// The same for modules that have pages. Not hashed where there is none, so that the hashes of modules without pages, which
/// are kept, stay what they were.
const EMBEDDED: &str = "/integrations/embedJs";

impl ModuleThere {
    fn read(module: &Value) -> Self {
        let mut hasher = blake3::Hasher::new();
        for place in REGISTERED {
            hasher.update(canonical(module.pointer(place).unwrap_or(&Value::Null)).as_bytes());
            hasher.update(b"\n");
        }
        let embedded = canonical(module.pointer(EMBEDDED).unwrap_or(&Value::Null));
        if !embedded.is_empty() {
            hasher.update(embedded.as_bytes());
        }
        Self {
            active: wire::flag_field(module, "active").unwrap_or(true),
            freeze: wire::flag_field(module, "freeze").unwrap_or(false),
            digest: hasher.finalize().to_hex().to_string(),
        }
    }
}

/// A value as text, whatever the order of its members and elements, and whether its numbers are written as texts. What is
/// empty and what is not there are the same.
fn canonical(value: &Value) -> String {
    let sorted = |mut parts: Vec<String>| {
        parts.sort_unstable();
        parts.join(",")
    };
    match value {
        Value::Null => String::new(),
        Value::Array(elements) => {
            sorted(elements.iter().map(|one| format!("[{}]", canonical(one))).collect())
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name, canonical(value)));
            let filled = members.filter(|(_, value)| !value.is_empty());
            sorted(filled.map(|(name, value)| format!("{{{name:?}:{value}}}")).collect())
        }
        Value::String(text) => format!("{text:?}"),
        other => format!("{:?}", other.to_string()),
    }
}

impl Client {
    /// Reads a module back; `None` when RetailCRM has none of this code.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`] but [`CrmError::NotFound`].
    pub async fn module(&self, code: &str, urgency: Urgency) -> Result<Option<ModuleThere>, CrmError> {
        let path = format!("/api/v5/integration-modules/{code}");
        match self.get("integration-modules", &path, Form::new(), urgency).await {
            // An answer without a module says nothing about whether there is one.
            Ok(answer) => match wire::field(&answer, "integrationModule") {
                Some(module) => Ok(Some(ModuleThere::read(module))),
                None => Err(unreadable("integrationModule")),
            },
            Err(CrmError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown_otherwise_is_the_same_and_what_is_changed_is_not() {
        let module = |codes: Value, extra: Value| {
            ModuleThere::read(&json!({"active": true, "clientId": "c", "name": extra,
                "actions": {"activity": "/a", "settings": "/s"},
                "integrations": {"telephony": {"additionalCodes": codes, "externalPhones": []}}}))
        };
        let one = module(json!([{"userId": 27, "code": "101"}, {"userId": 28, "code": "102"}]), json!("A"));
        let same =
            module(json!([{"code": "102", "userId": "28"}, {"code": "101", "userId": "27"}]), json!("B"));
        assert_eq!(one, same);
        for codes in [json!([]), json!([{"userId": 27, "code": "102"}, {"userId": 28, "code": "101"}])] {
            assert_ne!(one.digest, module(codes, json!("A")).digest);
        }
    }

    #[test]
    fn a_page_that_is_taken_away_or_changed_is_seen() {
        let module = |embed: Value| {
            let integrations = json!({"telephony": {"allowEdit": false}, "embedJs": embed});
            ModuleThere::read(&json!({"active": true, "clientId": "c", "integrations": integrations})).digest
        };
        let one = module(json!({"entrypoint": "/e.js", "pages": [{"code": "a", "menu": "m"}]}));
        assert_eq!(
            one,
            module(
                json!({"pages": [{"menu": "m", "code": "a", "pageHelpLink": null}], "entrypoint": "/e.js"})
            )
        );
        assert_ne!(one, module(Value::Null));
        assert_ne!(one, module(json!({"entrypoint": "/e.js", "pages": [{"code": "a", "menu": "n"}]})));
    }
}
