//! Values and filters as people read them.

use proptest::prelude::*;
use switchboard_engine::catalog::enums::{CHANNEL, CONTACT};
use switchboard_engine::decimal;
use switchboard_engine::filters::{self, Filter, FilterError, FilterKind};
use switchboard_engine::moment::Seconds;
use switchboard_engine::phone::Phone;
use switchboard_engine::schema::Spelling;
use switchboard_engine::text::Text;
use switchboard_engine::ty::{Scalar, Type};
use switchboard_engine::value::{Value, max_rendered_chars};
use switchboard_grammar::lang::Lang;

fn number(text: &str) -> Value {
    Value::Number(decimal::parse(text).unwrap())
}

fn moment() -> Value {
    Value::Moment("2026-03-02T09:05:07+03:00".parse().unwrap())
}

/// An argument as written: a blank is a separator here, not missing.
fn text(text: &str) -> Value {
    Value::Text(Text::new(text))
}

#[track_caller]
fn filter(name: &str, arguments: &[Value]) -> Result<Filter, FilterError> {
    Filter::new(filters::find(name).unwrap().0, arguments)
}

#[track_caller]
fn check(name: &str, arguments: &[Value], value: &Value, ru: &str) {
    let filter = filter(name, arguments).unwrap();
    assert_eq!(filter.apply(value, Lang::Ru).as_str(), Some(ru), "{name}");
}

#[test]
fn without_a_filter() {
    for (value, en, ru) in [
        (number("4250.50"), "4250.5", "4250,5"),
        (Value::Bool(true), "yes", "да"),
        (Value::Phone(Phone::parse("84951234567").unwrap()), "+74951234567", "+74951234567"),
        (moment(), "02.03.2026 09:05", "02.03.2026 09:05"),
        (Value::Duration(Seconds(125)), "2 min 5 s", "2 мин 5 с"),
        (Value::Duration(Seconds(0)), "0 s", "0 с"),
        (Value::Duration(Seconds(3_600)), "1 h", "1 ч"),
        (Value::Duration(Seconds(3_725)), "1 h 2 min", "1 ч 2 мин"),
        (Value::Duration(Seconds(90_000)), "1 d 1 h", "1 дн. 1 ч"),
        (Value::Duration(Seconds(-5)), "−5 s", "−5 с"),
        (Value::Enum(CONTACT.by_en("repeat").unwrap()), "repeat", "повторное"),
        (Value::Enum(CHANNEL.by_en("yandex_realty").unwrap()), "yandex realty", "яндекс недвижимость"),
        (Value::list([Value::text("a"), Value::text("b")]), "a, b", "a, b"),
        (Value::Missing, "", ""),
    ] {
        assert_eq!(value.render(Lang::En), en);
        assert_eq!(value.render(Lang::Ru), ru);
    }
}

#[test]
fn dates() {
    check("date", &[text("DD.MM HH:mm")], &moment(), "02.03 09:05");
    check("date", &[text("D.M.YY H:mm:ss")], &moment(), "2.3.26 9:05:07");
    check("date", &[text("D MMMM YYYY")], &moment(), "2 марта 2026");
    check("date", &[text("dddd, ddd")], &moment(), "понедельник, пн");
    check("date", &[text("ДД.ММ.ГГГГ ЧЧ:мм")], &moment(), "02.03.2026 09:05");
    check("date", &[text("D MMMM [в] HH:mm")], &moment(), "2 марта в 09:05");
    check("дата", &[text("DD")], &moment(), "02");
    let date = filter("date", &[text("D MMMM dddd")]).unwrap();
    assert_eq!(date.apply(&moment(), Lang::En).as_str(), Some("2 March Monday"));
    assert_eq!(date.apply(&Value::Missing, Lang::En), Value::Missing);
}

