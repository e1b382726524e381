//! Keeping the snapshot fresh.
//!
//! Both sides are listed at the start, every [`DirectorySettings::refresh`], and on demand, at most once each
//! [`DirectorySettings::least_interval`]. They are independent: what one side lists stays in force while the other
//! fails. What was listed is written into the store, so a server that starts while a side is down works with what it
//! knew. While nothing at all is known of the CRM, nothing can be decided and lanes wait; while nothing is known of the
//! employees, lanes wait for [`DirectorySettings::patience`] and then go on as if nobody were matched, because a wrong
//! token for UIS must not hold up every call.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::chosen::Chosen;
use super::problem::Problem;
use super::references::Listed;
use super::snapshot::{CrmPart, Snapshot, UisPart};
use crate::clock::Clock;
use crate::crm::{self, CrmError, Priority, Urgency};
use crate::observe::mask_text;
use crate::store::Store;
use crate::store::record::AccountId;
use crate::uis::{self, UisError};

/// Under which names the two parts are kept in the store.
const CRM_CURSOR: &str = "directory.crm";
const UIS_CURSOR: &str = "directory.uis";
/// The version of what is kept there; another one is not read.
const VERSION: u32 = 1;
/// The first pause after a listing that failed; doubles with each further one, up to the least interval.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// The shortest and the longest wait for what is being listed right now: as long as it has taken already.
const LISTING_WAIT: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(10));

/// How the directory of an account is kept.
#[derive(Debug, Clone)]
pub struct DirectorySettings {
    /// The account.
    pub account: AccountId,
    /// The shop of the settings.
    pub site: String,
    /// How old the lists may become.
    pub refresh: Duration,
    /// The least time between two listings of a side.
    pub least_interval: Duration,
    /// How long to wait for the first list of employees.
    pub patience: Duration,
    /// Which employees take part.
    pub chosen: Chosen,
    /// The zone of UIS, when the settings name it.
    pub uis_zone: Option<TimeZone>,
    /// The zone of the CRM, when the settings name it.
    pub crm_zone: Option<TimeZone>,
}

/// Why there is no snapshot yet.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not enough is known of the account yet: {reason}")]
pub struct NotReady {
    /// What is missing and why.
    pub reason: String,
    /// When to ask again.
    pub wait: Duration,
}

/// The directory of one account.
#[derive(Debug)]
pub struct Directory {
    pub(super) settings: DirectorySettings,
    crm: crm::Client,
    pub(super) uis: Option<uis::Client>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    snapshot: ArcSwapOption<Snapshot>,
    pub(super) known: Mutex<Known>,
    /// Counts how often the snapshot was made anew.
    changes: watch::Sender<u64>,
    /// Held while listing, so that many who ask at once cause one listing.
    pub(super) listing: tokio::sync::Mutex<()>,
    /// Whether a person asked for the lists since names were last listed.
    wished: AtomicBool,
}

#[derive(Debug)]
pub(super) struct Known {
    since: Timestamp,
    pub(super) tried_at: Option<Timestamp>,
    /// Listings in a row of which a part failed.
    failures: u32,
    pub(super) crm: Option<CrmPart>,
    pub(super) uis: Option<UisPart>,
    pub(super) crm_error: Option<CrmError>,
    pub(super) uis_error: Option<UisError>,
}

impl Known {
    /// How long to wait after listings that failed; `None` when the last one did not.
    fn pause(&self) -> Option<Duration> {
        let doublings = self.failures.checked_sub(1)?.min(16);
        Some(FIRST_PAUSE * (1 << doublings))
    }
}

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    v: u32,
    part: T,
}

impl Directory {
    /// Reads what was kept by an earlier run; asks nobody.
    pub async fn open(
        settings: DirectorySettings,
        crm: crm::Client,
        uis: Option<uis::Client>,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let known = Known {
            since: clock.now(),
            tried_at: None,
            failures: 0,
            crm: kept(&*store, &settings.account, CRM_CURSOR).await,
            uis: kept(&*store, &settings.account, UIS_CURSOR).await,
            crm_error: None,
            uis_error: None,
        };
        let directory = Self {
            settings,
            crm,
            uis,
            store,
            clock,
            snapshot: ArcSwapOption::empty(),
            known: Mutex::new(known),
            changes: watch::Sender::new(0),
            listing: tokio::sync::Mutex::new(()),
            wished: AtomicBool::new(false),
        };
        directory.rebuild();
        directory
    }

