//! The history of orders: what no trigger told, and since when an order had which status.
//!
//! It is read from the last row on, page after page, at intervals and before orders are read. A page and how far it was
//! read are one write, so a crash in between reads it again and finds its steps there already. The very first reading begins
//! now (or `history_first` ago): what was before is not taken.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::clock::{read, write};
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
    /// Reads what is new; tells whether there is more to read at once.
    pub(super) async fn read(&self, now: Timestamp) -> Result<bool, Trouble> {
        let mut progress = match Progress::kept(self.store, self.account).await? {
            Some(progress) => progress,
            None => {
                let first = SignedDuration::try_from(self.first).unwrap_or(SignedDuration::MAX);
                let from = now.saturating_sub(first).unwrap_or(Timestamp::MIN);
                let progress = Progress { v: VERSION, row: None, from };
                let (name, value) = progress.cursor();
                self.store.put_cursor(self.account, &name, value).await?;
                progress
            }
        };
        for _ in 0..MAX_PAGES {
            let since = match progress.row {
                Some(row) => Since::Row(row),
                None => Since::Moment(write(progress.from, self.zone)),
            };
            let page = self.crm.order_history(&since, Urgency::first(Priority::Upload)).await?;
            let Some(last) = page.rows.last() else { return Ok(false) };
            progress.row = Some(last.id);
            let noted = Noted {
                account: self.account.clone(),
                marks: self.marks(&page.rows, now),
                cursor: Some(progress.cursor()),
            };
            self.store.deals().note_deals(noted, now).await?;
            let rows = u64::try_from(page.rows.len()).unwrap_or(u64::MAX);
            metrics::counter!(DEAL_HISTORY_ROWS.name, "account" => self.account.as_str().to_owned())
                .increment(rows);
            if !page.more {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What the rows of a page tell, by order.
    fn marks(&self, rows: &[HistoryRow], now: Timestamp) -> Vec<Mark> {
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
                if row.is_created || row.is_deleted {
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
