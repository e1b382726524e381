//! An interval of hours, in minutes from the midnight on which its day begins.

/// Minutes of a day.
pub(super) const DAY: u16 = 24 * 60;

/// Hours on a day: `09:00-18:00`, or over midnight, `22:00-06:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// Invariant: before the end of the day.
    from: u16,
    /// Invariant: after `from`, at most a day later.
    to: u16,
}

impl Interval {
    /// An interval from hours and minutes as written; an end at or before the start lies on the next day, so
    /// `00:00-00:00` is the whole day. The end may be `24:00`.
    ///
    /// None when there is no such time of day.
    pub fn from_clock(from: (u8, u8), to: (u8, u8)) -> Option<Interval> {
        let minute =
            |(hour, minute): (u8, u8)| (minute < 60).then(|| u16::from(hour) * 60 + u16::from(minute));
        let from = minute(from).filter(|minute| *minute < DAY)?;
        let to = minute(to).filter(|minute| *minute <= DAY)?;
        Some(Interval { from, to: if to <= from { to + DAY } else { to } })
    }

    /// First minute, from the midnight on which the day begins.
    pub const fn from_minute(self) -> u16 {
        self.from
    }

    /// First minute after it; more than 1,440 when it ends on the next day.
    pub const fn to_minute(self) -> u16 {
        self.to
    }

    /// Whether it ends on the next day.
    pub const fn is_overnight(self) -> bool {
        self.to > DAY
    }
}

/// Puts intervals in order and makes one of those that touch.
pub(super) fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_unstable();
    let mut merged: Vec<Interval> = Vec::with_capacity(intervals.len());
    for next in intervals {
        match merged.last_mut() {
            Some(last) if next.from <= last.to => last.to = last.to.max(next.to),
            _ => merged.push(next),
        }
    }
    merged
}
