//! What conditions mean: operators over present and missing values, opposites, precedence.

use proptest::prelude::*;
use serde_json::json;
use switchboard_engine::bundle::Bundle;

use super::support::{call, decide, rules};

/// Whether a condition holds for an incoming call.
#[track_caller]
fn holds(condition: &str, fields: serde_json::Value) -> bool {
    decide(&filter(condition), &call(fields)).accepted
}

#[track_caller]
fn filter(condition: &str) -> std::sync::Arc<Bundle> {
    rules(&format!(
        "filter for incoming calls\n  accept when {condition}\n  else reject\n\n\
         list words: \"Бренд\", \"Лето\"\n\nlist phones: +7 900 123-45-67\n\n\
         schedule hours in \"Europe/Moscow\"\n  mon-fri: 09:00-18:00\n"
    ))
}

#[test]
fn every_operator_on_a_value_that_is_there() {
    let fields = json!({
        "campaign": " бренд ", "tags": ["Опт", "VIP клиент"], "phone": "+79001234567", "rating": 5,
        "talk_time": 30, "missed": true, "started": "2026-03-02T12:00:00+03:00", "contact": "first",
        "call_source": "a_new_one",
    });
    let yes = [
        "campaign is \"Бренд\"",
        "campaign is not \"Лето\"",
        "campaign is exactly \" бренд \"",
        "campaign is not exactly \"Бренд\"",
        "campaign in (\"Лето\", \"БРЕНД\")",
        "campaign not in (\"Лето\", \"Зима\")",
        "campaign in words",
        "campaign contains \"РЕН\"",
        "campaign starts with \"бре\"",
        "campaign ends with \"нд\"",
        "campaign like \"Б?ЕН*\"",
        "campaign not like \"Б?ЕН\"",
        "campaign is present",
        "tags contains \"опт\"",
        "tags not contains \"оп\"",
        "tags starts with \"vip\"",
        "tags like \"*клиент\"",
        "\"опт\" in tags",
        "phone is +7 900 123-45-67",
        "phone in phones",
        "phone starts with \"+7 900\"",
        "phone starts with \"8 900\"",
        "phone ends with \"45-67\"",
        "phone contains \"123\"",
        "phone like \"+7900*\"",
        "rating is 5",
        "rating > 4.5",
        "rating <= 5",
        "talk_time >= 30 s",
        "talk_time < 1 min",
        "talk_time is 30 s",
        "missed",
        "missed is yes",
        "not transferred",
        "started in hours",
        "started >= 2026-03-02 12:00",
        "started is 2026-03-02 12:00",
        "started < 2026-03-02 12:01",
        "contact is first",
        "contact is not repeat",
        "contact in (first, repeat)",
        "call_source is \"a_new_one\"",
        "call_source is not call_tracking",
        "visitor.city else campaign is \"бренд\"",
        "(visitor.city else visitor.region else \"Тула\") is \"тула\"",
    ];
    for condition in yes {
        assert!(holds(condition, fields.clone()), "{condition}");
        assert!(!holds(&format!("not ({condition})"), fields.clone()), "not ({condition})");
    }
}

#[test]
fn every_operator_on_a_missing_value() {
    let no = [
        "campaign is \"Бренд\"",
        "campaign is exactly \"Бренд\"",
        "campaign in (\"Бренд\")",
        "campaign in words",
        "campaign contains \"р\"",
        "campaign starts with \"б\"",
        "campaign ends with \"д\"",
        "campaign like \"*\"",
        "campaign is present",
        "tags contains \"опт\"",
        "\"опт\" in tags",
        "phone in phones",
        "phone starts with \"+7\"",
        "rating > 0",
        "rating >= 0",
        "rating < 9",
        "rating <= 9",
        "rating is 0",
        "talk_time < 1 min",
        "missed",
        "missed is no",
        "started in hours",
        "started < 2030-01-01 00:00",
        "contact is first",
        "client.name is name",
    ];
    for condition in no {
        assert!(!holds(condition, json!({})), "{condition}");
        assert!(holds(&format!("not ({condition})"), json!({})), "not ({condition})");
    }
    for condition in [
        "campaign is not \"Бренд\"",
        "campaign not in words",
        "campaign not contains \"р\"",
        "campaign is missing",
        "tags is missing",
        "not missed",
        "started not in hours",
    ] {
        assert!(holds(condition, json!({})), "{condition}");
        assert!(!holds(&format!("not ({condition})"), json!({})), "not ({condition})");
    }
}

#[test]
fn nothing_in_every_dress_is_missing() {
    for nothing in [json!(null), json!(""), json!("  \u{a0}"), json!("{{campaign_name}}"), json!("{{ x }}")] {
        assert!(holds("campaign is missing", json!({ "campaign": nothing })), "{nothing}");
    }
    assert!(holds("tags is missing", json!({ "tags": [] })));
    assert!(holds("tags is missing", json!({ "tags": [null, " "] })));
}

