//! Notifications: order, formats, quirks.

use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Direction, Notification, Played, Quirk, Transfer};

use crate::support::accounts;

fn answered() -> CallScript {
    CallScript {
        session: Some(998_700_001),
        client: Some("79000000010".to_owned()),
        virtual_number: "74951234567".to_owned(),
        started: Some("2026-03-02T08:59:38Z".parse().unwrap()),
        rung: vec![323_401, 323_400],
        answered_by: Some(323_400),
        wait_s: 11,
        talk_s: 42,
        scenario: Some("Продажи".to_owned()),
        ..CallScript::default()
    }
}

fn play(script: &CallScript, quirks: &[Quirk]) -> Played {
    accounts().uis().play(script, quirks)
}

fn events(played: &Played) -> Vec<&str> {
    played.notifications.iter().map(|one| one.event.as_str()).collect()
}

#[track_caller]
fn of<'a>(played: &'a Played, event: &str) -> &'a Notification {
    played.notifications.iter().find(|one| one.event == event).unwrap()
}

#[track_caller]
fn body(played: &Played, event: &str) -> Value {
    let text = &of(played, event).body;
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn an_answered_call() {
    let played = play(&answered(), &[]);
    let order = ["call_start", "ring", "ring", "talk_start", "talk_end", "call_end", "record"];
    assert_eq!(events(&played), order);
    assert!(played.notifications.is_sorted_by_key(|one| one.offset));
    let end = body(&played, "call_end");
    assert_eq!(
        (&end["v"], &end["event"], &end["key"]),
        (&json!(1), &json!("call_end"), &json!("emulator-notification-key"))
    );
    assert_eq!(end["call_session_id"], json!(998_700_001));
    assert_eq!((&end["direction"], &end["call_source"]), (&json!("in"), &json!("va")));
    assert_eq!((&end["employee_id"], &end["employee_full_name"]), (&json!(323_400), &json!("Лисина Анна")));
    assert_eq!(
        (&end["wait_time_duration"], &end["talk_time_duration"], &end["total_time_duration"]),
        (&json!(11), &json!(42), &json!(53))
    );
    assert_eq!(
        (&end["tag_names"], &end["external_id"], &end["campaign_name"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let time = end["notification_time"].as_str().unwrap();
    assert!(time.starts_with("2026-03-02 12:00:31.") && time.len() == 23, "{time}");
    let ring = body(&played, "ring");
    assert_eq!((&ring["employee_id"], &ring["leg_id"]), (&json!(323_401), &json!(9_987_000_010_u64)));
    let record = body(&played, "record");
    assert!(record["file_link"].as_str().unwrap().starts_with("https://media.uiscom.ru/998700001/"));
    assert_eq!(record["file_duration"], json!(42));
    let start = of(&played, "call_start");
    assert!(
        !start.body.contains("direction"),
        "the event does not have it, so the template does not ask for it"
    );
    assert_eq!(start.content_type.as_deref(), Some("application/json; charset=UTF-8"));
    assert_eq!(start.address("http://h/hooks/s/"), "http://h/hooks/s/call_start");
    assert_eq!(start.address("http://h/{event}/uis?x"), "http://h/call_start/uis?x");
}

#[test]
fn a_missed_call_is_lost_and_ends() {
    let script = CallScript { answered_by: None, wait_s: 27, ..answered() };
    let played = play(&script, &[]);
    assert_eq!(events(&played), ["call_start", "ring", "ring", "call_lost", "call_end"]);
    let lost = body(&played, "call_lost");
    assert_eq!(
        (&lost["wait_time_duration"], &lost["employee_ids"]),
        (&json!(27), &json!([323_401, 323_400]))
    );
    assert_eq!(body(&played, "call_end")["is_lost"], json!(true));
    assert_eq!(body(&played, "call_end")["talk_time_duration"], json!(0));
}

#[test]
fn a_transferred_call_has_two_talks_and_two_records() {
    let script = CallScript { transfers: vec![Transfer { after_s: 20, to: 323_402 }], ..answered() };
    let played = play(&script, &[]);
    let order = [
        "call_start",
        "ring",
        "ring",
        "talk_start",
        "talk_end",
        "ring",
        "talk_start",
        "talk_end",
        "call_end",
        "record",
        "record",
    ];
    assert_eq!(events(&played), order);
    let end = body(&played, "call_end");
    assert_eq!((&end["last_talked_employee_id"], &end["is_transfer"]), (&json!(323_402), &json!(true)));
    assert_eq!(end["record_file_links"].as_array().unwrap().len(), 2);
    let talks: Vec<Value> = played
        .notifications
        .iter()
        .filter(|one| one.event == "talk_end")
        .map(|one| serde_json::from_str::<Value>(&one.body).unwrap()["talk_time_duration"].clone())
        .collect();
    assert_eq!(talks, [20, 22]);
}

#[test]
fn outgoing_calls() {
    let script = CallScript {
        direction: Direction::Out,
        caller: Some(323_401),
        rung: Vec::new(),
        answered_by: None,
        ..answered()
    };
    assert_eq!(events(&play(&script, &[])), ["call_out", "talk_start", "talk_end", "call_end", "record"]);
    let failed = play(&CallScript { talk_s: 0, ..script }, &[]);
    assert_eq!(events(&failed), ["call_out", "call_end"]);
    assert_eq!(body(&failed, "call_end")["is_lost"], json!(true));
    assert_eq!(body(&failed, "call_out")["employee_id"], json!(323_401));
}

#[test]
fn the_same_seed_gives_the_same_notifications() {
    let quirks = [Quirk::Shuffled, Quirk::LostAmpersand];
    assert_eq!(play(&answered(), &quirks), play(&answered(), &quirks));
    let other = CallScript { session: Some(998_700_002), ..answered() };
    assert_ne!(events(&play(&answered(), &quirks)), events(&play(&other, &quirks)));
}

#[test]
fn verbatim_placeholders_make_invalid_json() {
    let played = play(&answered(), &[Quirk::Verbatim]);
    let end = &of(&played, "call_end").body;
    assert!(end.contains("\"tag_names\": {{tag_names}}"), "{end}");
    assert!(serde_json::from_str::<Value>(end).is_err());
    assert!(end.contains("\"wait_time_duration\": 11"));
}

#[test]
fn numbers_may_be_strings() {
    let script = CallScript { tags: vec!["Целевой".to_owned()], ..answered() };
    let end = body(&play(&script, &[Quirk::Strings]), "call_end");
    assert_eq!((&end["call_session_id"], &end["talk_time_duration"]), (&json!("998700001"), &json!("42")));
    assert_eq!((&end["tag_names"], &end["is_lost"]), (&json!("[\"Целевой\"]"), &json!("false")));
}

#[test]
fn the_vendors_objects_nest() {
    let played = play(&answered(), &[Quirk::Nested]);
    let end = body(&played, "call_end");
    assert_eq!(end["contact_info"]["contact_phone_number"], json!("79000000010"));
    assert_eq!(end["employee_info"]["employee_id"], json!(323_400));
    assert_eq!(end["call_info"]["talk_time_duration"], json!(42));
    assert_eq!((&end["event"], &end["call_session_id"]), (&json!("call_end"), &json!(998_700_001)));
    assert!(body(&played, "record")["call_record_file_info"].get("file_link").is_some());
}

#[test]
fn forms_and_addresses() {
    let script = CallScript { tags: vec!["Целевой".to_owned()], ..answered() };
    let form = play(&script, &[Quirk::Form]);
    let end = of(&form, "call_end");
    assert_eq!(end.content_type.as_deref(), Some("application/x-www-form-urlencoded"));
    let pairs: Vec<(String, String)> = form_urlencoded::parse(end.body.as_bytes()).into_owned().collect();
    let value = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!((value("call_session_id"), value("tag_names")), (Some("998700001"), Some("[\"Целевой\"]")));
    assert!(matches!(value("external_id"), Some("" | "null" | "None")));

    let get = play(&script, &[Quirk::Get]);
    let end = of(&get, "call_end");
    assert_eq!((end.method.as_str(), end.body.as_str()), ("GET", ""));
    assert!(end.address("http://h").starts_with("http://h/call_end?event=call_end&key="));
    let lost = play(&script, &[Quirk::LostAmpersand]);
    let count = |played: &Played| of(played, "call_end").query.matches('&').count();
    assert_eq!(count(&lost), count(&get) - 1);
    assert_eq!(
        of(&lost, "call_end").query.len(),
        end.query.len() - 1 + absent_texts(&lost) - absent_texts(&get)
    );
}

/// Length of the texts that stand for absent values, which the dice choose.
fn absent_texts(played: &Played) -> usize {
    let query = &of(played, "call_end").query;
    query.matches("=null").count() * 4 + query.matches("=None").count() * 4
}

#[test]
fn phones_may_have_a_plus_or_a_mask() {
    let plus = body(&play(&answered(), &[Quirk::PlusPhones]), "call_end");
    assert_eq!(
        (&plus["contact_phone_number"], &plus["virtual_phone_number"]),
        (&json!("+79000000010"), &json!("+74951234567"))
    );
    let masked = body(&play(&answered(), &[Quirk::MaskedPhone]), "call_end");
    assert_eq!(masked["contact_phone_number"], json!("79000***010"));
    let hidden = body(&play(&CallScript { client: None, ..answered() }, &[]), "call_end");
    assert_eq!(hidden["contact_phone_number"], Value::Null);
}

#[test]
fn order_may_be_any() {
    let end_first = play(&answered(), &[Quirk::EndFirst]);
    assert_eq!(events(&end_first)[..2], ["call_end", "call_start"]);
    assert!(end_first.notifications.is_sorted_by_key(|one| one.offset));
    let record_first = play(&answered(), &[Quirk::RecordFirst]);
    assert_eq!(events(&record_first)[4..], ["talk_end", "record", "call_end"]);
    let twice = play(&answered(), &[Quirk::Twice]);
    assert_eq!(events(&twice)[..4], ["call_start", "call_start", "ring", "ring"]);
    let late = play(&answered(), &[Quirk::LateDuplicate]);
    let all = events(&late);
    assert_eq!(all[..7], all[7..]);
    assert!(late.notifications[7].offset.as_secs() >= 600);
}
