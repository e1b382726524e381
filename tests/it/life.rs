//! A server through its life: started before its CRM, with broken rules, with rules that change, stopped and started
//! again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use switchboard_emulator::{CallScript, Fault};
use switchboard_runtime::config::{self, LogFormat};
use switchboard_runtime::observe;
use switchboard_runtime::store::record::{EffectState, Phase, SessionKey};

use super::server::{OLGA, Place, RULES, Server, Tuning, until};

fn missed(client: &str) -> CallScript {
    CallScript {
        client: Some(client.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![OLGA],
        wait_s: 5,
        campaign: Some("Лето".to_owned()),
        ..CallScript::default()
    }
}

fn quick() -> Tuning {
    let limits = "reload_poll = \"50 ms\"\nreload_debounce = \"10 ms\"\n";
    let usual = Tuning::default();
    Tuning { limits: format!("{}{limits}", usual.limits), ..usual }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_accepted_before_a_stop_is_done_after_the_next_start() {
    let place = Place::new(RULES, &Tuning::default()).await;
    let server = place.serve().await;
    // Nothing gets through, so everything is still to be done when the server stops.
    let fault = server
        .place
        .emulator
        .faults()
        .add(Fault::status(503).service(switchboard_emulator::Service::Retailcrm));
    let session = server.call(&missed("79000000051")).await;
    let place = server.stop().await;
    assert!(place.emulator.crm().customers().is_empty());
    place.emulator.faults().remove(fault);

    let server = place.serve().await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!(
        (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len()),
        (1, 1, 1, 1)
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_the_request_under_way() {
    let server = Server::new(RULES, &Tuning::default()).await;
    let late = Fault::delay(Duration::from_millis(400)).on("/api/v5/customers/create").times(1);
    server.place.emulator.faults().add(late);
    let session = server.call(&missed("79000000052")).await;
    let emulator = server.place.emulator.clone();
    until("the request is under way", async || {
        let overview = server.store().overview().await.expect("the store answers");
        overview.iter().any(|account| account.effects.in_flight == 1)
    })
    .await;
    let place = server.stop().await;
    assert_eq!(emulator.crm().customers().len(), 1);

    // Its answer was heard and kept: nothing has to be looked for.
    let asked = emulator.journal().of("/api/v5/customers/create").len();
    let server = place.serve().await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(emulator.journal().of("/api/v5/customers/create").len(), asked);
    assert_eq!(server.effect(&session, "ensure_client").await.attempts, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_rules_calls_wait_and_with_them_they_are_decided() {
    let server = Server::new("rules 1\n\ntable nonsense\n", &quick()).await;
    let session = server.call(&missed("79000000053")).await;
    until("the call waits", async || {
        let timeline =
            server.store().timeline(&server.place.account, &session).await.expect("the store answers");
        timeline.is_some_and(|timeline| timeline.communication.is_some())
    })
    .await;
    assert!(server.timeline(&session).await.decisions.is_empty());
    server.place.write("main.rules", RULES);
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_edit_leaves_the_good_rules_in_force() {
    let server = Server::new(RULES, &quick()).await;
    server.place.write("main.rules", "rules 1\n\ntable nonsense\n");
    let rulebook = server.running.rulebook().clone();
    until("the bad edit was seen", async || {
        rulebook.status("romashka").is_some_and(|status| status.is_stale())
    })
    .await;
    let session = server.call(&missed("79000000054")).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_waits_for_a_person_is_decided_again_by_the_mended_rules() {
    let rules = format!(
        "{RULES}\nscript \"label.rhai\"\n  function label(campaign: text?) gives text\n  on failure: park\n\n\
         fields of client for incoming calls\n  uis_city from label(campaign)\n"
    );
    let server =
        Server::new_with(&rules, &[("label.rhai", "fn label(campaign) { throw \"no\" }")], &quick()).await;
    let session = server.call(&missed("79000000055")).await;
    until("somebody is asked", async || {
        let timeline =
            server.store().timeline(&server.place.account, &session).await.expect("the store answers");
        timeline
            .is_some_and(|timeline| timeline.effects.iter().any(|effect| effect.state == EffectState::Dead))
    })
    .await;
    let crm = server.place.emulator.crm();
    assert_eq!((crm.customers().len(), crm.orders().len(), crm.tasks().len()), (0, 0, 0));
    let waits = server.effect(&session, "await_person").await;
    assert!(waits.error.as_deref().is_some_and(|error| error.contains("person")), "{waits:?}");

    let rulebook = server.running.rulebook().clone();
    let before = rulebook.in_force("romashka").expect("rules").bundle.digest().to_owned();
    server.place.write("label.rhai", "fn label(campaign) { \"Москва\" }");
    until("the mended rules are in force", async || {
        rulebook.in_force("romashka").is_some_and(|rules| rules.bundle.digest() != before)
    })
    .await;
    server.store().retry_effect(waits.id, jiff::Timestamp::now()).await.expect("it is dead");
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(
        (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len()),
        (1, 1, 1, 1)
    );
    assert_eq!(crm.customers()[0].custom("uis_city"), Some(&json!("Москва")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crm_that_is_away_at_the_start_is_waited_for() {
    let place = Place::new(RULES, &Tuning::default()).await;
    let fault = place.emulator.faults().add(Fault::reset().service(switchboard_emulator::Service::Retailcrm));
    let server = place.serve().await;
    let session: SessionKey = server.call(&missed("79000000056")).await;
    until("the call waits", async || {
        let timeline =
            server.store().timeline(&server.place.account, &session).await.expect("the store answers");
        timeline.is_some_and(|timeline| timeline.communication.is_some_and(|one| one.phase == Phase::Ending))
    })
    .await;
    server.place.emulator.faults().remove(fault);
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().orders().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_one_contact_are_decided_in_order_however_they_had_to_wait() {
    let place = Place::new(RULES, &Tuning::default()).await;
    let fault = place.emulator.faults().add(Fault::reset().service(switchboard_emulator::Service::Retailcrm));
    let server = place.serve().await;
    // Enough contacts that chance alone would hardly get all of them right.
    let contacts: Vec<String> = (60..76).map(|n| format!("790000000{n}")).collect();
    let mut sessions = Vec::new();
    for _ in 0..2 {
        for contact in &contacts {
            sessions.push(server.call(&missed(contact)).await);
        }
        let again = sessions.clone();
        until("the calls wait", async || {
            for session in &again {
                let heard = server.store().timeline(&server.place.account, session).await;
                let one = heard.expect("the store answers").and_then(|timeline| timeline.communication);
                if one.is_none_or(|one| one.phase != Phase::Ending) {
                    return false;
                }
            }
            true
        })
        .await;
    }
    server.place.emulator.faults().remove(fault);
    server.settled(&sessions).await;
    for (at, session) in sessions.iter().enumerate() {
        let decision = server.timeline(session).await.decisions.remove(0).made;
        let event: serde_json::Value = decision.event.read().expect("an event");
        let wanted = if at < contacts.len() { "first" } else { "repeat" };
        assert_eq!(event["contact"], wanted, "{session}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_uis_that_is_away_is_not_needed_once_its_people_are_known() {
    let place = Place::new(RULES, &Tuning::default()).await;
    let server = place.serve().await;
    let journal = server.place.emulator.journal();
    until("the employees are listed", async || !journal.of("get.employees").is_empty()).await;
    let first = server.call(&missed("79000000057")).await;
    server.settled(std::slice::from_ref(&first)).await;
    let place = server.stop().await;
    place.emulator.uis().revoke_token(&place.emulator.addresses().services.uis.token);

    let server = place.serve().await;
    let second = server.call(&missed("79000000057")).await;
    server.settled(std::slice::from_ref(&second)).await;
    assert_eq!(server.place.emulator.crm().orders().len(), 2);
}

/// Where a log is written to be looked at.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("nobody panics while holding it").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

// On one thread, so that everything is written into the log of this test.
#[tokio::test]
async fn no_number_no_address_and_no_key_is_in_the_log() {
    let written = Written::default();
    let place = Place::new(RULES, &Tuning::default()).await;
    let mut log = config::load(&place.settings()).expect("the settings are good").log;
    (log.format, log.level) = (LogFormat::Json, "trace".to_owned());
    let sink = written.clone();
    let subscriber = observe::subscriber(&log, move || sink.clone()).expect("a log");
    // While a process has a single subscriber, what it wants is asked of the thread that first comes to a place in the
    // code, which may be another test's; with a second one all are asked.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _guard = tracing::subscriber::set_default(subscriber);

    let server = place.serve().await;
    let emulator = server.place.emulator.clone();
    emulator.crm().require("order", "customerComment");
    for fault in [Fault::status(500), Fault::already_exists(), Fault::garbled().after_commit()] {
        emulator.faults().add(fault.on("/api/v5/").method("POST").times(1));
    }
    let session = server.call(&missed("79000000058")).await;
    let contact = Some((71, "Петрова Анна".to_owned()));
    let other = server.call(&CallScript { contact, ..missed("79000000059") }).await;
    server.settled(&[session, other]).await;
    server.stop().await;

    let text = String::from_utf8(written.0.lock().expect("unharmed").clone()).expect("text");
    assert!(text.contains("effect is done") && text.contains("effect was given up"), "{text}");
    let secrets = [
        emulator.crm().master_key().0,
        emulator.addresses().services.uis.token.clone(),
        super::server::SECRET.to_owned(),
    ];
    for secret in
        secrets.iter().map(String::as_str).chain(["9000000058", "9000000059", "Петрова", "olga@", "anna@"])
    {
        let line = text.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "`{secret}` in the log: {line:?}");
    }
}
