//! Tasks: due time, performer, links, filters.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard_emulator::TaskTextSearch;

use crate::support::{SITE, accounts, customer, get, post, task};

#[tokio::test]
async fn create_edit_read() {
    let accounts = accounts();
    let client = customer(&accounts, json!({"externalId": "c-1"})).await.id();
    let order = accounts.crm().put_order(SITE, json!({"number": "77A"}));
    let written = json!({"text": "Перезвонить", "commentary": "#u-1", "datetime": "2026-03-02 14:05", "performerId": 27,
        "customer": {"externalId": "c-1"}, "order": {"number": "77A"}, "phone": "+79990001122", "phoneSite": SITE});
    let answer = task(&accounts, written).await;
    assert_eq!(answer.status, 201);
    let path = format!("/api/v5/tasks/{}", answer.id());
    let read = get(&accounts, &path).await.is(200, "/task/datetime", json!("2026-03-02 14:05"));
    read.is(200, "/task/customer/id", json!(client)).is(200, "/task/order/id", json!(order));
    let edit = [("task", json!({"complete": true})), ("site", json!(SITE))];
    assert_eq!(post(&accounts, &format!("{path}/edit"), &edit).await.json(), json!({"success": true}));
    get(&accounts, &path).await.is(200, "/task/completedAt", json!("2026-03-02 12:00:00"));
    get(&accounts, "/api/v5/tasks/1").await.is(404, "/errorMsg", json!("Not found"));
    get(&accounts, "/api/v5/tasks/history").await.is(200, "/history/0/created", json!(true));
}

#[tokio::test]
async fn wrong_fields_are_refused() {
    let accounts = accounts();
    let good = json!({"text": "Перезвонить", "performerId": 27});
    let cases: &[(&str, Value, &str)] = &[
        ("datetime", json!("2026-03-02 14:05:00"), "datetime"),
        ("datetime", json!("2026-03-02"), "datetime"),
        ("performerId", json!("27"), "performerId"),
        ("performerId", json!(99), "performerId"),
        ("performerId", json!(30), "performerId"),
        ("externalId", json!("t-1"), "externalId"),
        ("text", json!(""), "text"),
        ("text", json!("x".repeat(256)), "text"),
        ("customer", json!({"id": 1}), "customer"),
        ("order", json!({"number": "1"}), "order"),
        ("phoneSite", json!("nowhere"), "phoneSite"),
    ];
    for (name, value, field) in cases {
        let mut wrong = good.clone();
        wrong[*name] = value.clone();
        task(&accounts, wrong).await.refuses(field);
    }
    let blank = task(&accounts, json!({"text": "x"})).await;
    blank.is(400, "/errors/performerId", json!("This value should not be blank."));
    let order = task(&accounts, json!({"text": "x", "performerId": 27, "order": {}})).await;
    order.is(400, "/errors/order", json!("Set one of the following fields: id, externalId, number"));
    let no_site = post(&accounts, "/api/v5/tasks/create", &[("task", good)]).await;
    no_site.is(400, "/errorMsg", json!("Parameter 'site' is missing"));
}

#[tokio::test]
async fn filters() {
    let accounts = accounts();
    let client = customer(&accounts, json!({"firstName": "Анна"})).await.id();
    task(
        &accounts,
        json!({"text": "Первая", "performerId": 27, "customer": {"id": client}, "commentary": "#u-1"}),
    )
    .await;
    accounts.clock().advance(Duration::from_secs(86_400));
    task(&accounts, json!({"text": "Вторая", "performerId": 28, "datetime": "2026-03-04 10:00"})).await;
    let count = async |filter: &str| {
        let answer = get(&accounts, &format!("/api/v5/tasks?{filter}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()["pagination"]["totalCount"].as_u64().unwrap()
    };
    assert_eq!(count("filter[performers][]=27").await, 1);
    assert_eq!(count("filter[performers][]=27&filter[performers][]=28").await, 2);
    assert_eq!(count("filter[createdAtFrom]=2026-03-03").await, 1);
    assert_eq!(count("filter[createdAtTo]=2026-03-02").await, 1);
    assert_eq!(
        count("filter[createdAtFrom]=2026-03-02%2012:00:00&filter[createdAtTo]=2026-03-02%2012:00").await,
        1
    );
    assert_eq!(count("filter[dateFrom]=2026-03-04").await, 1);
    assert_eq!(count("filter[status]=performing").await, 2);
    assert_eq!(count("filter[status]=completed").await, 0);
    assert_eq!(count("filter[customer]=%D0%B0%D0%BD%D0%BD%D0%B0").await, 1);
    assert_eq!(count("filter[text]=%D0%BF%D0%B5%D1%80%D0%B2").await, 1);
    assert_eq!(count("filter[text]=%23u-1").await, 0);
    accounts.set_switches(|switches| switches.task_text_search = TaskTextSearch::TextAndCommentary);
    assert_eq!(count("filter[text]=%23u-1").await, 1);
    get(&accounts, "/api/v5/tasks?filter[status]=open").await.refuses("filter[status]");
    accounts.set_switches(|switches| switches.index_delay_ms = 1);
    assert_eq!(count("filter[performers][]=28").await, 0);
}
