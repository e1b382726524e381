//! One account's RetailCRM: the way of every request.
//!
//! Goes in: a path, parameters, and how urgent it is. Comes out: the JSON of a success, or a [`CrmError`]. Every request
//! passes the breaker, waits for its turn under the vendor's limits, carries the key in a header and never in the
//! address, and is counted. The methods themselves stand in the files beside this one, grouped as the vendor groups
//! them.
//! Leaves to others: when to try again.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, header};
use serde_json::Value;
use tokio::time::Instant;

use super::address::Address;
use super::answer;
use super::breaker::{Breaker, BreakerSettings};
use super::error::CrmError;
use super::form::Form;
use super::pace::{Bucket, Hurry, Pace, Urgency};
use super::uploads::Uploads;
use crate::config::Secret;
use crate::observe::mask_text;
use crate::outbound::{NotSent, Outcome, SendGuard, Transport};

/// The header that carries the API key.
const KEY_HEADER: &str = "x-api-key";

/// What a client needs to know.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// The account's name, for metrics.
    pub account: String,
    /// Where the account lives.
    pub address: Address,
    /// The API key.
    pub key: Secret,
    /// How long one request may take; afterwards its outcome is unknown.
    pub timeout: Duration,
    /// The pace of the key; clients with the same key share it.
    pub pace: Arc<Pace>,
    /// When to leave the other side alone.
    pub breaker: BreakerSettings,
}

/// One account's RetailCRM. Clones share the pace.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
    guard: Option<Arc<dyn SendGuard>>,
    hurry: Option<Arc<Hurry>>,
}

#[derive(Debug)]
struct Inner {
    account: Arc<str>,
    address: Address,
    key: HeaderValue,
    timeout: Duration,
    transport: Arc<dyn Transport>,
    pace: Arc<Pace>,
    breaker: Breaker,
    uploads: Uploads,
}

/// A key with characters that no header can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the API key holds characters that cannot be sent")]
pub struct BadKeyText;

impl Client {
    /// Makes a client; sends nothing yet.
    ///
    /// # Errors
    ///
    /// [`BadKeyText`] when the key cannot stand in a header.
    pub fn new(settings: ClientSettings, transport: Arc<dyn Transport>) -> Result<Self, BadKeyText> {
        let mut key = HeaderValue::from_str(settings.key.expose()).map_err(|_| BadKeyText)?;
        key.set_sensitive(true);
        Ok(Self {
            inner: Arc::new(Inner {
                account: settings.account.into(),
                address: settings.address,
                key,
                timeout: settings.timeout,
                transport,
                pace: settings.pace,
                breaker: Breaker::new(settings.breaker),
                uploads: Uploads::default(),
            }),
            guard: None,
            hurry: None,
        })
    }

    /// The same client for somebody who may only send while `guard` says so.
    #[must_use]
    pub fn guarded(&self, guard: Arc<dyn SendGuard>) -> Self {
        Self { guard: Some(guard), ..self.clone() }
    }

    /// The same client for questions that may become more urgent while they wait.
    #[must_use]
    pub fn hurried(&self, hurry: Arc<Hurry>) -> Self {
        Self { hurry: Some(hurry), ..self.clone() }
    }

    pub(super) fn unguarded(&self) -> Self {
        Self { guard: None, ..self.clone() }
    }

    pub(super) fn guard(&self) -> Option<&Arc<dyn SendGuard>> {
        self.guard.as_ref()
    }

    pub(super) fn uploads(&self) -> &Uploads {
        &self.inner.uploads
    }

    pub(super) fn account(&self) -> &str {
        &self.inner.account
    }

    /// Where the account lives.
    pub fn address(&self) -> &Address {
        &self.inner.address
    }

    /// The breaker, for those who want to know before they begin, and for metrics.
    pub fn breaker(&self) -> &Breaker {
        &self.inner.breaker
    }

    /// How long one request may take.
    pub fn timeout(&self) -> Duration {
        self.inner.timeout
    }

    /// Reads `path`. `name` is the method's name in metrics: the path without identifiers.
    pub(super) async fn get(
        &self,
        name: &'static str,
        path: &str,
        query: Form,
        urgency: Urgency,
    ) -> Result<Value, CrmError> {
        let request = Request::builder().method(Method::GET).uri(self.inner.address.join(&query.after(path)));
        self.turn(path, urgency).await;
        self.call(name, path, request, Bytes::new()).await
    }

