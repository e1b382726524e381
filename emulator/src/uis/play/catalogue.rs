//! Which parameters a notification can carry, by event: the vendor's catalogue, as far as it is known.
//!
//! A placeholder of another event is not filled in: it arrives as it stands in the template.

/// Events, by the codes that our templates carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Event {
    CallStart,
    CallOut,
    Ring,
    TalkStart,
    TalkEnd,
    CallEnd,
    CallLost,
    Record,
}

use Event::{CallEnd, CallLost, CallOut, CallStart, Record, Ring, TalkEnd, TalkStart};

impl Event {
    /// The code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            CallStart => "call_start",
            CallOut => "call_out",
            Ring => "ring",
            TalkStart => "talk_start",
            TalkEnd => "talk_end",
            CallEnd => "call_end",
            CallLost => "call_lost",
            Record => "record",
        }
    }
}

const EVERY: &[Event] = &[CallStart, CallOut, Ring, TalkStart, TalkEnd, CallEnd, CallLost, Record];
/// From the first ring to the end.
const TALK: &[Event] = &[Ring, TalkStart, TalkEnd, CallEnd];

/// Parameters and the events that have them.
const PARAMETERS: &[(&str, &[Event])] = &[
    ("notification_name", EVERY),
    ("notification_time", EVERY),
    ("notification_timestamp", EVERY),
    ("app_id", EVERY),
    ("tp_project", EVERY),
    ("call_session_id", EVERY),
    ("communication_id", EVERY),
    ("communication_type", EVERY),
    ("communication_number", EVERY),
    ("external_id", TALK),
    ("direction", TALK),
    ("call_source", TALK),
    ("is_internal", &[CallEnd]),
    ("is_lost", &[CallEnd]),
    ("is_transfer", &[CallEnd]),
    ("lost_reason", &[CallLost]),
    ("virtual_phone_number", EVERY),
    ("contact_phone_number", EVERY),
    ("calling_phone_number", &[CallEnd]),
    ("called_phone_number", &[CallEnd]),
    ("contact_id", &[CallStart, CallOut, Ring, CallLost, Record, CallEnd]),
    ("contact_full_name", &[CallStart, CallOut, Ring, CallLost, Record, CallEnd]),
    ("scenario_id", &[CallStart, CallEnd, CallLost, Record, TalkEnd]),
    ("scenario_name", &[CallStart, CallEnd, CallLost, Record, TalkEnd]),
    ("start_time", &[CallStart, CallEnd, CallLost]),
    ("wait_time_duration", &[CallEnd, CallLost]),
    ("talk_time_duration", &[CallEnd, TalkEnd]),
    ("total_time_duration", &[CallEnd]),
    ("employee_id", &[Ring, TalkStart, TalkEnd, CallEnd, CallOut, Record]),
    ("employee_full_name", &[Ring, TalkStart, TalkEnd, CallEnd, CallOut, Record]),
    ("employee_phone_number", &[CallOut, CallEnd]),
    ("employee_email", &[Record]),
    ("extension_phone_number", &[CallEnd, Record]),
    ("employee_ids", &[CallLost, CallEnd]),
    ("noanswered_employee_full_names", &[CallLost]),
    ("last_talked_employee_id", &[CallEnd]),
    ("operator_rating", &[CallEnd]),
    ("leg_id", &[Ring]),
    ("leg_ids", &[TalkStart, TalkEnd]),
    ("file_link", &[Record]),
    ("file_duration", &[Record]),
    ("record_file_links", &[CallEnd]),
    ("tag_ids", &[Record, CallEnd]),
    ("tag_names", &[Record, CallEnd]),
    ("attributes", &[CallEnd]),
    ("site_domain_name", EVERY),
    ("campaign_name", EVERY),
    ("visitor_id", EVERY),
    ("visitor_is_new", EVERY),
    ("search_query", EVERY),
    ("search_engine", EVERY),
];

/// Whether an event has a parameter.
pub(super) fn has(event: Event, parameter: &str) -> bool {
    PARAMETERS.iter().any(|(name, events)| *name == parameter && events.contains(&event))
}
