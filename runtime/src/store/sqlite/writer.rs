//! The one thread that writes.
//!
//! Takes everything that waits (up to the limits of a batch), runs it in one transaction, commits, answers. Steps:
//!
//! 1. `BEGIN IMMEDIATE`.
//! 2. The jobs, one after the other. One that fails before it has written anything (a lost lease) is told so and harms
//!    nobody. If one fails later, the transaction is rolled back and all is done once more, each job in a savepoint of
//!    its own to which it alone is rolled back. Savepoints are not there from the start because each one has SQLite copy
//!    every page that the job touches, and hardly ever does a job fail half-way. If even then a failure ends the
//!    transaction itself (a full disk may do that), nothing of the batch is kept and all are told.
//! 3. `COMMIT`, which syncs the write-ahead log. If it fails, everything is rolled back and all are told. The next batch
//!    starts anew, so a disk that comes back is used again without anybody's help.
//! 4. The hint to workers; answers; then, when the log has grown over its limit, a checkpoint.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OptionalExtension as _, Params, Row};
use tokio::sync::mpsc;

use super::connect::PAGE_BYTES;
use super::lanes;
use super::queue::{Failed, Job, Queued};
use super::settings::SqliteSettings;
use super::upkeep::Upkeep;
use crate::store::record::AccountId;
use crate::store::{StoreError, WorkSignal, figures};

/// How much the log must have grown since a checkpoint that could not empty it before the next one is tried.
const RETRY_GROWTH: u64 = 8 << 20;

/// How long a checkpoint that holds up writes waits for a reader to let go of the log.
const CHECKPOINT_WAIT: Duration = Duration::from_millis(100);

/// The transaction a job runs in.
pub(super) struct Tx<'w> {
    connection: &'w Connection,
    accounts: &'w mut HashMap<AccountId, i64>,
    wrote: bool,
    woke: bool,
}

/// How a batch is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Care {
    /// Without savepoints.
    Quick,
    /// Each job in a savepoint.
    Careful,
}

/// Why a batch was not run to its end.
enum Halt {
    /// A job failed half-way; run it again with care.
    HalfWay,
    /// The transaction failed.
    Failed(StoreError),
}

/// What the thread owns.
struct Writer {
    connection: Connection,
    settings: SqliteSettings,
    signal: Arc<WorkSignal>,
    upkeep: Upkeep,
    /// Numbers of accounts that are committed, so that an event need not look its account up.
    accounts: HashMap<AccountId, i64>,
    /// The size of the log at which the writer has it start over.
    restart_at: u64,
}

/// Starts the thread; it ends after a [`Queued::Stop`], or when the queue is gone.
pub(super) fn start(
    connection: Connection,
    settings: SqliteSettings,
    signal: Arc<WorkSignal>,
    upkeep: Upkeep,
    jobs: mpsc::UnboundedReceiver<Queued>,
) -> Result<JoinHandle<()>, StoreError> {
    let restart_at = settings.wal_limit;
    let writer = Writer { connection, settings, signal, upkeep, accounts: HashMap::new(), restart_at };
    std::thread::Builder::new()
        .name("store-writer".to_owned())
        .spawn(move || writer.run(jobs))
        .map_err(|source| StoreError::Io { source: source.into() })
}

impl Writer {
    fn run(mut self, mut jobs: mpsc::UnboundedReceiver<Queued>) {
        let mut batch = Vec::with_capacity(self.settings.batch_jobs);
        let mut stop = None;
        while stop.is_none()
            && let Some(first) = jobs.blocking_recv()
        {
            let mut bytes = 0;
            let mut checkpoint_for = None;
            let mut next = Some(first);
            while let Some(queued) = next.take() {
                match queued {
                    Queued::Job { job, bytes: brought, places } => {
                        // Its place is free again: what is in the batch no longer waits.
                        drop(places);
                        bytes += brought;
                        batch.push(job);
                    }
                    Queued::Checkpoint { reply } => {
                        checkpoint_for = Some(reply);
                        break;
                    }
                    Queued::Stop { reply } => {
                        stop = Some(reply);
                        break;
                    }
                }
                if batch.len() < self.settings.batch_jobs && bytes < self.settings.batch_bytes {
                    next = jobs.try_recv().ok();
                }
            }
            if !batch.is_empty() {
                self.batch(&mut batch);
            }
            if let Some(reply) = checkpoint_for {
                let _ = reply.send(checkpoint(&self.connection, "TRUNCATE", &self.settings).map(drop));
            }
        }
        let Some(reply) = stop else { return };
        // Nothing can be put in any more; what came between the closing and the stop is still done.
        jobs.close();
        while let Ok(queued) = jobs.try_recv() {
            if let Queued::Job { job, .. } = queued {
                batch.push(job);
            }
        }
        if !batch.is_empty() {
            self.batch(&mut batch);
        }
        drop(self.upkeep);
        let emptied = checkpoint(&self.connection, "TRUNCATE", &self.settings);
        drop(self.connection);
        let _ = reply.send(emptied.map(drop));
    }

    fn batch(&mut self, batch: &mut Vec<Box<dyn Job>>) {
        let began = Instant::now();
        let mut woke = false;
        let outcome = self.transaction(batch, &mut woke);
        if let Err(error) = &outcome {
            // With its cause, which the answers do not show.
            tracing::error!(?error, jobs = batch.len(), "store could not write");
        }
        figures::batch(batch.len(), began.elapsed(), outcome.is_ok());
        // Before the answers, so that whoever has one knows that the workers were told.
        if woke && outcome.is_ok() {
            self.signal.raise();
        }
        for job in batch.drain(..) {
            job.answer(outcome.as_ref().err());
        }
        self.upkeep.wrote();
        self.limit_log();
    }

