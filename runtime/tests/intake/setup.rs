//! The templates that an administrator pastes into UIS: only names that exist, and read as they are meant to be.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_grammar::lang::Lang;
use switchboard_runtime::source::uis::{
    Decoded, Delivery, EventCode, FIELDS, TEMPLATES, WRITTEN_TEMPLATES, WrittenCode, decode, fields_page,
};

/// The template of each event of calls, from a page of the documentation.
fn templates(page: &str) -> BTreeMap<EventCode, String> {
    let all = all_templates(page).into_iter();
    all.filter_map(|(code, template)| Some((EventCode::find(&code)?, template))).collect()
}

/// The template of each event by its code.
fn all_templates(page: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(crate::root().join("docs").join(page)).unwrap();
    let mut templates = BTreeMap::new();
    for section in text.split("\n### `").skip(1) {
        let (code, rest) = section.split_once('`').unwrap();
        let (_, rest) = rest.split_once("```json\n").unwrap();
        let (template, _) = rest.split_once("\n```").unwrap();
        templates.insert(code.to_owned(), template.to_owned());
    }
    templates
}

fn placeholders(template: &str) -> BTreeSet<&str> {
    template.split("{{").skip(1).map(|rest| rest.split("}}").next().unwrap()).collect()
}

/// A template as UIS sends it, with a value for every placeholder.
fn filled(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut body = template.to_owned();
    for name in placeholders(template) {
        body = body.replace(&format!("{{{{{name}}}}}"), &value(name));
    }
    body
}

/// What UIS puts in, by the example column of the reference.
fn example(name: &str) -> String {
    let text = match name {
        "call_session_id" => "998700001",
        "direction" => "\"in\"",
        "notification_time" | "start_time" => "\"2026-03-02 12:00:31.512\"",
        "contact_phone_number" => "\"79000000010\"",
        "virtual_phone_number" => "\"74950000001\"",
        "employee_ids" | "leg_ids" => "[323400,323401]",
        "tag_names" | "noanswered_employee_full_names" => "[\"Целевой\"]",
        "record_file_links" => "[\"https://media.uiscom.ru/998700001/0f3c9d\"]",
        "file_link" => "\"https://media.uiscom.ru/998700001/0f3c9d\"",
        name if name.starts_with("is_") => "true",
        name if name.ends_with("_id")
            || name.ends_with("_duration")
            || name.ends_with("_rating")
            || name == "communication_number" =>
        {
            "5"
        }
        _ => "\"Текст \\\"в кавычках\\\"\"",
    };
    text.to_owned()
}

fn understood(event: EventCode, body: &str) -> (serde_json::Value, usize) {
    let delivery = Delivery {
        event: event.as_str(),
        query: None,
        content_type: "application/json",
        body: body.as_bytes(),
    };
    match decode(&delivery) {
        Decoded::Notification { notification, notes, .. } => {
            (serde_json::to_value(notification).unwrap(), notes.len())
        }
        Decoded::Written { .. } => panic!("{event:?} is about no call: {body}"),
        Decoded::Unparsed { reason } => panic!("{event:?}: {reason:?}: {body}"),
    }
}

#[test]
fn there_is_a_template_for_every_event_and_it_is_the_same_in_both_languages() {
    let en = templates("uis-setup.md");
    assert_eq!(en.keys().copied().collect::<BTreeSet<_>>(), EventCode::ALL.into());
    assert_eq!(en, templates("ru/uis-setup.md"));
    for (event, template) in &en {
        assert!(template.contains(&format!("\"event\": \"{}\"", event.as_str())));
    }
}

#[test]
fn the_pages_show_what_the_program_prints() {
    let all = TEMPLATES.iter().chain(WRITTEN_TEMPLATES);
    let printed: BTreeMap<String, String> =
        all.map(|template| (template.event.as_str().to_owned(), template.body(None))).collect();
    assert_eq!(all_templates("uis-setup.md"), printed);
    assert_eq!(all_templates("ru/uis-setup.md"), printed);
}

