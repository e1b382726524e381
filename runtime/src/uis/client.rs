//! One account's Data API (JSON-RPC 2.0 over HTTPS).
//!
//! The token goes inside `params`, so bodies of requests are as secret as the token; unknown members of `params` are an
//! error, so nothing optional is sent (reference, section 5.1).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{Request, header};
use serde_json::{Map, Value, json};

use super::answer;
use super::error::UisError;
use super::limits::Limits;
use super::points::Points;
use crate::config::Secret;
use crate::observe::UIS_POINTS;
use crate::outbound::{NotSent, Outcome, SendGuard, Transport};

/// Rows of a page; the vendor's default, of at most 10,000.
const PAGE: u64 = 1000;
/// Most pages that are read; the vendor allows no offset beyond 100,000.
const MAX_PAGES: u64 = 100;
/// The columns of employees that are asked for.
const EMPLOYEE_FIELDS: [&str; 6] = ["id", "full_name", "email", "extension", "phone_numbers", "groups"];

/// What a client needs to know.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// The account's name, for metrics.
    pub account: String,
    /// Base address of the Data API.
    pub data_api: String,
    /// The access token.
    pub token: Secret,
    /// How long one request may take.
    pub timeout: Duration,
    /// The points of the token, shared by all who use it.
    pub points: Arc<Points>,
}

/// One account's Data API. Clones share the limits.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
    guard: Option<Arc<dyn SendGuard>>,
}

#[derive(Debug)]
struct Inner {
    settings: ClientSettings,
    transport: Arc<dyn Transport>,
    next_id: AtomicU64,
}

/// An employee, as far as this program looks at one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Employee {
    /// The number in notifications.
    pub id: u64,
    /// E-mail as written; may be missing.
    pub email: Option<String>,
    /// The name as people read it.
    pub full_name: Option<String>,
    /// The internal number.
    pub extension: Option<String>,
    /// The numbers that ring, in their order: digits with the country's code, or a SIP login. Those that are switched
    /// off are left out.
    pub phones: Vec<String>,
    /// Names of the groups.
    pub groups: Vec<String>,
}

impl Employee {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| {
            value
                .get(name)
                .and_then(Value::as_str)
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let extension = value.pointer("/extension/extension_phone_number");
        Some(Self {
            id: number(value.get("id")?)?,
            email: text("email"),
            full_name: text("full_name"),
            extension: extension.and_then(|number| match number {
                Value::String(text) if !text.is_empty() => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            }),
            phones: phones(value),
            groups: texts(value, "groups", "group_name"),
        })
    }
}

