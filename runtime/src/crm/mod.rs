//! The RetailCRM client.
//!
//! Goes in: typed requests with an urgency. Comes out: typed answers, or a [`CrmError`] whose [`Class`] says what may be
//! done. Every fact about the other side comes from its reference; this module is where it is spelled in code, and the
//! only one that knows paths, parameters and answers.
//! Leaves to others: when to try again, what to create, and what it is called in our store.

mod address;
mod answer;
mod breaker;
mod client;
mod customers;
mod error;
mod form;
mod notes;
mod orders;
mod pace;
mod reference;
mod system;
mod tasks;
mod telephony;
mod users;
mod wire;

pub use address::{Address, AddressError, AddressRules, VENDOR_DOMAINS};
pub use breaker::{Breaker, BreakerSettings};
pub use client::{BadKeyText, Client, ClientSettings, SendGuard};
pub use customers::{Customer, CustomerFields, PhoneNumber, choose};
pub use error::{Class, CrmError, FieldError, Refusal};
pub use notes::{Note, Notice};
pub use orders::{Order, OrderFields};
pub use pace::{Bucket, Pace, PaceSettings, Priority, Urgency};
pub use reference::{CustomField, Dictionary, Element, FieldEntity, FieldType, Site};
pub use system::{Credentials, NEEDED_SCOPES};
pub use tasks::{NewTask, Task, TaskSearch};
pub use telephony::{CallEvent, CallRecord, CallResult, Direction, Hangup, MAX_CALLS, Uploaded};
pub use users::User;

use serde::Serialize;
use serde_json::Value;

/// How a record is named in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordRef {
    /// By the CRM's own number.
    Id(u64),
    /// By ours.
    External(String),
}

/// A customer as an order, a task or a note names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ref {
    /// The CRM's own number.
    pub id: u64,
}

/// Where a contact came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Source {
    /// `utm_source`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `utm_medium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// `utm_campaign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// `utm_term`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keyword: Option<String>,
    /// `utm_content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

impl RecordRef {
    /// The path segment and the value of `by`. Percent-encodes what could change the path.
    fn segment(&self) -> (String, &'static str) {
        match self {
            Self::Id(id) => (id.to_string(), "id"),
            Self::External(external) => (encode_segment(external), "externalId"),
        }
    }
}

impl Source {
    /// Tells whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn encode_segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// A success whose content cannot be read.
fn unreadable(what: &str) -> CrmError {
    CrmError::Unreadable { status: 200, reason: format!("no {what}") }
}

/// The number of the last page; 1 when the answer does not tell.
fn last_page(answer: &Value) -> u64 {
    answer.pointer("/pagination/totalPageCount").and_then(Value::as_u64).unwrap_or(1)
}

#[cfg(test)]
mod tests;
