//! The points of UIS that are left, kept over a restart.
//!
//! UIS says in each answer how many are left, and a server that has just started has had none: it would spend a point of
//! the reserve to learn that it must not. So what was said last is kept as a cursor of the account, version 1, and
//! counts until the period it was about is over.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::account::{Reports, after};
use crate::clock::Clock;
use crate::store::record::AccountId;
use crate::store::{Store, StoreError};
use crate::uis::{self, Limits, PERIODS, Period};

/// The name of the cursor.
const NAME: &str = "uis.points";
const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    v: u32,
    periods: Vec<KeptPeriod>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptPeriod {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    remaining: u64,
    ends: Timestamp,
}

impl Kept {
    fn of(limits: &Limits, now: Timestamp) -> Self {
        let period = |period: &Period| KeptPeriod {
            name: period.name.to_owned(),
            limit: period.limit,
            remaining: period.remaining,
            ends: after(now, period.reset),
        };
        Self { v: VERSION, periods: limits.periods.iter().map(period).collect() }
    }

    /// What of it still counts.
    fn at(&self, now: Timestamp) -> Limits {
        let period = |kept: &KeptPeriod| {
            let name = PERIODS.into_iter().find(|name| **name == *kept.name)?;
            let reset = kept.ends.duration_since(now).try_into().ok()?;
            Some(Period { name, limit: kept.limit, remaining: kept.remaining, reset })
        };
        Limits { periods: self.periods.iter().filter_map(period).collect() }
    }
}

/// Has the points of a client begin with what was kept. What cannot be read is as if there was nothing.
///
/// # Errors
///
/// What the store says.
pub async fn restore_points(
    uis: &uis::Client,
    store: &dyn Store,
    clock: &dyn Clock,
    account: &AccountId,
) -> Result<(), StoreError> {
    let text = store.cursor(account, NAME).await?;
    let kept = text.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
    if let Some(kept) = kept.filter(|kept| kept.v == VERSION) {
        uis.points().restore(&kept.at(clock.now()));
    }
    Ok(())
}

impl Reports {
    /// Keeps what UIS says of the points, for ever.
    pub(super) async fn keep_points(&self) {
        let mut told = self.uis.points().told();
        while told.changed().await.is_ok() {
            let kept = Kept::of(&self.uis.limits(), self.clock.now());
            // Numbers and moments always have a JSON form.
            let text = serde_json::to_string(&kept).unwrap_or_default();
            if let Err(error) = self.store.put_cursor(self.account(), NAME, text).await {
                tracing::warn!(account = %self.account(), %error, "the points of UIS were not kept");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_kept_counts_until_its_period_is_over() {
        let at = |second| Timestamp::from_second(second).expect("a moment");
        let period = |name, remaining, reset| Period {
            name,
            limit: Some(100),
            remaining,
            reset: Duration::from_secs(reset),
        };
        let limits = Limits { periods: vec![period("minute", 3, 60), period("day", 40, 3600)] };
        let text = serde_json::to_string(&Kept::of(&limits, at(1000))).expect("JSON");
        let kept: Kept = serde_json::from_str(&text).expect("read");
        assert_eq!(kept.at(at(1010)).periods, [period("minute", 3, 50), period("day", 40, 3590)]);
        assert_eq!(kept.at(at(1061)).periods, [period("day", 40, 3539)]);
        assert!(kept.at(at(9000)).periods.is_empty());
    }
}
