//! Moments, dates, times and lengths of time.
//!
//! A moment is an instant together with the offset in which it was given, so that what was written at 12:00 in
//! Moscow is printed as 12:00. Read from and written to RFC 3339. Time zones, which turn an instant into a
//! local day, are the affair of [`crate::calendar`]. There is no clock here.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

pub use jiff::civil::{Date, Time};

/// An instant and the offset from UTC in which it was given.
///
/// Two moments are equal in Rust when both parts are; the language compares instants only, see
/// [`Moment::same`] and [`Moment::compare`].
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    instant: Timestamp,
    offset: Offset,
}

/// A length of time in whole seconds; never negative in an event, but differences may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seconds(pub i64);

/// A text that is no moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a moment such as `2026-03-02T12:00:00+03:00`")]
pub struct MomentError {
    /// What was given.
    pub text: String,
}

impl Moment {
    /// A moment of an instant seen at an offset.
    pub const fn new(instant: Timestamp, offset: Offset) -> Moment {
        Moment { instant, offset }
    }

    /// A moment at a local date and time with a known offset; None past the ends of the calendar.
    pub fn from_civil(local: civil::DateTime, offset: Offset) -> Option<Moment> {
        Some(Moment { instant: offset.to_timestamp(local).ok()?, offset })
    }

    /// The instant.
    pub const fn instant(&self) -> Timestamp {
        self.instant
    }

    /// The offset in which the moment is printed.
    pub const fn offset(&self) -> Offset {
        self.offset
    }

    /// Date and time of day at the moment's own offset.
    pub fn civil(&self) -> civil::DateTime {
        self.offset.to_datetime(self.instant)
    }

    /// Date and time on its own clock, to the minute: `2026-03-02 14:00`.
    pub fn to_minute(&self) -> String {
        self.civil().strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The same instant in a time zone.
    pub fn in_zone(&self, zone: &TimeZone) -> ZonedDateTime {
        self.instant.to_zoned_datetime(zone.clone())
    }

    /// The same instant at another offset.
    #[must_use]
    pub const fn at_offset(&self, offset: Offset) -> Moment {
        Moment { instant: self.instant, offset }
    }

    /// The moment so many seconds later, at the same offset; None past the ends of the calendar.
    pub fn plus(&self, seconds: Seconds) -> Option<Moment> {
        let instant = self.instant.checked_add(SignedDuration::from_secs(seconds.0)).ok()?;
        Some(Moment { instant, offset: self.offset })
    }

    /// Whole seconds from `earlier` to this moment, rounded towards zero.
    pub fn since(&self, earlier: &Moment) -> Seconds {
        Seconds(self.instant.duration_since(earlier.instant).as_secs())
    }

    /// Whether both are one instant.
    pub fn same(&self, other: &Moment) -> bool {
        self.instant == other.instant
    }

    /// Which instant is earlier.
    pub fn compare(&self, other: &Moment) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    /// Reads RFC 3339; an offset is required, for without it the text names no instant.
    fn from_str(text: &str) -> Result<Moment, MomentError> {
        let error = || MomentError { text: text.to_owned() };
        let pieces = jiff::fmt::temporal::DateTimeParser::new().parse_pieces(text).map_err(|_| error())?;
        let time = pieces.time().ok_or_else(error)?;
        let offset = pieces.to_numeric_offset().ok_or_else(error)?;
        if pieces.time_zone_annotation().is_some() {
            return Err(error());
        }
        Moment::from_civil(pieces.date().to_datetime(time), offset).ok_or_else(error)
    }
}

impl fmt::Display for Moment {
    /// RFC 3339 at the moment's offset; `Z` for offset zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.offset == Offset::UTC {
            return write!(f, "{}", self.instant);
        }
        write!(f, "{}", self.instant.display_with_offset(self.offset))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
