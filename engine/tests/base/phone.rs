//! Phones as people and systems write them.

use proptest::prelude::*;
use switchboard_engine::phone::{Phone, PhoneError};

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(Phone::parse(text).map(|phone| phone.to_string()).as_deref(), Ok(expected), "{text:?}");
}

#[track_caller]
fn check_none(text: &str, reason: PhoneError) {
    assert_eq!(Phone::parse(text), Err(reason), "{text:?}");
}

#[test]
fn russian_numbers_in_every_dress() {
    for text in [
        "+74951234567",
        "74951234567",
        "84951234567",
        "8 (495) 123-45-67",
        "+7 (495) 123-45-67",
        "+7 495 123 45 67",
        "8-495-123-45-67",
        "+7.495.123.45.67",
        "(495) 123-45-67",
        "495 123-45-67",
        "4951234567",
        " 7 495\u{a0}123\u{2011}45\u{2011}67 ",
        "\u{202a}+7 495 123-45-67\u{202c}",
        "+7 ４９５ 123-45-67",
        "tel:+7-495-123-45-67",
        "sip:74951234567@sip.uiscom.ru",
    ] {
        check(text, "+74951234567");
    }
    check("9991234567", "+79991234567");
    check("8 800 555-35-35", "+78005553535");
    check("79000000010", "+79000000010");
}

#[test]
fn kazakhstan_shares_the_code() {
    check("+7 701 234 56 78", "+77012345678");
    check("77012345678", "+77012345678");
    check("87012345678", "+77012345678");
    check("7012345678", "+77012345678");
}

#[test]
fn other_countries() {
    check("+375 29 123-45-67", "+375291234567");
    check("375291234567", "+375291234567");
    check("8 10 375 29 123-45-67", "+375291234567");
    check("+44 20 7946 0958", "+442079460958");
    check("+49 30 901820", "+4930901820");
    check("+86 138 0013 8000", "+8613800138000");
    check("8613800138000", "+8613800138000");
    check("+1 212 555 0100", "+12125550100");
    check("+998 90 123 45 67", "+998901234567");
}

#[test]
fn extensions_are_kept_apart() {
    for (text, extension) in [
        ("74950000002...2345", "2345"),
        ("74950000002…2345", "2345"),
        ("74950000002,2345", "2345"),
        ("+7 495 000-00-02 доб. 2345", "2345"),
        ("+7 495 000-00-02 (доб. 2345)", "2345"),
        ("+7 495 000-00-02 ext 2345", "2345"),
        ("+7 495 000-00-02 x2345", "2345"),
        ("+74950000002;ext=2345", "2345"),
        ("74950000002...9.2.3.3", "9233"),
    ] {
        let reading = Phone::read(text).unwrap();
        assert_eq!(reading.phone.to_string(), "+74950000002", "{text}");
        assert_eq!(reading.extension.as_deref(), Some(extension), "{text}");
    }
    assert_eq!(Phone::read("74950000002").unwrap().extension, None);
    assert_eq!(Phone::read("74950000002...").unwrap().extension, None);
}

#[test]
fn what_is_no_phone() {
    for text in ["", "  ", "{{contact_phone_number}}"] {
        check_none(text, PhoneError::Missing);
    }
    for text in
        ["anonymous", "Hidden", "номер скрыт", "7900***4567", "7900XXX4567", "7900ххх4567", "+7900•••4567"]
    {
        check_none(text, PhoneError::Hidden);
    }
    for text in ["0160078", "102", "123-45-67", "1234567", "112", "495123456"] {
        check_none(text, PhoneError::TooShort);
    }
    for text in
        ["anna@romashka.ru", "Анна", "+", "7495abc4567", "8 495 123-45-67, 8 916 123-45-67", "+7+7495"]
    {
        check_none(text, PhoneError::NotAPhone);
    }
    check_none(&"7".repeat(100), PhoneError::NotAPhone);
    check_none("7495123456789012", PhoneError::TooLong);
    for text in ["+7 095 123-45-67", "+7 495 123-45-6", "+999 123 456 789", "+0 495 123 45 67"] {
        check_none(text, PhoneError::Unassigned);
    }
}

#[test]
fn a_number_with_a_missing_digit_is_not_taken_for_another() {
    // Ten digits from 7: a Moscow number without its last digit, no number of Kazakhstan.
    check_none("7495123456", PhoneError::Unassigned);
}

#[test]
fn shown_to_people() {
    let display = |text: &str| Phone::parse(text).unwrap().display();
    assert_eq!(display("84951234567"), "+7 495 123-45-67");
    assert_eq!(display("+77012345678"), "+7 701 234-56-78");
    assert_eq!(display("+375291234567"), "+375291234567");
}

#[test]
fn never_whole_in_a_log() {
    let phone = Phone::parse("+79001234567").unwrap();
    assert_eq!(format!("{phone:?}"), "Phone(7900***4567)");
    assert_eq!(phone.masked(), "7900***4567");
}

#[test]
fn digits_have_bounds() {
    assert!(Phone::from_digits(999_999).is_none());
    assert!(Phone::from_digits(1_000_000).is_some());
    assert!(Phone::from_digits(999_999_999_999_999).is_some());
    assert!(Phone::from_digits(1_000_000_000_000_000).is_none());
    assert!(Phone::from_digits(0).is_none());
}

#[test]
fn reasons_have_both_languages() {
    for error in [PhoneError::Missing, PhoneError::Hidden, PhoneError::TooShort, PhoneError::Unassigned] {
        assert!(error.to_string().is_ascii() && !error.ru().is_ascii());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = Phone::read(&text);
    }

    #[test]
    fn never_panics_on_what_looks_like_a_phone(text in "[0-9+() .,;x#*-]{0,24}") {
        let _ = Phone::read(&text);
    }

    #[test]
    fn what_is_written_is_read_back(area in prop::sample::select(vec![3u64, 4, 8, 9, 7]), rest in 0u64..1_000_000_000) {
        let phone = Phone::from_digits(70_000_000_000 + area * 1_000_000_000 + rest).unwrap();
        for text in [
            phone.to_string(),
            phone.display(),
            phone.digits().to_string(),
            format!("8{:010}", phone.digits() - 70_000_000_000),
        ] {
            prop_assert_eq!(Phone::parse(&text), Ok(phone));
        }
    }
}
