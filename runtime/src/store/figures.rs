//! What a store counts about its own writing. What the figures mean stands in the table of all figures, in `observe`.
//!
//! What depends on the contents (waiting events, dead effects) is not counted here but asked for, by
//! [`overview`](super::Store::overview).

use std::time::Duration;

/// Counts a transaction of so many writes.
pub(crate) fn batch(writes: usize, took: Duration, committed: bool) {
    let writes = u32::try_from(writes).unwrap_or(u32::MAX);
    metrics::histogram!("switchboard_store_batch_writes").record(f64::from(writes));
    metrics::histogram!("switchboard_store_batch_seconds").record(took.as_secs_f64());
    if !committed {
        metrics::counter!("switchboard_store_batch_failures_total").increment(1);
    }
}

/// Notes the size of the write-ahead log.
pub(crate) fn log_bytes(bytes: u64) {
    #[expect(clippy::cast_precision_loss, reason = "a gauge; exact below 8 PiB")]
    metrics::gauge!("switchboard_store_log_bytes").set(bytes as f64);
}
