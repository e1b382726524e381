//! What is wrong with a file of settings, and the limits of one.

use switchboard_grammar::lang::Lang;

use super::through_rules;
use crate::form::read::read;

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
