//! What belongs to a chat beside its row: its messages and its visitor.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::uis::node::Node;
use crate::source::uis::types::{LocalTime, Number};
use crate::source::uis::value::Reads;
use crate::source::uis::written::columns::{Prose, find};

/// The most messages of one chat that are kept: the latest ones.
pub const MAX_MESSAGES: usize = 500;
/// The most phones or e-mails of a visitor; UIS keeps ten.
const MAX_CONTACTS: usize = 10;

/// A message of a chat (reference, section 5.8, `get.chat_messages_report`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number; later messages have larger ones.
    pub id: u64,
    /// When it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<LocalTime>,
    /// Who wrote: `visitor`, `operator`, `system`, `chatbot`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Prose>,
    /// Which employee, when it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<String>,
    /// What was attached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
}

/// A file that was attached to a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where it can be had; `https` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<crate::source::uis::Link>,
}

/// A visitor (reference, section 5.8, `getobj.visitor`).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Visitor {
    /// The name that was left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The phones that were left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Number>,
    /// The e-mails that were left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
}

impl Message {
    /// Whether the visitor wrote it.
    pub fn is_of_visitor(&self) -> bool {
        matches!(self.source.as_deref(), Some("visitor" | "form_text"))
    }

    pub(super) fn read(node: &Node) -> Option<Self> {
        let Node::Object(row) = node else { return None };
        let text = |name: &str| find(row, name).filter(|value| !value.is_absent()).and_then(String::read);
        let file = match find(row, "resource") {
            Some(Node::Object(resource)) => {
                let name = find(resource, "file_name").and_then(String::read);
                let link = find(resource, "file_url").and_then(crate::source::uis::Link::read);
                (name.is_some() || link.is_some()).then_some(File { name, link })
            }
            _ => None,
        };
        Some(Self {
            id: find(row, "id").and_then(u64::read)?,
            at: find(row, "date_time").and_then(LocalTime::read),
            source: text("source"),
            text: find(row, "text").filter(|value| !value.is_absent()).and_then(Prose::read),
            employee: text("employee_full_name"),
            file,
        })
    }
}

impl Visitor {
    pub(super) fn read(node: &Node) -> Option<Self> {
        let Node::Object(row) = node else { return None };
        let list = |name: &str| match find(row, name) {
            Some(Node::List(items)) => items.iter().take(MAX_CONTACTS).cloned().collect(),
            Some(single) if !single.is_absent() => vec![single.clone()],
            _ => Vec::new(),
        };
        // A list of plain values, or of objects that hold them under a likely name.
        let plain = |node: &Node, member: &str| match node {
            Node::Object(members) => find(members, member).cloned(),
            other => Some(other.clone()),
        };
        let phones = list("phone_numbers");
        let phones = phones.iter().filter_map(|node| Number::read(&plain(node, "phone_number")?));
        let emails = list("emails");
        let emails = emails.iter().filter_map(|node| String::read(&plain(node, "email")?));
        let visitor = Self {
            name: find(row, "name").filter(|value| !value.is_absent()).and_then(String::read),
            phones: phones.filter(|number| number.as_phone().is_some()).collect(),
            emails: emails.filter(|email| email.contains('@')).collect(),
        };
        (visitor != Self::default()).then_some(visitor)
    }
}

impl fmt::Debug for Message {
    /// Says which, and nothing that a log must not hold.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Message({})", self.id)
    }
}

impl fmt::Debug for File {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("File")
    }
}

impl fmt::Debug for Visitor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Visitor({} phones, {} e-mails)", self.phones.len(), self.emails.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::json;

    #[test]
    fn messages_and_visitors_are_read_tolerantly() {
        let message = r#"{"id":"9","chat_id":77,"date_time":"2026-03-02 13:10:05","source":"visitor","text":"Добрый день",
            "resource":{"file_name":"a.png","file_url":"https://media.uiscom.ru/1","size":5},"employee_full_name":null}"#;
        let read = Message::read(&json::parse(message).expect("JSON")).expect("a message");
        assert!(read.is_of_visitor());
        assert_eq!(read.file.as_ref().and_then(|file| file.name.as_deref()), Some("a.png"));
        assert!(!format!("{read:?}").contains("Добрый"));
        assert_eq!(Message::read(&json::parse(r#"{"text":"x"}"#).expect("JSON")), None);
        for visitor in [
            r#"{"id":5,"name":"Анна","phone_numbers":["79000000012","102"],"emails":["a@b.example","x"]}"#,
            r#"{"name":"Анна","phone_numbers":[{"phone_number":79000000012}],"emails":"a@b.example"}"#,
        ] {
            let read = Visitor::read(&json::parse(visitor).expect("JSON")).expect("a visitor");
            assert_eq!(read.phones, [Number::Phone("+79000000012".to_owned())], "{visitor}");
            assert_eq!(read.emails, ["a@b.example"], "{visitor}");
        }
        assert_eq!(Visitor::read(&json::parse(r#"{"id":5,"name":null}"#).expect("JSON")), None);
    }
}
