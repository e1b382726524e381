//! Requests over real sockets: the only file that names `reqwest`.
//!
//! Goes in: a request and a deadline. Comes out: an [`Outcome`]. One request a call: no redirects, no proxies
//! of the environment, no retries, HTTP/1.1. Names are resolved here and addresses that must not be dialled
//! (see [`Guard`]) are dropped before dialling.
//! Leaves to others: which hosts an account may name (`crm::Address`).

use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ::http::{Request, Response};
use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;

use super::api::{NotSent, Outcome, Transport, Unanswered};
use super::guard::Guard;

/// How requests are sent. [`HttpSettings::default`] gives what a production server wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpSettings {
    /// How long a connection may take to be made, name and handshake included.
    pub connect_timeout: Duration,
    /// The largest answer that is read, in bytes.
    pub max_answer_bytes: usize,
    /// Idle connections kept for each host.
    pub max_idle_per_host: usize,
    /// Which addresses may be dialled.
    pub guard: Guard,
}

/// Why the sender could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The HTTP library refused the settings.
    #[error("the HTTP client could not be made")]
    Build {
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Sends requests over sockets, with TLS where the address says `https`.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
    guard: Guard,
    max_answer_bytes: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            max_answer_bytes: 8 << 20,
            max_idle_per_host: 8,
            guard: Guard::default(),
        }
    }
}

impl HttpTransport {
    /// Makes a sender.
    ///
    /// # Errors
    ///
    /// [`HttpError::Build`] when the HTTP library refuses the settings.
    pub fn new(settings: &HttpSettings) -> Result<Self, HttpError> {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // A second installer may win the race; then its provider serves as well.
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        let client = builder(settings).build().or_else(|error| {
            // A machine without any root certificate (a bare container) can still talk plain HTTP to loopback;
            // requests over TLS then fail one by one, as "not connected", instead of the start of the server.
            tracing::warn!(%error, "no root certificates were found on this machine; https will fail");
            builder(settings).tls_certs_only([]).build()
        });
        let client = client.map_err(|source| HttpError::Build { source: source.into() })?;
        Ok(Self { client, guard: settings.guard, max_answer_bytes: settings.max_answer_bytes })
    }

    async fn exchange(&self, request: Request<Bytes>) -> Outcome {
        let request = match self.checked(request) {
            Ok(request) => request,
            Err(not_sent) => return Outcome::NotSent(not_sent),
        };
        let mut response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) => return failed(&error),
        };
        let mut body = BytesMut::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > self.max_answer_bytes => {
                    return Outcome::Unanswered(Unanswered::TooLarge { limit_bytes: self.max_answer_bytes });
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => return Outcome::Unanswered(Unanswered::Truncated),
            }
        }
        let mut answer = Response::new(body.freeze());
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Outcome::Answered(answer)
    }

    /// The request in the library's form, unless its address is an IP address that must not be dialled: the
    /// resolver below never sees those.
    fn checked(&self, request: Request<Bytes>) -> Result<reqwest::Request, NotSent> {
        let refused = |reason: &str| NotSent::Refused { reason: reason.to_owned() };
        let request = reqwest::Request::try_from(request).map_err(|_| refused("not an address"))?;
        let host = request.url().host_str().ok_or_else(|| refused("no host"))?;
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        match literal {
            Ok(address) if !self.guard.allows(address) => Err(refused("not a public network address")),
            _ => Ok(request),
        }
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request<Bytes>, deadline: Duration) -> BoxFuture<'_, Outcome> {
        Box::pin(async move {
            tokio::time::timeout(deadline, self.exchange(request))
                .await
                // The deadline may also pass while connecting; calling that unknown costs one look, the other
                // way round it could cost a duplicate.
                .unwrap_or(Outcome::Unanswered(Unanswered::TimedOut))
        })
    }
}

/// Resolves names with the system's resolver and drops what must not be dialled.
#[derive(Debug, Clone, Copy)]
struct GuardedResolver {
    guard: Guard,
}

#[derive(Debug, thiserror::Error)]
#[error("no address of the host may be dialled")]
struct NothingToDial;

impl reqwest::dns::Resolve for GuardedResolver {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let guard = self.guard;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| guard.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(NothingToDial.into());
            }
            Ok(Box::new(allowed.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

fn builder(settings: &HttpSettings) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("switchboard/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .http1_only()
        .referer(false)
        .connect_timeout(settings.connect_timeout)
        .pool_max_idle_per_host(settings.max_idle_per_host)
        // Shorter than what servers commonly allow, so that we seldom write into a connection being closed.
        .pool_idle_timeout(Duration::from_secs(15))
        .dns_resolver(Arc::new(GuardedResolver { guard: settings.guard }))
}

/// Sorts a failure by whether the request may have left.
fn failed(error: &reqwest::Error) -> Outcome {
    if error.is_builder() {
        return Outcome::NotSent(NotSent::Refused { reason: "not a request".to_owned() });
    }
    if error.is_dns() || caused_by::<NothingToDial>(error) {
        return Outcome::NotSent(NotSent::Unresolved);
    }
    if error.is_connect() {
        return Outcome::NotSent(NotSent::Unconnected);
    }
    if error.is_timeout() {
        return Outcome::Unanswered(Unanswered::TimedOut);
    }
    Outcome::Unanswered(Unanswered::Closed)
}

fn caused_by<E: std::error::Error + 'static>(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<E>() {
            return true;
        }
        source = cause.source();
    }
    false
}

#[cfg(test)]
#[path = "http_tests.rs"]
mod tests;
