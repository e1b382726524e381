//! The history of calls: batches, rows that are refused, and recordings after a transfer.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard_emulator::{
    CallScript, Fault, Notification, Played, Record, RepeatedCall, Service, Transfer,
};
use switchboard_runtime::store::record::{EffectState, EventState, Phase, SessionKey};

use super::server::{ANNA, OLGA, RULES, Server, Tuning, part, until};

/// The history and nothing else.
const NOTHING: &str = "rules 1\n";

fn call(n: u64) -> CallScript {
    CallScript {
        client: Some(format!("7902{n:07}")),
        virtual_number: "74951234567".to_owned(),
        rung: vec![OLGA],
        wait_s: 5,
        ..CallScript::default()
    }
}

fn transferred() -> CallScript {
    CallScript {
        rung: vec![ANNA],
        answered_by: Some(ANNA),
        talk_s: 60,
        transfers: vec![Transfer { after_s: 20, to: OLGA }],
        ..call(1)
    }
}

fn waits_for_records() -> Tuning {
    let account = "settle = \"50 ms\"\nrecord_wait = \"10 minutes\"\n".to_owned();
    Tuning { account, ..Tuning::default() }
}

/// How many calls each upload had that RetailCRM answered with 200.
fn batches(server: &Server) -> Vec<usize> {
    let uploads = server.place.emulator.journal().of("/api/v5/telephony/calls/upload");
    let taken = uploads.iter().filter(|entry| entry.status == Some(200));
    taken.map(|entry| entry.parts["calls"].as_array().map_or(0, Vec::len)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_is_uploaded_in_batches_and_each_call_once() {
    let limits = "crm_rate = 100\ncrm_telephony_rate = 10\nworkers = 64\ncrm_timeout = \"5 s\"\n".to_owned();
    let server = Server::new(NOTHING, &Tuning { limits, ..Tuning::default() }).await;
    let mut sessions = Vec::new();
    for n in 0..120 {
        sessions.push(server.call(&CallScript { rung: Vec::new(), ..call(n) }).await);
    }
    server.settled(&sessions).await;
    let crm = server.place.emulator.crm();
    assert_eq!(crm.calls().len(), 120);
    let batches = batches(&server);
    assert_eq!(batches.iter().sum::<usize>(), 120, "no call was sent twice: {batches:?}");
    assert!(batches.len() < 100 && batches.iter().all(|calls| *calls <= 50), "{batches:?}");
    println!("120 calls went in {} requests: {batches:?}", batches.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_refused_is_given_up_alone() {
    let limits = "crm_rate = 100\ncrm_telephony_rate = 5\nworkers = 64\ncrm_timeout = \"5 s\"\n".to_owned();
    let rules = "rules 1\n\ntable store for calls\n  | virtual_number   || store          |\n  \
                 |------------------||----------------|\n  | +7 812 123-45-67 || \"romashka-no\"  |\n  \
                 | else             || \"romashka-main\" |\n";
    let server = Server::new(rules, &Tuning { limits, ..Tuning::default() }).await;
    let mut sessions = Vec::new();
    for n in 0..10 {
        let virtual_number = if n == 4 { "78121234567" } else { "74951234567" }.to_owned();
        sessions.push(server.call(&CallScript { rung: Vec::new(), virtual_number, ..call(n) }).await);
    }
    server.settled(&sessions).await;
    assert_eq!(server.place.emulator.crm().calls().len(), 9);
    for (n, session) in sessions.iter().enumerate() {
        let upload = server.effect(session, "upload_call").await;
        let wanted = if n == 4 { EffectState::Dead } else { EffectState::Done };
        assert_eq!(upload.state, wanted, "{n}: {:?}", upload.error);
    }
    let dead = server.effect(&sessions[4], "upload_call").await;
    assert!(dead.error.is_some_and(|error| error.contains("site")), "it says what is wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_a_batch_makes_no_call_twice() {
    let limits = "crm_rate = 100\ncrm_telephony_rate = 5\nworkers = 64\ncrm_timeout = \"2 s\"\n".to_owned();
    let server = Server::new(NOTHING, &Tuning { limits, ..Tuning::default() }).await;
    let lost = Fault::reset().after_commit().service(Service::Retailcrm).on("/api/v5/telephony/calls/upload");
    server.place.emulator.faults().add(lost.times(3));
    let mut sessions = Vec::new();
    for n in 0..20 {
        sessions.push(server.call(&CallScript { rung: Vec::new(), ..call(n) }).await);
    }
    server.settled(&sessions).await;
    assert_eq!(server.place.emulator.crm().calls().len(), 20);
    for session in &sessions {
        assert_eq!(server.effect(session, "upload_call").await.state, EffectState::Done);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_transfer_every_recording_survives() {
    let server = Server::new(RULES, &waits_for_records()).await;
    let played = server.place.play(&transferred());
    let session = SessionKey::from(format!("call:{}", played.session));
    let mut notifications = played.notifications.clone();
    for one in notifications.iter_mut().filter(|one| one.event == "call_end") {
        let mut body: Value = serde_json::from_str(&one.body).expect("JSON");
        body["record_file_links"] = Value::Null;
        one.body = body.to_string();
    }
    let (last, rest) = notifications.split_last().expect("some");
    assert_eq!(last.event, "record");
    server.send(&Played { notifications: rest.to_vec(), ..played.clone() }).await;
    let crm = server.place.emulator.crm();
    until("the order is there", async || !crm.orders().is_empty()).await;
    assert!(crm.calls().is_empty(), "the second recording is waited for");
    server.send(&Played { notifications: vec![last.clone()], ..played }).await;
    server.settled(std::slice::from_ref(&session)).await;

    // The longer conversation is in the history, the other one in the client's card.
    let call = &crm.calls()[0];
    let link = call.text("recordUrl").expect("a recording").to_owned();
    let notes = crm.notes();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].linked("customer"), Some(crm.customers()[0].id));
    let text = notes[0].text("text").expect("a text").to_owned();
    let noted: Vec<&str> = text.lines().filter(|line| line.starts_with("https://")).collect();
    assert_eq!(noted.len(), 1);
    assert!(noted[0] != link && text.starts_with("Другие записи звонка"), "{text}");
    // Olga talked last, and longer.
    assert_eq!(
        part(call, &["userId", "result", "duration"]),
        json!({"userId": 29, "result": "answered", "duration": 60})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_of_the_whole_call_stands_for_all() {
    let server = Server::new(RULES, &waits_for_records()).await;
    let played = server.place.play(&transferred());
    let session = SessionKey::from(format!("call:{}", played.session));
    let mut notifications = played.notifications.clone();
    for one in notifications.iter_mut().filter(|one| one.event == "call_end") {
        let mut body: Value = serde_json::from_str(&one.body).expect("JSON");
        body["full_record_file_link"] = json!("https://media.uiscom.ru/whole");
        one.body = body.to_string();
    }
    server.send(&Played { notifications, ..played }).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!(crm.calls()[0].text("recordUrl"), Some("https://media.uiscom.ru/whole"));
    assert!(crm.notes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_makes_no_note_twice() {
    for fault in [Fault::reset().after_commit(), Fault::status(500), Fault::garbled().after_commit()] {
        let server = Server::new(RULES, &waits_for_records()).await;
        let fault = fault.service(Service::Retailcrm).on("/api/v5/customers/notes/create").times(1);
        server.place.emulator.faults().add(fault);
        let session = server.call(&transferred()).await;
        server.settled(std::slice::from_ref(&session)).await;
        assert_eq!(server.place.emulator.crm().notes().len(), 1);
        assert_eq!(server.effect(&session, "note_records").await.state, EffectState::Done);
    }
}

/// The same without any link in the notification of its end.
fn without_links(played: &Played) -> Vec<Notification> {
    let mut notifications = played.notifications.clone();
    for one in notifications.iter_mut().filter(|one| one.event == "call_end") {
        let mut body: Value = serde_json::from_str(&one.body).expect("JSON");
        body["record_file_links"] = Value::Null;
        one.body = body.to_string();
    }
    notifications
}

fn links_of(note: &Record) -> Vec<String> {
    let text = note.text("text").expect("a text");
    text.lines().filter(|line| line.starts_with("https://")).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_talks_twice_has_two_recordings_and_all_three_are_waited_for() {
    let server = Server::new(RULES, &waits_for_records()).await;
    let transfers = vec![Transfer { after_s: 10, to: OLGA }, Transfer { after_s: 30, to: ANNA }];
    let played = server.place.play(&CallScript { transfers, ..transferred() });
    let session = SessionKey::from(format!("call:{}", played.session));
    let notifications = without_links(&played);
    let (last, rest) = notifications.split_last().expect("some");
    assert_eq!(rest.iter().filter(|one| one.event == "record").count(), 2, "one for each talker is there");
    server.send(&Played { notifications: rest.to_vec(), ..played.clone() }).await;
    let crm = server.place.emulator.crm();
    until("the order is there", async || !crm.orders().is_empty()).await;
    until("all is merged", async || {
        server.timeline(&session).await.events.iter().all(|event| event.state == EventState::Done)
    })
    .await;
    let phase = server.timeline(&session).await.communication.map(|one| one.phase);
    assert_eq!((crm.calls().len(), phase), (0, Some(Phase::Decided)), "the third is waited for");
    server.send(&Played { notifications: vec![last.clone()], ..played }).await;
    server.settled(std::slice::from_ref(&session)).await;
    let mut links = links_of(&crm.notes()[0]);
    assert_eq!((crm.notes().len(), links.len()), (1, 2));
    links.push(crm.calls()[0].text("recordUrl").expect("a recording").to_owned());
    links.sort();
    links.dedup();
    assert_eq!(links.len(), 3, "each is told of once");
}

/// A call that was uploaded before its recording was told of, and what was not told yet.
async fn uploaded_without(server: &Server) -> (SessionKey, Played) {
    let started = Some(Timestamp::now() - SignedDuration::from_mins(10));
    let played = server.place.play(&CallScript { started, transfers: Vec::new(), ..transferred() });
    let session = SessionKey::from(format!("call:{}", played.session));
    let (record, rest): (Vec<_>, Vec<_>) =
        without_links(&played).into_iter().partition(|one| one.event == "record");
    server.send(&Played { notifications: rest, ..played.clone() }).await;
    server.settled(std::slice::from_ref(&session)).await;
    let calls = server.place.emulator.crm().calls();
    assert_eq!((calls.len(), calls[0].text("recordUrl")), (1, None));
    (session, Played { notifications: record, ..played })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_comes_after_the_upload_is_noted_once() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let (session, late) = uploaded_without(&server).await;
    let crm = server.place.emulator.crm();
    for _ in 0..2 {
        server.send(&late).await;
        server.settled(std::slice::from_ref(&session)).await;
    }
    let notes = crm.notes();
    assert_eq!((notes.len(), crm.calls().len()), (1, 1));
    assert_eq!(notes[0].linked("customer"), Some(crm.customers()[0].id));
    let text = notes[0].text("text").expect("a text");
    assert!(text.starts_with("Записи звонка, появившиеся позже"), "{text}");
    let links = links_of(&notes[0]);
    assert_eq!(links.len(), 1);
    let order = &crm.orders()[0];
    assert_eq!(
        order.custom("uis_record"),
        Some(&json!(links[0])),
        "fields that are always written have it, too"
    );

    // Another one is another note, and the first is not told of again.
    let mut more = late.clone();
    for one in &mut more.notifications {
        let mut body: Value = serde_json::from_str(&one.body).expect("JSON");
        body["file_link"] = json!("https://media.uiscom.ru/another");
        one.body = body.to_string();
    }
    server.send(&more).await;
    server.settled(std::slice::from_ref(&session)).await;
    let notes = crm.notes();
    assert_eq!(notes.len(), 2);
    assert_eq!(links_of(&notes[1]), ["https://media.uiscom.ru/another"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_makes_no_late_note_twice() {
    for fault in [Fault::reset().after_commit(), Fault::status(500), Fault::garbled().after_commit()] {
        let server = Server::new(RULES, &Tuning::default()).await;
        let (session, late) = uploaded_without(&server).await;
        let fault = fault.service(Service::Retailcrm).on("/api/v5/customers/notes/create").times(1);
        server.place.emulator.faults().add(fault);
        server.send(&late).await;
        server.settled(std::slice::from_ref(&session)).await;
        assert_eq!(server.place.emulator.crm().notes().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_settings_say_so_the_call_is_uploaded_once_more() {
    let usual = Tuning::default();
    let account = format!("{}late_records = \"upload\"\n", usual.account);
    let server = Server::new(RULES, &Tuning { account, ..usual }).await;
    server.place.emulator.set_switches(|switches| switches.repeated_call = RepeatedCall::RecordAdded);
    let (session, late) = uploaded_without(&server).await;
    server.send(&late).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!((crm.calls().len(), crm.notes().len()), (1, 0));
    assert!(crm.calls()[0].text("recordUrl").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_only_the_report_tells_of_is_noted_too() {
    let uis = "reports_interval = \"100 ms\"\nreports_grace = \"0 s\"\nreports_first = \"1 h\"\nmarketing_wait = \"0 s\"\n\
               failed_deliveries = false\n";
    let server = Server::new(RULES, &Tuning { uis: uis.to_owned(), ..Tuning::default() }).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 3_600_000);
    let (session, _) = uploaded_without(&server).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 0);
    let crm = server.place.emulator.crm();
    until("it is noted", async || !crm.notes().is_empty()).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!((crm.calls().len(), crm.notes().len()), (1, 1));
}
