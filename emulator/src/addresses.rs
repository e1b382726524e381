//! Where a started emulator can be reached, in the shape that `rules emulate --format json` prints.

use serde::Serialize;

/// Everything that a caller must know to use a started emulator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Addresses {
    /// The stand-ins themselves.
    #[serde(flatten)]
    pub services: ServiceAddresses,
    /// The page for people; the control API lives below it, under `api/`.
    pub page: String,
}

/// The two stand-ins; serialises as exactly `{"retailcrm": {"url","key","site"}, "uis": {"data_api","call_api","token"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServiceAddresses {
    /// RetailCRM.
    pub retailcrm: RetailCrmAddress,
    /// UIS.
    pub uis: UisAddress,
}

/// Where RetailCRM is, and what opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RetailCrmAddress {
    /// Base address without a closing slash; API paths begin with `/api/`.
    pub url: String,
    /// A key that sees all shops and may do everything.
    pub key: String,
    /// Code of the default shop.
    pub site: String,
}

/// Where the UIS APIs are, and what opens them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UisAddress {
    /// Full address of the Data API, version included.
    pub data_api: String,
    /// Full address of the Call API, version included.
    pub call_api: String,
    /// Access token of both.
    pub token: String,
}

impl Addresses {
    /// All addresses as one line of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl ServiceAddresses {
    /// The services as one line of JSON, without the page.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
