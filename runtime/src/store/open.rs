//! Which store there is. The only place that knows all of them.

use std::sync::Arc;

use super::sqlite::{Sqlite, SqliteSettings};
use super::{Store, StoreError};

/// Which store, and with which settings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreSettings {
    /// The embedded one: a file of this machine, for one process.
    Sqlite(SqliteSettings),
}

/// Opens a store; recovery and migration are done when it completes.
///
/// # Errors
///
/// What the store says; see [`StoreError`].
pub async fn open(settings: StoreSettings) -> Result<Arc<dyn Store>, StoreError> {
    match settings {
        StoreSettings::Sqlite(settings) => {
            let opened = tokio::task::spawn_blocking(move || Sqlite::open(settings)).await;
            Ok(Arc::new(opened.map_err(|source| StoreError::Io { source: source.into() })??))
        }
    }
}
