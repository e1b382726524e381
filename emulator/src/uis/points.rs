//! Points: what a token may ask in a minute and a day. Only successes are charged.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::rpc::Fault;
use super::state::{Points, UisState};
use crate::switches::{LimitsShape, Switches};

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

impl UisState {
    /// Refuses when the points are used up.
    pub(super) fn affordable(
        &self,
        token: &str,
        cost: u32,
        switches: &Switches,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let used = self.used(token, now);
        let limits = [
            ("minute", used.minute.1, switches.points_per_minute, MINUTE),
            ("day", used.day.1, switches.points_per_day, DAY),
        ];
        match limits.into_iter().find(|(_, used, limit, _)| used.saturating_add(cost) > *limit) {
            None => Ok(()),
            Some((name, _, limit, length)) => {
                let params = json!({"limit_type": name, "limit": limit, "reset": reset(now, length)});
                Err(Fault::new(-32029, "limit_exceeded", "Limit exceeded").with(params))
            }
        }
    }

    /// Charges a success.
    pub(super) fn charge(&mut self, token: &str, cost: u32, now: Timestamp) {
        let mut used = self.used(token, now);
        used.minute.1 = used.minute.1.saturating_add(cost);
        used.day.1 = used.day.1.saturating_add(cost);
        self.points.insert(token.to_owned(), used);
    }

    /// `metadata.limits`, in the shape that the switch asks for.
    pub(super) fn limits(&self, token: &str, switches: &Switches, now: Timestamp) -> Value {
        let used = self.used(token, now);
        let (minute, day) = (switches.points_per_minute, switches.points_per_day);
        match switches.limits_shape {
            LimitsShape::Empty => json!({}),
            LimitsShape::DayAndMinute => json!({
                "day_limit": day,
                "day_remaining": day.saturating_sub(used.day.1),
                "day_reset": reset(now, DAY),
                "minute_limit": minute,
                "minute_remaining": minute.saturating_sub(used.minute.1),
                "minute_reset": reset(now, MINUTE),
            }),
            LimitsShape::Hour => json!({
                "hour_limit": day,
                "hour_remaining": day.saturating_sub(used.day.1),
                "hour_reset": reset(now, HOUR),
            }),
        }
    }

    /// What is used in the present minute and day.
    fn used(&self, token: &str, now: Timestamp) -> Points {
        let seconds = now.as_second();
        let (minute, day) = (seconds.div_euclid(MINUTE), seconds.div_euclid(DAY));
        let known = self.points.get(token).cloned().unwrap_or_default();
        Points {
            minute: (minute, if known.minute.0 == minute { known.minute.1 } else { 0 }),
            day: (day, if known.day.0 == day { known.day.1 } else { 0 }),
        }
    }
}

/// Seconds until the next window begins.
fn reset(now: Timestamp, length: i64) -> i64 {
    length - now.as_second().rem_euclid(length)
}
