//! A user connects a module from the marketplace: RetailCRM asks what the module needs, makes a key, and registers the account.
//!
//! The key is proved by an HMAC under the secret of the module. A module that does not take the registration leaves no key
//! behind.

use http::Method;
use ring::hmac;
use serde::Serialize;
use serde_json::{Value, json};

use super::handle::Crm;
use super::state::ApiKey;
use super::system::SCOPES;
use crate::outbound::{Delivery, Outgoing, send};

/// How every key of the marketplace begins.
const KEY_PREFIX: &str = "marketplace-";
/// What became of an installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Installed {
    /// The page that the user is sent to; `None` when the module did not take the registration.
    pub account_url: Option<String>,
    /// The key that was made; of no use when the registration was not taken.
    pub key: String,
    /// What the user is told when it was not taken.
    pub error: Option<String>,
    /// What was asked and sent.
    pub deliveries: Vec<Delivery>,
}

impl Crm {
    /// A user connects a module: `GET config_url`, a new key with the scopes that it names, `POST registerUrl` with the key, its
    /// proof under `secret`, and `system_url`, the address of this account.
    pub async fn install(&self, config_url: &str, secret: &str, system_url: &str) -> Installed {
        let asked = self.ask_configuration(config_url).await;
        let key = self.next_key();
        let mut installed =
            Installed { account_url: None, key: key.clone(), error: None, deliveries: vec![asked.clone()] };
        let (scopes, register) = match configuration(&asked) {
            Ok(read) => read,
            Err(error) => {
                installed.error = Some(error);
                return installed;
            }
        };
        self.put_key(ApiKey { value: key.clone(), scopes: Some(scopes.into_iter().collect()), sites: None });
        let sent = self.register(&register, secret, &key, system_url).await;
        installed.deliveries.push(sent.clone());
        match taken(&sent) {
            Ok(page) => installed.account_url = Some(page),
            Err(error) => {
                self.revoke_key(&key);
                installed.error = Some(error);
            }
        }
        installed
    }

    /// Sends a registration, whatever became of others: `POST register_url`, form part `register`.
    pub async fn register(&self, register_url: &str, secret: &str, key: &str, system_url: &str) -> Delivery {
        let signing = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let token: String =
            hmac::sign(&signing, key.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let register = json!({"token": token, "apiKey": key, "systemUrl": system_url}).to_string();
        let outgoing = Outgoing {
            from: "retailcrm",
            what: "register".to_owned(),
            method: Method::POST,
            url: register_url.to_owned(),
            content_type: Some("application/x-www-form-urlencoded".to_owned()),
            body: form_urlencoded::Serializer::new(String::new()).append_pair("register", &register).finish(),
        };
        send(&self.world, outgoing, 0, std::time::Duration::ZERO).await
    }

    async fn ask_configuration(&self, url: &str) -> Delivery {
        let outgoing = Outgoing {
            from: "retailcrm",
            what: "configuration".to_owned(),
            method: Method::GET,
            url: url.to_owned(),
            content_type: None,
            body: String::new(),
        };
        send(&self.world, outgoing, 0, std::time::Duration::ZERO).await
    }

    /// A key that there has not been.
    fn next_key(&self) -> String {
        let mut state = self.world.crm();
        state.marketplace_keys += 1;
        format!("{KEY_PREFIX}{}", state.marketplace_keys)
    }
}

/// Scopes and address out of the answer of a module.
fn configuration(asked: &Delivery) -> Result<(Vec<String>, String), String> {
    let answer = success(asked)?;
    let scopes = answer.get("scopes").and_then(Value::as_array).ok_or("`scopes` is missing")?;
    let scopes: Vec<String> = scopes.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(unknown) = scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
        return Err(format!("there is no scope `{unknown}`"));
    }
    let register = answer.get("registerUrl").and_then(Value::as_str).filter(|url| url.starts_with("http"));
    Ok((scopes, register.ok_or("`registerUrl` is missing")?.to_owned()))
}

/// The page out of the answer to a registration.
fn taken(sent: &Delivery) -> Result<String, String> {
    let answer = success(sent)?;
    let page = answer.get("accountUrl").and_then(Value::as_str);
    Ok(page.ok_or("`accountUrl` is missing")?.to_owned())
}

fn success(delivery: &Delivery) -> Result<Value, String> {
    let answer: Value = serde_json::from_str(&delivery.answer)
        .map_err(|_| format!("no JSON was answered, status {:?}", delivery.status))?;
    let message = answer.get("errorMsg").and_then(Value::as_str).unwrap_or_default().to_owned();
    match (delivery.status, answer.get("success").and_then(Value::as_bool)) {
        (Some(200), Some(true)) => Ok(answer),
        (status, _) if message.is_empty() => Err(format!("no success was answered, status {status:?}")),
        _ => Err(message),
    }
}
