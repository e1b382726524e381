//! The pop-up: who rings sees the client's card at once, once, and loses it when the call leaves the screen, whatever
//! happens in between.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use switchboard_emulator::{
    CallScript, Direction, Emulator, Fault, Notification, Played, Quirk, Service, Transfer,
};
use switchboard_runtime::store::record::SessionKey;

use super::kill::Life;
use super::server::{ANNA, OLGA, PATIENCE, Place, RULES, Server, Tuning, hooks, part, until};

/// Users of the CRM.
const ANNA_IN_CRM: u64 = 27;
const OLGA_IN_CRM: u64 = 29;
/// An employee who is no user of the CRM.
const FIRED: u64 = 323_403;

fn answered() -> CallScript {
    CallScript {
        client: Some("79000000061".to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![OLGA, ANNA],
        answered_by: Some(ANNA),
        wait_s: 11,
        talk_s: 42,
        recorded: false,
        campaign: Some("Лето".to_owned()),
        ..CallScript::default()
    }
}

pub(crate) fn missed() -> CallScript {
    CallScript { answered_by: None, rung: vec![OLGA], talk_s: 0, ..answered() }
}

/// A server that knows its people.
pub(crate) async fn ready(rules: &str, account: &str) -> Server {
    let tuning = Tuning::default();
    let server =
        Server::new(rules, &Tuning { account: format!("{}{account}", tuning.account), ..tuning }).await;
    until("the employees are listed", async || {
        !server.place.emulator.journal().of("get.employees").is_empty()
    })
    .await;
    server
}

/// Sends the next notifications of a call, up to and with the `n`-th of an event.
pub(crate) async fn tell(server: &Server, rest: &mut std::vec::IntoIter<Notification>, event: &str) {
    let hooks = hooks(server.running.addresses().hooks);
    for notification in rest {
        assert!(server.place.emulator.uis().send(&notification, &hooks).await.is_taken());
        if notification.event == event {
            return;
        }
    }
    panic!("the call has no more `{event}`");
}

/// What RetailCRM was told of calls, one line each: `in 27,29` or `hangup 27 answered`.
fn told(emulator: &Emulator) -> Vec<String> {
    let line = |event: &switchboard_emulator::Record| {
        let users = event.to_json()["userIds"].as_array().cloned().unwrap_or_default();
        let users: Vec<String> = users.iter().map(Value::to_string).collect();
        let status = event.text("hangupStatus").map(|status| format!(" {status}")).unwrap_or_default();
        format!("{} {}{status}", event.text("type").unwrap_or_default(), users.join(","))
    };
    emulator.crm().events().iter().map(line).collect()
}

/// Waits until RetailCRM was told exactly this.
pub(crate) async fn was_told(emulator: &Emulator, wanted: &[&str]) {
    let heard = tokio::time::timeout(PATIENCE, async {
        let mut ticks = tokio::time::interval(Duration::from_millis(5));
        while told(emulator) != wanted {
            ticks.tick().await;
        }
    });
    assert!(heard.await.is_ok(), "RetailCRM was told {:?}, not {wanted:?}", told(emulator));
}

fn open(emulator: &Emulator) -> Vec<u64> {
    let open = emulator.crm().popups().into_iter().filter(|popup| popup.open);
    open.map(|popup| popup.user).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_rings_sees_it_and_who_does_not_answer_loses_it() {
    let server = ready(RULES, "").await;
    let emulator = server.place.emulator.clone();
    let played = server.place.play(&answered());
    let mut rest = played.notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    was_told(&emulator, &["in 29"]).await;
    tell(&server, &mut rest, "ring").await;
    was_told(&emulator, &["in 29", "in 27"]).await;
    assert_eq!(open(&emulator), [OLGA_IN_CRM, ANNA_IN_CRM]);
    tell(&server, &mut rest, "talk_start").await;
    was_told(&emulator, &["in 29", "in 27", "hangup 29 no answered"]).await;
    tell(&server, &mut rest, "call_end").await;
    was_told(&emulator, &["in 29", "in 27", "hangup 29 no answered", "hangup 27 answered"]).await;
    assert_eq!(open(&emulator), Vec::<u64>::new());

    let session = SessionKey::from(format!("call:{}", played.session));
    server.settled(std::slice::from_ref(&session)).await;
    let events = emulator.crm().events();
    assert_eq!(
        part(&events[0], &["phone", "site", "externalPhone", "webAnalyticsData"]),
        json!({
            "phone": "+79000000061", "site": "romashka-main", "externalPhone": "74951234567",
            "webAnalyticsData": {"campaign": {"name": "Лето", "code": "Лето"}},
        })
    );
    let call = emulator.crm().calls()[0].external_id.clone();
    assert!(
        call.is_some() && events.iter().all(|event| event.external_id == call),
        "one name in all of them"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_shows_it_to_the_next() {
    let server = ready(RULES, "").await;
    let emulator = server.place.emulator.clone();
    let transfers = vec![Transfer { after_s: 20, to: OLGA }];
    let played = server.place.play(&CallScript { rung: vec![ANNA], transfers, ..answered() });
    let mut rest = played.notifications.into_iter();
    tell(&server, &mut rest, "talk_start").await;
    was_told(&emulator, &["in 27"]).await;
    tell(&server, &mut rest, "ring").await;
    was_told(&emulator, &["in 27", "in 29"]).await;
    tell(&server, &mut rest, "talk_start").await;
    was_told(&emulator, &["in 27", "in 29", "hangup 27 answered"]).await;
    tell(&server, &mut rest, "call_end").await;
    was_told(&emulator, &["in 27", "in 29", "hangup 27 answered", "hangup 29 answered"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outgoing_call_has_one_too() {
    let server = ready(RULES, "").await;
    let emulator = server.place.emulator.clone();
    let finish_reason = Some("subscriber_busy".to_owned());
    let script = CallScript {
        direction: Direction::Out,
        caller: Some(ANNA),
        rung: Vec::new(),
        finish_reason,
        ..missed()
    };
    let mut rest = server.place.play(&script).notifications.into_iter();
    tell(&server, &mut rest, "call_out").await;
    was_told(&emulator, &["out 27"]).await;
    tell(&server, &mut rest, "call_end").await;
    // The end of an outgoing call says nothing of why, as UIS has it.
    was_told(&emulator, &["out 27", "hangup 27 no answered"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_switched_off_rejected_or_nobodys_is_not_shown() {
    let rules =
        format!("{RULES}\nfilter for incoming calls\n  reject when campaign is \"Спам\"\n  else accept\n");
    let server = ready(&rules, "\n[account.popup]\noutgoing = false\n").await;
    let emulator = server.place.emulator.clone();
    let mut sessions = Vec::new();
    for script in [
        CallScript { campaign: Some("Спам".to_owned()), ..missed() },
        CallScript { direction: Direction::Out, caller: Some(ANNA), rung: Vec::new(), ..missed() },
        CallScript { rung: vec![FIRED], ..missed() },
        CallScript { client: None, ..missed() },
    ] {
        let played = server.place.play(&script);
        let mut rest = played.notifications.into_iter();
        let event = if script.direction == Direction::Out { "call_out" } else { "ring" };
        tell(&server, &mut rest, event).await;
        sessions.push(rest);
    }
    // A call that is shown, after all of these were looked at.
    let mut rest = server.place.play(&missed()).notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    was_told(&emulator, &["in 29"]).await;
    for mut rest in sessions {
        tell(&server, &mut rest, "call_end").await;
    }
    tell(&server, &mut rest, "call_end").await;
    was_told(&emulator, &["in 29", "hangup 29 no answered"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ring_that_is_delivered_twice_or_after_the_end_is_shown_once_or_not_at_all() {
    let server = ready(RULES, "").await;
    let emulator = server.place.emulator.clone();
    let played = emulator.uis().play(&missed(), &[Quirk::Twice]);
    let mut rest = played.notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    was_told(&emulator, &["in 29"]).await;
    tell(&server, &mut rest, "ring").await;
    tell(&server, &mut rest, "call_end").await;
    was_told(&emulator, &["in 29", "hangup 29 no answered"]).await;

    let played = server.place.play(&missed());
    let backwards = Played { notifications: played.notifications.iter().rev().cloned().collect(), ..played };
    server.send(&backwards).await;
    server.settled(&[SessionKey::from(format!("call:{}", backwards.session))]).await;
    was_told(&emulator, &["in 29", "hangup 29 no answered"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_end_is_never_told_is_swept() {
    let server = ready(RULES, "\n[account.popup]\nsweep = \"1 s\"\n").await;
    let mut rest = server.place.play(&missed()).notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    was_told(&server.place.emulator, &["in 29", "hangup 29 failed"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pop_up_waits_for_no_other_call_of_the_same_contact() {
    let server = ready(RULES, "").await;
    let emulator = server.place.emulator.clone();
    // The lane of the contact hangs in the middle of a request.
    emulator.faults().add(Fault::hang().service(Service::Retailcrm).on("/api/v5/customers").times(1));
    let first = server.call(&CallScript { rung: Vec::new(), ..missed() }).await;
    let mut rest = server.place.play(&missed()).notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    was_told(&emulator, &["in 29"]).await;
    assert!(emulator.crm().calls().is_empty(), "the first call is not through");
    tell(&server, &mut rest, "call_end").await;
    server.settled(&[first]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crm_that_is_away_while_it_rings_costs_the_pop_up_and_nothing_else() {
    let server = ready(RULES, "\n[account.popup]\nmax_age = \"1 s\"\n").await;
    let emulator = server.place.emulator.clone();
    let away = emulator
        .faults()
        .add(Fault::status(503).service(Service::Retailcrm).on("/api/v5/telephony/call/event"));
    let mut rest = server.place.play(&missed()).notifications.into_iter();
    let rang = Instant::now();
    tell(&server, &mut rest, "ring").await;
    let tried = || emulator.journal().of("/api/v5/telephony/call/event").len();
    until("the ring is too old", async || rang.elapsed() > Duration::from_millis(1_300)).await;
    assert!(tried() > 1, "it is tried while the ring is young");
    emulator.faults().remove(away);
    // Too late for that one; the next one is shown.
    let mut next = server.place.play(&missed()).notifications.into_iter();
    tell(&server, &mut next, "ring").await;
    was_told(&emulator, &["in 29"]).await;
    tell(&server, &mut rest, "call_end").await;
    tell(&server, &mut next, "call_end").await;
    was_told(&emulator, &["in 29", "hangup 29 no answered"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_shows_nothing_twice_and_leaves_nothing_on_the_screen() {
    for fault in [Fault::reset(), Fault::reset().after_commit(), Fault::garbled().after_commit()] {
        let server = ready(RULES, "").await;
        let emulator = server.place.emulator.clone();
        let strikes = emulator
            .faults()
            .add(fault.service(Service::Retailcrm).on("/api/v5/telephony/call/event").times(1));
        let mut rest = server.place.play(&missed()).notifications.into_iter();
        tell(&server, &mut rest, "ring").await;
        until("it was struck", async || emulator.faults().struck(strikes) == Some(1)).await;
        tell(&server, &mut rest, "call_end").await;
        until("it was taken off", async || {
            told(&emulator).last().is_some_and(|last| last.starts_with("hangup"))
        })
        .await;
        let shown = told(&emulator).iter().filter(|line| line.starts_with("in")).count();
        assert!(shown <= 1, "{:?}", told(&emulator));
        assert_eq!(open(&emulator), Vec::<u64>::new());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_between_showing_and_taking_off_leaves_nothing_on_the_screen() {
    let place = Place::new(RULES, &Tuning::default()).await;
    let emulator = place.emulator.clone();
    let calls = [place.play(&missed()), place.play(&CallScript { rung: vec![ANNA], ..missed() })];
    let send = async |life: &Life, event: &str, call: &Played| {
        let hooks = hooks(life.hooks);
        for one in call.notifications.iter().filter(|one| one.event == event) {
            assert!(emulator.uis().send(one, &hooks).await.is_taken());
        }
    };
    let life = Life::begin(&place).await;
    until("the employees are listed", async || !emulator.journal().of("get.employees").is_empty()).await;
    for call in &calls {
        send(&life, "ring", call).await;
    }
    until("both see it", async || open(&emulator).len() == 2).await;
    // The end of the first is durable, and RetailCRM does not hear of it before the process dies.
    let away = emulator.faults().add(Fault::status(503).service(Service::Retailcrm));
    send(&life, "call_end", &calls[0]).await;
    life.kill();
    emulator.faults().remove(away);

    let life = Life::begin(&place).await;
    until("the first is taken off", async || open(&emulator) == [ANNA_IN_CRM]).await;
    send(&life, "call_end", &calls[1]).await;
    until("the second is taken off", async || open(&emulator).is_empty()).await;
    life.kill();
    let mut told = told(&emulator);
    told.sort();
    assert_eq!(told, ["hangup 27 no answered", "hangup 29 no answered", "in 27", "in 29"]);
}

/// Calls of the backlog: `IT_BACKLOG=1000` for more.
const BACKLOG: u64 = 150;
/// Rings while it drains.
const RINGS: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn pop_ups_overtake_the_backlog() {
    // The usual pace, and a RetailCRM that insists on it.
    let server = Server::new(RULES, &Tuning { limits: String::new(), ..Tuning::default() }).await;
    let emulator = server.place.emulator.clone();
    emulator.set_switches(|switches| switches.limiter = true);
    until("the employees are listed", async || !emulator.journal().of("get.employees").is_empty()).await;
    let backlog = std::env::var("IT_BACKLOG").ok().and_then(|text| text.parse().ok()).unwrap_or(BACKLOG);
    let mut sessions = Vec::new();
    for n in 0..backlog {
        let client = Some(format!("7901{n:07}"));
        sessions.push(server.call(&CallScript { client, rung: Vec::new(), ..missed() }).await);
    }
    let hooks = hooks(server.running.addresses().hooks);
    let mut waits = Vec::new();
    for n in 0..RINGS {
        // Half of them by contacts whose own calls are still in the backlog.
        let client = Some(format!("7901{:07}", if n % 2 == 0 { n as u64 } else { backlog + n as u64 }));
        let played = server.place.play(&CallScript { client, rung: vec![OLGA, ANNA], ..missed() });
        let rang = Instant::now();
        let ring = played.notifications.iter().find(|one| one.event == "ring").expect("a ring");
        assert!(emulator.uis().send(ring, &hooks).await.is_taken());
        let call = format!("uis-call-{}", played.session);
        until("it is shown", async || {
            emulator.crm().events().iter().any(|event| event.external_id.as_deref() == Some(call.as_str()))
        })
        .await;
        waits.push(rang.elapsed());
    }
    let done = emulator.crm().calls().len();
    assert!((done as u64) < backlog, "the backlog was through before the last pop-up: {done} of {backlog}");
    waits.sort();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share).round() as usize];
    println!(
        "{RINGS} rings while {backlog} calls drain ({done} done): ring to pop-up p50 {:?}, p99 {:?}, longest {:?}",
        at(0.5),
        at(0.99),
        at(1.0)
    );
    for peak in emulator.crm().peaks() {
        assert!(peak.busiest_second <= peak.limit, "{peak:?}");
    }
}

/// The page of a call, in Russian.
async fn call_page(server: &Server, session: u64) -> String {
    use http_body_util::{BodyExt as _, Empty};
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
        .build_http::<Empty<bytes::Bytes>>();
    let console = server.running.addresses().console;
    let request = http::Request::get(format!("http://{console}/calls/romashka/call%3A{session}"))
        .header("accept-language", "ru")
        .body(Empty::new())
        .expect("a request");
    let body = client.request(request).await.expect("an answer").into_body();
    String::from_utf8(body.collect().await.expect("a body").to_bytes().to_vec()).expect("text")
}

/// The rows of the pop-ups: who, and how it stands; `+` when it was shown and when it was taken off.
fn popup_rows(page: &str) -> Vec<String> {
    let section =
        page.split("<h2>Всплывающие окна</h2>").nth(1).and_then(|rest| rest.split("</section>").next());
    let rows = section.expect("the section").split("<tr>").skip(2);
    let text = |cell: &str| {
        let plain = cell.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        plain.collect::<String>().trim().to_owned()
    };
    rows.map(|row| {
        let cells: Vec<String> = row.split("<td").skip(1).map(text).collect();
        let [who, rang, shown, gone, word] = cells.as_slice() else { panic!("five cells: {cells:?}") };
        assert!(rang.starts_with(char::is_numeric), "{rang}");
        let mark = |moment: &str| if moment.starts_with(char::is_numeric) { "+" } else { "-" };
        format!("{who}: {}{} {word}", mark(shown), mark(gone))
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_call_tells_who_saw_it_from_when_until_when_and_who_did_not_and_why() {
    let server = ready(RULES, "").await;
    let emulator = server.place.emulator.clone();
    let played = server.place.play(&CallScript { rung: vec![OLGA, FIRED, ANNA], ..answered() });
    let mut rest = played.notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    was_told(&emulator, &["in 29"]).await;
    tell(&server, &mut rest, "ring").await;
    // Read while it rings there: a ring that is over when it is heard of belongs on no screen.
    until("the page names who is no user", async || {
        let rows = popup_rows(&call_page(&server, played.session).await);
        rows.iter().any(|row| row.contains("нет пользователя"))
    })
    .await;
    tell(&server, &mut rest, "ring").await;
    was_told(&emulator, &["in 29", "in 27"]).await;
    tell(&server, &mut rest, "talk_start").await;
    was_told(&emulator, &["in 29", "in 27", "hangup 29 no answered"]).await;
    until("the page says that it was taken off", async || {
        let rows = popup_rows(&call_page(&server, played.session).await);
        rows.iter().any(|row| row.contains("29: ++"))
    })
    .await;
    let rows = popup_rows(&call_page(&server, played.session).await);
    insta::assert_snapshot!(rows.join("\n"));
    tell(&server, &mut rest, "call_end").await;
    was_told(&emulator, &["in 29", "in 27", "hangup 29 no answered", "hangup 27 answered"]).await;
    until("nobody has it", async || {
        let rows = popup_rows(&call_page(&server, played.session).await);
        rows.iter().any(|row| row.contains("27: ++ ответил"))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_call_tells_why_nobody_saw_it() {
    let filter = format!(
        "{RULES}\nfilter for incoming calls\n  reject when virtual_number is +7 495 123-45-67\n  else accept\n"
    );
    let server = ready(&filter, "").await;
    let played = server.place.play(&missed());
    let mut rest = played.notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    until("it is kept", async || {
        popup_rows(&call_page(&server, played.session).await)
            == ["Белова Ольга (323402) пользователь RetailCRM 29: -- не показано: отклонён фильтром"]
    })
    .await;

    let server = ready(RULES, "[account.popup]\nincoming = false\n").await;
    let session = server.call(&missed()).await;
    server.settled(std::slice::from_ref(&session)).await;
    let number = session.as_str().trim_start_matches("call:").parse().expect("a number");
    let page = call_page(&server, number).await;
    assert!(page.contains("Всплывающие окна для таких звонков выключены в настройках."), "{page}");

    // RetailCRM does not answer: nobody knows whether it was seen, and that is what the page says.
    let server = ready(RULES, "").await;
    server
        .place
        .emulator
        .faults()
        .add(Fault::reset().after_commit().on("/api/v5/telephony/call/event").times(1));
    let played = server.place.play(&missed());
    let mut rest = played.notifications.into_iter();
    tell(&server, &mut rest, "ring").await;
    until("RetailCRM is asked", async || {
        !server.place.emulator.journal().of("/api/v5/telephony/call/event").is_empty()
    })
    .await;
    tell(&server, &mut rest, "call_end").await;
    until("it is taken off", async || {
        let rows = popup_rows(&call_page(&server, played.session).await);
        rows.len() == 1 && rows[0].contains("++ не ответил RetailCRM не ответила, возможно, не показано")
    })
    .await;
}
