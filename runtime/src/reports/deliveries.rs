//! Notifications that UIS could not deliver, by its own word.
//!
//! Windows follow each other without overlap, so that each failure is counted once. The calls they were about are asked
//! for like calls that wait for marketing data; those that are settled are left alone.

use std::time::Duration;

use jiff::tz::TimeZone;

use super::account::{Reports, after, before};
use super::poll::Halted;
use super::progress::{Progress, whole_second};
use crate::observe::FAILED_DELIVERIES;
use crate::source::uis::session_key;
use crate::store::record::Phase;
use crate::uis::Window;

/// How long before its notification a call may have begun, as far as it is looked for.
const LONGEST_CALL: Duration = Duration::from_secs(4 * 3600);
/// How long the report is asked for such a call.
const SEARCH: Duration = Duration::from_secs(30 * 60);

impl Reports {
    pub(super) async fn read_deliveries(
        &self,
        progress: &mut Progress,
        zone: &TimeZone,
    ) -> Result<(), Halted> {
        let now = self.clock.now();
        // A notification is repeated for a while before it counts as failed; nobody says how long.
        let next = whole_second(before(now, self.settings.grace));
        let from = progress.sent_until.max(before(now, self.settings.reach));
        // Both ends of a window belong to it, and the report is to the second.
        let till = before(next, Duration::from_secs(1));
        if till < from {
            return Ok(());
        }
        let reports = self.uis.office_reports().await?;
        let reports = reports.into_iter().filter(|report| report.is_notifications);
        let window = Window { from, till };
        let mut failed = 0;
        for report in reports {
            for sent in self.uis.sent_notifications(report.id, window, zone).await? {
                if !sent.failed {
                    continue;
                }
                failed += 1;
                if let Some(session) = sent.session
                    && !self.is_settled(session).await?
                {
                    let window = Window { from: before(from, LONGEST_CALL), till: now };
                    self.search(session, window, after(now, SEARCH));
                }
            }
        }
        if failed > 0 {
            tracing::warn!(account = %self.account(), failed, "UIS could not deliver notifications");
            let account = self.account().as_str().to_owned();
            metrics::counter!(FAILED_DELIVERIES.name, "account" => account).increment(failed);
        }
        progress.failed += failed;
        progress.sent_until = next;
        Ok(())
    }

    async fn is_settled(&self, session: u64) -> Result<bool, Halted> {
        let known = self.store.communication(self.account(), &session_key(session)).await?;
        Ok(known.is_some_and(|known| matches!(known.phase, Phase::Decided | Phase::Closed)))
    }
}
