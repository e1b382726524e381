//! Orders: defaults, links, sums, filters, history.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{SITE, accounts, customer, get, order, post};

#[tokio::test]
async fn create_answers_with_the_whole_order() {
    let accounts = accounts();
    let client = customer(&accounts, json!({"externalId": "c-1", "firstName": "Олег"})).await.id();
    let written = json!({"externalId": "uis-call-1", "orderMethod": "phone", "customer": {"id": client},
        "firstName": "Олег", "phone": "+79990001122", "managerId": 27,
        "customFields": {"uis_source": "Яндекс", "uis_topics": ["price"]}});
    let answer = order(&accounts, written).await;
    assert_eq!(answer.status, 201);
    let answer = answer.is(201, "/order/customer/id", json!(client)).is(201, "/order/status", json!("new"));
    let answer =
        answer.is(201, "/order/orderType", json!("eshop-individual")).is(201, "/order/payments", json!([]));
    let answer = answer.is(201, "/order/orderMethod", json!("phone")).is(201, "/order/totalSumm", json!(0));
    assert_eq!(answer.json()["order"]["id"].as_u64(), Some(answer.id()));
    let by_external = format!("/api/v5/orders/uis-call-1?site={SITE}");
    get(&accounts, &by_external).await.is(200, "/order/number", json!(format!("{}A", answer.id())));
    let path = format!("/api/v5/customers/{client}?by=id");
    get(&accounts, &path).await.is(200, "/customer/ordersCount", json!(1));
}

#[tokio::test]
async fn links_must_exist() {
    let accounts = accounts();
    customer(&accounts, json!({"externalId": "c-1"})).await;
    order(&accounts, json!({"customer": {"id": 1}})).await.refuses("customer");
    order(&accounts, json!({"customer": {"externalId": "c-2"}})).await.refuses("customer");
    order(&accounts, json!({"customer": {"externalId": "c-1", "site": "romashka-spb"}}))
        .await
        .refuses("customer");
    let blank = order(&accounts, json!({"customer": {}})).await;
    blank.is(400, "/errors/customer", json!("Set one of the following fields: id, externalId"));
    order(&accounts, json!({"customer": {"id": "1"}})).await.refuses("customer.id");
    order(&accounts, json!({"customer": {"phone": "1"}})).await.refuses("customer.phone");
    assert_eq!(order(&accounts, json!({"customer": {"externalId": "c-1"}})).await.status, 201);
}

#[tokio::test]
async fn wrong_fields_are_refused() {
    let accounts = accounts();
    let cases: &[(Value, &str)] = &[
        (json!({"status": "unknown"}), "status"),
        (json!({"orderMethod": "telegraph"}), "orderMethod"),
        (json!({"orderType": 1}), "orderType"),
        (json!({"site": SITE}), "site"),
        (json!({"totalSumm": 5}), "totalSumm"),
        (json!({"customFields": {"uis_topics": "price"}}), "customFields.uis_topics"),
        (json!({"customFields": {"uis_topics": ["none"]}}), "customFields.uis_topics"),
        (json!({"customFields": {"uis_talk_time": "12"}}), "customFields.uis_talk_time"),
        (json!({"customFields": {"uis_call_date": "2026-3-2"}}), "customFields.uis_call_date"),
        (json!({"customFields": {"uis_mail": "nobody"}}), "customFields.uis_mail"),
        (json!({"customFields": {"uis_campaign": "of the customer"}}), "customFields.uis_campaign"),
        (json!({"items": [{"price": 1}]}), "items[0].price"),
        (json!({"managerId": 12345}), "managerId"),
    ];
    for (written, field) in cases {
        order(&accounts, written.clone()).await.refuses(field);
    }
    accounts.crm().require("order", "phone");
    order(&accounts, json!({"firstName": "Анна"})).await.refuses("phone");
}

#[tokio::test]
async fn sums_hold_delivery_apart() {
    let accounts = accounts();
    let answer = order(
        &accounts,
        json!({"items": [{"productName": "Ромашка", "quantity": 3, "initialPrice": 100.5, "discountManualAmount": 0.5}],
            "delivery": {"cost": 350}, "payments": [{"type": "cash", "status": "paid", "amount": 300}]}),
    )
    .await;
    let answer = answer.is(201, "/order/summ", json!(300)).is(201, "/order/totalSumm", json!(650));
    answer.is(201, "/order/prepaySum", json!(300)).is(201, "/order/payments/1/amount", json!(300));
}

