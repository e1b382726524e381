//! What every store can do.
//!
//! Object safe; all moments are passed in and are kept to the microsecond (the rest is cut off). Which store there is
//! gets chosen in `open`; what all of them must do alike is exercised in `contract`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::deals::DealStore;
use super::hint::WorkHint;
use super::record::{
    Accepted, AccountId, AccountOverview, Activity, Change, Claim, Claimed, Click, ClickAccepted, ClickId,
    ClickProgress, Committed, Communication, Effect, EffectId, EffectKey, Event, EventSeq, Find, LaneKey,
    LaneWork, Lease, Link, Listed, NaturalKey, NewClick, NewEvent, Page, PopUp, Pruned, Retention, Rooms,
    SessionKey, Timeline,
};
use super::rulings::RulingStore;
use super::shadows::ShadowStore;

/// The most lanes [`Store::claim_lanes`] leases at once.
pub const MAX_CLAIM: usize = 256;

/// The most events [`Store::lane_work`] returns.
pub const MAX_LANE_EVENTS: usize = 256;

/// The most effects to be done that [`Store::lane_work`] returns, and the most held ones.
pub const MAX_LANE_EFFECTS: usize = 256;

/// The most bytes of bodies [`Store::lane_work`] and a page of events hold, beyond their first event.
pub const MAX_EVENT_BYTES: usize = 8 << 20;

/// The most communications [`Store::lane_work`] returns besides those its events belong to.
pub const MAX_LANE_COMMUNICATIONS: usize = 256;

/// The most rows a page of a list has.
pub const MAX_PAGE: usize = 500;

/// What went wrong below, whatever it was.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What every method of a store returns.
pub type StoreFuture<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// Why the store did not do what it was asked. Whatever it is, nothing of the call was kept.
///
/// One exception, which every database has: after [`StoreError::Io`] the call may have been kept all the same. An event
/// may be accepted again then, since a duplicate is recognised; a worker reads its lane again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Too much is waiting to be written; the same call may succeed later. Nothing was written.
    #[error("too many writes are waiting")]
    Full,
    /// The disk, or the room the store was given, is used up; the same call may succeed once there is more.
    #[error("no room left on the disk")]
    DiskFull,
    /// The disk or the database failed; the same call may succeed later.
    #[error("store does not answer")]
    Io {
        /// What failed.
        source: BoxError,
    },
    /// Another worker took the lane meanwhile, or it moved; drop the work, it is theirs now.
    #[error("lease on lane `{lane}` of account `{account}` was lost")]
    LeaseLost {
        /// The account.
        account: AccountId,
        /// The lane.
        lane: LaneKey,
    },
    /// The caller asked for something that cannot be; asking again will not help.
    #[error("{reason}")]
    Refused {
        /// What is wrong with the call.
        reason: String,
    },
    /// What was named is not there, or not in the state that the call needs.
    #[error("{what} not found")]
    NotFound {
        /// What was looked for.
        what: String,
    },
    /// Another process works on the same store.
    #[error("`{}` is in use by another process", path.display())]
    Locked {
        /// The file it holds.
        path: PathBuf,
    },
    /// The store was written by a newer version of the program.
    #[error("`{}` has schema version {found}, this program knows up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The newest version this program can read.
        known: i64,
    },
    /// The store was written by an older version of the program, and the caller may not change it.
    #[error("`{}` has schema version {found}, this program reads version {known}", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: i64,
        /// The version this program reads.
        known: i64,
    },
    /// The file belongs to another program, or is damaged.
    #[error("`{}` is not a store of this program: {reason}", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// What was read does not make sense.
    #[error("store is damaged: {what}")]
    Damaged {
        /// What was found.
        what: String,
    },
    /// The store was closed.
    #[error("store is closed")]
    Closed,
}

/// A place that keeps everything.
///
/// # Readiness
///
/// A lane is *ready at* the earliest of: the arrival of its first available event that was never tried, the `next_at`
/// of those that were, the `due_at` of its communications that are not closed, and the `next_at` of its *first* effect
/// that is ready, in flight or unknown. Only the first effect counts, because effects of a lane go in order: one that
/// waits for its next attempt holds those behind it. Held effects do not count. A leased lane is ready when its lease
/// has run out.
///
/// # Cancellation
///
/// A future that is dropped before it completes may have done its work or not, but never half of it.
pub trait Store: fmt::Debug + Send + Sync {
    // ---- The inbox.

