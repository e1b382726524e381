//! Schedules against an oracle that looks at every minute.

use jiff::civil::{Date, date};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use switchboard_engine::calendar::{Calendar, CalendarError, Interval};
use switchboard_engine::moment::{Moment, Seconds};

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

fn hours(from: (u8, u8), to: (u8, u8)) -> Vec<Interval> {
    vec![Interval::from_clock(from, to).unwrap()]
}

/// Weekdays 9 to 18, Saturday 10 to 16 with a break, closed for the January holidays, short on 22 February.
fn shop() -> Calendar {
    let mut builder = Calendar::builder("Europe/Moscow").unwrap();
    for day in 1..=5 {
        builder.weekday(day, hours((9, 0), (18, 0))).unwrap();
    }
    let saturday = [hours((10, 0), (13, 0)), hours((14, 0), (16, 0))].concat();
    builder.weekday(6, saturday).unwrap();
    builder.dates(date(2026, 1, 1), date(2026, 1, 8), Vec::new()).unwrap();
    builder.dates(date(2026, 2, 22), date(2026, 2, 22), hours((9, 0), (15, 0))).unwrap();
    builder.build()
}

#[track_caller]
fn check_after(from: &str, hours: i64, expected: &str) {
    let due = shop().add_working(&moment(from), Seconds(hours * 3_600)).unwrap();
    assert_eq!(due.to_string(), expected);
}

#[track_caller]
fn check_days(from: &str, days: u32, expected: &str) {
    let due = shop().add_working_days(&moment(from), days).unwrap();
    assert_eq!(due.to_string(), expected);
}

#[test]
fn edges_of_hours() {
    let shop = shop();
    for (at, open) in [
        ("2026-03-02T08:59:59+03:00", false),
        ("2026-03-02T09:00:00+03:00", true),
        ("2026-03-02T17:59:59+03:00", true),
        ("2026-03-02T18:00:00+03:00", false),
        ("2026-03-07T13:30:00+03:00", false),
        ("2026-03-07T14:00:00+03:00", true),
        ("2026-03-08T12:00:00+03:00", false),
        ("2026-01-05T12:00:00+03:00", false),
        ("2026-02-22T12:00:00+03:00", true),
        // The same instant as seen from Vladivostok.
        ("2026-03-02T16:00:00+10:00", true),
    ] {
        assert_eq!(shop.contains(&moment(at)), open, "{at}");
    }
}

#[test]
fn working_hours_add_up() {
    check_after("2026-03-02T12:00:00+03:00", 2, "2026-03-02T14:00:00+03:00");
    check_after("2026-03-02T17:00:00+03:00", 2, "2026-03-03T10:00:00+03:00");
    check_after("2026-03-02T17:00:00+03:00", 1, "2026-03-02T18:00:00+03:00");
    check_after("2026-03-02T23:00:00+03:00", 1, "2026-03-03T10:00:00+03:00");
    check_after("2026-03-06T17:00:00+03:00", 5, "2026-03-07T15:00:00+03:00");
    check_after("2025-12-31T17:30:00+03:00", 1, "2026-01-09T09:30:00+03:00");
    check_after("2026-03-02T23:00:00+03:00", 0, "2026-03-02T23:00:00+03:00");
    check_after("2026-03-02T19:00:00+10:00", 2, "2026-03-02T21:00:00+10:00");
}

