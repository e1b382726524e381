//! The recordings of a call.

use jiff::tz::TimeZone;

use crate::communication::call::{Call, Heard};
use crate::communication::time;
use crate::source::uis::EventCode;

/// One recording.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recording {
    /// Where it can be heard.
    pub link: String,
    /// Its length in seconds.
    pub seconds: Option<u32>,
    /// Whose conversation it is.
    pub employee: Option<u64>,
    /// Whether it is of the whole call, whoever talked.
    pub whole: bool,
}

/// The recordings in the order in which they were announced, each once. One that was announced by itself knows its
/// length; one that stands in a list of links does not.
pub(super) fn recordings(call: &Call, zone: &TimeZone) -> Vec<Recording> {
    let mut heard: Vec<&Heard> = call.heard().collect();
    heard.sort_by_key(|heard| (heard.said.event != EventCode::Record, time::happened(heard, zone).instant()));
    let whole: Vec<&str> = heard.iter().filter_map(|heard| heard.said.whole_record_link()).collect();
    let is_whole = |link: &str| whole.contains(&link);
    let mut recordings: Vec<Recording> = Vec::new();
    for Heard { said, .. } in heard {
        for link in said.record_links() {
            let is_own = said.record_link() == Some(link);
            if recordings.iter().all(|recording| recording.link != link) {
                recordings.push(Recording {
                    link: link.to_owned(),
                    seconds: said.file_duration.filter(|_| is_own),
                    employee: said.employee_id.filter(|_| is_own),
                    whole: is_whole(link),
                });
            }
        }
    }
    recordings
}

/// The one recording that stands for the call: that of the whole call, else the longest, of equals the first.
pub(super) fn principal(recordings: &[Recording]) -> Option<&Recording> {
    // `max_by_key` gives the last of equals.
    recordings.iter().rev().max_by_key(|recording| (recording.whole, recording.seconds.unwrap_or(0)))
}

/// The recordings that the principal one does not stand for: none, when it is of the whole call.
pub(super) fn others(recordings: &[Recording]) -> impl Iterator<Item = &Recording> {
    let principal = principal(recordings);
    let has_whole = principal.is_some_and(|recording| recording.whole);
    let is_other = move |one: &&Recording| !has_whole && principal.is_some_and(|main| main.link != one.link);
    recordings.iter().filter(is_other)
}
