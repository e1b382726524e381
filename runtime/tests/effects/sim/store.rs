//! The real store, made deterministic, and cut off at any point.
//!
//! Each operation is waited for on the spot, so that its threads cannot reorder anything. After a given number of
//! operations the process "dies": that operation is done or not, nobody gets an answer, and everybody who asks from then
//! on waits for ever, until the simulation drops them all and opens the file again. Now and then an operation stalls, so
//! long that a lease runs out meanwhile. Time is tokio's paused clock (`start_paused = true`).

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::Timestamp;
use switchboard_runtime::store::record::*;
use switchboard_runtime::store::{DealStore, RulingStore, ShadowStore, Store, StoreFuture, WorkHint};
use tokio::sync::Notify;

/// A store that dies after so many operations.
#[derive(Debug)]
pub(crate) struct MortalStore {
    inner: Arc<dyn Store>,
    /// Operations left; the last one is done when `finishes` says so.
    left: AtomicU64,
    finishes: bool,
    dice: Mutex<fastrand::Rng>,
    /// Operations that stalled.
    pub(crate) stalls: AtomicU64,
    pub(crate) died: Arc<Notify>,
}

/// The longest stall; a lease is a quarter of it.
const LONGEST_STALL: Duration = Duration::from_secs(120);
/// One in so many operations stalls; of renewals, one in fewer.
const STALLS: u64 = 200;
const STALLS_OF_RENEWALS: u64 = 8;

impl MortalStore {
    pub(crate) fn new(inner: Arc<dyn Store>, operations: u64, seed: u64) -> Self {
        let mut dice = fastrand::Rng::with_seed(seed);
        let finishes = dice.bool();
        let left = AtomicU64::new(operations);
        Self {
            inner,
            left,
            finishes,
            dice: Mutex::new(dice),
            stalls: AtomicU64::new(0),
            died: Arc::default(),
        }
    }

    /// Never dies.
    pub(crate) fn immortal(inner: Arc<dyn Store>, seed: u64) -> Self {
        Self::new(inner, u64::MAX, seed)
    }

    fn stall(&self, one_in: u64) -> Option<Duration> {
        let mut dice = self.dice.lock().expect("nobody panics while holding it");
        let most = u64::try_from(LONGEST_STALL.as_millis()).expect("short");
        let stall = (dice.u64(0..one_in) == 0).then(|| Duration::from_millis(dice.u64(0..most)));
        self.stalls.fetch_add(u64::from(stall.is_some()), Ordering::Relaxed);
        stall
    }

    fn through<'a, T: Send + 'a>(&'a self, operation: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        self.after_stall(self.stall(STALLS), operation)
    }

    fn after_stall<'a, T: Send + 'a>(
        &'a self,
        stall: Option<Duration>,
        operation: StoreFuture<'a, T>,
    ) -> StoreFuture<'a, T> {
        async move {
            // A place for other tasks to run, as there would be.
            tokio::task::yield_now().await;
            if let Some(stall) = stall {
                tokio::time::sleep(stall).await;
            }
            let left = self.left.load(Ordering::Relaxed);
            if left == 0 {
                return std::future::pending().await;
            }
            self.left.store(left - 1, Ordering::Relaxed);
            if left > 1 {
                let outcome = on_the_spot(operation);
                tokio::task::yield_now().await;
                return outcome;
            }
            if self.finishes {
                drop(on_the_spot(operation));
            }
            self.died.notify_one();
            std::future::pending().await
        }
        .boxed()
    }
}

/// Waits for a future without giving up the thread.
pub(crate) fn on_the_spot<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    // The thread is not given up, so the runtime never gives a new budget.
    let mut future = pin!(tokio::task::coop::unconstrained(future));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

macro_rules! through {
    ($(fn $name:ident $(<$life:lifetime>)? (&$($self_life:lifetime)? self $(, $arg:ident: $kind:ty)*) -> $out:ty;)*) => {
        $(fn $name $(<$life>)? (&$($self_life)? self $(, $arg: $kind)*) -> $out {
            self.through(self.inner.$name($($arg),*))
        })*
    };
}

impl Store for MortalStore {
    fn work_hint(&self) -> WorkHint {
        self.inner.work_hint()
    }

    fn deals(&self) -> &dyn DealStore {
        self.inner.deals()
    }

