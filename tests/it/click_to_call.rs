//! Click to call: a click in the CRM becomes one call in UIS, or a reason that the user is told.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Fault, User};
use switchboard_runtime::store::record::{Click, ClickState, NoticeState, Page, SessionKey};

use super::kill::Life;
use super::module::{CODE, get, ready, with_module};
use super::server::{ANNA, Place, RULES, Server, hooks, until};

/// What starts a call.
const START: &str = "start.employee_call";
/// The setting of the number.
const SETTING: &str = "\nsettings for calls\n  click_to_call_number: +7 495 123-45-67\n";

fn rules(more: &str) -> String {
    format!("{RULES}{more}")
}

impl Server {
    /// A user clicks on a phone in a card of a shop.
    async fn click(&self, user: u64, phone: &str, shop: Option<&str>) {
        let told = self.place.emulator.crm().click_to_call(user, phone, shop).await.expect("an address");
        assert!(told.is_taken(), "{told:?}");
    }

    async fn clicks(&self) -> Vec<Click> {
        let page = Page { account: None, after: None, limit: 50 };
        self.store().clicks(page).await.expect("the store answers").rows
    }

    /// Waits until nothing is left to do about any click; gives them, newest first.
    async fn clicks_settled(&self, count: usize) -> Vec<Click> {
        let settled = |click: &Click| {
            !matches!(click.state, ClickState::Waiting | ClickState::Dialling)
                && click.notice != NoticeState::Due
        };
        until("the clicks settle", async || {
            let clicks = self.clicks().await;
            clicks.len() == count && clicks.iter().all(settled)
        })
        .await;
        self.clicks().await
    }

    fn live(&self) -> Vec<Value> {
        self.place.emulator.uis().live_calls()
    }

    fn starts(&self) -> usize {
        self.place.emulator.journal().of(START).len()
    }

    /// The notices so far: user and message.
    fn notices(&self) -> Vec<(Value, String)> {
        let notices = self.place.emulator.crm().notices();
        notices
            .iter()
            .map(|notice| {
                let all = notice.to_json();
                (all["userIds"].clone(), all["message"].as_str().unwrap_or_default().to_owned())
            })
            .collect()
    }

    /// A click that is no call: why, and what the user is told.
    async fn refused(&self, user: u64, phone: &str) -> String {
        let (before, told) = (self.clicks().await.len(), self.notices().len());
        self.click(user, phone, None).await;
        let click = self.clicks_settled(before + 1).await.remove(0);
        assert_eq!((click.state, click.notice), (ClickState::Refused, NoticeState::Sent), "{click:?}");
        let notice = self.notices().remove(told);
        assert_eq!(notice.0, json!([user]));
        notice.1
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_rings_the_employee_first_and_the_call_goes_its_way() {
    let server = ready(&rules(SETTING), "").await;
    server.click(27, "8 (900) 000-00-61", None).await;
    let click = server.clicks_settled(1).await.remove(0);
    assert_eq!((click.state, click.notice), (ClickState::Started, NoticeState::None));
    let live = server.live();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0]["legs"][0]["employee_id"], json!(ANNA));
    assert_eq!(
        (&live[0]["direction"], &live[0]["virtual_phone_number"], &live[0]["contact_phone_number"]),
        (&json!("out"), &json!("74951234567"), &json!("79000000061"))
    );
    let sent = server.place.emulator.journal().of(START).remove(0);
    assert_eq!(sent.parts["params"]["first_call"], json!("employee"));
    assert_eq!(sent.parts["params"]["show_virtual_phone_number"], json!(false));

