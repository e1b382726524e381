//! What was given up, with a button that has it tried again.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use crate::http::pages::calls::{cursor, written};
use crate::http::pages::guard;
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::view::{self, EffectView, EventView};
use crate::http::state::Shared;
use crate::store::StoreError;
use crate::store::record::{EffectId, EventSeq, Page};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    after: String,
}

/// What the button sends.
#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    token: String,
}

#[derive(Serialize)]
struct Own {
    effects: Vec<EffectView>,
    next: Option<String>,
    events: Vec<EventView>,
}

/// Shows it.
pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let made = own(&shared, &wanted, asked.look).await;
    asked.answer("parked.html", made)
}

async fn own(shared: &Shared, wanted: &Wanted, look: Look) -> Result<Own, Failure> {
    let limit = shared.parts.config.limits.console_rows.as_usize();
    let zone = |account: &str| view::zone(&shared.parts.config, account);
    let page = Page { account: None, after: cursor(&wanted.after), limit };
    let effects = shared.parts.store.dead_effects(page).await?;
    let events = shared.parts.store.parked(Page { account: None, after: None, limit }).await?;
    Ok(Own {
        effects: effects
            .rows
            .iter()
            .map(|effect| view::effect(effect, look, &zone(effect.account.as_str())))
            .collect(),
        next: effects.next.map(|next| written(&next)),
        events: events
            .rows
            .iter()
            .map(|event| view::event(event, look, &zone(event.account.as_str())))
            .collect(),
    })
}

/// Has an effect tried again.
pub(super) async fn retry_effect(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<i64>,
    uri: Uri,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Response {
    let now = shared.parts.clock.now();
    let retry = async { shared.parts.store.retry_effect(EffectId(id), now).await };
    press(&shared, &uri, &headers, &pressed, "effect", id, retry).await
}

/// Has a notification tried again.
pub(super) async fn retry_event(
    State(shared): State<Arc<Shared>>,
    Path(seq): Path<i64>,
    uri: Uri,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Response {
    let now = shared.parts.clock.now();
    let retry = async { shared.parts.store.retry_event(EventSeq(seq), now).await };
    press(&shared, &uri, &headers, &pressed, "event", seq, retry).await
}

async fn press(
    shared: &Shared,
    uri: &Uri,
    headers: &HeaderMap,
    pressed: &Pressed,
    what: &'static str,
    number: i64,
    retry: impl Future<Output = Result<(), StoreError>>,
) -> Response {
    let asked = Asked::new(shared, uri, headers);
    if !guard::shows_token(shared, &pressed.token) {
        return asked.fail(&Failure::Form);
    }
    match retry.await {
        Ok(()) => {
            tracing::info!(what, number, "tried again by hand");
            Redirect::to("/parked").into_response()
        }
        Err(error) => asked.fail(&Failure::Store(error)),
    }
}
