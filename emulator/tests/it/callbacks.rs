//! What RetailCRM calls on us.

use serde_json::json;
use switchboard_emulator::{Accounts, CallbackError, Emulator, Settings};

use crate::support::{SITE, accounts, order, receiver, until};

/// Registers a telephony module whose addresses lead to `address`.
fn register(accounts: &Accounts, address: &str) {
    let module = json!({"code": "uis", "active": true, "freeze": false, "clientId": "6c0f", "baseUrl": address,
        "actions": {"activity": "/activity"},
        "integrations": {"telephony": {"makeCallUrl": format!("{address}/call"),
            "changeUserStatusUrl": format!("{address}/status"), "additionalCodes": [{"userId": 27, "code": "101"}],
            "externalPhones": [{"siteCode": SITE, "externalPhone": "74951234567"}]}}});
    accounts.crm().put_module("uis", Some(module));
}

#[tokio::test]
async fn click_to_call_asks_with_everything_it_knows() {
    let accounts = accounts();
    let (address, server) = receiver(&["200 OK", "200 OK"]).await;
    register(&accounts, &address);
    let delivery = accounts.crm().click_to_call(27, "+7 999 000-11-22", Some(SITE)).await.unwrap();
    assert_eq!((delivery.status, delivery.what.as_str()), (Some(200), "make_call"));
    accounts.crm().click_to_call(28, "1", None).await.unwrap();
    let seen = server.await.unwrap();
    let wanted = "GET /call?clientId=6c0f&code=101&userId=27&phone=%2B7+999+000-11-22&externalPhone=74951234567 HTTP/1.1\r\n";
    assert!(seen[0].starts_with(wanted), "{}", seen[0]);
    assert!(
        seen[1].starts_with("GET /call?clientId=6c0f&code=&userId=28&phone=1 HTTP/1.1\r\n"),
        "{}",
        seen[1]
    );
    assert_eq!(accounts.crm().click_to_call(99, "1", None).await, Err(CallbackError::NoUser(99)));
    accounts.crm().put_module("uis", None);
    assert_eq!(
        accounts.crm().click_to_call(27, "1", None).await,
        Err(CallbackError::NoAddress("makeCallUrl"))
    );
}

#[tokio::test]
async fn status_and_activity_are_told_and_kept() {
    let accounts = accounts();
    let (address, server) = receiver(&["200 OK", "200 OK"]).await;
    register(&accounts, &address);
    accounts.crm().report_user_status(27, "dinner").await.unwrap();
    accounts.crm().set_activity("uis", false, false).await.unwrap();
    let seen = server.await.unwrap();
    assert!(
        seen[0].starts_with("GET /status?clientId=6c0f&userId=27&code=101&status=dinner HTTP/1.1\r\n"),
        "{}",
        seen[0]
    );
    assert!(seen[1].starts_with("POST /activity HTTP/1.1\r\n"), "{}", seen[1]);
    assert!(
        seen[1].ends_with("clientId=6c0f&activity=%7B%22active%22%3Afalse%2C%22freeze%22%3Afalse%7D"),
        "{}",
        seen[1]
    );
    assert_eq!(accounts.crm().users()[0].status, "dinner");
    assert_eq!(accounts.crm().module("uis").unwrap()["active"], json!(false));
    let gone = accounts.crm().set_activity("none", true, false).await;
    assert_eq!(gone, Err(CallbackError::NoModule("none".to_owned())));
}

#[tokio::test]
async fn a_trigger_tells_the_number_of_the_order() {
    let accounts = accounts();
    accounts.set_switches(|switches| switches.trigger_retries = 0);
    let (address, server) = receiver(&["500 Oops", "200 OK"]).await;
    let url = format!("{address}/hooks/secret/retailcrm");
    let failed = accounts.crm().fire_trigger(&url, 6722).await;
    assert_eq!((failed.status, failed.attempts), (Some(500), 1));
    accounts.crm().fire_trigger(&format!("{url}?source=crm"), 6723).await;
    let seen = server.await.unwrap();
    assert!(seen[0].starts_with("GET /hooks/secret/retailcrm?orderId=6722 HTTP/1.1\r\n"), "{}", seen[0]);
    assert!(
        seen[1].starts_with("GET /hooks/secret/retailcrm?source=crm&orderId=6723 HTTP/1.1\r\n"),
        "{}",
        seen[1]
    );
}

#[tokio::test]
async fn a_running_emulator_fires_triggers_by_itself() {
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let (address, server) = receiver(&["200 OK", "200 OK"]).await;
    emulator.crm().set_triggers(vec![format!("{address}/trigger")]);
    let id = order(&emulator.accounts(), json!({"customerComment": "x"})).await.id();
    until(|| !emulator.uis().deliveries().is_empty()).await;
    // One save of two fields is one trigger.
    assert!(emulator.crm().edit_order(id, json!({"status": "complete", "managerId": 27})));
    let seen = server.await.unwrap();
    assert!(
        seen.iter().all(|one| one.starts_with(&format!("GET /trigger?orderId={id} HTTP/1.1\r\n"))),
        "{seen:?}"
    );
    emulator.shutdown().await;
}

#[tokio::test]
async fn of_several_modules_the_one_that_takes_clicks_is_asked() {
    let accounts = accounts();
    let (address, server) = receiver(&["200 OK"]).await;
    register(&accounts, &address);
    // The seeded module of another program has no address for clicks, and its code comes first.
    let other =
        json!({"code": "aaa", "active": true, "integrations": {"telephony": {"additionalCodes": []}}});
    accounts.crm().put_module("aaa", Some(other));
    accounts.crm().click_to_call(27, "1", None).await.unwrap();
    let seen = server.await.unwrap();
    assert!(seen[0].contains("code=101&userId=27"), "{}", seen[0]);
}
