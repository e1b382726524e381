//! Windows of the report of calls, one after the other, each overlapping the one before.
//!
//! Limits first: a call is found when it began no longer ago than the reach; one that is longer than the overlap less the
//! grace is followed by its number (`ongoing`). Rows of calls that ended a moment ago are left for the next window, because their notifications may still be
//! under way. A window counts as read when all its events are in the inbox.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::account::{Reports, after, before};
use super::intake::Taken;
use super::progress::Progress;
use crate::observe::{REPORT_LAG, REPORT_POLLS, REPORT_ROWS, UIS_DEFERRED, mask_text};
use crate::source::uis::COLUMNS;
use crate::store::StoreError;
use crate::uis::{CallRow, UisError, Window};

/// The longest part of a window that is asked for at once, beyond the overlap.
const STEP: Duration = Duration::from_secs(24 * 3600);
/// How long to wait when the account's zone is not known yet.
const ZONE_WAIT: Duration = Duration::from_secs(5);
/// How long to wait when the store does not answer.
const STORE_WAIT: Duration = Duration::from_secs(5);

/// Why a reading ended before its window did.
#[derive(Debug, thiserror::Error)]
pub(super) enum Halted {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Uis(#[from] UisError),
}

/// What came of a window.
#[derive(Debug, Default)]
struct Read {
    /// Whether there is more to read at once.
    more: bool,
}

impl Reports {
    /// Reads windows for ever, if it is to.
    pub(super) async fn poll(&self) {
        if !self.settings.find_missed && !self.settings.failed_deliveries {
            return;
        }
        loop {
            let wait = self.poll_once().await;
            self.clock.sleep_until(after(self.clock.now(), wait)).await;
        }
    }

    /// Reads the next window; tells how long until the one after it.
    async fn poll_once(&self) -> Duration {
        let mut progress = match self.progress().await {
            Ok(progress) => progress,
            Err(error) => return self.store_failed(&error),
        };
        let Some(zone) = self.directory.uis_zone() else { return ZONE_WAIT.min(self.settings.interval) };
        if let Err(wait) = self.uis.spare() {
            self.deferred();
            self.lag(&progress);
            return wait.max(Duration::from_secs(1)).min(self.settings.interval);
        }
        let outcome = self.read(&mut progress, &zone).await;
        self.lag(&progress);
        let (outcome, wait) = match outcome {
            Ok(Read { more }) => {
                progress.error = None;
                ("ok", if more { Duration::ZERO } else { self.settings.interval })
            }
            Err(Halted::Store(error)) => return self.store_failed(&error),
            Err(Halted::Uis(error)) => {
                let shown = mask_text(&error.to_string());
                if progress.error.as_deref() != Some(&shown) {
                    tracing::warn!(account = %self.account(), error = shown, "reports of UIS cannot be read");
                }
                progress.error = Some(shown);
                let wait = match error {
                    UisError::LimitExceeded { wait } => wait.max(Duration::from_secs(1)),
                    _ => self.settings.interval,
                };
                (error.name(), wait.min(self.settings.interval))
            }
        };
        let account = self.account().as_str().to_owned();
        metrics::counter!(REPORT_POLLS.name, "account" => account, "outcome" => outcome).increment(1);
        if let Err(error) = progress.keep(&*self.store, self.account()).await {
            return self.store_failed(&error);
        }
        wait
    }

    /// How far reading got; from now on when it never began, whether UIS can be reached already or not.
    async fn progress(&self) -> Result<Progress, StoreError> {
        if let Some(progress) = Progress::kept(&*self.store, self.account()).await? {
            return Ok(progress);
        }
        let now = self.clock.now();
        let progress = Progress::starting(before(now, self.settings.first), now);
        progress.keep(&*self.store, self.account()).await?;
        Ok(progress)
    }

    async fn read(&self, progress: &mut Progress, zone: &TimeZone) -> Result<Read, Halted> {
        let mut read = Read::default();
        if self.settings.find_missed {
            read = self.read_calls(progress, zone).await?;
        }
        if self.settings.failed_deliveries && !read.more {
            self.read_deliveries(progress, zone).await?;
        }
        Ok(read)
    }

    async fn read_calls(&self, progress: &mut Progress, zone: &TimeZone) -> Result<Read, Halted> {
        let now = self.clock.now();
        let earliest = before(now, self.settings.reach);
        if progress.until < earliest {
            tracing::warn!(account = %self.account(), from = %progress.until, till = %earliest,
                "calls of this time are not looked for: it is longer ago than the reach of reports");
            progress.until = earliest;
        }
        let from = before(progress.until, self.settings.overlap).max(progress.since).max(earliest);
        let till = after(progress.until, STEP).min(now).max(from);
        let rows = self.read_window(Window { from, till }, zone).await?;
        let settled = before(now, self.settings.grace);
        for row in &rows {
            progress.follow(row, settled);
            if self.take_settled(row, progress.since, settled).await? {
                progress.found += 1;
            }
        }
        progress.until = till;
        progress.keep(&*self.store, self.account()).await?;
        let more = till < now;
        if !more {
            self.read_ongoing(progress, zone, before(till, self.settings.overlap), settled).await?;
        }
        Ok(Read { more })
    }

    /// Reads a window with the calls that go on, unless UIS refuses to tell those.
    async fn read_window(&self, window: Window, zone: &TimeZone) -> Result<Vec<CallRow>, UisError> {
        match self.uis.calls_report_with_ongoing(window, zone, COLUMNS).await {
            Err(UisError::Misuse { .. }) => self.uis.calls_report(window, zone, COLUMNS, None).await,
            rows => rows,
        }
    }

    /// Takes a row of a call that ended before `settled`; tells whether nobody had told of it.
    pub(super) async fn take_settled(
        &self,
        row: &CallRow,
        since: Timestamp,
        settled: Timestamp,
    ) -> Result<bool, StoreError> {
        let ours = row.started.is_none_or(|started| started >= since);
        let outcome = match row.finished {
            _ if !ours => "before",
            Some(finished) if finished <= settled => {
                let taken = self.take(row).await?;
                self.count_row(taken.name());
                return Ok(taken == Taken::Found);
            }
            _ => "early",
        };
        self.count_row(outcome);
        Ok(false)
    }

    pub(super) fn count_row(&self, outcome: &'static str) {
        let account = self.account().as_str().to_owned();
        metrics::counter!(REPORT_ROWS.name, "account" => account, "outcome" => outcome).increment(1);
    }

    pub(super) fn deferred(&self) {
        let account = self.account().as_str().to_owned();
        metrics::counter!(UIS_DEFERRED.name, "account" => account).increment(1);
    }

    fn lag(&self, progress: &Progress) {
        if self.settings.find_missed {
            let lag = self.clock.now().duration_since(progress.until).as_secs_f64().max(0.0);
            let account = self.account().as_str().to_owned();
            metrics::gauge!(REPORT_LAG.name, "account" => account).set(lag);
        }
    }

    fn store_failed(&self, error: &StoreError) -> Duration {
        tracing::warn!(account = %self.account(), %error, "the store stands in the way of reports");
        STORE_WAIT.min(self.settings.interval)
    }
}
