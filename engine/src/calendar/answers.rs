//! What several schedules say together, over all moments there are.
//!
//! A wall clock time is in the hours of its day or of the night before, and hours of days change with the weekday and
//! where exceptions begin and end. So a week on either side of each such date, at each minute at which hours of that day
//! begin or end, shows every answer that a schedule can give. Wall clock times that never come, in the night when
//! clocks go forward, are looked at as well: that can only show more than there is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::build::Calendar;
use super::interval::DAY;
use super::working::at_minute;
use crate::moment::Moment;

/// Days on either side of a date at which exceptions change: all weekdays, each behind the one before it.
const DAYS_AROUND: i64 = 8;
/// Wall clock times that are looked at.
const MAX_TIMES: usize = 50_000;
/// A week without exceptions, where there are none at all.
const SOME_MONDAY: Date = date(2026, 3, 2);
/// Days of exceptions that are written out one by one.
const MAX_DATES: usize = 5_000;

/// Answers of several schedules, with a moment at which they are given; None where it is no moment that comes.
pub(crate) type Answers = BTreeMap<Vec<bool>, Option<Moment>>;

impl Calendar {
    /// Every combination of answers that schedules of one time zone give. None when their zones differ, or when that is
    /// too much to look at: then nothing is said.
    pub(crate) fn together(schedules: &[&Calendar]) -> Option<Answers> {
        let (first, others) = schedules.split_first()?;
        if others.iter().any(|other| other.zone_name() != first.zone_name()) {
            return None;
        }
        let mut turns: BTreeSet<Date> = BTreeSet::new();
        for exception in schedules.iter().flat_map(|schedule| &schedule.exceptions) {
            turns.insert(exception.first);
            turns.extend(exception.last.tomorrow().ok());
        }
        if turns.is_empty() {
            turns.insert(SOME_MONDAY);
        }
        let around = |turn: &Date| {
            let turn = *turn;
            (-DAYS_AROUND..DAYS_AROUND).filter_map(move |days| turn.checked_add(days.days()).ok())
        };
        let days: BTreeSet<Date> = turns.iter().flat_map(around).collect();
        let mut found = Answers::new();
        let mut looked_at = 0;
        for day in days {
            for minute in minutes(schedules, day) {
                looked_at += 1;
                if looked_at > MAX_TIMES {
                    return None;
                }
                let local = at_minute(day, minute)?;
                let answers = schedules.iter().map(|schedule| schedule.open_at(local)).collect();
                let instant = || first.zone.to_timestamp(local).ok();
                found
                    .entry(answers)
                    .or_insert_with(|| instant().map(|at| Moment::new(at, first.zone.to_offset(at))));
            }
        }
        Some(found)
    }

    /// A text that is the same for schedules that are the same on every day, however they are written.
    pub(crate) fn canonical(&self) -> String {
        let mut days: BTreeSet<Date> = BTreeSet::new();
        for exception in &self.exceptions {
            let mut day = Some(exception.first);
            while let Some(at) = day.filter(|at| *at <= exception.last) {
                if days.len() > MAX_DATES {
                    return format!("{self:?}");
                }
                days.insert(at);
                day = at.tomorrow().ok();
            }
        }
        let own: Vec<_> = days
            .into_iter()
            .filter(|day| self.hours_of(*day) != self.hours_of_weekday(*day))
            .map(|day| (day, self.hours_of(day)))
            .collect();
        format!("{} {:?} {own:?}", self.zone_name(), self.week)
    }
}

/// The minutes of a day at which some schedule may change its answer.
fn minutes(schedules: &[&Calendar], day: Date) -> BTreeSet<u16> {
    let mut minutes = BTreeSet::from([0]);
    for schedule in schedules {
        for hours in schedule.hours_of(day) {
            minutes.extend([hours.from_minute(), hours.to_minute()]);
        }
        let night = day.yesterday().map(|before| schedule.hours_of(before)).unwrap_or_default();
        minutes.extend(night.iter().filter_map(|hours| hours.to_minute().checked_sub(DAY)));
    }
    minutes.retain(|minute| *minute < DAY);
    minutes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Interval;
    use super::*;
    use crate::moment::Seconds;

    type Hours = Vec<(u8, u8)>;

    fn schedule(week: &[Hours], dates: &[(i64, i64, Hours)]) -> Calendar {
        let hours = |hours: &Hours| {
            hours.iter().filter_map(|(from, to)| Interval::from_clock((*from, 0), (*to, 30))).collect()
        };
        let mut builder = Calendar::builder("Europe/Moscow").unwrap();
        for (day, of) in (1..).zip(week) {
            builder.weekday(day, hours(of)).unwrap();
        }
        for (first, days, of) in dates {
            let first = SOME_MONDAY.checked_add(first.days()).unwrap();
            let last = first.checked_add(days.days()).unwrap();
            builder.dates(first, last, hours(of)).unwrap();
        }
        builder.build()
    }

    fn hours() -> impl Strategy<Value = Hours> {
        prop::collection::vec((0u8..24, 0u8..24), 0..3)
    }

    fn a_schedule() -> impl Strategy<Value = Calendar> {
        let dates = prop::collection::vec((0i64..30, 0i64..12, hours()), 0..3);
        (prop::collection::vec(hours(), 7), dates).prop_map(|(week, dates)| schedule(&week, &dates))
    }

    /// Every half hour from a month before the exceptions to a month behind them.
    fn half_hours() -> impl Iterator<Item = Moment> {
        let start: Moment = "2026-02-02T00:00:00+03:00".parse().unwrap();
        (0..100 * 48).filter_map(move |step| start.plus(Seconds(step * 1_800)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn answers_are_those_that_moments_give(a in a_schedule(), b in a_schedule()) {
            let found = Calendar::together(&[&a, &b]).unwrap();
            let tried: BTreeSet<Vec<bool>> =
                half_hours().map(|moment| vec![a.contains(&moment), b.contains(&moment)]).collect();
            prop_assert_eq!(found.keys().cloned().collect::<BTreeSet<_>>(), tried);
            for (answers, moment) in found {
                // Moscow has had no such nights since 2014.
                let moment = moment.unwrap();
                prop_assert_eq!(answers, [a.contains(&moment), b.contains(&moment)]);
            }
        }

        #[test]
        fn one_text_is_one_schedule(a in a_schedule(), b in a_schedule()) {
            let same = (0..100).all(|days| {
                let day = date(2026, 2, 2).checked_add(i64::from(days).days()).unwrap();
                a.hours_of(day) == b.hours_of(day)
            });
            prop_assert_eq!(a.canonical() == b.canonical(), same);
        }
    }

    #[test]
    fn an_exception_that_changes_nothing_is_no_difference() {
        let week = [vec![(9, 17)], vec![], vec![], vec![], vec![], vec![], vec![]];
        let plain = schedule(&week, &[]);
        // The first day is a Monday with its own hours, the days behind it are closed anyway.
        let same = schedule(&week, &[(0, 0, vec![(9, 17)]), (1, 3, vec![])]);
        assert_eq!(plain.canonical(), same.canonical());
        let answers = Calendar::together(&[&plain, &same]).unwrap();
        assert_eq!(answers.keys().collect::<Vec<_>>(), [&vec![false, false], &vec![true, true]]);
        let other = schedule(&week, &[(0, 0, vec![])]);
        assert_ne!(plain.canonical(), other.canonical());
    }

    #[test]
    fn nothing_is_said_of_two_zones() {
        let here = schedule(&[], &[]);
        let there = Calendar::builder("Asia/Omsk").unwrap().build();
        assert!(Calendar::together(&[&here, &there]).is_none());
    }
}
