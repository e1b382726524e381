//! Chats and requests (UIS: *чаты*, *заявки*, the API's *offline messages*) as UIS tells of them.
//!
//! A delivery or a reading of a report goes in; [`News`] comes out. Two sources tell of one chat: notifications, whose
//! names are only likely (reference, section 3.4), and the reports of the Data API, which have all of it. Both name the
//! communication, and that number is what makes them news of the same chat.

mod code;
mod columns;
mod news;
mod parts;

pub use code::{WrittenCode, WrittenKind, written_session};
pub use columns::{CHAT_COLUMNS, Columns, MESSAGE_COLUMNS, Property, Prose, REQUEST_COLUMNS};
pub use news::{News, Reading};
pub use parts::{File, MAX_MESSAGES, Message, Visitor};

pub(super) use news::{notice, stored};
