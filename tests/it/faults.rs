//! Everything that can go wrong with one request, for every kind of effect: the end is always the same, nothing is made
//! twice, and what went wrong can be seen.

use std::time::Duration;

use futures_util::StreamExt as _;
use serde_json::json;
use switchboard_emulator::{CallScript, DuplicateAnswer, Fault, FaultId, Service};
use switchboard_runtime::store::record::{Activity, EffectState, SessionKey};

use super::server::{OLGA, RULES, Server, Tuning, until};

/// Servers that run at once; each mostly waits.
const AT_ONCE: usize = 8;

/// The client's number in every case.
const CLIENT: &str = "79000000031";

/// The requests that change something: name, HTTP path.
const TARGETS: &[(&str, &str)] = &[
    ("ensure_client", "/api/v5/customers/create"),
    ("ensure_order", "/api/v5/orders/create"),
    ("ensure_task", "/api/v5/tasks/create"),
    ("upload_call", "/api/v5/telephony/calls/upload"),
    ("write_fields", "/api/v5/customers/"),
];

/// What goes wrong: name, and the trouble that strikes once.
fn troubles() -> Vec<(&'static str, Fault)> {
    let mut all = vec![
        ("not_done_503", Fault::status(503)),
        ("not_done_429", Fault::status(429)),
        ("late", Fault::delay(Duration::from_millis(100))),
    ];
    type Case = (&'static str, &'static str, fn() -> Fault);
    let either: [Case; 8] = [
        ("500", "500 after it was done", || Fault::status(500)),
        ("502_page", "502 page after it was done", || Fault::html(502)),
        ("200_page", "200 page after it was done", || Fault::html(200)),
        ("garbled", "garbled after it was done", Fault::garbled),
        ("half_body", "half a body after it was done", Fault::half_body),
        ("reset", "reset after it was done", Fault::reset),
        ("hang", "silence after it was done", Fault::hang),
        ("already_exists", "already exists after it was done", Fault::already_exists),
    ];
    for (before, after, fault) in either {
        all.push((before, fault()));
        all.push((after, fault().after_commit()));
    }
    all
}

fn tuning() -> Tuning {
    let limits = "crm_rate = 100\ncrm_telephony_rate = 400\ncrm_timeout = \"500 ms\"\n".to_owned();
    Tuning { limits, ..Tuning::default() }
}

fn missed() -> CallScript {
    CallScript {
        client: Some(CLIENT.to_owned()),
        virtual_number: "74951234567".to_owned(),
        rung: vec![OLGA],
        wait_s: 5,
        campaign: Some("Лето".to_owned()),
        ..CallScript::default()
    }
}

/// A server whose directory is known already, so that a fault strikes what it is aimed at.
async fn ready(tuning: &Tuning) -> Server {
    let server = Server::new(RULES, tuning).await;
    let journal = server.place.emulator.journal();
    until("the account is listed", async || !journal.of("/api/v5/custom-fields/dictionaries").is_empty())
        .await;
    server
}

/// The end state: what the rules ask for, once each, and every effect done.
async fn check_end(case: &str, server: &Server, session: &SessionKey, clients: usize) {
    let crm = server.place.emulator.crm();
    let counts = (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len());
    assert_eq!(counts, (clients, 1, 1, 1), "{case}");
    let client = crm.customers()[0].id;
    assert_eq!(crm.orders()[0].linked("customer"), Some(client), "{case}");
    assert_eq!(crm.tasks()[0].linked("customer"), Some(client), "{case}");
    assert_eq!(crm.customers()[0].custom("uis_campaign"), Some(&json!("Лето")), "{case}");
    for effect in server.timeline(session).await.effects {
        assert_eq!(effect.state, EffectState::Done, "{case}: {} {:?}", effect.key, effect.error);
    }
    let activity = server.store().activity(&server.place.account).await.expect("the store answers");
    assert_eq!(activity, Activity::Active, "{case}");
}

