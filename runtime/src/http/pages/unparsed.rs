//! Notifications that were not understood, each with what is wrong with it.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use crate::http::pages::calls::{cursor, written};
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::view::{self, EventView};
use crate::http::state::Shared;
use crate::store::record::Page;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    after: String,
}

#[derive(Serialize)]
struct Own {
    rows: Vec<EventView>,
    next: Option<String>,
}

/// Shows them.
pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let made = own(&shared, &wanted, asked.look).await;
    asked.answer("unparsed.html", made)
}

async fn own(shared: &Shared, wanted: &Wanted, look: Look) -> Result<Own, Failure> {
    let limit = shared.parts.config.limits.console_rows.as_usize();
    let page = Page { account: None, after: cursor(&wanted.after), limit };
    let listed = shared.parts.store.unparsed(page).await?;
    let rows = listed
        .rows
        .iter()
        .map(|event| view::event(event, look, &view::zone(&shared.parts.config, event.account.as_str())));
    Ok(Own { rows: rows.collect(), next: listed.next.map(|next| written(&next)) })
}
