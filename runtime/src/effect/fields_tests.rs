//! Every type of field, with values that fit, values that can be made to fit, and values that cannot.

use serde_json::json;
use switchboard_engine::moment::{Moment, Seconds};

use super::*;
use crate::crm::{CustomField, Element};
use crate::directory::CrmPart;

const TYPES: &[(&str, FieldType)] = &[
    ("string", FieldType::String),
    ("text", FieldType::Text),
    ("email", FieldType::Email),
    ("boolean", FieldType::Boolean),
    ("integer", FieldType::Integer),
    ("numeric", FieldType::Numeric),
    ("date", FieldType::Date),
    ("datetime", FieldType::Datetime),
    ("dictionary", FieldType::Dictionary),
    ("multi", FieldType::MultiselectDictionary),
    ("orphan", FieldType::Dictionary),
];

fn directory() -> Snapshot {
    let field = |&(code, kind): &(&str, FieldType)| CustomField {
        entity: FieldEntity::Order,
        code: code.to_owned(),
        kind,
        dictionary: match code {
            "dictionary" | "multi" => Some("sources".to_owned()),
            "orphan" => Some("gone".to_owned()),
            _ => None,
        },
        name: None,
    };
    let element = |code: &str, name: &str| Element { code: code.to_owned(), name: name.to_owned() };
    let elements = vec![element("yandex", "Яндекс"), element("vk", "ВКонтакте"), element("ya2", "yandex")];
    let crm = CrmPart {
        fields: TYPES.iter().map(field).collect(),
        dictionaries: vec![Dictionary { code: "sources".to_owned(), elements }],
        timezone: Some("Europe/Moscow".to_owned()),
        ..CrmPart::default()
    };
    Snapshot::new(&crm, None, (None, None))
}

fn write(code: &str, value: Value) -> FieldWrite {
    FieldWrite { code: code.into(), value, always: false }
}

#[track_caller]
fn fits(code: &str, value: Value, json: Json) {
    let converted = convert(&[&write(code, value.clone())], FieldEntity::Order, &directory());
    assert_eq!(converted.fields.get(code), Some(&json), "{code} from {value:?}: {:?}", converted.dropped);
    assert!(converted.dropped.is_empty());
}

#[track_caller]
fn dropped(code: &str, value: Value, reason: DropReason) {
    let converted = convert(&[&write(code, value.clone())], FieldEntity::Order, &directory());
    assert!(converted.fields.is_empty(), "{code} from {value:?}");
    assert_eq!(converted.dropped, [Dropped { code: code.to_owned(), reason }], "{code} from {value:?}");
}

fn number(text: &str) -> Value {
    Value::Number(decimal::parse(text).expect("a number"))
}

fn moment() -> Value {
    Value::Moment("2026-03-02T21:30:31+00:00".parse::<Moment>().expect("a moment"))
}

fn wrong(wanted: FieldType) -> DropReason {
    DropReason::WrongType { wanted }
}

#[test]
fn everything_has_words() {
    fits("string", Value::text("Бренд"), json!("Бренд"));
    fits("string", number("12.50"), json!("12.5"));
    fits("string", Value::Bool(true), json!("да"));
    fits("string", Value::Duration(Seconds(42)), json!("42"));
    fits("string", moment(), json!("2026-03-03 00:30:31"));
    fits("text", Value::list([Value::text("один"), number("2")]), json!("один, 2"));
    fits(
        "text",
        Value::Phone(switchboard_engine::phone::Phone::parse("89990001122").expect("a phone")),
        json!("+79990001122"),
    );
}

#[test]
fn a_long_text_is_cut_and_that_is_shown() {
    let long = "я".repeat(300);
    let converted =
        convert(&[&write("string", Value::text(long.as_str()))], FieldEntity::Order, &directory());
    let kept = converted.fields.get("string").and_then(Json::as_str).expect("a text");
    assert_eq!(kept.chars().count(), MAX_STRING_CHARS);
    let cut = Dropped { code: "string".to_owned(), reason: DropReason::Cut { max_chars: MAX_STRING_CHARS } };
    assert_eq!(converted.dropped, [cut]);
    fits("text", Value::text(long.as_str()), json!(long));
}

