//! Calls that no notification told of: found in the report, handled once, and nothing else disturbed.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Fault, Notification, Played};
use switchboard_runtime::reports::Progress;
use switchboard_runtime::store::record::{Origin, Phase, SessionKey};

use super::kill::Life;
use super::server::{ANNA, OLGA, Place, RULES, Server, Tuning, part, until};

/// So many readings after something are enough to see that nothing more follows from it.
const READINGS: usize = 3;

fn tuning(more: &str) -> Tuning {
    let uis = format!(
        "reports_interval = \"100 ms\"\nreports_grace = \"0 s\"\nmarketing_wait = \"0 s\"\nfailed_deliveries = false\n{more}"
    );
    Tuning { uis, ..Tuning::default() }
}

/// A tuning under which calls from before the first start count.
fn looking_back() -> Tuning {
    tuning("reports_first = \"1 h\"\n")
}

fn ago(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp::now() - SignedDuration::from_secs(seconds))
}

fn missed(client: &str) -> CallScript {
    CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        started: ago(120),
        rung: vec![OLGA],
        wait_s: 27,
        campaign: Some("Лето".to_owned()),
        ..CallScript::default()
    }
}

fn answered(client: &str) -> CallScript {
    CallScript { answered_by: Some(ANNA), rung: vec![OLGA, ANNA], wait_s: 11, talk_s: 42, ..missed(client) }
}

fn session(played: &Played) -> SessionKey {
    SessionKey::from(format!("call:{}", played.session))
}

fn readings(place: &Place) -> usize {
    place.emulator.journal().of("get.calls_report").len()
}

/// Waits until the report was read some more times.
async fn read_again(server: &Server) {
    let before = readings(&server.place);
    until("the report is read again", async || readings(&server.place) >= before + READINGS).await;
}

async fn origins(server: &Server, session: &SessionKey) -> Vec<Origin> {
    server.timeline(session).await.events.iter().map(|event| event.origin).collect()
}

