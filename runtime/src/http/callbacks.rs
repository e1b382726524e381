//! What RetailCRM calls us about: `GET` or `POST /retailcrm/{callback}`, and the module's logo.
//!
//! Steps: method, size, body within its time, whose it is (`clientId`, compared in constant time), what it says, commit,
//! answer. An address that is not known and a `clientId` that is not known are the same 404 as everywhere. Nobody is
//! called from here: a click is kept and answered at once.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::{Html, IntoResponse, Response};
use http::{Method, StatusCode, header};

use crate::http::hooks::read;
use crate::http::respond::Refusal;
use crate::http::state::Shared;
use crate::module::{Callback, LOGO, Module};
use crate::observe::{CALLBACKS, CLICKS};
use crate::source::retailcrm::{Activity, ClickAsked, Params};
use crate::store::StoreError;
use crate::store::record::{ClickAccepted, Json, NewClick};

/// Takes a callback, whatever it is.
pub(super) async fn receive(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match take(&shared, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

/// The logo of the module; there is none when there is no module.
pub(super) async fn logo(State(shared): State<Arc<Shared>>) -> Response {
    if shared.parts.modules.is_empty() {
        return Refusal::NotFound.into_response();
    }
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "public, max-age=86400"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, LOGO).into_response()
}

async fn take(shared: &Shared, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    if shared.parts.modules.is_empty() || (parts.method != Method::GET && parts.method != Method::POST) {
        return Err(Refusal::NotFound);
    }
    let body = read(shared, &parts.headers, body).await?;
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let params = Params::read(parts.uri.query(), content_type.unwrap_or_default(), &body);
    let module = shared.parts.modules.find(params.get("clientId").unwrap_or_default());
    let (Some(callback), Some(module)) = (Callback::of(parts.uri.path()), module) else {
        return Err(Refusal::NotFound);
    };
    let account = module.account().as_str().to_owned();
    metrics::counter!(CALLBACKS.name, "account" => account, "callback" => callback.name()).increment(1);
    let kept = match callback {
        Callback::Call => call(shared, module, &params).await,
        Callback::Status => status(shared, module, &params).await,
        Callback::Activity => activity(shared, module, &params).await,
        Callback::Settings => {
            module.list.notify_one();
            Ok(success())
        }
        Callback::Account => account_page(module).await,
    };
    kept.map_err(|error| Refusal::of(error, shared.parts.config.limits.retry_after))
}

/// Keeps a click.
async fn call(shared: &Shared, module: &Module, params: &Params) -> Result<Response, StoreError> {
    let asked = ClickAsked::read(params);
    let request = Json::of(&asked)
        .map_err(|error| StoreError::Refused { reason: format!("a click has no JSON form: {error}") })?;
    let click = NewClick {
        account: module.account().clone(),
        dedup: asked.identity(),
        window: module.double_click(),
        received_at: shared.parts.clock.now(),
        request,
    };
    match shared.parts.store.accept_click(click).await? {
        ClickAccepted::New(id) => {
            tracing::info!(account = %module.account(), click = %id, "click was kept");
            module.clicked.notify_one();
        }
        ClickAccepted::Double(id) => {
            tracing::info!(account = %module.account(), click = %id, "the same click came again");
            let account = module.account().as_str().to_owned();
            metrics::counter!(CLICKS.name, "account" => account, "outcome" => "double").increment(1);
        }
    }
    Ok(success())
}

async fn status(shared: &Shared, module: &Module, params: &Params) -> Result<Response, StoreError> {
    let user = params.get("userId").and_then(|user| user.parse().ok());
    if let (Some(user), Some(status)) = (user, params.get("status")) {
        module.status(user, status, shared.parts.clock.now()).await?;
    }
    Ok(success())
}

async fn activity(shared: &Shared, module: &Module, params: &Params) -> Result<Response, StoreError> {
    let now = shared.parts.clock.now();
    if let Some(address) = params.get("systemUrl") {
        module.moved(address, now).await?;
    }
    match Activity::read(params) {
        Some(said) => module.switched(said.active, said.freeze, now).await?,
        // A change that cannot be read must not look like one that was taken.
        None if params.get("systemUrl").is_none() => {
            let said = r#"{"success":false,"errorMsg":"activity is missing or cannot be read"}"#;
            return Ok(
                (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, "application/json")], said).into_response()
            );
        }
        None => {}
    }
    Ok(success())
}

fn success() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], r#"{"success":true}"#).into_response()
}

/// What a user sees who opens the module's page: whether it works, and where its settings are. No secret, no number.
async fn account_page(module: &Module) -> Result<Response, StoreError> {
    let (en, ru) = match module.works().await? {
        true => ("The integration works.", "Интеграция работает."),
        false => (
            "The integration is switched off in RetailCRM: nothing is sent until it is switched on again.",
            "Интеграция выключена в RetailCRM: пока её не включат, ничего не передаётся.",
        ),
    };
    let page = format!(
        "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><title>UIS</title>\
         <p>{ru} Её настройки – правила и файл настроек на сервере; о них знает ваш администратор.\
         <p lang=\"en\">{en} Its settings are the rules and the settings file on the server; your administrator knows them."
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, Html(page)).into_response())
}
