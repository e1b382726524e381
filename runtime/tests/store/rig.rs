//! Places for stores: a folder each, gone with the test.

use std::sync::Arc;

use futures_util::FutureExt as _;
use switchboard_runtime::store::contract::Rig;
use switchboard_runtime::store::{SqliteSettings, Store, StoreError, StoreFuture, StoreSettings, open};

/// A folder for an embedded store.
pub(crate) struct SqliteRig {
    folder: tempfile::TempDir,
}

impl SqliteRig {
    /// Makes a new folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for temporary files") }
    }

    /// Returns the usual settings for it.
    pub(crate) fn settings(&self) -> SqliteSettings {
        SqliteSettings::new(self.folder.path().join("data"))
    }

    async fn open_with(&self, settings: SqliteSettings) -> Result<Arc<dyn Store>, StoreError> {
        open(StoreSettings::Sqlite(settings)).await
    }
}

impl Rig for SqliteRig {
    fn open(&self) -> StoreFuture<'_, Arc<dyn Store>> {
        self.open_with(self.settings()).boxed()
    }

    fn open_narrow(&self, events: usize) -> StoreFuture<'_, Arc<dyn Store>> {
        self.open_with(SqliteSettings { queue_events: events, ..self.settings() }).boxed()
    }
}
