//! One process at a time.
//!
//! An advisory lock on a file beside the database, which the kernel gives back when its holder dies, however it dies.
//! Not on the database itself: SQLite has its own locks there, and closing a second handle would drop them.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::store::StoreError;

/// The file that is locked.
const LOCK_FILE: &str = "switchboard.lock";

/// Held as long as the store is open.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a folder, at once or not at all.
    pub(super) fn take(folder: &Path) -> Result<Self, StoreError> {
        let path: PathBuf = folder.join(LOCK_FILE);
        let io = |source: std::io::Error| StoreError::Io { source: source.into() };
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}
