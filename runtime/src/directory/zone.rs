//! Moments as the two sides write them.
//!
//! Neither side writes a zone: UIS times are in the zone of its account, RetailCRM times in the zone of its own settings
//! (reference, section 3.1), and a task is due to the minute. Inside, a moment is an instant; it is turned here, at the
//! edge.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The zones of both sides.
#[derive(Debug, Clone)]
pub struct Zones {
    /// Of the times in notifications.
    pub uis: TimeZone,
    /// Of the times in the CRM.
    pub crm: TimeZone,
}

/// The instant of `2026-03-02 11:59:58` in the CRM's zone; the earlier one where clocks are put back.
pub fn crm_instant(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let local = DateTime::strptime("%Y-%m-%d %H:%M:%S", text.trim()).ok()?;
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

/// `2026-03-02 11:59:58` in the CRM's zone.
pub fn crm_moment(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `2026-03-02 11:59` in the CRM's zone; the seconds are cut off.
pub fn crm_minute(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-03-02` in the CRM's zone.
pub fn crm_date(at: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_the_zone_of_the_other_side() {
        let at: Timestamp = "2026-03-02T21:30:31.512Z".parse().expect("a moment");
        let moscow = TimeZone::get("Europe/Moscow").expect("a zone");
        assert_eq!(crm_moment(at, &moscow), "2026-03-03 00:30:31");
        assert_eq!(crm_instant("2026-03-03 00:30:31", &moscow), "2026-03-02T21:30:31Z".parse().ok());
        assert_eq!(crm_instant("yesterday", &moscow), None);
        assert_eq!(crm_minute(at, &moscow), "2026-03-03 00:30");
        assert_eq!(crm_date(at, &moscow), "2026-03-03");
        let vladivostok = TimeZone::get("Asia/Vladivostok").expect("a zone");
        assert_eq!(crm_minute(at, &vladivostok), "2026-03-03 07:30");
    }

    #[test]
    fn a_zone_whose_offset_changed_gives_the_offset_of_the_day() {
        // Moscow was at +4 all year from 2011 to 2014.
        let moscow = TimeZone::get("Europe/Moscow").expect("a zone");
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        assert_eq!(crm_minute(at("2014-10-25T21:59:00Z"), &moscow), "2014-10-26 01:59");
        assert_eq!(crm_minute(at("2014-10-25T22:00:00Z"), &moscow), "2014-10-26 01:00");
    }
}
