//! The embedded store as a [`Store`]: hands writes to the queue and reads to the readers.

use std::fmt;
use std::future::ready;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};

use super::accept::{Arrival, accept};
use super::codec::At;
use super::lanes::{self, Term};
use super::lock::Lock;
use super::queue::Queue;
use super::readers::Readers;
use super::settings::SqliteSettings;
use super::upkeep::Upkeep;
use super::{
    accounts, claims, clicks, commit, connect, lookups, migrate, overview, pages, popups, prune, retry,
    timeline, work, writer,
};
use crate::store::record::{
    Accepted, AccountId, AccountOverview, Activity, Change, Claim, Claimed, Click, ClickAccepted, ClickId,
    ClickProgress, Committed, Communication, Effect, EffectId, EffectKey, Event, EventSeq, EventState, Find,
    LaneWork, Lease, Link, Listed, NaturalKey, NewClick, NewEvent, Page, PopUp, Pruned, Retention, Rooms,
    SessionKey, Timeline,
};
use crate::store::{
    DealStore, RulingStore, ShadowStore, Store, StoreError, StoreFuture, WorkHint, WorkSignal,
};

/// The embedded store.
///
/// Dropping it waits for the writes that were begun; [`Store::close`] leaves a file without a log behind as well.
pub struct Sqlite {
    path: PathBuf,
    signal: Arc<WorkSignal>,
    readers: Readers,
    open: Mutex<Option<Open>>,
    queue: Option<Queue>,
}

/// What exists while the store is open.
struct Open {
    writer: JoinHandle<()>,
    /// Let go of last.
    lock: Lock,
}

impl Sqlite {
    /// Opens the database, makes or migrates it, and frees the lanes of the process before.
    ///
    /// Blocks for as long as that takes; [`open`](crate::store::open()) does it beside the other tasks.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`], [`StoreError::Newer`], [`StoreError::NotAStore`], and what can go wrong on a disk.
    pub fn open(settings: SqliteSettings) -> Result<Self, StoreError> {
        let path = connect::prepare(&settings.folder)?;
        let lock = Lock::take(&settings.folder)?;
        let mut connection = connect::writer(&path, &settings)?;
        migrate::migrate(&mut connection, &path)?;
        let readers = Readers::open(&path, &settings)?;
        let upkeep = Upkeep::start(connect::checkpointer(&path, &settings)?, settings.checkpoint_pause)?;
        let signal = Arc::new(WorkSignal::default());
        let (queue, jobs) = Queue::new(&settings);
        writer::free_lanes(&connection)?;
        let writer = writer::start(connection, settings, Arc::clone(&signal), upkeep, jobs)?;
        let open = Mutex::new(Some(Open { writer, lock }));
        Ok(Self { path, signal, readers, open, queue: Some(queue) })
    }

    fn queue(&self) -> Result<&Queue, StoreError> {
        self.queue.as_ref().ok_or(StoreError::Closed)
    }

    pub(super) fn write<'a, T, F>(&'a self, job: F) -> StoreFuture<'a, T>
    where
        T: Send + 'static,
        F: Fn(&mut writer::Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        async move { self.queue()?.work(job).await }.boxed()
    }

    pub(super) fn read<'a, T, F>(&'a self, job: F) -> StoreFuture<'a, T>
    where
        T: Send + 'static,
        F: FnOnce(&rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.readers.read(job).boxed()
    }

    /// Waits for the writer to end and gives the lock back. Quick once the queue is stopped or gone.
    fn finish(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Open { writer, lock }) = open {
            if writer.join().is_err() {
                tracing::error!("the store's writer had died");
            }
            drop(lock);
        }
    }
}

