//! What is answered where. Plain functions: no socket, no task, so that tests call them directly.

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get};

use crate::http::state::Shared;
use crate::http::{callbacks, chat_adapter, health, hooks as notifications, marketplace, metrics, pages};
use crate::marketplace::{CONFIG_PATH, REGISTER_PATH};
use crate::module::LOGO_PATH;

/// The public listener: notifications, and whether the server is well.
///
/// Everything that is not known is answered by the notifications' handler, so that a wrong address, a wrong account and
/// a wrong secret are one and the same.
pub fn hooks(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route(LOGO_PATH, get(callbacks::logo))
        .route(CONFIG_PATH, any(marketplace::configuration))
        .route(REGISTER_PATH, any(marketplace::register))
        .route("/chats/{account}/{secret}/{*event}", any(chat_adapter::receive))
        .route("/retailcrm/{callback}", any(callbacks::receive))
        .merge(pages::workplace::router())
        .fallback(any(notifications::receive))
        .with_state(shared)
}

/// The listener for the people of the house: health with reasons, figures, pages.
pub fn console(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready_in_detail))
        .route("/metrics", get(metrics::metrics))
        .merge(pages::router(&shared))
        .with_state(shared)
}