#[test]
fn shapes_that_are_none() {
    for (shape, token) in
        [("DDD", "DDD"), ("dd.MM", "dd"), ("hh:mm", "hh"), ("MMM", "MMM"), ("D at", "a"), ("[at", "[at")]
    {
        assert_eq!(filter("date", &[text(shape)]), Err(FilterError::DateToken { token: token.to_owned() }));
    }
    assert!(matches!(filter("date", &[text(&"-".repeat(101))]), Err(FilterError::TooLong { .. })));
    let time_of_date = filter("date", &[text("HH:mm")]).unwrap();
    assert!(time_of_date.prints_what_is_not_there(Scalar::Date));
    assert!(!time_of_date.prints_what_is_not_there(Scalar::Time));
    assert!(!time_of_date.prints_what_is_not_there(Scalar::Moment));
}

#[test]
fn plurals() {
    let forms = [text("звонок"), text("звонка"), text("звонков")];
    for (amount, word) in [
        ("0", "звонков"),
        ("1", "звонок"),
        ("2", "звонка"),
        ("4", "звонка"),
        ("5", "звонков"),
        ("11", "звонков"),
        ("12", "звонков"),
        ("14", "звонков"),
        ("21", "звонок"),
        ("22", "звонка"),
        ("111", "звонков"),
        ("101", "звонок"),
        ("-1", "звонок"),
        ("1.5", "звонка"),
        ("1000000", "звонков"),
    ] {
        check("plural", &forms, &number(amount), word);
    }
    check("plural", &[text("call"), text("calls")], &number("1"), "call");
    check("plural", &[text("call"), text("calls")], &number("21"), "calls");
}

#[test]
fn the_others() {
    check("phone", &[], &Value::Phone(Phone::parse("84951234567").unwrap()), "+7 495 123-45-67");
    check("upper", &[], &text("Весна"), "ВЕСНА");
    check("lower", &[], &text("Весна"), "весна");
    check("cut", &[number("5")], &text("Весна"), "Весна");
    check("cut", &[number("5")], &text("Весенняя"), "Весе…");
    check("cut", &[number("3")], &text("в лесу"), "в…");
    check("cut", &[number("1")], &text("Весна"), "…");
    check("join", &[text(" / ")], &Value::list([text("a"), number("2")]), "a / 2");
    check("join", &[text(" ")], &Value::list([text("a"), text("b")]), "a b");
    check("duration", &[], &Value::Duration(Seconds(125)), "2 мин 5 с");
}

#[test]
fn arguments() {
    assert_eq!(filter("cut", &[]).unwrap_err().to_string(), "`cut` takes one argument, 0 given");
    assert_eq!(filter("upper", &[text("x")]).unwrap_err().to_string(), "`upper` takes no arguments, 1 given");
    assert_eq!(
        filter("plural", &[text("x")]).unwrap_err().to_string(),
        "`plural` takes 2 to 3 arguments, 1 given"
    );
    for bad in [number("0"), number("-1"), number("1.5"), number("10001"), text("5")] {
        assert!(matches!(filter("cut", &[bad]), Err(FilterError::NeedsNumber { place: 1, .. })));
    }
    assert_eq!(filter("join", &[number("1")]), Err(FilterError::NeedsText { place: 1 }));
    assert_eq!(filter("plural", &[text("a"), number("1")]), Err(FilterError::NeedsText { place: 2 }));
}

#[test]
fn the_table() {
    for spec in &filters::ALL {
        assert_eq!(
            filters::find(spec.name).map(|(found, how)| (found.kind, how)),
            Some((spec.kind, Spelling::English))
        );
        assert_eq!(
            filters::find(spec.ru).map(|(found, how)| (found.kind, how)),
            Some((spec.kind, Spelling::Russian))
        );
        assert!(!spec.doc.en.is_empty() && !spec.doc.ru.is_empty());
        assert!(spec.example.contains(&format!("| {}", spec.name)), "{}", spec.example);
    }
    assert!(filters::find("trim").is_none());
    assert!(
        FilterKind::Date.takes(Type::of(Scalar::Moment)) && !FilterKind::Date.takes(Type::of(Scalar::Text))
    );
    assert!(
        FilterKind::Join.takes(Type::list_of(Scalar::Text))
            && !FilterKind::Join.takes(Type::of(Scalar::Text))
    );
    assert!(FilterKind::Plural.takes(Type::of(Scalar::Any)));
}

