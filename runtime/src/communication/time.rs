//! When something happened, as well as a notification tells.
//!
//! Times of notifications have no zone. Where Unix time stands beside the local one, the two give the offset;
//! otherwise the zone of the account does. Without either, it is the moment of arrival.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use switchboard_engine::moment::Moment;

use crate::communication::call::Heard;
use crate::source::uis::LocalTime;

/// Offsets are whole quarters of an hour.
const QUARTER: i64 = 15 * 60;
/// How far the two clocks of one notification may be apart.
const TOLERANCE: i64 = 120;
/// The largest offset there is.
const MAX_OFFSET: i64 = 14 * 3600;

/// When what a notification tells of happened.
pub(super) fn happened(heard: &Heard, zone: &TimeZone) -> Moment {
    said(heard, zone).unwrap_or_else(|| in_zone(heard.at, zone))
}

/// The same, only from what the notification says itself.
pub(super) fn said(heard: &Heard, zone: &TimeZone) -> Option<Moment> {
    let unix = heard.said.notification_timestamp.and_then(|seconds| Timestamp::from_second(seconds).ok());
    match (heard.said.notification_time, unix) {
        (Some(time), _) => Some(moment(time, unix, zone)),
        (None, Some(unix)) => Some(in_zone(unix, zone)),
        (None, None) => None,
    }
}

/// When the call began, as the notification tells.
pub(super) fn started(heard: &Heard, zone: &TimeZone) -> Option<Moment> {
    let start = heard.said.start_time?;
    // The offset of the notification is that of the start, unless the clocks were put back in between.
    let offset = match (start, said(heard, zone)) {
        (LocalTime::Local(_), Some(said)) if heard.said.notification_timestamp.is_some() => {
            Some(said.offset())
        }
        _ => None,
    };
    match (start, offset) {
        (LocalTime::Local(local), Some(offset)) => Moment::from_civil(local, offset),
        _ => Some(moment(start, None, zone)),
    }
}

pub(super) fn moment(time: LocalTime, unix: Option<Timestamp>, zone: &TimeZone) -> Moment {
    match time {
        LocalTime::Instant(instant) => in_zone(instant, zone),
        LocalTime::Local(local) => {
            let as_utc = Offset::UTC.to_timestamp(local).unwrap_or(Timestamp::UNIX_EPOCH);
            if let Some(moment) = unix
                .and_then(|unix| offset_between(as_utc, unix))
                .and_then(|offset| Moment::from_civil(local, offset))
            {
                return moment;
            }
            // An hour that the clocks skip or repeat is read as the earlier offset would have it.
            let instant = zone.to_ambiguous_timestamp(local).compatible().unwrap_or(as_utc);
            in_zone(instant, zone)
        }
    }
}

/// The offset of a local time from the Unix time of the same moment.
fn offset_between(as_utc: Timestamp, unix: Timestamp) -> Option<Offset> {
    let apart = as_utc.duration_since(unix).as_secs();
    let quarters = (apart + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
    if (apart - quarters).abs() > TOLERANCE || quarters.abs() > MAX_OFFSET {
        return None;
    }
    Offset::from_seconds(i32::try_from(quarters).ok()?).ok()
}

/// A moment seen in a zone.
pub(super) fn in_zone(instant: Timestamp, zone: &TimeZone) -> Moment {
    Moment::new(instant, zone.to_offset(instant))
}

/// A moment so many seconds earlier or later.
pub(super) fn shifted(moment: Moment, seconds: i64) -> Moment {
    let instant = moment.instant().saturating_add(SignedDuration::from_secs(seconds));
    Moment::new(instant.unwrap_or(moment.instant()), moment.offset())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::{EventCode, Notification};

    fn heard(time: Option<&str>, unix: Option<i64>) -> Heard {
        let mut said = Notification::new(EventCode::CallEnd, 1);
        said.notification_time = time.map(|time| time.parse().unwrap());
        said.notification_timestamp = unix;
        Heard { at: "2026-03-02T10:00:00Z".parse().unwrap(), said }
    }

    #[track_caller]
    fn check(heard: &Heard, zone: &str, expected: &str) {
        let zone = TimeZone::get(zone).unwrap();
        assert_eq!(happened(heard, &zone).to_string(), expected);
    }

    #[test]
    fn a_local_time_is_of_the_accounts_zone() {
        let local = heard(Some("2026-03-02 12:00:31.512"), None);
        check(&local, "Europe/Moscow", "2026-03-02T12:00:31.512+03:00");
        check(&local, "Asia/Vladivostok", "2026-03-02T12:00:31.512+10:00");
    }

    #[test]
    fn unix_time_beside_it_tells_the_offset_whatever_the_zone() {
        let both = heard(Some("2026-03-02 12:00:31.512"), Some(1_772_442_031));
        check(&both, "Asia/Vladivostok", "2026-03-02T12:00:31.512+03:00");
        // Two clocks that do not belong together tell nothing.
        let apart = heard(Some("2026-03-02 12:05:00"), Some(1_772_442_031));
        check(&apart, "Europe/Moscow", "2026-03-02T12:05:00+03:00");
        let days = heard(Some("2026-03-09 12:00:31"), Some(1_772_442_031));
        check(&days, "Europe/Moscow", "2026-03-09T12:00:31+03:00");
    }

    #[test]
    fn without_a_time_it_is_the_arrival() {
        check(&heard(None, None), "Europe/Moscow", "2026-03-02T13:00:00+03:00");
        check(&heard(None, Some(1_772_442_031)), "Europe/Moscow", "2026-03-02T12:00:31+03:00");
        check(&heard(Some("2026-03-02T09:00:31Z"), None), "Europe/Moscow", "2026-03-02T12:00:31+03:00");
    }

    #[test]
    fn hours_that_clocks_repeat_or_skip_have_one_reading() {
        check(&heard(Some("2014-10-26 01:30:00"), None), "Europe/Moscow", "2014-10-26T01:30:00+04:00");
        check(&heard(Some("2011-03-27 02:30:00"), None), "Europe/Moscow", "2011-03-27T03:30:00+04:00");
    }
}