    fn transaction(&mut self, batch: &mut [Box<dyn Job>], woke: &mut bool) -> Result<(), StoreError> {
        match self.attempt(batch, Care::Quick, woke) {
            Err(Halt::HalfWay) => match self.attempt(batch, Care::Careful, woke) {
                Err(Halt::HalfWay) => Err(StoreError::Io { source: "a savepoint was lost".into() }),
                Err(Halt::Failed(error)) => Err(error),
                Ok(()) => Ok(()),
            },
            Err(Halt::Failed(error)) => Err(error),
            Ok(()) => Ok(()),
        }
    }

    fn attempt(&mut self, batch: &mut [Box<dyn Job>], care: Care, woke: &mut bool) -> Result<(), Halt> {
        let Self { connection, accounts, .. } = self;
        let outcome = members(connection, accounts, batch, care, woke)
            .and_then(|()| Ok(connection.prepare_cached("COMMIT")?.execute([]).map(drop)?));
        if outcome.is_err() {
            // Accounts that were new in this transaction do not exist.
            accounts.clear();
            if !connection.is_autocommit()
                && let Err(error) = connection.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "store could not roll back");
            }
        }
        outcome
    }

    /// Has the log start over when it is over its limit.
    fn limit_log(&mut self) {
        if let Err(error) = self.try_limit_log() {
            tracing::error!(?error, "store could not make a checkpoint");
        }
    }

    fn try_limit_log(&mut self) -> Result<(), StoreError> {
        let size = log_bytes(&self.connection)?;
        figures::log_bytes(size);
        if size < self.restart_at {
            return Ok(());
        }
        self.restart_at = size.saturating_add(RETRY_GROWTH);
        if checkpoint(&self.connection, "RESTART", &self.settings)? {
            self.restart_at = self.settings.wal_limit;
        }
        // Else a reader still needs the log.
        Ok(())
    }
}

impl Tx<'_> {
    /// Runs a statement and returns how many rows it changed.
    pub(super) fn run(&mut self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        self.wrote = true;
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    /// Returns the first row, if there is one.
    pub(super) fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.query_row(params, read).optional()?)
    }

    /// Runs a statement and returns the first row it returns.
    pub(super) fn run_returning<T>(
        &mut self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        self.wrote = true;
        self.first(sql, params, read)
    }

    /// Runs an insert and returns the number of the new row.
    pub(super) fn insert(&mut self, sql: &str, params: impl Params) -> Result<i64, StoreError> {
        self.wrote = true;
        Ok(self.connection.prepare_cached(sql)?.insert(params)?)
    }

    /// Returns the connection, for reads that writer and readers share.
    pub(super) fn connection(&self) -> &Connection {
        self.connection
    }

    /// Returns the numbers of the accounts that are known without a look-up.
    pub(super) fn accounts(&mut self) -> &mut HashMap<AccountId, i64> {
        self.accounts
    }

    /// Has the workers told, once this is committed.
    pub(super) fn wake_workers(&mut self) {
        self.woke = true;
    }
}

/// Frees the lanes of a process that is no more, before the thread starts.
pub(super) fn free_lanes(connection: &Connection) -> Result<(), StoreError> {
    let mut accounts = HashMap::new();
    let mut tx = Tx { connection, accounts: &mut accounts, wrote: false, woke: false };
    tx.run("BEGIN IMMEDIATE", [])?;
    lanes::free_all(&mut tx)?;
    tx.run("COMMIT", [])?;
    Ok(())
}

/// Moves the log into the database, so that it can start over; returns whether nobody stood in the way.
fn checkpoint(connection: &Connection, mode: &str, settings: &SqliteSettings) -> Result<bool, StoreError> {
    connection.busy_timeout(CHECKPOINT_WAIT)?;
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    let busy = connection.query_one(&sql, [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(settings.busy_timeout)?;
    Ok(busy? == 0)
}

/// Returns how much of the log is in use. Its file may be larger: it is written over, which is cheaper than growing.
fn log_bytes(connection: &Connection) -> Result<u64, StoreError> {
    let pages = connection
        .prepare_cached("PRAGMA wal_checkpoint(NOOP)")?
        .query_row([], |row| row.get::<_, i64>(1))?;
    Ok(u64::try_from(pages.max(0)).unwrap_or_default().saturating_mul(PAGE_BYTES.unsigned_abs()))
}

fn members(
    connection: &Connection,
    accounts: &mut HashMap<AccountId, i64>,
    batch: &mut [Box<dyn Job>],
    care: Care,
    woke: &mut bool,
) -> Result<(), Halt> {
    let run = |sql: &str| connection.prepare_cached(sql)?.execute([]).map(drop);
    run("BEGIN IMMEDIATE")?;
    for job in batch {
        if care == Care::Careful {
            run("SAVEPOINT job")?;
        }
        let mut tx = Tx { connection, accounts, wrote: false, woke: false };
        let outcome = job.run(&mut tx);
        let Tx { wrote, woke: job_woke, .. } = tx;
        match outcome {
            Ok(()) => *woke |= job_woke,
            Err(Failed(error)) if connection.is_autocommit() => {
                return Err(match care {
                    Care::Quick => Halt::HalfWay,
                    Care::Careful => Halt::Failed(error),
                });
            }
            Err(_) if !wrote => {}
            Err(_) if care == Care::Quick => return Err(Halt::HalfWay),
            Err(_) => {
                accounts.clear();
                run("ROLLBACK TO job")?;
            }
        }
        if care == Care::Careful {
            run("RELEASE job")?;
        }
    }
    Ok(())
}

impl From<rusqlite::Error> for Halt {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}
