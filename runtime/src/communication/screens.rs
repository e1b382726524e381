//! On whose screens a call belongs, and how it left the others.
//!
//! An employee has a call on the screen from when the phone rings (or the own call goes out) until somebody answers: then
//! only who talks keeps it, and who is rung afterwards, for a transfer. When the call ends nobody keeps it. Worked out
//! from the set of notifications, so order and repetitions do not matter: a ring that arrives after the end shows
//! nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::communication::call::{Call, Heard};
use crate::communication::merged::Merged;
use crate::communication::time;
use crate::source::uis::{Direction, EventCode};

/// Where a call stands for one employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// It rings there, or is talked about there.
    On {
        /// When that was heard of, by our clock.
        heard: Timestamp,
    },
    /// It is over there.
    Off(Left),
}

/// How a call left a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Left {
    /// This employee talked.
    Answered,
    /// This employee did not, or the other side did not.
    NoAnswer,
    /// The other side was busy.
    Busy,
    /// Who called gave up.
    Cancelled,
    /// It could not get through.
    Failed,
}

/// Works out where a call stands for everybody whose phone it has reached.
pub fn screens(call: &Call, merged: &Merged, zone: &TimeZone) -> BTreeMap<u64, Screen> {
    let mut in_time: Vec<&Heard> = call.heard().collect();
    in_time.sort_by_key(|heard| time::happened(heard, zone).instant());
    // The place in time of the last ring of each, and of the last talk that began.
    let mut rings: BTreeMap<u64, (usize, Timestamp)> = BTreeMap::new();
    let mut talks: BTreeMap<u64, Timestamp> = BTreeMap::new();
    let mut last_talk = None;
    for (place, heard) in in_time.iter().enumerate() {
        let Some(employee) = heard.said.employee_id else { continue };
        match heard.said.event {
            EventCode::Ring | EventCode::CallOut => {
                rings.insert(employee, (place, heard.at));
            }
            EventCode::TalkStart => {
                talks.insert(employee, heard.at);
                last_talk = Some((place, employee));
            }
            _ => {}
        }
    }
    let all = rings.keys().chain(talks.keys());
    all.map(|employee| {
        let talked = talks.contains_key(employee) || merged.people.talked.contains(employee);
        let ring = rings.get(employee).copied();
        let heard = ring.map(|(_, at)| at).or(talks.get(employee).copied()).unwrap_or(Timestamp::MIN);
        let screen = match last_talk {
            _ if merged.ended => Screen::Off(left(merged, talked)),
            Some((_, talker)) if talker == *employee => Screen::On { heard },
            Some((since, _)) if ring.is_none_or(|(place, _)| place < since) => {
                Screen::Off(if talked { Left::Answered } else { Left::NoAnswer })
            }
            _ => Screen::On { heard },
        };
        (*employee, screen)
    })
    .collect()
}

/// How a call that is over left somebody's screen. The reasons are those of the UIS reference, section 11.
fn left(merged: &Merged, talked: bool) -> Left {
    if talked && merged.talked {
        return Left::Answered;
    }
    let values = &merged.values;
    let reason = values.finish_reason.as_deref().or(values.lost_reason.as_deref()).unwrap_or_default();
    let gave_up = match merged.direction {
        Direction::In => "subscriber_disconnects",
        Direction::Out => "operator_disconnects",
    };
    match reason {
        _ if merged.talked => Left::NoAnswer,
        reason if reason == gave_up || reason == "disconnect_before_call_processing" => Left::Cancelled,
        reason if reason.ends_with("_busy") || reason == "employee_busy_after_call" => Left::Busy,
        reason
            if reason.contains("number_problems")
                || reason.contains("not_exists")
                || reason.contains("not_allowed")
                || reason.contains("error")
                || reason.contains("money") =>
        {
            Left::Failed
        }
        _ => Left::NoAnswer,
    }
}

#[cfg(test)]
#[path = "screens_tests.rs"]
mod tests;
