//! The deals of one account: when to do what, and how it stands.
//!
//! One task an account, one turn after the other, beside the lanes: deals are behind everything else in the pace of
//! RetailCRM, leave the reserve of points of UIS alone, and hold nobody up. A turn that fails is nobody's order's fault:
//! every order keeps its place and the next turn comes later. Dropping the task is as safe as a crash.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use super::clock::after;
use super::status::Status;
use super::trouble::Trouble;
use super::turn::Work;
use crate::clock::Clock;
use crate::config::Deals;
use crate::crm;
use crate::directory::Directory;
use crate::observe::{DEAL_PROCESSING, mask_text};
use crate::rulings::Keeper;
use crate::store::record::{AccountId, Activity, Mark, Noted, OrderId};
use crate::store::{Store, StoreError};
use crate::uis;
use crate::worker::Rules;

/// How long to rest when there can be nothing to do: no rules, or the account is stopped.
const REST: Duration = Duration::from_secs(1);

/// What a desk works with.
#[derive(Debug)]
pub struct DeskParts {
    /// The account.
    pub account: AccountId,
    /// How its orders become deals.
    pub settings: Deals,
    /// Where orders are.
    pub crm: crm::Client,
    /// Where deals are.
    pub uis: uis::Client,
    /// The account's people, shops, fields and zones.
    pub directory: Arc<Directory>,
    /// The account's rules.
    pub rules: Arc<dyn Rules>,
    /// Where marks and memories are kept.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where what the rules say is kept.
    pub keeper: Arc<Keeper>,
}

/// The deals of one account.
#[derive(Debug)]
pub struct Desk {
    pub(super) parts: DeskParts,
    told: Notify,
    is_retired: AtomicBool,
    status: Mutex<Status>,
}

impl Desk {
    /// A desk; nothing is read yet.
    pub fn new(parts: DeskParts) -> Self {
        Self { parts, told: Notify::new(), is_retired: AtomicBool::new(false), status: Mutex::default() }
    }

    /// How it stands.
    pub fn status(&self) -> Status {
        self.shown().clone()
    }

    /// Takes note that an order has changed. Once this resolves to `Ok`, no crash can lose it.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn changed(&self, order: OrderId) -> Result<(), StoreError> {
        let now = self.parts.clock.now();
        let due_at = after(now, self.parts.settings.settle);
        let mark = Mark { order, due_at, steps: Vec::new(), gone: None };
        let noted = Noted { account: self.parts.account.clone(), marks: vec![mark], cursor: None };
        self.parts.store.deals().note_deals(noted, now).await?;
        self.told.notify_one();
        Ok(())
    }

    /// Has the desk look at once, because an order was put back by hand.
    pub fn look(&self) {
        self.told.notify_one();
    }

    /// Ends the work once what is under way is done: another desk takes over.
    pub fn retire(&self) {
        self.is_retired.store(true, Ordering::Release);
        self.told.notify_one();
    }

    /// Works until it is retired.
    pub async fn run(self: Arc<Self>) {
        let mut work = Work::default();
        while !self.is_retired.load(Ordering::Acquire) {
            match self.turn(&mut work).await {
                Ok(wait) => {
                    work.troubles = 0;
                    self.shown().error = None;
                    let until = after(self.parts.clock.now(), wait);
                    tokio::select! {
                        () = self.told.notified() => {}
                        () = self.parts.clock.sleep_until(until) => {}
                    }
                }
                Err(trouble) => {
                    let wait = trouble.wait(work.troubles);
                    work.troubles = work.troubles.saturating_add(1);
                    self.failed(&trouble);
                    let until = self.parts.clock.sleep_until(after(self.parts.clock.now(), wait));
                    tokio::pin!(until);
                    // News do not shorten this rest; only the end does.
                    while !self.is_retired.load(Ordering::Acquire) {
                        tokio::select! {
                            () = self.told.notified() => {}
                            () = &mut until => break,
                        }
                    }
                }
            }
        }
    }

    fn failed(&self, trouble: &Trouble) {
        let shown = mask_text(&trouble.to_string());
        let account = &self.parts.account;
        let mut status = self.shown();
        if status.error.as_deref() != Some(&shown) {
            tracing::warn!(%account, error = shown, "deals have to wait");
        }
        status.error = Some(shown);
    }

    /// Does what there is to do; tells how long until there may be more.
    async fn turn(&self, work: &mut Work) -> Result<Duration, Trouble> {
        let parts = &self.parts;
        if let Activity::Stopped { .. } = parts.store.activity(&parts.account).await? {
            return Ok(REST);
        }
        let Some(bundle) = parts.rules.in_force() else { return Ok(REST) };
        if !bundle.transfers() {
            return self.not_passed().await;
        }
        let directory = parts.directory.current()?;
        let zone = parts.directory.uis_zone().ok_or(Trouble::NoZone)?;
        let more = work.turn(self, &bundle, &directory, &zone).await?;
        self.watch(work).await?;
        if more {
            return Ok(Duration::ZERO);
        }
        let now = parts.clock.now();
        let until = |at: Timestamp| at.duration_since(now).try_into().unwrap_or(Duration::ZERO);
        let next = parts.store.deals().next_deal(&parts.account).await?.map(until);
        let waits = [next, work.next_look(&parts.settings).map(until)];
        Ok(waits.into_iter().flatten().min().unwrap_or(parts.settings.history_interval))
    }

    /// Asks whether UIS has processed what it took.
    async fn watch(&self, work: &mut Work) -> Result<(), Trouble> {
        let (parts, now) = (&self.parts, self.parts.clock.now());
        let due = work.watched_at.is_none_or(|at| after(at, parts.settings.processing_check) <= now);
        if !work.is_watching || !due || parts.uis.spare().is_err() {
            return Ok(());
        }
        work.watched_at = Some(now);
        let count = parts.uis.deals_in_processing().await?;
        work.is_watching = count > 0;
        let account = parts.account.as_str().to_owned();
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
        metrics::gauge!(DEAL_PROCESSING.name, "account" => account).set(count as f64);
        let mut status = self.shown();
        status.in_processing = Some(count);
        status.processing_since = if count > 0 { status.processing_since.or(Some(now)) } else { None };
        let late = |since| after(since, parts.settings.processing_alarm) <= now;
        let is_slow = status.processing_since.is_some_and(late);
        if is_slow && !status.is_slow {
            tracing::warn!(account = %parts.account, count, "UIS does not come to an end with deals that it took");
        }
        status.is_slow = is_slow;
        Ok(())
    }

    pub(super) fn shown(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
