//! Where the embedded store lives and how much it may use. Every limit of it stands here.

use std::path::PathBuf;
use std::time::Duration;

/// The settings of the embedded store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteSettings {
    /// The folder of the database; made if it is missing.
    pub folder: PathBuf,
    /// How many events may wait to be written; more get [`StoreError::Full`](crate::store::StoreError::Full).
    pub queue_events: usize,
    /// How many bytes of bodies may wait to be written; more get [`StoreError::Full`](crate::store::StoreError::Full).
    pub queue_bytes: usize,
    /// How many other writes may wait; more wait for their turn.
    pub queue_work: usize,
    /// How many writes one transaction takes at most.
    pub batch_jobs: usize,
    /// How many bytes of bodies one transaction takes at most, beyond its first event.
    pub batch_bytes: usize,
    /// How many reads go on at the same time.
    pub readers: usize,
    /// From which size on the writer itself empties the write-ahead log, holding up writes meanwhile.
    ///
    /// Below, a second thread copies it into the database from time to time, which holds up nobody but cannot make the
    /// log start over while the writer is never idle; without this rule it grew without bound under a saturated writer.
    pub wal_limit: u64,
    /// How long after a write the second thread waits before it copies.
    pub checkpoint_pause: Duration,
    /// How much memory the writer may use for pages of the database.
    pub writer_cache: usize,
    /// How much memory each reader may use for pages of the database.
    pub reader_cache: usize,
    /// How long to wait for a lock that another program (a backup, an inspection) holds on the database.
    pub busy_timeout: Duration,
    /// How large the database may grow, without the write-ahead log; then [`StoreError::DiskFull`] is the answer.
    /// `None` leaves it to the disk.
    ///
    /// [`StoreError::DiskFull`]: crate::store::StoreError::DiskFull
    pub max_bytes: Option<u64>,
}

impl SqliteSettings {
    /// Returns the usual settings for a database in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            queue_events: 8_192,
            queue_bytes: 64 << 20,
            queue_work: 1_024,
            batch_jobs: 1_024,
            batch_bytes: 8 << 20,
            readers: 4,
            wal_limit: 64 << 20,
            checkpoint_pause: Duration::from_millis(200),
            writer_cache: 32 << 20,
            reader_cache: 4 << 20,
            busy_timeout: Duration::from_secs(5),
            max_bytes: None,
        }
    }
}
