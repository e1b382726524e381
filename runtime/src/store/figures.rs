//! What a store measures of itself, for `/metrics`.
//!
//! Names and meanings stand in [`FIGURES`]; what depends on the contents (waiting events, dead effects) comes from
//! [`overview`](super::Store::overview) instead.

use std::time::Duration;

/// A figure: its name and what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The name of the metric.
    pub name: &'static str,
    /// One sentence about it.
    pub help: &'static str,
}

/// How many writes a transaction took.
pub const BATCH_WRITES: Figure =
    Figure { name: "switchboard_store_batch_writes", help: "Writes that shared one transaction" };

/// How long a transaction took, its sync included.
pub const BATCH_SECONDS: Figure = Figure {
    name: "switchboard_store_batch_seconds",
    help: "Time from the start of a transaction to its sync",
};

/// How many transactions failed.
pub const BATCH_FAILURES: Figure = Figure {
    name: "switchboard_store_batch_failures_total",
    help: "Transactions that failed as a whole (disk full, input or output error)",
};

/// How large the write-ahead log is.
pub const LOG_BYTES: Figure =
    Figure { name: "switchboard_store_log_bytes", help: "Size of the write-ahead log on the disk" };

/// All of them.
pub const FIGURES: &[Figure] = &[BATCH_WRITES, BATCH_SECONDS, BATCH_FAILURES, LOG_BYTES];

/// Counts a transaction.
pub(crate) fn batch(writes: usize, took: Duration, committed: bool) {
    let writes = u32::try_from(writes).unwrap_or(u32::MAX);
    metrics::histogram!(BATCH_WRITES.name).record(f64::from(writes));
    metrics::histogram!(BATCH_SECONDS.name).record(took.as_secs_f64());
    if !committed {
        metrics::counter!(BATCH_FAILURES.name).increment(1);
    }
}

/// Notes the size of the log.
pub(crate) fn log_bytes(bytes: u64) {
    // More than f64 can hold exactly is more than a disk can hold.
    #[expect(clippy::cast_precision_loss, reason = "a gauge; exact below 8 PiB")]
    metrics::gauge!(LOG_BYTES.name).set(bytes as f64);
}
