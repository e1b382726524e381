//! Reports: ranges, columns, calls that were played, chats and requests that were put there.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard_emulator::{Accounts, CallScript, Clock, Settings, Transfer};

use crate::support::{accounts, data, mnemonic, result};

fn answered() -> CallScript {
    CallScript {
        session: Some(998_700_001),
        client: Some("79000000010".to_owned()),
        virtual_number: "74951234567".to_owned(),
        started: Some("2026-03-02T08:58:38Z".parse().unwrap()),
        rung: vec![323_401, 323_400],
        answered_by: Some(323_400),
        wait_s: 11,
        talk_s: 42,
        scenario: Some("Продажи".to_owned()),
        site: Some("romashka.ru".to_owned()),
        campaign: Some("Бренд".to_owned()),
        utm: [("source".to_owned(), "yandex".to_owned())].into(),
        tags: vec!["Целевой".to_owned()],
        ..CallScript::default()
    }
}

fn day() -> Value {
    json!({"date_from": "2026-03-02 00:00:00", "date_till": "2026-03-02 23:59:59"})
}

#[tokio::test]
async fn ranges_are_checked() {
    let accounts = accounts();
    let cases = [
        (json!({}), "required_parameter_missed", "date_from"),
        (
            json!({"date_from": "2026-03-02", "date_till": "2026-03-03 00:00:00"}),
            "invalid_date_time",
            "date_from",
        ),
        (
            json!({"date_from": "2026-03-02 00:00:00", "date_till": "2026-03-01 00:00:00"}),
            "invalid_parameters_combination",
            "date_from",
        ),
        (
            json!({"date_from": "2026-03-02 00:00:00", "date_till": "2026-06-02 00:00:01"}),
            "date_interval_limit_reached",
            "date_till",
        ),
    ];
    for (params, name, field) in cases {
        assert_eq!(
            mnemonic(&data(&accounts, "get.calls_report", params.clone()).await),
            (name, field),
            "{params}"
        );
    }
    let three_months = json!({"date_from": "2026-03-02 00:00:00", "date_till": "2026-06-02 00:00:00"});
    result(&data(&accounts, "get.calls_report", three_months).await);
}

#[tokio::test]
async fn a_played_call_is_reported() {
    let accounts = accounts();
    accounts.uis().play(&answered(), &[]);
    let report = data(&accounts, "get.calls_report", day()).await;
    let row = &result(&report)[0];
    assert_eq!(row["id"], json!(998_700_001));
    assert_eq!(
        (&row["start_time"], &row["finish_time"]),
        (&json!("2026-03-02 11:58:38"), &json!("2026-03-02 11:59:31"))
    );
    assert_eq!((&row["is_lost"], &row["last_talked_employee_id"]), (&json!(false), &json!(323_400)));
    assert_eq!(row["source"], json!("dynamic_call_tracking"));
    for not_default in ["scenario_name", "tags", "utm_source", "employees", "person_id"] {
        assert!(row.get(not_default).is_none(), "{not_default} comes only when asked for");
    }
    let mut asked = day();
    asked["fields"] = json!([
        "scenario_name",
        "tags",
        "utm_source",
        "employees",
        "site_id",
        "campaign_id",
        "full_record_file_link"
    ]);
    let report = data(&accounts, "get.calls_report", asked).await;
    let row = &result(&report)[0];
    assert_eq!((&row["scenario_name"], &row["utm_source"]), (&json!("Продажи"), &json!("yandex")));
    assert_eq!((&row["site_id"], &row["campaign_id"]), (&json!(24), &json!(435)));
    assert_eq!(row["tags"][0]["tag_id"], json!(88));
    assert_eq!(row["employees"][0]["is_talked"], json!(false));
    assert!(row["full_record_file_link"].as_str().unwrap().starts_with("https://media.uiscom.ru/998700001/"));

    accounts.uis().play(&answered(), &[]);
    let again = data(&accounts, "get.calls_report", day()).await;
    assert_eq!(again["result"]["metadata"]["total_items"], json!(1), "a call is played once");
    let other_day = json!({"date_from": "2026-03-03 00:00:00", "date_till": "2026-03-03 23:59:59"});
    assert_eq!(result(&data(&accounts, "get.calls_report", other_day).await), &json!([]));
}

#[tokio::test]
async fn legs_tell_who_was_rung_and_who_talked() {
    let accounts = accounts();
    let script = CallScript { transfers: vec![Transfer { after_s: 20, to: 323_402 }], ..answered() };
    accounts.uis().play(&script, &[]);
    let report = data(&accounts, "get.call_legs_report", day()).await;
    let legs = result(&report).as_array().unwrap();
    let of = |name: &str| legs.iter().map(|leg| leg[name].clone()).collect::<Vec<Value>>();
    assert_eq!(of("employee_id"), [json!(323_401), json!(323_400), json!(323_402)]);
    assert_eq!(of("is_talked"), [json!(false), json!(true), json!(true)]);
    assert_eq!(of("is_transfered"), [json!(false), json!(false), json!(true)]);
    assert_eq!(of("duration"), [json!(0), json!(20), json!(22)]);
}

