//! Callbacks of the Chat API: any method on `/chats/{account}/{secret}/…` (reference, section 9).
//!
//! Steps: secret and sender, the header that the adapter was registered with, size, body within its time, 204. What a
//! callback says is not acted on: it names a chat or a visitor, and the report is read sooner for it. So nothing need be
//! kept, a forged one could do nothing but cost a point, and a chat has one source of truth.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::Value;

use crate::http::hooks::{may_send, read};
use crate::http::peer::Peer;
use crate::http::respond::Refusal;
use crate::http::state::Shared;
use crate::observe::CHAT_CALLBACKS;
use crate::reports::Hint;
use crate::source::uis;

/// Takes a callback, whatever it is.
pub(super) async fn receive(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match take(&shared, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn take(shared: &Shared, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let mut path = parts.uri.path().trim_start_matches("/chats/").splitn(3, '/');
    let (name, secret) = (path.next().unwrap_or_default(), path.next().unwrap_or_default());
    let event = path.next().unwrap_or_default().to_owned();
    let account = shared
        .credentials
        .account(name, secret)
        .and_then(|index| shared.parts.config.accounts.get(index))
        .filter(|account| may_send(account, uis::SOURCE, parts.extensions.get::<Peer>()))
        .ok_or(Refusal::NotFound)?;
    let token = account.uis.as_ref().and_then(|uis| uis.chat_token.as_ref()).ok_or(Refusal::NotFound)?;
    let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !shared.credentials.same(token, shown.trim()) {
        return Err(Refusal::NotFound);
    }
    let body = read(shared, &parts.headers, body).await?;
    let hint = hint(&body);
    let outcome = if hint.is_some() { "hint" } else { "other" };
    metrics::counter!(CHAT_CALLBACKS.name, "account" => account.name.clone(), "outcome" => outcome)
        .increment(1);
    tracing::debug!(account = %account.name, event, outcome, "callback of the Chat API");
    if let (Some(hint), Some(reports)) = (hint, shared.parts.reports.get(&account.name)) {
        reports.hint(hint);
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Which chat or visitor a callback is about; callbacks about accounts and channels are about neither.
fn hint(body: &[u8]) -> Option<Hint> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let number = |name: &str| match body.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match (number("chat_id"), number("visitor_id")) {
        (Some(chat), _) => Some(Hint::Chat(chat)),
        (None, Some(visitor)) => Some(Hint::Visitor(visitor)),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callback_names_a_chat_or_a_visitor() {
        assert_eq!(hint(br#"{"chat_id":77,"visitor_id":5}"#), Some(Hint::Chat(77)));
        assert_eq!(
            hint(br#"{"visitor_id":"5","visitor_card":{"phones":["79000000012"]}}"#),
            Some(Hint::Visitor(5))
        );
        for other in ["", "[]", r#"{"id":286,"name":"x"}"#, r#"{"chat_id":null}"#] {
            assert_eq!(hint(other.as_bytes()), None, "{other}");
        }
    }
}