#[test]
fn working_days_keep_the_time_of_day() {
    check_days("2026-03-02T12:15:30+03:00", 1, "2026-03-03T12:15:30+03:00");
    check_days("2026-03-06T12:00:00+03:00", 2, "2026-03-09T12:00:00+03:00");
    check_days("2026-03-05T20:00:00+03:00", 1, "2026-03-06T18:00:00+03:00");
    check_days("2026-03-05T07:00:00+03:00", 1, "2026-03-06T09:00:00+03:00");
    check_days("2026-03-06T13:20:00+03:00", 1, "2026-03-07T14:00:00+03:00");
    check_days("2025-12-31T12:00:00+03:00", 1, "2026-01-09T12:00:00+03:00");
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_starts() {
    let mut builder = Calendar::builder("Europe/Moscow").unwrap();
    builder.weekday(5, hours((22, 0), (6, 0))).unwrap();
    builder.dates(date(2026, 3, 7), date(2026, 3, 7), Vec::new()).unwrap();
    let night = builder.build();
    assert!(night.contains(&moment("2026-03-06T23:00:00+03:00")));
    assert!(night.contains(&moment("2026-03-07T05:59:00+03:00")), "the closed Saturday does not cut it");
    assert!(!night.contains(&moment("2026-03-07T06:00:00+03:00")));
    assert!(!night.contains(&moment("2026-03-06T05:00:00+03:00")), "Thursday has no night");
    let due = night.add_working(&moment("2026-03-07T05:00:00+03:00"), Seconds(2 * 3_600)).unwrap();
    assert_eq!(due.to_string(), "2026-03-13T23:00:00+03:00");
}

#[test]
fn clocks_that_go_back_give_an_hour_twice() {
    // In Berlin 2026-10-25 has 02:00 to 03:00 twice.
    let mut builder = Calendar::builder("Europe/Berlin").unwrap();
    builder.weekday(7, hours((1, 0), (4, 0))).unwrap();
    let shift = builder.build();
    let due = shift.add_working(&moment("2026-10-25T00:00:00+02:00"), Seconds(4 * 3_600)).unwrap();
    assert_eq!(due.at_offset(Offset::constant(1)).to_string(), "2026-10-25T04:00:00+01:00");
}

#[test]
fn a_schedule_without_hours_never_comes() {
    let never = Calendar::builder("UTC").unwrap().build();
    assert_eq!(never.add_working(&moment("2026-03-02T12:00:00Z"), Seconds(1)), None);
    assert_eq!(never.add_working_days(&moment("2026-03-02T12:00:00Z"), 1), None);
}

#[test]
fn what_a_schedule_refuses() {
    let unknown = |name: &str| match Calendar::builder(name) {
        Err(CalendarError::UnknownZone { suggestion, .. }) => suggestion,
        other => panic!("{other:?}"),
    };
    assert_eq!(unknown("Moscow").as_deref(), Some("Europe/Moscow"));
    assert_eq!(unknown("Europe/Moskow").as_deref(), Some("Europe/Moscow"));
    assert_eq!(unknown("Mars"), None);
    let mut builder = Calendar::builder("UTC").unwrap();
    let reversed = builder.dates(date(2026, 1, 8), date(2026, 1, 1), Vec::new());
    assert_eq!(reversed.err(), Some(CalendarError::ReversedRange));
    assert_eq!(builder.weekday(0, Vec::new()).err(), Some(CalendarError::Weekday));
    assert_eq!(builder.weekday(8, Vec::new()).err(), Some(CalendarError::Weekday));
    for _ in 0..1_000 {
        builder.dates(date(2026, 1, 1), date(2026, 1, 1), Vec::new()).unwrap();
    }
    let more = builder.dates(date(2026, 1, 1), date(2026, 1, 1), Vec::new());
    assert_eq!(more.err(), Some(CalendarError::TooManyExceptions));
}

#[test]
fn times_of_day() {
    let minutes = |from, to| Interval::from_clock(from, to).map(|one| (one.from_minute(), one.to_minute()));
    assert_eq!(minutes((9, 0), (18, 30)), Some((540, 1_110)));
    assert_eq!(minutes((22, 0), (6, 0)), Some((1_320, 1_800)));
    assert_eq!(minutes((0, 0), (0, 0)), Some((0, 1_440)));
    assert_eq!(minutes((12, 0), (24, 0)), Some((720, 1_440)));
    assert_eq!(minutes((24, 0), (6, 0)), None);
    assert_eq!(minutes((12, 60), (13, 0)), None);
    assert_eq!(minutes((12, 0), (24, 1)), None);
}

const ZONES: [&str; 6] = [
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    // Half an hour of daylight saving.
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "UTC",
];

/// Hours and minutes, from and to, as written.
type Written = ((u8, u8), (u8, u8));

/// Hours of a week as the oracle holds them: by day, and dates that are different.
#[derive(Clone, Debug)]
struct Plan {
    zone: &'static str,
    week: Vec<Vec<Written>>,
    exceptions: Vec<(Date, i64, Vec<Written>)>,
}

impl Plan {
    fn compile(&self) -> Calendar {
        let intervals = |hours: &[Written]| -> Vec<Interval> {
            hours.iter().map(|(from, to)| Interval::from_clock(*from, *to).unwrap()).collect()
        };
        let mut builder = Calendar::builder(self.zone).unwrap();
        for (day, hours) in (1u8..).zip(&self.week) {
            builder.weekday(day, intervals(hours)).unwrap();
        }
        for (first, days, hours) in &self.exceptions {
            let last = first.checked_add(SignedDuration::from_hours(24 * days)).unwrap();
            builder.dates(*first, last, intervals(hours)).unwrap();
        }
        builder.build()
    }

    fn hours(&self, day: Date) -> &[Written] {
        for (first, days, hours) in self.exceptions.iter().rev() {
            let distance = day.duration_since(*first).as_hours() / 24;
            if (0..=*days).contains(&distance) {
                return hours;
            }
        }
        &self.week[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()]
    }

    /// Whether a minute of wall clock is in the hours of this day or of the night before.
    fn is_open(&self, zone: &TimeZone, at: Timestamp) -> bool {
        let wall = zone.to_datetime(at);
        let now = i64::from(wall.hour()) * 60 + i64::from(wall.minute());
        let minutes = |(hour, minute): (u8, u8)| i64::from(hour) * 60 + i64::from(minute);
        let within = |day: Date, now: i64| {
            self.hours(day).iter().any(|(from, to)| {
                let (from, mut to) = (minutes(*from), minutes(*to));
                if to <= from {
                    to += 1_440;
                }
                from <= now && now < to
            })
        };
        within(wall.date(), now) || within(wall.date().yesterday().unwrap(), now + 1_440)
    }
}

fn clock() -> impl Strategy<Value = (u8, u8)> {
    (0u8..24, prop_oneof![Just(0u8), Just(30), 0u8..60])
}

fn day_hours() -> impl Strategy<Value = Vec<Written>> {
    prop::collection::vec((clock(), clock()), 0..3)
}

fn plan() -> impl Strategy<Value = Plan> {
    let exception = (0i64..40, 0i64..4, day_hours());
    (0usize..ZONES.len(), prop::collection::vec(day_hours(), 7), prop::collection::vec(exception, 0..3))
        .prop_map(|(zone, week, exceptions)| Plan {
            zone: ZONES[zone],
            week,
            exceptions: exceptions
                .into_iter()
                .map(|(after, days, hours)| {
                    let first =
                        date(2026, 3, 20).checked_add(SignedDuration::from_hours(24 * after)).unwrap();
                    (first, days, hours)
                })
                .collect(),
        })
}

/// Minutes around the days on which clocks change in 2026.
fn around_changes() -> impl Strategy<Value = Timestamp> {
    let days = prop_oneof![
        Just("2026-03-08T06:00:00Z"),
        Just("2026-03-29T00:30:00Z"),
        Just("2026-04-04T14:00:00Z"),
        Just("2026-10-25T00:30:00Z"),
        Just("2026-11-01T05:30:00Z"),
        Just("2026-03-25T12:00:00Z"),
    ];
    (days, -3_000i64..3_000).prop_map(|(day, minutes)| {
        day.parse::<Timestamp>().unwrap().checked_add(SignedDuration::from_mins(minutes)).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn contains_is_what_a_clock_on_the_wall_says(plan in plan(), at in around_changes()) {
        let zone = TimeZoneDatabase::bundled().get(plan.zone).unwrap();
        let calendar = plan.compile();
        prop_assert_eq!(calendar.contains(&Moment::new(at, Offset::UTC)), plan.is_open(&zone, at));
    }

    #[test]
    fn working_time_is_a_count_of_open_minutes(plan in plan(), at in around_changes(), minutes in 0i64..4_000) {
        let zone = TimeZoneDatabase::bundled().get(plan.zone).unwrap();
        let from = Moment::new(at, Offset::UTC);
        let due = plan.compile().add_working(&from, Seconds(minutes * 60));
        let mut left = minutes;
        let mut now = at;
        // Three weeks of minutes are enough to see whether it comes.
        for _ in 0..30_240 {
            if left == 0 {
                break;
            }
            if plan.is_open(&zone, now) {
                left -= 1;
            }
            now = now.checked_add(SignedDuration::from_mins(1)).unwrap();
        }
        match due {
            Some(due) if left == 0 => prop_assert_eq!(due.instant(), now),
            Some(due) => prop_assert!(due.instant() > now),
            None => prop_assert!(left > 0),
        }
    }

    #[test]
    fn a_working_day_later_is_a_working_day(plan in plan(), at in around_changes(), days in 1u32..5) {
        let calendar = plan.compile();
        let from = Moment::new(at, Offset::UTC);
        let Some(due) = calendar.add_working_days(&from, days) else {
            return Ok(());
        };
        let mut day = calendar.date_of(&from);
        let mut left = days;
        while left > 0 {
            day = day.tomorrow().unwrap();
            left -= u32::from(calendar.is_working_day(day));
        }
        // Closing time of a night shift, or of a day that ends at 24:00, is on the next day.
        let landed = calendar.date_of(&due);
        prop_assert!(landed == day || landed == day.tomorrow().unwrap(), "{landed} for {day}");
    }
}
