//! Refusals become answers, here and nowhere else. Causes are logged and not sent.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::observe::INGEST_REFUSED;
use crate::store::StoreError;

/// Why a notification was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum Refusal {
    /// The address names no account, or not its secret, or the sender is not on its list. One answer for all.
    #[error("not found")]
    NotFound,
    /// Neither GET nor POST.
    #[error("method is not allowed")]
    Method,
    /// The body is longer than it may be.
    #[error("body is too large")]
    TooLarge,
    /// The body took longer than it may.
    #[error("body took too long")]
    Slow,
    /// The body ended before its end.
    #[error("body was cut short")]
    Broken,
    /// Too much waits to be written.
    #[error("too much is waiting")]
    Full {
        /// When to come again.
        retry_after: Duration,
    },
    /// The store cannot take it now.
    #[error("store cannot take it")]
    Store {
        /// Why not.
        source: StoreError,
        /// When to come again.
        retry_after: Duration,
    },
}

impl Refusal {
    /// A refusal of the store.
    pub(super) fn of(error: StoreError, retry_after: Duration) -> Self {
        match error {
            StoreError::Full => Self::Full { retry_after },
            source => Self::Store { source, retry_after },
        }
    }

    const fn parts(&self) -> (StatusCode, &'static str) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "method"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::Slow => (StatusCode::REQUEST_TIMEOUT, "slow"),
            Self::Broken => (StatusCode::BAD_REQUEST, "broken"),
            Self::Full { .. } => (StatusCode::SERVICE_UNAVAILABLE, "full"),
            // Whatever is wrong with the store, the sender may come again: nothing is wrong with what it sent.
            Self::Store { .. } => (StatusCode::SERVICE_UNAVAILABLE, "store"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, reason) = self.parts();
        metrics::counter!(INGEST_REFUSED.name, "reason" => reason).increment(1);
        match &self {
            Self::Store { source, .. } => {
                tracing::error!(reason, error = %source, "notification refused");
            }
            Self::Full { .. } => tracing::warn!(reason, "notification refused"),
            _ => tracing::debug!(reason, "notification refused"),
        }
        let mut response = (status, format!("{self}\n")).into_response();
        let headers = response.headers_mut();
        match self {
            Self::Full { retry_after } | Self::Store { retry_after, .. } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs().max(1)));
            }
            Self::Method => {
                headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
            }
            // What is left of the body is not waited for.
            Self::TooLarge | Self::Slow | Self::Broken => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Self::NotFound => {}
        }
        response
    }
}