    /// Keeps an event. Once this resolves to `Ok`, no crash can lose it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] at once, without waiting, when too much waits to be written.
    fn accept(&self, event: NewEvent) -> StoreFuture<'_, Accepted>;

    // ---- Lanes.

    /// Leases lanes that are ready at [`Claim::now`], at most [`Claim::limit`] and [`MAX_CLAIM`].
    ///
    /// Accounts take turns, the one served longest ago first; within an account the lane that has been ready longest.
    /// Lanes of stopped accounts and lanes under a lease that has not run out are passed over.
    fn claim_lanes(&self, claim: Claim) -> StoreFuture<'_, Claimed> {
        self.claim_lanes_within(claim, Rooms::default())
    }

    /// Does the same, and takes no more lanes of an account than there is room.
    fn claim_lanes_within(&self, claim: Claim, rooms: Rooms) -> StoreFuture<'_, Claimed>;

    /// Returns a hint that completes when lanes may have become ready sooner than the last claim said.
    fn work_hint(&self) -> WorkHint;

    /// Reads what is pending in a lane at `now`.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] when somebody else has the lane.
    fn lane_work<'a>(&'a self, lease: &'a Lease, now: Timestamp) -> StoreFuture<'a, LaneWork>;

    /// Makes all the changes, in order, or none.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] when somebody else has the lane; [`StoreError::Refused`] when a change names an event
    /// that is not available in this lane, an effect or a communication of another lane, or undoes a done effect.
    fn commit<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        changes: Vec<Change>,
    ) -> StoreFuture<'a, Committed>;

    /// Prolongs a lease to `now + lease` and returns it as it stands then. A lease that has run out but that nobody
    /// took is prolonged too.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] when somebody else has the lane.
    fn renew<'a>(&'a self, lease: &'a Lease, now: Timestamp, duration: Duration) -> StoreFuture<'a, Lease>;

    /// Gives a lane back. It is ready again when its readiness says, or at `wake` if that is earlier.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeaseLost`] when somebody else has the lane; there is nothing to do about it then.
    fn release(&self, lease: Lease, wake: Option<Timestamp>) -> StoreFuture<'_, ()>;

    // ---- Look-ups of workers.

    /// Returns a link.
    fn link<'a>(
        &'a self,
        account: &'a AccountId,
        kind: &'a str,
        key: &'a NaturalKey,
    ) -> StoreFuture<'a, Option<Link>>;

    /// Returns the effects with these keys, finished ones too, in no order; unknown keys are left out.
    fn effects_by_key<'a>(
        &'a self,
        account: &'a AccountId,
        keys: Vec<EffectKey>,
    ) -> StoreFuture<'a, Vec<Effect>>;

    /// Returns a communication, of whatever lane and phase.
    fn communication<'a>(
        &'a self,
        account: &'a AccountId,
        key: &'a SessionKey,
    ) -> StoreFuture<'a, Option<Communication>>;

    /// Returns where a reader of the other side left off.
    fn cursor<'a>(&'a self, account: &'a AccountId, name: &'a str) -> StoreFuture<'a, Option<String>>;

    /// Writes where a reader of the other side left off.
    fn put_cursor<'a>(&'a self, account: &'a AccountId, name: &'a str, value: String) -> StoreFuture<'a, ()>;

    // ---- Pop-ups, which belong to no lane.

    /// Returns the pop-up of a call, when it ever had one.
    fn popup<'a>(&'a self, account: &'a AccountId, session: &'a SessionKey)
    -> StoreFuture<'a, Option<PopUp>>;

    /// Lists the pop-ups of an account that somebody may have on the screen, by session.
    fn open_popups<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Vec<PopUp>>;

    /// Writes a pop-up, unless somebody has written it since [`PopUp::version`]; says whether it was written. Its
    /// version is one higher afterwards.
    fn put_popup(&self, popup: PopUp) -> StoreFuture<'_, bool>;

    // ---- Clicks.

    /// Keeps a click. Once this resolves to `Ok`, no crash can lose it.
    ///
    /// Two clicks with one `dedup` of one account are the same when the second came less than its `window` after the
    /// first; the second changes nothing, however the first stands.
    fn accept_click(&self, click: NewClick) -> StoreFuture<'_, ClickAccepted>;

    /// Makes a waiting click one that is being dialled; tells whether this call did. Of many callers one is told so,
    /// ever, and what it does then is done at most once.
    fn take_click(&self, id: ClickId, now: Timestamp) -> StoreFuture<'_, bool>;

    /// Writes what became of a click. One that has started stays so.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is no such click.
    fn put_click(&self, progress: ClickProgress, now: Timestamp) -> StoreFuture<'_, ()>;

    /// Takes note that a call came of a click that is being dialled, or whose outcome was not known: it has started.
    /// Tells whether there is such a click, received in that second; an id that is made up, or is of another store, does
    /// no harm.
    fn click_became<'a>(
        &'a self,
        account: &'a AccountId,
        click: (ClickId, i64),
        session: &'a SessionKey,
        now: Timestamp,
    ) -> StoreFuture<'a, bool>;

    /// Returns the clicks of an account that are waiting or being dialled, or whose user is to be told; oldest first, at
    /// most [`MAX_PAGE`].
    fn unfinished_clicks<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Vec<Click>>;

    /// Lists clicks, the newest first.
    fn clicks(&self, page: Page) -> StoreFuture<'_, Listed<Click>>;

    // ---- Deals.

    /// Returns where orders that are to be deals are kept.
    fn deals(&self) -> &dyn DealStore;

    // ---- Shadow rules.

    /// Returns where comparisons of shadow rules are kept.
    fn shadows(&self) -> &dyn ShadowStore;

    // ---- What rules said beside the lanes.

    /// Returns where it is kept.
    fn rulings(&self) -> &dyn RulingStore;

    // ---- Accounts.

    /// Stops the work on an account; what is leased goes on until it is released. Stopping a stopped account changes
    /// the reason and keeps the moment.
    fn stop_account<'a>(
        &'a self,
        account: &'a AccountId,
        reason: String,
        now: Timestamp,
    ) -> StoreFuture<'a, ()>;

    /// Resumes the work on an account; returns whether it was stopped.
    fn resume_account<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, bool>;

    /// Returns whether an account is worked on. An account nobody has heard of is active.
    fn activity<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Activity>;

    // ---- For people and metrics.

    /// Returns figures for every account that has ever had an event or was stopped, by name.
    fn overview(&self) -> StoreFuture<'_, Vec<AccountOverview>>;

    /// Lists communications, the one written last first.
    fn recent(&self, page: Page) -> StoreFuture<'_, Listed<Communication>>;

    /// Finds communications of one account, or of all; the one written last first, at most [`MAX_PAGE`].
    fn find(&self, account: Option<AccountId>, what: Find) -> StoreFuture<'_, Vec<Communication>>;

    /// Returns everything about a session, or `None` when nothing is known of it.
    ///
    /// At most [`MAX_PAGE`] events, as many decisions and as many effects, the earliest ones.
    fn timeline<'a>(
        &'a self,
        account: &'a AccountId,
        session: &'a SessionKey,
    ) -> StoreFuture<'a, Option<Timeline>>;

    /// Returns one event.
    fn event(&self, seq: EventSeq) -> StoreFuture<'_, Option<Event>>;

    /// Lists unparsed events, the newest first.
    fn unparsed(&self, page: Page) -> StoreFuture<'_, Listed<Event>>;

    /// Lists parked events, the newest first.
    fn parked(&self, page: Page) -> StoreFuture<'_, Listed<Event>>;

    /// Lists dead effects, the latest first.
    fn dead_effects(&self, page: Page) -> StoreFuture<'_, Listed<Effect>>;

    /// Makes a dead effect ready again, attempts counted anew.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is no such dead effect.
    fn retry_effect(&self, id: EffectId, now: Timestamp) -> StoreFuture<'_, ()>;

    /// Makes a parked event available again, attempts counted anew.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotFound`] when there is no such parked event.
    fn retry_event(&self, seq: EventSeq, now: Timestamp) -> StoreFuture<'_, ()>;

    // ---- Upkeep.

    /// Takes away finished records that are old enough, a bounded number; call it until it takes less than the limit.
    fn prune(&self, retention: Retention) -> StoreFuture<'_, Pruned>;

    /// Writes something and takes it back, which tells whether the store is able to.
    fn probe(&self) -> StoreFuture<'_, ()>;

    /// Moves what was written into its final place; a start after it is quicker.
    fn checkpoint(&self) -> StoreFuture<'_, ()>;

    /// Finishes what waits, checkpoints and ends. Every later call gets [`StoreError::Closed`].
    ///
    /// A store that is dropped without this has lost nothing that was acknowledged.
    fn close(&self) -> StoreFuture<'_, ()>;
}

impl StoreError {
    /// Tells whether the same call may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Full | Self::DiskFull | Self::Io { .. })
    }
}
