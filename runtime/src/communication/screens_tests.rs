//! Cases of `screens`: what was heard, in one line, and who has the call on the screen then.

use super::*;
use crate::source::uis::Notification;

/// Reads `ring 1, talk 2, …, end REASON`, a second apart, each heard when it happened.
fn merged(story: &str, direction: Direction) -> (Call, Merged) {
    let mut call = Call::new(7);
    for (second, step) in (0..).zip(story.split(", ")) {
        let (what, who) = step.split_once(' ').unwrap_or((step, ""));
        let event = match what {
            "ring" => EventCode::Ring,
            "out" => EventCode::CallOut,
            "talk" => EventCode::TalkStart,
            "hangup" => EventCode::TalkEnd,
            "end" => EventCode::CallEnd,
            other => panic!("`{other}` is no step"),
        };
        let mut said = Notification::new(event, 7);
        said.direction = Some(direction);
        said.employee_id = who.parse().ok();
        said.notification_timestamp = Some(1_772_442_000 + second);
        if event.is_end() {
            said.finish_reason = Some(who.to_owned());
            said.talk_time_duration = Some(if story.contains("talk") { 40 } else { 0 });
        }
        call.hear(said, Timestamp::from_second(1_772_442_000 + second).unwrap());
    }
    let merged = Merged::of(&call, &TimeZone::UTC).unwrap();
    (call, merged)
}

#[track_caller]
fn check(direction: Direction, story: &str, wanted: &str) {
    let (call, merged) = merged(story, direction);
    let found: Vec<String> = screens(&call, &merged, &TimeZone::UTC)
        .into_iter()
        .map(|(employee, screen)| match screen {
            Screen::On { heard } => format!("{employee} on since {}", heard.as_second() - 1_772_442_000),
            Screen::Off(left) => format!("{employee} {left:?}"),
        })
        .collect();
    assert_eq!(found.join(", "), wanted, "{story}");
}

#[test]
fn who_is_rung_has_the_call_until_somebody_answers() {
    check(Direction::In, "ring 1", "1 on since 0");
    check(Direction::In, "ring 1, ring 2", "1 on since 0, 2 on since 1");
    check(Direction::In, "ring 1, ring 2, talk 2", "1 NoAnswer, 2 on since 1");
    // Rung once more, by a scenario that goes round.
    check(Direction::In, "ring 1, ring 2, ring 1", "1 on since 2, 2 on since 1");
}

#[test]
fn a_transfer_shows_it_to_the_next_and_leaves_it_with_who_talks() {
    check(Direction::In, "ring 1, talk 1, ring 2", "1 on since 0, 2 on since 2");
    check(Direction::In, "ring 1, talk 1, ring 2, talk 2", "1 Answered, 2 on since 2");
    check(Direction::In, "ring 1, talk 1, ring 2, talk 2, ring 1", "1 on since 4, 2 on since 2");
    check(Direction::In, "ring 1, talk 1, ring 2, talk 2, end", "1 Answered, 2 Answered");
}

#[test]
fn nobody_has_a_call_that_is_over() {
    check(Direction::In, "ring 1, ring 2, end timeout", "1 NoAnswer, 2 NoAnswer");
    check(Direction::In, "ring 1, ring 2, talk 2, end subscriber_disconnects", "1 NoAnswer, 2 Answered");
    check(Direction::In, "ring 1, end subscriber_disconnects", "1 Cancelled");
    check(Direction::In, "ring 1, end operator_busy", "1 Busy");
    check(Direction::Out, "out 1, end subscriber_busy", "1 Busy");
    check(Direction::Out, "out 1, end operator_disconnects", "1 Cancelled");
    check(Direction::Out, "out 1, end subscriber_number_problems", "1 Failed");
    check(Direction::Out, "out 1, end no_success_subscriber_call", "1 NoAnswer");
    check(Direction::Out, "out 1, talk 1, end success_finish", "1 Answered");
    // The end came first.
    check(Direction::In, "end timeout, ring 1", "1 NoAnswer");
}
