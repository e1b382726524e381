//! What to paste into UIS: addresses and bodies. Secrets are shown to whoever asked to see personal data here.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Uri};
use serde::Serialize;

use crate::config;
use crate::http::pages::look::Look;
use crate::http::pages::render::Asked;
use crate::http::state::Shared;
use crate::source::retailcrm::trigger_address;
use crate::source::uis::{TEMPLATES, Template, WRITTEN_TEMPLATES, hook_address, written_about};

/// What stands where the public address and secrets would.
const HOST: &str = "https://HOST";
const SECRET: &str = "HOOK_SECRET";
const KEY: &str = "BODY_KEY";

#[derive(Serialize)]
struct Own {
    /// Whether the address of the server from outside is not known of some account.
    no_host: bool,
    /// What there is to know of chats and requests.
    written_about: String,
    accounts: Vec<Account>,
}

#[derive(Serialize)]
struct Account {
    name: String,
    events: Vec<Event>,
    /// Those of chats and requests.
    written: Vec<Event>,
    manager: String,
    /// What a trigger of RetailCRM calls, where orders become deals.
    trigger: Option<String>,
}

#[derive(Serialize)]
struct Event {
    code: &'static str,
    title: String,
    need: String,
    address: String,
    body: String,
    /// Names to compare with those of UIS.
    likely: &'static [&'static str],
}

/// Shows it.
pub(super) async fn page(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let accounts = &shared.parts.config.accounts;
    let no_host = accounts.iter().any(|account| host(account) == HOST);
    // What stands in backticks in a terminal is plain text on a page.
    let written_about = written_about().get(asked.look.lang).replace('`', "");
    let accounts = accounts.iter().map(|one| account(one, asked.look)).collect();
    let own = Own { no_host, written_about, accounts };
    asked.answer("setup.html", Ok(own))
}

/// The address of the server from outside, where the module tells it.
fn host(account: &config::Account) -> &str {
    account.retailcrm.module.as_ref().map_or(HOST, |module| module.public_url.as_str())
}

fn account(account: &config::Account, look: Look) -> Account {
    let host = host(account);
    // Of two secrets the first is the new one.
    let secret =
        account.hook_secrets.first().filter(|_| look.unmasked).map_or(SECRET, |secret| secret.expose());
    let key = account.body_key.as_ref().map(|key| if look.unmasked { key.expose() } else { KEY });
    let has_deals = account.uis.is_some() && account.deals.active;
    let event = |template: &Template| Event {
        code: template.event.as_str(),
        title: template.event.title().get(look.lang).to_owned(),
        need: template.need.text().get(look.lang).to_owned(),
        address: template.address(host, &account.name, secret),
        body: template.body(key),
        likely: template.likely,
    };
    Account {
        name: account.name.clone(),
        events: TEMPLATES.iter().map(event).collect(),
        written: WRITTEN_TEMPLATES.iter().map(event).collect(),
        manager: hook_address(host, &account.name, secret, "manager"),
        trigger: has_deals.then(|| trigger_address(host, &account.name, secret)),
    }
}