    /// Reads what is at `path`, whatever it is.
    pub(super) async fn get_content(
        &self,
        name: &'static str,
        path: &str,
        urgency: Urgency,
    ) -> Result<Bytes, CrmError> {
        let request = Request::builder().method(Method::GET).uri(self.inner.address.join(path));
        self.turn(path, urgency).await;
        self.answered(name, path, request, Bytes::new(), answer::read_content).await
    }

    /// Writes `content` to `path`, as it is.
    pub(super) async fn post_bytes(
        &self,
        name: &'static str,
        path: &str,
        content: Bytes,
        urgency: Urgency,
    ) -> Result<Value, CrmError> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.inner.address.join(path))
            .header(header::CONTENT_TYPE, "application/octet-stream");
        self.turn(path, urgency).await;
        self.call(name, path, request, content).await
    }

    /// Writes to `path`.
    pub(super) async fn post(
        &self,
        name: &'static str,
        path: &str,
        form: Form,
        urgency: Urgency,
    ) -> Result<Value, CrmError> {
        self.turn(path, urgency).await;
        self.post_now(name, path, form).await
    }

    /// Waits for a turn under the vendor's limit.
    pub(super) async fn turn(&self, path: &str, urgency: Urgency) {
        match &self.hurry {
            Some(hurry) => self.inner.pace.slot_or_hurry(bucket(path), urgency, hurry).await,
            None => self.inner.pace.slot(bucket(path), urgency).await,
        }
    }

    /// Writes to `path`, in a turn that was waited for.
    pub(super) async fn post_now(
        &self,
        name: &'static str,
        path: &str,
        form: Form,
    ) -> Result<Value, CrmError> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.inner.address.join(path))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.call(name, path, request, form.encode().into()).await
    }

    async fn call(
        &self,
        name: &'static str,
        path: &str,
        request: http::request::Builder,
        body: Bytes,
    ) -> Result<Value, CrmError> {
        self.answered(name, path, request, body, |status, body| answer::read(status, body)).await
    }

    async fn answered<T>(
        &self,
        name: &'static str,
        path: &str,
        request: http::request::Builder,
        body: Bytes,
        read: impl FnOnce(u16, &Bytes) -> Result<T, CrmError>,
    ) -> Result<T, CrmError> {
        let inner = &*self.inner;
        let request = request
            .header(KEY_HEADER, inner.key.clone())
            .header(header::ACCEPT, "application/json")
            .body(body)
            .map_err(|_| CrmError::NotSent(NotSent::Refused { reason: "not an address".to_owned() }))?;
        let bucket = bucket(path);
        // Asked after the wait for a turn: what was allowed a minute ago may not be now.
        if self.guard.as_ref().is_some_and(|guard| !guard.may_send(inner.timeout)) {
            return Err(CrmError::TooLate);
        }
        inner.breaker.permit().map_err(|wait| CrmError::Paused { wait })?;
        let started = Instant::now();
        let result = match inner.transport.send(request, inner.timeout).await {
            Outcome::NotSent(reason) => Err(CrmError::NotSent(reason)),
            Outcome::Unanswered(reason) => Err(CrmError::Unanswered(reason)),
            Outcome::Answered(response) => read(response.status().as_u16(), response.body()),
        };
        self.learn(bucket, &result);
        self.count(name, started, &result);
        result
    }

    fn learn<T>(&self, bucket: Bucket, result: &Result<T, CrmError>) {
        let inner = &*self.inner;
        match result {
            Err(CrmError::RateLimited { .. }) => {
                inner.pace.refused(bucket);
                inner.breaker.answered();
            }
            Err(CrmError::NotSent(_) | CrmError::Unanswered(_) | CrmError::Outage { .. }) => {
                inner.breaker.failed();
            }
            _ => {
                inner.pace.answered(bucket);
                inner.breaker.answered();
            }
        }
    }

    fn count<T>(&self, name: &'static str, started: Instant, result: &Result<T, CrmError>) {
        let outcome = result.as_ref().err().map_or("ok", CrmError::name);
        let account = self.inner.account.to_string();
        metrics::counter!("switchboard_crm_requests_total", "account" => account.clone(), "method" => name, "outcome" => outcome)
            .increment(1);
        metrics::histogram!("switchboard_crm_request_seconds", "account" => account)
            .record(started.elapsed());
        if let Err(error) = result {
            let error = mask_text(&error.to_string());
            tracing::debug!(account = %self.inner.account, method = name, outcome, error, "request to RetailCRM failed");
        }
    }
}

fn bucket(path: &str) -> Bucket {
    let method = path.strip_prefix("/api/v5").unwrap_or(path);
    if method.starts_with("/telephony") { Bucket::Telephony } else { Bucket::General }
}
