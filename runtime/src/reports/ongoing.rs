//! Calls that are longer than the overlap of two windows.
//!
//! The report is asked for by the moment at which calls began, so a call that began before a window and ends after it would
//! never be seen again. While a window still reaches back to its beginning the call goes on, and the report says so when
//! it is asked to; such calls are followed by their number until they are over or began longer ago than the reach. They
//! are few, so they share a request, and as long as there is none it costs nothing.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::account::{Reports, after, before};
use super::poll::Halted;
use super::progress::Progress;
use crate::source::uis::COLUMNS;
use crate::uis::{CallRow, Filter, UisError, Window};

/// The most calls that are followed; of more, the latest are not.
const MOST: usize = 1000;
/// The most calls of one request.
const BATCH: usize = 200;
/// How many times within an overlap they are asked for.
const TIMES: u32 = 4;

impl Progress {
    /// Follows a call that is not over, and no longer one that is.
    pub(super) fn follow(&mut self, row: &CallRow, settled: Timestamp) {
        let is_over = row.finished.is_some_and(|finished| finished <= settled);
        match row.started {
            Some(started) if !is_over && started >= self.since => {
                if self.ongoing.len() < MOST {
                    self.ongoing.insert(row.session, started);
                }
            }
            _ => drop(self.ongoing.remove(&row.session)),
        }
    }
}

impl Reports {
    /// Asks for those calls that go on, as far as was known, and that the next window, which begins at `from`, will not show.
    pub(super) async fn read_ongoing(
        &self,
        progress: &mut Progress,
        zone: &TimeZone,
        from: Timestamp,
        settled: Timestamp,
    ) -> Result<(), Halted> {
        let now = self.clock.now();
        self.give_up(progress, before(now, self.settings.reach));
        let pause: Duration = self.settings.overlap / TIMES;
        if progress.ongoing_asked.is_some_and(|asked| after(asked, pause) > now) {
            return Ok(());
        }
        let unseen = progress.ongoing.iter().filter(|(_, started)| **started < from);
        let mut unseen: Vec<(u64, Timestamp)> =
            unseen.map(|(session, started)| (*session, *started)).collect();
        unseen.sort_by_key(|(_, started)| *started);
        unseen.truncate(BATCH);
        let (Some((_, first)), Some((_, last))) = (unseen.first(), unseen.last()) else { return Ok(()) };
        let window = Window { from: *first, till: *last };
        for row in self.rows_of(&unseen, window, zone).await? {
            progress.follow(&row, settled);
            if self.take_settled(&row, progress.since, settled).await? {
                progress.found += 1;
            }
        }
        progress.ongoing_asked = Some(now);
        Ok(())
    }

    /// The rows of these calls that are over.
    async fn rows_of(
        &self,
        calls: &[(u64, Timestamp)],
        window: Window,
        zone: &TimeZone,
    ) -> Result<Vec<CallRow>, UisError> {
        let ids = Filter::OneOf("id", calls.iter().map(|(session, _)| json!(session)).collect());
        let rows = match self.uis.calls_report(window, zone, COLUMNS, Some(&ids)).await {
            // Which columns may be filtered by is not published for each method: read the window whole then.
            Err(UisError::Misuse { .. }) => self.uis.calls_report(window, zone, COLUMNS, None).await?,
            rows => rows?,
        };
        let is_one = |row: &CallRow| calls.iter().any(|(session, _)| *session == row.session);
        Ok(rows.into_iter().filter(is_one).collect())
    }

    fn give_up(&self, progress: &mut Progress, earliest: Timestamp) {
        let all = progress.ongoing.len();
        progress.ongoing.retain(|_, started| *started >= earliest);
        let given_up = all - progress.ongoing.len();
        if given_up > 0 {
            tracing::warn!(account = %self.account(), calls = given_up,
                "calls never came to an end in the report, and are not looked for any longer");
        }
    }
}
