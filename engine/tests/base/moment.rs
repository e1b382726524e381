//! Moments and decimals: reading, writing, order.

use jiff::civil::date;
use jiff::tz::Offset;
use proptest::prelude::*;
use switchboard_engine::decimal::{self, Decimal};
use switchboard_engine::moment::{Moment, Seconds};

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

#[test]
fn moments_keep_their_offset() {
    for text in [
        "2026-03-02T12:00:00+03:00",
        "2026-03-02T09:00:00Z",
        "2026-03-02T12:00:00.512+03:00",
        "2026-03-02T12:00:00-09:30",
    ] {
        assert_eq!(moment(text).to_string(), text);
    }
    assert_eq!(moment("2026-03-02T12:00:00+00:00").to_string(), "2026-03-02T12:00:00Z");
    assert_eq!(moment("2026-03-02 12:00:00+03:00").to_string(), "2026-03-02T12:00:00+03:00");
}

#[test]
fn texts_that_are_no_moment() {
    for text in [
        "",
        "2026-03-02",
        "2026-03-02T12:00:00",
        "12:00:00+03:00",
        "2026-02-30T12:00:00+03:00",
        "2026-03-02T25:00:00Z",
        "2026-03-02T12:00:00+03:00[Europe/Moscow]",
        "вчера",
    ] {
        assert!(text.parse::<Moment>().is_err(), "{text}");
    }
}

#[test]
fn instants_and_walls() {
    let moscow = moment("2026-03-02T12:00:00+03:00");
    let utc = moment("2026-03-02T09:00:00Z");
    assert!(moscow.same(&utc) && moscow != utc && moscow.compare(&utc).is_eq());
    assert_eq!(moscow.civil(), date(2026, 3, 2).at(12, 0, 0, 0));
    assert_eq!(utc.at_offset(Offset::constant(3)), moscow);
    assert_eq!(moscow.plus(Seconds(7_200)).unwrap().to_string(), "2026-03-02T14:00:00+03:00");
    assert_eq!(moscow.plus(Seconds(i64::MAX)), None);
    assert_eq!(moscow.plus(Seconds(90)).unwrap().since(&moscow), Seconds(90));
    assert_eq!(Moment::from_civil(date(2026, 3, 2).at(12, 0, 0, 0), Offset::constant(3)), Some(moscow));
}

#[test]
fn decimals() {
    for (text, shown) in
        [("12.50", "12.5"), ("-0.0", "0"), ("1e3", "1000"), ("1.5E-2", "0.015"), ("007", "7")]
    {
        assert_eq!(
            decimal::parse(text).map(|number| decimal::display(&number)).as_deref(),
            Some(shown),
            "{text}"
        );
    }
    for text in
        ["", "1,5", "1 000", "0x10", "1e400", "NaN", "inf", "1.2.3", "12345678901234567890123456789012"]
    {
        assert_eq!(decimal::parse(text), None, "{text}");
    }
    assert_eq!(decimal::to_json(&Decimal::new(4_250, 0)).to_string(), "4250");
    assert_eq!(decimal::to_json(&Decimal::new(42_500, 1)).to_string(), "4250");
    assert_eq!(decimal::to_json(&Decimal::new(1, 1)).to_string(), "0.1");
}

proptest! {
    #[test]
    fn any_text_is_a_moment_or_none(text in "\\PC{0,40}") {
        let _ = text.parse::<Moment>();
        let _ = decimal::parse(&text);
    }

    #[test]
    fn moments_are_read_back(second in -62_000_000_000i64..253_000_000_000, hours in -12i8..=14) {
        let instant = jiff::Timestamp::from_second(second).unwrap();
        let written = Moment::new(instant, Offset::constant(hours));
        prop_assert_eq!(moment(&written.to_string()), written);
    }

    #[test]
    fn money_is_read_back(cents in -1_000_000_000_000i64..1_000_000_000_000) {
        let number = Decimal::new(cents, 2);
        let json: serde_json::Value = serde_json::from_str(&decimal::to_json(&number).to_string()).unwrap();
        let serde_json::Value::Number(json) = json else { panic!("no number") };
        prop_assert_eq!(decimal::from_json(&json), Some(number.normalize()));
    }
}
