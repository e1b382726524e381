//! What UIS tells: notifications of calls, and everything about chats and requests.
//!
//! A delivery (event code of the path, query, content type, body) goes in; a typed [`Notification`] or the reason why
//! it could not be understood comes out. There is no fixed payload: people write the templates, and UIS fills in
//! what it likes, so the reading is tolerant. What is tolerated is listed in `decode`.
//!
//! Facts about the format are those of the UIS reference, sections 3.2 to 3.6 (vendor pages read in spring 2026).

mod bare;
mod decode;
mod delivery;
mod event;
mod form;
mod identity;
mod json;
mod node;
mod notification;
mod pairs;
mod question;
mod reason;
mod report;
mod template;
mod template_written;
mod types;
mod value;
mod written;

pub use decode::{Decoded, Note, decode, decode_stored};
pub use delivery::{Delivery, Stored};
pub use event::EventCode;
pub use identity::{Identity, SOURCE, garbage_dedup, identity, session_key};
pub use notification::{FIELDS, FieldRow, Notification, fields_page};
pub use question::Question;
pub use reason::Reason;
pub use report::{COLUMNS, Reported};
pub use template::{Event, Need, TEMPLATES, Template, hook_address};
pub use template_written::{WRITTEN_TEMPLATES, written_about};
pub use types::{Direction, LocalTime, Number};
pub use value::{Link, MAX_ITEMS, MAX_LINK, MAX_SECONDS, MAX_TEXT};
pub use written::{
    CHAT_COLUMNS, Columns, File, MAX_MESSAGES, MESSAGE_COLUMNS, Message, News, Property, Prose,
    REQUEST_COLUMNS, Reading, Visitor, WrittenCode, WrittenKind, written_session,
};
