//! What a row of a report, or a notification, says of a chat or a request, by the names of UIS.
//!
//! One table makes the struct, the reading and the lists of columns. Names: reference, section 5.8. A value that is
//! something else than it should be is left out: nobody wrote it by hand, so there is nobody to tell.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::uis::node::Node;
use crate::source::uis::types::{LocalTime, Number};
use crate::source::uis::value::{MAX_ITEMS, Reads};

/// The longest text of a message or a request; the rest is cut off.
const MAX_PROSE: usize = 10_000;

/// A text in lines.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Prose(pub String);

/// A field of a form: its name and what was filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Property(pub String, pub String);

impl fmt::Debug for Prose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Prose({} bytes)", self.0.len())
    }
}

impl Reads for Prose {
    const KIND: (&'static str, &'static str) = ("text", "текст");

    fn read(node: &Node) -> Option<Self> {
        let Node::Text(text) = node else { return String::read(node).map(Self) };
        let fine = |letter: &char| matches!(letter, '\n' | '\t') || !letter.is_control();
        let text: String = text.trim().chars().filter(fine).take(MAX_PROSE).collect();
        (!text.is_empty()).then_some(Self(text))
    }
}

impl Reads for Property {
    const KIND: (&'static str, &'static str) = ("field of a form", "поле формы");

    /// Objects name the field and its value in members whose names are not published; the likely ones are read.
    fn read(node: &Node) -> Option<Self> {
        let Node::Object(members) = node else { return None };
        let first = |names: [&str; 3]| {
            let found = names.iter().find_map(|name| members.iter().find(|(known, _)| known == name));
            found.filter(|(_, value)| !value.is_absent()).and_then(|(_, value)| String::read(value))
        };
        let name = first(["property_name", "name", "key"])?;
        Some(Self(name, first(["property_value", "value", "text"])?))
    }
}

macro_rules! columns {
    ($($name:ident: $kind:ty;)*) => {
        /// What is said of a chat or a request; what is not said is absent.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[non_exhaustive]
        #[serde(default)]
        pub struct Columns {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<$kind>,
            )*
        }

        impl Columns {
            /// Reads what `find` gives by name.
            pub(super) fn read<'n>(find: impl Fn(&str) -> Option<&'n Node>) -> Self {
                let there = |name: &str| find(name).filter(|node| !node.is_absent());
                Self { $($name: there(stringify!($name)).and_then(<$kind as Reads>::read),)* }
            }

            /// Takes every value that is absent here from other columns.
            pub(crate) fn fill_absent(&mut self, other: &Self) {
                $(
                    if self.$name.is_none() {
                        self.$name.clone_from(&other.$name);
                    }
                )*
            }
        }
    };
}

columns! {
    campaign_name: String;
    channel: String;
    chat_channel_name: String;
    chat_channel_type: String;
    chat_id: u64;
    chat_username: String;
    contact_full_name: String;
    contact_phone_number: Number;
    date_time: LocalTime;
    duration: u32;
    employee_full_name: String;
    employee_id: u64;
    employee_messages_count: u32;
    entrance_page: String;
    form_name: String;
    form_type: String;
    id: u64;
    initiator: String;
    messages_count: u32;
    notification_time: LocalTime;
    properties: Vec<Property>;
    referrer: String;
    release_cause: String;
    search_query: String;
    segments: Vec<String>;
    site_domain_name: String;
    source_name: String;
    start_time: LocalTime;
    status: String;
    tag_names: Vec<String>;
    text: Prose;
    utm_campaign: String;
    utm_content: String;
    utm_medium: String;
    utm_source: String;
    utm_term: String;
    visitor_city: String;
    visitor_country: String;
    visitor_device: String;
    visitor_email: String;
    visitor_id: u64;
    visitor_ids: Vec<u64>;
    visitor_name: String;
    visitor_phone_number: Number;
    visitor_region: String;
}

/// The columns of the report of chats that are read; without asking only some of them come.
pub const CHAT_COLUMNS: &[&str] = &[
    "campaign_name",
    "channel",
    "chat_channel_name",
    "chat_channel_type",
    "chat_username",
    "communication_id",
    "date_time",
    "duration",
    "employee_full_name",
    "employee_id",
    "employee_messages_count",
    "entrance_page",
    "id",
    "initiator",
    "messages_count",
    "referrer",
    "release_cause",
    "search_query",
    "segments",
    "site_domain_name",
    "source_name",
    "status",
    "tags",
    "utm_campaign",
    "utm_content",
    "utm_medium",
    "utm_source",
    "utm_term",
    "visitor_city",
    "visitor_country",
    "visitor_device",
    "visitor_id",
    "visitor_ids",
    "visitor_phone_number",
    "visitor_region",
];

