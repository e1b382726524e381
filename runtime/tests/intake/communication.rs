//! Whole calls of `fixtures/intake/calls`: merged in every order, staged, put into the words of the rules.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use switchboard_runtime::communication::{
    Call, Contact, MAX_HEARD, Merged, RecordWait, Stage, Timing, event,
};
use switchboard_runtime::source::uis::{Decoded, Delivery, EventCode, Notification, decode_stored};

/// The notifications of one call with the moments of their arrival.
type Heard = Vec<(Timestamp, Notification)>;

const TIMING: Timing = Timing {
    settle: Duration::from_secs(3),
    record_wait: Duration::from_secs(600),
    open_wait: Duration::from_secs(14_400),
};

fn moscow() -> TimeZone {
    TimeZone::get("Europe/Moscow").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn read(path: &Path) -> (String, Heard) {
    let text = std::fs::read_to_string(path).unwrap();
    let (what, lines) = text.split_once('\n').unwrap();
    let heard = lines.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let body = line["body"].to_string();
        let delivery = Delivery {
            event: line["event"].as_str().unwrap(),
            query: None,
            content_type: "application/json",
            body: body.as_bytes(),
        };
        let Decoded::Notification { notification, notes, .. } = decode_stored(&delivery) else {
            panic!("unparsed: {line}")
        };
        assert_eq!(notes, [], "{line}");
        (at(line["at"].as_str().unwrap()), *notification)
    });
    (what.trim_start_matches("# ").to_owned(), heard.collect())
}

fn folder() -> PathBuf {
    crate::root().join("fixtures/intake/calls")
}

fn named(name: &str) -> Heard {
    read(&folder().join(format!("{name}.jsonl"))).1
}

fn call(heard: &[(Timestamp, Notification)]) -> Call {
    let mut call = Call::new(heard[0].1.session);
    for (at, notification) in heard {
        call.hear(notification.clone(), *at);
    }
    call
}

/// What a call comes to, as text: the merged record and the event.
fn show(call: &Call) -> String {
    let merged = Merged::of(call, &moscow()).unwrap();
    let users = BTreeMap::from([(10, "ivan@romashka.ru"), (11, "anna@romashka.ru")]);
    let lookup = |id: u64, _: Option<&_>| users.get(&id).map(|email| (*email).to_owned());
    let event = event(&merged, Contact::First, &lookup).unwrap();
    let serde_json::Value::Object(fields) = event.to_json() else { panic!("no object") };
    let mut text = String::new();
    for (name, value) in fields {
        let nothing = value.is_null() || value == serde_json::json!([]);
        let nested = value.as_object().is_some_and(|object| object.values().all(serde_json::Value::is_null));
        if !nothing && !nested {
            writeln!(text, "{name}: {value}").unwrap();
        }
    }
    writeln!(text, "---").unwrap();
    writeln!(text, "ended {}, direction guessed {}", merged.ended, merged.direction_guessed).unwrap();
    writeln!(
        text,
        "rung {:?}, talked {:?}, caller {:?}",
        merged.people.rung, merged.people.talked, merged.people.caller
    )
    .unwrap();
    for recording in &merged.recordings {
        writeln!(text, "{recording:?}").unwrap();
    }
    text
}

#[test]
fn every_call_comes_to_what_it_came_to() {
    insta::glob!("../../../fixtures/intake/calls", "*.jsonl", |path| {
        let (what, heard) = read(path);
        insta::with_settings!({ description => what, omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("call", show(&call(&heard)));
        });
    });
}

fn all() -> Vec<Heard> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| read(path).1).collect()
}

/// Calls `each` with every order of the items.
fn permutations<T: Clone>(items: &mut Vec<T>, from: usize, each: &mut impl FnMut(&[T])) {
    if from + 1 >= items.len() {
        each(items);
        return;
    }
    for other in from..items.len() {
        items.swap(from, other);
        permutations(items, from + 1, each);
        items.swap(from, other);
    }
}

#[test]
fn every_order_comes_to_the_same() {
    for mut heard in all() {
        let expected = call(&heard);
        let (kept, shown) = (serde_json::to_string(&expected).unwrap(), show(&expected));
        permutations(&mut heard, 0, &mut |order| {
            let other = call(order);
            assert_eq!(serde_json::to_string(&other).unwrap(), kept);
            assert_eq!(other, expected);
        });
        heard.reverse();
        assert_eq!(show(&call(&heard)), shown);
    }
}

