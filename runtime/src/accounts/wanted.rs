//! An account that somebody wants: the names are those of the settings.

use std::path::{Component, Path};

use serde::Deserialize;

use super::error::EditError;
use super::place::{Given, SecretPlace};

/// The Data API of UIS, where nothing else is said.
pub const DATA_API: &str = "https://dataapi.uiscom.ru/v2.0";

/// An account that is to be written into the settings. What is checked of it is what is checked of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Its name.
    pub name: String,
    /// The folder with its rules; relative to the file of settings.
    pub bundle: String,
    /// The secret of its notification addresses; made when there is none.
    #[serde(default)]
    pub hook_secret: Option<Given>,
    /// Its RetailCRM.
    pub retailcrm: WantedCrm,
    /// Its UIS, when it has one.
    #[serde(default)]
    pub uis: Option<WantedUis>,
}

/// The RetailCRM of an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedCrm {
    /// Its address; with `key`, or `credentials` instead of both.
    #[serde(default)]
    pub url: Option<String>,
    /// The API key.
    #[serde(default)]
    pub key: Option<Given>,
    /// Named credentials.
    #[serde(default)]
    pub credentials: Option<String>,
    /// The code of the shop.
    pub site: String,
    /// The integration module, when it is to be registered.
    #[serde(default)]
    pub module: Option<WantedModule>,
}

/// The module of an account in RetailCRM.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedModule {
    /// Where RetailCRM reaches this server.
    pub public_url: String,
    /// The code of this instance.
    #[serde(default)]
    pub code: Option<String>,
    /// The code in the marketplace.
    #[serde(default)]
    pub integration_code: Option<String>,
    /// What people see.
    #[serde(default)]
    pub name: Option<String>,
}

/// The UIS of an account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedUis {
    /// Named credentials; or the rest.
    #[serde(default)]
    pub credentials: Option<String>,
    /// The Data API; [`DATA_API`] when there is a token and nothing else is said.
    #[serde(default)]
    pub data_api: Option<String>,
    /// The Call API, when it is used.
    #[serde(default)]
    pub call_api: Option<String>,
    /// The key.
    #[serde(default)]
    pub token: Option<Given>,
}

impl Wanted {
    /// Refuses places outside of the folder of the settings. For accounts that come in by a request: whoever may send one need
    /// not be somebody who may read every file that this server can read.
    ///
    /// # Errors
    ///
    /// [`EditError::Outside`] with the path.
    pub fn stays_inside(&self) -> Result<(), EditError> {
        let token = self.uis.as_ref().and_then(|uis| uis.token.as_ref());
        let secrets = [self.hook_secret.as_ref(), self.retailcrm.key.as_ref(), token];
        let files = secrets.into_iter().flatten().filter_map(|given| match given {
            Given::Place(SecretPlace::File(path)) => Some(path),
            _ => None,
        });
        for path in files.chain([&self.bundle]) {
            let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
            if !is_inside || path.is_empty() {
                return Err(EditError::Outside { path: path.clone() });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(bundle: &str, key: &str) -> Result<(), EditError> {
        let json = format!(
            r#"{{"name": "a", "bundle": {bundle:?}, "retailcrm": {{"url": "a.retailcrm.ru", "key": {{"file": {key:?}}}, "site": "s"}}}}"#
        );
        serde_json::from_str::<Wanted>(&json).unwrap().stays_inside()
    }

    #[test]
    fn only_files_below_the_settings_are_named_by_requests() {
        assert!(wanted("rules/a", "secrets/a").is_ok());
        for outside in ["/etc/passwd", "../x", "a/../../x", "", "./x"] {
            assert!(wanted("rules", outside).is_err(), "{outside}");
            assert!(wanted(outside, "secrets/a").is_err(), "{outside}");
        }
    }
}