/// The columns of the report of requests that are read.
pub const REQUEST_COLUMNS: &[&str] = &[
    "campaign_name",
    "channel",
    "communication_id",
    "date_time",
    "employee_full_name",
    "employee_id",
    "entrance_page",
    "form_name",
    "form_type",
    "id",
    "properties",
    "referrer",
    "search_query",
    "segments",
    "site_domain_name",
    "source_name",
    "status",
    "tags",
    "text",
    "utm_campaign",
    "utm_content",
    "utm_medium",
    "utm_source",
    "utm_term",
    "visitor_city",
    "visitor_country",
    "visitor_device",
    "visitor_email",
    "visitor_id",
    "visitor_name",
    "visitor_phone_number",
    "visitor_region",
];

/// The columns of the report of messages that are read.
pub const MESSAGE_COLUMNS: &[&str] =
    &["chat_id", "date_time", "employee_full_name", "id", "resource", "source", "text"];

impl Columns {
    /// Reads a row of a report.
    pub(super) fn of_row(row: &[(String, Node)]) -> Self {
        let tags = named(row, "tags", "tag_name");
        let segments = named(row, "segments", "segment_name");
        let properties = properties(row);
        Self::read(|name| match name {
            "tag_names" => tags.as_ref(),
            "segments" => segments.as_ref(),
            "properties" => properties.as_ref(),
            name => find(row, name),
        })
    }
}

pub(super) fn find<'n>(row: &'n [(String, Node)], name: &str) -> Option<&'n Node> {
    row.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The names out of a list of objects; a list of plain names stays one.
fn named(row: &[(String, Node)], column: &str, member: &str) -> Option<Node> {
    let Node::List(items) = find(row, column)? else { return find(row, column).cloned() };
    let name = |item: &Node| match item {
        Node::Object(members) => find(members, member).cloned(),
        plain => Some(plain.clone()),
    };
    Some(Node::List(items.iter().filter_map(name).take(MAX_ITEMS).collect()))
}

/// Fields of a form: a list of objects, or one object from names to values.
fn properties(row: &[(String, Node)]) -> Option<Node> {
    match find(row, "properties")? {
        Node::Object(members) => {
            let pair = |(name, value): &(String, Node)| {
                let member = |key: &str, node| (key.to_owned(), node);
                Node::Object(vec![member("name", Node::Text(name.clone())), member("value", value.clone())])
            };
            Some(Node::List(members.iter().take(MAX_ITEMS).map(pair).collect()))
        }
        other => Some(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::json;

    fn columns(text: &str) -> Columns {
        let Node::Object(row) = json::parse(text).expect("JSON") else { panic!("no object") };
        Columns::of_row(&row)
    }

    #[test]
    fn lists_of_columns_are_sorted() {
        assert!(CHAT_COLUMNS.is_sorted() && REQUEST_COLUMNS.is_sorted() && MESSAGE_COLUMNS.is_sorted());
    }

    #[test]
    fn a_row_of_chats_is_read_in_every_shape() {
        let read = columns(
            r#"{"id":"77","status":"active","chat_channel_type":"telegram","duration":"120","visitor_phone_number":79000000012,
            "visitor_ids":[5,"6"],"tags":[{"tag_id":1,"tag_name":"спам"}],"segments":null,"messages_count":"3",
            "date_time":"2026-03-02 13:10:00","employee_id":null,"unknown":{}}"#,
        );
        assert_eq!((read.id, read.status.as_deref(), read.duration), (Some(77), Some("active"), Some(120)));
        assert_eq!(read.visitor_phone_number, Some(Number::Phone("+79000000012".to_owned())));
        assert_eq!((read.visitor_ids, read.tag_names), (Some(vec![5, 6]), Some(vec!["спам".to_owned()])));
        assert_eq!((read.employee_id, read.segments, read.messages_count), (None, None, Some(3)));
    }

    #[test]
    fn fields_of_a_form_are_read_in_every_shape() {
        let expected = Some(vec![Property("Доставка".to_owned(), "Самовывоз".to_owned())]);
        for properties in [
            r#"[{"property_name":"Доставка","property_value":"Самовывоз"},{"property_name":"Пусто","property_value":null}]"#,
            r#"[{"name":"Доставка","value":"Самовывоз"}]"#,
            r#"{"Доставка":"Самовывоз"}"#,
        ] {
            assert_eq!(
                columns(&format!(r#"{{"properties":{properties}}}"#)).properties,
                expected,
                "{properties}"
            );
        }
    }

    #[test]
    fn the_text_of_a_request_keeps_its_lines() {
        let read = columns(r#"{"text":" Здравствуйте\r\n\nПерезвоните\u0000 "}"#);
        assert_eq!(read.text, Some(Prose("Здравствуйте\n\nПерезвоните".to_owned())));
    }
}
