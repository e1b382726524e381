//! Two-valued tests, `missing`, and values in JSON.

use proptest::prelude::*;
use serde_json::json;
use switchboard_engine::catalog::enums::{CHANNEL, CONTACT};
use switchboard_engine::decimal::{self, Decimal};
use switchboard_engine::moment::Seconds;
use switchboard_engine::phone::Phone;
use switchboard_engine::ty::{Scalar, Type};
use switchboard_engine::value::{Pattern, Value, from_json, to_json};

fn number(text: &str) -> Value {
    Value::Number(decimal::parse(text).unwrap())
}

fn phone(text: &str) -> Value {
    Value::Phone(Phone::parse(text).unwrap())
}

#[test]
fn forms_of_nothing_are_one() {
    let nothing = Value::Missing;
    assert_eq!(Value::text("  "), nothing);
    assert_eq!(Value::text("{{utm_source}}"), nothing);
    assert_eq!(Value::list([]), nothing);
    assert_eq!(Value::list([Value::Missing, Value::text("")]), nothing);
    let text = Type::of(Scalar::Text).optional();
    for json in [json!(null), json!(""), json!("  "), json!("{{x}}"), json!([])] {
        assert_eq!(from_json(&json, text), Ok(Value::Missing), "{json}");
    }
}

#[test]
fn every_test_of_missing_is_no() {
    let values = [
        Value::Missing,
        Value::text("x"),
        number("5"),
        Value::Bool(false),
        Value::list([Value::text("x")]),
        Value::Enum(CONTACT.by_en("first").unwrap()),
    ];
    let any = Pattern::new("*").unwrap();
    for value in &values {
        for (a, b) in [(&Value::Missing, value), (value, &Value::Missing)] {
            assert!(!a.same(b) && !a.same_exactly(b), "{a:?} {b:?}");
            assert!(!a.is_greater(b) && !a.is_at_least(b) && !a.is_less(b) && !a.is_at_most(b));
            assert!(!a.contains(b) && !a.starts_with(b) && !a.ends_with(b));
        }
    }
    assert!(!Value::Missing.is_like(&any));
}

#[test]
fn texts() {
    let campaign = Value::text("Весенняя  Распродажа");
    assert!(campaign.same(&Value::text(" весенняя распродажа")));
    assert!(!campaign.same_exactly(&Value::text("весенняя распродажа")));
    assert!(campaign.same_exactly(&Value::text("Весенняя  Распродажа")));
    assert!(campaign.contains(&Value::text("РАСПРО")));
    assert!(campaign.starts_with(&Value::text("ВЕС")));
    assert!(campaign.ends_with(&Value::text("дажа")));
    assert!(campaign.is_like(&Pattern::new("вес*прод?жа").unwrap()));
    assert!(!campaign.contains(&Value::text("осень")));
}

#[test]
fn lists_are_asked_for_elements() {
    let tags = Value::list([Value::text("Целевой"), Value::text("VIP клиент")]);
    assert!(tags.contains(&Value::text("целевой")));
    assert!(!tags.contains(&Value::text("целев")), "an element, not a part of one");
    assert!(tags.is_like(&Pattern::new("vip*").unwrap()));
    assert!(tags.same(&Value::list([Value::text("ЦЕЛЕВОЙ"), Value::text("vip  клиент")])));
    assert!(!tags.same(&Value::list([Value::text("Целевой")])));
    assert!(!tags.same(&Value::text("Целевой")));
}

#[test]
fn numbers_are_decimal() {
    assert!(number("0.1").same(&number("0.10")));
    assert!(number("2.5").is_greater(&number("2.4999999999999999")));
    assert!(number("-1").is_less(&number("0")));
    assert!(number("5").is_at_least(&number("5")) && number("5").is_at_most(&number("5")));
    assert!(!number("5").same(&Value::text("5")), "no implicit conversion");
    assert!(!number("5").is_greater(&Value::Duration(Seconds(1))));
}

#[test]
fn moments_are_compared_as_instants() {
    let moscow = Value::Moment("2026-03-02T12:00:00+03:00".parse().unwrap());
    let utc = Value::Moment("2026-03-02T09:00:00Z".parse().unwrap());
    assert!(moscow.same(&utc) && moscow.is_at_least(&utc) && moscow.is_at_most(&utc));
    assert_ne!(moscow, utc, "they are still written differently");
}

#[test]
fn open_enums_meet_texts() {
    let telegram = Value::Enum(CHANNEL.by_en("telegram").unwrap());
    assert!(telegram.same(&Value::text("Telegram")));
    assert!(telegram.same(&Value::text("telegram_private")), "what UIS calls it is a name of it");
    assert!(!telegram.same(&Value::text("whatsapp")));
    let ty = Type::of(Scalar::Enum(&CHANNEL));
    assert_eq!(from_json(&json!("telegram_private"), ty), Ok(telegram));
    assert_eq!(from_json(&json!("new_messenger"), ty), Ok(Value::text("new_messenger")));
    assert!(from_json(&json!("third"), Type::of(Scalar::Enum(&CONTACT))).is_err(), "a closed enum");
}

