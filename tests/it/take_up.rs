//! Settings that change while the server runs: what is new is served, what is gone waits, what is broken changes nothing.

use std::time::Duration;

use serde_json::Value;
use switchboard_emulator::{ApiKey, CallScript, Fault};
use switchboard_runtime::store::record::{AccountId, ClickState, Page, SessionKey, Timeline};

use super::module::{get, with_module};
use super::server::{ANNA, Place, RULES, Server, Tuning, hooks, is_settled, until};

const LUTIK_SECRET: &str = "lutik-0123456789abcdefghij";

fn quick() -> Tuning {
    let usual = Tuning::default();
    let limits = format!("{}reload_debounce = \"5 ms\"\nreload_poll = \"1 h\"\n", usual.limits);
    Tuning { limits, ..usual }
}

fn missed(client: &str) -> CallScript {
    CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![ANNA],
        ..CallScript::default()
    }
}

fn settings(server: &Server) -> String {
    std::fs::read_to_string(server.place.settings()).expect("the settings are read")
}

fn write(server: &Server, text: &str) {
    // As an editor does: the file is replaced.
    let beside = server.place.settings().with_extension("new");
    std::fs::write(&beside, text).expect("the settings are written");
    std::fs::rename(beside, server.place.settings()).expect("the settings are replaced");
}

/// A second account with the same two sides.
fn lutik(server: &Server) -> String {
    let first = settings(server);
    let section = &first[first.find("[[account]]").expect("an account")..];
    section.replace("name = \"romashka\"", "name = \"lutik\"").replace(super::server::SECRET, LUTIK_SECRET)
}

async fn ready(server: &Server) -> Value {
    let (_, text) = get(&format!("http://{}/health/ready", server.running.addresses().console)).await;
    serde_json::from_str(&text).expect("JSON")
}

fn names(ready: &Value) -> Vec<&str> {
    let accounts = ready["accounts"].as_array().expect("accounts");
    accounts.iter().filter_map(|account| account["name"].as_str()).collect()
}

async fn served(server: &Server, expected: &[&str]) {
    until("other accounts are served", async || names(&ready(server).await) == expected).await;
}

/// Plays a call and sends what is said about it to the second account; gives the statuses of the answers.
async fn call_lutik(server: &Server, client: &str) -> (SessionKey, Vec<Option<u16>>) {
    let played = server.place.play(&missed(client));
    let hooks = format!("http://{}/hooks/lutik/{LUTIK_SECRET}/uis", server.running.addresses().hooks);
    let told = server.place.emulator.uis().send_all(&played.notifications, &hooks).await;
    let statuses = told.iter().map(|delivery| delivery.status).collect();
    (SessionKey::from(format!("call:{}", played.session)), statuses)
}

async fn timeline(server: &Server, account: &str, session: &SessionKey) -> Option<Timeline> {
    server.store().timeline(&AccountId::from(account), session).await.expect("the store answers")
}