#[test]
fn moments_are_compared_on_the_clock_of_the_event() {
    let late = json!({ "started": "2026-03-02T23:30:00+10:00" });
    assert!(holds("started > 2026-03-02 23:00", late.clone()));
    assert!(!holds("started in hours", json!({ "started": "2026-03-02T18:00:00+03:00" })));
    // Noon in Vladivostok is five in the morning in Moscow.
    assert!(!holds("started in hours", json!({ "started": "2026-03-02T12:00:00+10:00" })));
    assert!(holds(
        "started < finished",
        json!({
            "started": "2026-03-02T12:00:00+10:00", "finished": "2026-03-02T12:00:00+03:00"
        })
    ));
}

#[test]
fn and_binds_tighter_than_or() {
    let fields = json!({ "site": "a.ru" });
    assert!(holds("site is \"a.ru\" or site is \"b.ru\" and source is \"x\"", fields.clone()));
    assert!(!holds("(site is \"a.ru\" or site is \"b.ru\") and source is \"x\"", fields));
}

#[test]
fn yo_is_not_ye_and_case_and_space_do_not_count() {
    let fields = json!({ "name": "ПЁТР   Иванов " });
    assert!(holds("name is \"пётр иванов\"", fields.clone()));
    assert!(!holds("name is \"петр иванов\"", fields));
}

/// Conditions over two fields that may be missing, with their meaning written a second time in Rust.
#[derive(Clone, Debug)]
enum Logic {
    Atom(usize),
    Not(Box<Logic>),
    And(Box<Logic>, Box<Logic>),
    Or(Box<Logic>, Box<Logic>),
}

type Atom = (&'static str, fn(Option<&str>, Option<i64>) -> bool);

const ATOMS: [Atom; 8] = [
    ("campaign is \"a\"", |text, _| text == Some("a")),
    ("campaign is not \"a\"", |text, _| text != Some("a")),
    ("campaign in (\"a\", \"b\")", |text, _| matches!(text, Some("a" | "b"))),
    ("campaign is missing", |text, _| text.is_none()),
    ("rating > 3", |_, number| number.is_some_and(|number| number > 3)),
    ("rating <= 3", |_, number| number.is_some_and(|number| number <= 3)),
    ("rating is present", |_, number| number.is_some()),
    ("campaign contains \"a\"", |text, _| text.is_some_and(|text| text.contains('a'))),
];

impl Logic {
    fn text(&self) -> String {
        match self {
            Logic::Atom(at) => ATOMS[*at].0.to_owned(),
            Logic::Not(of) => format!("not ({})", of.text()),
            Logic::And(one, two) => format!("({}) and ({})", one.text(), two.text()),
            Logic::Or(one, two) => format!("({}) or ({})", one.text(), two.text()),
        }
    }

    fn holds(&self, campaign: Option<&str>, rating: Option<i64>) -> bool {
        match self {
            Logic::Atom(at) => ATOMS[*at].1(campaign, rating),
            Logic::Not(of) => !of.holds(campaign, rating),
            Logic::And(one, two) => one.holds(campaign, rating) && two.holds(campaign, rating),
            Logic::Or(one, two) => one.holds(campaign, rating) || two.holds(campaign, rating),
        }
    }
}

fn logic() -> impl Strategy<Value = Logic> {
    let leaf = (0..ATOMS.len()).prop_map(Logic::Atom);
    leaf.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|of| Logic::Not(Box::new(of))),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| Logic::And(Box::new(one), Box::new(two))),
            (inner.clone(), inner).prop_map(|(one, two)| Logic::Or(Box::new(one), Box::new(two))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn conditions_mean_what_logic_says(logic in logic()) {
        let bundle = filter(&logic.text());
        for campaign in [None, Some("a"), Some("b"), Some("ca")] {
            for rating in [None, Some(3), Some(4)] {
                let event = call(json!({ "campaign": campaign, "rating": rating }));
                prop_assert_eq!(decide(&bundle, &event).accepted, logic.holds(campaign, rating));
            }
        }
    }

    #[test]
    fn de_morgan(one in logic(), two in logic()) {
        let (one, two) = (one.text(), two.text());
        let left = filter(&format!("not (({one}) and ({two}))"));
        let right = filter(&format!("not ({one}) or not ({two})"));
        for campaign in [None, Some("a"), Some("zz")] {
            for rating in [None, Some(1), Some(9)] {
                let event = call(json!({ "campaign": campaign, "rating": rating }));
                prop_assert_eq!(decide(&left, &event).accepted, decide(&right, &event).accepted);
            }
        }
    }
}