#[test]
fn names_of_chats_and_requests_are_read_and_their_bodies_hold_none_that_is_only_likely() {
    for template in WRITTEN_TEMPLATES {
        let row = |name: &str| FIELDS.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name}"));
        assert!(template.names.iter().all(|name| row(name).is_confirmed), "{:?}", template.event);
        assert!(template.likely.iter().all(|name| !template.names.contains(name) && row(name).name == *name));
        for page in ["uis-setup.md", "ru/uis-setup.md"] {
            let text = std::fs::read_to_string(crate::root().join("docs").join(page)).unwrap();
            let missing = template.likely.iter().find(|name| !text.contains(&format!("`{name}`")));
            assert_eq!(missing, None, "{page}");
        }
    }
}

#[test]
fn chats_and_requests_are_understood_with_what_uis_has_and_without() {
    for template in WRITTEN_TEMPLATES {
        let whole = template.names.iter().chain(template.likely).copied();
        let members: Vec<String> = whole.map(|name| format!("\"{name}\": {{{{{name}}}}}")).collect();
        let body = format!("{{{}}}", members.join(", "));
        let number = |name: &str| name == "communication_id";
        let all = filled(&body, |name| match name {
            "communication_id" => "998700001".to_owned(),
            "communication_type" if template.event.as_str() == "request" => "\"offline_message\"".to_owned(),
            "communication_type" => "\"chat\"".to_owned(),
            "visitor_phone_number" => "\"79000000010\"".to_owned(),
            name => example(name),
        });
        let nothing =
            filled(&body, |name| if number(name) { example("call_session_id") } else { "null".to_owned() });
        let verbatim = body.replace("{{communication_id}}", "998700001");
        for body in [&all, &nothing, &verbatim] {
            let code = WrittenCode::find(template.event.as_str()).unwrap();
            let delivery = Delivery {
                event: code.as_str(),
                query: None,
                content_type: "application/json",
                body: body.as_bytes(),
            };
            let Decoded::Written { news, .. } = decode(&delivery) else { panic!("{code:?}: {body}") };
            assert_eq!((news.code, news.communication), (code, 998_700_001));
            assert_eq!(news.columns.visitor_phone_number.is_some(), body == &all, "{body}");
        }
    }
}

#[test]
fn templates_hold_only_names_that_are_known_to_exist() {
    for (event, template) in templates("uis-setup.md") {
        let names = placeholders(&template);
        assert!(names.contains("call_session_id") && names.contains("contact_phone_number"), "{event:?}");
        for name in names {
            let row =
                FIELDS.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{event:?}: `{name}`"));
            assert!(row.is_confirmed, "{event:?}: nobody has seen `{name}` in a notification");
            // Under its own name, or the value would not be found.
            assert!(template.contains(&format!("\"{name}\": {{{{{name}}}}}")), "{event:?}: `{name}`");
        }
    }
}

#[test]
fn every_value_that_uis_puts_in_is_understood() {
    for (event, template) in templates("uis-setup.md") {
        let (said, notes) = understood(event, &filled(&template, example));
        assert_eq!(notes, 0, "{event:?}");
        for name in placeholders(&template) {
            assert!(!said[name].is_null(), "{event:?}: `{name}` got lost");
        }
    }
}

#[test]
fn whatever_uis_does_not_have_may_be_null_or_left_as_it_is() {
    for (event, template) in templates("uis-setup.md") {
        for nothing in ["null", "\"\"", "[]", "\"None\""] {
            let body =
                filled(
                    &template,
                    |name| if name == "call_session_id" { example(name) } else { nothing.to_owned() },
                );
            understood(event, &body);
        }
        let verbatim = template.replace("{{call_session_id}}", "998700001");
        let (_, notes) = understood(event, &verbatim);
        assert_eq!(notes, 0, "{event:?}");
    }
}

#[test]
fn the_pages_hold_the_table_of_names() {
    crate::check_page("uis-setup.md", "names", &fields_page(Lang::En));
    crate::check_page("ru/uis-setup.md", "names", &fields_page(Lang::Ru));
}