    /// The snapshot in force.
    ///
    /// # Errors
    ///
    /// [`NotReady`] while too little is known to decide anything.
    pub fn current(&self) -> Result<Arc<Snapshot>, NotReady> {
        let wait = self.wait();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let patience_over =
            self.clock.now().duration_since(known.since).unsigned_abs() >= self.settings.patience;
        if self.uis.is_some() && known.uis.is_none() && !patience_over {
            let reason =
                known.uis_error.as_ref().map_or("UIS has not been asked yet".to_owned(), ToString::to_string);
            return Err(NotReady { reason, wait });
        }
        self.snapshot.load_full().ok_or_else(|| {
            let error = known.crm_error.as_ref();
            let reason = error.map_or("RetailCRM has not been asked yet".to_owned(), ToString::to_string);
            NotReady { reason, wait }
        })
    }

    /// The zone of the times of UIS, once the settings or UIS itself have told it, so that it is no guess.
    pub fn uis_zone(&self) -> Option<TimeZone> {
        if let Some(zone) = &self.settings.uis_zone {
            return Some(zone.clone());
        }
        self.known.lock().unwrap_or_else(PoisonError::into_inner).uis.as_ref()?;
        Some(self.snapshot.load_full()?.zones().uis.clone())
    }

    /// When it may be worth asking for the snapshot again.
    fn wait(&self) -> Duration {
        let (least, most) = LISTING_WAIT;
        if self.listing.try_lock().is_ok() {
            return self.next_refresh().max(least);
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = known.tried_at.unwrap_or(known.since);
        self.clock.now().duration_since(begun).unsigned_abs().clamp(least, most)
    }

    /// What somebody should mend.
    pub fn problems(&self) -> Vec<Problem> {
        let snapshot = self.snapshot.load_full();
        let mut problems = snapshot.map(|snapshot| snapshot.problems().to_vec()).unwrap_or_default();
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.crm.as_ref().is_some_and(|crm| !crm.sites.iter().any(|site| site.code == self.settings.site))
        {
            problems.push(Problem::SiteUnknown { site: self.settings.site.clone() });
        }
        let failed = |side: &str, reason: String| Problem::FetchFailed { side: side.to_owned(), reason };
        problems.extend(known.crm_error.as_ref().map(|error| failed("RetailCRM", error.to_string())));
        problems.extend(known.uis_error.as_ref().map(|error| failed("UIS", error.to_string())));
        problems
    }

    /// The snapshot, when there is one, however much is missing in it.
    pub fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.snapshot.load_full()
    }

