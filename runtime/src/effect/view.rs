//! An event, read by the paths of its JSON form.
//!
//! The JSON form is the stable face of an event (canonical names, phones in E.164, moments in RFC 3339, lengths in
//! seconds), and it is what is kept with a decision; a plan reads the same.

use jiff::Timestamp;
use serde_json::Value;
use switchboard_engine::event::Event;

/// An event as JSON.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct EventView {
    json: Value,
}

impl EventView {
    pub(super) fn of(event: &Event) -> Self {
        Self { json: event.to_json() }
    }

    /// The text at a path, unless it is blank.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        let text = self.json.pointer(path)?.as_str()?;
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    /// The instant at a path.
    pub(super) fn moment(&self, path: &str) -> Option<Timestamp> {
        self.text(path)?.parse().ok()
    }

    /// The length at a path; zero when it is missing or negative.
    pub(super) fn seconds(&self, path: &str) -> u64 {
        self.json.pointer(path).and_then(Value::as_u64).unwrap_or(0)
    }
}
