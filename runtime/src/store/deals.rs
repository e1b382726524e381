//! What every store can do with orders that are to be deals.
//!
//! A trait of its own, because nobody else needs it, and it needs nothing of the rest: no lane, no lease. One desk an
//! account works on it, one turn after the other; what it reads it settles by the number it has read, so that a change which
//! came meanwhile is never taken for done.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::api::StoreFuture;
use super::record::{
    AccountId, Deal, DealCounts, Due, Json, Listed, Noted, OrderId, Page, PartyKey, SessionKey, Settled,
    Wanted,
};

/// The most orders that [`DealStore::due_deals`] returns.
pub const MAX_DUE: usize = 1_000;

/// Where orders that are to be deals are kept.
pub trait DealStore: fmt::Debug + Send + Sync {
    /// Takes note of changes of orders. Once this resolves to `Ok`, no crash can lose them. A step that is known is not kept
    /// twice.
    fn note_deals(&self, noted: Noted, now: Timestamp) -> StoreFuture<'_, ()>;

    /// Returns orders that are due, the one that has been so for longest first, at most [`MAX_DUE`].
    fn due_deals(&self, wanted: Wanted) -> StoreFuture<'_, Vec<Due>>;

    /// Returns when the next order is due, if one is.
    fn next_deal<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Option<Timestamp>>;

    /// Takes note that rows of these orders are about to leave, and of what UIS will have accepted if it takes them.
    fn sending_deals<'a>(
        &'a self,
        account: &'a AccountId,
        orders: Vec<(OrderId, Json)>,
        now: Timestamp,
    ) -> StoreFuture<'a, ()>;

    /// Writes what became of orders; all of it or nothing. An order that has changed since it was read stays due.
    fn settle_deals<'a>(
        &'a self,
        account: &'a AccountId,
        settled: Vec<Settled>,
        now: Timestamp,
    ) -> StoreFuture<'a, ()>;

    /// Forgets up to `limit` orders that nothing is left to do about and that were last written before `before`: deleted
    /// ones, those that have no deal, and those whose deal is closed. Returns which. What is known of an open deal stays,
    /// and so does what was put aside.
    fn prune_deals<'a>(
        &'a self,
        account: &'a AccountId,
        before: Timestamp,
        limit: usize,
    ) -> StoreFuture<'a, Vec<OrderId>>;

    /// Has an order that was given up tried again; tells whether there is such an order.
    fn retry_deal<'a>(
        &'a self,
        account: &'a AccountId,
        order: OrderId,
        now: Timestamp,
    ) -> StoreFuture<'a, bool>;

    /// Has all orders of an account tried again that were given up; tells how many.
    fn retry_deals<'a>(&'a self, account: &'a AccountId, now: Timestamp) -> StoreFuture<'a, u64>;

    /// Lists orders, the one written last first.
    fn list_deals(&self, page: Page, parked: bool) -> StoreFuture<'_, Listed<Deal>>;

    /// Returns how many orders stand where.
    fn count_deals<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, DealCounts>;

    /// Returns the digests of those of these parties that are known to be in UIS.
    fn known_parties<'a>(
        &'a self,
        account: &'a AccountId,
        parties: Vec<PartyKey>,
    ) -> StoreFuture<'a, BTreeMap<PartyKey, String>>;

    /// Takes note of what is in UIS now; `None` forgets it.
    fn put_parties<'a>(
        &'a self,
        account: &'a AccountId,
        parties: Vec<(PartyKey, Option<String>)>,
    ) -> StoreFuture<'a, ()>;

    /// Returns the communication from which an order was made, when it was made here.
    fn maker_of_order<'a>(
        &'a self,
        account: &'a AccountId,
        order: OrderId,
    ) -> StoreFuture<'a, Option<SessionKey>>;
}