    /// The last error of RetailCRM, when the last listing failed.
    pub fn crm_error(&self) -> Option<CrmError> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).crm_error.clone()
    }

    /// Lists both sides again because somebody asked for it, however short a time ago that was done; somebody who asks
    /// while they are being listed waits for that.
    pub async fn refresh_now(&self) {
        self.wished.store(true, Ordering::Release);
        if let Ok(_listing) = self.listing.try_lock() {
            let now = self.clock.now();
            self.known.lock().unwrap_or_else(PoisonError::into_inner).tried_at = Some(now);
            self.list(now).await;
            return;
        }
        drop(self.listing.lock().await);
    }

    /// Lists both sides again, unless that was done a moment ago; then does nothing.
    pub async fn refresh(&self) {
        let _listing = self.listing.lock().await;
        let now = self.clock.now();
        {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let least = known.pause().unwrap_or(Duration::MAX).min(self.settings.least_interval);
            let just_now = |at: Timestamp| now >= at && now.duration_since(at).unsigned_abs() < least;
            if known.tried_at.is_some_and(just_now) {
                return;
            }
            known.tried_at = Some(now);
        }
        self.list(now).await;
    }

    async fn list(&self, now: Timestamp) {
        let (crm, uis) = tokio::join!(self.list_crm(now), self.list_uis(now));
        if let Ok(part) = &crm {
            self.keep(CRM_CURSOR, part).await;
        }
        if let Some(Ok(part)) = &uis {
            self.keep(UIS_CURSOR, part).await;
        }
        self.learn(crm, uis);
        self.rebuild();
    }

    /// How long until the next listing is due.
    pub fn next_refresh(&self) -> Duration {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let interval = match known.pause() {
            Some(pause) => pause.min(self.settings.least_interval),
            None => self.settings.refresh,
        };
        let Some(tried_at) = known.tried_at else { return Duration::ZERO };
        let passed = self.clock.now().duration_since(tried_at).unsigned_abs();
        interval.saturating_sub(passed)
    }

    /// Keeps the snapshot fresh for ever; drop the future to stop.
    pub async fn run(&self) {
        loop {
            let wait = self.next_refresh();
            self.clock.sleep_until(after(self.clock.now(), wait)).await;
            self.refresh().await;
        }
    }

    async fn list_crm(&self, now: Timestamp) -> Result<CrmPart, CrmError> {
        let urgency = Urgency::first(Priority::Background);
        let credentials = self.crm.credentials(urgency).await?;
        let settings = self.crm.account_settings(urgency).await?;
        Ok(CrmPart {
            taken_at: now,
            timezone: settings.timezone,
            language: settings.language,
            users: self.crm.users(urgency).await?.into_iter().map(Into::into).collect(),
            sites: self.crm.sites(urgency).await?,
            fields: self.crm.custom_fields(urgency).await?,
            dictionaries: self.crm.dictionaries(urgency).await?,
            missing_scopes: credentials.missing_scopes().into_iter().map(str::to_owned).collect(),
        })
    }

    async fn list_uis(&self, now: Timestamp) -> Option<Result<UisPart, UisError>> {
        let uis = self.uis.as_ref()?;
        let list = async {
            Ok(UisPart {
                taken_at: now,
                timezone: uis.timezone().await?,
                employees: uis.employees().await?.into_iter().map(Into::into).collect(),
            })
        };
        Some(list.await)
    }

    fn learn(&self, crm: Result<CrmPart, CrmError>, uis: Option<Result<UisPart, UisError>>) {
        let account = &self.settings.account;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match crm {
            Ok(part) => {
                known.crm = Some(part);
                known.crm_error = None;
            }
            Err(error) => {
                let shown = mask_text(&error.to_string());
                tracing::warn!(%account, error = shown, "users and fields of RetailCRM could not be listed");
                known.crm_error = Some(error);
            }
        }
        match uis {
            Some(Ok(part)) => {
                known.uis = Some(part);
                known.uis_error = None;
            }
            Some(Err(error)) => {
                tracing::warn!(%account, %error, "employees of UIS could not be listed");
                known.uis_error = Some(error);
            }
            None => {}
        }
        let failed = known.crm_error.is_some() || known.uis_error.is_some();
        known.failures = if failed { known.failures.saturating_add(1) } else { 0 };
    }

    fn rebuild(&self) {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fixed = (self.settings.uis_zone.as_ref(), self.settings.crm_zone.as_ref());
        let snapshot = known
            .crm
            .as_ref()
            .map(|crm| Arc::new(Snapshot::of_chosen(crm, known.uis.as_ref(), fixed, &self.settings.chosen)));
        self.snapshot.store(snapshot);
        self.changes.send_modify(|count| *count += 1);
    }

    /// Tells whoever waits on it that the snapshot was made anew.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The account.
    pub fn account(&self) -> &AccountId {
        &self.settings.account
    }

    /// Whether a person asked for the lists since this was last asked.
    pub(super) fn take_wish(&self) -> bool {
        self.wished.swap(false, Ordering::AcqRel)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lists everything that rules may name, from what was listed last and by asking for the rest; `None` before RetailCRM
    /// was listed.
    pub(super) async fn list_names(&self) -> Option<Listed> {
        let part = self.known.lock().unwrap_or_else(PoisonError::into_inner).crm.clone()?;
        let account = self.settings.account.as_str();
        Some(Listed::beside(account, &part, &self.crm, self.uis.as_ref(), self.clock.now()).await)
    }

    async fn keep<T: Serialize>(&self, name: &str, part: &T) {
        let Ok(text) = serde_json::to_string(&Kept { v: VERSION, part }) else { return };
        self.keep_text(name, text).await;
    }

    pub(super) async fn kept_text(&self, name: &str) -> Option<String> {
        self.store.cursor(&self.settings.account, name).await.ok().flatten()
    }

    pub(super) async fn keep_text(&self, name: &str, text: String) {
        if let Err(error) = self.store.put_cursor(&self.settings.account, name, text).await {
            tracing::warn!(account = %self.settings.account, %error, "the directory could not be kept");
        }
    }
}

async fn kept<T: DeserializeOwned>(store: &dyn Store, account: &AccountId, name: &str) -> Option<T> {
    let text = store.cursor(account, name).await.ok().flatten()?;
    let kept: Kept<T> = serde_json::from_str(&text).ok()?;
    (kept.v == VERSION).then_some(kept.part)
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    jiff::SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| now.checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX)
}
