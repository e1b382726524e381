//! What RetailCRM calls on us: triggers, click to call, a user's status, a module switched on or off.
//!
//! None of these calls is signed; `clientId` is all that tells where they come from.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::handle::Crm;
use super::state::State;
use crate::outbound::{Delivery, Outgoing, send};
use crate::world::World;

/// Pause before a trigger is repeated, when triggers are repeated at all.
const TRIGGER_PAUSE: Duration = Duration::from_secs(1);

/// Why a callback was not made.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallbackError {
    /// No active module has the address that is needed.
    #[error("no active module has `{0}`")]
    NoAddress(&'static str),
    /// The user is not there.
    #[error("there is no user {0}")]
    NoUser(u64),
    /// The module is not there.
    #[error("there is no module `{0}`")]
    NoModule(String),
}

impl Crm {
    /// Fires a trigger: `GET {url}?orderId={order}` and nothing else, as «Выполнить HTTP-запрос» does.
    pub async fn fire_trigger(&self, url: &str, order: u64) -> Delivery {
        fire(&self.world, url, order).await
    }

    /// A user clicks on a phone: `GET makeCallUrl`. `site` is the shop of the card, which decides about `externalPhone`.
    ///
    /// # Errors
    /// No active module with `makeCallUrl`, or no such user.
    pub async fn click_to_call(
        &self,
        user: u64,
        phone: &str,
        site: Option<&str>,
    ) -> Result<Delivery, CallbackError> {
        let url = {
            let state = self.world.crm();
            if state.user(user).is_none() {
                return Err(CallbackError::NoUser(user));
            }
            let (url, client) = address(&state, "makeCallUrl")?;
            let mut pairs = vec![
                ("clientId", client),
                ("code", state.extension(user).unwrap_or_default()),
                ("userId", user.to_string()),
                ("phone", phone.to_owned()),
            ];
            pairs.extend(
                site.and_then(|site| external_phone(&state, site)).map(|phone| ("externalPhone", phone)),
            );
            with_query(&url, &pairs)
        };
        Ok(self.get("make_call", url).await)
    }

    /// A user changes his status: `GET changeUserStatusUrl`, and the status is kept.
    ///
    /// # Errors
    /// No active module with `changeUserStatusUrl`, or no such user.
    pub async fn report_user_status(&self, user: u64, status: &str) -> Result<Delivery, CallbackError> {
        let url = {
            let mut state = self.world.crm();
            let (url, client) = address(&state, "changeUserStatusUrl")?;
            let code = state.extension(user).unwrap_or_default();
            let known =
                state.users.iter_mut().find(|known| known.id == user).ok_or(CallbackError::NoUser(user))?;
            status.clone_into(&mut known.status);
            let (user, status) = (user.to_string(), status.to_owned());
            with_query(&url, &[("clientId", client), ("userId", user), ("code", code), ("status", status)])
        };
        Ok(self.get("user_status", url).await)
    }

    /// A module is switched on, off or frozen: the change is kept and told to `baseUrl` + `actions.activity`.
    ///
    /// # Errors
    /// No such module, or one without that address.
    pub async fn set_activity(
        &self,
        code: &str,
        active: bool,
        freeze: bool,
    ) -> Result<Delivery, CallbackError> {
        let (url, body) = {
            let mut state = self.world.crm();
            let module =
                state.modules.get_mut(code).ok_or_else(|| CallbackError::NoModule(code.to_owned()))?;
            module.insert("active".to_owned(), json!(active));
            module.insert("freeze".to_owned(), json!(freeze));
            let text = |name: &str| module.get(name).and_then(Value::as_str).unwrap_or_default();
            let path =
                module.get("actions").and_then(|actions| actions.get("activity")).and_then(Value::as_str);
            let path = path.ok_or(CallbackError::NoAddress("actions.activity"))?;
            let url = format!("{}/{}", text("baseUrl").trim_end_matches('/'), path.trim_start_matches('/'));
            let activity = json!({"active": active, "freeze": freeze}).to_string();
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("clientId", text("clientId")).append_pair("activity", &activity);
            (url, form.finish())
        };
        let outgoing = Outgoing {
            from: "retailcrm",
            what: "activity".to_owned(),
            method: Method::POST,
            url,
            content_type: Some("application/x-www-form-urlencoded".to_owned()),
            body,
        };
        Ok(send(&self.world, outgoing, 0, Duration::ZERO).await)
    }

