//! The history of orders: what no trigger told, and since when an order had which status.
//!
//! It is read from the last row on, page after page, before orders are read. A page and how far it was read are one write, so
//! a crash in between reads it again and finds its steps there already. The very first reading begins now (or
//! `history_first` ago): what was before is not taken.
//!
//! A row gets its number when it is begun and shows when it is written, so one may show later than those behind it. At
//! intervals the rows that were first seen a short while ago are therefore read again, and those that were not there then
//! are taken; [`Recent`] says which were.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::clock::{before, read, write};
use super::recent::Recent;
use super::trouble::Trouble;
use crate::crm::{self, HistoryRow, Priority, Since, Urgency};
use crate::observe::DEAL_HISTORY_ROWS;
use crate::store::record::{AccountId, Mark, Noted, OrderId, Step};
use crate::store::{Store, StoreError};

/// The name of the cursor.
const NAME: &str = "retailcrm.orders";
const VERSION: u32 = 1;
/// The most pages of one reading; the rest is read at once after it.
const MAX_PAGES: usize = 20;

/// How far the history was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    v: u32,
    /// The last row.
    row: Option<u64>,
    /// From when on rows count, while there was none.
    from: Timestamp,
    /// Rows that are read again.
    #[serde(default)]
    recent: Recent,
}

/// What a reading needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) account: &'a AccountId,
    pub(super) crm: &'a crm::Client,
    pub(super) store: &'a dyn Store,
    pub(super) zone: &'a TimeZone,
    /// How far back the very first reading looks.
    pub(super) first: Duration,
    /// How long rows are read again.
    pub(super) overlap: Duration,
    /// The most rows that are.
    pub(super) overlap_rows: usize,
}

impl Progress {
    async fn kept(store: &dyn Store, account: &AccountId) -> Result<Option<Self>, StoreError> {
        let text = store.cursor(account, NAME).await?;
        let kept = text.and_then(|text| serde_json::from_str::<Self>(&text).ok());
        Ok(kept.filter(|kept| kept.v == VERSION))
    }

    fn cursor(&self) -> (String, String) {
        // Numbers and moments always have a JSON form.
        (NAME.to_owned(), serde_json::to_string(self).unwrap_or_default())
    }
}

impl Reading<'_> {
    /// Reads what is new, and again what was read a short while ago when `again`; tells whether there is more to read at
    /// once.
    pub(super) async fn read(&self, now: Timestamp, again: bool) -> Result<bool, Trouble> {
        let mut progress = match Progress::kept(self.store, self.account).await? {
            Some(progress) => progress,
            None => {
                let first = SignedDuration::try_from(self.first).unwrap_or(SignedDuration::MAX);
                let from = now.saturating_sub(first).unwrap_or(Timestamp::MIN);
                let progress = Progress { v: VERSION, row: None, from, recent: Recent::default() };
                let (name, value) = progress.cursor();
                self.store.put_cursor(self.account, &name, value).await?;
                progress
            }
        };
        if self.overlap.is_zero() {
            progress.recent = Recent::default();
        }
        progress.recent.begin(progress.row);
        let again = again && !self.overlap.is_zero();
        let mut since = if again { progress.recent.floor() } else { progress.row };
        for _ in 0..MAX_PAGES {
            let place = since.map_or_else(|| Since::Moment(write(progress.from, self.zone)), Since::Row);
            let page = self.crm.order_history(&place, Urgency::first(Priority::Upload)).await?;
            let Some(last) = page.rows.last().map(|row| row.id) else {
                self.end(progress, again, now).await?;
                return Ok(false);
            };
            since = Some(last);
            self.note(&mut progress, page.rows, now).await?;
            if !page.more {
                self.end(progress, again, now).await?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Takes note of the rows of a page that were not there before.
    async fn note(
        &self,
        progress: &mut Progress,
        mut rows: Vec<HistoryRow>,
        now: Timestamp,
    ) -> Result<(), Trouble> {
        let before = progress.row.unwrap_or(0);
        rows.retain(|row| row.id > before || !progress.recent.has(row.id));
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(()) };
        let late = rows.iter().filter(|row| row.id < before).count();
        if late > 0 {
            tracing::debug!(account = %self.account, late, "rows of the history have shown late");
        }
        progress.row = progress.row.max(Some(last));
        if !self.overlap.is_zero() {
            progress.recent.see(rows.iter().map(|row| row.id), now, self.overlap_rows);
        }
        let noted = Noted {
            account: self.account.clone(),
            marks: self.marks(&rows, before, now),
            cursor: Some(progress.cursor()),
        };
        self.store.deals().note_deals(noted, now).await?;
        let rows = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        metrics::counter!(DEAL_HISTORY_ROWS.name, "account" => self.account.as_str().to_owned())
            .increment(rows);
        Ok(())
    }

    /// What was read again to its end need not be once it is old enough.
    async fn end(&self, mut progress: Progress, again: bool, now: Timestamp) -> Result<(), Trouble> {
        if again && progress.recent.forget(before(now, self.overlap)) {
            let (name, value) = progress.cursor();
            self.store.put_cursor(self.account, &name, value).await?;
        }
        Ok(())
    }

    /// What the rows of a page tell, by order; `before` is the last row that was known.
    fn marks(&self, rows: &[HistoryRow], before: u64, now: Timestamp) -> Vec<Mark> {
        let mut marks: BTreeMap<OrderId, Mark> = BTreeMap::new();
        for row in rows {
            for order in row.order.into_iter().chain(row.combined_to) {
                let mark = marks.entry(order).or_insert_with(|| Mark {
                    order,
                    due_at: now,
                    steps: Vec::new(),
                    gone: None,
                });
                if Some(order) != row.order {
                    continue;
                }
                // That it was created says nothing when it shows late: it may have been deleted since.
                if row.is_deleted || (row.is_created && row.id > before) {
                    mark.gone = Some(row.is_deleted);
                }
                let at = row.at.as_deref().and_then(|at| read(at, self.zone));
                if let (Some(status), Some(at)) = (&row.status, at) {
                    mark.steps.push(Step { row: row.id, status: status.clone(), at });
                }
            }
        }
        marks.into_values().collect()
    }
}