impl Store for Sqlite {
    fn accept(&self, event: NewEvent) -> StoreFuture<'_, Accepted> {
        async move {
            let arrival = Arrival::new(event);
            self.queue()?.event(arrival.bytes, move |tx| accept(tx, &arrival)).await
        }
        .boxed()
    }

    fn claim_lanes_within(&self, claim: Claim, rooms: Rooms) -> StoreFuture<'_, Claimed> {
        match term(claim.now, claim.lease) {
            Ok(term) => self.write(move |tx| claims::claim(tx, &claim, term, &rooms)),
            Err(error) => ready(Err(error)).boxed(),
        }
    }

    fn work_hint(&self) -> WorkHint {
        self.signal.hint()
    }

    fn lane_work<'a>(&'a self, lease: &'a Lease, now: Timestamp) -> StoreFuture<'a, LaneWork> {
        let lease = lease.clone();
        self.read(move |connection| work::lane_work(connection, &lease, now.into()))
    }

    fn commit<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        changes: Vec<Change>,
    ) -> StoreFuture<'a, Committed> {
        let lease = lease.clone();
        self.write(move |tx| commit::commit(tx, &lease, now.into(), &changes))
    }

    fn renew<'a>(&'a self, lease: &'a Lease, now: Timestamp, duration: Duration) -> StoreFuture<'a, Lease> {
        let lease = lease.clone();
        match term(now, duration) {
            Ok(term) => self.write(move |tx| lanes::renew(tx, &lease, term)),
            Err(error) => ready(Err(error)).boxed(),
        }
    }

    fn release(&self, lease: Lease, wake: Option<Timestamp>) -> StoreFuture<'_, ()> {
        self.write(move |tx| lanes::release(tx, &lease, wake.map(At::from)))
    }

    fn link<'a>(
        &'a self,
        account: &'a AccountId,
        kind: &'a str,
        key: &'a NaturalKey,
    ) -> StoreFuture<'a, Option<Link>> {
        let (account, kind, key) = (account.clone(), kind.to_owned(), key.clone());
        self.read(move |connection| lookups::link(connection, &account, &kind, &key))
    }

    fn effects_by_key<'a>(
        &'a self,
        account: &'a AccountId,
        keys: Vec<EffectKey>,
    ) -> StoreFuture<'a, Vec<Effect>> {
        let account = account.clone();
        self.read(move |connection| lookups::effects_by_key(connection, &account, &keys))
    }

    fn communication<'a>(
        &'a self,
        account: &'a AccountId,
        key: &'a SessionKey,
    ) -> StoreFuture<'a, Option<Communication>> {
        let (account, key) = (account.clone(), key.clone());
        self.read(move |connection| {
            Ok(work::communication_of(connection, &account, &key)?.map(|(_, communication)| communication))
        })
    }

    fn cursor<'a>(&'a self, account: &'a AccountId, name: &'a str) -> StoreFuture<'a, Option<String>> {
        let (account, name) = (account.clone(), name.to_owned());
        self.read(move |connection| accounts::cursor(connection, &account, &name))
    }

    fn put_cursor<'a>(&'a self, account: &'a AccountId, name: &'a str, value: String) -> StoreFuture<'a, ()> {
        let (account, name) = (account.clone(), name.to_owned());
        self.write(move |tx| accounts::put_cursor(tx, &account, &name, &value))
    }

    fn popup<'a>(
        &'a self,
        account: &'a AccountId,
        session: &'a SessionKey,
    ) -> StoreFuture<'a, Option<PopUp>> {
        let (account, session) = (account.clone(), session.clone());
        self.read(move |connection| popups::popup(connection, &account, &session))
    }

    fn open_popups<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Vec<PopUp>> {
        let account = account.clone();
        self.read(move |connection| popups::open_popups(connection, &account))
    }

    fn put_popup(&self, popup: PopUp) -> StoreFuture<'_, bool> {
        self.write(move |tx| popups::put_popup(tx, &popup))
    }

    fn accept_click(&self, click: NewClick) -> StoreFuture<'_, ClickAccepted> {
        self.write(move |tx| clicks::accept(tx, &click))
    }

    fn take_click(&self, id: ClickId, now: Timestamp) -> StoreFuture<'_, bool> {
        self.write(move |tx| clicks::take(tx, id, now.into()))
    }

    fn put_click(&self, progress: ClickProgress, now: Timestamp) -> StoreFuture<'_, ()> {
        self.write(move |tx| clicks::put(tx, &progress, now.into()))
    }

    fn click_became<'a>(
        &'a self,
        account: &'a AccountId,
        click: (ClickId, i64),
        session: &'a SessionKey,
        now: Timestamp,
    ) -> StoreFuture<'a, bool> {
        let (account, session) = (account.clone(), session.clone());
        self.write(move |tx| clicks::became(tx, &account, click, &session, now.into()))
    }

    fn unfinished_clicks<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Vec<Click>> {
        let account = account.clone();
        self.read(move |connection| clicks::unfinished(connection, &account))
    }

    fn clicks(&self, page: Page) -> StoreFuture<'_, Listed<Click>> {
        self.read(move |connection| clicks::list(connection, &page))
    }

    fn deals(&self) -> &dyn DealStore {
        self
    }

    fn shadows(&self) -> &dyn ShadowStore {
        self
    }

    fn rulings(&self) -> &dyn RulingStore {
        self
    }

    fn stop_account<'a>(
        &'a self,
        account: &'a AccountId,
        reason: String,
        now: Timestamp,
    ) -> StoreFuture<'a, ()> {
        let account = account.clone();
        self.write(move |tx| accounts::stop(tx, &account, &reason, now.into()))
    }

    fn resume_account<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, bool> {
        let account = account.clone();
        self.write(move |tx| accounts::resume(tx, &account))
    }

    fn activity<'a>(&'a self, account: &'a AccountId) -> StoreFuture<'a, Activity> {
        let account = account.clone();
        self.read(move |connection| accounts::activity(connection, &account))
    }

    fn overview(&self) -> StoreFuture<'_, Vec<AccountOverview>> {
        self.read(overview::overview)
    }

    fn recent(&self, page: Page) -> StoreFuture<'_, Listed<Communication>> {
        self.read(move |connection| pages::recent(connection, &page))
    }

    fn find(&self, account: Option<AccountId>, what: Find) -> StoreFuture<'_, Vec<Communication>> {
        self.read(move |connection| pages::find(connection, account.as_ref(), &what))
    }

    fn timeline<'a>(
        &'a self,
        account: &'a AccountId,
        session: &'a SessionKey,
    ) -> StoreFuture<'a, Option<Timeline>> {
        let (account, session) = (account.clone(), session.clone());
        self.read(move |connection| timeline::timeline(connection, &account, &session))
    }

    fn event(&self, seq: EventSeq) -> StoreFuture<'_, Option<Event>> {
        self.read(move |connection| timeline::one_event(connection, seq))
    }

    fn unparsed(&self, page: Page) -> StoreFuture<'_, Listed<Event>> {
        self.read(move |connection| pages::kept(connection, EventState::Unparsed, &page))
    }

    fn parked(&self, page: Page) -> StoreFuture<'_, Listed<Event>> {
        self.read(move |connection| pages::kept(connection, EventState::Parked, &page))
    }

    fn dead_effects(&self, page: Page) -> StoreFuture<'_, Listed<Effect>> {
        self.read(move |connection| pages::dead(connection, &page))
    }

    fn retry_effect(&self, id: EffectId, now: Timestamp) -> StoreFuture<'_, ()> {
        self.write(move |tx| retry::effect(tx, id, now.into()))
    }

    fn retry_event(&self, seq: EventSeq, now: Timestamp) -> StoreFuture<'_, ()> {
        self.write(move |tx| retry::event(tx, seq, now.into()))
    }

    fn prune(&self, retention: Retention) -> StoreFuture<'_, Pruned> {
        self.write(move |tx| prune::prune(tx, &retention))
    }

    fn probe(&self) -> StoreFuture<'_, ()> {
        self.write(|tx| {
            tx.run("INSERT INTO meta (name, value) VALUES ('probe', 1)", [])?;
            tx.run("DELETE FROM meta WHERE name = 'probe'", [])?;
            Ok(())
        })
    }

    fn checkpoint(&self) -> StoreFuture<'_, ()> {
        async move { self.queue()?.checkpoint().await }.boxed()
    }

    fn close(&self) -> StoreFuture<'_, ()> {
        async move {
            // First, so that no reader keeps the log from being emptied.
            self.readers.close();
            let stopped = self.queue()?.stop().await;
            self.finish();
            stopped
        }
        .boxed()
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.readers.close();
        // The writer ends when it has emptied a queue that nobody can put anything into.
        self.queue = None;
        self.finish();
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}

fn term(now: Timestamp, lease: Duration) -> Result<Term, StoreError> {
    let lease = SignedDuration::try_from(lease).unwrap_or(SignedDuration::MAX);
    let until = now.saturating_add(lease).unwrap_or(Timestamp::MAX);
    let (now, until) = (At::from(now), At::from(until));
    if until <= now {
        return Err(StoreError::Refused { reason: "a lease must last a microsecond at least".to_owned() });
    }
    Ok(Term { now, until })
}
