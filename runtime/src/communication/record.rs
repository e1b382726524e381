//! The recordings of a call.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::communication::call::{Call, Heard};
use crate::communication::time;
use crate::source::uis::{EventCode, identity};

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

/// How many recordings a call may have, as far as it was told: one for each conversation, because who talks again after a
/// transfer has another one; or as many as a report counts, when those are more. A conversation is told by its
/// legs, where they are named: putting a client on hold is no new one.
pub(super) fn expected(call: &Call) -> usize {
    let talks = |event: EventCode| {
        let of = call.heard().filter(move |heard| heard.said.event == event);
        of.map(conversation).collect::<BTreeSet<_>>().len()
    };
    let counted = call.heard().filter_map(|heard| heard.said.records).max().unwrap_or(0);
    let counted = usize::try_from(counted).unwrap_or(usize::MAX);
    talks(EventCode::TalkStart).max(talks(EventCode::TalkEnd)).max(counted)
}

/// What makes a conversation this one and no other.
fn conversation(heard: &Heard) -> (Option<u64>, Vec<u64>, String) {
    let said = &heard.said;
    let mut legs: Vec<u64> = said.leg_ids.iter().flatten().copied().chain(said.leg_id).collect();
    legs.sort_unstable();
    let when = if legs.is_empty() { identity(said).dedup } else { String::new() };
    (said.employee_id, legs, when)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::uis::Notification;

    fn expected_of(talks: &[(u64, Option<u64>, &str)], counted: Option<u32>) -> usize {
        let mut call = Call::new(1);
        for (employee, leg, time) in talks {
            let mut said = Notification::new(EventCode::TalkEnd, 1);
            said.employee_id = Some(*employee);
            said.leg_ids = leg.map(|leg| vec![leg]);
            said.notification_time = time.parse().ok();
            assert!(said.notification_time.is_some(), "{time}");
            call.hear(said, jiff::Timestamp::UNIX_EPOCH);
        }
        let mut report = Notification::new(EventCode::Report, 1);
        report.records = counted;
        call.hear(report, jiff::Timestamp::UNIX_EPOCH);
        expected(&call)
    }

    #[test]
    fn recordings_are_expected_by_conversation() {
        let (one, two, three) =
            ("2026-03-02 12:00:31.000", "2026-03-02 12:01:31.000", "2026-03-02 12:02:31.000");
        assert_eq!(
            expected_of(&[(10, None, one), (11, None, two), (10, None, three)], None),
            3,
            "there and back"
        );
        assert_eq!(expected_of(&[(10, Some(1), one), (11, Some(2), two), (10, Some(3), three)], None), 3);
        assert_eq!(expected_of(&[(10, Some(1), one), (10, Some(1), two)], None), 1, "put on hold");
        assert_eq!(expected_of(&[(10, Some(1), one)], Some(2)), 2, "the report counts more");
        assert_eq!(
            expected_of(&[(10, Some(1), one), (11, Some(2), two)], Some(1)),
            2,
            "it may not have all yet"
        );
        assert_eq!(expected_of(&[], None), 0);
    }
}
