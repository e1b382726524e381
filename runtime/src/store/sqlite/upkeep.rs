//! The thread that copies the write-ahead log into the database while others go on.
//!
//! Told of writes, it waits a little and makes a passive checkpoint, which never holds up a writer or a reader. It
//! sleeps while nothing is written. The writer's own rule ([`super::writer`]) covers what this cannot do.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::store::StoreError;

/// The writer's end; the thread ends when it is dropped.
#[derive(Debug)]
pub(super) struct Upkeep {
    wrote: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Upkeep {
    /// Starts the thread.
    pub(super) fn start(connection: Connection, pause: Duration) -> Result<Self, StoreError> {
        let (wrote, told) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("store-upkeep".to_owned())
            .spawn(move || run(&connection, pause, &told))
            .map_err(|source| StoreError::Io { source: source.into() })?;
        Ok(Self { wrote: Some(wrote), thread: Some(thread) })
    }

    /// Says that something was written. Never blocks.
    pub(super) fn wrote(&self) {
        if let Some(wrote) = &self.wrote {
            // When it is full, the thread knows already.
            let _ = wrote.try_send(());
        }
    }
}

impl Drop for Upkeep {
    fn drop(&mut self) {
        self.wrote = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, pause: Duration, told: &Receiver<()>) {
    while told.recv().is_ok() {
        let deadline = std::time::Instant::now() + pause;
        // What is written meanwhile is covered by the same checkpoint.
        loop {
            match told.recv_timeout(deadline.saturating_duration_since(std::time::Instant::now())) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        let copied: rusqlite::Result<i64> =
            connection.query_one("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(0));
        if let Err(error) = copied {
            tracing::warn!(%error, "store could not make a checkpoint");
        }
    }
}
