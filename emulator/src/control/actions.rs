//! What the control API does: faults, switches, calls that are played, callbacks, records put there, clearing.

use serde::Deserialize;
use serde_json::{Value, json};

use super::request::{Ask, done, refused};
use crate::fault::Fault;
use crate::faults::FaultId;
use crate::outbound::Delivery;
use crate::retailcrm::CallbackError;
use crate::uis::{CallScript, Quirk};
use crate::wire::exchange::Outcome;
use crate::world::Accounts;

/// `POST /api/uis/play`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Play {
    #[serde(default)]
    script: CallScript,
    #[serde(default)]
    quirks: Vec<Quirk>,
    /// Where the notifications go, one after the other; nowhere when absent.
    #[serde(default)]
    send_to: Option<String>,
}

/// `POST /api/retailcrm/trigger`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Trigger {
    url: String,
    order: u64,
}

/// `POST /api/retailcrm/call`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClickToCall {
    user: u64,
    phone: String,
    #[serde(default)]
    site: Option<String>,
}

/// `POST /api/retailcrm/user-status`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct UserStatus {
    user: u64,
    status: String,
}

/// `POST /api/retailcrm/activity`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Activity {
    code: String,
    active: bool,
    #[serde(default)]
    freeze: bool,
}

/// `PUT /api/retailcrm/{customers,orders}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    site: String,
    fields: Value,
}

/// Answers everything that is not only shown.
pub(super) async fn answer(accounts: &Accounts, ask: &Ask, path: &[&str]) -> Outcome {
    let result = match (ask.method.as_str(), path) {
        ("POST" | "DELETE", ["faults", ..]) => faults(accounts, ask, path),
        ("PATCH", ["switches"]) => switches(accounts, ask),
        ("DELETE", ["log"]) => Ok(cleared(|| accounts.journal().clear())),
        ("DELETE", ["peaks"]) => Ok(cleared(|| accounts.crm().clear_peaks())),
        ("DELETE", ["retailcrm", "records"]) => Ok(cleared(|| accounts.crm().clear_records())),
        ("PUT", ["snapshot"]) => restore(accounts, ask),
        ("PUT", ["retailcrm", noun]) => put(accounts, ask, noun),
        ("PUT", ["uis", noun]) => {
            ask.body::<Value>().map(|row| cleared(|| accounts.uis().put_row(noun, row)))
        }
        ("POST", ["uis", "play"]) => play(accounts, ask).await,
        ("POST", ["retailcrm", what]) => callback(accounts, ask, what).await,
        _ => Err(refused(404, "there is nothing here")),
    };
    result.unwrap_or_else(|refusal| refusal)
}

fn faults(accounts: &Accounts, ask: &Ask, path: &[&str]) -> Result<Outcome, Outcome> {
    match (ask.method.as_str(), path) {
        ("POST", ["faults"]) => {
            let fault: Fault = ask.body()?;
            if !(0.0..=1.0).contains(&fault.chance) {
                return Err(refused(400, "`chance` is not between 0 and 1"));
            }
            Ok(done(&json!({"id": accounts.faults().add(fault)})))
        }
        ("DELETE", ["faults"]) => Ok(cleared(|| accounts.faults().clear())),
        ("DELETE", ["faults", id]) => match id.parse().map(FaultId) {
            Ok(id) if accounts.faults().remove(id) => Ok(done(&json!({}))),
            _ => Err(refused(404, "there is no such fault")),
        },
        _ => Err(refused(404, "there is nothing here")),
    }
}

fn switches(accounts: &Accounts, ask: &Ask) -> Result<Outcome, Outcome> {
    let changes: Value = ask.body()?;
    let changed = accounts.switches().with(&changes).map_err(|error| refused(400, &error.to_string()))?;
    let shown = serde_json::to_value(&changed).unwrap_or(Value::Null);
    accounts.set_switches(|switches| *switches = changed);
    Ok(done(&shown))
}

fn restore(accounts: &Accounts, ask: &Ask) -> Result<Outcome, Outcome> {
    let snapshot: Value = ask.body()?;
    accounts.restore(&snapshot).map_err(|error| refused(400, &error.to_string()))?;
    Ok(done(&json!({})))
}

fn put(accounts: &Accounts, ask: &Ask, noun: &str) -> Result<Outcome, Outcome> {
    let Put { site, fields } = ask.body()?;
    let id = match noun {
        "customers" => accounts.crm().put_customer(&site, fields),
        "orders" => accounts.crm().put_order(&site, fields),
        _ => return Err(refused(404, "only customers and orders can be put there")),
    };
    Ok(done(&json!({"id": id})))
}

async fn play(accounts: &Accounts, ask: &Ask) -> Result<Outcome, Outcome> {
    let Play { script, quirks, send_to } = ask.body()?;
    let uis = accounts.uis();
    let played = uis.play(&script, &quirks);
    let deliveries = match &send_to {
        Some(base) => uis.send_all(&played.notifications, base).await,
        None => Vec::new(),
    };
    Ok(done(
        &json!({"session": played.session, "started": played.started, "notifications": played.notifications,
        "deliveries": deliveries}),
    ))
}

async fn callback(accounts: &Accounts, ask: &Ask, what: &str) -> Result<Outcome, Outcome> {
    let crm = accounts.crm();
    let told = |result: Result<Delivery, CallbackError>| match result {
        Ok(delivery) => Ok(done(&json!(delivery))),
        Err(error) => Err(refused(409, &error.to_string())),
    };
    match what {
        "trigger" => {
            let Trigger { url, order } = ask.body()?;
            Ok(done(&json!(crm.fire_trigger(&url, order).await)))
        }
        "triggers" => ask.body().map(|urls| cleared(|| crm.set_triggers(urls))),
        "call" => {
            let ClickToCall { user, phone, site } = ask.body()?;
            told(crm.click_to_call(user, &phone, site.as_deref()).await)
        }
        "user-status" => {
            let UserStatus { user, status } = ask.body()?;
            told(crm.report_user_status(user, &status).await)
        }
        "activity" => {
            let Activity { code, active, freeze } = ask.body()?;
            told(crm.set_activity(&code, active, freeze).await)
        }
        _ => Err(refused(404, "there is nothing here")),
    }
}

fn cleared(act: impl FnOnce()) -> Outcome {
    act();
    done(&json!({}))
}
