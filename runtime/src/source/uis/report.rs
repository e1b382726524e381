//! A row of `get.calls_report`, read as one more thing that was said about a call.
//!
//! The bytes of a row go in; a [`Notification`] of [`EventCode::Report`] comes out, under the names of notifications, so
//! that a call that no notification told of is handled like any other. Reading is as tolerant as `decode`: what is
//! something else than it should be is left out. The row stands in the store as it came, reduced to [`COLUMNS`].
//!
//! Names of columns: reference, section 5.8. `talk_duration` and not `clean_talk_duration` is what notifications call
//! the length of talk. Of the records only `full_record_file_link` is a link; the others are bare identifiers.

use serde::{Deserialize, Serialize};

use crate::source::uis::event::EventCode;
use crate::source::uis::json;
use crate::source::uis::node::Node;
use crate::source::uis::notification::Notification;
use crate::source::uis::pairs::Pairs;
use crate::source::uis::reason::Reason;
use crate::source::uis::value::{MAX_ITEMS, Reads};

/// The columns that are read; without asking only some of them come.
pub const COLUMNS: &[&str] = &[
    "attributes",
    "call_api_external_id",
    "call_records",
    "campaign_name",
    "channel",
    "communication_number",
    "contact_full_name",
    "contact_id",
    "contact_phone_number",
    "cpn_region_name",
    "direction",
    "employees",
    "entrance_page",
    "finish_reason",
    "finish_time",
    "full_record_file_link",
    "id",
    "is_lost",
    "is_transfer",
    "last_answered_employee_rating",
    "last_talked_employee_full_name",
    "last_talked_employee_id",
    "referrer",
    "scenario_id",
    "scenario_name",
    "search_engine",
    "search_query",
    "segments",
    "site_domain_name",
    "source",
    "source_name",
    "start_time",
    "tags",
    "talk_duration",
    "total_duration",
    "utm_campaign",
    "utm_content",
    "utm_medium",
    "utm_source",
    "utm_term",
    "virtual_phone_number",
    "visitor_city",
    "visitor_country",
    "visitor_device",
    "visitor_id",
    "visitor_region",
    "wait_duration",
];

/// Columns whose name in notifications is another one.
const RENAMED: &[(&str, &[&str])] = &[
    ("id", &["call_session_id"]),
    ("source", &["call_source"]),
    ("finish_time", &["notification_time"]),
    ("wait_duration", &["wait_time_duration"]),
    ("talk_duration", &["talk_time_duration"]),
    ("total_duration", &["total_time_duration"]),
    ("last_answered_employee_rating", &["operator_rating"]),
    ("last_talked_employee_id", &["last_talked_employee_id", "employee_id"]),
    ("last_talked_employee_full_name", &["employee_full_name"]),
    ("call_api_external_id", &["external_id"]),
];

/// An employee as a report names him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The number.
    pub id: u64,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether he talked with the client.
    pub talked: bool,
}

/// Reads a row.
pub(super) fn read(body: &[u8]) -> Result<Notification, Reason> {
    let text = std::str::from_utf8(body).map_err(|_| Reason::NotUtf8)?;
    let Node::Object(columns) = json::parse(text)? else { return Err(Reason::NotAnObject) };
    let mut pairs = Pairs::default();
    let mut employees = Vec::new();
    let mut records = None;
    for (column, value) in columns {
        match column.as_str() {
            "employees" => employees = reported(&value),
            "call_records" => records = count(&value),
            "tags" => pairs.add_value("tag_names", names(value, "tag_name"))?,
            "segments" => pairs.add_value("segments", names(value, "segment_name"))?,
            name if COLUMNS.contains(&name) => {
                let renamed = RENAMED.iter().find(|(from, _)| *from == name).map(|(_, to)| *to);
                for name in renamed.unwrap_or(&[name]) {
                    pairs.add_value(name, value.clone())?;
                }
            }
            _ => {}
        }
    }
    let session = pairs.get("call_session_id").ok_or(Reason::NoSession)?;
    let session = u64::read(session).ok_or(Reason::BadSession)?;
    let mut notification = Notification::new(EventCode::Report, session);
    // What does not fit is left out: nobody wrote this by hand, so there is nobody to tell.
    notification.fill(&pairs);
    notification.records = records;
    if !employees.is_empty() {
        notification.employee_ids = Some(employees.iter().map(|employee| employee.id).collect());
        notification.reported = Some(employees);
    }
    Ok(notification)
}

