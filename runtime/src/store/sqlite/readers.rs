//! The connections that read.
//!
//! A read runs on a thread for blocking work, in one transaction, so that several queries see the same state. There are
//! as many as the settings say; more wait.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::connect;
use super::settings::SqliteSettings;
use crate::store::StoreError;

/// The pool.
#[derive(Debug)]
pub(super) struct Readers {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    /// Opens all of them.
    pub(super) fn open(path: &Path, settings: &SqliteSettings) -> Result<Self, StoreError> {
        let count = settings.readers.max(1);
        let idle = (0..count).map(|_| connect::reader(path, settings)).collect::<Result<Vec<_>, _>>()?;
        let shared = Shared { idle: Mutex::new(idle), places: Arc::new(Semaphore::new(count)) };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Reads.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let closed = |_| StoreError::Closed;
        let place = Arc::clone(&self.shared.places).acquire_owned().await.map_err(closed)?;
        let shared = Arc::clone(&self.shared);
        let done = tokio::task::spawn_blocking(move || {
            // Taken and put back in here, so that a caller who goes away takes no connection along.
            let connection = shared.take().ok_or(StoreError::Closed)?;
            let outcome = one_state(&connection, work);
            shared.put(connection);
            drop(place);
            outcome
        });
        done.await.map_err(|source| StoreError::Io { source: source.into() })?
    }

    /// Closes them; a read that goes on finishes first, but nobody waits for it.
    pub(super) fn close(&self) {
        self.shared.places.close();
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Shared {
    fn take(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put(&self, connection: Connection) {
        if !self.places.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

fn one_state<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.unchecked_transaction()?;
    let outcome = work(&transaction);
    // Nothing was written; this only lets go of the state.
    transaction.rollback()?;
    outcome
}