#[tokio::test]
async fn edits_are_seen_in_the_history() {
    let accounts = accounts();
    let id = order(&accounts, json!({"externalId": "o-1"})).await.id();
    let changes = json!({"status": "complete", "managerId": 28, "customFields": {"uis_source": "VK"}});
    let edit = [("order", changes), ("site", json!(SITE))];
    post(&accounts, "/api/v5/orders/o-1/edit", &edit).await.is(200, "/order/status", json!("complete"));
    accounts.crm().edit_order(id, json!({"status": "new"}));
    let history = get(&accounts, "/api/v5/orders/history?limit=100").await.json();
    let rows = history["history"].as_array().unwrap();
    assert_eq!(rows[0]["created"], json!(true));
    let fields: Vec<&str> = rows.iter().filter_map(|row| row["field"].as_str()).collect();
    assert!(
        fields.contains(&"status") && fields.contains(&"manager") && fields.contains(&"custom_uis_source"),
        "{fields:?}"
    );
    let last = rows.last().unwrap();
    assert_eq!((&last["source"], last.get("apiKey")), (&json!("user"), None));
    let since = rows[0]["id"].as_u64().unwrap();
    let later = get(&accounts, &format!("/api/v5/orders/history?filter[sinceId]={since}")).await;
    later.is(200, "/pagination/totalCount", json!(rows.len() - 1));
}

#[tokio::test]
async fn filters_and_statuses() {
    let accounts = accounts();
    let client = accounts
        .crm()
        .put_customer(SITE, json!({"externalId": "c-1", "phones": [{"number": "+79990001122"}]}));
    let one = accounts
        .crm()
        .put_order(SITE, json!({"externalId": "a", "customer": {"id": client}, "status": "no-call"}));
    accounts.crm().put_order("romashka-spb", json!({"externalId": "b", "managerId": 28}));
    let count = async |filter: &str| {
        let answer = get(&accounts, &format!("/api/v5/orders?{filter}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["pagination"]["totalCount"].as_u64().unwrap()
    };
    for filter in [
        "filter[customer]=79990001122",
        "filter[customerExternalId]=c-1",
        "filter[extendedStatus][]=cancel",
        "filter[extendedStatus][0]=no-call",
        "filter[sites][]=romashka-spb",
        "filter[managers][]=28",
        "filter[externalIds][]=a",
    ] {
        assert_eq!(count(filter).await, 1, "{filter}");
    }
    assert_eq!(count(&format!("filter[customerId]={client}")).await, 1);
    assert_eq!(count("filter[createdAtFrom]=2026-03-02&filter[createdAtTo]=2026-03-02").await, 2);
    assert_eq!(count("filter[createdAtFrom]=2026-03-03").await, 0);
    get(&accounts, "/api/v5/orders?filter[createdAtFrom]=2026-03-02 10:00:00".replace(' ', "%20").as_str())
        .await
        .refuses("filter[createdAtFrom]");
    let statuses = get(&accounts, &format!("/api/v5/orders/statuses?ids[]={one}&externalIds[]=b")).await;
    statuses.is(200, "/orders/0/group", json!("cancel")).is(200, "/orders/1/status", json!("new"));
    get(&accounts, "/api/v5/orders/statuses").await.refuses("ids");
}

#[tokio::test]
async fn a_new_order_may_be_unreadable_for_a_moment() {
    let accounts = accounts();
    accounts.set_switches(|switches| switches.order_read_delay_ms = 700);
    let id = order(&accounts, json!({})).await.id();
    let path = format!("/api/v5/orders/{id}?by=id");
    get(&accounts, &path).await.is(404, "/errorMsg", json!("Not found"));
    accounts.clock().advance(Duration::from_millis(700));
    get(&accounts, &path).await.is(200, "/order/id", json!(id));
}

#[tokio::test]
async fn uploads_may_succeed_in_part() {
    let accounts = accounts();
    let rows = json!([{"externalId": "a"}, {"externalId": "a"}]);
    let answer = post(&accounts, "/api/v5/orders/upload", &[("orders", rows), ("site", json!(SITE))]).await;
    let answer = answer.is(460, "/uploadedOrders/0/externalId", json!("a"));
    let answer = answer.is(460, "/errorMsg", json!("Orders are loaded with errors"));
    assert!(
        answer.json()["errors"]["1"].as_str().unwrap().contains("Order with externalId=a already exists.")
    );
}
