//! Schedules: when people work, and when so many working hours from a moment will have passed.
//!
//! A [`Calendar`] is compiled from weekly hours and dated exceptions in a time zone of the database that is
//! bundled with the program, never the system's, so that a decision made again comes out the same anywhere.
//!
//! Hours are wall clock hours: on the night when clocks go back, 02:30 is working time both times that it comes
//! if 02:30 is in the hours at all. A night interval (`22:00-06:00`) belongs to the day on which it starts and
//! runs to its end even when the next day is closed.

mod answers;
mod build;
mod interval;
mod working;

pub use build::{Calendar, CalendarBuilder, CalendarError};
pub use interval::Interval;
