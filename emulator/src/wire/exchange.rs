//! One request and its answer, with everything that may go wrong between them.
//!
//! Takes a request that was read and a closure that would answer it; asks whether a fault strikes; lets the closure
//! work before, after or not at all; writes the log; gives the answer or [`Cut`]. Knows nothing of either vendor: what a
//! trouble looks like in the vendor's words comes from [`super::trouble`].

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Body;
use serde_json::Value;

use super::body::{Answered, Cut};
use super::trouble;
use crate::fault::Trouble;
use crate::journal::{Entry, MAX_KEPT_ANSWER_BYTES, Service};
use crate::world::World;

/// Error type of request bodies, whatever carries them.
pub(crate) type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// Address of the caller, put into the request by the accept loop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) std::net::SocketAddr);

/// A request, read completely.
#[derive(Debug)]
pub(crate) struct Inbound {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) peer: Option<Peer>,
}

/// An answer before it meets a fault.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Bytes,
    /// Whether the account was changed.
    pub(crate) committed: bool,
}

/// What the log and the faults need to know of a request.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(crate) service: Service,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) target: String,
    pub(crate) query: Value,
    pub(crate) parts: Value,
    pub(crate) content_type: Option<String>,
    pub(crate) key: Option<String>,
    /// `id` of a JSON-RPC request, for errors that must echo it.
    pub(crate) rpc_id: Value,
}

impl Inbound {
    /// Reads a request.
    ///
    /// # Errors
    /// The refusal to send instead, when the body is larger than `max_body_bytes`; [`Cut`] inside it cannot be: a body
    /// that breaks off is a caller who has gone, and any answer will do.
    pub(crate) async fn read<B>(request: Request<B>, max_body_bytes: usize) -> Result<Self, Outcome>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<BodyError>,
    {
        let (head, body) = request.into_parts();
        let body = match Limited::new(body, max_body_bytes).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return Err(Outcome::html(413, &trouble::page("413 Request Entity Too Large")));
            }
            Err(_) => return Err(Outcome::html(400, &trouble::page("400 Bad Request"))),
        };
        Ok(Self {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            body,
            peer: head.extensions.get::<Peer>().copied(),
        })
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Outcome {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", body.to_string())
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self::text(status, "text/html; charset=utf-8", body.to_owned())
    }

    pub(crate) fn text(status: u16, content_type: &'static str, body: String) -> Self {
        Self { status, content_type, headers: Vec::new(), body: Bytes::from(body), committed: false }
    }

    pub(crate) fn committed(mut self, committed: bool) -> Self {
        self.committed = committed;
        self
    }

    /// The whole answer.
    pub(crate) fn into_response(self) -> Response<Answered> {
        let body = Answered::whole(self.body.clone());
        self.with_body(body)
    }

    /// The head and the first bytes of the body.
    fn into_cut(self, kept: usize) -> Response<Answered> {
        let body = Answered::cut(self.body.clone(), kept);
        self.with_body(body)
    }

    fn with_body(self, body: Answered) -> Response<Answered> {
        let length = body.full_length();
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        headers.extend(self.headers);
        response
    }
}

/// Answers a request, or does with it what the faults in force say.
///
/// # Errors
/// [`Cut`] when nothing is to be answered and the connection is to be reset.
pub(crate) async fn run(
    world: Arc<World>,
    subject: Subject,
    work: impl FnOnce(&World) -> Outcome + Send + 'static,
) -> Result<Response<Answered>, Cut> {
    let Some(fault) = world.faults.pick(subject.service, &subject.method, &subject.target) else {
        let outcome = work(&world);
        world.log(&subject, Some(&outcome), outcome.committed, None);
        return Ok(outcome.into_response());
    };
    let kind = trouble::name(&fault.trouble);
    if let Trouble::Delay { ms } = fault.trouble {
        let pause = Duration::from_millis(ms);
        if fault.commit {
            let outcome = work(&world);
            world.log(&subject, Some(&outcome), outcome.committed, Some(kind));
            tokio::time::sleep(pause).await;
            return Ok(outcome.into_response());
        }
        // The work is a task of its own: a slow server finishes it even when the caller has hung up.
        let late = tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            let outcome = work(&world);
            world.log(&subject, Some(&outcome), outcome.committed, Some(kind));
            outcome
        });
        return late.await.map(Outcome::into_response).map_err(|_| Cut);
    }
    let done = fault.commit.then(|| work(&world));
    let committed = done.as_ref().is_some_and(|outcome| outcome.committed);
    let answer = trouble::answer(&fault.trouble, &subject, done, &world);
    world.log(&subject, answer.as_ref(), committed, Some(kind));
    match (&fault.trouble, answer) {
        (Trouble::HalfBody, Some(answer)) => {
            let half = answer.body.len() / 2;
            Ok(answer.into_cut(half))
        }
        (Trouble::CutAfter { bytes }, Some(answer)) => Ok(answer.into_cut(*bytes)),
        (_, Some(answer)) => Ok(answer.into_response()),
        (Trouble::Hang, None) => {
            world.stopped().await;
            Err(Cut)
        }
        (_, None) => Err(Cut),
    }
}

impl World {
    fn log(&self, subject: &Subject, answer: Option<&Outcome>, committed: bool, fault: Option<&str>) {
        let text = answer.map_or(&[][..], |answer| &answer.body);
        let kept = text.get(..MAX_KEPT_ANSWER_BYTES).unwrap_or(text);
        self.journal.push(Entry {
            number: 0,
            at: self.clock.now(),
            service: subject.service,
            method: subject.method.clone(),
            path: subject.path.clone(),
            target: subject.target.clone(),
            query: subject.query.clone(),
            parts: subject.parts.clone(),
            content_type: subject.content_type.clone(),
            key: subject.key.clone(),
            status: answer.map(|answer| answer.status),
            answer: String::from_utf8_lossy(kept).into_owned(),
            committed,
            fault: fault.map(str::to_owned),
        });
    }
}