fn member<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    let Node::Object(members) = node else { return None };
    members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

fn reported(value: &Node) -> Vec<Reported> {
    let Node::List(rows) = value else { return Vec::new() };
    let employee = |row: &Node| {
        Some(Reported {
            id: u64::read(member(row, "employee_id")?)?,
            name: member(row, "employee_full_name").filter(|name| !name.is_absent()).and_then(String::read),
            talked: member(row, "is_talked").and_then(bool::read).unwrap_or(false),
        })
    };
    rows.iter().filter_map(employee).take(MAX_ITEMS).collect()
}

/// How many there are; nothing when there is none, which may only be so yet.
fn count(value: &Node) -> Option<u32> {
    let Node::List(rows) = value else { return None };
    u32::try_from(rows.len()).ok().filter(|count| *count > 0)
}

/// The names out of a list of objects; a list of plain names stays one.
fn names(value: Node, member_name: &str) -> Node {
    let Node::List(rows) = value else { return value };
    let name = |row: Node| match &row {
        Node::Object(_) => member(&row, member_name).cloned(),
        _ => Some(row),
    };
    Node::List(rows.into_iter().filter_map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::types::Number;

    #[test]
    fn a_whole_row_is_read_under_the_names_of_notifications() {
        let row = r#"{"id":998700001,"start_time":"2026-03-02 11:59:38","finish_time":"2026-03-02 12:00:31",
            "direction":"in","source":"dynamic_call_tracking","is_lost":false,"contact_phone_number":"79000000010",
            "virtual_phone_number":"74950000001","wait_duration":11,"talk_duration":42,"clean_talk_duration":40,
            "total_duration":53,"employees":[{"employee_id":2,"employee_full_name":"Сидорова Ольга","is_talked":false},
            {"employee_id":"1","employee_full_name":"Иванов Иван","is_talked":true},{"employee_id":null}],
            "last_talked_employee_id":1,"last_talked_employee_full_name":"Иванов Иван","campaign_name":"Brand",
            "utm_source":"yandex","tags":[{"tag_id":88,"tag_name":"Целевой"}],"segments":null,
            "full_record_file_link":"https://media.uiscom.ru/998700001/0f","call_records":["0f","10"],"last_answered_employee_rating":5,
            "call_api_external_id":"c-1","visitor_id":17,"unknown":{"x":1}}"#;
        let said = read(row.as_bytes()).unwrap();
        assert_eq!((said.event, said.session), (EventCode::Report, 998_700_001));
        assert_eq!(said.contact_phone_number, Some(Number::Phone("+79000000010".to_owned())));
        assert_eq!(
            (said.wait_time_duration, said.talk_time_duration, said.total_time_duration),
            (Some(11), Some(42), Some(53))
        );
        assert_eq!((said.employee_id, said.last_talked_employee_id), (Some(1), Some(1)));
        assert_eq!(said.employee_ids, Some(vec![2, 1]));
        let talked = said.reported.as_ref().unwrap().iter().map(|one| one.talked).collect::<Vec<_>>();
        assert_eq!(talked, [false, true]);
        assert_eq!(said.tag_names, Some(vec!["Целевой".to_owned()]));
        assert_eq!(said.call_source.as_deref(), Some("dynamic_call_tracking"));
        assert_eq!((said.operator_rating, said.external_id.as_deref()), (Some(5), Some("c-1")));
        assert_eq!((said.record_links().count(), said.records), (1, Some(2)));
        assert_eq!(said.segments, None);
    }

    #[test]
    fn what_is_no_row_is_refused_and_what_does_not_fit_is_left_out() {
        assert_eq!(read(b"[]").unwrap_err(), Reason::NotAnObject);
        assert_eq!(read(br#"{"start_time":"x"}"#).unwrap_err(), Reason::NoSession);
        assert_eq!(read(br#"{"id":"x"}"#).unwrap_err(), Reason::BadSession);
        let said = read(r#"{"id":"5","talk_duration":"?","employees":"x","tags":{}}"#.as_bytes()).unwrap();
        assert_eq!((said.session, said.talk_time_duration, said.reported), (5, None, None));
    }

    #[test]
    fn columns_are_sorted_and_renamed_ones_are_asked_for() {
        assert!(COLUMNS.is_sorted());
        assert!(RENAMED.iter().all(|(name, _)| COLUMNS.contains(name)));
    }
}
