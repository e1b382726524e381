//! What every store can do with what rules said beside the lanes.
//!
//! A trait of its own, because nothing depends on it: it is written after whoever asked was answered, and what is lost is
//! lost. It belongs to no lane and needs no lease.

use std::fmt;

use jiff::Timestamp;

use super::api::StoreFuture;
use super::record::NewRuling;

/// Where it is kept.
pub trait RulingStore: fmt::Debug + Send + Sync {
    /// Keeps these, all of them or none.
    fn keep_rulings(&self, rulings: Vec<NewRuling>) -> StoreFuture<'_, ()>;

    /// Takes away what was said before `before`, at most `limit`, and returns how many; call it until it takes less.
    fn prune_rulings(&self, before: Timestamp, limit: usize) -> StoreFuture<'_, u64>;
}