#[test]
fn json_of_each_type() {
    for (scalar, json) in [
        (Scalar::Text, json!("Бренд")),
        (Scalar::Number, json!(4250)),
        (Scalar::Number, json!(12.5)),
        (Scalar::YesNo, json!(true)),
        (Scalar::Phone, json!("+74951234567")),
        (Scalar::Duration, json!(42)),
        (Scalar::Moment, json!("2026-03-02T12:00:00+03:00")),
        (Scalar::Moment, json!("2026-03-02T09:00:00Z")),
        (Scalar::Date, json!("2026-03-02")),
        (Scalar::Time, json!("09:30:00")),
        (Scalar::Enum(&CONTACT), json!("first")),
        (Scalar::Any, json!("gold")),
        (Scalar::Any, json!(false)),
    ] {
        let value = from_json(&json, Type::of(scalar)).unwrap();
        assert!(value.fits(Type::of(scalar)), "{value:?}");
        assert_eq!(to_json(&value, false), json);
    }
    assert_eq!(to_json(&Value::Missing, false), json!(null));
    assert_eq!(to_json(&Value::Missing, true), json!([]));
}

#[test]
fn json_of_another_type_is_refused() {
    for (scalar, json) in [
        (Scalar::Text, json!(5)),
        (Scalar::Number, json!("5")),
        (Scalar::YesNo, json!("yes")),
        (Scalar::Phone, json!("0160078")),
        (Scalar::Phone, json!(74951234567u64)),
        (Scalar::Duration, json!(1.5)),
        (Scalar::Duration, json!("42")),
        (Scalar::Moment, json!("2026-03-02T12:00:00")),
        (Scalar::Moment, json!("2026-03-02")),
        (Scalar::Date, json!("02.03.2026")),
        (Scalar::Text, json!({"a": 1})),
        (Scalar::Text, json!(["a"])),
    ] {
        assert!(from_json(&json, Type::of(scalar)).is_err(), "{scalar:?} {json}");
    }
    let misfit = from_json(&json!("x".repeat(500)), Type::of(Scalar::Number)).unwrap_err();
    assert!(misfit.to_string().len() < 150, "{misfit}");
}

#[test]
fn numbers_in_json_are_exact() {
    for text in ["0.1", "123456.78", "-7", "9007199254740993", "1e3"] {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        let value = from_json(&json, Type::of(Scalar::Number)).unwrap();
        assert_eq!(value, number(text));
    }
    assert!(decimal::parse("1e400").is_none());
    assert!(decimal::parse("1,5").is_none());
    assert_eq!(decimal::display(&Decimal::new(12_500, 3)), "12.5");
}

#[test]
fn phones_compare_as_numbers() {
    assert!(phone("8 (495) 123-45-67").same(&phone("+74951234567")));
    assert!(!phone("+74951234567").same(&Value::text("+74951234567")));
}

fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Missing),
        "[абАБ ]{0,3}".prop_map(Value::text),
        (-3i64..3).prop_map(|n| Value::Number(Decimal::from(n))),
        any::<bool>().prop_map(Value::Bool),
        (0i64..3).prop_map(|n| Value::Duration(Seconds(n))),
        (1i8..4).prop_map(|day| Value::Date(jiff::civil::date(2026, 3, day))),
        (0usize..2).prop_map(|n| Value::Enum(CONTACT.values().nth(n).unwrap())),
        (0u64..3).prop_map(|n| Value::Phone(Phone::from_digits(74_951_234_560 + n).unwrap())),
    ];
    prop_oneof![
        4 => scalar.clone(),
        1 => prop::collection::vec(scalar, 0..3).prop_map(Value::list),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn de_morgan(a in any_value(), b in any_value(), c in any_value()) {
        let (p, q) = (a.same(&b), a.contains(&c));
        prop_assert_eq!(!(p && q), !p || !q);
        prop_assert_eq!(!(p || q), !p && !q);
    }

    #[test]
    fn sameness_is_symmetric_and_reflexive_where_there_is_a_value(a in any_value(), b in any_value()) {
        prop_assert_eq!(a.same(&b), b.same(&a));
        prop_assert_eq!(a.same(&a), !a.is_missing());
        if a.same_exactly(&b) {
            prop_assert!(a.same(&b), "exactly the same is the same");
        }
    }

    #[test]
    fn order_is_total_inside_a_type_and_absent_between_types(a in any_value(), b in any_value()) {
        let ordered = a.order(&b).is_some();
        prop_assert_eq!(ordered, b.order(&a).is_some());
        let ways = [a.is_less(&b), a.is_greater(&b), ordered && a.same(&b)];
        prop_assert_eq!(ways.iter().filter(|way| **way).count(), usize::from(ordered));
        prop_assert_eq!(a.is_at_least(&b), a.is_greater(&b) || (ordered && a.same(&b)));
        prop_assert_eq!(a.is_at_most(&b), b.is_at_least(&a));
    }

    #[test]
    fn a_part_is_contained(text in "[абв]{1,6}", from in 0usize..3, length in 1usize..3) {
        let part: String = text.chars().skip(from).take(length).collect();
        if !part.is_empty() {
            prop_assert!(Value::text(text.as_str()).contains(&Value::text(part.as_str())));
        }
    }
}
