//! The wire rules: accounts, keys, forms, sites, paging, limits.

use std::collections::BTreeSet;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::json;
use switchboard_emulator::{ApiKey, Class, DEFAULT_KEY, ErrorsShape, UnknownAccount, UnknownName};

use crate::support::{SITE, accounts, customer, form, get, post, send};

#[tokio::test]
async fn paths_and_methods_are_checked() {
    let accounts = accounts();
    get(&accounts, "/api/credentials").await.is(200, "/siteAccess", json!("access_full"));
    get(&accounts, "/api/v5/credentials").await.is(404, "/errorMsg", json!("API method not found"));
    get(&accounts, "/api/api-versions").await.is(200, "/versions/2", json!("5.0"));
    get(&accounts, "/api/system-info").await.is(200, "/success", json!(true));
    get(&accounts, "/api/v5/settings").await.is(200, "/settings/timezone/value", json!("Europe/Moscow"));
    get(&accounts, "/api/v5/telephony/calls/upload").await.is(405, "/errorMsg", json!("Method Not Allowed"));
    post(&accounts, "/api/v5/reference/sites", &[]).await.is(405, "/errorMsg", json!("Method Not Allowed"));
    post(&accounts, "/api/v5/nothing", &[]).await.is(404, "/errorMsg", json!("API method not found"));
    // A literal segment is no identifier when the method fits; here it does not, so `create` is someone's external id.
    get(&accounts, &format!("/api/v5/orders/create?site={SITE}")).await.is(
        404,
        "/errorMsg",
        json!("Not found"),
    );
}

#[tokio::test]
async fn keys_are_checked() {
    let accounts = accounts();
    let ask = |key: Option<&str>| {
        let mut request = Request::get("/api/v5/users");
        if let Some(key) = key {
            request = request.header("X-API-KEY", key);
        }
        request.body(Full::<Bytes>::default()).unwrap()
    };
    let missing = send(&accounts, ask(None)).await.unwrap();
    missing.is(400, "/errorMsg", json!("\"apiKey\" is missing."));
    accounts.set_switches(|switches| switches.key_missing_status = 403);
    send(&accounts, ask(None)).await.unwrap().is(403, "/errorMsg", json!("\"apiKey\" is missing."));
    send(&accounts, ask(Some("wrong"))).await.unwrap().is(403, "/errorMsg", json!("Wrong \"apiKey\" value."));
    get(&accounts, "/api/v5/users?apiKey=ignored-because-of-the-header").await.is(
        200,
        "/success",
        json!(true),
    );

    let scopes = BTreeSet::from(["customer_read".to_owned()]);
    accounts.crm().put_key(ApiKey { value: "narrow".to_owned(), scopes: Some(scopes), sites: None });
    send(&accounts, ask(Some("narrow"))).await.unwrap().is(403, "/errorMsg", json!("Access denied."));
    accounts.crm().revoke_key(DEFAULT_KEY);
    get(&accounts, "/api/v5/users").await.is(403, "/errorMsg", json!("Wrong \"apiKey\" value."));
}