    // The call plays through: it is uploaded like any other, and the click leads to it.
    let session = live[0]["call_session_id"].as_u64().expect("a session");
    let script = CallScript { talk_s: 42, recorded: false, ..CallScript::default() };
    let played = server.place.emulator.uis().play_live(session, &script, &[]).expect("it runs");
    server.send(&played).await;
    let key = SessionKey::from(format!("call:{session}"));
    server.settled(std::slice::from_ref(&key)).await;
    let calls = server.place.emulator.crm().calls();
    assert_eq!((calls[0].text("type"), calls[0].int("userId")), (Some("out"), Some(27)));
    assert_eq!(server.clicks().await[0].session.as_ref(), Some(&key));
    let page = get(&format!("http://{}/module", server.running.addresses().console)).await.1;
    assert!(page.contains(&format!("/calls/romashka/call%3A{session}")), "{page}");
    assert!(page.contains("8900***0061") && !page.contains("000-00-61"), "the number is hidden: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_is_that_of_the_table_the_setting_or_the_shop() {
    let table = "\ntable click_to_call for outgoing calls\n  | caller || show_number |\n  |---||---|\n\
                 \x20 | \"ivan@romashka.ru\" || +7 800 555-01-10 |\n";
    let number = async |server: &Server, user: u64, phone: &str, shop: Option<&str>| {
        let before = server.live();
        server.click(user, phone, shop).await;
        until("a call has begun", async || server.live().len() > before.len()).await;
        let fresh = server.live().into_iter().find(|call| !before.contains(call)).expect("a call");
        fresh["virtual_phone_number"].as_str().expect("a number").to_owned()
    };
    let server = ready(&rules(table), "").await;
    assert_eq!(number(&server, 28, "79000000062", Some("romashka-msk")).await, "78005550110", "the table");
    assert_eq!(number(&server, 27, "79000000062", Some("romashka-msk")).await, "74951234567", "the shop");
    let server = ready(&rules(&format!("{SETTING}{table}")), "").await;
    assert_eq!(number(&server, 28, "79000000062", None).await, "78005550110", "the table before the setting");
    assert_eq!(number(&server, 27, "79000000062", None).await, "74951234567", "the setting");
    let always = format!(
        "\nsettings for calls\n  click_to_call_number: +7 812 123-45-67\n  always_show_number: yes\n{table}"
    );
    let server = ready(&rules(&always), "").await;
    assert_eq!(number(&server, 28, "79000000062", Some("romashka-msk")).await, "78121234567", "always");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_click_makes_one_call() {
    let server = ready(&rules(SETTING), "").await;
    for phone in ["+7 900 000-00-63", "89000000063", "+79000000063"] {
        server.click(27, phone, None).await;
    }
    server.click(28, "89000000063", None).await;
    server.clicks_settled(2).await;
    assert_eq!((server.starts(), server.live().len()), (2, 2), "two people, one call each");
    let server = ready(&rules(SETTING), "[account.click_to_call]\ndouble_click = \"0 s\"\n").await;
    server.click(27, "89000000063", None).await;
    server.click(27, "89000000063", None).await;
    server.clicks_settled(2).await;
    assert_eq!(server.starts(), 2, "the window is a setting");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_is_told_to_the_user_who_clicked() {
    let server = ready(RULES, "[account.click_to_call]\nper_minute_user = 3\n").await;
    let uis = server.place.emulator.uis();
    uis.put_row("blacklist", json!({"id": 1, "phone_number": "79000000666"}));
    server.place.emulator.crm().put_user(User {
        id: 31,
        email: "new@romashka.ru".to_owned(),
        first_name: "Новый".to_owned(),
        last_name: None,
        active: true,
        status: "free".to_owned(),
        online: true,
        groups: vec!["manager".to_owned()],
    });
    let mut told = vec![
        server.refused(27, "79000000064").await,
        server.refused(31, "79000000064").await,
        server.refused(27, "нет").await,
        server.refused(27, "+49 30 123456").await,
    ];
    // A shop with a number that UIS does not have, the black list, an own number.
    let module = server.place.emulator.crm().module(CODE).expect("a module");
    let secret = module["clientId"].as_str().expect("a secret").to_owned();
    for (phone, shop) in [
        ("79000000068", "74990000000"),
        ("79000000666", "74951234567"),
        ("78121234567", "74951234567"),
        ("79000000065", "74951234567"),
    ] {
        let before = (server.clicks().await.len(), server.notices().len());
        let query = format!("clientId={secret}&userId=27&code=101&phone={phone}&externalPhone={shop}");
        let url = format!("{}/retailcrm/call?{query}", server.place.door.url());
        assert_eq!(get(&url).await, (200, r#"{"success":true}"#.to_owned()));
        server.clicks_settled(before.0 + 1).await;
        told.push(server.notices().remove(before.1).1);
    }
    insta::assert_snapshot!(told.join("\n"));
    assert!(server.live().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_whose_answer_was_lost_is_never_asked_for_again() {
    for (case, fault, begun) in [
        ("reset after it began", Fault::reset().after_commit(), true),
        ("500 after it began", Fault::status(500).after_commit(), true),
        ("reset before it began", Fault::reset(), false),
    ] {
        let server = ready(&rules(SETTING), "").await;
        server.place.emulator.faults().add(fault.on(START).times(1));
        server.click(27, "79000000066", None).await;
        let click = server.clicks_settled(1).await.remove(0);
        assert_eq!((click.state, click.notice), (ClickState::Unknown, NoticeState::Sent), "{case}");
        assert!(server.notices()[0].1.contains("не ответил"), "{case}: {:?}", server.notices());
        // Over a restart, too.
        let place = server.stop().await;
        let server = place.serve().await;
        let again = server.clicks_settled(1).await.remove(0);
        assert_eq!((again.state, server.starts()), (ClickState::Unknown, 1), "{case}");
        assert_eq!(server.live().len(), usize::from(begun), "{case}");
        let Some(session) = server.live().first().and_then(|live| live["call_session_id"].as_u64()) else {
            continue;
        };
        // The call's own notifications tell that it began after all.
        let script = CallScript { talk_s: 5, recorded: false, ..CallScript::default() };
        let played = server.place.emulator.uis().play_live(session, &script, &[]).expect("it runs");
        server.send(&played).await;
        let key = SessionKey::from(format!("call:{session}"));
        server.settled(std::slice::from_ref(&key)).await;
        let found = server.clicks().await.remove(0);
        assert_eq!((found.state, found.session), (ClickState::Started, Some(key)), "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_that_waited_too_long_is_not_dialled() {
    let place =
        Place::new(&rules(SETTING), &with_module("[account.click_to_call]\nmax_age = \"1 s\"\n")).await;
    // Employees are not known for longer than the click is worth anything.
    place.emulator.faults().add(Fault::delay(Duration::from_secs(3)).on("get.account").times(1));
    let server = place.serve().await;
    let click = switchboard_runtime::store::record::NewClick {
        account: server.place.account.clone(),
        dedup: "u27 9000000067".to_owned(),
        window: Duration::ZERO,
        received_at: Timestamp::now(),
        request: switchboard_runtime::store::record::Json::from_text(
            r#"{"user": 27, "phone": "79000000067"}"#.to_owned(),
        ),
    };
    server.store().accept_click(click).await.expect("the store answers");
    let click = server.clicks_settled(1).await.remove(0);
    assert_eq!(click.state, ClickState::Refused);
    assert_eq!(server.starts(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_the_emulators_page_is_played_through() {
    let server = ready(&rules(SETTING), "").await;
    let hooks = hooks(server.running.addresses().hooks);
    let press = async |body: Value| {
        let url = format!("{}api/retailcrm/call", server.place.emulator.addresses().page);
        post(&url, &body).await
    };
    let body = json!({
        "user": 27, "phone": "8 900 000-00-61", "site": "romashka-msk",
        "play": {"wait_s": 6, "talk_s": 42, "recorded": true, "record_after_s": 0}, "send_to": hooks,
    });
    let (status, answer) = press(body.clone()).await;
    assert_eq!((status, &answer["status"]), (200, &json!(200)), "{answer}");
    let call = &answer["call"];
    assert!(
        call["deliveries"].as_array().expect("a list").iter().all(|one| one["status"] == json!(200)),
        "{answer}"
    );
    let key = SessionKey::from(format!("call:{}", call["session"]));
    server.settled(std::slice::from_ref(&key)).await;
    let click = server.clicks_settled(1).await.remove(0);
    assert_eq!((click.state, click.session.as_ref()), (ClickState::Started, Some(&key)));
    let uploaded = server.place.emulator.crm().calls().remove(0);
    assert_eq!((uploaded.text("type"), uploaded.int("userId")), (Some("out"), Some(27)));
    assert_eq!((uploaded.int("duration"), uploaded.text("recordUrl").is_some()), (Some(42), true));
    assert!(server.live().is_empty(), "it is over");

    // The client does not answer; and a click that is no call has none.
    let missed = json!({"user": 28, "phone": "8 900 000-00-62", "play": {"wait_s": 20}, "send_to": hooks});
    let (_, answer) = press(missed).await;
    let key = SessionKey::from(format!("call:{}", answer["call"]["session"]));
    server.settled(std::slice::from_ref(&key)).await;
    let missed = server.place.emulator.crm().calls().pop().expect("a call");
    assert_eq!((missed.int("duration"), missed.int("userId")), (Some(0), Some(28)));
    let wrong = json!({"user": 99, "phone": "8 900 000-00-62"});
    assert_eq!(press(wrong).await, (409, json!({"error": "there is no user 99"})));
    let wrong = json!({"user": 27, "phone": "1", "play": {"talks": 1}});
    assert_eq!(press(wrong).await.0, 400);
    assert_eq!(server.starts(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_account_is_paused_nothing_is_dialled() {
    let server = ready(&rules(SETTING), "").await;
    let crm = server.place.emulator.crm();
    let secret = crm.module(CODE).expect("a module")["clientId"].as_str().expect("a secret").to_owned();
    crm.set_activity(CODE, false, false).await.expect("an address");
    // RetailCRM itself would not call any more; a click that was on its way may still come.
    let url =
        format!("{}/retailcrm/call?clientId={secret}&userId=27&phone=79000000071", server.place.door.url());
    assert_eq!(get(&url).await, (200, r#"{"success":true}"#.to_owned()));
    let click = server.clicks_settled(1).await.remove(0);
    assert_eq!(click.state, ClickState::Refused);
    assert_eq!(reason(&click), "paused");
    assert_eq!((server.starts(), server.live().len()), (0, 0));

    crm.set_activity(CODE, true, false).await.expect("an address");
    server.click(27, "79000000072", None).await;
    let click = server.clicks_settled(2).await.remove(0);
    assert_eq!((click.state, server.starts()), (ClickState::Started, 1), "and the old one stays refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_that_was_being_dialled_when_the_server_was_killed_is_unknown_and_never_dialled_again() {
    for begun in [true, false] {
        let place = Place::new(&rules(SETTING), &with_module("")).await;
        let hang = if begun { Fault::hang().after_commit() } else { Fault::hang() };
        place.emulator.faults().add(hang.on(START).times(1));
        place.emulator.crm().put_module("uis", None);
        let life = Life::begin(&place).await;
        place.door.leads_to(life.hooks);
        let emulator = std::sync::Arc::clone(&place.emulator);
        until("the module is registered", async || emulator.crm().module(CODE).is_some()).await;
        let told = emulator.crm().click_to_call(27, "79000000073", None).await.expect("an address");
        assert!(told.is_taken(), "{told:?}");
        until("UIS is asked", async || !emulator.journal().of(START).is_empty()).await;
        life.kill();

        let server = place.serve().await;
        let click = server.clicks_settled(1).await.remove(0);
        assert_eq!((click.state, click.notice), (ClickState::Unknown, NoticeState::Sent), "{click:?}");
        assert!(server.notices()[0].1.contains("не ответил"), "{:?}", server.notices());
        assert_eq!((server.starts(), server.live().len()), (1, usize::from(begun)));
        // A second restart changes nothing either, and tells nobody twice.
        let server = server.stop().await.serve().await;
        let click = server.clicks_settled(1).await.remove(0);
        assert_eq!((click.state, server.starts()), (ClickState::Unknown, 1));
        assert_eq!(server.notices().len(), 1);
    }
}

/// Why a click is no call.
fn reason(click: &Click) -> String {
    let outcome: Value = click.outcome.as_ref().expect("an outcome").read().expect("JSON");
    outcome.pointer("/reason/why").and_then(Value::as_str).expect("a reason").to_owned()
}

/// One POST of JSON; the answer as JSON.
async fn post(url: &str, body: &Value) -> (u16, Value) {
    use http_body_util::{BodyExt as _, Full};
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new())
        .build_http::<Full<bytes::Bytes>>();
    let request = http::Request::post(url)
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .expect("a request");
    let answer = client.request(request).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&body).expect("JSON"))
}
