//! Single calls asked for by those who wait for them, many in one request.
//!
//! Whoever needs the row of a call says so and until when it is of use; what arrives goes into the inbox, and that
//! wakes the lane of the call. Nothing here is kept: a call that waits asks again from time to time, so a restart loses a
//! moment and no question, and a call whose row was read once never asks again.
//!
//! A row may appear in the report a while after the call; so a call that was not there is asked for again, less and less
//! often. Calls that are due share a request; between two requests there is a pause.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::account::{Reports, after, before};
use super::intake::Taken;
use crate::observe::{MARKETING, mask_text};
use crate::source::uis::COLUMNS;
use crate::store::StoreError;
use crate::uis::{Class, Filter, UisError, Window};

/// The most calls of one request.
const BATCH: usize = 200;
/// The most calls that are asked for at once; more are decided without.
const MOST_WANTED: usize = 10_000;
/// How much earlier and later than thought a call may have begun.
const MARGIN: Duration = Duration::from_secs(2 * 3600);
/// The longest span of time one request covers; calls further apart take turns.
const SPAN: Duration = Duration::from_secs(14 * 24 * 3600);
/// The longest time between two questions for one call.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
/// How long the desk sleeps when nobody wants anything.
const IDLE: Duration = Duration::from_secs(3600);

/// What was said to somebody who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The call is asked for; look again when it has been told, or at the end of the patience.
    Waits,
    /// The points will not suffice before the patience is over.
    OutOfPoints,
    /// UIS does not answer such questions of this account.
    Refused,
}

/// The calls that are wanted.
#[derive(Debug, Default)]
pub(super) struct Desk {
    wanted: BTreeMap<u64, Want>,
    /// When a request was made last.
    last: Option<Timestamp>,
    /// Until when there are no points to spare.
    short_until: Option<Timestamp>,
    /// Until when nobody is asked, since UIS refused.
    refused_until: Option<Timestamp>,
    /// Whether the report cannot be filtered by number, so that whole windows are read.
    unfiltered: bool,
}

#[derive(Debug, Clone, Copy)]
struct Want {
    window: Window,
    until: Timestamp,
    next: Timestamp,
    tries: u32,
}

impl Reports {
    /// Asks for the row of a call that began around `started`; it is of use until `until`.
    pub fn want(&self, session: u64, started: Timestamp, until: Timestamp) -> Asked {
        let now = self.clock.now();
        {
            let mut desk = self.desk();
            if desk.refused_until.is_some_and(|until| until > now) {
                return Asked::Refused;
            }
            if desk.short_until.is_some_and(|short| short >= until) || desk.wanted.len() >= MOST_WANTED {
                desk.wanted.remove(&session);
                return Asked::OutOfPoints;
            }
        }
        if self.uis.spare().is_err_and(|wait| after(now, wait) >= until) {
            return Asked::OutOfPoints;
        }
        self.search(session, Window { from: before(started, MARGIN), till: after(started, MARGIN) }, until);
        Asked::Waits
    }

    pub(super) fn search(&self, session: u64, window: Window, until: Timestamp) {
        let now = self.clock.now();
        let known = {
            let mut desk = self.desk();
            let known = desk.wanted.contains_key(&session);
            let want = desk.wanted.entry(session).or_insert(Want { window, until, next: now, tries: 0 });
            want.until = want.until.max(until);
            known
        };
        if !known {
            self.asked.notify_one();
        }
    }

    /// Serves those who ask, for ever.
    pub(super) async fn serve_desk(&self) {
        loop {
            let now = self.clock.now();
            let wake = match self.due(now) {
                Ok(batch) => match self.directory.uis_zone() {
                    Some(zone) => {
                        self.ask(&batch, &zone).await;
                        continue;
                    }
                    None => after(now, Duration::from_secs(1)),
                },
                Err(wake) => wake,
            };
            tokio::select! {
                () = self.asked.notified() => {}
                () = self.clock.sleep_until(wake) => {}
            }
        }
    }