async fn one_case(kind: &'static str, target: &'static str, trouble: &'static str, fault: Fault) {
    let case = format!("{trouble} on {kind}");
    let server = ready(&tuning()).await;
    let crm = server.place.emulator.crm();
    if kind == "write_fields" {
        // Fields are written by themselves only to a client that is there already.
        crm.put_customer(
            "romashka-main",
            json!({"phones": [{"number": format!("+{CLIENT}")}], "managerId": 27}),
        );
    }
    let fault = fault.service(Service::Retailcrm).method("POST").on(target).times(1);
    let id: FaultId = server.place.emulator.faults().add(fault);
    let session = server.call(&missed()).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.faults().struck(id), Some(1), "{case}");
    check_end(&case, &server, &session, 1).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_trouble_with_every_effect_ends_the_same() {
    let troubles = troubles();
    let cases = TARGETS.iter().flat_map(|(kind, target)| {
        troubles.iter().map(move |(trouble, fault)| one_case(kind, target, trouble, fault.clone()))
    });
    let count = futures_util::stream::iter(cases).buffer_unordered(AT_ONCE).count().await;
    assert_eq!(count, TARGETS.len() * troubles.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn troubles_one_after_another_end_the_same() {
    // Each kind of request is struck three times in a row, by something else each time.
    for seed in 0..4 {
        let server = ready(&tuning()).await;
        let troubles = troubles();
        for (index, (_, target)) in TARGETS.iter().take(4).enumerate() {
            for turn in 0..3 {
                let (_, fault) = &troubles[(seed * 5 + index * 3 + turn * 7) % troubles.len()];
                let fault = fault.clone().service(Service::Retailcrm).method("POST").on(*target).times(1);
                server.place.emulator.faults().add(fault);
            }
        }
        let session = server.call(&missed()).await;
        server.settled(std::slice::from_ref(&session)).await;
        check_end(&format!("seed {seed}"), &server, &session, 1).await;
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_in_words_nobody_knows_is_looked_into() {
    let words = [
        DuplicateAnswer::Listed,
        DuplicateAnswer::Message,
        DuplicateAnswer::Russian,
        DuplicateAnswer::Opaque,
    ];
    for words in words {
        for target in ["/api/v5/customers/create", "/api/v5/orders/create"] {
            let server = ready(&tuning()).await;
            server.place.emulator.set_switches(|switches| {
                switches.duplicate_answer = words;
                // What was made is not found at once, so it is made again, and refused.
                switches.index_delay_ms = 400;
                switches.order_read_delay_ms = 400;
            });
            let fault = Fault::reset().after_commit().service(Service::Retailcrm).on(target).times(1);
            server.place.emulator.faults().add(fault);
            let session = server.call(&missed()).await;
            server.settled(std::slice::from_ref(&session)).await;
            check_end(&format!("{words:?} on {target}"), &server, &session, 1).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_key_stops_the_account_and_burns_no_attempt() {
    let server = ready(&tuning()).await;
    let emulator = &server.place.emulator;
    let (key, _) = emulator.crm().master_key();
    emulator.crm().revoke_key(&key);
    let session = server.call(&missed()).await;
    let (store, account) = (server.store().clone(), server.place.account.clone());
    until("the account is stopped", async || {
        matches!(store.activity(&account).await, Ok(Activity::Stopped { reason, .. }) if reason.contains("API key"))
    })
    .await;
    let before = server.timeline(&session).await;
    assert!(before.effects.is_empty() && before.decisions.is_empty(), "nothing was decided without facts");

    emulator.crm().put_key(switchboard_emulator::ApiKey { value: key, scopes: None, sites: None });
    server.settled(std::slice::from_ref(&session)).await;
    check_end("after the key was mended", &server, &session, 1).await;
    for effect in server.timeline(&session).await.effects {
        assert!(effect.attempts <= 1, "{effect:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_entity_is_given_up_with_the_field_and_the_rest_goes_on() {
    let server = ready(&tuning()).await;
    server.place.emulator.crm().require("order", "customerComment");
    let session = server.call(&missed()).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!(
        (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len()),
        (1, 0, 1, 1)
    );
    let order = server.effect(&session, "ensure_order").await;
    assert_eq!((order.state, order.attempts), (EffectState::Dead, 1));
    let error = order.error.expect("a reason");
    assert!(error.contains("customerComment"), "{error}");
    let dead = server
        .store()
        .dead_effects(switchboard_runtime::store::record::Page { limit: 10, ..Default::default() });
    assert_eq!(dead.await.expect("the store answers").rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_client_takes_its_order_along_but_not_the_task() {
    let server = ready(&tuning()).await;
    server.place.emulator.crm().require("customer", "email");
    let session = server.call(&missed()).await;
    server.settled(std::slice::from_ref(&session)).await;
    let crm = server.place.emulator.crm();
    assert_eq!(
        (crm.customers().len(), crm.orders().len(), crm.tasks().len(), crm.calls().len()),
        (0, 0, 1, 1)
    );
    assert_eq!(crm.tasks()[0].text("phone"), Some(format!("+{CLIENT}").as_str()));
    assert_eq!(server.effect(&session, "ensure_client").await.state, EffectState::Dead);
    let order = server.effect(&session, "ensure_order").await;
    assert_eq!((order.state, order.attempts), (EffectState::Dead, 0));
    assert!(order.error.is_some_and(|error| error.contains("given up")));
}

#[tokio::test(flavor = "multi_thread")]
async fn telephony_that_is_off_holds_uploads_and_nothing_else() {
    let server = ready(&tuning()).await;
    server.place.emulator.crm().put_module("uis", None);
    let first = server.call(&missed()).await;
    let crm = server.place.emulator.crm();
    until("the upload was refused", async || complains(&server, &first, "upload_call", "telephony").await)
        .await;
    server.call(&missed()).await;
    until("the second call is handled", async || crm.orders().len() == 2 && crm.tasks().len() == 2).await;
    assert_eq!(server.effect(&first, "upload_call").await.state, EffectState::Ready);
    assert!(crm.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_whose_assignee_is_no_user_goes_to_the_responsible() {
    let rules = RULES.replace("olga@romashka.ru", "new@romashka.ru");
    let server = Server::new(&rules, &tuning()).await;
    let session = server.call(&missed()).await;
    server.settled(std::slice::from_ref(&session)).await;
    assert_eq!(server.place.emulator.crm().tasks()[0].int("performerId"), Some(27));
    let task = server.effect(&session, "ensure_task").await;
    assert!(task.response.expect("a response").as_str().contains("anna@romashka.ru"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_waits_for_somebody_who_is_a_user() {
    let rules =
        RULES.replace("olga@romashka.ru", "new@romashka.ru").replace("anna@romashka.ru", "gone@romashka.ru");
    let server = Server::new(&rules, &tuning()).await;
    let session = server.call(&missed()).await;
    until("nobody is found", async || complains(&server, &session, "ensure_task", "new@romashka.ru").await)
        .await;
    assert_eq!(server.effect(&session, "ensure_task").await.state, EffectState::Ready);
    let crm = server.place.emulator.crm();
    assert!(crm.tasks().is_empty());
    // Client and order are there, and nobody's.
    assert_eq!((crm.customers()[0].int("managerId"), crm.orders()[0].int("managerId")), (None, None));
}

/// Whether an effect of a kind waits and says why.
async fn complains(server: &Server, session: &SessionKey, kind: &str, word: &str) -> bool {
    let timeline = server.store().timeline(&server.place.account, session).await.expect("the store answers");
    timeline.is_some_and(|timeline| {
        let of_kind = timeline.effects.iter().find(|effect| effect.kind == kind);
        of_kind.is_some_and(|effect| effect.error.as_deref().is_some_and(|error| error.contains(word)))
    })
}
