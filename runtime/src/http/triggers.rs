//! Triggers of RetailCRM: `GET` or `POST /hooks/{account}/{secret}/retailcrm/order`.
//!
//! The secret was compared and the body read by `hooks`. What is said is the number of an order, and all that is done is to
//! write down that it has changed: answered as soon as that is durable. Which order cannot be read is answered 200 all the
//! same, counted and kept, because a repeat would cure nothing.

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use smol_str::SmolStr;

use crate::config::Account;
use crate::http::respond::Refusal;
use crate::http::state::Shared;
use crate::observe::DEAL_TRIGGERS;
use crate::source::retailcrm::{Params, order_of};
use crate::source::uis::{Stored, garbage_dedup};
use crate::store::record::{AccountId, LaneKey, NewEvent, Origin, Parse, SessionKey};

/// The source and the event in the address.
pub(super) const ADDRESS: (&str, &str) = ("retailcrm", "order");
/// What is wrong with a trigger that names no order.
const NO_ORDER: &str = "no order is named: send the parameter orderId with the value {{order.id}}";

/// Takes a trigger.
pub(super) async fn take(
    shared: &Shared,
    account: &Account,
    query: Option<&str>,
    content_type: &str,
    body: Bytes,
) -> Result<Response, Refusal> {
    // Without a desk nobody would ever look.
    let desk = shared.parts.deals.get(&account.name).ok_or(Refusal::NotFound)?;
    let retry_after = shared.parts.config.limits.retry_after;
    let name = account.name.clone();
    let count = |outcome: &'static str| {
        metrics::counter!(DEAL_TRIGGERS.name, "account" => name.clone(), "outcome" => outcome).increment(1);
    };
    match order_of(&Params::read(query, content_type, &body)) {
        Some(order) => {
            desk.changed(order).await.map_err(|error| Refusal::of(error, retry_after))?;
            count("kept");
            tracing::debug!(account = %name, order, "trigger kept");
            Ok("kept\n".into_response())
        }
        None => {
            keep(shared, account, Stored::pack(query, content_type, body)).await?;
            count("unparsed");
            tracing::warn!(account = %name, "trigger kept, but it names no order");
            Ok(format!("unparsed: {NO_ORDER}\n").into_response())
        }
    }
}

/// Keeps what names no order among the notifications that were not understood.
async fn keep(shared: &Shared, account: &Account, stored: Stored) -> Result<(), Refusal> {
    let event = SmolStr::new_static(ADDRESS.1);
    let new = NewEvent {
        account: AccountId::from(account.name.as_str()),
        source: SmolStr::new_static(ADDRESS.0),
        dedup: garbage_dedup(&event, &stored.content_type, &stored.body),
        event,
        lane: LaneKey::session(&SessionKey::from("unparsed")),
        session: None,
        received_at: shared.parts.clock.now(),
        origin: Origin::Webhook,
        content_type: stored.content_type,
        body: stored.body.into(),
        parse: Parse::Unparsed { reason: NO_ORDER.to_owned() },
    };
    let accepted = shared.parts.store.accept(new).await;
    let retry_after = shared.parts.config.limits.retry_after;
    accepted.map(drop).map_err(|error| Refusal::of(error, retry_after))
}
