//! Compiling a schedule: time zone, hours of each weekday, exceptions by date.

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::interval::{Interval, merged};
use crate::moment::Moment;
use crate::schema::suggest::nearest;

/// A compiled schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    pub(super) zone: TimeZone,
    /// Hours by weekday, Monday first; each list in order, without overlaps.
    pub(super) week: [Vec<Interval>; 7],
    /// Later ones win.
    pub(super) exceptions: Vec<Exception>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exception {
    pub(super) first: Date,
    pub(super) last: Date,
    hours: Vec<Interval>,
}

/// What is wrong with a schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// The time zone database has no such zone.
    #[error("there is no time zone `{name}`")]
    UnknownZone {
        /// As given.
        name: String,
        /// The nearest zone there is.
        suggestion: Option<String>,
    },
    /// A range of dates that ends before it starts.
    #[error("the range of dates ends before it starts")]
    ReversedRange,
    /// A weekday that is none of 1 to 7.
    #[error("weekdays are numbered from 1 for Monday to 7 for Sunday")]
    Weekday,
    /// More exceptions than [`CalendarBuilder::MAX_EXCEPTIONS`].
    #[error("a schedule may have at most {} exceptions", CalendarBuilder::MAX_EXCEPTIONS)]
    TooManyExceptions,
}

/// A schedule in the making.
#[derive(Clone, Debug)]
pub struct CalendarBuilder {
    calendar: Calendar,
}

impl Calendar {
    /// Begins a schedule in a zone by its IANA name, `Europe/Moscow`; without lines it is always closed.
    ///
    /// # Errors
    ///
    /// [`CalendarError::UnknownZone`].
    pub fn builder(zone: &str) -> Result<CalendarBuilder, CalendarError> {
        let calendar = Calendar { zone: find_zone(zone)?, week: Default::default(), exceptions: Vec::new() };
        Ok(CalendarBuilder { calendar })
    }

    /// The hours of a day: those of the last exception that has it, else those of the weekday.
    pub fn hours_of(&self, date: Date) -> &[Interval] {
        let exception = self.exceptions.iter().rev().find(|one| one.first <= date && date <= one.last);
        match exception {
            Some(exception) => &exception.hours,
            None => self.hours_of_weekday(date),
        }
    }

    /// The hours of a day as its weekday has them.
    pub(super) fn hours_of_weekday(&self, date: Date) -> &[Interval] {
        self.week.get(weekday_place(date.weekday())).map_or(&[], Vec::as_slice)
    }

    /// Whether anybody works on a day.
    pub fn is_working_day(&self, date: Date) -> bool {
        !self.hours_of(date).is_empty()
    }

    /// The zone's IANA name.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The day on which a moment falls in the schedule's zone.
    pub fn date_of(&self, moment: &Moment) -> Date {
        self.zone.to_datetime(moment.instant()).date()
    }
}

impl CalendarBuilder {
    /// The most exceptions; every day that is looked at goes through them.
    pub const MAX_EXCEPTIONS: usize = 1_000;

    /// Sets the hours of a weekday, 1 for Monday to 7 for Sunday, in place of earlier ones; none is closed.
    ///
    /// # Errors
    ///
    /// [`CalendarError::Weekday`].
    pub fn weekday(&mut self, day: u8, hours: Vec<Interval>) -> Result<&mut CalendarBuilder, CalendarError> {
        let place = day.checked_sub(1).ok_or(CalendarError::Weekday)?;
        let slot = self.calendar.week.get_mut(usize::from(place)).ok_or(CalendarError::Weekday)?;
        *slot = merged(hours);
        Ok(self)
    }

    /// Sets the hours of dates, both ends included, over weekdays and earlier exceptions; none is closed.
    ///
    /// # Errors
    ///
    /// [`CalendarError::ReversedRange`] and [`CalendarError::TooManyExceptions`].
    pub fn dates(
        &mut self,
        first: Date,
        last: Date,
        hours: Vec<Interval>,
    ) -> Result<&mut CalendarBuilder, CalendarError> {
        if last < first {
            return Err(CalendarError::ReversedRange);
        }
        if self.calendar.exceptions.len() >= CalendarBuilder::MAX_EXCEPTIONS {
            return Err(CalendarError::TooManyExceptions);
        }
        self.calendar.exceptions.push(Exception { first, last, hours: merged(hours) });
        Ok(self)
    }

    /// The schedule.
    pub fn build(self) -> Calendar {
        self.calendar
    }
}

fn find_zone(name: &str) -> Result<TimeZone, CalendarError> {
    let zones = TimeZoneDatabase::bundled();
    if let Ok(zone) = zones.get(name) {
        return Ok(zone);
    }
    let names: Vec<String> = zones.available().map(|zone| zone.as_str().to_owned()).collect();
    // People know the city, the database wants the part of the world as well.
    let city = |zone: &&String| zone.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name));
    let suggestion = names
        .iter()
        .find(city)
        .cloned()
        .or_else(|| nearest(name, names.iter().map(String::as_str)).map(str::to_owned));
    Err(CalendarError::UnknownZone { name: name.to_owned(), suggestion })
}

fn weekday_place(day: Weekday) -> usize {
    usize::try_from(day.to_monday_zero_offset()).unwrap_or_default()
}
