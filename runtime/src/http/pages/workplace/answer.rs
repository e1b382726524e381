//! Headers and refusals of the operator workplace.
//!
//! The page may be framed by the account's own RetailCRM and frames UIS, and nothing else; it sets no cookie, leaves no
//! address behind in referrers and stays in no cache.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use serde_json::json;
use switchboard_grammar::lang::Lang;

use crate::http::pages::render::{Failure, plain};
use crate::http::respond;
use crate::http::state::Shared;
use crate::observe::WORKPLACE;
use crate::workplace::{Desk, Refusal};

const NOSNIFF: (HeaderName, HeaderValue) =
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
const NO_STORE: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
const NO_REFERRER: (HeaderName, HeaderValue) =
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));

/// What the page that says why there is none may do: be shown anywhere. It says nothing of anybody, and who framed it is
/// not known for sure; a policy that names an account's RetailCRM would tell it to whoever guesses the account's name.
const REFUSED: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors *; base-uri 'none'; form-action 'none'";

/// The headers of the page of an account.
pub(super) fn page_headers(desk: &Desk) -> HeaderMap {
    let policy = HeaderValue::from_str(&policy(desk));
    let policy = policy.unwrap_or(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    HeaderMap::from_iter([(header::CONTENT_SECURITY_POLICY, policy), NOSNIFF, NO_STORE, NO_REFERRER])
}

fn policy(desk: &Desk) -> String {
    let settings = desk.settings();
    let ancestors = std::iter::once(desk.crm_address()).chain(settings.ancestors.iter().map(String::as_str));
    let framed = settings.address.as_deref().map(origin);
    let frames =
        framed.into_iter().chain(settings.frames.iter().map(String::as_str).filter(|_| framed.is_some()));
    let (ancestors, frames): (Vec<&str>, Vec<&str>) = (ancestors.collect(), frames.collect());
    let frames = if frames.is_empty() { "'none'".to_owned() } else { frames.join(" ") };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src {frames}; \
         frame-ancestors {}; base-uri 'none'; form-action 'none'",
        ancestors.join(" ")
    )
}

/// The scheme and the host of an address: its path would forbid the workplace to go anywhere else of its own.
fn origin(address: &str) -> &str {
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address.get(host..).and_then(|rest| rest.find('/')).map_or(address.len(), |at| host + at);
    address.get(..end).unwrap_or(address)
}

/// A file that is the same for everybody.
///
/// RetailCRM loads the script from its own address, perhaps out of a worker or a hidden frame whose origin is `null`, and
/// perhaps with credentials. The file holds no secret and looks at no cookie, so whoever asks may read it.
pub(super) fn asset(
    shared: &Shared,
    method: &Method,
    headers: &HeaderMap,
    kind: &'static str,
    text: &'static str,
) -> Response {
    if shared.parts.workplaces.is_empty() || (method != Method::GET && method != Method::HEAD) {
        return respond::Refusal::NotFound.into_response();
    }
    let tag = format!("\"{}\"", blake3::hash(text.as_bytes()).to_hex());
    let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let mut response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { text.into_response() };
    let to = response.headers_mut();
    to.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // Kept, and asked for again each time: a new server has a new script.
    to.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    to.insert(header::VARY, HeaderValue::from_static("origin"));
    to.insert(NOSNIFF.0, NOSNIFF.1);
    to.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        to.insert(header::ETAG, tag);
    }
    let origin = headers.get(header::ORIGIN).cloned();
    if origin.is_some() {
        to.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    to.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.unwrap_or(HeaderValue::from_static("*")));
    response
}

/// A piece of the panel.
pub(super) fn fragment<T: Serialize>(template: &str, lang: Lang, own: T) -> Response {
    match plain(template, lang, own) {
        Ok(piece) => (HeaderMap::from_iter([NO_STORE, NOSNIFF, NO_REFERRER]), piece).into_response(),
        Err(failure) => failed(&failure),
    }
}

/// A template that could not be rendered.
pub(super) fn failed(failure: &Failure) -> Response {
    tracing::error!(error = %failure, cause = std::error::Error::source(failure), "no page");
    (StatusCode::INTERNAL_SERVER_ERROR, HeaderMap::from_iter([NO_STORE])).into_response()
}

/// The page that says why there is none.
pub(super) fn refused_page(account: &str, refusal: &Refusal, lang: Lang) -> Response {
    told(account, refusal);
    let policy = (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(REFUSED));
    let headers = HeaderMap::from_iter([policy, NOSNIFF, NO_STORE, NO_REFERRER]);
    match plain("workplace_refused.html", lang, Message::of(refusal, lang)) {
        Ok(page) => (refusal.status(), headers, page).into_response(),
        Err(failure) => failed(&failure),
    }
}

/// The piece of the panel that says why there is none.
pub(super) fn refused_fragment(account: &str, refusal: &Refusal, lang: Lang) -> Response {
    told(account, refusal);
    let text = refusal.text();
    let headers = HeaderMap::from_iter([NO_STORE, NOSNIFF]);
    (refusal.status(), headers, text.get(lang).to_owned()).into_response()
}

/// The answer to RetailCRM that says why there is no ticket, in both languages.
pub(super) fn refused_json(account: &str, refusal: &Refusal) -> Response {
    told(account, refusal);
    let text = refusal.text();
    let body = json!({"error": {"code": refusal.code(), "en": text.en, "ru": text.ru}});
    (refusal.status(), HeaderMap::from_iter([NO_STORE]), axum::Json(body)).into_response()
}

#[derive(Serialize)]
struct Message {
    message: String,
}

impl Message {
    fn of(refusal: &Refusal, lang: Lang) -> Self {
        Self { message: refusal.text().get(lang).to_owned() }
    }
}

fn told(account: &str, refusal: &Refusal) {
    counted(account, refusal.code());
    if let Refusal::Store(error) = refusal {
        tracing::error!(account, %error, "operator workplace was refused");
    } else {
        tracing::warn!(account, reason = refusal.code(), "operator workplace was refused");
    }
}

/// Counts what came of a request; pieces of open pages are not counted.
pub(super) fn counted(account: &str, outcome: &'static str) {
    metrics::counter!(WORKPLACE.name, "account" => account.to_owned(), "outcome" => outcome).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_framed_whatever_its_path() {
        for (address, expected) in [
            ("https://go.uiscom.ru/rmo/#/chats", "https://go.uiscom.ru"),
            ("https://go.uiscom.ru", "https://go.uiscom.ru"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ] {
            assert_eq!(origin(address), expected);
        }
    }
}
