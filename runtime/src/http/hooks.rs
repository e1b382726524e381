//! Notifications: `GET` or `POST /hooks/{account}/{secret}/uis/{event}`; `…/uis/manager`, where UIS asks whom to put a
//! call through to; and `…/retailcrm/order`, where a trigger of RetailCRM says that an order has changed (`triggers`).
//!
//! Steps, and nothing beyond them: secret and sender, method, size, body within its time, what it says, commit, 200. No
//! rule is asked and nobody is called. What cannot be understood is kept all the same and answered 200, because a sender
//! that is refused may simply stop.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{Method, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use smol_str::SmolStr;
use switchboard_grammar::lang::Lang;

use crate::config::Account;
use crate::http::peer::Peer;
use crate::http::respond::Refusal;
use crate::http::state::Shared;
use crate::http::triggers;
use crate::observe::{INGEST, INGEST_SECONDS, UNPARSED};
use crate::source::uis::{
    self, Decoded, Delivery, EventCode, Identity, Number, Question, Reason, Stored, WrittenCode,
};
use crate::store::record::{Accepted, AccountId, LaneKey, NewEvent, Origin, Parse, SessionKey};

/// The longest name of an event that is kept as it was written.
const MAX_EVENT: usize = 40;

/// The last part of the address at which UIS asks whom to put a call through to.
const QUESTION: &str = "manager";

/// Where notifications arrive.
struct Address<'a> {
    account: &'a str,
    secret: &'a str,
    source: &'a str,
    event: &'a str,
}

impl<'a> Address<'a> {
    fn read(path: &'a str) -> Option<Self> {
        let mut parts = path.strip_prefix("/hooks/")?.split('/');
        let (account, secret) = (parts.next()?, parts.next()?);
        let (source, event) = (parts.next()?, parts.next()?);
        let is_known = source == uis::SOURCE || (source, event) == triggers::ADDRESS;
        (is_known && parts.next().is_none()).then_some(Self { account, secret, source, event })
    }
}

/// Takes a notification, whatever it is.
pub(super) async fn receive(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match take(&shared, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn take(shared: &Shared, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    // An address of another shape costs the same as a wrong secret.
    let address = Address::read(path).unwrap_or(Address { account: "", secret: "", source: "", event: "" });
    let account = shared
        .credentials
        .account(address.account, address.secret)
        .and_then(|index| shared.parts.config.accounts.get(index))
        .filter(|account| may_send(account, address.source, parts.extensions.get::<Peer>()))
        .ok_or(Refusal::NotFound)?;
    if parts.method != Method::GET && parts.method != Method::POST {
        return Err(Refusal::Method);
    }
    let body = read(shared, &parts.headers, body).await?;
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if address.source != uis::SOURCE {
        return triggers::take(shared, account, parts.uri.query(), content_type.unwrap_or_default(), body)
            .await;
    }
    if address.event == QUESTION {
        let delivery = Delivery { event: QUESTION, query: parts.uri.query(), content_type: "", body: &body };
        return answer(shared, account, &delivery).await;
    }
    let stored = Stored::pack(parts.uri.query(), content_type.unwrap_or_default(), body);
    keep(shared, account, address.event, stored).await
}

/// Whether a sender is on the list of its side; an account without a list takes everybody.
pub(super) fn may_send(account: &Account, source: &str, peer: Option<&Peer>) -> bool {
    let list = if source == uis::SOURCE { &account.allow_from } else { &account.deals.trigger_from };
    list.is_empty() || peer.is_some_and(|peer| list.iter().any(|network| network.contains(peer.0)))
}

pub(super) async fn read(shared: &Shared, headers: &http::HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let limits = &shared.parts.config.limits;
    let most = limits.body_bytes.as_usize();
    let declared =
        headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limits.body_bytes.0) {
        return Err(Refusal::TooLarge);
    }
    let reading = Limited::new(body, most).collect();
    match tokio::time::timeout(limits.body_timeout, reading).await {
        Err(_) => Err(Refusal::Slow),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::TooLarge),
        Ok(Err(_)) => Err(Refusal::Broken),
    }
}

/// Answers whom a call is put through to. Nothing is committed: somebody is on the line.
async fn answer(shared: &Shared, account: &Account, delivery: &Delivery<'_>) -> Result<Response, Refusal> {
    let desk = shared.parts.desks.get(&account.name).ok_or(Refusal::NotFound)?;
    Ok(Json(desk.answer(&Question::read(delivery)).await.to_json()).into_response())
}

/// Asks about a client whose call has just begun, in case it is to be put through.
fn warm(shared: &Shared, account: &Account, said: &Said) {
    let desk = shared.parts.desks.get(&account.name);
    if let (Some(desk), Some(phone)) = (desk, said.begins.as_deref()) {
        desk.warm(phone);
    }
}

