//! The log of requests.
//!
//! Every request to a stand-in leaves one entry: when, what, decoded parts, the answer, and what was done to it. Entries
//! are kept up to a number given at the start; the oldest fall out first. Keys are kept: this is a stand-in, and tests ask for them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longest answer text kept in an entry, in bytes; the rest is cut off.
pub const MAX_KEPT_ANSWER_BYTES: usize = 16 * 1024;

/// Which stand-in was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Service {
    /// RetailCRM.
    Retailcrm,
    /// UIS Data API.
    DataApi,
    /// UIS Call API.
    CallApi,
}

/// One request and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Number of the request, from 1, without gaps.
    pub number: u64,
    /// When it arrived.
    pub at: Timestamp,
    /// Which stand-in was asked.
    pub service: Service,
    /// HTTP method.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// What faults aim at: the path for RetailCRM, the JSON-RPC method for UIS.
    pub target: String,
    /// The query, decoded into nested objects and lists.
    pub query: Value,
    /// The body: form parts by name with JSON strings decoded, or the JSON-RPC request.
    pub parts: Value,
    /// Content type of the request.
    pub content_type: Option<String>,
    /// Key or token that came with it.
    pub key: Option<String>,
    /// Status answered; `None` when no head was sent.
    pub status: Option<u16>,
    /// Text answered, up to [`MAX_KEPT_ANSWER_BYTES`].
    pub answer: String,
    /// Whether the request changed the account.
    pub committed: bool,
    /// The fault that struck it, as its JSON `kind`.
    pub fault: Option<String>,
}

/// The log.
#[derive(Debug)]
pub struct Journal(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    entries: VecDeque<Entry>,
    capacity: usize,
    count: u64,
}

impl Journal {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Mutex::new(Inner { entries: VecDeque::new(), capacity, count: 0 }))
    }

    /// All entries kept, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.iter().cloned().collect()
    }

    /// The last `count` entries, oldest first.
    #[must_use]
    pub fn last(&self, count: usize) -> Vec<Entry> {
        let inner = self.lock();
        let skip = inner.entries.len().saturating_sub(count);
        inner.entries.iter().skip(skip).cloned().collect()
    }

    /// Entries whose target begins with `target`, oldest first.
    #[must_use]
    pub fn of(&self, target: &str) -> Vec<Entry> {
        self.lock().entries.iter().filter(|entry| entry.target.starts_with(target)).cloned().collect()
    }

    /// How many requests came since the start or the last [`Journal::clear`], those that fell out included.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.lock().count
    }

    /// Forgets all entries and starts numbering anew.
    pub fn clear(&self) {
        let mut inner = self.lock();
        inner.entries.clear();
        inner.count = 0;
    }

    pub(crate) fn push(&self, mut entry: Entry) {
        let mut inner = self.lock();
        inner.count += 1;
        entry.number = inner.count;
        while inner.entries.len() >= inner.capacity.max(1) {
            inner.entries.pop_front();
        }
        inner.entries.push_back(entry);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
