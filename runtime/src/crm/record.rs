//! What the methods share: how records are named, where a contact came from, what every list answers.

use serde::Serialize;
use serde_json::Value;

use super::error::CrmError;

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
    pub(super) fn segment(&self) -> (String, &'static str) {
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
pub(super) fn unreadable(what: &str) -> CrmError {
    CrmError::Unreadable { status: 200, reason: format!("no {what}") }
}

/// The number of the last page; 1 when the answer does not tell.
pub(super) fn last_page(answer: &Value) -> u64 {
    answer.pointer("/pagination/totalPageCount").and_then(Value::as_u64).unwrap_or(1)
}