async fn is_known(server: &Server, session: &SessionKey) -> bool {
    server.store().timeline(&server.place.account, session).await.expect("the store answers").is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_nobody_told_of_are_found_and_handled_once() {
    let server = Server::new(RULES, &looking_back()).await;
    let talk = server.place.play(&answered("79000000061"));
    let lost = server.place.play(&missed("79000000062"));
    let sessions = [session(&talk), session(&lost)];
    server.settled(&sessions).await;
    read_again(&server).await;

    let crm = server.place.emulator.crm();
    let (clients, tasks, calls) = (crm.customers(), crm.tasks(), crm.calls());
    assert_eq!((clients.len(), crm.orders().len(), tasks.len(), calls.len()), (2, 2, 1, 2));
    let of =
        |phone: &str| calls.iter().find(|call| call.text("phone") == Some(phone)).expect("a call").clone();
    let talk = of("+79000000061");
    assert_eq!(
        part(&talk, &["type", "userId", "result", "duration", "durationWaiting", "externalPhone"]),
        json!({"type": "in", "userId": 27, "result": "answered", "duration": 42, "durationWaiting": 11,
            "externalPhone": "74951234567"})
    );
    assert!(talk.text("recordUrl").is_some_and(|link| link.starts_with("https://media.uiscom.ru/")));
    assert_eq!(
        part(&of("+79000000062"), &["result", "duration"]),
        json!({"result": "no answer", "duration": 0})
    );
    assert!(clients.iter().all(|client| client.custom("uis_campaign") == Some(&json!("Лето"))));
    assert_eq!(tasks[0].text("phone"), Some("+79000000062"));
    for session in &sessions {
        assert_eq!(
            origins(&server, session).await,
            [Origin::Reconcile],
            "a row that is read again is nothing new"
        );
    }
    let progress = Progress::kept(&**server.store(), &server.place.account).await.expect("the store answers");
    assert_eq!(progress.expect("it was kept").found, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_told_whole_is_left_alone() {
    let server = Server::new(RULES, &looking_back()).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 3_600_000);
    let told = server.call(&answered("79000000063")).await;
    server.settled(std::slice::from_ref(&told)).await;
    server.place.emulator.set_switches(|switches| switches.report_delay_ms = 0);
    read_again(&server).await;
    let timeline = server.timeline(&told).await;
    assert!(timeline.events.iter().all(|event| event.origin == Origin::Webhook));
    assert_eq!(timeline.decisions.iter().filter(|made| made.made.stage == "end").count(), 1);
    let crm = server.place.emulator.crm();
    assert_eq!((crm.customers().len(), crm.orders().len(), crm.calls().len()), (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_was_lost_is_found() {
    let server = Server::new(RULES, &looking_back()).await;
    let played = server.place.play(&missed("79000000064"));
    let begun: Vec<Notification> = played
        .notifications
        .iter()
        .filter(|one| ["call_start", "ring"].contains(&one.event.as_str()))
        .cloned()
        .collect();
    assert_eq!(begun.len(), 2);
    server.send(&Played { notifications: begun, ..played.clone() }).await;
    let session = session(&played);
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().tasks().len(), 1);
    let mut origins = origins(&server, &session).await;
    origins.retain(|origin| *origin == Origin::Reconcile);
    assert_eq!(origins.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_that_come_after_the_row_change_nothing() {
    let server = Server::new(RULES, &looking_back()).await;
    let played = server.place.play(&answered("79000000065"));
    let session = session(&played);
    server.settled(std::slice::from_ref(&session)).await;
    server.send(&played).await;
    until("they are merged", async || {
        let events = server.timeline(&session).await.events;
        events.len() == played.notifications.len() + 1
            && events.iter().all(|event| event.state == switchboard_runtime::store::record::EventState::Done)
    })
    .await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!((crm.customers().len(), crm.orders().len(), crm.calls().len()), (1, 1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn history_is_not_taken_at_the_first_start_and_a_gap_is() {
    let place = Place::new(RULES, &tuning("")).await;
    let history = session(&place.play(&missed("79000000066")));
    let server = place.serve().await;
    read_again(&server).await;
    let place = server.stop().await;
    // While nobody listens, a call comes and goes, and not a word of it is ever delivered.
    let now = CallScript { started: None, wait_s: 0, ..missed("79000000067") };
    let gap = session(&place.play(&now));
    let server = place.serve().await;
    server.settled(std::slice::from_ref(&gap)).await;
    read_again(&server).await;
    assert!(!is_known(&server, &history).await, "it began before the account was looked after");
    assert_eq!(server.place.emulator.crm().customers().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_uis_loses_no_window() {
    let place = Place::new(RULES, &tuning("")).await;
    let server = place.serve().await;
    read_again(&server).await;
    let faults = server.place.emulator.faults();
    let fault = faults.add(Fault::status(500).on("get.calls_report"));
    let played = server.place.play(&CallScript { started: None, wait_s: 0, ..missed("79000000068") });
    read_again(&server).await;
    assert!(!is_known(&server, &session(&played)).await);
    let error = |progress: Option<Progress>| progress.expect("it was kept").error;
    let kept =
        async || Progress::kept(&**server.store(), &server.place.account).await.expect("the store answers");
    assert!(error(kept().await).is_some(), "people are told why nothing is found");
    faults.remove(fault);
    server.settled(&[session(&played)]).await;
    until("the error is over", async || error(kept().await).is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_ended_a_moment_ago_is_left_to_its_notifications() {
    let usual = looking_back();
    let uis = usual.uis.replace("reports_grace = \"0 s\"", "reports_grace = \"10 min\"");
    let server = Server::new(RULES, &Tuning { uis, ..usual }).await;
    let fresh = session(&server.place.play(&missed("79000000069")));
    let old = CallScript { started: ago(1800), ..missed("79000000070") };
    let old = session(&server.place.play(&old));
    server.settled(&[old]).await;
    read_again(&server).await;
    assert!(!is_known(&server, &fresh).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_that_failed_are_counted_and_their_calls_found() {
    let usual = tuning("");
    let uis = usual.uis.replace("failed_deliveries = false", "find_missed = false");
    let server = Server::new(RULES, &Tuning { uis, ..usual }).await;
    until("the first reading is over", async || {
        !server.place.emulator.journal().of("get.notifications").is_empty()
    })
    .await;
    let played = server.place.play(&CallScript { started: None, wait_s: 0, ..missed("79000000071") });
    // Nobody listens there.
    let sent = server.place.emulator.uis().send_all(&played.notifications, "http://127.0.0.1:9/hooks").await;
    assert!(sent.iter().all(|delivery| !delivery.is_taken()));
    let session = session(&played);
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().tasks().len(), 1);
    let failed = async || {
        let progress =
            Progress::kept(&**server.store(), &server.place.account).await.expect("the store answers");
        progress.expect("it was kept").failed
    };
    let all = sent.len() as u64;
    until("each is counted", async || failed().await >= all).await;
    let asked = server.place.emulator.journal().of("get.notifications").len();
    until("it is read again", async || {
        server.place.emulator.journal().of("get.notifications").len() > asked + READINGS
    })
    .await;
    assert_eq!(failed().await, all, "each is counted once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_was_never_announced_comes_from_the_report() {
    let account = "settle = \"50 ms\"\nrecord_wait = \"10 minutes\"\n".to_owned();
    let server = Server::new(RULES, &Tuning { account, ..looking_back() }).await;
    let played = server.place.play(&answered("79000000072"));
    let silent: Vec<Notification> = played
        .notifications
        .iter()
        .filter(|one| one.event != "record")
        .cloned()
        .map(|mut one| {
            let mut body: Value = serde_json::from_str(&one.body).expect("JSON");
            body["record_file_links"] = Value::Null;
            one.body = body.to_string();
            one
        })
        .collect();
    server.send(&Played { notifications: silent, ..played.clone() }).await;
    let session = session(&played);
    server.settled(std::slice::from_ref(&session)).await;
    let calls = server.place.emulator.crm().calls();
    assert!(calls[0].text("recordUrl").is_some());
    assert_eq!(server.timeline(&session).await.communication.map(|one| one.phase), Some(Phase::Closed));
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_between_and_within_windows_lose_and_double_nothing() {
    const KILLS: usize = 6;
    let place = Place::new(RULES, &tuning("")).await;
    let mut life = Life::begin(&place).await;
    until("the report is read", async || readings(&place) > 0).await;
    let crm = place.emulator.crm();
    for round in 0..KILLS {
        for number in 0..2 {
            let client = format!("79000002{round}{number}0");
            place.play(&CallScript { started: None, wait_s: 0, ..missed(&client) });
        }
        let seen = readings(&place);
        until("the report is read", async || readings(&place) > seen + round % 3).await;
        life.kill();
        life = Life::begin(&place).await;
    }
    let counts = || (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len());
    let all = 2 * KILLS;
    until("all calls are handled", async || counts() == (all, all, all, all)).await;
    let seen = readings(&place);
    until("the report is read again", async || readings(&place) > seen + READINGS).await;
    assert_eq!(counts(), (all, all, all, all));
    life.kill();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_longer_than_the_overlap_is_found_also_over_a_restart() {
    let place = Place::new(RULES, &tuning("reports_overlap = \"1 s\"\n")).await;
    let server = place.serve().await;
    read_again(&server).await;
    // Four seconds of talk, and not a word of it is ever delivered.
    let long =
        CallScript { started: None, wait_s: 0, talk_s: 4, rung: vec![ANNA], ..answered("79000000073") };
    let played = server.place.play(&long);
    let session = session(&played);
    let kept = async |server: &Server| {
        let kept = Progress::kept(&**server.store(), &server.place.account).await.expect("the store answers");
        kept.expect("it was kept")
    };
    until("it is seen going on", async || kept(&server).await.ongoing.contains_key(&played.session)).await;
    // No window reaches back to its beginning any more.
    until("the windows have left it behind", async || {
        kept(&server).await.until > played.started + SignedDuration::from_millis(2100)
    })
    .await;
    assert!(!is_known(&server, &session).await);
    let server = server.stop().await.serve().await;
    until("it is found", async || is_known(&server, &session).await).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(origins(&server, &session).await, [Origin::Reconcile]);
    until("it is followed no longer", async || kept(&server).await.ongoing.is_empty()).await;
    assert_eq!(kept(&server).await.found, 1);
    let calls = server.place.emulator.crm().calls();
    assert_eq!((calls.len(), calls[0].int("duration")), (1, Some(4)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_spends_nothing_of_the_reserve() {
    let usual = tuning("");
    let limits = format!("{}uis_points_reserve = 50\nuis_rate = 100\n", usual.limits);
    let place = Place::new(RULES, &Tuning { limits, ..usual }).await;
    // Two points for the account and its employees, and reports until the half is left.
    place.emulator.set_switches(|switches| switches.points_per_day = 12);
    let server = place.serve().await;
    let left = async |server: &Server| {
        let kept =
            server.store().cursor(&server.place.account, "uis.points").await.expect("the store answers");
        let kept: Value = kept.map(|kept| serde_json::from_str(&kept).expect("JSON")).unwrap_or_default();
        let periods = kept.get("periods").and_then(Value::as_array).cloned().unwrap_or_default();
        let day = periods.into_iter().find(|period| period["name"] == json!("day"));
        day.and_then(|day| day["remaining"].as_u64())
    };
    until("only the reserve is left", async || left(&server).await == Some(6)).await;
    let before = readings(&server.place);
    let place = server.stop().await;
    // Nothing tells the new server how many points are left.
    for method in ["get.account", "get.employees", "get.scenarios", "get.sites"] {
        place.emulator.faults().add(Fault::hang().on(method));
    }
    let server = place.serve().await;
    // A call that is told of goes its way meanwhile.
    let told = server.call(&answered("79000000074")).await;
    server.settled(std::slice::from_ref(&told)).await;
    assert_eq!(readings(&server.place), before);
    assert_eq!(left(&server).await, Some(6));
}
