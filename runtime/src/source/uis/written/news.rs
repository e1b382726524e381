//! News of a chat or a request: what one notification or one reading of a report says.
//!
//! Format of a reading in the store, version 1: `{"v":1,"read_at":…,"row":{…},"messages":[…],"visitor":{…}}`, everything
//! under the names of the Data API and as it came, reduced to what is read.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::source::uis::identity::Identity;
use crate::source::uis::json;
use crate::source::uis::node::Node;
use crate::source::uis::pairs::Pairs;
use crate::source::uis::reason::Reason;
use crate::source::uis::types::Number;
use crate::source::uis::value::Reads;
use crate::source::uis::written::columns::{Columns, find};
use crate::source::uis::written::parts::{MAX_MESSAGES, Message, Visitor};
use crate::source::uis::written::{WrittenCode, WrittenKind, written_session};
use crate::store::record::LaneKey;

const VERSION: u64 = 1;
/// Letters of a hash inside an identity.
const HASH: usize = 32;

/// What one notification or one reading says.
#[derive(Clone, Debug, PartialEq)]
pub struct News {
    /// What happened.
    pub code: WrittenCode,
    /// The number of the communication.
    pub communication: u64,
    /// When it was read, for a reading.
    pub read_at: Option<Timestamp>,
    /// What is said of it.
    pub columns: Columns,
    /// Messages that were read with it.
    pub messages: Vec<Message>,
    /// The visitor, when he was asked about.
    pub visitor: Option<Visitor>,
}

/// What was read from reports about one chat or request, as the API gave it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Reading {
    /// The row.
    pub row: Map<String, Value>,
    /// Rows of messages.
    pub messages: Vec<Map<String, Value>>,
    /// The visitor.
    pub visitor: Option<Map<String, Value>>,
}

impl Reading {
    /// The bytes that the store keeps; only named columns, and no more messages than are kept.
    pub fn to_body(&self, read_at: Timestamp, columns: &[&str], message_columns: &[&str]) -> Vec<u8> {
        let reduced = |row: &Map<String, Value>, names: &[&str]| {
            let kept = row.iter().filter(|(name, value)| names.contains(&name.as_str()) && !value.is_null());
            kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>()
        };
        let latest = self.messages.len().saturating_sub(MAX_MESSAGES);
        let messages: Vec<_> =
            self.messages.iter().skip(latest).map(|row| reduced(row, message_columns)).collect();
        let visitor = self.visitor.as_ref().map(|row| reduced(row, &["name", "phone_numbers", "emails"]));
        let whole = json!({"v": VERSION, "read_at": read_at, "row": reduced(&self.row, columns),
            "messages": messages, "visitor": visitor});
        // Texts, numbers and moments always have a JSON form.
        serde_json::to_vec(&whole).unwrap_or_default()
    }
}

impl News {
    /// The phone that was left, in E.164.
    pub fn phone(&self) -> Option<&str> {
        let said = [&self.columns.visitor_phone_number, &self.columns.contact_phone_number];
        let said = said.into_iter().flatten().find_map(Number::as_phone);
        said.or_else(|| self.visitor.iter().flat_map(|visitor| &visitor.phones).find_map(Number::as_phone))
    }

    /// Who the event is.
    pub fn identity(&self) -> Identity {
        let session = written_session(self.code.kind(), self.communication);
        let lane = self.phone().map_or_else(|| LaneKey::session(&session), LaneKey::phone);
        let said = json!([self.columns, self.messages, self.visitor, self.read_at]);
        let hash: String = blake3::hash(said.to_string().as_bytes()).to_hex().chars().take(HASH).collect();
        Identity { dedup: format!("{}:{}:{hash}", self.code.as_str(), self.communication), session, lane }
    }
}

