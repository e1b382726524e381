//! Wildcards against a plain and slow reading of them.

use proptest::prelude::*;
use std::time::Instant;
use switchboard_engine::text::fold;
use switchboard_engine::value::{Pattern, PatternError};

#[track_caller]
fn check(pattern: &str, text: &str, expected: bool) {
    assert_eq!(Pattern::new(pattern).unwrap().matches(text), expected, "{pattern:?} on {text:?}");
}

#[test]
fn whole_values_only() {
    check("VIP*", "vip клиенты", true);
    check("VIP*", "супер vip", false);
    check("*vip*", "супер VIP клиенты", true);
    check("vip", "VIP ", true);
    check("vip", "vip1", false);
    check("*", "что угодно", true);
    check("Лето ?", "лето 5", true);
    check("Лето ?", "лето 55", false);
    check("Лето ??", "лето 55", true);
    check("?", "й", true);
    check("a*b*c", "abc", true);
    check("a*b*c", "a1b2b3c", true);
    check("a*b*c", "acb", false);
    check("ab*ba", "aba", false);
    check("VIP *", "vip клиенты", true);
    check("VIP *", "vipклиенты", false);
}

#[test]
fn a_backslash_makes_wildcards_plain() {
    check(r"5\*", "5*", true);
    check(r"5\*", "55", false);
    check(r"как\?", "как?", true);
    check(r"как\?", "какая", false);
    check(r"a\\*", r"a\b", true);
    check(r"a\b", r"a\b", true);
}

#[test]
fn what_is_no_pattern() {
    assert_eq!(Pattern::new(""), Err(PatternError::Empty));
    assert_eq!(Pattern::new("   "), Err(PatternError::Empty));
    assert!(Pattern::new(&"a".repeat(255)).is_ok());
    assert_eq!(Pattern::new(&"a".repeat(256)), Err(PatternError::TooLong { found: 256 }));
    // Folding makes six letters of three here.
    assert!(matches!(Pattern::new(&"ﬃ".repeat(100)), Err(PatternError::TooLong { .. })));
}

#[test]
fn plain_patterns_are_told_apart() {
    assert!(Pattern::new("vip").unwrap().is_plain());
    assert!(Pattern::new(r"5\*").unwrap().is_plain());
    assert!(!Pattern::new("vip*").unwrap().is_plain());
    assert!(!Pattern::new("vi?").unwrap().is_plain());
}

/// What backtracking would take longer than the universe for.
#[test]
fn no_text_makes_matching_slow() {
    let text = "a".repeat(100_000);
    let started = Instant::now();
    for pattern in ["*a?".repeat(60), "a*".repeat(120), "?a*".repeat(80)] {
        check(&format!("{pattern}b"), &text, false);
    }
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

/// `*` and `?` as anyone would write it down first.
fn naive(pattern: &[char], text: &[char]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some(('*', rest)), _) => {
            naive(rest, text) || text.split_first().is_some_and(|(_, text)| naive(pattern, text))
        }
        (Some(('?', rest)), Some((_, text))) => naive(rest, text),
        (Some((c, rest)), Some((d, text))) => c == d && naive(rest, text),
        (Some(_), None) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn as_the_naive_reading(pattern in "[абв*?]{1,9}", text in "[абв]{0,10}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        let expected = naive(&chars(&pattern), &chars(&text));
        prop_assert_eq!(Pattern::new(&pattern).unwrap().matches(&text), expected);
    }

    #[test]
    fn a_text_matches_itself(text in any::<String>()) {
        let escaped: String = text.chars().flat_map(|c| match c {
            '*' | '?' | '\\' => vec!['\\', c],
            c => vec![c],
        }).collect();
        match Pattern::new(&escaped) {
            // The two marks that patterns use inside are taken out of their plain text.
            Ok(pattern) if !text.contains(['\u{e000}', '\u{e001}']) => prop_assert!(pattern.matches(&text)),
            Ok(_) => {}
            Err(PatternError::Empty) => prop_assert!(fold(&text).is_empty()),
            Err(_) => prop_assert!(text.chars().count() > 80),
        }
    }
}
