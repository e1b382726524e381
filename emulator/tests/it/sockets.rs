//! The emulator on real sockets: addresses, cut connections, notifications, shutdown.

use std::io::ErrorKind;

use serde_json::{Value, json};
use switchboard_emulator::{CallScript, Emulator, Fault, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{receiver, until};

/// Sends bytes to a stand-in and reads until the connection ends.
async fn talk(url: &str, text: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await?;
    stream.write_all(text.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8(answer).unwrap())
}

fn create(key: &str) -> String {
    let body = "customer=%7B%22externalId%22%3A%22uis-1%22%7D&site=romashka-main";
    format!(
        "POST /api/v5/customers/create HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-KEY: {key}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn addresses_have_the_promised_shape() {
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let addresses = emulator.addresses();
    let services: Value = serde_json::from_str(&addresses.services.to_json()).unwrap();
    let crm = &addresses.services.retailcrm;
    let uis = &addresses.services.uis;
    let wanted = json!({"retailcrm": {"url": crm.url, "key": "emulator-key", "site": "romashka-main"},
        "uis": {"data_api": uis.data_api, "call_api": uis.call_api, "token": "emulator-token"}});
    assert_eq!(services, wanted);
    assert!(uis.data_api.ends_with("/v2.0") && uis.call_api.ends_with("/v4.0"));
    let all: Value = serde_json::from_str(&addresses.to_json()).unwrap();
    assert_eq!(all["page"], json!(addresses.page));
    emulator.shutdown().await;
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let crm = emulator.addresses().services.retailcrm.clone();
    emulator.faults().add(Fault::reset().after_commit().times(1));
    let error = talk(&crm.url, &create(&crm.key)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(emulator.crm().customers().len(), 1);
    let again = talk(&crm.url, &create(&crm.key)).await.unwrap();
    assert!(again.starts_with("HTTP/1.1 400") && again.contains("already exists"), "{again}");
}

#[tokio::test]
async fn half_a_body_is_announced_whole() {
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let crm = emulator.addresses().services.retailcrm.clone();
    emulator.faults().add(Fault::half_body().after_commit().times(1));
    let answer = talk(&crm.url, &create(&crm.key)).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 201"), "{head}");
    let announced: usize =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
    assert!(!body.is_empty() && body.len() < announced, "{} of {announced}", body.len());
    assert_eq!(emulator.crm().customers().len(), 1);
}

#[tokio::test]
async fn a_hanging_connection_ends_with_the_emulator() {
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let crm = emulator.addresses().services.retailcrm.clone();
    let id = emulator.faults().add(Fault::hang());
    let accounts = emulator.accounts();
    let call = tokio::spawn(async move { talk(&crm.url, &create(&crm.key)).await });
    until(|| accounts.faults().struck(id) == Some(1)).await;
    emulator.shutdown().await;
    assert!(
        call.await.unwrap().is_ok_and(|answer| answer.is_empty()) || accounts.crm().customers().is_empty()
    );
}

#[tokio::test]
async fn addresses_may_be_given() {
    let first = Emulator::start(Settings::default()).await.unwrap();
    let taken = first.addresses().services.retailcrm.url.trim_start_matches("http://").parse().unwrap();
    let second = Emulator::start(Settings { retailcrm: taken, ..Settings::default() }).await;
    let error = second.unwrap_err();
    assert!(error.to_string().starts_with("cannot listen on `127.0.0.1:"), "{error}");
}

#[tokio::test]
async fn notifications_are_sent_and_repeated() {
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let (address, server) = receiver(&["503 Service Unavailable", "200 OK"]).await;
    let base = format!("{address}/hooks/secret");
    emulator.set_switches(|switches| {
        switches.notification_retries = 1;
        switches.notification_retry_ms = 0;
    });
    let script = CallScript { virtual_number: "74951234567".to_owned(), ..CallScript::default() };
    let played = emulator.uis().play(&script, &[]);
    let delivery = emulator.uis().send(&played.notifications[0], &base).await;
    assert_eq!((delivery.status, delivery.attempts, delivery.answer.as_str()), (Some(200), 2, "ok"));
    let seen = server.await.unwrap();
    assert!(seen[0].starts_with("POST /hooks/secret/call_start HTTP/1.1\r\n"), "{}", seen[0]);
    assert!(seen[1].ends_with(&played.notifications[0].body));
    // Nobody listens any more: the failure is told, not thrown.
    let failed = emulator.uis().send(&played.notifications[0], &base).await;
    assert_eq!((failed.status, failed.attempts), (None, 2));
    assert_eq!(emulator.uis().deliveries().len(), 2);
}