    /// The calls to ask for now, or when to look again.
    fn due(&self, now: Timestamp) -> Result<Vec<(u64, Want)>, Timestamp> {
        let mut desk = self.desk();
        desk.wanted.retain(|_, want| want.until > now);
        let next = desk.wanted.values().map(|want| want.next).min().ok_or_else(|| after(now, IDLE))?;
        let paused = desk.last.map_or(now, |last| after(last, self.settings.marketing_pause));
        let start = next.max(paused);
        if start > now {
            return Err(start);
        }
        if let Err(wait) = self.uis.spare() {
            let until = after(now, wait.max(Duration::from_millis(100)));
            desk.short_until = Some(until);
            drop(desk);
            self.deferred();
            return Err(until);
        }
        desk.short_until = None;
        desk.last = Some(now);
        let due = desk.wanted.iter().filter(|(_, want)| want.next <= now);
        let mut due: Vec<(u64, Want)> = due.map(|(session, want)| (*session, *want)).collect();
        due.sort_by_key(|(_, want)| want.window.from);
        let latest = due.first().map_or(now, |(_, first)| after(first.window.from, SPAN));
        due.retain(|(_, want)| want.window.till <= latest || want.window.from <= latest);
        due.truncate(BATCH);
        Ok(due)
    }

    async fn ask(&self, batch: &[(u64, Want)], zone: &TimeZone) {
        let from = batch.iter().map(|(_, want)| want.window.from).min();
        let till = batch.iter().map(|(_, want)| want.window.till).max();
        let (Some(from), Some(till)) = (from, till) else { return };
        let window = Window { from, till: till.min(self.clock.now()).max(from) };
        let ids = Filter::OneOf("id", batch.iter().map(|(session, _)| json!(session)).collect());
        let filter = (!self.desk().unfiltered).then_some(&ids);
        let rows = match self.uis.calls_report(window, zone, COLUMNS, filter).await {
            Ok(rows) => rows,
            Err(error) => return self.not_answered(batch, &error),
        };
        let mut found = Vec::new();
        for row in rows.iter().filter(|row| row.finished.is_some()) {
            if !batch.iter().any(|(session, _)| *session == row.session) {
                continue;
            }
            match self.accept(row, Taken::Completed).await {
                Ok(taken) => {
                    self.count_row(taken.name());
                    self.came();
                    found.push(row.session);
                }
                Err(error) => self.not_kept(&error),
            }
        }
        self.again(batch, &found);
    }

    /// What was not found is asked for again, later each time.
    fn again(&self, batch: &[(u64, Want)], found: &[u64]) {
        let now = self.clock.now();
        let mut desk = self.desk();
        for (session, _) in batch {
            if found.contains(session) {
                desk.wanted.remove(session);
            } else if let Some(want) = desk.wanted.get_mut(session) {
                let pause = self.settings.marketing_pause.saturating_mul(1 << want.tries.min(10));
                want.next = after(now, pause.min(LONGEST_PAUSE));
                want.tries += 1;
            }
        }
    }

    fn not_answered(&self, batch: &[(u64, Want)], error: &UisError) {
        let shown = mask_text(&error.to_string());
        tracing::warn!(account = %self.account(), calls = batch.len(), error = shown, "marketing data cannot be asked for");
        let now = self.clock.now();
        {
            let mut desk = self.desk();
            match error {
                // Which columns may be filtered by is not published for each method: read the window whole then.
                UisError::Misuse { .. } if !desk.unfiltered => {
                    desk.unfiltered = true;
                    return;
                }
                UisError::LimitExceeded { wait } => desk.short_until = Some(after(now, *wait)),
                error if error.class() != Class::Retry => {
                    desk.refused_until = Some(after(now, LONGEST_PAUSE));
                    desk.wanted.clear();
                    return;
                }
                _ => {}
            }
        }
        self.again(batch, &[]);
    }

    fn came(&self) {
        let account = self.account().as_str().to_owned();
        metrics::counter!(MARKETING.name, "account" => account, "outcome" => "came").increment(1);
    }

    fn not_kept(&self, error: &StoreError) {
        tracing::warn!(account = %self.account(), %error, "a row of the report of calls was not kept");
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
