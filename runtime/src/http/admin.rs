//! The accounts over HTTP, as JSON: listed, checked, added, removed. On the console's listener, behind the same guard.
//!
//! | request | what it does | answer |
//! | --- | --- | --- |
//! | `GET /api/accounts` | lists them | 200 `settings`, `accounts`, `left` |
//! | `POST /api/accounts/check` | asks both sides of an account that is not there yet | 200 the report |
//! | `POST /api/accounts`, `?unchecked=true` | checks it, writes it into the settings, serves it | 201 `account`, `check` |
//! | `POST /api/accounts/{name}/check` | asks both sides of an account | 200 the report |
//! | `DELETE /api/accounts/{name}` | takes it out of the settings | 200 `removed`, `left` |
//!
//! An account is written as in the settings (`accounts::Wanted`). A refusal is `error` with a stable `code` and `text` in both
//! languages, and `check` when a check was the reason. No answer holds a key. Bodies must call themselves JSON, which no form of
//! another site can.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use switchboard_grammar::diagnostic::Text;

use crate::accounts::{EditError, Wanted, left};
use crate::config::Account;
use crate::http::state::Shared;
use crate::store::StoreError;
use crate::store::record::{AccountOverview, Activity};

/// The routes; the caller guards them.
pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/accounts", get(list).post(add))
        .route("/api/accounts/check", post(check))
        .route("/api/accounts/{name}", delete(remove))
        .route("/api/accounts/{name}/check", post(check_known))
}

/// What the address of [`add`] may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    #[serde(default)]
    unchecked: bool,
}

/// Why a request was not done.
enum Refused {
    /// The body is not what it must be.
    Body(Text),
    /// The settings were not changed.
    Edit(EditError),
    /// The store does not answer.
    Store(StoreError),
}

async fn list(State(shared): State<Arc<Shared>>) -> Result<Json<Value>, Refused> {
    let overview = shared.parts.store.overview().await.map_err(Refused::Store)?;
    let config = &shared.parts.config;
    let accounts: Vec<Value> = config.accounts.iter().map(|account| row(account, &overview)).collect();
    let standing = shared.parts.accounts.standing();
    Ok(Json(json!({
        "settings": {
            "since": standing.since,
            "problem": standing.problem.as_ref().map(words),
            "restart": standing.restart,
        },
        "accounts": accounts,
        "left": left(&overview, config),
    })))
}

async fn check(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let wanted = read(&headers, &body)?;
    let now = shared.parts.clock.now();
    Ok(Json(shared.parts.accounts.check(wanted, now).await.map_err(Refused::Edit)?.to_json()))
}