/// A number that rings when its status says nothing else (reference, section 5.6: `phone_numbers`).
fn phones(employee: &Value) -> Vec<String> {
    let rows = employee.get("phone_numbers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let active =
        |row: &&Value| row.get("status").and_then(Value::as_str).is_none_or(|status| status == "active");
    rows.iter().filter(active).filter_map(|row| text(row.get("phone_number")?)).collect()
}

fn texts(value: &Value, list: &str, name: &str) -> Vec<String> {
    let rows = value.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    rows.iter().filter_map(|row| text(row.get(name)?)).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Client {
    /// Makes a client; sends nothing yet.
    pub fn new(settings: ClientSettings, transport: Arc<dyn Transport>) -> Self {
        let inner = Inner { settings, transport, next_id: AtomicU64::new(1) };
        Self { inner: Arc::new(inner), guard: None }
    }

    /// The same client for somebody who may only send while `guard` says so.
    #[must_use]
    pub fn guarded(&self, guard: Arc<dyn SendGuard>) -> Self {
        Self { inner: Arc::clone(&self.inner), guard: Some(guard) }
    }

    /// How long one request may take.
    pub(super) fn timeout(&self) -> Duration {
        self.inner.settings.timeout
    }

    /// The points of the token.
    pub fn points(&self) -> &Points {
        &self.inner.settings.points
    }

    /// What UIS last said of the points that are left; nothing before the first answer.
    pub fn limits(&self) -> Limits {
        self.inner.settings.points.left()
    }

    /// Asks a method whether it answers, whatever it says.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn probe(&self, method: &'static str, params: Map<String, Value>) -> Result<(), UisError> {
        self.call(method, params).await.map(drop)
    }

    /// Asks for the name of the account's time zone.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn timezone(&self) -> Result<Option<String>, UisError> {
        let result = self.call("get.account", Map::new()).await?;
        let account = rows(&result).first().copied().cloned().unwrap_or(Value::Null);
        Ok(account.get("timezone").and_then(Value::as_str).map(str::to_owned))
    }

    /// Lists all employees.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn employees(&self) -> Result<Vec<Employee>, UisError> {
        let mut found = Vec::new();
        let fields = json!(EMPLOYEE_FIELDS);
        let params = Map::from_iter([("fields".to_owned(), fields)]);
        self.pages("get.employees", &params, |row| found.extend(Employee::read(row))).await?;
        Ok(found)
    }

    /// Reads a list page by page.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; [`UisError::Unreadable`] when the list does not end within what the vendor pages through.
    pub(super) async fn pages(
        &self,
        method: &'static str,
        params: &Map<String, Value>,
        mut take: impl FnMut(&Value),
    ) -> Result<(), UisError> {
        for page in 0..MAX_PAGES {
            let mut params = params.clone();
            params.insert("limit".to_owned(), json!(PAGE));
            params.insert("offset".to_owned(), json!(page * PAGE));
            let result = self.call(method, params).await?;
            let rows = rows(&result);
            rows.iter().for_each(|row| take(row));
            let total = result.pointer("/metadata/total_items").and_then(Value::as_u64);
            // Where the total is not told, a page that is not full is the last one.
            let more = match total {
                Some(total) => (page + 1) * PAGE < total,
                None => u64::try_from(rows.len()).is_ok_and(|rows| rows == PAGE),
            };
            if rows.is_empty() || !more {
                return Ok(());
            }
        }
        Err(UisError::Unreadable { status: 200, reason: format!("no end of the list of {method}") })
    }

    pub(super) async fn call(
        &self,
        method: &'static str,
        mut params: Map<String, Value>,
    ) -> Result<Value, UisError> {
        let inner = &*self.inner;
        if let Some(wait) = inner.settings.points.blocked() {
            return Err(UisError::LimitExceeded { wait });
        }
        inner.settings.points.slot().await;
        // Asked after the wait for a turn: what was allowed before it may not be now.
        if self.guard.as_ref().is_some_and(|guard| !guard.may_send(inner.settings.timeout)) {
            return Err(UisError::TooLate);
        }
        let id = inner.next_id.fetch_add(1, Ordering::Relaxed);
        params.insert("access_token".to_owned(), json!(inner.settings.token.expose()));
        let body = json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string();
        let request = Request::post(&inner.settings.data_api)
            .header(header::CONTENT_TYPE, "application/json; charset=UTF-8")
            .body(body.into())
            .map_err(|_| UisError::NotSent(NotSent::Refused { reason: "not an address".to_owned() }))?;
        let result = match inner.transport.send(request, inner.settings.timeout).await {
            Outcome::NotSent(reason) => Err(UisError::NotSent(reason)),
            Outcome::Unanswered(reason) => Err(UisError::Unanswered(reason)),
            Outcome::Answered(response) => {
                let (result, limits) = answer::read(response.status().as_u16(), response.body());
                self.learn(&limits, &result);
                result
            }
        };
        let outcome = result.as_ref().map_or_else(UisError::name, |_| "ok");
        let account = inner.settings.account.clone();
        metrics::counter!("switchboard_uis_requests_total", "account" => account, "method" => method, "outcome" => outcome)
            .increment(1);
        result
    }

    /// Whether a request that can wait may be made now; otherwise when to ask again.
    pub fn spare(&self) -> Result<(), Duration> {
        self.inner.settings.points.spare()
    }

    fn learn(&self, limits: &Limits, result: &Result<Value, UisError>) {
        let points = &self.inner.settings.points;
        let refused = match result {
            Err(UisError::LimitExceeded { wait }) => Some(*wait),
            _ => None,
        };
        points.learn(limits, refused);
        for period in &limits.periods {
            let account = self.inner.settings.account.clone();
            let left = u32::try_from(period.remaining).unwrap_or(u32::MAX);
            metrics::gauge!(UIS_POINTS.name, "account" => account, "period" => period.name).set(left);
        }
    }
}

/// `data` may be a list, one object, or missing, when the result itself is the object.
pub(super) fn rows(result: &Value) -> Vec<&Value> {
    match result.get("data") {
        Some(Value::Array(rows)) => rows.iter().collect(),
        Some(Value::Null) => Vec::new(),
        Some(row) => vec![row],
        None => vec![result],
    }
}

pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::points::PointsSettings;
    use super::*;
    use crate::outbound::fake::{FakeTransport, answered};

    fn client(transport: &Arc<FakeTransport>) -> Client {
        let settings = ClientSettings {
            account: "romashka".to_owned(),
            data_api: "https://dataapi.uiscom.ru/v2.0".to_owned(),
            token: Secret::new("t0ken"),
            timeout: Duration::from_secs(10),
            points: Arc::new(Points::new(&PointsSettings::default())),
        };
        Client::new(settings, transport.clone())
    }

    #[tokio::test]
    async fn the_question_is_a_whole_envelope_with_the_token_inside() {
        let transport =
            FakeTransport::new(|_| answered(200, r#"{"jsonrpc":"2.0","id":1,"result":{"data":[]}}"#));
        client(&transport).employees().await.expect("read");
        let seen = transport.take();
        let [request] = seen.as_slice() else { panic!("one request") };
        assert_eq!(request.method, "POST");
        assert_eq!(request.address, "https://dataapi.uiscom.ru/v2.0");
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        let params = json!({"limit": 1000, "offset": 0, "fields": EMPLOYEE_FIELDS, "access_token": "t0ken"});
        assert_eq!(body, json!({"jsonrpc": "2.0", "id": 1, "method": "get.employees", "params": params}));
    }

    #[tokio::test]
    async fn employees_are_read_in_every_shape_and_page() {
        let transport = FakeTransport::new(|seen| {
            let body: Value = serde_json::from_str(&seen.body).expect("JSON");
            let offset = body.pointer("/params/offset").and_then(Value::as_u64).expect("an offset");
            let rows = match offset {
                0 => json!([{"id": "323400", "email": " i@shop.example ", "full_name": "Иванов Иван",
                    "extension": {"extension_phone_number": "102"},
                    "phone_numbers": [{"phone_number": "79000000020", "status": "active"},
                        {"phone_number": "79000000021", "status": "inactive"}, {"phone_number": 160_078}],
                    "groups": [{"group_id": 3, "group_name": "Продажи"}]}, {"email": "no@id.example"}]),
                _ => json!([{"id": 323_401, "email": null, "extension": {}}]),
            };
            answered(200, json!({"result": {"data": rows, "metadata": {"total_items": 1001}}}).to_string())
        });
        let employees = client(&transport).employees().await.expect("read");
        assert_eq!(employees.len(), 2);
        assert_eq!(employees[0].email.as_deref(), Some("i@shop.example"));
        assert_eq!(employees[0].extension.as_deref(), Some("102"));
        assert_eq!(employees[0].phones, ["79000000020", "160078"]);
        assert_eq!(employees[0].groups, ["Продажи"]);
        assert_eq!(employees[1], Employee { id: 323_401, ..Employee::default() });
    }

    #[tokio::test]
    async fn the_time_zone_is_found_in_a_list_an_object_or_the_result_itself() {
        for result in [
            json!({"data": [{"app_id": 1, "timezone": "Europe/Moscow"}], "meta_data": {}}),
            json!({"data": {"timezone": "Europe/Moscow"}}),
            json!({"timezone": "Europe/Moscow"}),
        ] {
            let body = json!({"result": result}).to_string();
            let transport = FakeTransport::new(move |_| answered(200, body.clone()));
            assert_eq!(client(&transport).timezone().await.expect("read").as_deref(), Some("Europe/Moscow"));
        }
        let transport = FakeTransport::new(|_| answered(200, r#"{"result":{"data":[]}}"#));
        assert_eq!(client(&transport).timezone().await, Ok(None));
    }

    #[tokio::test(start_paused = true)]
    async fn used_up_points_are_waited_for_without_asking() {
        let body = r#"{"result":{"data":[],"metadata":{"limits":{"minute_remaining":0,"minute_reset":59}}}}"#;
        let transport = FakeTransport::new(move |_| answered(200, body));
        let client = client(&transport);
        client.employees().await.expect("read");
        let error = client.employees().await.expect_err("waits");
        assert_eq!(error, UisError::LimitExceeded { wait: Duration::from_secs(59) });
        tokio::time::advance(Duration::from_secs(60)).await;
        client.employees().await.expect("read");
        assert_eq!(transport.take().len(), 2);
    }
}