    /// The page of a module asks its server for something, as `host.httpCall` does: the account's own server POSTs to
    /// `baseUrl` + path, a form with `clientId` and, when given, `payload` (an object as JSON text). The page gets the status
    /// and the body.
    ///
    /// # Errors
    /// No such module, or one that is switched off or has no page.
    pub async fn http_call(
        &self,
        code: &str,
        path: &str,
        payload: Option<&Value>,
    ) -> Result<Delivery, CallbackError> {
        let (url, body) = {
            let state = self.world.crm();
            let module = state.modules.get(code).ok_or_else(|| CallbackError::NoModule(code.to_owned()))?;
            let text = |name: &str| module.get(name).and_then(Value::as_str).unwrap_or_default();
            let has_page =
                module.get("integrations").is_some_and(|all| all.pointer("/embedJs/pages/0").is_some());
            if !has_page || module.get("active") == Some(&json!(false)) {
                return Err(CallbackError::NoAddress("integrations.embedJs"));
            }
            let url = format!("{}/{}", text("baseUrl").trim_end_matches('/'), path.trim_start_matches('/'));
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("clientId", text("clientId"));
            match payload {
                Some(Value::String(text)) => drop(form.append_pair("payload", text)),
                Some(other) => drop(form.append_pair("payload", &other.to_string())),
                None => {}
            }
            (url, form.finish())
        };
        let outgoing = Outgoing {
            from: "retailcrm",
            what: "http_call".to_owned(),
            method: Method::POST,
            url,
            content_type: Some("application/x-www-form-urlencoded".to_owned()),
            body,
        };
        Ok(send(&self.world, outgoing, 0, Duration::ZERO).await)
    }

    /// The addresses that a running emulator calls by itself after every change of an order.
    pub fn set_triggers(&self, urls: Vec<String>) {
        self.world.crm().triggers = urls;
    }

    async fn get(&self, what: &str, url: String) -> Delivery {
        let outgoing = Outgoing {
            from: "retailcrm",
            what: what.to_owned(),
            method: Method::GET,
            url,
            content_type: None,
            body: String::new(),
        };
        send(&self.world, outgoing, 0, Duration::ZERO).await
    }
}

/// The last row of the history of orders: where [`run_triggers`] begins.
pub(crate) fn last_change(world: &World) -> u64 {
    newest(&world.crm(), 0).1
}

/// Watches the history of orders behind the row `seen` and fires the triggers that are set, one for every save. Never
/// ends.
pub(crate) async fn run_triggers(world: &World, mut seen: u64) {
    loop {
        let changed = world.orders_changed.notified();
        let (urls, saves) = {
            let state = world.crm();
            let (saves, newest) = newest(&state, seen);
            seen = newest;
            (state.triggers.clone(), saves)
        };
        for order in saves {
            for url in &urls {
                fire(world, url, order).await;
            }
        }
        changed.await;
    }
}

/// Orders saved since the row `seen`, one entry a save, and the last row.
fn newest(state: &State, seen: u64) -> (Vec<u64>, u64) {
    let mut saves: Vec<(u64, jiff::Timestamp)> = Vec::new();
    let mut last = seen;
    for row in state.order_history.iter().filter(|row| row.id > seen) {
        last = row.id;
        // The rows of one save have one time; two saves at the same moment are one trigger, as they may be in life.
        if let Some(order) =
            row.linked("order").filter(|order| saves.last() != Some(&(*order, row.stored_at)))
        {
            saves.push((order, row.stored_at));
        }
    }
    (saves.into_iter().map(|(order, _)| order).collect(), last)
}

async fn fire(world: &World, url: &str, order: u64) -> Delivery {
    let outgoing = Outgoing {
        from: "retailcrm",
        what: "trigger".to_owned(),
        method: Method::GET,
        url: with_query(url, &[("orderId", order.to_string())]),
        content_type: None,
        body: String::new(),
    };
    send(world, outgoing, world.switches.get().trigger_retries, TRIGGER_PAUSE).await
}

/// An address of the active telephony module, and the module's `clientId`.
fn address(state: &State, name: &'static str) -> Result<(String, String), CallbackError> {
    let url = state.telephony().and_then(|telephony| telephony.get(name)).and_then(Value::as_str);
    let url = url.ok_or(CallbackError::NoAddress(name))?;
    let client = state.modules.values().find(|module| {
        module
            .get("integrations")
            .and_then(|all| all.pointer("/telephony")?.get(name))
            .and_then(Value::as_str)
            == Some(url)
    });
    let client = client.and_then(|module| module.get("clientId")).and_then(Value::as_str).unwrap_or_default();
    Ok((url.to_owned(), client.to_owned()))
}

/// The outside number of a shop.
fn external_phone(state: &State, site: &str) -> Option<String> {
    let phones = state.telephony()?.get("externalPhones")?.as_array()?;
    let phone = phones.iter().find(|phone| phone.get("siteCode").and_then(Value::as_str) == Some(site))?;
    phone.get("externalPhone").and_then(Value::as_str).map(str::to_owned)
}

fn with_query(url: &str, pairs: &[(&str, String)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let joint = if url.contains('?') { '&' } else { '?' };
    format!("{url}{joint}{query}")
}
