//! Templates of notifications, and what becomes of them when values are put in.
//!
//! A template is what a customer pastes into UIS: constants of our own (`event`, `key`) and placeholders. In a JSON body
//! a placeholder becomes a JSON literal; in an address or a form, plain text. A placeholder without a value stays.

use serde_json::{Map, Value};

use super::catalogue::Event;
use super::catalogue::Event::{CallEnd, CallLost, CallOut, CallStart, Record, Ring, TalkEnd, TalkStart};

/// Version of the templates' shape, sent as `v`.
const VERSION: u64 = 1;

/// Placeholders of our templates, by event.
pub(super) const fn placeholders(event: Event) -> &'static [&'static str] {
    match event {
        CallStart => &[
            "call_session_id",
            "contact_phone_number",
            "virtual_phone_number",
            "contact_id",
            "contact_full_name",
            "scenario_name",
            "start_time",
            "notification_time",
            "site_domain_name",
            "campaign_name",
            "visitor_id",
            "search_query",
        ],
        CallOut => &[
            "call_session_id",
            "contact_phone_number",
            "virtual_phone_number",
            "employee_id",
            "employee_full_name",
            "employee_phone_number",
            "notification_time",
        ],
        Ring => &[
            "call_session_id",
            "direction",
            "contact_phone_number",
            "virtual_phone_number",
            "employee_id",
            "employee_full_name",
            "leg_id",
            "external_id",
            "call_source",
            "notification_time",
        ],
        TalkStart => &[
            "call_session_id",
            "direction",
            "contact_phone_number",
            "virtual_phone_number",
            "employee_id",
            "employee_full_name",
            "external_id",
            "notification_time",
        ],
        TalkEnd => &[
            "call_session_id",
            "direction",
            "contact_phone_number",
            "virtual_phone_number",
            "employee_id",
            "employee_full_name",
            "talk_time_duration",
            "scenario_name",
            "external_id",
            "notification_time",
        ],
        CallEnd => &[
            "call_session_id",
            "direction",
            "contact_phone_number",
            "virtual_phone_number",
            "scenario_name",
            "start_time",
            "notification_time",
            "external_id",
            "call_source",
            "is_lost",
            "is_transfer",
            "employee_id",
            "employee_full_name",
            "employee_ids",
            "last_talked_employee_id",
            "wait_time_duration",
            "talk_time_duration",
            "total_time_duration",
            "communication_number",
            "contact_id",
            "contact_full_name",
            "tag_names",
            "record_file_links",
            "operator_rating",
            "site_domain_name",
            "campaign_name",
            "visitor_id",
            "search_query",
        ],
        CallLost => &[
            "call_session_id",
            "contact_phone_number",
            "virtual_phone_number",
            "scenario_name",
            "start_time",
            "notification_time",
            "wait_time_duration",
            "employee_ids",
            "lost_reason",
            "contact_id",
            "contact_full_name",
            "site_domain_name",
            "campaign_name",
        ],
        Record => &[
            "call_session_id",
            "contact_phone_number",
            "virtual_phone_number",
            "employee_id",
            "file_link",
            "file_duration",
            "notification_time",
            "tag_ids",
            "tag_names",
        ],
    }
}

/// The vendor's own objects, in which its ready templates put their placeholders.
fn object_of(placeholder: &str) -> Option<&'static str> {
    match placeholder {
        "contact_phone_number" | "contact_id" | "contact_full_name" | "visitor_id" => Some("contact_info"),
        "file_link" | "file_duration" | "record_file_links" => Some("call_record_file_info"),
        name if name.starts_with("employee") || name == "last_talked_employee_id" => Some("employee_info"),
        "call_session_id" | "notification_time" => None,
        _ => Some("call_info"),
    }
}

/// A JSON template: flat, or with the vendor's nested objects.
pub(super) fn json_template(event: Event, key: &str, placeholders: &[&str], nested: bool) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let mut members = vec![
        format!("\"v\": {VERSION}"),
        format!("\"event\": {}", quoted(event.code())),
        format!("\"key\": {}", quoted(key)),
    ];
    let member = |name: &str| format!("\"{name}\": {{{{{name}}}}}");
    if nested {
        members.extend(placeholders.iter().filter(|name| object_of(name).is_none()).map(|name| member(name)));
        for object in ["contact_info", "employee_info", "call_info", "call_record_file_info"] {
            let inner: Vec<String> = placeholders
                .iter()
                .filter(|name| object_of(name) == Some(object))
                .map(|name| member(name))
                .collect();
            if !inner.is_empty() {
                members.push(format!("\"{object}\": {{{}}}", inner.join(", ")));
            }
        }
    } else {
        members.extend(placeholders.iter().map(|name| member(name)));
    }
    format!("{{{}}}", members.join(", "))
}

/// Puts values into a JSON template, as JSON literals; a placeholder without a value stays.
pub(super) fn fill(template: &str, values: &Map<String, Value>) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((name, after)) = behind.split_once("}}") else {
            filled.push_str("{{");
            rest = behind;
            continue;
        };
        match values.get(name) {
            Some(value) => filled.push_str(&value.to_string()),
            None => {
                filled.push_str("{{");
                filled.push_str(name);
                filled.push_str("}}");
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The same as pairs, for an address or a form: plain text, arrays as JSON text. `absent` is the text of `null`.
pub(super) fn pairs(
    event: Event,
    key: &str,
    placeholders: &[&str],
    values: &Map<String, Value>,
    absent: &str,
) -> Vec<(String, String)> {
    let constants = [("event".to_owned(), event.code().to_owned()), ("key".to_owned(), key.to_owned())];
    let filled = placeholders.iter().map(|name| {
        let text = match values.get(*name) {
            None => format!("{{{{{name}}}}}"),
            Some(Value::Null) => absent.to_owned(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        ((*name).to_owned(), text)
    });
    constants.into_iter().chain(filled).collect()
}