/// Reads a notification.
pub(in crate::source::uis) fn notice(code: WrittenCode, pairs: &Pairs) -> Result<News, Reason> {
    let kind = code.kind();
    if let Some(said) = pairs.get("communication_type").and_then(String::read)
        && said != kind.communication_type()
    {
        return Err(Reason::OtherCommunication);
    }
    let number = pairs.get("communication_id").or_else(|| match kind {
        WrittenKind::Chat => pairs.get("chat_id"),
        WrittenKind::Request => None,
    });
    let communication = number.ok_or(Reason::NoCommunication).and_then(positive)?;
    let columns = Columns::read(|name| pairs.get(name));
    Ok(News { code, communication, read_at: None, columns, messages: Vec::new(), visitor: None })
}

/// Reads a reading out of the store.
pub(in crate::source::uis) fn stored(code: WrittenCode, body: &[u8]) -> Result<News, Reason> {
    let text = std::str::from_utf8(body).map_err(|_| Reason::NotUtf8)?;
    let Node::Object(whole) = json::parse(text)? else { return Err(Reason::NotAnObject) };
    let Some(Node::Object(row)) = find(&whole, "row") else { return Err(Reason::NotAnObject) };
    // For requests the vendor shows both numbers to be equal; where one is missing the other must do.
    let number = find(row, "communication_id").filter(|node| !node.is_absent()).or_else(|| find(row, "id"));
    let communication = number.ok_or(Reason::NoCommunication).and_then(positive)?;
    let messages = match find(&whole, "messages") {
        Some(Node::List(rows)) => rows.iter().filter_map(Message::read).collect(),
        _ => Vec::new(),
    };
    let read_at = match find(&whole, "read_at") {
        Some(Node::Text(at)) => at.parse().ok(),
        _ => None,
    };
    Ok(News {
        code,
        communication,
        read_at,
        columns: Columns::of_row(row),
        messages,
        visitor: find(&whole, "visitor").and_then(Visitor::read),
    })
}

fn positive(node: &Node) -> Result<u64, Reason> {
    u64::read(node).ok_or(Reason::BadCommunication)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::written::columns::{CHAT_COLUMNS, MESSAGE_COLUMNS};

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn a_reading_comes_back_as_it_was() {
        let reading = Reading {
            row: object(json!({"id": 77, "communication_id": 998, "status": "active", "sale_cost": 5,
                "date_time": "2026-03-02 13:10:00", "visitor_phone_number": null})),
            messages: vec![object(
                json!({"id": 1, "chat_id": 77, "source": "visitor", "text": "Привет", "extra": 1}),
            )],
            visitor: Some(object(json!({"id": 5, "name": "Анна", "phone_numbers": ["79000000012"]}))),
        };
        let read_at = "2026-03-02T10:11:00Z".parse().expect("a moment");
        let body = reading.to_body(read_at, CHAT_COLUMNS, MESSAGE_COLUMNS);
        let text = String::from_utf8(body.clone()).expect("text");
        assert!(!text.contains("sale_cost") && !text.contains("extra"), "{text}");
        let news = stored(WrittenCode::ChatReport, &body).expect("readable");
        assert_eq!((news.communication, news.columns.id, news.read_at), (998, Some(77), Some(read_at)));
        assert_eq!((news.messages.len(), news.phone()), (1, Some("+79000000012")));
        let identity = news.identity();
        assert_eq!((identity.session.as_str(), identity.lane.as_str()), ("chat:998", "p:+79000000012"));
        let again = stored(WrittenCode::ChatReport, &body).expect("readable").identity();
        assert_eq!(identity.dedup, again.dedup);
    }

    #[test]
    fn without_a_phone_the_lane_is_the_chats_own() {
        let body = br#"{"v":1,"row":{"id":77}}"#;
        let news = stored(WrittenCode::ChatReport, body).expect("readable");
        assert_eq!(news.identity().lane.as_str(), "s:chat:77");
        assert_eq!(stored(WrittenCode::ChatReport, b"{}"), Err(Reason::NotAnObject));
        assert_eq!(stored(WrittenCode::ChatReport, br#"{"row":{}}"#), Err(Reason::NoCommunication));
        assert_eq!(stored(WrittenCode::ChatReport, br#"{"row":{"id":"x"}}"#), Err(Reason::BadCommunication));
    }
}
