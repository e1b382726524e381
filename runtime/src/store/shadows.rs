//! What every store can do with comparisons of shadow rules.
//!
//! A trait of its own, because nothing depends on it: counts that are lost in a crash are lost, and nothing that is counted
//! here has an effect. It belongs to no lane and needs no lease.

use std::fmt;

use super::api::StoreFuture;
use super::record::{
    AccountId, ShadowBounds, ShadowGroup, ShadowPair, ShadowRetention, ShadowRun, ShadowTally,
};

/// Where comparisons of shadow rules are kept.
pub trait ShadowStore: fmt::Debug + Send + Sync {
    /// Adds to what is counted, all of it or nothing.
    fn count_shadows(&self, tallies: Vec<ShadowTally>, bounds: ShadowBounds) -> StoreFuture<'_, ()>;

    /// Lists the pairs of an account, the one that was written last first.
    fn shadows<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Vec<ShadowRun>>;

    /// Lists the groups of a pair, the largest first.
    fn shadow_groups<'a>(&'a self, pair: &'a ShadowPair) -> StoreFuture<'a, Vec<ShadowGroup>>;

    /// Takes away what is old, a bounded number of rows, and returns how many; call it until it takes less than the limit.
    fn prune_shadows(&self, retention: ShadowRetention) -> StoreFuture<'_, u64>;
}
