//! A transport for tests: a function answers, and what was asked is remembered.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::http::{Request, Response};
use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::api::{Outcome, Transport};

/// One request, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Scheme, host and path.
    pub(crate) address: String,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) form: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// Answers by a function.
pub(crate) struct FakeTransport {
    answer: Box<dyn Fn(&Seen) -> Outcome + Send + Sync>,
    seen: Mutex<Vec<Seen>>,
}

impl FakeTransport {
    pub(crate) fn new(answer: impl Fn(&Seen) -> Outcome + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { answer: Box::new(answer), seen: Mutex::default() })
    }

    /// Everything that was asked, and forgets it.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.seen.lock().expect("no test panics while holding it"))
    }
}

/// A whole answer.
pub(crate) fn answered(status: u16, body: impl Into<String>) -> Outcome {
    let body: String = body.into();
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status.try_into().expect("a status");
    Outcome::Answered(response)
}

impl Seen {
    fn of(request: &Request<Bytes>) -> Self {
        let uri = request.uri();
        let pairs = |text: &[u8]| form_urlencoded::parse(text).into_owned().collect::<Vec<_>>();
        let header = |(name, value): (&::http::HeaderName, &::http::HeaderValue)| {
            (name.to_string(), value.to_str().expect("text").to_owned())
        };
        let is_form = request
            .headers()
            .get("content-type")
            .is_some_and(|kind| kind.to_str().is_ok_and(|kind| kind == "application/x-www-form-urlencoded"));
        Self {
            method: request.method().to_string(),
            address: uri.to_string().split('?').next().expect("one part at least").to_owned(),
            path: uri.path().to_owned(),
            query: pairs(uri.query().unwrap_or_default().as_bytes()),
            form: if is_form { pairs(request.body()) } else { Vec::new() },
            headers: request.headers().iter().map(header).collect(),
            body: String::from_utf8(request.body().to_vec()).expect("text"),
        }
    }

    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Transport for FakeTransport {
    fn send(&self, request: Request<Bytes>, _deadline: Duration) -> BoxFuture<'_, Outcome> {
        let seen = Seen::of(&request);
        let outcome = (self.answer)(&seen);
        self.seen.lock().expect("no test panics while holding it").push(seen);
        Box::pin(std::future::ready(outcome))
    }
}

impl fmt::Debug for FakeTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeTransport")
    }
}
