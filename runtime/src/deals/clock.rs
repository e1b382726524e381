//! Moments on the clocks of both sides, to the second.
//!
//! Neither side writes a zone, so a moment is turned into an instant where it comes in and back where it goes out. Where
//! clocks are put back an hour has two names; the earlier one is taken.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How both sides write a moment.
const DATE_TIME: &str = "%Y-%m-%d %H:%M:%S";

/// The instant that a clock in `zone` shows as `text`.
pub(super) fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let local = DateTime::strptime(DATE_TIME, text.trim()).ok().or_else(|| text.trim().parse().ok())?;
    let at = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    Some(second(at))
}

/// What a clock in `zone` shows.
pub(super) fn write(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime(DATE_TIME).to_string()
}

/// The second in which an instant lies.
pub(super) fn second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// `by` after `at`.
pub(super) fn after(at: Timestamp, by: std::time::Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// `by` before `at`.
pub(super) fn before(at: Timestamp, by: std::time::Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_hours_apart_are_one_instant() {
        let zone = |name: &str| TimeZone::get(name).expect("a zone");
        let (moscow, omsk) = (zone("Europe/Moscow"), zone("Asia/Omsk"));
        let at = read("2026-03-02 15:00:00", &omsk).expect("a moment");
        assert_eq!(write(at, &moscow), "2026-03-02 12:00:00");
        assert_eq!(read("2026-03-02T12:00:00", &moscow), Some(at));
        assert_eq!(read("yesterday", &moscow), None);
    }
}