#[test]
fn what_visitors_smuggle_in_is_taken_out() {
    let hostile = text("Анна\u{202e}тсев\u{0}\r\nПетрова\t\u{200b}\u{feff}!\u{e0041}");
    assert_eq!(hostile.render(Lang::Ru), "Аннатсев  Петрова !");
    assert_eq!(filter("upper", &[]).unwrap().apply(&hostile, Lang::Ru).as_str(), Some("АННАТСЕВ  ПЕТРОВА !"));
    assert_eq!(text("👩‍💻 й").render(Lang::Ru), "👩‍💻 й", "joined pictures stay whole");
}

fn any_value() -> impl Strategy<Value = (Type, Value)> {
    let scalar = |scalar, value: Value| (Type::of(scalar), value);
    prop_oneof![
        ".{0,40}".prop_map(move |raw| scalar(Scalar::Text, text(&raw))),
        (any::<i64>(), 0u32..10).prop_map(move |(n, scale)| scalar(
            Scalar::Number,
            Value::Number(decimal::Decimal::new(n, scale))
        )),
        any::<bool>().prop_map(move |b| scalar(Scalar::YesNo, Value::Bool(b))),
        (0i64..8_640_000_000).prop_map(move |n| scalar(Scalar::Duration, Value::Duration(Seconds(n)))),
        (0i64..4_000_000_000).prop_map(move |n| {
            let instant = jiff::Timestamp::from_second(n).unwrap();
            let moment = switchboard_engine::moment::Moment::new(instant, jiff::tz::Offset::UTC);
            scalar(Scalar::Moment, Value::Moment(moment))
        }),
        (0usize..2)
            .prop_map(move |n| scalar(Scalar::Enum(&CONTACT), Value::Enum(CONTACT.values().nth(n).unwrap()))),
        (1_000_000u64..1_000_000_000_000_000)
            .prop_map(move |n| scalar(Scalar::Phone, Value::Phone(Phone::from_digits(n).unwrap()))),
    ]
}

fn any_filter() -> impl Strategy<Value = Filter> {
    prop_oneof![
        prop::sample::select(vec!["DD.MM.YYYY HH:mm:ss", "dddd D MMMM", "[на] ddd YY"])
            .prop_map(|shape| filter("date", &[text(shape)]).unwrap()),
        Just(filter("upper", &[]).unwrap()),
        Just(filter("lower", &[]).unwrap()),
        Just(filter("phone", &[]).unwrap()),
        Just(filter("duration", &[]).unwrap()),
        (1i64..50).prop_map(|n| filter("cut", &[Value::Number(n.into())]).unwrap()),
        Just(filter("plural", &[text("звонок"), text("звонка"), text("звонков")]).unwrap()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_longest_is_never_passed((ty, value) in any_value(), filter in any_filter(), ru in any::<bool>()) {
        let lang = if ru { Lang::Ru } else { Lang::En };
        let field = Some(40);
        let most = max_rendered_chars(ty, field).unwrap();
        let plain = value.render(lang);
        prop_assert!(plain.chars().count() <= most, "{plain:?} > {most}");
        // Untyped fields go through every filter, others only through those that take them.
        let ty = if filter.kind().takes(ty) { ty } else { Type::of(Scalar::Any) };
        let most = filter.max_chars(ty, field).unwrap();
        let filtered = filter.apply(&value, lang).render(lang);
        prop_assert!(filtered.chars().count() <= most.max(1), "{filtered:?} > {most}");
    }
}
