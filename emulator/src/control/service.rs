//! The control service: the page at `/`, the API below `/api`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Request, Response};
use hyper::body::Body;
use serde_json::Value;

use super::request::{Ask, refused};
use super::{actions, views};
use crate::addresses::Addresses;
use crate::wire::body::{Answered, Cut};
use crate::wire::exchange::{BodyError, Inbound, Outcome};
use crate::world::Accounts;

/// The page: one file, no resources of others.
const PAGE: &str = include_str!("page.html");
/// Nothing but what the file itself holds, and requests to its own server.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Page and control API, as a function from request to answer. Needs no socket.
#[derive(Debug, Clone)]
pub struct Control {
    accounts: Accounts,
    addresses: Arc<Addresses>,
}

impl Control {
    pub(crate) fn new(accounts: Accounts, addresses: Addresses) -> Self {
        Self { accounts, addresses: Arc::new(addresses) }
    }
}

impl<B> tower::Service<Request<B>> for Control
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    type Response = Response<Answered>;
    type Error = Cut;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Cut>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Cut>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Self { accounts, addresses } = self.clone();
        Box::pin(async move {
            let outcome = match Inbound::read(request, accounts.0.max_body_bytes).await {
                Ok(inbound) => answer(&accounts, &addresses, inbound).await,
                Err(refusal) => refusal,
            };
            Ok(outcome.into_response())
        })
    }
}

async fn answer(accounts: &Accounts, addresses: &Addresses, inbound: Inbound) -> Outcome {
    let ask = match Ask::read(inbound) {
        Ok(ask) => ask,
        Err(refusal) => return refusal,
    };
    let path: Vec<&str> = ask.path.iter().map(String::as_str).collect();
    let mut outcome = match (ask.method.as_str(), path.as_slice()) {
        ("GET", []) => page(),
        ("GET", ["api", "addresses"]) => {
            super::request::done(&serde_json::to_value(addresses).unwrap_or(Value::Null))
        }
        (_, ["api", path @ ..]) => match views::answer(accounts, &ask, path) {
            Some(outcome) => outcome,
            None => actions::answer(accounts, &ask, path).await,
        },
        _ => refused(404, "there is nothing here"),
    };
    outcome.headers.push((CACHE_CONTROL, HeaderValue::from_static("no-store")));
    outcome.headers.push((X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")));
    outcome
}

fn page() -> Outcome {
    let mut outcome = Outcome::html(200, PAGE);
    outcome.headers.push((CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)));
    outcome
}
