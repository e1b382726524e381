//! What the server has outside of itself: its store and its way out, as the settings describe them.

use std::sync::Arc;

use crate::config::Config;
use crate::outbound::guard::Guard;
use crate::outbound::{HttpError, HttpSettings, HttpTransport, Transport};
use crate::store::SqliteSettings;

/// The way out that the settings describe.
///
/// # Errors
///
/// When TLS cannot be set up.
pub fn transport(config: &Config) -> Result<Arc<dyn Transport>, HttpError> {
    Ok(Arc::new(HttpTransport::new(&http_settings(config))?))
}

/// The store that the settings describe.
pub(super) fn store_settings(config: &Config) -> SqliteSettings {
    let limits = &config.limits;
    SqliteSettings {
        queue_events: limits.accept_queue.as_usize(),
        readers: limits.store_readers.as_usize(),
        wal_limit: limits.wal_bytes.0,
        ..SqliteSettings::new(&config.server.data)
    }
}

fn http_settings(config: &Config) -> HttpSettings {
    let limits = &config.limits;
    HttpSettings {
        connect_timeout: limits.crm_connect_timeout,
        max_answer_bytes: usize::try_from(limits.crm_answer_bytes.0).unwrap_or(usize::MAX),
        guard: Guard { allow_loopback: config.security.allow_loopback },
        ..HttpSettings::default()
    }
}
