//! What an answer of RetailCRM means.
//!
//! Goes in: a status and the bytes of a body. Comes out: the JSON of a success, or a [`CrmError`]. Every row of
//! the vendor's table of errors (reference, section 3.5) is told apart here and nowhere else; the table of tests
//! below has one entry a row. Statuses are looked at before texts, because texts may be in the account's language.
//! Leaves to others: the shape of each method's success.

use bytes::Bytes;
use serde_json::Value;

use super::error::{CrmError, FieldError, Refusal};
use super::wire;

/// Longest text of a refusal that is kept, in characters.
const MAX_TEXT_CHARS: usize = 500;
/// Most field complaints that are kept.
const MAX_FIELDS: usize = 20;

/// Reads an answer.
///
/// # Errors
///
/// Any [`CrmError`] except the two kinds that have no answer (`NotSent`, `Unanswered`).
pub(super) fn read(status: u16, body: &[u8]) -> Result<Value, CrmError> {
    if is_markup(body) {
        return Err(match status {
            500..=599 => CrmError::Outage { status },
            429 => CrmError::RateLimited { status },
            _ => CrmError::NotAnApi { status },
        });
    }
    let json = serde_json::from_slice::<Value>(body).ok().filter(Value::is_object);
    match status {
        200..=299 => read_success(status, json),
        300..=399 => Err(CrmError::NotAnApi { status }),
        429 => Err(CrmError::RateLimited { status }),
        // With the vendor's own words a 503 is the limit and nothing was done; without them it may be any gateway
        // on the way, in front of a request that was carried out.
        503 if json.as_ref().is_some_and(says_no) => Err(CrmError::RateLimited { status }),
        400..=499 => Err(match json {
            Some(json) => refused(status, &json),
            None => unexplained(status),
        }),
        _ => Err(CrmError::Outage { status }),
    }
}

/// Reads an answer that is the content of a file. A refusal is JSON also here.
///
/// # Errors
///
/// As [`read`].
pub(super) fn read_content(status: u16, body: &Bytes) -> Result<Bytes, CrmError> {
    let refuses = || serde_json::from_slice::<Value>(body).is_ok_and(|json| says_no(&json));
    match status {
        200..=299 if !is_markup(body) && !refuses() => Ok(body.clone()),
        _ => match read(status, body) {
            Ok(_) => Err(CrmError::Unreadable { status, reason: "no file".to_owned() }),
            Err(error) => Err(error),
        },
    }
}

/// A body that begins with `<` is never an answer of the API.
fn is_markup(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
}

fn says_no(json: &Value) -> bool {
    json.get("success") == Some(&Value::Bool(false))
}

fn read_success(status: u16, json: Option<Value>) -> Result<Value, CrmError> {
    let unreadable = |reason: &str| CrmError::Unreadable { status, reason: reason.to_owned() };
    let json = json.ok_or_else(|| unreadable("not a JSON object"))?;
    match json.get("success") {
        Some(Value::Bool(true)) => Ok(json),
        Some(Value::Bool(false)) => Err(refused(status, &json)),
        _ => Err(unreadable("no `success`")),
    }
}

/// A 4xx without JSON.
fn unexplained(status: u16) -> CrmError {
    let refusal = Refusal { status, ..Refusal::default() };
    match status {
        401 => CrmError::BadKey(refusal),
        403 => CrmError::AccessDenied(refusal),
        // The server gave up waiting for the request, or for what stands behind it.
        408 | 499 => CrmError::Outage { status },
        413 | 414 | 431 => CrmError::Misuse(refusal),
        _ => CrmError::NotAnApi { status },
    }
}

/// A refusal with JSON.
fn refused(status: u16, json: &Value) -> CrmError {
    let refusal = Refusal { status, message: message(json), fields: fields(json) };
    let says = |text: &str| refusal.any_text(|candidate| contains_ignoring_case(candidate, text));
    match status {
        460 => return CrmError::Partial(refusal),
        401 => return CrmError::BadKey(refusal),
        403 if says("denied") => return CrmError::AccessDenied(refusal),
        403 if says("apikey") || says("api key") || says("api-key") => return CrmError::BadKey(refusal),
        403 => return CrmError::AccessDenied(refusal),
        404 => {
            let survivor = wire::field(json, "combinedTo");
            return match survivor.and_then(|survivor| wire::id_field(survivor, "id")) {
                Some(into) => {
                    CrmError::Merged { into, site: survivor.and_then(|one| wire::text_field(one, "site")) }
                }
                None if says("account does not exist") => CrmError::NoAccount(refusal),
                None if says("method not found") => CrmError::Misuse(refusal),
                None => CrmError::NotFound,
            };
        }
        405 => return CrmError::Misuse(refusal),
        408 => return CrmError::Outage { status },
        _ => {}
    }
    if says("\"apikey\" is missing") {
        return CrmError::BadKey(refusal);
    }
    if says("account does not exist") {
        return CrmError::NoAccount(refusal);
    }
    if says("telephony not enabled") || says("not supports calls upload") {
        return CrmError::TelephonyOff(refusal);
    }
    if says("already exists") || says("уже существует") {
        return CrmError::AlreadyExists(refusal);
    }
    if contains_ignoring_case(&refusal.message, "parameter '") && says("is missing") {
        return CrmError::Misuse(refusal);
    }
    CrmError::Refused(refusal)
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(part)
}

fn message(json: &Value) -> String {
    json.get("errorMsg").and_then(wire::text).map(|text| shorten(&text)).unwrap_or_default()
}

/// `errors`: absent, an object (field to text, or to a list of texts), or a list of texts.
fn fields(json: &Value) -> Vec<FieldError> {
    let error = |field: &str, text: &Value| FieldError { field: shorten(field), text: shorten(&flat(text)) };
    let all = match json.get("errors") {
        Some(Value::Object(errors)) => errors.iter().map(|(field, text)| error(field, text)).collect(),
        Some(Value::Array(errors)) => errors.iter().map(|text| error("", text)).collect(),
        Some(text @ Value::String(_)) => vec![error("", text)],
        _ => Vec::new(),
    };
    let mut all: Vec<FieldError> = all;
    all.truncate(MAX_FIELDS);
    all
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(texts) => texts.iter().map(flat).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(MAX_TEXT_CHARS).collect()
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
