//! The main job on real sockets: UIS says something, rules decide, RetailCRM has it.

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Direction, Notification, Played, Quirk, Record};
use switchboard_runtime::store::record::{EffectState, SessionKey};

use super::server::{ANNA, OLGA, RULES, Server, Tuning, part, until};

fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().expect("a moment"))
}

fn missed(client: &str) -> CallScript {
    CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        started: at("2026-03-02T09:00:00Z"),
        rung: vec![OLGA],
        wait_s: 27,
        campaign: Some("Лето".to_owned()),
        ..CallScript::default()
    }
}

fn answered(client: &str) -> CallScript {
    let talk = CallScript {
        answered_by: Some(ANNA),
        rung: vec![OLGA, ANNA],
        wait_s: 11,
        talk_s: 42,
        ..missed(client)
    };
    CallScript { recorded: false, ..talk }
}

/// The same notification without links to records, as when UIS sends the end before they are known.
fn without_links(mut notification: Notification) -> Notification {
    let mut body: Value = serde_json::from_str(&notification.body).expect("JSON");
    body["record_file_links"] = Value::Null;
    notification.body = body.to_string();
    notification
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_call_becomes_a_client_an_order_and_a_task() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let session = server.call(&missed("79000000011")).await;
    server.settled(std::slice::from_ref(&session)).await;

    let crm = server.place.emulator.crm();
    let (clients, orders, tasks, calls) = (crm.customers(), crm.orders(), crm.tasks(), crm.calls());
    assert_eq!((clients.len(), orders.len(), tasks.len(), calls.len()), (1, 1, 1, 1));
    let client = &clients[0];
    assert_eq!(
        part(client, &["firstName", "phones", "managerId", "site", "customFields", "source"]),
        json!({
            "firstName": "+79000000011", "phones": [{"number": "+79000000011"}], "managerId": 27, "site": "romashka-main",
            "customFields": {"uis_campaign": "Лето", "uis_site": "нет сайта"}, "source": {"campaign": "Лето"},
        })
    );
    let order = &orders[0];
    assert_eq!(order.linked("customer"), Some(client.id));
    assert_eq!(
        part(order, &["phone", "managerId", "site", "customFields"]),
        json!({"phone": "+79000000011", "managerId": 27, "site": "romashka-main", "customFields": {"uis_talk_time": 0}})
    );
    let task = &tasks[0];
    assert_eq!(task.linked("customer"), Some(client.id));
    assert_eq!(
        part(task, &["text", "datetime", "performerId", "phone", "phoneSite", "site"]),
        // 9:00:27 in UTC is 12:00:27 in Moscow, and two hours later.
        json!({
            "text": "Перезвонить +79000000011", "datetime": "2026-03-02 14:00", "performerId": 29,
            "phone": "+79000000011", "phoneSite": "romashka-main", "site": "romashka-main",
        })
    );
    let call = &calls[0];
    assert_eq!(
        call.external_id.as_deref(),
        Some(format!("uis-{}", session.as_str().replace(':', "-")).as_str())
    );
    assert_eq!(
        part(
            call,
            &["date", "type", "phone", "result", "duration", "durationWaiting", "externalPhone", "recordUrl"]
        ),
        json!({
            "date": "2026-03-02 12:00:00", "type": "in", "phone": "+79000000011", "result": "no answer",
            "duration": 0, "durationWaiting": 27, "externalPhone": "74951234567", "recordUrl": null,
        })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answered_call_is_uploaded_with_its_record() {
    let account = "settle = \"50 ms\"\nrecord_wait = \"10 minutes\"\n".to_owned();
    let server = Server::new(RULES, &Tuning { account, ..Tuning::default() }).await;
    let script = CallScript { recorded: true, record_after_s: 30, ..answered("79000000012") };
    let played = server.place.play(&script);
    let (record, rest): (Vec<_>, Vec<_>) =
        played.notifications.iter().cloned().partition(|one| one.event == "record");
    let rest: Vec<Notification> = rest.into_iter().map(without_links).collect();
    assert_eq!(record.len(), 1);
    let session = SessionKey::from(format!("call:{}", played.session));

    server.send(&Played { notifications: rest, ..played.clone() }).await;
    let crm = server.place.emulator.crm();
    until("the order is there", async || !crm.orders().is_empty()).await;
    assert!(crm.calls().is_empty(), "the upload waits for the record");
    assert!(crm.orders()[0].custom("uis_record").is_none());

    server.send(&Played { notifications: record, ..played }).await;
    server.settled(std::slice::from_ref(&session)).await;
    let (orders, calls) = (crm.orders(), crm.calls());
    let link = calls[0].text("recordUrl").expect("the record").to_owned();
    assert!(link.starts_with("https://"), "{link}");
    assert_eq!(
        part(&calls[0], &["userId", "result", "duration"]),
        json!({"userId": 27, "result": "answered", "duration": 42})
    );
    assert_eq!(orders[0].custom("uis_record"), Some(&json!(link)));
    assert_eq!(orders[0].custom("uis_talk_time"), Some(&json!(42)));
    assert_eq!((orders.len(), calls.len(), crm.tasks().len()), (1, 1, 0));
    assert_eq!(crm.customers()[0].int("managerId"), Some(27));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_never_comes_does_not_hold_the_upload() {
    let account = "settle = \"50 ms\"\nrecord_wait = \"300 ms\"\n".to_owned();
    let server = Server::new(RULES, &Tuning { account, ..Tuning::default() }).await;
    let session = server.call(&answered("79000000013")).await;
    server.settled(std::slice::from_ref(&session)).await;
    let calls = server.place.emulator.crm().calls();
    assert_eq!((calls.len(), calls[0].text("recordUrl")), (1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_call_finds_the_client_however_the_number_is_written() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let crm = server.place.emulator.crm();
    let known = crm.put_customer(
        "romashka-main",
        json!({"firstName": "Олег", "phones": [{"number": "8 (900) 000-00-14"}], "managerId": 28,
            "customFields": {"uis_campaign": "Бренд", "uis_site": "romashka.ru"}}),
    );
    let first = server.call(&missed("79000000014")).await;
    server.settled(std::slice::from_ref(&first)).await;
    let second = server.call(&answered("79000000014")).await;
    server.settled(&[first.clone(), second]).await;

    let (clients, orders, tasks) = (crm.customers(), crm.orders(), crm.tasks());
    assert_eq!(clients.len(), 1, "nobody was made anew");
    // Always written: the campaign. Only while creating: the site.
    let fields = json!({"uis_campaign": "Лето", "uis_site": "romashka.ru"});
    assert_eq!(
        part(&clients[0], &["customFields", "managerId"]),
        json!({"customFields": fields, "managerId": 28})
    );
    assert_eq!(orders.len(), 2);
    assert!(
        orders
            .iter()
            .all(|order| order.linked("customer") == Some(known) && order.int("managerId") == Some(28))
    );
    assert_eq!(tasks.len(), 1);
    assert_eq!((tasks[0].int("performerId"), tasks[0].linked("customer")), (Some(28), Some(known)));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_missed_calls_of_one_new_number_make_one_client() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let script = missed("79000000015");
    let (first, second) = tokio::join!(server.call(&script), server.call(&script));
    server.settled(&[first, second]).await;
    let crm = server.place.emulator.crm();
    assert_eq!(
        (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len()),
        (1, 2, 2, 2)
    );
    let client = crm.customers()[0].id;
    assert!(crm.orders().iter().all(|order| order.linked("customer") == Some(client)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_client_is_followed() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let crm = server.place.emulator.crm();
    let first = server.call(&missed("79000000016")).await;
    server.settled(std::slice::from_ref(&first)).await;
    let gone = crm.customers()[0].id;
    let phones = json!([{"number": "+79000000016"}, {"number": "+79000000017"}]);
    let survivor = crm.put_customer("romashka-main", json!({"firstName": "Анна", "phones": phones}));
    crm.merge_customers(gone, survivor);

    let second = server.call(&missed("79000000016")).await;
    server.settled(&[second]).await;
    assert_eq!(crm.customers().iter().map(|row| row.id).collect::<Vec<_>>(), [survivor]);
    let last = crm.orders().into_iter().max_by_key(|order| order.id).expect("an order");
    assert_eq!(last.linked("customer"), Some(survivor));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_of_one_shop_may_call_another() {
    let rules = format!(
        "{RULES}\ntable store for calls\n  | virtual_number   || store          |\n  |------------------||----------------|\n  \
         | +7 812 123-45-67 || \"romashka-spb\" |\n  | else             || \"romashka-msk\" |\n"
    );
    let server = Server::new(&rules, &Tuning::default()).await;
    let first = server.call(&missed("79000000021")).await;
    server.settled(std::slice::from_ref(&first)).await;
    let script = CallScript {
        virtual_number: "78121234567".to_owned(),
        campaign: Some("Бренд".to_owned()),
        ..missed("79000000021")
    };
    let second = server.call(&script).await;
    server.settled(std::slice::from_ref(&second)).await;

    let crm = server.place.emulator.crm();
    let sites = |rows: Vec<Record>| rows.into_iter().map(|row| row.site).collect::<Vec<_>>();
    assert_eq!(sites(crm.customers()), ["romashka-msk"]);
    assert_eq!(sites(crm.orders()), ["romashka-msk", "romashka-spb"]);
    assert_eq!(sites(crm.tasks()), ["romashka-msk", "romashka-spb"]);
    // Edited under the client's own shop.
    assert_eq!(crm.customers()[0].custom("uis_campaign"), Some(&json!("Бренд")));
    for session in [&first, &second] {
        for effect in server.timeline(session).await.effects {
            assert_eq!(effect.state, EffectState::Done, "{effect:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_number_makes_a_task_and_nobody() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let session = server.call(&CallScript { client: None, ..missed("") }).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!((crm.customers().len(), crm.orders().len(), crm.calls().len()), (0, 0, 0));
    assert_eq!(part(&crm.tasks()[0], &["text", "phone"]), json!({"text": "Перезвонить ?", "phone": null}));
    for effect in server.timeline(&session).await.effects {
        assert_eq!(effect.state, EffectState::Done, "{effect:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_filter_turns_away_leaves_no_trace_in_the_crm() {
    let rules =
        format!("{RULES}\nfilter for incoming calls\n  reject when campaign is \"Лето\"\n  else accept\n");
    let server = Server::new(&rules, &Tuning::default()).await;
    let session = server.call(&missed("79000000018")).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!(
        (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len()),
        (0, 0, 0, 0)
    );
    let timeline = server.timeline(&session).await;
    assert_eq!((timeline.decisions.len(), timeline.effects.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_outgoing_call_is_in_the_history_as_one() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let script = CallScript {
        direction: Direction::Out,
        caller: Some(ANNA),
        rung: Vec::new(),
        finish_reason: Some("subscriber_busy".to_owned()),
        ..missed("79000000019")
    };
    let session = server.call(&script).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    let wanted = json!({"type": "out", "userId": 27, "duration": 0});
    assert_eq!(part(&crm.calls()[0], &["type", "userId", "duration"]), wanted);
    assert!(crm.tasks().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_in_any_order_and_any_number_make_one_of_each() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let quirks = [Quirk::Shuffled, Quirk::Twice];
    let played = server.place.emulator.uis().play(&missed("79000000020"), &quirks);
    server.send(&played).await;
    let session = SessionKey::from(format!("call:{}", played.session));
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!(
        (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len()),
        (1, 1, 1, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_usual_pace_no_second_holds_more_than_the_vendor_allows() {
    let server = Server::new(RULES, &Tuning { limits: String::new(), ..Tuning::default() }).await;
    server.place.emulator.set_switches(|switches| switches.limiter = true);
    let mut sessions = Vec::new();
    for n in 0..8 {
        sessions.push(server.call(&missed(&format!("7900000010{n}"))).await);
    }
    server.settled(&sessions).await;
    let crm = server.place.emulator.crm();
    assert_eq!(
        (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len()),
        (8, 8, 8, 8)
    );
    let peaks = crm.peaks();
    assert!(!peaks.is_empty());
    for peak in peaks {
        assert!(peak.busiest_second <= peak.limit, "{peak:?}");
    }
}
