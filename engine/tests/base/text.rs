//! How texts are compared.

use proptest::prelude::*;
use switchboard_engine::text::{Text, fold};

#[test]
fn what_is_one() {
    for (a, b) in [
        ("Бренд", "  бренд "),
        ("ВЕСЕННЯЯ  распродажа", "весенняя\u{a0}распродажа"),
        ("STRASSE", "straße"),
        ("ΟΔΟΣ", "οδος"),
        ("й", "и\u{306}"),
        ("Café", "CAFE\u{301}"),
        ("a\tb\nc", "A B C"),
        ("K", "\u{212a}"),
    ] {
        assert!(Text::new(a).same(&Text::new(b)), "{a:?} and {b:?}");
    }
}

#[test]
fn what_is_not_one() {
    for (a, b) in [("ё", "е"), ("Ё", "Е"), ("й", "и"), ("ab", "a b"), ("с", "c"), ("", "-")] {
        assert!(!Text::new(a).same(&Text::new(b)), "{a:?} and {b:?}");
    }
}

#[test]
fn folding_is_not_kept_twice_when_it_changes_nothing() {
    let text = Text::new("весна");
    assert!(std::ptr::eq(text.as_str(), text.folded()));
}

fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        any::<String>(),
        "[a-zA-Zа-яА-ЯёЁ ]{0,8}",
        Just("\u{a0}".to_owned()),
        Just("\u{301}".to_owned()),
        Just("Σ".to_owned()),
        Just("ς".to_owned()),
        Just("İ".to_owned()),
        Just("\u{345}".to_owned()),
        Just("ŉ".to_owned()),
        Just("ﬃ".to_owned()),
    ];
    prop::collection::vec(pieces, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn folding_twice_is_folding_once(text in any_text()) {
        let once = fold(&text).into_owned();
        prop_assert_eq!(fold(&once).into_owned(), once);
    }

    #[test]
    fn case_and_outer_space_do_not_count(text in "[a-zA-Zа-яА-ЯёЁ0-9 .-]{0,20}", around in "[ \t\u{a0}]{0,3}") {
        let folded = fold(&text).into_owned();
        prop_assert_eq!(fold(&text.to_uppercase()).into_owned(), folded.clone());
        prop_assert_eq!(fold(&text.to_lowercase()).into_owned(), folded.clone());
        prop_assert_eq!(fold(&format!("{around}{text}{around}")).into_owned(), folded.clone());
        prop_assert_eq!(fold(&text.replace(' ', "  ")).into_owned(), folded.clone());
    }
}