proptest! {
    #[test]
    fn orders_with_repetitions_and_saves_in_between_come_to_the_same(
        which in 0_usize..10,
        order in prop::collection::vec((any::<prop::sample::Index>(), 0_u32..5000), 0..30),
        saves in any::<u32>(),
    ) {
        let heard = all().swap_remove(which);
        let expected = call(&heard);
        let mut other = Call::new(heard[0].1.session);
        // Later deliveries of what was heard already, in any order, between the first ones.
        let repeated = order.iter().map(|(index, late)| {
            let (at, notification) = index.get(&heard);
            (*at + Duration::from_millis(u64::from(*late)), notification.clone())
        });
        let everything: Heard = repeated.chain(heard.iter().cloned()).collect();
        for (place, (at, notification)) in everything.into_iter().enumerate() {
            other.hear(notification, at);
            if saves >> (place % 32) & 1 == 1 {
                let json = serde_json::to_string(&other).unwrap();
                other = serde_json::from_str(&json).unwrap();
            }
        }
        prop_assert_eq!(&other, &expected);
        prop_assert_eq!(show(&other), show(&expected));
    }
}

#[test]
fn hearing_the_same_again_changes_nothing() {
    for heard in all() {
        let mut call = call(&heard);
        for (at, notification) in &heard {
            assert!(!call.hear(notification.clone(), *at));
            assert!(!call.hear(notification.clone(), *at + Duration::from_secs(1)));
        }
        let stranger = Notification::new(EventCode::CallEnd, 77);
        assert!(!call.hear(stranger, at("2026-03-02T10:00:00Z")));
    }
}

#[test]
fn a_call_keeps_a_bounded_number_of_notifications_and_its_end_among_them() {
    let mut heard: Heard = (0..u64::try_from(MAX_HEARD).unwrap() + 50)
        .map(|leg| {
            let mut ring = Notification::new(EventCode::Ring, 1);
            ring.leg_id = Some(leg + 1);
            ring.notification_time = "2026-03-02 12:00:00".parse().ok();
            (at("2026-03-02T09:00:00Z"), ring)
        })
        .collect();
    heard.push((at("2026-03-02T09:01:00Z"), Notification::new(EventCode::CallEnd, 1)));
    let forth = call(&heard);
    heard.reverse();
    assert_eq!(call(&heard), forth);
    assert_eq!(forth.heard().count(), MAX_HEARD);
    assert!(forth.end_heard().is_some());
}

