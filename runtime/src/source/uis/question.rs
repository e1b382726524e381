//! Interactive call processing: what UIS asks while a client is on the line.
//!
//! Which parameters are sent, and how, is chosen in the office, and the encoding of a POST is not documented (UIS
//! reference, section 4.1; the vendor's page on interactive call processing, read in spring 2026). So the query, a form
//! and JSON are read alike, whatever the content type says, and whatever cannot be read is as if it were not there: a
//! question is always answered.

use crate::source::uis::delivery::Delivery;
use crate::source::uis::json;
use crate::source::uis::node::Node;
use crate::source::uis::types::{Direction, LocalTime, Number};
use crate::source::uis::value::Reads;

/// Names under which a caller's number is sent: the operation's own, then that of notifications.
const CALLER: [&str; 2] = ["numa", "contact_phone_number"];
/// The same of the number that was dialled.
const DIALLED: [&str; 2] = ["numb", "virtual_phone_number"];
/// Deeper objects are not looked into.
const MAX_NESTING: usize = 4;
/// More names than this are not looked at.
const MAX_NAMES: usize = 200;

/// A question with somebody on the line. Everything may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Question {
    /// The session of the call.
    pub session: Option<u64>,
    /// The leg of the call.
    pub leg: Option<u64>,
    /// Who calls.
    pub caller: Option<Number>,
    /// Which number was dialled.
    pub dialled: Option<Number>,
    /// When the call began, when that is told as a date and time.
    pub started: Option<LocalTime>,
    /// Which way the call goes.
    pub direction: Option<Direction>,
    /// What the caller typed.
    pub typed: Option<String>,
}

impl Question {
    /// Reads a question, as far as it can be read.
    pub fn read(delivery: &Delivery<'_>) -> Self {
        let mut names = Vec::new();
        form(delivery.query.unwrap_or_default().as_bytes(), &mut names);
        if let Ok(body) = std::str::from_utf8(delivery.body) {
            let body = body.trim_start_matches('\u{feff}').trim();
            match body.chars().next() {
                Some('{' | '[' | '"') => {
                    if let Ok(Node::Object(entries)) = json::parse(body) {
                        object(entries, 0, &mut names);
                    }
                }
                Some(_) => form(body.as_bytes(), &mut names),
                None => {}
            }
        }
        let session: Option<u64> = first(&names, &["call_session_id"]);
        Self {
            leg: first(&names, &["cdr_id", "leg_id"]),
            session,
            caller: first(&names, &CALLER),
            dialled: first(&names, &DIALLED),
            started: first(&names, &["start_time"]),
            direction: first(&names, &["direction"]),
            typed: first(&names, &["input_result"]),
        }
    }
}

/// The first value of one of these names that can be read.
fn first<T: Reads>(names: &[(String, Node)], wanted: &[&str]) -> Option<T> {
    wanted.iter().find_map(|wanted| {
        let values = names.iter().filter(|(name, value)| name == wanted && !value.is_absent());
        values.map(|(_, value)| value).find_map(T::read)
    })
}

fn form(text: &[u8], names: &mut Vec<(String, Node)>) {
    for (name, value) in form_urlencoded::parse(text).take(MAX_NAMES) {
        names.push((name.trim().to_owned(), Node::Text(value.into_owned())));
    }
}

fn object(entries: Vec<(String, Node)>, depth: usize, names: &mut Vec<(String, Node)>) {
    for (name, value) in entries {
        match value {
            Node::Object(inner) if depth < MAX_NESTING => object(inner, depth + 1, names),
            value if names.len() < MAX_NAMES => names.push((name.trim().to_owned(), value)),
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: Option<&str>, content_type: &str, body: &str) -> Question {
        Question::read(&Delivery { event: "manager", query, content_type, body: body.as_bytes() })
    }

    fn whole() -> Question {
        Question {
            session: Some(998_700_001),
            leg: Some(123),
            caller: Some(Number::Phone("+79000000010".to_owned())),
            dialled: Some(Number::Phone("+74950000001".to_owned())),
            direction: Some(Direction::In),
            ..Question::default()
        }
    }

    #[test]
    fn a_query_a_form_and_json_say_the_same() {
        let form = "cdr_id=123&call_session_id=998700001&numa=79000000010&numb=74950000001&direction=in&input_result=None";
        let json = r#"{"cdr_id":"123","call_session_id":998700001,"numa":"79000000010","numb":74950000001,
            "direction":"in","input_result":null}"#;
        assert_eq!(read(Some(form), "", ""), whole());
        for content_type in ["application/x-www-form-urlencoded", "application/json", ""] {
            assert_eq!(read(None, content_type, form), whole(), "{content_type}");
            assert_eq!(read(None, content_type, json), whole(), "{content_type}");
        }
        assert_eq!(read(Some("numa=79000000010"), "", &json.replace("79000000010", "")), whole());
        assert_eq!(read(None, "", &format!("{{\"call_info\":{json}}}")), whole());
    }

    #[test]
    fn numbers_are_read_in_every_spelling_and_under_the_names_of_notifications() {
        for caller in ["+79000000010", "8 (900) 000-00-10", "79000000010"] {
            let encoded: String = form_urlencoded::byte_serialize(caller.as_bytes()).collect();
            let question = read(Some(&format!("numa={encoded}")), "", "");
            assert_eq!(question.caller, whole().caller, "{caller}");
        }
        let named = "contact_phone_number=79000000010&virtual_phone_number=74950000001";
        let question = read(None, "", named);
        assert_eq!((question.caller, question.dialled), (whole().caller, whole().dialled));
    }

    #[test]
    fn a_time_is_taken_only_when_it_is_one() {
        let started = |text: &str| read(Some(&format!("start_time={text}")), "", "").started;
        assert!(started("2026-03-02%2012:00:31.512").is_some());
        assert_eq!(started("1200"), None);
    }

    #[test]
    fn whatever_cannot_be_read_is_not_there() {
        for (query, body) in [
            (None, ""),
            (Some("%%%&=&&numa"), ""),
            (Some("numa={{numa}}&numb=None"), "null"),
            (None, "{\"numa\":"),
            (None, "[1]"),
            (None, "\"x\""),
            (None, "<xml/>"),
        ] {
            assert_eq!(read(query, "", body), Question::default(), "{query:?} {body}");
        }
        let bytes = Delivery { event: "manager", query: None, content_type: "", body: &[0xff, 0xfe] };
        assert_eq!(Question::read(&bytes), Question::default());
        let deep = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        assert_eq!(read(None, "", &deep), Question::default());
        let hidden = read(Some("numa=anonymous&call_session_id=5"), "", "");
        assert_eq!(hidden.session, Some(5));
        assert_eq!(hidden.caller.as_ref().and_then(Number::as_phone), None);
    }
}
