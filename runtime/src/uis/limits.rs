//! The points an account may use, as UIS itself reports them in each answer.
//!
//! They depend on the tariff, so no number is written down here (reference, section 5.3). The report may be an empty
//! object, may count days and minutes, or hours.

use std::time::Duration;

use serde_json::Value;

/// The shortest wait after a limit without a known reset.
const UNKNOWN_RESET: Duration = Duration::from_secs(60);

/// The periods in which UIS counts points.
pub const PERIODS: [&str; 3] = ["minute", "hour", "day"];

/// Points left, by period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// One entry for each period that was reported.
    pub periods: Vec<Period>,
}

/// Points of one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// One of [`PERIODS`].
    pub name: &'static str,
    /// Points of the whole period, when UIS says.
    pub limit: Option<u64>,
    /// Points that may still be used.
    pub remaining: u64,
    /// When the period ends.
    pub reset: Duration,
}

impl Limits {
    /// Reads `limits` of `metadata` (or `meta_data`) of a result or an error; nothing when there is none.
    pub(super) fn read(holder: &Value) -> Self {
        let metadata = holder.get("metadata").or_else(|| holder.get("meta_data"));
        let limits = metadata.and_then(|metadata| metadata.get("limits"));
        let number = |name: &str, what: &str| limits?.get(format!("{name}_{what}"))?.as_u64();
        let period = |name| {
            let reset = number(name, "reset").map_or(UNKNOWN_RESET, Duration::from_secs);
            Some(Period { name, limit: number(name, "limit"), remaining: number(name, "remaining")?, reset })
        };
        Self { periods: PERIODS.into_iter().filter_map(period).collect() }
    }

    /// How long nothing may be asked, if the points of some period are used up.
    pub fn wait(&self) -> Option<Duration> {
        self.periods.iter().filter(|period| period.remaining == 0).map(|period| period.reset).max()
    }

    /// The same after a refusal, when at least one period must be used up.
    pub(super) fn wait_after_refusal(&self) -> Duration {
        let shortest = self.periods.iter().map(|period| period.reset).min();
        self.wait().or(shortest).unwrap_or(UNKNOWN_RESET)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn all_shapes_are_read() {
        let limits = Limits::read(&json!({"metadata": {"limits": {
            "day_limit": 3000, "day_remaining": 0, "day_reset": 51959,
            "minute_limit": 60, "minute_remaining": 59, "minute_reset": 59}}}));
        assert_eq!(limits.periods.len(), 2);
        assert_eq!(
            limits.periods.iter().map(|period| period.limit).collect::<Vec<_>>(),
            [Some(60), Some(3000)]
        );
        assert_eq!(limits.wait(), Some(Duration::from_secs(51_959)));
        let hourly =
            Limits::read(&json!({"meta_data": {"limits": {"hour_remaining": 5, "hour_reset": 100}}}));
        assert_eq!(hourly.wait(), None);
        assert_eq!(hourly.wait_after_refusal(), Duration::from_secs(100));
        for empty in [json!({}), json!({"metadata": {}}), json!({"metadata": {"limits": {}}}), json!(null)] {
            assert_eq!(Limits::read(&empty), Limits::default());
        }
        assert_eq!(Limits::default().wait_after_refusal(), UNKNOWN_RESET);
    }
}
