//! A delivery to a notification, tolerantly.
//!
//! Tolerated (UIS reference 3.2, 3.6): JSON, a form or a query, whatever the content type says; a byte order mark;
//! placeholders left as `{{name}}`, bare or in quotes; values in doubled quotes; objects around the names; numbers as
//! texts; lists as texts of JSON; `""`, `null`, `None` for nothing; unknown names; a forgotten `&`; phones with `+`,
//! masked or hidden; a constant `event` that differs from the address (the address wins, and it is noted).
//! A field that is something else than it should be is dropped and noted.
//! Only a delivery whose call cannot be told, or that contradicts itself, is not understood.

use switchboard_grammar::diagnostic::Text;

use crate::config::Secret;
use crate::source::uis::delivery::Delivery;
use crate::source::uis::event::EventCode;
use crate::source::uis::node::Node;
use crate::source::uis::notification::Notification;
use crate::source::uis::pairs::{EVENT, KEY, Pairs};
use crate::source::uis::reason::Reason;
use crate::source::uis::value::Reads;
use crate::source::uis::written::{News, WrittenCode};
use crate::source::uis::{form, json, report, written};

/// What a delivery turned out to be. There is nothing else.
#[derive(Debug)]
pub enum Decoded {
    /// It was understood.
    Notification {
        /// What it says.
        notification: Box<Notification>,
        /// What was left out on the way.
        notes: Vec<Note>,
        /// The `key` it carries.
        key: Option<Secret>,
    },
    /// It is about a chat or a request, and was understood.
    Written {
        /// What it says.
        news: Box<News>,
        /// The `key` it carries.
        key: Option<Secret>,
    },
    /// It was not understood.
    Unparsed {
        /// Why not.
        reason: Reason,
    },
}

/// Something that was left out of a notification that was understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A value is not what its name says, and was dropped.
    Misfit {
        /// The name.
        name: &'static str,
        /// What it should hold, in English and in Russian.
        expected: (&'static str, &'static str),
    },
    /// The constant `event` of the body is not the event of the address, which won.
    OtherEvent,
}

impl Note {
    /// The note in words.
    pub fn text(&self) -> Text {
        match self {
            Self::Misfit { name, expected: (en, ru) } => Text::new(
                format!("`{name}` was left out: expected {en}"),
                format!("`{name}` не учтено: ожидается {ru}"),
            ),
            Self::OtherEvent => Text::new(
                "`event` of the body differs from the address; the address was taken",
                "`event` в теле не совпадает с адресом; взят адрес",
            ),
        }
    }
}

/// Decodes a delivery. Never fails and never panics: what is not understood says why.
pub fn decode(delivery: &Delivery<'_>) -> Decoded {
    match understand(delivery) {
        Ok(decoded) => decoded,
        Err(reason) => Decoded::Unparsed { reason },
    }
}

/// Decodes an event of the store: a delivery as [`decode`] does, or the row of a report.
pub fn decode_stored(delivery: &Delivery<'_>) -> Decoded {
    let read = match WrittenCode::find_stored(delivery.event) {
        Some(code @ (WrittenCode::ChatReport | WrittenCode::RequestReport)) => {
            written::stored(code, delivery.body)
                .map(|news| Decoded::Written { news: Box::new(news), key: None })
        }
        _ if delivery.event == EventCode::Report.as_str() => report::read(delivery.body)
            .map(|row| Decoded::Notification { notification: Box::new(row), notes: Vec::new(), key: None }),
        _ => return decode(delivery),
    };
    read.unwrap_or_else(|reason| Decoded::Unparsed { reason })
}

fn understand(delivery: &Delivery<'_>) -> Result<Decoded, Reason> {
    if let Some(code) = WrittenCode::find(delivery.event) {
        let pairs = collect(delivery)?;
        let key = pairs.get(KEY).and_then(String::read).map(|key| Secret::new(&key));
        return Ok(Decoded::Written { news: Box::new(written::notice(code, &pairs)?), key });
    }
    let Some(event) = EventCode::find(delivery.event) else {
        return Err(Reason::UnknownEvent { nearest: EventCode::nearest(delivery.event) });
    };
    let pairs = collect(delivery)?;
    if let Some(kind) = pairs.get("communication_type").and_then(String::read)
        && kind != "call"
    {
        return Err(Reason::NotACall);
    }
    // Of a call the communication and the session are the same number.
    let session = pairs.get("call_session_id").or(pairs.get("communication_id")).ok_or(Reason::NoSession)?;
    let session = u64::read(session).ok_or(Reason::BadSession)?;
    let mut notification = Notification::new(event, session);
    let mut notes: Vec<Note> = notification.fill(&pairs).into_iter().map(misfit).collect();
    if let Some(constant) = pairs.get(EVENT).and_then(String::read)
        && constant != delivery.event
    {
        notes.push(Note::OtherEvent);
    }
    let key = pairs.get(KEY).and_then(String::read).map(|key| Secret::new(&key));
    Ok(Decoded::Notification { notification: Box::new(notification), notes, key })
}

fn misfit(name: &'static str) -> Note {
    let row = crate::source::uis::FIELDS.iter().find(|row| row.name == name);
    Note::Misfit { name, expected: row.map(|row| row.kind).unwrap_or_default() }
}

/// The names and values of a delivery, from its query and its body.
fn collect(delivery: &Delivery<'_>) -> Result<Pairs, Reason> {
    let mut pairs = Pairs::default();
    let query = delivery.query.unwrap_or_default();
    form::add(query.as_bytes(), &mut pairs)?;
    let body = std::str::from_utf8(delivery.body).map_err(|_| Reason::NotUtf8)?;
    let body = body.trim_start_matches('\u{feff}').trim();
    match body.chars().next() {
        None if query.trim().is_empty() => return Err(Reason::Empty),
        None => {}
        Some('{') => match json::parse(body)? {
            Node::Object(entries) => pairs.add_object(entries)?,
            _ => return Err(Reason::NotAnObject),
        },
        Some('[' | '"') => {
            json::parse(body)?;
            return Err(Reason::NotAnObject);
        }
        Some(_) => {
            form::add(body.as_bytes(), &mut pairs)?;
            let says_form = delivery.content_type.to_ascii_lowercase().contains("form-urlencoded");
            if pairs.is_empty() && !says_form {
                return Err(Reason::NeitherJsonNorForm);
            }
        }
    }
    Ok(pairs)
}
