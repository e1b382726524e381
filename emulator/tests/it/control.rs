//! The control API and the page, without sockets.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use switchboard_emulator::{Accounts, Addresses, Emulator, PhoneSearch, Settings};
use tower::ServiceExt;

use crate::support::{SITE, accounts, customer, get, receiver};

async fn addresses() -> Addresses {
    let emulator = Emulator::start(Settings::default()).await.unwrap();
    let addresses = emulator.addresses().clone();
    emulator.shutdown().await;
    addresses
}

/// Asks the control API; gives status and body.
async fn ask(accounts: &Accounts, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let request = Request::builder().method(method).uri(path);
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(Full::from(body.to_string())),
        None => request.body(Full::<Bytes>::default()),
    };
    let response = accounts.control_service(addresses().await).oneshot(request.unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn the_page_holds_everything_itself() {
    let accounts = accounts();
    let request = Request::get("/").body(Full::<Bytes>::default()).unwrap();
    let response = accounts.control_service(addresses().await).oneshot(request).await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    let page = response.into_body().collect().await.unwrap().to_bytes();
    let page = std::str::from_utf8(&page).unwrap();
    assert!(page.contains("<script>") && page.contains("Открытые вопросы"));
    for foreign in ["http://", "https://", "src=", "@import", "innerHTML"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[tokio::test]
async fn the_state_is_shown() {
    let accounts = accounts();
    customer(&accounts, json!({"firstName": "Анна"})).await.id();
    customer(&accounts, json!({"firstName": "Олег"})).await.id();
    let (_, counts) = ask(&accounts, "GET", "/api/counts", None).await;
    assert_eq!((&counts["customers"], &counts["log"]), (&json!(2), &json!(2)));
    let (_, last) = ask(&accounts, "GET", "/api/retailcrm/customers?last=1", None).await;
    assert_eq!((last.as_array().unwrap().len(), &last[0]["firstName"]), (1, &json!("Олег")));
    for noun in
        ["orders", "tasks", "calls", "notes", "events", "popups", "files", "notices", "users", "companies"]
    {
        assert!(ask(&accounts, "GET", &format!("/api/retailcrm/{noun}"), None).await.1.is_array(), "{noun}");
    }
    for noun in ["deals", "funnels", "live-calls", "employees", "calls", "sources"] {
        assert!(ask(&accounts, "GET", &format!("/api/uis/{noun}"), None).await.1.is_array(), "{noun}");
    }
    let (_, log) = ask(&accounts, "GET", "/api/log?last=1", None).await;
    assert_eq!(log[0]["number"], json!(2));
    assert_eq!(ask(&accounts, "GET", "/api/questions", None).await.1[0]["name"], json!("duplicate_answer"));
    assert!(ask(&accounts, "GET", "/api/addresses", None).await.1["page"].is_string());
    assert_eq!(ask(&accounts, "GET", "/api/retailcrm/weather", None).await.0, 404);
    assert_eq!(ask(&accounts, "GET", "/api/weather", None).await.0, 404);
    assert_eq!(ask(&accounts, "GET", "/weather", None).await.0, 404);
}

#[tokio::test]
async fn faults_come_and_go() {
    let accounts = accounts();
    let fault = json!({"trouble": {"kind": "status", "code": 500}, "target": "/api/v5/users", "times": 1});
    let (status, answer) = ask(&accounts, "POST", "/api/faults", Some(fault)).await;
    assert_eq!((status, &answer["id"]), (200, &json!(1)));
    assert_eq!(get(&accounts, "/api/v5/users").await.status, 500);
    let (_, list) = ask(&accounts, "GET", "/api/faults", None).await;
    assert_eq!((&list[0]["struck"], &list[0]["trouble"]["code"]), (&json!(1), &json!(500)));
    assert_eq!(ask(&accounts, "DELETE", "/api/faults/1", None).await.0, 200);
    assert_eq!(ask(&accounts, "DELETE", "/api/faults/1", None).await.0, 404);
    for wrong in [
        json!({"trouble": {"kind": "earthquake"}}),
        json!({"trouble": {"kind": "reset"}, "chance": 1.5}),
        json!({"trouble": {"kind": "reset"}, "colour": "red"}),
        json!({}),
    ] {
        assert_eq!(ask(&accounts, "POST", "/api/faults", Some(wrong.clone())).await.0, 400, "{wrong}");
    }
    accounts.faults().add(switchboard_emulator::Fault::reset());
    assert_eq!(ask(&accounts, "DELETE", "/api/faults", None).await.0, 200);
    assert!(accounts.faults().list().is_empty());
}

#[tokio::test]
async fn switches_are_set() {
    let accounts = accounts();
    let (status, now) = ask(&accounts, "PATCH", "/api/switches", Some(json!({"phone_search": "raw"}))).await;
    assert_eq!((status, &now["phone_search"]), (200, &json!("raw")));
    assert_eq!(accounts.switches().phone_search, PhoneSearch::Raw);
    let (_, defaults) = ask(&accounts, "GET", "/api/switches/defaults", None).await;
    assert_eq!(defaults["phone_search"], json!("loose"));
    assert_eq!(ask(&accounts, "PATCH", "/api/switches", Some(json!({"colour": "red"}))).await.0, 400);
    assert_eq!(ask(&accounts, "GET", "/api/switches", None).await.1["phone_search"], json!("raw"));
}

#[tokio::test]
async fn records_are_put_and_cleared() {
    let accounts = accounts();
    let put = json!({"site": SITE, "fields": {"externalId": "c-1", "firstName": "Анна"}});
    let (_, answer) = ask(&accounts, "PUT", "/api/retailcrm/customers", Some(put)).await;
    assert_eq!(accounts.crm().customers()[0].id, answer["id"].as_u64().unwrap());
    let order = json!({"site": SITE, "fields": {}});
    assert_eq!(ask(&accounts, "PUT", "/api/retailcrm/orders", Some(order.clone())).await.0, 200);
    assert_eq!(ask(&accounts, "PUT", "/api/retailcrm/tasks", Some(order)).await.0, 404);
    ask(&accounts, "PUT", "/api/uis/chats", Some(json!({"id": 5}))).await;
    assert_eq!(accounts.uis().rows("chats"), [json!({"id": 5})]);
    let (_, snapshot) = ask(&accounts, "GET", "/api/snapshot", None).await;
    assert_eq!(ask(&accounts, "DELETE", "/api/retailcrm/records", None).await.0, 200);
    assert!(accounts.crm().customers().is_empty());
    assert_eq!(ask(&accounts, "PUT", "/api/snapshot", Some(snapshot)).await.0, 200);
    assert_eq!(accounts.crm().customers().len(), 1);
    get(&accounts, "/api/v5/users").await;
    assert!(!ask(&accounts, "GET", "/api/peaks", None).await.1.as_array().unwrap().is_empty());
    ask(&accounts, "DELETE", "/api/peaks", None).await;
    ask(&accounts, "DELETE", "/api/log", None).await;
    assert_eq!((accounts.crm().peaks().len(), accounts.journal().count()), (0, 0));
}

#[tokio::test]
async fn calls_are_played_and_callbacks_made() {
    let accounts = accounts();
    let (address, server) = receiver(&["200 OK", "200 OK", "200 OK"]).await;
    let script = json!({"direction": "out", "caller": 323_401, "virtual_number": "74951234567", "client": "79000000010"});
    let play = json!({"script": script, "quirks": ["nested"], "send_to": format!("{address}/uis")});
    let (_, played) = ask(&accounts, "POST", "/api/uis/play", Some(play)).await;
    assert_eq!(played["notifications"][1]["event"], json!("call_end"));
    assert_eq!(played["deliveries"][1]["status"], json!(200));
    let trigger = json!({"url": format!("{address}/trigger"), "order": 5});
    let (_, delivery) = ask(&accounts, "POST", "/api/retailcrm/trigger", Some(trigger)).await;
    assert_eq!(delivery["status"], json!(200));
    assert!(server.await.unwrap()[2].starts_with("GET /trigger?orderId=5 "));
    assert_eq!(ask(&accounts, "GET", "/api/deliveries", None).await.1.as_array().unwrap().len(), 3);
    let call = json!({"user": 27, "phone": "1"});
    let (status, answer) = ask(&accounts, "POST", "/api/retailcrm/call", Some(call)).await;
    assert_eq!((status, &answer["error"]), (409, &json!("no active module has `makeCallUrl`")));
    let status = json!({"user": 27, "status": "free"});
    assert_eq!(ask(&accounts, "POST", "/api/retailcrm/user-status", Some(status)).await.0, 409);
    let activity = json!({"code": "uis", "active": true});
    assert_eq!(ask(&accounts, "POST", "/api/retailcrm/activity", Some(activity)).await.0, 409);
    assert_eq!(ask(&accounts, "POST", "/api/retailcrm/triggers", Some(json!([]))).await.0, 200);
    assert_eq!(ask(&accounts, "POST", "/api/retailcrm/dance", Some(json!({}))).await.0, 404);
}

#[tokio::test]
async fn nothing_is_changed_by_a_form_of_another_site() {
    let accounts = accounts();
    let request = Request::post("/api/faults")
        .header("Content-Type", "text/plain")
        .body(Full::from(json!({"trouble": {"kind": "reset"}}).to_string()))
        .unwrap();
    let response = accounts.control_service(addresses().await).oneshot(request).await.unwrap();
    assert_eq!(response.status(), 415);
    assert_eq!(ask(&accounts, "POST", "/api/faults", None).await.0, 415);
    assert!(accounts.faults().list().is_empty());
}
