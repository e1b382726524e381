//! A day of calls: who calls whom, what is said about it, when, how often and in which order.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct SimCall {
    pub(crate) session: u64,
    pub(crate) phone: String,
    pub(crate) talked: bool,
    pub(crate) record: Option<String>,
    /// Deliveries: when, which event, what.
    pub(crate) deliveries: Vec<(Duration, &'static str, Value)>,
}

/// Makes a day.
pub(crate) fn day(dice: &mut fastrand::Rng, epoch: Timestamp) -> Vec<SimCall> {
    let phones: Vec<String> = (0..dice.u64(1..=4)).map(|n| format!("7900000000{n}")).collect();
    let calls = dice.u64(2..=9);
    let mut all = Vec::new();
    for n in 0..calls {
        let phone = phones[dice.usize(0..phones.len())].clone();
        let start = Duration::from_secs(dice.u64(0..1800));
        all.push(call(dice, 998_700_000 + n, phone, start, epoch));
    }
    all
}

fn call(dice: &mut fastrand::Rng, session: u64, phone: String, start: Duration, epoch: Timestamp) -> SimCall {
    let outgoing = dice.u32(0..4) == 0;
    let talked = dice.bool();
    let wait = dice.u64(3..40);
    let talk = if talked { dice.u64(5..300) } else { 0 };
    let end = start + Duration::from_secs(wait + talk);
    let base = |event: &str, at: Duration| {
        json!({
            "v": 1, "event": event, "call_session_id": session, "direction": if outgoing { "out" } else { "in" },
            "contact_phone_number": phone, "virtual_phone_number": "74951234567",
            "notification_time": local(epoch, at), "campaign_name": format!("campaign {}", session % 3),
        })
    };
    let with = |event: &str, at: Duration, more: Value| {
        let mut body = base(event, at);
        let object = body.as_object_mut().expect("an object");
        object.extend(more.as_object().expect("an object").clone());
        (at, body)
    };
    let employee = if dice.bool() { 1 } else { 2 };
    let mut said: Vec<(&'static str, (Duration, Value))> = Vec::new();
    if outgoing {
        said.push(("call_out", with("call_out", start, json!({"employee_id": employee}))));
    } else {
        said.push(("call_start", with("call_start", start, json!({}))));
        said.push(("ring", with("ring", start, json!({"employee_id": employee, "leg_id": session * 10}))));
    }
    let finish = json!({
        "start_time": local(epoch, start), "wait_time_duration": wait, "talk_time_duration": talk,
        "total_time_duration": wait + talk, "employee_id": employee,
        "last_talked_employee_id": if talked { json!(employee) } else { Value::Null },
    });
    said.push(("call_end", with("call_end", end, finish)));
    if !talked && !outgoing {
        said.push((
            "call_lost",
            with("call_lost", end, json!({"wait_time_duration": wait, "employee_ids": [employee]})),
        ));
    }
    let record = (talked && dice.u32(0..4) != 0).then(|| format!("https://media.uiscom.ru/{session}/0f3c9d"));
    if let Some(link) = &record {
        let at = end + Duration::from_secs(dice.u64(1..120));
        said.push((
            "record",
            with("record", at, json!({"file_link": link, "file_duration": talk, "employee_id": employee})),
        ));
    }
    let mut deliveries = Vec::new();
    for (event, (at, body)) in said {
        // UIS promises neither order nor that it says a thing once.
        for _ in 0..=dice.u32(0..3) / 2 {
            let delay = Duration::from_millis(dice.u64(0..2500));
            deliveries.push((at + delay, event, body.clone()));
        }
    }
    SimCall { session, phone: format!("+{phone}"), talked, record, deliveries }
}

/// A moment as UIS writes it, in Moscow.
fn local(epoch: Timestamp, at: Duration) -> String {
    let zone = jiff::tz::TimeZone::get("Europe/Moscow").expect("a zone");
    let at = epoch.checked_add(SignedDuration::try_from(at).expect("short")).expect("within the calendar");
    zone.to_datetime(at).strftime("%Y-%m-%d %H:%M:%S.000").to_string()
}