#[test]
fn a_call_of_another_version_is_refused() {
    let error = serde_json::from_str::<Call>(r#"{"version":2,"session":1,"heard":[]}"#).unwrap_err();
    assert!(error.to_string().contains("version 2"), "{error}");
}

#[test]
fn an_ended_call_is_decided_when_it_has_settled() {
    let heard = named("missed");
    let call_after = |count: usize| call(&heard[..count]);
    let stage = |call: &Call, now: &str| call.stage(at(now), &TIMING);

    let open = call_after(2);
    let until = at("2026-03-02T13:04:35Z");
    assert_eq!(stage(&open, "2026-03-02T09:04:36Z"), Stage::Open { until });
    assert_eq!(stage(&open, "2026-03-02T13:04:35Z"), Stage::Over { guessed: true });

    let lost = call_after(3);
    assert_eq!(stage(&lost, "2026-03-02T09:05:01Z"), Stage::Settling { until: at("2026-03-02T09:05:03.1Z") });
    assert_eq!(stage(&lost, "2026-03-02T09:05:03.1Z"), Stage::Over { guessed: false });
    // A further word puts it off.
    let ended = call_after(4);
    assert_eq!(
        stage(&ended, "2026-03-02T09:05:03.1Z"),
        Stage::Settling { until: at("2026-03-02T09:05:03.3Z") }
    );
}

#[test]
fn late_words_put_a_decision_off_for_a_bounded_time_and_recordings_do_not() {
    let mut call = Call::new(1);
    call.hear(Notification::new(EventCode::CallEnd, 1), at("2026-03-02T09:00:00Z"));
    for second in 1..=60_u64 {
        let mut ring = Notification::new(EventCode::Ring, 1);
        ring.employee_id = Some(second);
        call.hear(ring, at("2026-03-02T09:00:00Z") + Duration::from_secs(second));
    }
    assert_eq!(
        call.stage(at("2026-03-02T09:00:29Z"), &TIMING),
        Stage::Settling { until: at("2026-03-02T09:00:30Z") }
    );
    assert_eq!(call.stage(at("2026-03-02T09:00:30Z"), &TIMING), Stage::Over { guessed: false });

    let mut call = Call::new(1);
    call.hear(Notification::new(EventCode::CallEnd, 1), at("2026-03-02T09:00:00Z"));
    call.hear(Notification::new(EventCode::Record, 1), at("2026-03-02T09:00:02Z"));
    assert_eq!(call.stage(at("2026-03-02T09:00:03Z"), &TIMING), Stage::Over { guessed: false });
}

#[test]
fn a_recording_is_waited_for_when_there_was_talk() {
    let wait = |heard: &[(Timestamp, Notification)], now: &str| {
        let call = call(heard);
        let merged = Merged::of(&call, &moscow()).unwrap();
        call.record_wait(&merged, at(now), &TIMING)
    };
    let answered = named("answered");
    let until = RecordWait::Until(at("2026-03-02T09:10:31.6Z"));
    assert_eq!(wait(&answered[..6], "2026-03-02T09:00:40Z"), until);
    assert_eq!(wait(&answered[..6], "2026-03-02T09:10:31.6Z"), RecordWait::GivenUp);
    assert_eq!(wait(&answered, "2026-03-02T09:00:40Z"), RecordWait::There);
    assert_eq!(wait(&named("missed"), "2026-03-02T09:05:04Z"), RecordWait::NoTalk);
}

#[test]
fn an_employee_who_is_no_user_of_the_crm_is_missing() {
    let call = call(&named("answered"));
    let merged = Merged::of(&call, &moscow()).unwrap();
    let nobody = event(&merged, Contact::Repeat, &|_, _| None).unwrap().to_json();
    assert!(nobody["answered_by"].is_null());
    assert_eq!(nobody["rung"], serde_json::json!([]));
    assert_eq!(nobody["contact"], "repeat");
    // What notifications said about an employee is handed to the look-up.
    let by_mail =
        event(&merged, Contact::First, &|_, said| said.and_then(|said| said.email.clone())).unwrap();
    assert_eq!(by_mail.to_json()["answered_by"], "anna@romashka.ru");
}

#[test]
fn what_was_talked_follows_what_is_known_best() {
    type Fill = fn(&mut Notification);
    let talked = |bodies: &[(EventCode, Fill)]| {
        let mut call = Call::new(1);
        for (event, fill) in bodies {
            let mut notification = Notification::new(*event, 1);
            fill(&mut notification);
            call.hear(notification, at("2026-03-02T09:00:00Z"));
        }
        Merged::of(&call, &moscow()).unwrap().talked
    };
    assert!(!talked(&[(EventCode::CallLost, |_| {})]));
    assert!(!talked(&[(EventCode::CallEnd, |_| {})]));
    assert!(talked(&[(EventCode::CallEnd, |end| end.is_lost = Some(false))]));
    assert!(!talked(&[
        (EventCode::CallEnd, |end| (end.is_lost, end.talk_time_duration) = (Some(false), Some(0)))
    ]));
    assert!(!talked(&[
        (EventCode::CallEnd, |end| (end.is_lost, end.talk_time_duration) = (Some(true), Some(7)))
    ]));
    // The address of the lost call was given to the ended one by mistake: the talk tells.
    assert!(talked(&[(EventCode::CallLost, |end| end.talk_time_duration = Some(7))]));
    assert!(talked(&[(EventCode::TalkStart, |_| {}), (EventCode::CallEnd, |_| {})]));
    assert!(!talked(&[
        (EventCode::TalkStart, |_| {}),
        (EventCode::CallEnd, |end| end.talk_time_duration = Some(0))
    ]));
    assert!(talked(&[(EventCode::CallEnd, |_| {}), (EventCode::Record, |_| {})]));
    assert!(!talked(&[
        (EventCode::Ring, |_| {}),
        (EventCode::TalkEnd, |end| end.talk_time_duration = Some(0))
    ]));
}