/// Commits what came and says so.
async fn keep(shared: &Shared, account: &Account, event: &str, stored: Stored) -> Result<Response, Refusal> {
    let started = Instant::now();
    let (code, written) = (EventCode::find(event), WrittenCode::find(event));
    let said = understand(shared, account, event, &stored);
    if let Ok(said) = &said {
        warm(shared, account, said);
    }
    let understood = said.map(|said| said.identity);
    let event: SmolStr = event.chars().filter(char::is_ascii_graphic).take(MAX_EVENT).collect();
    let (dedup, lane, session, parse) = match &understood {
        Ok(Identity { dedup, session, lane }) => {
            (dedup.clone(), lane.clone(), Some(session.clone()), Parse::Parsed)
        }
        Err(reason) => {
            let dedup = uis::garbage_dedup(&event, &stored.content_type, &stored.body);
            // Of no importance to the store, but it must be something.
            let lane = LaneKey::session(&SessionKey::from("unparsed"));
            let reason = reason.text().get(Lang::En).to_owned();
            (dedup, lane, None, Parse::Unparsed { reason })
        }
    };
    let new = NewEvent {
        account: AccountId::from(account.name.as_str()),
        source: SmolStr::new_static(uis::SOURCE),
        event,
        dedup,
        lane,
        session,
        received_at: shared.parts.clock.now(),
        origin: Origin::Webhook,
        content_type: stored.content_type,
        body: stored.body.into(),
        parse,
    };
    let accepted = shared.parts.store.accept(new).await;
    let accepted = accepted.map_err(|error| Refusal::of(error, shared.parts.config.limits.retry_after))?;
    // Only what is new: a pop-up is shown once, however often its ring is delivered.
    if let (Ok(identity), Some(code), Accepted::New(_)) = (&understood, code, &accepted) {
        shared.parts.bell.ring(&AccountId::from(account.name.as_str()), &identity.session, code);
    }
    Ok(report(account, (code, written), &understood, accepted, started))
}

/// What was understood of a notification.
struct Said {
    identity: Identity,
    /// The client's number, when it says that an incoming call begins.
    begins: Option<String>,
}

/// Who the event is, or why it was not understood.
fn understand(shared: &Shared, account: &Account, event: &str, stored: &Stored) -> Result<Said, Reason> {
    match uis::decode(&Stored::unpack(event, &stored.content_type, &stored.body)) {
        Decoded::Unparsed { reason } => Err(reason),
        Decoded::Notification { key, .. } | Decoded::Written { key, .. }
            if !shared.credentials.body_key(&account.name, key.as_ref()) =>
        {
            Err(Reason::WrongKey)
        }
        Decoded::Written { news, .. } => Ok(Said { identity: news.identity(), begins: None }),
        Decoded::Notification { notification, .. } => {
            let phone = notification.contact_phone_number.as_ref().and_then(Number::as_phone);
            let begins = phone.filter(|_| notification.event == EventCode::CallStart).map(str::to_owned);
            Ok(Said { identity: uis::identity(&notification), begins })
        }
    }
}

/// Counts, logs and answers. The log has the account, the event and its number, and nothing of what it says.
fn report(
    account: &Account,
    (code, written): (Option<EventCode>, Option<WrittenCode>),
    understood: &Result<Identity, Reason>,
    accepted: Accepted,
    started: Instant,
) -> Response {
    let outcome = match (understood, accepted) {
        (Err(_), _) => "unparsed",
        (Ok(_), Accepted::New(_)) => "new",
        (Ok(_), Accepted::Duplicate(_)) => "duplicate",
    };
    // A figure has no room for events that senders make up.
    let event = code.map(EventCode::as_str).or_else(|| written.map(WrittenCode::as_str)).unwrap_or("other");
    let name = account.name.clone();
    metrics::counter!(INGEST.name, "account" => name.clone(), "event" => event, "outcome" => outcome)
        .increment(1);
    metrics::histogram!(INGEST_SECONDS.name).record(started.elapsed().as_secs_f64());
    let seq = accepted.seq().0;
    match understood {
        Ok(identity) => {
            tracing::info!(account = %name, event, outcome, seq, session = %identity.session, lane = %identity.lane, "notification kept");
        }
        Err(reason) => {
            metrics::counter!(UNPARSED.name, "account" => name.clone(), "reason" => reason.code())
                .increment(1);
            tracing::warn!(account = %name, event, outcome, seq, reason = reason.code(), "notification kept, but not understood");
        }
    }
    // For whoever tries the address by hand; UIS does not look at it.
    match understood {
        Ok(_) => format!("{outcome}\n").into_response(),
        Err(reason) => format!("{outcome}: {}\n", reason.text().get(Lang::En)).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_shape() {
        let address = Address::read("/hooks/a/s/uis/ring").unwrap();
        assert_eq!((address.account, address.secret, address.event), ("a", "s", "ring"));
        let trigger = Address::read("/hooks/a/s/retailcrm/order").unwrap();
        assert_eq!((trigger.source, trigger.event), ("retailcrm", "order"));
        assert!(Address::read("/hooks/a/s/retailcrm/other").is_none());
        let strange = Address::read("/hooks/a/s/uis/").unwrap();
        assert_eq!(strange.event, "");
        for wrong in [
            "/hooks/a/s/uis",
            "/hooks/a/s/uis/ring/",
            "/hooks/a/s/uis/ring/x",
            "/hooks/a/s/crm/ring",
            "/hooks",
            "/hooks//",
            "/a/s/uis/ring",
            "",
        ] {
            assert!(Address::read(wrong).is_none(), "{wrong}");
        }
    }
}
