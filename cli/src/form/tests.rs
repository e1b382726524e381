//! Any form becomes rules and comes back as it was, and the rules decide as the form says.

mod naive;
mod strategies;

use proptest::prelude::*;
use serde_json::{Value, json};
use switchboard_engine::bundle::{BundleSource, LoadOptions, Loaded, load};
use switchboard_engine::event::Event;
use switchboard_engine::facts::Facts;
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;

use super::export::export;
use super::model::Settings;
use super::read::read;
use super::write::write;

/// Findings of any severity that a form can call for by itself.
const CALLED_FOR: [&str; 8] = [
    "duplicate-risk",
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

/// What is wrong with a form of which one member is this.
fn problems(telephony: &str) -> Vec<(String, String)> {
    let json = format!(
        r#"{{"version": 1, "telephony": {{"incoming": {{"first": {{"create": []}}, "repeat": {{"create": []}}}},
            "outgoing": {{"first": {{"create": []}}, "repeat": {{"create": []}}}}, {telephony}}}}}"#
    );
    let found = read(&json).err().unwrap_or_default();
    found.into_iter().map(|problem| (problem.path, problem.text.en)).collect()
}

/// A test inside so many groups.
fn nested(depth: usize) -> String {
    let (open, close) = (r#"{"all": ["#.repeat(depth), "]}".repeat(depth));
    format!(r#""filter": {{"incoming": {open}{{"field": "site", "is": "a"}}{close}}}"#)
}

#[test]
fn limits_hold_and_what_is_within_them_is_taken() {
    let number = |number: usize| format!(r#""+7495{number:07}": "a""#);
    let numbers = |count: usize| (0..count).map(number).collect::<Vec<_>>().join(", ");
    let stores = |count: usize| format!(r#""stores": {{"by_virtual_number": {{{}}}}}"#, numbers(count));
    let store = |chars: usize| format!(r#""stores": {{"default": "{}"}}"#, "ё".repeat(chars));
    let hours = |hours: &str| {
        format!(r#""tasks": {{"missed_incoming": {{"assignee": ["a@a.ru"], "hours": {hours}}}}}"#)
    };
    let cases = [
        (nested(15), nested(16), "nested deeper than 16"),
        (stores(1_000), stores(1_001), "at most 1000"),
        (store(255), store(256), "longer than 255"),
        (hours("8760"), hours("8761"), "from 1 to 8760"),
        (hours("1"), hours("0"), "from 1 to 8760"),
        (hours("2"), hours("-2"), "from 1 to 8760"),
        (hours("3"), hours("1.5"), "from 1 to 8760"),
    ];
    for (fits, beyond, reason) in cases {
        assert_eq!(problems(&fits), [], "{reason}");
        let found = problems(&beyond);
        assert!(found.len() == 1 && found[0].1.contains(reason), "{found:#?}");
    }
}

#[test]
fn mistakes_are_told_by_their_path() {
    let cases = [
        (r#""click_to_call": {"always_show": true}"#, "telephony.click_to_call.number", "missing"),
        (r#""click_to_call": {"number": "123"}"#, "telephony.click_to_call.number", "no phone number"),
        (r#""filter": {"incoming": {"field": "site", "is": ""}}"#, "telephony.filter.incoming.is", "empty"),
        (
            r#""filter": {"incoming": {"field": "site", "is": "{{ site }}"}}"#,
            "telephony.filter.incoming.is",
            "placeholder",
        ),
        (
            r#""filter": {"incoming": {"field": "site", "is": "a\u202eb"}}"#,
            "telephony.filter.incoming.is",
            "U+202E",
        ),
        (r#""filter": {"outgoing": {"all": [], "is": "a"}}"#, "telephony.filter.outgoing", "a condition is"),
        (r#""filter": {"outgoing": 1}"#, "telephony.filter.outgoing", "an object"),
        (
            r#""tasks": {"failed_outgoing": {"assignee": ["caller"], "hours": 1}}"#,
            "telephony.tasks.failed_outgoing",
            "might be nobody's",
        ),
        (
            r#""tasks": {"missed_incoming": {"assignee": ["a@a.ru"], "hours": 1, "title": "a {{ phone"}}"#,
            "telephony.tasks.missed_incoming.title",
            "without its `}}`",
        ),
        (
            r#""tasks": {"missed_incoming": {"assignee": ["a@a.ru"], "hours": 1, "title": "{{ campaign }}"}}"#,
            "telephony.tasks.missed_incoming.title",
            "campaign",
        ),
        (
            r#""responsible": {"outgoing": {"filters": []}}"#,
            "telephony.responsible.outgoing.filters",
            "no such setting",
        ),
        (
            r#""responsible": {"incoming": {"filters": [{"when": {}, "employee": "a@a.ru"}]}}"#,
            "telephony.responsible.incoming.filters[0].when",
            "asks for nothing",
        ),
        (
            r#""responsible": {"incoming": {"filters": [{"when": {"site": []}, "employee": "a@a.ru"}]}}"#,
            "telephony.responsible.incoming.filters[0].when.site",
            "no value",
        ),
        (
            r#""responsible": {"incoming": {"default": "Anna"}}"#,
            "telephony.responsible.incoming.default",
            "by e-mail",
        ),
        (
            r#""stores": {"by_virtual_number": {"+74951234567": "a", "8 495 123-45-67": "b"}}"#,
            "telephony.stores.by_virtual_number.8 495 123-45-67",
            "twice",
        ),
        (
            r#""fields": {"client": [{"field": "a", "from": "site"}, {"field": "a", "from": "site"}]}"#,
            "telephony.fields.client[1].field",
            "twice",
        ),
        (
            r#""fields": {"order": [{"field": "a", "from": "client.custom.a-b"}]}"#,
            "telephony.fields.order[0].from",
            "",
        ),
    ];
    for (telephony, path, reason) in cases {
        let found = problems(telephony);
        assert!(
            found.len() == 1 && found[0].0 == path && found[0].1.contains(reason),
            "{telephony}: {found:#?}"
        );
    }
}

#[test]
fn a_title_may_be_nothing_but_a_hole_and_is_written_as_the_formatter_has_it() {
    let json = r#"{"version": 1, "chats": {"first": {"create": []}, "repeat": {"create": []},
        "missed_task": {"title": "{{channel|upper}}", "assignee": ["a@a.ru"], "hours": 1}}}"#;
    let settings = read(json).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let chat = settings.chats.as_ref().and_then(|chats| chats.chat.as_ref()).expect("chats");
    let title = chat.missed_task.as_ref().and_then(|task| task.title.as_deref());
    assert_eq!(title, Some("{{ channel | upper }}"));
    assert_eq!(through_rules(&settings, Lang::Ru), settings);
}
