//! Faults, without sockets: what the caller sees, and what the account holds afterwards.

use std::time::Duration;

use futures_util::FutureExt;
use serde_json::{Value, json};
use switchboard_emulator::{Accounts, Cut, Fault, Service};

use crate::support::{Answer, SITE, accounts, customer, form, get, send, try_post};

/// Whether an answer is what the trouble should look like.
type Seen = fn(Result<Answer, Cut>) -> bool;

const CREATE: &str = "/api/v5/customers/create";

async fn create(accounts: &Accounts) -> Result<Answer, Cut> {
    try_post(accounts, CREATE, &[("customer", json!({"externalId": "uis-1"})), ("site", json!(SITE))]).await
}

#[tokio::test]
async fn every_trouble_before_and_after_the_commit() {
    for committed in [false, true] {
        let troubles: [(Fault, Seen); 8] = [
            (Fault::reset(), |answer| answer.is_err()),
            (Fault::half_body(), |answer| answer.is_err()),
            (Fault::status(503), |answer| answer.unwrap().json()["errorMsg"] == json!("Rate limit exceeded")),
            (Fault::status(429), |answer| answer.unwrap().status == 429),
            (Fault::status(500), |answer| {
                let answer = answer.unwrap();
                answer.status == 500 && serde_json::from_str::<Value>(&answer.text).is_err()
            }),
            (Fault::html(502), |answer| answer.unwrap().text.starts_with("<html>")),
            (Fault::garbled(), |answer| {
                let answer = answer.unwrap();
                answer.status == 200 && serde_json::from_str::<Value>(&answer.text).is_err()
            }),
            (Fault::already_exists(), |answer| {
                let text = answer.unwrap().text;
                text.contains("Customer with externalId=uis-1 already exists.")
            }),
        ];
        for (fault, seen) in troubles {
            let accounts = accounts();
            let fault = if committed { fault.after_commit() } else { fault };
            let id = accounts.faults().add(fault.clone().on(CREATE).times(1));
            assert!(seen(create(&accounts).await), "{fault:?}");
            assert_eq!(accounts.crm().customers().len(), usize::from(committed), "{fault:?}");
            assert_eq!(accounts.faults().struck(id), Some(1));
            let entry = accounts.journal().entries().pop().unwrap();
            assert_eq!(entry.committed, committed, "{fault:?}");
            assert!(entry.fault.is_some());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_commits_early_or_late() {
    let accounts = accounts();
    accounts.faults().add(Fault::delay(Duration::from_secs(30)).after_commit().on(CREATE).times(1));
    let call = tokio::time::timeout(Duration::from_secs(5), create(&accounts));
    assert!(call.await.is_err());
    assert_eq!(accounts.crm().customers().len(), 1);

    accounts.crm().clear_records();
    accounts.faults().add(Fault::delay(Duration::from_secs(30)).on(CREATE).times(1));
    let call = tokio::time::timeout(Duration::from_secs(5), create(&accounts));
    assert!(call.await.is_err());
    assert!(accounts.crm().customers().is_empty());
    tokio::time::advance(Duration::from_secs(30)).await;
    // The late work is a task of its own; it runs when this one steps aside.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(accounts.crm().customers().len(), 1, "the work goes on although the caller has hung up");
}

#[tokio::test]
async fn a_hang_answers_nothing() {
    let accounts = accounts();
    accounts.faults().add(Fault::hang().after_commit().on(CREATE));
    assert!(create(&accounts).now_or_never().is_none());
    assert_eq!(accounts.crm().customers().len(), 1);
    assert_eq!(accounts.journal().entries()[0].status, None);
}

#[tokio::test]
async fn an_answer_can_be_cut_at_every_byte() {
    let whole = accounts();
    let length = create(&whole).await.unwrap().text.len();
    for bytes in 0..=length {
        let accounts = accounts();
        accounts.faults().add(Fault::cut_after(bytes).after_commit().on(CREATE));
        assert_eq!(create(&accounts).await.is_ok(), bytes == length, "{bytes} of {length}");
        assert_eq!(accounts.crm().customers().len(), 1);
    }
}

#[tokio::test]
async fn faults_aim() {
    let accounts = accounts();
    accounts.faults().add(
        Fault::status(500).method("POST").service(Service::Retailcrm).on("/api/v5/cust").skip(1).times(2),
    );
    get(&accounts, "/api/v5/customers").await.is(200, "/success", json!(true));
    let mut seen = Vec::new();
    for n in 0..4 {
        seen.push(customer(&accounts, json!({"externalId": n.to_string()})).await.status);
    }
    assert_eq!(seen, [201, 500, 500, 201]);
    accounts.faults().add(Fault::status(500).service(Service::DataApi));
    assert_eq!(get(&accounts, "/api/v5/users").await.status, 200);
}

#[tokio::test]
async fn chance_is_seeded() {
    let run = async || {
        let accounts = accounts();
        accounts.faults().add(Fault::status(500).chance(0.5));
        let mut seen = Vec::new();
        for _ in 0..40 {
            seen.push(get(&accounts, "/api/v5/users").await.status == 500);
        }
        seen
    };
    let first = run().await;
    assert_eq!(first, run().await);
    let struck = first.iter().filter(|struck| **struck).count();
    assert!((10..30).contains(&struck), "{struck}");
}

#[tokio::test]
async fn faults_can_be_taken_back() {
    let accounts = accounts();
    let id = accounts.faults().add(Fault::status(500));
    assert_eq!(get(&accounts, "/api/v5/users").await.status, 500);
    assert!(accounts.faults().remove(id) && !accounts.faults().remove(id));
    assert_eq!(get(&accounts, "/api/v5/users").await.status, 200);
    accounts.faults().add(Fault::status(500));
    accounts.faults().clear();
    assert!(accounts.faults().list().is_empty());
    let other = form(CREATE, "wrong", &[]);
    assert_eq!(send(&accounts, other).await.unwrap().status, 403);
}
