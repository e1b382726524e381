//! Working time: whether a moment is in it, and how it adds up.
//!
//! Time is walked in stretches of one offset from UTC. Inside a stretch wall clock and instants run side by side,
//! so hours of days turn into instants by one subtraction; at its end the next stretch is looked at.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::build::Calendar;
use super::interval::{DAY, Interval};
use crate::moment::{Moment, Seconds};

/// How far ahead working time is looked for; a schedule that is closed for so long counts as closed for good.
const LOOK_AHEAD_DAYS: i32 = 3_660;

/// A piece of working time, in instants: from `start` up to `end`, in one stretch of one offset.
struct Open {
    start: Timestamp,
    end: Timestamp,
}

impl Calendar {
    /// Whether a moment is working time.
    pub fn contains(&self, moment: &Moment) -> bool {
        let local = self.zone.to_datetime(moment.instant());
        self.open_at(local)
    }

    /// The moment at which so much working time has passed since `from`, at the offset of `from`.
    ///
    /// Out of hours the count starts at the next opening. What ends with the hours ends at closing, not at the
    /// next opening. Nothing to wait for gives `from` itself. None when the schedule has not that much working
    /// time in the next ten years.
    pub fn add_working(&self, from: &Moment, length: Seconds) -> Option<Moment> {
        let mut left = SignedDuration::from_secs(length.0.max(0));
        let horizon =
            from.instant().checked_add(SignedDuration::from_hours(24 * i64::from(LOOK_AHEAD_DAYS))).ok()?;
        let mut at = from.instant();
        while !left.is_zero() {
            let open = self.next_open(at, horizon)?;
            let piece = open.end.duration_since(open.start);
            if piece >= left {
                at = open.start.checked_add(left).ok()?;
                left = SignedDuration::ZERO;
            } else {
                at = open.end;
                left = left.checked_sub(piece)?;
            }
        }
        Some(Moment::new(at, from.offset()))
    }

    /// The same time of day on the n-th working day after the day of `from`, at the offset of `from`.
    ///
    /// A working day is one on which hours start. A time of day outside that day's hours moves to the nearest
    /// hour inside: up to opening or the end of a break, down to closing. Zero days give `from` itself.
    /// None when there are not that many working days in the next ten years.
    pub fn add_working_days(&self, from: &Moment, days: u32) -> Option<Moment> {
        if days == 0 {
            return Some(*from);
        }
        let local = self.zone.to_datetime(from.instant());
        let mut date = local.date();
        let mut left = days;
        for _ in 0..LOOK_AHEAD_DAYS {
            date = date.tomorrow().ok()?;
            if self.is_working_day(date) {
                left -= 1;
            }
            if left == 0 {
                let minute = clamp(self.hours_of(date), minute_of(local));
                let time = if minute == minute_of(local) {
                    DateTime::from_parts(date, local.time())
                } else {
                    at_minute(date, minute)?
                };
                // A time that does not exist on that day moves on by the gap, one that comes twice is the first.
                let instant = self.zone.to_timestamp(time).ok()?;
                return Some(Moment::new(instant, from.offset()));
            }
        }
        None
    }

    /// Whether a wall clock time is in the hours of its day or of a night that began the day before.
    pub(super) fn open_at(&self, local: DateTime) -> bool {
        let minute = minute_of(local);
        let covers = |hours: &[Interval], minute: u16| {
            hours.iter().any(|interval| interval.from_minute() <= minute && minute < interval.to_minute())
        };
        covers(self.hours_of(local.date()), minute)
            || local.date().yesterday().is_ok_and(|before| covers(self.hours_of(before), minute + DAY))
    }

    /// The first piece of working time that ends after `at`, cut to begin there; None past the horizon.
    fn next_open(&self, at: Timestamp, horizon: Timestamp) -> Option<Open> {
        let mut at = at;
        while at < horizon {
            let offset = self.zone.to_offset(at);
            let turn = self.zone.following(at).next().map_or(horizon, |next| next.timestamp()).min(horizon);
            if let Some(open) = self.open_in(at, turn, offset) {
                return Some(open);
            }
            at = turn;
        }
        None
    }

    /// The same between two instants with one offset in force.
    fn open_in(&self, from: Timestamp, until: Timestamp, offset: Offset) -> Option<Open> {
        let first = offset.to_datetime(from).date().checked_sub(1.day()).ok()?;
        let last = offset.to_datetime(until).date();
        let mut date = first;
        // Nights reach into the next day, so of two days the earlier start wins, not the earlier day.
        let mut best: Option<Open> = None;
        while date <= last {
            for interval in self.hours_of(date) {
                let start = offset.to_timestamp(at_minute(date, interval.from_minute())?).ok()?.max(from);
                let end = offset.to_timestamp(at_minute(date, interval.to_minute())?).ok()?.min(until);
                if start < end && best.as_ref().is_none_or(|best| start < best.start) {
                    best = Some(Open { start, end });
                }
            }
            // A day later nothing can start earlier than what was found, unless the night before reached over.
            if let Some(best) = &best
                && offset.to_datetime(best.start).date() <= date
            {
                break;
            }
            date = date.tomorrow().ok()?;
        }
        best
    }
}

/// The minute of the day that a time is in.
fn minute_of(local: DateTime) -> u16 {
    let minute = i32::from(local.hour()) * 60 + i32::from(local.minute());
    u16::try_from(minute).unwrap_or_default()
}

/// A date and a minute counted from its midnight, perhaps of the next day.
pub(super) fn at_minute(date: Date, minute: u16) -> Option<DateTime> {
    date.to_datetime(jiff::civil::Time::midnight()).checked_add(i64::from(minute).minutes()).ok()
}

/// The minute itself when the hours have it, else the nearest to it as described at `add_working_days`.
fn clamp(hours: &[Interval], minute: u16) -> u16 {
    let next = hours.iter().find(|interval| minute < interval.to_minute());
    match (next, hours.last()) {
        (Some(interval), _) => minute.max(interval.from_minute()),
        (None, Some(last)) => last.to_minute(),
        (None, None) => minute,
    }
}
