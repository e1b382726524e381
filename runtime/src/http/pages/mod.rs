//! Pages of the console: what the server is doing, and why it did what it did.
//!
//! Rendered here, without a script and without anything from elsewhere. Personal data is masked unless somebody on this
//! very machine asks to see it. `guard` keeps other sites out; `view` puts records into words; one file a page.
//!
//! `workplace` is for other people: operators, in a frame of RetailCRM, on the public listener.
//!
//! Leaves to others: what is kept (`store`), what it means (`communication`, `source`).

mod accounts;
mod call;
mod calls;
mod deals;
mod employees;
mod errors;
mod forwarded;
mod guard;
mod look;
mod module;
mod names;
mod overview;
mod parked;
mod popups;
mod render;
mod setup;
mod shadow;
mod shadow_call;
mod unparsed;
mod view;
mod words;
mod words_calls;
mod words_deals;
mod words_shadow;
mod words_workplace;
pub(super) mod workplace;
mod written;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{get, post};

use crate::http::admin;
use crate::http::state::Shared;

/// The largest form that is read.
const MAX_FORM: usize = 16 * 1024;

/// The pages.
pub(super) fn router(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(overview::page))
        .route("/calls", get(calls::page))
        .route("/calls/{account}/{session}", get(call::page))
        .route("/unparsed", get(unparsed::page))
        .route("/parked", get(parked::page))
        .route("/parked/effect/{id}", post(parked::retry_effect))
        .route("/parked/event/{seq}", post(parked::retry_event))
        .route("/forwarded", get(forwarded::page))
        .route("/employees", get(employees::page))
        .route("/employees/{account}", post(employees::synchronise))
        .route("/names", get(names::page))
        .route("/deals", get(deals::page))
        .route("/deals/{account}/{order}", post(deals::retry))
        .route("/shadow", get(shadow::page))
        .route("/api/shadow/{account}", get(shadow::api))
        .route("/uis", get(setup::page))
        .route("/module", get(module::page))
        .route("/accounts", get(accounts::page).post(accounts::add))
        .route("/accounts/{name}/check", post(accounts::check))
        .route("/accounts/{name}/remove", post(accounts::remove))
        .route("/preferences", post(look::choose))
        .route("/console.css", get(render::style))
        .merge(admin::router())
        .fallback(render::not_found)
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .layer(middleware::from_fn_with_state(Arc::clone(shared), guard::guard))
}
