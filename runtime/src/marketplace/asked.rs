//! What RetailCRM asks and what it sends.
//!
//! Source: reference, section 4.4. The form of both requests and of their answers is known from the vendor's own modules (mark
//! [C]); no page of its documentation gives it. So what is not understood is refused with words, and nothing is guessed.

use serde::Deserialize;
use serde_json::{Value, json};

use super::proof::proves;
use super::refusal::Refusal;
use crate::config::{Marketplace, Secret};
use crate::crm::{MODULE_SCOPES, NEEDED_SCOPES};

/// Where RetailCRM asks what the module needs: `configUrl` of the marketplace.
pub const CONFIG_PATH: &str = "/retailcrm/marketplace/config";
/// Where it registers a shop.
pub const REGISTER_PATH: &str = "/retailcrm/marketplace/register";

/// The longest key that is taken.
const MAX_KEY: usize = 256;

/// What the module needs, and where a shop is registered.
pub fn configuration(settings: &Marketplace) -> Value {
    let scopes: Vec<&str> = NEEDED_SCOPES.iter().chain(MODULE_SCOPES).copied().collect();
    json!({
        "success": true,
        "scopes": scopes,
        "registerUrl": format!("{}{REGISTER_PATH}", settings.public_url),
    })
}

/// A registration that RetailCRM sent.
#[derive(Debug)]
pub(super) struct Registration {
    pub(super) key: Secret,
    /// The address of the shop, as it was sent.
    pub(super) address: String,
}

/// The part `register` of the form.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    token: String,
    api_key: String,
    system_url: String,
}

impl Registration {
    /// Reads the part `register`; nothing of it is looked at before it is proved.
    pub(super) fn read(settings: &Marketplace, part: Option<&str>) -> Result<Self, Refusal> {
        let part = part.ok_or(Refusal::Unreadable)?;
        let sent: Sent = serde_json::from_str(part).map_err(|_| Refusal::Unreadable)?;
        if !proves(&settings.secret, &sent.api_key, &sent.token) {
            return Err(Refusal::NotProved);
        }
        let fits = !sent.api_key.is_empty()
            && sent.api_key.len() <= MAX_KEY
            && sent.api_key.bytes().all(|byte| byte.is_ascii_graphic());
        if !fits {
            return Err(Refusal::Unreadable);
        }
        Ok(Self { key: Secret::new(&sent.api_key), address: sent.system_url })
    }
}