#[test]
fn numbers_are_numbers() {
    fits("integer", number("42"), json!(42));
    fits("integer", number("42.00"), json!(42));
    fits("integer", Value::text(" 7 "), json!(7));
    fits("integer", Value::Duration(Seconds(53)), json!(53));
    fits("integer", Value::Bool(true), json!(1));
    dropped("integer", number("42.5"), wrong(FieldType::Integer));
    dropped("integer", Value::text("много"), wrong(FieldType::Integer));
    dropped("integer", number("99999999999999999999"), wrong(FieldType::Integer));
    dropped("integer", moment(), wrong(FieldType::Integer));
    fits("numeric", number("42.5"), json!(42.5));
    fits("numeric", number("42"), json!(42));
    dropped("numeric", Value::text("1 000"), wrong(FieldType::Numeric));
}

#[test]
fn yes_and_no_are_booleans() {
    fits("boolean", Value::Bool(false), json!(false));
    fits("boolean", Value::text("Да"), json!(true));
    fits("boolean", number("0"), json!(false));
    dropped("boolean", number("2"), wrong(FieldType::Boolean));
    dropped("boolean", Value::text("может быть"), wrong(FieldType::Boolean));
}

#[test]
fn moments_are_in_the_zone_of_the_crm() {
    fits("datetime", moment(), json!("2026-03-03 00:30:31"));
    fits("date", moment(), json!("2026-03-03"));
    fits("date", Value::text("2026-03-02"), json!("2026-03-02"));
    dropped("date", Value::text("вчера"), wrong(FieldType::Date));
    dropped("datetime", Value::text("2026-03-02 12:00"), wrong(FieldType::Datetime));
}

#[test]
fn addresses_of_mail_are_looked_at() {
    fits("email", Value::text("anna@client.example"), json!("anna@client.example"));
    for bad in ["anna", "anna@host", "@host.example", "a b@host.example", "a@b@c.example"] {
        dropped("email", Value::text(bad), wrong(FieldType::Email));
    }
}

#[test]
fn elements_are_found_by_code_then_by_name() {
    fits("dictionary", Value::text("yandex"), json!("yandex"));
    fits("dictionary", Value::text("яндекс"), json!("yandex"));
    fits("dictionary", Value::text("VK"), json!("vk"));
    let unknown = || DropReason::NotInDictionary { dictionary: "sources".to_owned() };
    dropped("dictionary", Value::text("Google"), unknown());
    fits("multi", Value::list([Value::text("vk"), Value::text("Яндекс")]), json!(["vk", "yandex"]));
    fits("multi", Value::text("vk"), json!(["vk"]));
    dropped("multi", Value::list([Value::text("vk"), Value::text("Google")]), unknown());
    dropped("orphan", Value::text("vk"), DropReason::NotInDictionary { dictionary: "gone".to_owned() });
}

#[test]
fn an_unknown_field_is_shown_and_a_missing_value_is_not() {
    dropped("nowhere", Value::text("x"), DropReason::NoSuchField);
    let converted = convert(&[&write("string", Value::Missing)], FieldEntity::Order, &directory());
    assert_eq!(converted, Converted::default());
    // The same code of the other entity is another field.
    let converted = convert(&[&write("string", Value::text("x"))], FieldEntity::Customer, &directory());
    assert_eq!(converted.dropped.first().map(|dropped| &dropped.reason), Some(&DropReason::NoSuchField));
}

#[test]
fn every_reason_has_words_in_both_languages() {
    let reasons = [
        DropReason::NoSuchField,
        wrong(FieldType::Integer),
        DropReason::NotInDictionary { dictionary: "d".to_owned() },
        DropReason::Cut { max_chars: 255 },
    ];
    for reason in reasons {
        let text = reason.text();
        assert!(!text.en.is_empty() && !text.ru.is_empty() && text.en != text.ru, "{reason:?}");
    }
}
