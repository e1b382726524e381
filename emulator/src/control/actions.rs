//! What the control API does: faults, switches, calls that are played, callbacks, records put there, clearing.

use std::time::Duration;

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
    /// How the call goes on that comes of it; it only rings when absent.
    #[serde(default)]
    play: Option<CallScript>,
    /// Where its notifications go.
    #[serde(default)]
    send_to: Option<String>,
}

/// How long a click may take to become a call, and how often it is looked for.
const CALL_WAIT: (Duration, Duration) = (Duration::from_secs(10), Duration::from_millis(20));

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

/// `POST /api/retailcrm/http-call`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpCall {
    code: String,
    path: String,
    #[serde(default)]
    payload: Option<Value>,
}

/// `POST /api/retailcrm/install`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Install {
    config_url: String,
    secret: String,
    /// The address of this account, as the module is to call it.
    system_url: String,
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
            let click: ClickToCall = ask.body()?;
            let before = accounts.uis().live_calls();
            let delivery = match crm.click_to_call(click.user, &click.phone, click.site.as_deref()).await {
                Ok(delivery) => delivery,
                Err(error) => return told(Err(error)),
            };
            let mut answer = json!(delivery);
            if let (Some(script), true, Value::Object(answer)) =
                (&click.play, delivery.is_taken(), &mut answer)
            {
                let call = play_through(accounts, &before, script, click.send_to.as_deref()).await;
                answer.insert("call".to_owned(), call);
            }
            Ok(done(&answer))
        }
        "user-status" => {
            let UserStatus { user, status } = ask.body()?;
            told(crm.report_user_status(user, &status).await)
        }
        "install" => {
            let Install { config_url, secret, system_url } = ask.body()?;
            Ok(done(&json!(crm.install(&config_url, &secret, &system_url).await)))
        }
        "activity" => {
            let Activity { code, active, freeze } = ask.body()?;
            told(crm.set_activity(&code, active, freeze).await)
        }
        "http-call" => {
            let HttpCall { code, path, payload } = ask.body()?;
            told(crm.http_call(&code, &path, payload.as_ref()).await)
        }
        _ => Err(refused(404, "there is nothing here")),
    }
}

/// Waits for the call that a click becomes and plays it; null when none comes.
async fn play_through(
    accounts: &Accounts,
    before: &[Value],
    script: &CallScript,
    send_to: Option<&str>,
) -> Value {
    let uis = accounts.uis();
    let (most, pause) = CALL_WAIT;
    let fresh = async {
        loop {
            let new = uis.live_calls().into_iter().find(|call| !before.contains(call));
            if let Some(session) = new.and_then(|call| call.get("call_session_id")?.as_u64()) {
                break session;
            }
            tokio::time::sleep(pause).await;
        }
    };
    let Ok(session) = tokio::time::timeout(most, fresh).await else { return Value::Null };
    let Some(played) = uis.play_live(session, script, &[]) else { return Value::Null };
    let deliveries = match send_to {
        Some(base) => uis.send_all(&played.notifications, base).await,
        None => Vec::new(),
    };
    json!({"session": session, "notifications": played.notifications, "deliveries": deliveries})
}

fn cleared(act: impl FnOnce()) -> Outcome {
    act();
    done(&json!({}))
}
