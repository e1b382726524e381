//! A caller without a socket, and the answers it gets.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use switchboard_emulator::{Accounts, Clock, Cut, DEFAULT_KEY, DEFAULT_TOKEN, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tower::ServiceExt;

/// The shop that most tests use.
pub(crate) const SITE: &str = "romashka-main";

/// Accounts with the default seed and a clock that stands still.
pub(crate) fn accounts() -> Accounts {
    let clock = Clock::manual("2026-03-02T09:00:00Z".parse().unwrap());
    let accounts = Accounts::new(&Settings { clock, ..Settings::default() });
    accounts.set_switches(|switches| switches.limiter = false);
    accounts
}

/// An answer, read completely.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) content_type: String,
    pub(crate) retry_after: Option<String>,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts status and, at a JSON pointer, a value.
    #[track_caller]
    pub(crate) fn is(self, status: u16, pointer: &str, value: Value) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        assert_eq!(self.json().pointer(pointer).cloned().unwrap_or_default(), value, "{}", self.text);
        self
    }

    /// Asserts a success and gives the `id` in it.
    #[track_caller]
    pub(crate) fn id(&self) -> u64 {
        assert!(matches!(self.status, 200 | 201), "{}", self.text);
        self.json()["id"].as_u64().unwrap()
    }

    /// Asserts a refusal of a field.
    #[track_caller]
    pub(crate) fn refuses(self, field: &str) -> Self {
        assert_eq!(self.status, 400, "{}", self.text);
        let json = self.json();
        assert_eq!(json["success"], json!(false));
        assert!(json["errors"].get(field).is_some(), "{}", self.text);
        self
    }
}

/// Sends any request.
pub(crate) async fn send(accounts: &Accounts, request: Request<Full<Bytes>>) -> Result<Answer, Cut> {
    let response = accounts.retailcrm_service().oneshot(request).await?;
    let (head, body) = response.into_parts();
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = body.collect().await?.to_bytes();
    Ok(Answer {
        status: head.status.as_u16(),
        text: String::from_utf8(body.to_vec()).unwrap(),
        content_type: header("content-type").unwrap_or_default(),
        retry_after: header("retry-after"),
    })
}

/// `GET path?query`.
pub(crate) async fn get(accounts: &Accounts, path_and_query: &str) -> Answer {
    let request =
        Request::get(path_and_query).header("X-API-KEY", DEFAULT_KEY).body(Full::default()).unwrap();
    send(accounts, request).await.unwrap()
}

/// `POST path` with form parts; structures are sent as JSON strings.
pub(crate) async fn post(accounts: &Accounts, path: &str, parts: &[(&str, Value)]) -> Answer {
    try_post(accounts, path, parts).await.unwrap()
}

/// The same, when the connection may be cut.
pub(crate) async fn try_post(
    accounts: &Accounts,
    path: &str,
    parts: &[(&str, Value)],
) -> Result<Answer, Cut> {
    send(accounts, form(path, DEFAULT_KEY, parts)).await
}

/// A form request.
pub(crate) fn form(path: &str, key: &str, parts: &[(&str, Value)]) -> Request<Full<Bytes>> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parts {
        match value {
            Value::String(text) => form.append_pair(name, text),
            structure => form.append_pair(name, &structure.to_string()),
        };
    }
    Request::post(path)
        .header("X-API-KEY", key)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(Full::from(form.finish()))
        .unwrap()
}

/// Creates a customer in [`SITE`].
pub(crate) async fn customer(accounts: &Accounts, customer: Value) -> Answer {
    post(accounts, "/api/v5/customers/create", &[("customer", customer), ("site", json!(SITE))]).await
}

/// Creates an order in [`SITE`].
pub(crate) async fn order(accounts: &Accounts, order: Value) -> Answer {
    post(accounts, "/api/v5/orders/create", &[("order", order), ("site", json!(SITE))]).await
}

/// Creates a task in [`SITE`].
pub(crate) async fn task(accounts: &Accounts, task: Value) -> Answer {
    post(accounts, "/api/v5/tasks/create", &[("task", task), ("site", json!(SITE))]).await
}

/// Calls a method of the Data API with the seeded token; gives the whole envelope.
pub(crate) async fn data(accounts: &Accounts, method: &str, params: Value) -> Value {
    rpc(accounts, "/v2.0", method, params).await
}

/// The same for either API, by its path.
pub(crate) async fn rpc(accounts: &Accounts, path: &str, method: &str, mut params: Value) -> Value {
    params["access_token"] = json!(DEFAULT_TOKEN);
    let envelope = json!({"jsonrpc": "2.0", "id": "t1", "method": method, "params": params});
    raw_rpc(accounts, path, "application/json; charset=UTF-8", envelope.to_string()).await
}

/// Sends any body to UIS; a failure of transport is a failure of the test.
pub(crate) async fn raw_rpc(accounts: &Accounts, path: &str, content_type: &str, body: String) -> Value {
    let request = Request::post(path).header("Content-Type", content_type).body(Full::from(body)).unwrap();
    let response = accounts.uis_service().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&body).unwrap()
}

/// The mnemonic of an error, and the field it is about.
#[track_caller]
pub(crate) fn mnemonic(envelope: &Value) -> (&str, &str) {
    let data = &envelope["error"]["data"];
    let mnemonic = data["mnemonic"].as_str().unwrap_or_else(|| panic!("no error: {envelope}"));
    (mnemonic, data["field"].as_str().unwrap_or_default())
}

/// The data of a success.
#[track_caller]
pub(crate) fn result(envelope: &Value) -> &Value {
    assert!(envelope.get("error").is_none(), "{envelope}");
    &envelope["result"]["data"]
}

/// Listens for as many requests as there are statuses, answers them in turn, and gives what came.
pub(crate) async fn receiver(statuses: &'static [&'static str]) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let mut seen = Vec::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            seen.push(read_request(&mut stream).await);
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        seen
    });
    (address, server)
}

/// Reads one request: its head, and as much of a body as the head announces.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut buffer = vec![0; 64 * 1024];
    let mut text = String::new();
    loop {
        let read = stream.read(&mut buffer).await.unwrap();
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return text;
        }
    }
}

/// Waits until something is so; a test that waits in vain fails.
pub(crate) async fn until(so: impl Fn() -> bool) {
    let waiting = async {
        while !so() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.unwrap();
}
