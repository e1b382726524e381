//! Files: raw upload, list, download, attaching.

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::json;
use switchboard_emulator::{Accounts, DEFAULT_KEY};

use crate::support::{Answer, SITE, accounts, customer, get, post, send};

async fn upload(accounts: &Accounts, content: &'static str) -> Answer {
    let request = Request::post("/api/v5/files/upload")
        .header("X-API-KEY", DEFAULT_KEY)
        .header("Content-Type", "application/octet-stream")
        .body(Full::from(Bytes::from_static(content.as_bytes())))
        .unwrap();
    send(accounts, request).await.unwrap()
}

#[tokio::test]
async fn a_file_is_uploaded_named_attached_and_found() {
    let accounts = accounts();
    let client = customer(&accounts, json!({"externalId": "c-1"})).await.id();
    let order = accounts.crm().put_order(SITE, json!({"externalId": "o-1"}));
    let id =
        upload(&accounts, "переписка").await.is(201, "/success", json!(true)).json()["file"]["id"].clone();
    let path = format!("/api/v5/files/{id}");
    let named = json!("API upload 02-03-2026 12:00:00");
    get(&accounts, &path).await.is(200, "/file/filename", named).is(200, "/file/size", json!(18));
    let download = get(&accounts, &format!("{path}/download")).await;
    assert_eq!((download.status, download.text.as_str()), (200, "переписка"));

    let links = json!([{"customer": {"externalId": "c-1", "site": SITE}}, {"order": {"id": order}}]);
    let edit = json!({"id": id, "filename": "Чат.txt", "attachment": links});
    let attached = json!([{"customer": {"id": client}}, {"order": {"id": order}}]);
    let edited = post(&accounts, &format!("{path}/edit"), &[("file", edit)]).await;
    edited.is(200, "/file/attachment", attached).is(200, "/file/filename", json!("Чат.txt"));

    upload(&accounts, "another").await;
    for (filter, found) in [
        ("filter[sizeFrom]=18&filter[sizeTo]=18", 1),
        ("filter[sizeFrom]=19", 0),
        ("filter[createdAtFrom]=2026-03-02", 2),
        ("filter[createdAtFrom]=2026-03-03", 0),
        ("filter[isAttached]=0", 1),
        ("filter[filename]=API", 1),
        ("filter[customerExternalIds][]=c-1", 1),
        ("filter[orderIds][]=7", 0),
        ("filter[sites][]=romashka-main", 1),
        ("limit=20", 2),
    ] {
        let answer = get(&accounts, &format!("/api/v5/files?{filter}")).await;
        answer.is(200, "/pagination/totalCount", json!(found));
    }
    assert_eq!(post(&accounts, &format!("{path}/delete"), &[]).await.status, 200);
    get(&accounts, &path).await.is(404, "/errorMsg", json!("Not found"));
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let accounts = accounts();
    upload(&accounts, "").await.is(400, "/success", json!(false));
    let id = upload(&accounts, "x").await.json()["file"]["id"].clone();
    let edit = format!("/api/v5/files/{id}/edit");
    let links = json!({"attachment": [{"customer": {"id": 1}}]});
    post(&accounts, &edit, &[("file", links)]).await.refuses("customer");
    post(&accounts, &edit, &[("file", json!({"name": "Чат.txt"}))]).await.refuses("name");
    post(&accounts, &edit, &[("file", json!({"attachment": [{"task": {"id": 1}}]}))])
        .await
        .refuses("attachment[0].task");
    assert_eq!(post(&accounts, "/api/v5/files/999/edit", &[("file", json!({}))]).await.status, 404);
    get(&accounts, "/api/v5/files?filter[name]=x").await.refuses("filter[name]");
    accounts.set_switches(|switches| switches.storage_paid = false);
    upload(&accounts, "x").await.is(400, "/success", json!(false));
}