async fn settled(server: &Server, account: &str, session: &SessionKey) {
    until("the call is settled", async || {
        timeline(server, account, session).await.is_some_and(|timeline| is_settled(&timeline))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_written_into_the_file_is_served_and_the_others_go_on() {
    let server = Server::new(RULES, &quick()).await;
    let directory = server.running.directory("romashka").expect("the account");
    let (_, statuses) = call_lutik(&server, "79000000101").await;
    assert!(statuses.iter().all(|status| *status == Some(404)), "{statuses:?}");
    write(&server, &format!("{}\n{}", settings(&server), lutik(&server)));
    served(&server, &["romashka", "lutik"]).await;
    let (session, statuses) = call_lutik(&server, "79000000102").await;
    assert!(statuses.iter().all(|status| *status == Some(200)), "{statuses:?}");
    settled(&server, "lutik", &session).await;
    assert_eq!(server.place.emulator.crm().orders().len(), 1);
    let same = server.running.directory("romashka").expect("the account");
    assert!(std::sync::Arc::ptr_eq(&directory, &same), "whoever has not changed is not made anew");
    let session = server.call(&missed("79000000103")).await;
    server.settled(std::slice::from_ref(&session)).await;
    let ready = ready(&server).await;
    assert_eq!(ready["accounts"][1]["stale"], false);
    assert_eq!((&ready["settings"]["problem"], &ready["left"]), (&Value::Null, &serde_json::json!([])));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_for_an_account_that_is_gone_waits_until_it_is_back() {
    let server = Server::new(RULES, &quick()).await;
    let before = settings(&server);
    let with_lutik =
        format!("{before}\n{}", lutik(&server).replace("settle = \"50 ms\"", "settle = \"3 s\""));
    write(&server, &with_lutik);
    served(&server, &["romashka", "lutik"]).await;
    let (session, statuses) = call_lutik(&server, "79000000104").await;
    assert!(statuses.iter().all(|status| *status == Some(200)), "{statuses:?}");
    until("the call is ingested", async || {
        let timeline = timeline(&server, "lutik", &session).await;
        timeline.is_some_and(|timeline| timeline.communication.is_some())
    })
    .await;
    write(&server, &before);
    served(&server, &["romashka"]).await;
    let (_, statuses) = call_lutik(&server, "79000000105").await;
    assert!(statuses.iter().all(|status| *status == Some(404)), "{statuses:?}");
    let shown = ready(&server).await;
    assert_eq!(shown["left"][0]["account"], "lutik");
    assert!(shown["left"][0]["waiting"].as_u64().is_some_and(|waiting| waiting > 0), "{shown}");
    let page = get(&format!("http://{}/", server.running.addresses().console)).await.1;
    assert!(page.contains("lutik") && page.contains("not in the settings any more"), "{page}");
    assert!(server.place.emulator.crm().orders().is_empty());
    write(&server, &with_lutik);
    settled(&server, "lutik", &session).await;
    assert_eq!(server.place.emulator.crm().customers().len(), 1);
    assert_eq!(ready(&server).await["left"], serde_json::json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_file_changes_nothing_and_is_told() {
    let server = Server::new(RULES, &quick()).await;
    let before = settings(&server);
    write(&server, &before.replace("[[account]]", "[[acount]]"));
    until("it is told", async || ready(&server).await["settings"]["problem"].is_string()).await;
    let shown = ready(&server).await;
    let problem = shown["settings"]["problem"].as_str().expect("a problem");
    assert!(problem.contains("acount") && problem.contains("did you mean `account`"), "{problem}");
    assert_eq!((names(&shown), &shown["ready"]), (vec!["romashka"], &Value::Bool(true)));
    let page = get(&format!("http://{}/", server.running.addresses().console)).await.1;
    assert!(page.contains("settings on disk are not in force") && page.contains("acount"), "{page}");
    let session = server.call(&missed("79000000106")).await;
    server.settled(std::slice::from_ref(&session)).await;
    write(&server, &before);
    until("it is mended", async || ready(&server).await["settings"]["problem"].is_null()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_taken_up_and_what_needs_a_restart_is_told() {
    let server = Server::new(RULES, &quick()).await;
    let emulator = &server.place.emulator;
    let old = emulator.addresses().services.retailcrm.key.clone();
    emulator.crm().put_key(ApiKey { value: "another-key".to_owned(), scopes: None, sites: None });
    let new = settings(&server).replace(&old, "another-key").replace("crm_rate = 100", "crm_rate = 90");
    let directory = server.running.directory("romashka").expect("the account");
    write(&server, &new);
    until("the account is made anew", async || {
        let now = server.running.directory("romashka").expect("the account");
        !std::sync::Arc::ptr_eq(&directory, &now)
    })
    .await;
    emulator.crm().revoke_key(&old);
    let session = server.call(&missed("79000000107")).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(emulator.crm().orders().len(), 1);
    assert_eq!(ready(&server).await["settings"]["restart"], serde_json::json!(["limits"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_that_is_being_dialled_ends_as_it_began() {
    let usual = with_module("");
    let limits = format!("{}reload_debounce = \"5 ms\"\n", usual.limits);
    let rules = format!("{RULES}\nsettings for calls\n  click_to_call_number: +7 495 123-45-67\n");
    let place = Place::new(&rules, &Tuning { limits, ..usual }).await;
    place.emulator.crm().put_module("uis", None);
    let server = place.serve().await;
    let emulator = &server.place.emulator;
    until("the module is registered", async || emulator.crm().module(super::module::CODE).is_some()).await;
    emulator.faults().add(Fault::delay(Duration::from_millis(1500)).on("start.employee_call").times(1));
    let told = emulator.crm().click_to_call(27, "79000000108", None).await.expect("an address");
    assert!(told.is_taken(), "{told:?}");
    let state = async || {
        let page = Page { account: None, after: None, limit: 5 };
        server.store().clicks(page).await.expect("the store answers").rows.remove(0).state
    };
    until("it is being dialled", async || state().await == ClickState::Dialling).await;
    let directory = server.running.directory("romashka").expect("the account");
    write(&server, &settings(&server).replace("settle = \"50 ms\"", "settle = \"60 ms\""));
    until("the account is made anew", async || {
        let now = server.running.directory("romashka").expect("the account");
        !std::sync::Arc::ptr_eq(&directory, &now)
    })
    .await;
    assert_eq!(state().await, ClickState::Dialling, "the answer of UIS is still waited for");
    until("the click became a call", async || state().await == ClickState::Started).await;
    // The next is dialled by whoever came after, and RetailCRM is called under the same secret.
    let told = emulator.crm().click_to_call(27, "79000000109", None).await.expect("an address");
    assert!(told.is_taken(), "{told:?}");
    until("the next became a call", async || emulator.uis().live_calls().len() == 2).await;
    assert_eq!(emulator.journal().of("start.employee_call").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_on_a_screen_is_taken_off_although_its_account_is_gone() {
    let server = Server::new(RULES, &quick()).await;
    let (before, lutik) = (settings(&server), lutik(&server));
    let popup = "[account.popup]\nsweep = \"1 s\"\n\n[account.retailcrm]";
    let swept = before.replace("[account.retailcrm]", popup);
    write(&server, &format!("{swept}\n{lutik}"));
    served(&server, &["romashka", "lutik"]).await;
    let emulator = &server.place.emulator;
    until("the employees are known", async || {
        server.running.directory("romashka").is_some_and(|directory| directory.current().is_ok())
    })
    .await;
    let played = server.place.play(&missed("79000000110"));
    let ring = played.notifications.iter().position(|one| one.event == "ring").expect("it rings");
    for notification in &played.notifications[..=ring] {
        let hooks = hooks(server.running.addresses().hooks);
        assert!(emulator.uis().send(notification, &hooks).await.is_taken());
    }
    let open = || emulator.crm().popups().iter().filter(|popup| popup.open).count();
    until("the card is shown", async || open() == 1).await;
    let start = swept.find("[[account]]").expect("an account");
    write(&server, &format!("{}{lutik}", &swept[..start]));
    served(&server, &["lutik"]).await;
    until("it is taken off", async || open() == 0).await;
}