async fn add(
    State(shared): State<Arc<Shared>>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refused> {
    let wanted = read(&headers, &body)?;
    let name = wanted.name.clone();
    tracing::info!(account = name, unchecked = choice.unchecked, "an account is added over HTTP");
    let now = shared.parts.clock.now();
    let report = shared.parts.accounts.add(wanted, choice.unchecked, now).await.map_err(Refused::Edit)?;
    let answer = json!({"account": name, "check": report.map(|report| report.to_json())});
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

async fn check_known(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Refused> {
    let (config, now) = (&shared.parts.config, shared.parts.clock.now());
    let report = shared.parts.accounts.check_known(config, &name, now).await.map_err(Refused::Edit)?;
    Ok(Json(report.to_json()))
}

async fn remove(State(shared): State<Arc<Shared>>, Path(name): Path<String>) -> Result<Json<Value>, Refused> {
    tracing::info!(account = name, "an account is removed over HTTP");
    shared.parts.accounts.remove(&name).await.map_err(Refused::Edit)?;
    let overview = shared.parts.store.overview().await.map_err(Refused::Store)?;
    let mut gone = (*shared.parts.config).clone();
    gone.accounts.retain(|account| account.name != name);
    let left = left(&overview, &gone).into_iter().find(|left| left.account == name);
    Ok(Json(json!({"removed": name, "left": left})))
}

/// One account without its secrets.
fn row(account: &Account, overview: &[AccountOverview]) -> Value {
    let there = overview.iter().find(|overview| overview.account.as_str() == account.name);
    let stopped = match there.map(|overview| &overview.activity) {
        Some(Activity::Stopped { reason, .. }) => Some(reason),
        _ => None,
    };
    json!({
        "name": account.name,
        "retailcrm": account.retailcrm.url,
        "site": account.retailcrm.site,
        "module": account.retailcrm.module.as_ref().map(|module| &module.code),
        "uis": account.uis.as_ref().map(|uis| &uis.data_api),
        "bundle": account.bundle.display().to_string(),
        "stopped": stopped,
    })
}

/// Reads an account that is wanted.
fn read(headers: &HeaderMap, body: &[u8]) -> Result<Wanted, Refused> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = content_type.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        let why = Text::new("the body must be `application/json`", "тело должно быть `application/json`");
        return Err(Refused::Body(why));
    }
    // Says which field and what is expected; a value of the body is never in it, since secrets are among them.
    let wanted: Wanted =
        serde_json::from_slice(body).map_err(|error| Refused::Body(without_values(&error)))?;
    wanted.stays_inside().map_err(Refused::Edit)?;
    Ok(wanted)
}

/// What is wrong with a body, without quoting it: serde repeats texts that it did not expect. Names of fields are no secret.
fn without_values(error: &serde_json::Error) -> Text {
    let text = error.to_string();
    let mut names = text.split('`').skip(1).step_by(2);
    let name = names.next().unwrap_or_default();
    if text.starts_with("missing field") {
        return Text::new(format!("there is no `{name}`"), format!("нет поля `{name}`"));
    }
    if text.starts_with("unknown field") {
        let known = names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let en = format!("there is no field `{name}`; there are: {known}");
        return Text::new(en, format!("поля `{name}` не бывает; бывают: {known}"));
    }
    let (en, ru) = match error.classify() {
        serde_json::error::Category::Data => ("not an account", "это не аккаунт"),
        _ => ("not JSON", "это не JSON"),
    };
    let (line, column) = (error.line(), error.column());
    Text::new(format!("{en}, line {line} column {column}"), format!("{ru}: строка {line}, столбец {column}"))
}

fn words(text: &Text) -> Value {
    json!({"en": text.en, "ru": text.ru})
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code, text, report) = match self {
            Self::Body(why) => {
                let ru = format!("запрос не понят: {}", why.ru);
                (StatusCode::BAD_REQUEST, "body", Text::new(why.en, ru), None)
            }
            Self::Store(error) => {
                tracing::error!(%error, "store does not answer");
                let text = Text::new("the store does not answer", "хранилище не отвечает");
                (StatusCode::SERVICE_UNAVAILABLE, "store", text, None)
            }
            Self::Edit(error) => {
                let (code, text) = (error.code(), error.text());
                tracing::warn!(code, reason = text.en, "accounts were not changed");
                let status = match &error {
                    EditError::Unknown { .. } => StatusCode::NOT_FOUND,
                    EditError::Outside { .. } => StatusCode::BAD_REQUEST,
                    EditError::Settings(_) | EditError::Found { .. } | EditError::NotTakenUp { .. } => {
                        StatusCode::UNPROCESSABLE_ENTITY
                    }
                    EditError::Read { .. } | EditError::Write { .. } | EditError::System(_) => {
                        StatusCode::INTERNAL_SERVER_ERROR
                    }
                    EditError::NoFile | EditError::Taken { .. } | EditError::ByHand | EditError::Changed => {
                        StatusCode::CONFLICT
                    }
                };
                let report = match error {
                    EditError::Found { report } => Some(report.to_json()),
                    _ => None,
                };
                (status, code, text, report)
            }
        };
        (status, Json(json!({"error": {"code": code, "text": words(&text)}, "check": report})))
            .into_response()
    }
}
