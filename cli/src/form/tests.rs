//! Any form becomes rules and comes back as it was, and the rules decide as the form says.

mod naive;
mod reading;
mod strategies;

use proptest::prelude::*;
use serde_json::{Value, json};
use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, Slot, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_engine::phone::Phone;
use switchboard_engine::value::Value as Answer;
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;

use super::export::export;
use super::model::Settings;
use super::read::read;
use super::write::write;

/// Findings of any severity that a form can call for by itself.
const CALLED_FOR: [&str; 11] = [
    "duplicate-risk",
    // A form has a row for new clients and one for known ones, also where both say the same.
    "mergeable-rows",
    // Fields of something that no row creates, and filters of one part that leave nothing to another.
    "never-created-entity",
    "row-blocked-by-filter",
    // Values of one parameter that exclude or repeat each other.
    "never-true",
    "redundant-test",
    "unreachable-line",
    "unreachable-row",
    // Filters of responsible people that no list comes to.
    "unused-table",
    "idle-column",
    "title-too-long",
];

fn loaded(rules: &str) -> Loaded {
    load(&BundleSource::single(rules), &LoadOptions::default())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// The form through rules and back; its rules are whole, formatted and in the language asked for.
#[track_caller]
fn through_rules(settings: &Settings, lang: Lang) -> Settings {
    let rules = write(settings, lang);
    let found = loaded(&rules).diagnostics;
    let uncalled: Vec<&str> =
        found.iter().map(|found| found.code.name).filter(|name| !CALLED_FOR.contains(name)).collect();
    assert_eq!(uncalled, Vec::<&str>::new(), "{rules}");
    assert!(found.iter().all(|found| found.severity != Severity::Error), "{rules}");
    assert_eq!(switchboard_grammar::format(&rules), rules);
    assert!(rules.starts_with(lang.pick("rules 1\n", "правила 1\n")), "{rules}");
    export(&[("main.rules".to_owned(), rules.clone())])
        .unwrap_or_else(|obstacles| panic!("{obstacles:#?}\n{rules}"))
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn any_form_comes_back_from_rules_as_it_was(settings in strategies::settings(strategies::any_text())) {
        for lang in [Lang::En, Lang::Ru] {
            let back = through_rules(&settings, lang);
            prop_assert_eq!(&back, &settings, "{}", write(&settings, lang));
        }
    }

    #[test]
    fn any_form_comes_back_from_json_as_it_was(settings in strategies::settings(strategies::any_text())) {
        let json = settings.to_json();
        let back = read(&json).unwrap_or_else(|problems| panic!("{problems:#?}\n{json}"));
        prop_assert_eq!(back, settings);
    }

    #[test]
    fn rules_decide_as_the_form_says(
        settings in strategies::settings(strategies::few_texts()),
        events in proptest::collection::vec(strategies::event(), 16),
    ) {
        let rules = write(&settings, Lang::En);
        let bundle = loaded(&rules).bundle.expect("the rules of a form load");
        let click = settings.telephony.as_ref().and_then(|telephony| telephony.click_to_call.as_ref());
        let shown = bundle.setting(Slot::OutgoingCall, "click_to_call_number");
        let number = click.map(|click| Phone::parse(&click.number).expect("a number"));
        prop_assert_eq!(shown, number.map_or(Answer::Missing, Answer::Phone));
        let always = bundle.setting(Slot::OutgoingCall, "always_show_number");
        prop_assert_eq!(always == Answer::Bool(true), click.is_some_and(|click| click.always_show));
        for event in events {
            let wanted = naive::decide(&settings, &event);
            let read = Event::from_json(&event).unwrap_or_else(|errors| panic!("{errors:?}\n{event}"));
            let now = "2026-03-02T12:00:00+03:00".parse().expect("a moment");
            let decided = bundle.decide(&read, &Facts::none(), now).to_json(Lang::En);
            prop_assert_eq!(naive::seen(&decided), wanted, "{}\n{}", event, rules);
        }
    }
}

#[test]
fn deals_are_what_the_form_says() {
    let order = json!({"kind": "order", "order": {
        "number": "1", "status": "new", "total": 100, "total_with_delivery": 130, "store": "msk",
        "created": "2026-03-02T12:00:00+03:00", "paid": false, "custom": {"promo": "spring", "other": "x"},
    }});
    let order = Event::from_json(&order).unwrap_or_else(|errors| panic!("{errors:?}"));
    let now = "2026-03-02T12:00:00+03:00".parse().expect("a moment");
    for (funnel, with_delivery, wanted) in [
        ("single", true, json!({"funnel": "default", "store": null, "amount": 130})),
        ("single", false, json!({"funnel": "default", "store": null, "amount": 100})),
        ("per_store", true, json!({"funnel": "per_store", "store": "msk", "amount": 130})),
    ] {
        let form = json!({"version": 1, "deals": {
            "fields": ["promo"], "funnel": funnel, "with_delivery": with_delivery,
        }});
        let settings = read(&form.to_string()).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let bundle = loaded(&write(&settings, Lang::Ru)).bundle.expect("the rules load");
        let deal = bundle.decide(&order, &Facts::none(), now).to_json(Lang::En)["deal"].clone();
        for name in ["funnel", "store", "amount"] {
            assert_eq!(deal[name], wanted[name], "{name} of {deal}");
        }
        assert_eq!(deal["pass"], json!({"promo": "spring"}));
        assert_eq!(through_rules(&settings, Lang::Ru), settings);
    }
}

#[test]
fn an_empty_form_switches_telephony_off() {
    let settings = read(r#"{"version": 1}"#).expect("a form");
    assert_eq!(settings, Settings::default());
    assert_eq!(write(&settings, Lang::En), "rules 1\n\nfilter for calls\n  else reject\n");
    assert_eq!(through_rules(&settings, Lang::Ru), settings);
}

#[test]
fn rules_that_say_the_same_in_other_words_are_the_same_form() {
    let rules = r#"rules 1

include "more.rules"

# People write it shorter than the program does.
filter for incoming calls, chats
  accept when site in ("a.ru", "b.ru") or (campaign is "Spring")
  else reject

settings for calls, chats
  default_responsible: "anna@romashka.ru"

table entities for calls, chats, only match
  | contact || responsible                        | create        |
  |---------||------------------------------------|---------------|
  | repeat  || -                                  | nothing       |
  | first   || answered_by                        | order, client |

task for missed calls, failed calls, missed chats
  title:  default
  assign: client.manager else default_responsible
  due:    1 day 1 hour after finished
"#;
    let more = "rules 1\n\ntable store for calls\n  | virtual_number || store |\n  |---||---|\n  \
        | 8 495 123-45-67, +7 812 123-45-67 || \"msk\" |\n  | else || \"main\" |\n";
    let files = [("main.rules".to_owned(), rules.to_owned()), ("more.rules".to_owned(), more.to_owned())];
    let form = export(&files).unwrap_or_else(|obstacles| panic!("{obstacles:#?}"));
    let one_of = json!({"any": [
        {"field": "site", "is": "a.ru"}, {"field": "site", "is": "b.ru"}, {"field": "campaign", "is": "Spring"}
    ]});
    let entities = json!({
        "first": {"create": ["client", "order"], "responsible": ["answered_by"]}, "repeat": {"create": []}
    });
    let task = json!({"assignee": ["client.manager"], "hours": 25});
    let default = json!({"default": "anna@romashka.ru"});
    let mut incoming = entities.clone();
    incoming["forward_to_manager"] = json!(false);
    let mut chats = entities.clone();
    chats["filter"] = one_of.clone();
    chats["create_at"] = json!("contact_left");
    chats["without_contacts"] = json!(false);
    chats["missed_task"] = task.clone();
    chats["responsible"] = default.clone();
    let wanted = json!({
        "version": 1,
        "telephony": {
            "filter": {"incoming": one_of},
            "incoming": incoming,
            "outgoing": entities,
            "tasks": {"missed_incoming": task, "failed_outgoing": task},
            "stores": {"default": "main", "by_virtual_number": {"+74951234567": "msk", "+78121234567": "msk"}},
            "responsible": {"incoming": default, "outgoing": default},
        },
        "chats": chats,
    });
    let got: Value = serde_json::from_str(&form.to_json()).expect("JSON");
    assert_eq!(got, wanted);
}

/// Lines that the form has no place for, each of a bundle that is fine otherwise, and a piece of the reason.
const BEYOND: [(&str, &str); 26] = [
    ("filter for calls\n  reject when site is \"a\"\n  else accept", "let in what they name"),
    ("filter for calls\n  accept when not (site is \"a\")\n  else reject", "let in what they name"),
    ("filter for calls\n  accept when site like \"a*\"\n  else reject", "let in what they name"),
    ("filter for calls\n  accept when site is exactly \"a\"\n  else reject", "let in what they name"),
    ("filter for chats\n  accept when visitor.city is \"a\"\n  else reject", "let in what they name"),
    ("filter for chats\n  else reject", "turn everything away"),
    ("settings for incoming calls\n  default_store: \"a\"", "once"),
    (
        "table forward for incoming calls\n  | site || employee |\n  |---||---|\n  | \"a\" || \"a@a.ru\" |\n  | else || - |",
        "no table `forward`",
    ),
    (
        "table store for chats\n  | channel || store |\n  |---||---|\n  | viber || \"a\" |\n  | else || - |",
        "by site",
    ),
    (
        "table store for chats\n  | site || store |\n  |---||---|\n  | like \"a*\" || \"a\" |\n  | else || - |",
        "plain values",
    ),
    (
        "table entities for chats\n  | contact || create | responsible |\n  |---||---|---|\n  | first || client | client.custom.x else \"a@a.ru\" |\n  | else || nothing | - |",
        "in this order",
    ),
    (
        "table entities for chats\n  | channel || create |\n  |---||---|\n  | viber || client |\n  | else || nothing |",
        "first and repeated",
    ),
    (
        "table chosen for chats\n  | site || employee |\n  |---||---|\n  | \"a\" || client.manager |\n  | else || - |\n\ntable entities for chats\n  | contact || create | responsible |\n  |---||---|---|\n  | else || client | chosen |",
        "one employee",
    ),
    (
        "table chosen for chats\n  | site || employee |\n  |---||---|\n  | \"a\" || \"a@a.ru\" |\n  | else || - |\n\ntable entities for chats\n  | contact || create | responsible |\n  |---||---|---|\n  | else || client | chosen else answered_by |",
        "in this order",
    ),
    (
        "task for missed chats\n  title: default\n  assign: \"a@a.ru\"\n  due: 90 min after finished",
        "whole hours",
    ),
    (
        "task for missed chats\n  title: default\n  assign: \"a@a.ru\"\n  due: 1 hour after started",
        "whole hours",
    ),
    (
        "task for answered chats\n  title: default\n  assign: \"a@a.ru\"\n  due: 1 hour after finished",
        "sets tasks for",
    ),
    (
        "task for missed chats when site is \"a\"\n  title: default\n  assign: \"a@a.ru\"\n  due: 1 hour after finished",
        "sets tasks for",
    ),
    ("fields of client for incoming calls\n  a from site", "once"),
    ("fields of client for chats\n  a from site else \"none\"", "single field"),
    ("transfer orders\n  won: order.paid", "all orders"),
    ("settings for incoming calls\n  click_to_call_number: +7 495 123-45-67", "once"),
    ("settings for calls\n  always_show_number: yes", "always shows the number"),
    ("settings for outgoing calls\n  forward_to_manager: yes", "incoming calls only"),
    (
        "settings for chats\n  default_responsible: \"a@a.ru\"\n\ntask for missed chats\n  title: \"{{ default_responsible }}\"\n  assign: \"a@a.ru\"\n  due: 1 hour after finished",
        "one text with fields",
    ),
    ("filter for orders\n  else accept", "only their transfer"),
];

#[test]
fn what_the_form_has_no_place_for_is_named_and_nothing_is_left_out() {
    for (section, reason) in BEYOND {
        let rules = format!("rules 1\n\n{section}\n");
        let loaded = loaded(&rules);
        assert!(loaded.bundle.is_some(), "{rules}\n{:#?}", loaded.diagnostics);
        match export(&[("main.rules".to_owned(), rules.clone())]) {
            Ok(form) => panic!("{rules}\nbecame\n{}", form.to_json()),
            Err(obstacles) => {
                assert!(obstacles.iter().any(|found| found.en.contains(reason)), "{rules}\n{obstacles:#?}");
                assert!(obstacles.iter().all(|found| found.line >= 3), "{rules}\n{obstacles:#?}");
            }
        }
    }
}
