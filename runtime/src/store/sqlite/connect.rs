//! Opening the file: every property of a connection that matters is set here and nowhere else.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::settings::SqliteSettings;
use crate::store::StoreError;

/// The database.
const DATABASE_FILE: &str = "switchboard.db";

/// How many prepared statements a connection keeps; more than there are different ones.
const STATEMENTS: usize = 192;

/// How long a reader beside the server waits for it, where it has to wait at all, and the cache it has.
const BESIDE_TIMEOUT: Duration = Duration::from_secs(10);
const BESIDE_CACHE: usize = 16 << 20;

/// The size of a page. Only an empty file takes it.
pub(super) const PAGE_BYTES: i64 = 4_096;

/// Where the database of a folder is.
pub(super) fn database(folder: &Path) -> PathBuf {
    folder.join(DATABASE_FILE)
}

/// Makes the folder and returns the path of the database in it. On Unix only its owner may read either.
pub(super) fn prepare(folder: &Path) -> Result<PathBuf, StoreError> {
    let io = |source: std::io::Error| StoreError::Io { source: source.into() };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    let path = database(folder);
    let mut file = OpenOptions::new();
    file.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        builder.mode(0o700);
        // SQLite gives its other files the mode of this one.
        file.mode(0o600);
    }
    builder.create(folder).map_err(io)?;
    let new = !path.exists();
    file.open(&path).map_err(io)?;
    if new {
        // SQLite syncs what is in the files; that they are there, and the folder, is up to us.
        sync_folder(folder).map_err(io)?;
        if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_folder(parent).map_err(io)?;
        }
    }
    Ok(path)
}

/// Makes the entries of a folder durable, where that is a thing of its own.
fn sync_folder(folder: &Path) -> Result<(), std::io::Error> {
    if cfg!(unix) {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Opens the connection of the writer.
pub(super) fn writer(path: &Path, settings: &SqliteSettings) -> Result<Connection, StoreError> {
    let connection = open(path, settings, settings.writer_cache)?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        let reason = format!("its journal mode stays `{mode}`; is the folder on a network share?");
        return Err(StoreError::NotAStore { path: path.to_owned(), reason });
    }
    // The commit is on the disk before it is answered.
    connection.pragma_update(None, "synchronous", "full")?;
    // The same on systems where a plain sync stops at the cache of the drive.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    // Checkpoints are made by `upkeep` and by the writer's own rule, not inside somebody's commit.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    let log = i64::try_from(settings.wal_limit).unwrap_or(i64::MAX);
    connection.pragma_update(None, "journal_size_limit", log)?;
    // What was pruned is overwritten where that costs no extra write.
    connection.pragma_update(None, "secure_delete", "fast")?;
    limit(&connection, settings.max_bytes)?;
    Ok(connection)
}

/// Opens a connection that cannot write.
pub(super) fn reader(path: &Path, settings: &SqliteSettings) -> Result<Connection, StoreError> {
    let connection = open(path, settings, settings.reader_cache)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// Sets up a connection that was opened to read and for nothing else, beside whoever works on the file.
pub(super) fn only_reads(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(BESIDE_TIMEOUT)?;
    connection.pragma_update(None, "query_only", true)?;
    shared_pragmas(connection, BESIDE_CACHE)
}

/// Opens the connection of the thread that makes checkpoints.
pub(super) fn checkpointer(path: &Path, settings: &SqliteSettings) -> Result<Connection, StoreError> {
    let connection = open(path, settings, settings.reader_cache)?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    Ok(connection)
}

/// Sets how large the database may grow.
pub(super) fn limit(connection: &Connection, max_bytes: Option<u64>) -> Result<(), StoreError> {
    // SQLite's own bound when there is none of ours.
    const MAX_PAGES: i64 = 4_294_967_294;
    let bytes = max_bytes.map_or(i64::MAX, |bytes| i64::try_from(bytes).unwrap_or(i64::MAX));
    connection.pragma_update(None, "max_page_count", (bytes / PAGE_BYTES).clamp(1, MAX_PAGES))?;
    Ok(())
}

fn open(path: &Path, settings: &SqliteSettings, cache: usize) -> Result<Connection, StoreError> {
    // Each connection is used by one thread at a time, so SQLite need not lock it.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(settings.busy_timeout)?;
    shared_pragmas(&connection, cache)?;
    Ok(connection)
}

fn shared_pragmas(connection: &Connection, cache: usize) -> Result<(), StoreError> {
    let cache = i64::try_from(cache / 1_024).unwrap_or(i64::MAX);
    // Negative: KiB, not pages.
    connection.pragma_update(None, "cache_size", -cache)?;
    // A failing disk is an error of a read, not a signal that kills the process.
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}
