//! The simple connection of RetailCRM's marketplace: what the module needs, and a shop that registers itself.
//!
//! Without `[marketplace]` in the settings both addresses are the same 404 as any that is not there. A refusal is 400 with
//! `success: false` and why, in the language of the settings, as RetailCRM expects it (reference, section 4.4).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, header};
use serde_json::json;

use crate::config::Marketplace;
use crate::http::hooks::read;
use crate::http::respond::Refusal;
use crate::http::state::Shared;
use crate::marketplace::{self, Connected, Connecting};
use crate::module::Callback;
use crate::observe::MARKETPLACE;
use crate::source::retailcrm::Params;

/// What the module needs, and where a shop is registered.
pub(super) async fn configuration(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match settings(&shared, request.method()) {
        Ok(settings) => Json(marketplace::configuration(settings)).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// Registers a shop.
pub(super) async fn register(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match take(&shared, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn take(shared: &Shared, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let settings = settings(shared, &parts.method)?;
    let body = read(shared, &parts.headers, body).await?;
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // The key must not stand in an address, so the query is not looked at.
    let params = Params::read(None, content_type.unwrap_or_default(), &body);
    let with = Connecting { settings, accounts: &shared.parts.accounts, clock: &shared.parts.clock };
    let connected = marketplace::connect(with, params.get("register")).await;
    let outcome = connected.as_ref().map_or_else(marketplace::Refusal::name, |connected| connected.how);
    metrics::counter!(MARKETPLACE.name, "outcome" => outcome).increment(1);
    Ok(match connected {
        Ok(Connected { account, how }) => {
            tracing::info!(account, how, "a shop connected itself");
            let page = format!("{}{}", settings.public_url, Callback::Account.path());
            Json(json!({"success": true, "accountUrl": page})).into_response()
        }
        Err(refusal) => {
            tracing::warn!(reason = refusal.name(), error = %refusal, "a shop was not connected");
            let said = refusal.text();
            let answer = json!({"success": false, "errorMsg": said.get(settings.language)});
            (StatusCode::BAD_REQUEST, Json(answer)).into_response()
        }
    })
}

fn settings<'s>(shared: &'s Shared, method: &Method) -> Result<&'s Marketplace, Refusal> {
    let settings = shared.parts.config.marketplace.as_ref().ok_or(Refusal::NotFound)?;
    if method != Method::GET && method != Method::POST {
        return Err(Refusal::Method);
    }
    Ok(settings)
}