#[tokio::test]
async fn tags_and_comments_change_what_is_reported() {
    let accounts = accounts();
    accounts.uis().play(&answered(), &[]);
    let tag = json!({"communication_id": 998_700_001, "communication_type": "call", "tag_id": 89});
    assert_eq!(
        result(&data(&accounts, "set.tag_communications", tag.clone()).await),
        &json!({"success": "true"})
    );
    let tags = accounts.uis().rows("calls")[0]["tags"].as_array().unwrap().len();
    assert_eq!(tags, 2);
    accounts.set_switches(|switches| switches.success_as_string = false);
    assert_eq!(result(&data(&accounts, "unset.tag_communications", tag).await), &json!({"success": true}));
    let unknown = json!({"communication_id": 1, "communication_type": "call", "tag_id": 89});
    assert_eq!(mnemonic(&data(&accounts, "set.tag_communications", unknown).await).0, "entity_not_found");
    let comment =
        json!({"communication_id": 998_700_001, "communication_type": "call", "comment": "Заказ 77A"});
    result(&data(&accounts, "create.communication_comment", comment).await);
    assert_eq!(accounts.uis().rows("calls")[0]["comment"], json!("Заказ 77A"));
}

#[tokio::test]
async fn texts_are_reported_from_rows() {
    let accounts = accounts();
    let uis = accounts.uis();
    uis.play(&answered(), &[]);
    uis.put_row(
        "chats",
        json!({"id": 1, "communication_id": 1, "communication_type": "chat", "date_time": "2026-03-02 10:00:00",
            "status": "lost", "chat_channel_type": "telegram", "visitor_phone_number": "79000000012"}),
    );
    uis.put_row(
        "chat_messages",
        json!({"id": 11, "chat_id": 1, "date_time": "2026-03-02 10:00:01", "text": "Есть розы?"}),
    );
    uis.put_row(
        "offline_messages",
        json!({"id": 5501, "communication_id": 5501, "communication_type": "offline_message",
            "date_time": "2026-03-02 13:10:00", "visitor_phone_number": "79000000013", "text": "Перезвоните"}),
    );
    let chats = data(&accounts, "get.chats_report", day()).await;
    assert_eq!(result(&chats)[0]["visitor_phone_number"], json!(79_000_000_012_u64));
    accounts.set_switches(|switches| switches.visitor_phone_as_number = false);
    let requests = data(&accounts, "get.offline_messages_report", day()).await;
    assert_eq!(result(&requests)[0]["visitor_phone_number"], json!("79000000013"));
    let messages = data(&accounts, "get.chat_messages_report", json!({"chat_ids": [1]})).await;
    assert_eq!(result(&messages)[0]["text"], json!("Есть розы?"));
    let long = json!({"date_from": "2026-03-01 00:00:00", "date_till": "2026-04-01 00:00:00"});
    assert_eq!(
        mnemonic(&data(&accounts, "get.chat_messages_report", long).await).0,
        "date_interval_limit_reached"
    );
    assert_eq!(mnemonic(&data(&accounts, "get.chat_messages_report", json!({})).await).1, "date_from");
    let all = data(&accounts, "get.communications_report", day()).await;
    let kinds: Vec<&Value> =
        result(&all).as_array().unwrap().iter().map(|row| &row["communication_type"]).collect();
    assert_eq!(kinds, [&json!("call"), &json!("chat"), &json!("offline_message")]);
}

#[tokio::test]
async fn a_call_appears_a_while_after_it_was_played_and_not_before_it_ends() {
    let clock = Clock::manual("2026-03-02T09:00:00Z".parse().unwrap());
    let accounts = Accounts::new(&Settings { clock: clock.clone(), ..Settings::default() });
    accounts.set_switches(|switches| switches.report_delay_ms = 20_000);
    let started = Some("2026-03-02T08:59:38Z".parse().unwrap());
    accounts.uis().play(&CallScript { started, ..answered() }, &[]);
    let seen = async |ongoing: bool| {
        let mut asked = day();
        asked["include_ongoing_calls"] = json!(ongoing);
        let report = data(&accounts, "get.calls_report", asked).await;
        result(&report).as_array().unwrap().len()
    };
    assert_eq!((seen(false).await, seen(true).await), (0, 0), "reports are late");
    clock.advance(Duration::from_secs(20));
    // It ends 31 seconds after nine.
    assert_eq!((seen(false).await, seen(true).await), (0, 1));
    clock.advance(Duration::from_secs(11));
    assert_eq!((seen(false).await, seen(true).await), (1, 1));
}

#[tokio::test]
async fn notifications_that_did_not_arrive_are_reported() {
    let accounts = accounts();
    let uis = accounts.uis();
    let played = uis.play(&answered(), &[]);
    // Nobody listens on port 9 of loopback.
    let delivery = uis.send(&played.notifications[0], "http://127.0.0.1:9/hooks").await;
    assert!(!delivery.is_taken());
    let list = data(&accounts, "get.reports_list", json!({})).await;
    let reports = result(&list).as_array().unwrap().clone();
    let id = reports.iter().find(|row| row["name"] == "Отправленные уведомления").unwrap()["id"].clone();
    let mut asked = day();
    asked["report_id"] = id;
    let report = data(&accounts, "get.notifications", asked.clone()).await;
    let row = &result(&report)[0];
    assert_eq!((&row["status"]["value_id"], &row["channel"]["value"]), (&json!("failed"), &json!("HTTP")));
    assert_eq!(row["error_type"]["value_id"], json!("no_answer"));
    assert!(row["message"].as_str().unwrap().contains("998700001"));
    asked["report_id"] = json!(1);
    assert_eq!(mnemonic(&data(&accounts, "get.notifications", asked).await).0, "entity_not_found");
    assert_eq!(mnemonic(&data(&accounts, "get.notifications", day()).await).1, "report_id");
}