    fn shadows(&self) -> &dyn ShadowStore {
        self.inner.shadows()
    }

    fn rulings(&self) -> &dyn RulingStore {
        self.inner.rulings()
    }

    fn renew<'a>(&'a self, lease: &'a Lease, now: Timestamp, duration: Duration) -> StoreFuture<'a, Lease> {
        self.after_stall(self.stall(STALLS_OF_RENEWALS), self.inner.renew(lease, now, duration))
    }

    through! {
        fn accept(&self, event: NewEvent) -> StoreFuture<'_, Accepted>;
        fn claim_lanes_within(&self, claim: Claim, rooms: Rooms) -> StoreFuture<'_, Claimed>;
        fn lane_work<'a>(&'a self, lease: &'a Lease, now: Timestamp) -> StoreFuture<'a, LaneWork>;
        fn commit<'a>(&'a self, lease: &'a Lease, now: Timestamp, changes: Vec<Change>) -> StoreFuture<'a, Committed>;
        fn release(&self, lease: Lease, wake: Option<Timestamp>) -> StoreFuture<'_, ()>;
        fn link<'a>(&'a self, account: &'a AccountId, kind: &'a str, key: &'a NaturalKey) -> StoreFuture<'a, Option<Link>>;
        fn effects_by_key<'a>(&'a self, account: &'a AccountId, keys: Vec<EffectKey>) -> StoreFuture<'a, Vec<Effect>>;
        fn communication<'a>(&'a self, account: &'a AccountId, key: &'a SessionKey) -> StoreFuture<'a, Option<Communication>>;
        fn cursor<'a>(&'a self, account: &'a AccountId, name: &'a str) -> StoreFuture<'a, Option<String>>;
        fn put_cursor<'a>(&'a self, account: &'a AccountId, name: &'a str, value: String) -> StoreFuture<'a, ()>;
        fn popup<'a>(&'a self, account: &'a AccountId, session: &'a SessionKey) -> StoreFuture<'a, Option<PopUp>>;
        fn open_popups<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Vec<PopUp>>;
        fn put_popup(&self, popup: PopUp) -> StoreFuture<'_, bool>;
        fn accept_click(&self, click: NewClick) -> StoreFuture<'_, ClickAccepted>;
        fn take_click(&self, id: ClickId, now: Timestamp) -> StoreFuture<'_, bool>;
        fn put_click(&self, progress: ClickProgress, now: Timestamp) -> StoreFuture<'_, ()>;
        fn click_became<'a>(&'a self, account: &'a AccountId, click: (ClickId, i64), session: &'a SessionKey, now: Timestamp) -> StoreFuture<'a, bool>;
        fn unfinished_clicks<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Vec<Click>>;
        fn clicks(&self, page: Page) -> StoreFuture<'_, Listed<Click>>;
        fn stop_account<'a>(&'a self, account: &'a AccountId, reason: String, now: Timestamp) -> StoreFuture<'a, ()>;
        fn resume_account<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, bool>;
        fn activity<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Activity>;
        fn overview(&self) -> StoreFuture<'_, Vec<AccountOverview>>;
        fn recent(&self, page: Page) -> StoreFuture<'_, Listed<Communication>>;
        fn find(&self, account: Option<AccountId>, what: Find) -> StoreFuture<'_, Vec<Communication>>;
        fn timeline<'a>(&'a self, account: &'a AccountId, session: &'a SessionKey) -> StoreFuture<'a, Option<Timeline>>;
        fn event(&self, seq: EventSeq) -> StoreFuture<'_, Option<Event>>;
        fn unparsed(&self, page: Page) -> StoreFuture<'_, Listed<Event>>;
        fn parked(&self, page: Page) -> StoreFuture<'_, Listed<Event>>;
        fn dead_effects(&self, page: Page) -> StoreFuture<'_, Listed<Effect>>;
        fn retry_effect(&self, id: EffectId, now: Timestamp) -> StoreFuture<'_, ()>;
        fn retry_event(&self, seq: EventSeq, now: Timestamp) -> StoreFuture<'_, ()>;
        fn prune(&self, retention: Retention) -> StoreFuture<'_, Pruned>;
        fn probe(&self) -> StoreFuture<'_, ()>;
        fn checkpoint(&self) -> StoreFuture<'_, ()>;
        fn close(&self) -> StoreFuture<'_, ()>;
    }
}
