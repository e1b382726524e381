//! One account's Call API (JSON-RPC 2.0 over HTTPS): starting a call between an employee and a client.
//!
//! The same envelope as the Data API, another address, maybe another token (reference, section 8). Unlike what the Data API
//! is asked, a call that was started cannot be taken back: [`UisError::may_have_happened`] says after which errors
//! nobody knows, and those are never repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{Request, header};
use serde::Serialize;
use serde_json::{Value, json};

use super::answer;
use super::error::UisError;
use crate::config::Secret;
use crate::outbound::{NotSent, Outcome, Transport};

/// What a client needs to know.
#[derive(Debug, Clone)]
pub struct CallApiSettings {
    /// The account's name, for metrics.
    pub account: String,
    /// Base address of the Call API.
    pub url: String,
    /// The access token.
    pub token: Secret,
    /// How long one request may take.
    pub timeout: Duration,
}

/// One account's Call API.
#[derive(Debug, Clone)]
pub struct CallApi {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: CallApiSettings,
    transport: Arc<dyn Transport>,
    next_id: AtomicU64,
}

/// A call to be started: first the employee is rung, then the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StartCall {
    /// The virtual number that the client sees, digits with the country.
    pub virtual_phone_number: String,
    /// Whether the employee's phone shows that number instead of the client's.
    pub show_virtual_phone_number: bool,
    /// The client's number, digits with the country.
    pub contact: String,
    /// The employee.
    pub employee: CallEmployee,
    /// What we call it; comes back in notifications and reports.
    pub external_id: String,
    /// Whether the employee hears the line while the client's phone rings; both members or neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switch_at_once: Option<bool>,
    /// See [`StartCall::switch_at_once`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early_switching: Option<bool>,
}

/// The employee of a call; all of his active numbers are tried in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CallEmployee {
    /// His number in UIS.
    pub id: u64,
}

impl CallApi {
    /// Makes a client; sends nothing yet.
    pub fn new(settings: CallApiSettings, transport: Arc<dyn Transport>) -> Self {
        Self { inner: Arc::new(Inner { settings, transport, next_id: AtomicU64::new(1) }) }
    }

    /// Starts a call and gives its session.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; see [`UisError::may_have_happened`].
    pub async fn start_employee_call(&self, call: &StartCall) -> Result<u64, UisError> {
        const METHOD: &str = "start.employee_call";
        let inner = &*self.inner;
        let mut params = serde_json::to_value(call).unwrap_or_default();
        if let Value::Object(params) = &mut params {
            params.insert("access_token".to_owned(), json!(inner.settings.token.expose()));
            params.insert("first_call".to_owned(), json!("employee"));
            params.insert("direction".to_owned(), json!("out"));
        }
        let id = inner.next_id.fetch_add(1, Ordering::Relaxed);
        let body = json!({"jsonrpc": "2.0", "id": id, "method": METHOD, "params": params}).to_string();
        let request = Request::post(&inner.settings.url)
            .header(header::CONTENT_TYPE, "application/json; charset=UTF-8")
            .body(body.into())
            .map_err(|_| UisError::NotSent(NotSent::Refused { reason: "not an address".to_owned() }))?;
        let result = match inner.transport.send(request, inner.settings.timeout).await {
            Outcome::NotSent(reason) => Err(UisError::NotSent(reason)),
            Outcome::Unanswered(reason) => Err(UisError::Unanswered(reason)),
            Outcome::Answered(response) => {
                let (result, _) = answer::read(response.status().as_u16(), response.body());
                result.and_then(|result| session(&result))
            }
        };
        let outcome = result.as_ref().map_or_else(UisError::name, |_| "ok");
        let account = inner.settings.account.clone();
        metrics::counter!("switchboard_uis_requests_total", "account" => account, "method" => METHOD, "outcome" => outcome)
            .increment(1);
        result
    }
}

/// The session, in `data` or directly in the result, as a number or as a text.
fn session(result: &Value) -> Result<u64, UisError> {
    let session = ["/data/call_session_id", "/data/0/call_session_id", "/call_session_id"]
        .iter()
        .find_map(|path| result.pointer(path))
        .and_then(|session| session.as_u64().or_else(|| session.as_str()?.trim().parse().ok()));
    session.ok_or_else(|| UisError::Unreadable { status: 200, reason: "no `call_session_id`".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::Unanswered;
    use crate::outbound::fake::{FakeTransport, answered};

    fn api(transport: &Arc<FakeTransport>) -> CallApi {
        let settings = CallApiSettings {
            account: "romashka".to_owned(),
            url: "https://callapi.uiscom.ru/v4.0".to_owned(),
            token: Secret::new("t0ken"),
            timeout: Duration::from_secs(10),
        };
        CallApi::new(settings, transport.clone())
    }

    fn call() -> StartCall {
        StartCall {
            virtual_phone_number: "74950000001".to_owned(),
            show_virtual_phone_number: false,
            contact: "79000000010".to_owned(),
            employee: CallEmployee { id: 323_400 },
            external_id: "click-1-1700000000".to_owned(),
            switch_at_once: Some(true),
            early_switching: Some(true),
        }
    }

    #[tokio::test]
    async fn the_request_rings_the_employee_first_and_is_an_outgoing_call() {
        let transport = FakeTransport::new(|_| {
            answered(200, r#"{"jsonrpc":"2.0","id":1,"result":{"data":{"call_session_id":998700003}}}"#)
        });
        assert_eq!(api(&transport).start_employee_call(&call()).await, Ok(998_700_003));
        let seen = transport.take().remove(0);
        assert_eq!((seen.method.as_str(), seen.address.as_str()), ("POST", "https://callapi.uiscom.ru/v4.0"));
        let sent: Value = serde_json::from_str(&seen.body).expect("JSON");
        assert_eq!(
            sent["params"],
            json!({
                "access_token": "t0ken", "first_call": "employee", "direction": "out",
                "virtual_phone_number": "74950000001", "show_virtual_phone_number": false, "contact": "79000000010",
                "employee": {"id": 323_400}, "external_id": "click-1-1700000000", "switch_at_once": true,
                "early_switching": true,
            })
        );
    }

    #[tokio::test]
    async fn what_is_refused_did_not_happen_and_what_is_not_answered_may_have() {
        let refused = |code: i64, mnemonic: &str| {
            let body = json!({"error": {"code": code, "data": {"mnemonic": mnemonic}}}).to_string();
            FakeTransport::new(move |_| answered(200, body.clone()))
        };
        for (code, mnemonic) in [
            (-32602, "employee_not_found"),
            (-32602, "no_active_phone_number"),
            (-32007, "virtual_phone_number_not_found"),
            (-32002, "contact_in_blacklist"),
            (-32008, "component_disabled"),
            (-32029, "limit_exceeded"),
            (-32001, "access_token_invalid"),
        ] {
            let error = api(&refused(code, mnemonic)).start_employee_call(&call()).await.expect_err(mnemonic);
            assert!(!error.may_have_happened(), "{mnemonic}");
            assert_eq!(error.mnemonic().unwrap_or("limit_exceeded"), mnemonic);
        }
        let lost = FakeTransport::new(|_| Outcome::Unanswered(Unanswered::TimedOut));
        let page = FakeTransport::new(|_| answered(502, "<html>"));
        let empty = FakeTransport::new(|_| answered(200, r#"{"result":{"data":{}}}"#));
        for transport in [refused(-32603, "internal_error"), lost, page, empty] {
            let error = api(&transport).start_employee_call(&call()).await.expect_err("no session");
            assert!(error.may_have_happened(), "{error}");
        }
    }
}