#[tokio::test]
async fn an_unknown_account_has_no_api() {
    let accounts = accounts();
    get(&accounts, "/accounts/romashka/api/v5/users").await.is(200, "/success", json!(true));
    get(&accounts, "/accounts/nobody/api/v5/users").await.is(
        404,
        "/errorMsg",
        json!("Account does not exist."),
    );
    let html = post(&accounts, "/accounts/nobody/api/v5/tasks/create", &[]).await;
    assert_eq!(html.status, 405);
    assert!(html.text.starts_with('<') && html.content_type.starts_with("text/html"));
    accounts.set_switches(|switches| switches.unknown_account = UnknownAccount::Html);
    let html = get(&accounts, "/accounts/nobody/api/v5/users").await;
    assert_eq!(html.status, 404);
    assert!(html.text.starts_with('<'));
    let by_host =
        Request::get("/api/v5/users").header("Host", "nobody.retailcrm.ru").body(Full::default()).unwrap();
    assert_eq!(send(&accounts, by_host).await.unwrap().status, 404);
    let by_host = Request::get("/api/v5/users").header("Host", "romashka.retailcrm.ru");
    let by_host = by_host.header("X-API-KEY", DEFAULT_KEY).body(Full::default()).unwrap();
    assert_eq!(send(&accounts, by_host).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_structure_is_a_json_string_in_a_form() {
    let accounts = accounts();
    let json_body = Request::post("/api/v5/customers/create")
        .header("X-API-KEY", DEFAULT_KEY)
        .header("Content-Type", "application/json")
        .body(Full::from(json!({"customer": {"firstName": "Анна"}, "site": SITE}).to_string()))
        .unwrap();
    send(&accounts, json_body).await.unwrap().is(400, "/errorMsg", json!("Parameter 'customer' is missing"));

    let raw = |body: &str| {
        Request::post("/api/v5/customers/create")
            .header("X-API-KEY", DEFAULT_KEY)
            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(Full::from(body.to_owned()))
            .unwrap()
    };
    let array = send(&accounts, raw("customer[firstName]=A&site=romashka-main")).await.unwrap();
    array.is(400, "/errorMsg", json!("Input value \"customer\" contains a non-scalar value."));
    send(&accounts, raw("customer={firstName&site=romashka-main")).await.unwrap().refuses("customer");
    send(&accounts, raw("customer=[]&site=romashka-main")).await.unwrap().refuses("customer");
    send(&accounts, raw("customer={}&site=romashka-main&colour=red")).await.unwrap().refuses("colour");
    accounts.set_switches(|switches| switches.unknown_part = UnknownName::Ignored);
    assert_eq!(send(&accounts, raw("customer={}&site=romashka-main&colour=red")).await.unwrap().status, 201);
}

#[tokio::test]
async fn multipart_is_a_form_too() {
    let accounts = accounts();
    let body = "--x\r\nContent-Disposition: form-data; name=\"customer\"\r\n\r\n{\"firstName\":\"Анна\"}\r\n\
                --x\r\nContent-Disposition: form-data; name=\"site\"\r\n\r\nromashka-main\r\n--x--\r\n";
    let request = Request::post("/api/v5/customers/create")
        .header("X-API-KEY", DEFAULT_KEY)
        .header("Content-Type", "multipart/form-data; boundary=x")
        .body(Full::from(body))
        .unwrap();
    assert_eq!(send(&accounts, request).await.unwrap().status, 201);
    assert_eq!(accounts.crm().customers()[0].text("firstName"), Some("Анна"));
}

#[tokio::test]
async fn several_shops_demand_a_site() {
    let accounts = accounts();
    let create = [("customer", json!({"firstName": "Анна"}))];
    let answer = post(&accounts, "/api/v5/customers/create", &create).await;
    answer.is(400, "/errorMsg", json!("Parameter 'site' is missing"));
    let unknown =
        post(&accounts, "/api/v5/customers/create", &[create[0].clone(), ("site", json!("nowhere"))]).await;
    unknown.refuses("site");

    let one = ApiKey { value: "one".to_owned(), scopes: None, sites: Some(vec!["romashka-spb".to_owned()]) };
    accounts.crm().put_key(one);
    let by_one = send(&accounts, form("/api/v5/customers/create", "one", &create)).await.unwrap();
    assert_eq!(by_one.status, 201, "{}", by_one.text);
    assert_eq!(accounts.crm().customers()[0].site, "romashka-spb");
    let foreign = [create[0].clone(), ("site", json!(SITE))];
    let foreign = send(&accounts, form("/api/v5/customers/create", "one", &foreign)).await.unwrap();
    foreign.is(403, "/errorMsg", json!("Access denied."));
    let hidden = customer(&accounts, json!({"externalId": "c-1"})).await.id();
    let read = Request::get(format!("/api/v5/customers/{hidden}?by=id")).header("X-API-KEY", "one");
    assert_eq!(send(&accounts, read.body(Full::default()).unwrap()).await.unwrap().status, 404);
}

#[tokio::test]
async fn pages_have_three_sizes() {
    let accounts = accounts();
    for n in 0..41 {
        accounts.crm().put_customer(SITE, json!({"firstName": format!("Клиент {n}")}));
    }
    for wrong in ["limit=10", "limit=250", "limit=x", "page=0", "page=x", "limit[]=20"] {
        let answer = get(&accounts, &format!("/api/v5/customers?{wrong}")).await;
        answer.is(400, "/errorMsg", json!("Errors in the input parameters"));
    }
    let answer = get(&accounts, "/api/v5/customers?page=3").await;
    let pagination = json!({"limit": 20, "totalCount": 41, "currentPage": 3, "totalPageCount": 3});
    let answer = answer.is(200, "/pagination", pagination);
    assert_eq!(answer.json()["customers"].as_array().unwrap().len(), 1);
    let empty = get(&accounts, "/api/v5/customers?limit=100&page=9").await;
    empty.is(200, "/customers", json!([]));
}

#[tokio::test]
async fn unknown_filters_are_refused_or_ignored() {
    let accounts = accounts();
    accounts.crm().put_customer(SITE, json!({"firstName": "Анна"}));
    let question = "/api/v5/customers?filter[phone]=79990001122";
    get(&accounts, question).await.refuses("filter[phone]");
    accounts.set_switches(|switches| switches.unknown_filter = UnknownName::Ignored);
    get(&accounts, question).await.is(200, "/pagination/totalCount", json!(1));
    accounts.set_switches(|switches| switches.filter_phone = true);
    get(&accounts, question).await.is(200, "/pagination/totalCount", json!(0));
    get(&accounts, "/api/v5/customers?filter=x").await.refuses("filter");
    get(&accounts, "/api/v5/customers?filter[vip]=yes").await.refuses("filter[vip]");
    get(&accounts, "/api/v5/customers?filter[dateFrom]=02.03.2026").await.refuses("filter[dateFrom]");
}

#[tokio::test]
async fn shapes_of_errors() {
    let accounts = accounts();
    let wrong = || customer(&accounts, json!({"nickname": "x"}));
    wrong().await.is(400, "/errors/nickname", json!("This form should not contain extra fields."));
    accounts.set_switches(|switches| switches.errors_shape = ErrorsShape::List);
    wrong().await.is(400, "/errors/0", json!("nickname: This form should not contain extra fields."));
    accounts.set_switches(|switches| switches.errors_shape = ErrorsShape::Absent);
    wrong().await.is(400, "/errors", json!(null));
}

#[tokio::test]
async fn the_limit_is_a_sliding_second() {
    let accounts = accounts();
    accounts.set_switches(|switches| {
        switches.limiter = true;
        switches.retry_after = true;
    });
    for _ in 0..10 {
        assert_eq!(get(&accounts, "/api/v5/users").await.status, 200);
        accounts.clock().advance(Duration::from_millis(50));
    }
    let refused = get(&accounts, "/api/v5/users").await.is(503, "/errorMsg", json!("Rate limit exceeded"));
    assert_eq!(refused.retry_after.as_deref(), Some("1"));
    // Telephony has a window of its own.
    for _ in 0..40 {
        assert_eq!(get(&accounts, "/api/v5/telephony/manager?phone=1").await.status, 200);
    }
    assert_eq!(get(&accounts, "/api/v5/telephony/manager?phone=1").await.status, 503);
    // The first of the ten leaves the window exactly one second after it came.
    accounts.clock().advance(Duration::from_millis(500));
    assert_eq!(get(&accounts, "/api/v5/users").await.status, 200);
    assert_eq!(get(&accounts, "/api/v5/users").await.status, 503);
    let peaks = accounts.crm().peaks();
    let peak = |class| peaks.iter().find(|peak| peak.class == class).unwrap();
    assert_eq!((peak(Class::Telephony).busiest_second, peak(Class::Telephony).refused), (41, 1));
    assert_eq!((peak(Class::Other).busiest_second, peak(Class::Other).refused), (12, 2));
}

#[tokio::test]
async fn peaks_are_counted_without_the_limiter() {
    let accounts = accounts();
    for _ in 0..13 {
        assert_eq!(get(&accounts, "/api/v5/users").await.status, 200);
    }
    assert_eq!(accounts.crm().peaks()[0].busiest_second, 13);
    accounts.crm().clear_peaks();
    assert!(accounts.crm().peaks().is_empty());
}

#[tokio::test]
async fn a_plus_in_a_query_is_a_space() {
    let accounts = accounts();
    accounts.crm().put_customer(SITE, json!({"firstName": "Анна", "phones": [{"number": "+79990001122"}]}));
    let bare = get(&accounts, "/api/v5/telephony/manager?phone=+79990001122&details=1").await;
    bare.is(200, "/customer/firstName", json!("Анна"));
    assert_eq!(accounts.journal().entries()[0].query["phone"], json!(" 79990001122"));
    get(&accounts, "/api/v5/telephony/manager?phone=%2B79990001122").await;
    assert_eq!(accounts.journal().entries()[1].query["phone"], json!("+79990001122"));
}

#[tokio::test]
async fn the_log_has_everything() {
    let accounts = accounts();
    customer(&accounts, json!({"firstName": "Анна"})).await;
    let entry = accounts.journal().of("/api/v5/customers/create").pop().unwrap();
    assert_eq!(entry.parts, json!({"customer": {"firstName": "Анна"}, "site": SITE}));
    assert_eq!((entry.number, entry.status, entry.committed), (1, Some(201), true));
    assert_eq!(entry.key.as_deref(), Some(DEFAULT_KEY));
    assert!(entry.answer.contains("\"id\":"));
}

#[tokio::test]
async fn bodies_have_a_limit() {
    let clock = switchboard_emulator::Clock::real();
    let settings = switchboard_emulator::Settings { clock, max_body_bytes: 64, ..Default::default() };
    let accounts = switchboard_emulator::Accounts::new(&settings);
    let answer = customer(&accounts, json!({"firstName": "А".repeat(100)})).await;
    assert_eq!(answer.status, 413);
}
