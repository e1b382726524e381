//! Who may see the pages and press their buttons.
//!
//! There is no log-in yet, so the pages are for whoever sits at this machine: the listener is on loopback and the request
//! must name it, which keeps out sites that point a name of theirs at 127.0.0.1. A button needs a token that only a page
//! of this process shows, and must not come from another site. On a listener that is not loopback nothing can be changed
//! and nothing unmasked.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use subtle::ConstantTimeEq as _;

use crate::http::state::Shared;

/// Headers of every page: nothing from elsewhere, no script, no frame, no trace in caches and referrers.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: under that browsers name no origin with a form, not even this one, and every button is refused.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Whether the console is for this machine only, and so may unmask and change.
pub(super) fn is_local(shared: &Shared) -> bool {
    shared.parts.config.server.console_listen.ip().is_loopback()
}

/// Lets a request through or answers it.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let refusal = refusal(&shared, request.method(), request.headers());
    let mut response = match refusal {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refusal(shared: &Shared, method: &Method, headers: &HeaderMap) -> Option<(StatusCode, &'static str)> {
    let local = is_local(shared);
    if local && !names_loopback(headers) {
        return Some((StatusCode::MISDIRECTED_REQUEST, "this console is for this machine only\n"));
    }
    if method == Method::GET || method == Method::HEAD {
        return None;
    }
    if !local {
        return Some((StatusCode::FORBIDDEN, "nothing can be changed from another machine\n"));
    }
    (!is_own(headers)).then_some((StatusCode::FORBIDDEN, "this came from another site\n"))
}

/// Whether the request names an address of loopback.
fn names_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let Ok(host) = host.parse::<http::uri::Authority>() else { return false };
    let name = host.host().trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether a browser says that the request comes from a page of this console. One that says nothing is no browser, and the
/// token decides.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let origin = match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, origin)| origin == host),
        (Some(_), None) => false,
    };
    site && origin
}

/// The token of forms; the same for all pages of this process.
pub(super) fn token(shared: &Shared) -> String {
    blake3::keyed_hash(&shared.form_key, b"form").to_hex().to_string()
}

/// Whether a form shows the token.
pub(super) fn shows_token(shared: &Shared, shown: &str) -> bool {
    bool::from(token(shared).as_bytes().ct_eq(shown.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_names_of_loopback_are_answered() {
        for host in ["127.0.0.1:8081", "localhost:8081", "LOCALHOST", "[::1]:8081", "127.9.9.9"] {
            assert!(names_loopback(&headers(&[("host", host)])), "{host}");
        }
        for host in
            ["evil.com", "127.0.0.1.evil.com", "localhost.evil.com", "10.0.0.1", "", "127.0.0.1@evil.com"]
        {
            assert!(!names_loopback(&headers(&[("host", host)])), "{host}");
        }
        assert!(!names_loopback(&HeaderMap::new()));
    }

    #[test]
    fn other_sites_press_no_buttons() {
        assert!(is_own(&headers(&[("host", "localhost:8081")])));
        assert!(is_own(&headers(&[
            ("host", "localhost:8081"),
            ("origin", "http://localhost:8081"),
            ("sec-fetch-site", "same-origin")
        ])));
        assert!(!is_own(&headers(&[("host", "localhost:8081"), ("origin", "http://localhost:9999")])));
        assert!(!is_own(&headers(&[("host", "localhost:8081"), ("origin", "null")])));
        assert!(!is_own(&headers(&[("host", "localhost:8081"), ("sec-fetch-site", "cross-site")])));
        assert!(!is_own(&headers(&[("host", "localhost:8081"), ("sec-fetch-site", "same-site")])));
    }
}
