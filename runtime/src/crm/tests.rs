//! What each method sends, and how loosely its answer is read.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use switchboard_engine::phone::Phone;

use super::*;
use crate::config::Secret;
use crate::outbound::fake::{FakeTransport, Seen, answered};
use crate::outbound::{NotSent, Outcome, Unanswered};

const NOW: Urgency = Urgency::first(Priority::Entity);

fn client(transport: &Arc<FakeTransport>) -> Client {
    let settings = ClientSettings {
        account: "romashka".to_owned(),
        address: Address::parse("romashka.retailcrm.ru", &AddressRules::default()).expect("an address"),
        key: Secret::new("s3cr3t"),
        timeout: Duration::from_secs(10),
        pace: Arc::new(Pace::new(&PaceSettings::default())),
        breaker: BreakerSettings::default(),
    };
    Client::new(settings, transport.clone()).expect("a client")
}

/// A client whose every request gets `body`.
fn always(body: Value) -> (Client, Arc<FakeTransport>) {
    let transport = FakeTransport::new(move |_| answered(200, body.to_string()));
    (client(&transport), transport)
}

fn phone() -> Phone {
    Phone::parse("+79990001122").expect("a phone")
}

/// Method, path, query and form of a request, as a person would read them.
fn shown(seen: &Seen) -> String {
    let pairs = |pairs: &[(String, String)]| {
        pairs.iter().map(|(name, value)| format!("\n  {name} = {value}")).collect::<String>()
    };
    format!("{} {}{}{}", seen.method, seen.address, pairs(&seen.query), pairs(&seen.form))
}

#[tokio::test(start_paused = true)]
async fn requests_look_as_the_reference_says() {
    let body = json!({
        "success": true, "id": 1, "customers": [], "customer": {"id": 1}, "order": {"id": 1}, "tasks": [],
        "task": {"id": 1}, "file": {"id": 1}, "files": [], "users": [], "sites": [], "customFields": [], "customDictionaries": [],
    });
    let (client, transport) = always(body);
    let fields = CustomerFields {
        external_id: Some("uis-abc".to_owned()),
        first_name: Some("Анна".to_owned()),
        phones: vec![PhoneNumber { number: "+79990001122".to_owned() }],
        manager_id: Some(27),
        source: Some(Source { source: Some("yandex".to_owned()), ..Source::default() }),
        custom_fields: json!({"uis_site": "romashka.ru"}).as_object().expect("a map").clone(),
        ..CustomerFields::default()
    };
    let order = OrderFields {
        external_id: Some("uis-call-1".to_owned()),
        customer: Some(Ref { id: 4770 }),
        phone: Some("+79990001122".to_owned()),
        ..OrderFields::default()
    };
    let task = NewTask {
        text: "Перезвонить".to_owned(),
        commentary: "#u-7k3m9q2x".to_owned(),
        datetime: Some("2026-03-02 14:00".to_owned()),
        performer_id: 27,
        phone: Some("+79990001122".to_owned()),
        phone_site: Some("main".to_owned()),
        customer: Some(Ref { id: 4770 }),
        order: None,
    };
    let call = CallRecord {
        external_id: "uis-998700001".to_owned(),
        date: "2026-03-02 11:59:58".to_owned(),
        direction: Direction::In,
        phone: "+79990001122".to_owned(),
        user_id: Some(27),
        result: CallResult::NoAnswer,
        duration: 0,
        duration_waiting: 27,
        record_url: None,
        external_phone: Some("74951234567".to_owned()),
        site: Some("main".to_owned()),
        source: None,
    };
    let event = CallEvent {
        phone: "+79990001122".to_owned(),
        kind: "hangup",
        user_ids: vec![27],
        hangup_status: Some(Hangup::NoAnswered),
        site: None,
        external_phone: None,
        call_external_id: "uis-998700001".to_owned(),
        web_analytics_data: None,
    };
    client.credentials(NOW).await.expect("read");
    client.speaks_our_version(NOW).await.expect("read");
    client.account_settings(NOW).await.expect("read");
    client.users(NOW).await.expect("read");
    client.sites(NOW).await.expect("read");
    client.custom_fields(NOW).await.expect("read");
    client.dictionaries(NOW).await.expect("read");
    client.find_customers(phone(), NOW).await.expect("read");
    client.customer(&RecordRef::Id(4770), "main", NOW).await.expect("read");
    client.customer(&RecordRef::External("a/b?c".to_owned()), "main", NOW).await.expect("read");
    client.create_customer(&fields, "main", NOW).await.expect("written");
    client.edit_customer(4770, &CustomerFields::default(), "main", NOW).await.expect("written");
    client.order(&RecordRef::External("uis-call-1".to_owned()), "main", NOW).await.expect("read");
    client.create_order(&order, "main", NOW).await.expect("written");
    client.edit_order(6722, &OrderFields::default(), "main", NOW).await.expect("written");
    client.create_task(&task, "main", NOW).await.expect("written");
    let search = TaskSearch { performer_id: 27, created_from: "2026-03-01".to_owned() };
    client.tasks(&search, NOW).await.expect("read");
    client.task(5, NOW).await.expect("read");
    let note = Note { text: "Звонок".to_owned(), customer: Ref { id: 4770 }, manager_id: None };
    client.create_note(&note, "main", NOW).await.expect("written");
    client.upload_file("Посетитель: да".into(), NOW).await.expect("written");
    let search = FileSearch { created_from: "2026-03-01".to_owned(), size: 25 };
    client.files(&search, NOW).await.expect("read");
    let attachment = vec![AttachedTo::Customer(Ref { id: 4770 }), AttachedTo::Order(Ref { id: 6722 })];
    let file = Attached { id: 25, filename: "Чат.txt".to_owned(), attachment };
    client.attach_file(&file, NOW).await.expect("written");
    client.upload_calls(&[call], NOW).await.expect("written");
    client.call_event(&event, NOW).await.expect("written");
    let notice = Notice {
        kind: "api.error",
        message: "Ключ не работает".to_owned(),
        user_groups: vec!["superadmins".to_owned()],
        user_ids: Vec::new(),
    };
    client.send_notice(&notice, NOW).await.expect("written");

    let seen = transport.take();
    for request in &seen {
        let key = request.headers.iter().find(|(name, _)| name == "x-api-key").expect("the key is sent");
        assert_eq!(key.1, "s3cr3t");
        assert!(!request.address.contains("s3cr3t") && !request.body.contains("s3cr3t"));
    }
    insta::assert_snapshot!(seen.iter().map(shown).collect::<Vec<_>>().join("\n\n"));
}

fn customer(id: u64, phone: &str) -> Value {
    json!({"id": id, "phones": [{"number": phone}]})
}

/// A client whose search gives `first` for all digits and `second` for the other spelling.
fn searching(first: Value, second: Value) -> (Client, Arc<FakeTransport>) {
    let transport = FakeTransport::new(move |seen| {
        let all = seen.query("filter[name]") == Some("79990001122");
        let rows = if all { &first } else { &second };
        answered(200, json!({"success": true, "customers": rows}).to_string())
    });
    (client(&transport), transport)
}

#[tokio::test(start_paused = true)]
async fn strangers_that_the_search_brings_along_are_dropped() {
    let rows =
        json!([customer(1, "+79990001123"), customer(2, "8 (999) 000-11-22"), customer(3, "9990001122")]);
    let (client, transport) = searching(rows, json!([]));
    let found = client.find_customers(phone(), NOW).await.expect("found");
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(transport.take().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_other_spelling_is_asked_before_nobody_is_believed() {
    let (client, transport) =
        searching(json!([customer(1, "+79990001123")]), json!([customer(2, "89990001122")]));
    let found = client.find_customers(phone(), NOW).await.expect("found");
    assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [2]);
    let asked: Vec<_> =
        transport.take().iter().filter_map(|seen| seen.query("filter[name]").map(str::to_owned)).collect();
    assert_eq!(asked, ["79990001122", "9990001122"]);

    let (client, transport) = searching(json!([]), json!({}));
    assert!(client.find_customers(phone(), NOW).await.expect("found").is_empty());
    assert_eq!(transport.take().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_search_that_never_ends_is_not_taken_for_nobody() {
    let (client, transport) =
        always(json!({"success": true, "customers": [], "pagination": {"totalPageCount": 900}}));
    let error = client.find_customers(phone(), NOW).await.expect_err("not believed");
    assert_eq!(error.name(), "unreadable");
    assert_eq!(transport.take().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_the_list_is_not_taken_for_nobody() {
    let (client, _) = always(json!({"success": true}));
    assert_eq!(client.find_customers(phone(), NOW).await.expect_err("not believed").name(), "unreadable");
}

#[test]
fn of_several_the_managed_then_the_busiest_then_the_oldest_is_chosen() {
    let one = |id, manager_id, orders_count| Customer { id, manager_id, orders_count, ..Customer::default() };
    let all = [one(5, None, 9), one(4, Some(27), 1), one(3, Some(28), 2), one(2, Some(29), 2)];
    assert_eq!(choose(&all).map(|one| one.id), Some(2));
    assert_eq!(choose(all.get(..2).expect("two")).map(|one| one.id), Some(4));
    assert_eq!(choose(&[one(9, None, 0), one(8, None, 0)]).map(|one| one.id), Some(8));
    assert_eq!(choose(&[]), None);
}

#[tokio::test(start_paused = true)]
async fn a_customer_is_read_in_every_shape() {
    let (client, _) = always(json!({"success": true, "customer": {
        "id": "4770", "externalId": null, "firstName": " Анна", "lastName": "Петрова", "phones": {"0": {"number": 79990001122_u64}},
        "managerId": "27", "ordersCount": 3, "tags": [{"name": "vip"}, "плюс"], "segments": {"a": {"name": "Опт"}},
        "customFields": [], "unknown": {"deep": []},
    }}));
    let customer = client.customer(&RecordRef::Id(4770), "main", NOW).await.expect("read");
    assert_eq!(customer.id, 4770);
    assert_eq!(customer.full_name().as_deref(), Some("Петрова Анна"));
    assert!(customer.has_phone(phone()));
    assert_eq!(customer.manager_id, Some(27));
    assert_eq!(
        (customer.orders_count, customer.tags, customer.segments),
        (3, vec!["vip".to_owned(), "плюс".to_owned()], vec!["Опт".to_owned()])
    );
    assert!(customer.custom_fields.is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_page_of_users_is_read() {
    let transport = FakeTransport::new(|seen| {
        let page: u64 = seen.query("page").expect("a page").parse().expect("a number");
        let user = json!({"id": page, "email": "Anna@Romashka.ru ", "active": page != 2});
        answered(
            200,
            json!({"success": true, "users": [user], "pagination": {"totalPageCount": 3}}).to_string(),
        )
    });
    let users = client(&transport).users(NOW).await.expect("read");
    assert_eq!(
        users.iter().map(|user| (user.id, user.active)).collect::<Vec<_>>(),
        [(1, true), (2, false), (3, true)]
    );
}

#[tokio::test(start_paused = true)]
async fn what_became_of_a_request_is_kept_apart() {
    type Answer = fn() -> Outcome;
    let cases: [(Answer, &str, Class); 4] = [
        (|| Outcome::NotSent(NotSent::Unconnected), "not_sent", Class::Retry),
        (|| Outcome::Unanswered(Unanswered::TimedOut), "unanswered", Class::Unknown),
        (
            || answered(503, r#"{"success":false,"errorMsg":"Rate limit exceeded"}"#),
            "rate_limited",
            Class::Retry,
        ),
        (|| answered(201, r#"{"success":true}"#), "unreadable", Class::Unknown),
    ];
    for (answer, name, class) in cases {
        let transport = FakeTransport::new(move |_| answer());
        let error = client(&transport)
            .create_customer(&CustomerFields::default(), "main", NOW)
            .await
            .expect_err(name);
        assert_eq!((error.name(), error.class()), (name, class));
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_slows_the_next_request_and_an_outage_opens_the_breaker() {
    let transport =
        FakeTransport::new(|_| answered(503, r#"{"success":false,"errorMsg":"Rate limit exceeded"}"#));
    let busy = client(&transport);
    let start = tokio::time::Instant::now();
    for _ in 0..2 {
        busy.credentials(NOW).await.expect_err("refused");
    }
    assert_eq!(start.elapsed(), Duration::from_millis(500));
    assert!(!busy.breaker().is_open());

    let transport = FakeTransport::new(|_| answered(500, ""));
    let broken = client(&transport);
    for _ in 0..20 {
        assert_eq!(broken.credentials(NOW).await.expect_err("an outage").name(), "outage");
    }
    assert_eq!(broken.credentials(NOW).await.expect_err("left alone").name(), "paused");
    assert_eq!(transport.take().len(), 20);
}

#[tokio::test(start_paused = true)]
async fn the_telephony_limit_is_its_own() {
    let (client, _) = always(json!({"success": true}));
    let start = tokio::time::Instant::now();
    for _ in 0..41 {
        client.upload_calls(&[], NOW).await.expect("written");
    }
    assert!(start.elapsed() >= Duration::from_secs(1) && start.elapsed() < Duration::from_millis(1200));
}

#[tokio::test(start_paused = true)]
async fn known_calls_are_reported_not_refused() {
    let (client, _) =
        always(json!({"success": true, "processedCallsCount": 0, "duplicateCalls": ["uis-1", 2]}));
    let uploaded = client.upload_calls(&[], NOW).await.expect("written");
    assert_eq!(uploaded, Uploaded { processed: 0, duplicates: vec!["uis-1".to_owned(), "2".to_owned()] });
}

#[test]
fn missing_scopes_are_named() {
    let credentials = Credentials { scopes: vec!["customer_read".to_owned()], sites: None };
    assert!(credentials.missing_scopes().contains(&"task_write"));
    assert!(Credentials::default().missing_scopes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_file_is_read_as_it_is_and_a_refusal_is_no_file() {
    let of = |status, body: &'static str| {
        let transport = FakeTransport::new(move |_| answered(status, body));
        async move { client(&transport).download_file(25, NOW).await.map_err(|error| error.name()) }
    };
    assert_eq!(of(200, "{\"a\": 1}\n").await, Ok("{\"a\": 1}\n".into()));
    assert_eq!(of(404, r#"{"success": false, "errorMsg": "Not found"}"#).await, Err("not_found"));
    assert_eq!(of(200, r#"{"success": false, "errorMsg": "No"}"#).await, Err("refused"));
    assert_eq!(of(200, "<html>").await, Err("not_an_api"));
}

#[tokio::test(start_paused = true)]
async fn a_file_whose_size_is_another_is_not_looked_into() {
    let files = json!([{"id": 1, "size": 25}, {"id": "2", "size": "25"}, {"id": 3, "size": 26}, {"id": 4}]);
    let (client, _) = always(json!({"success": true, "files": files}));
    let search = FileSearch { created_from: "2026-03-01".to_owned(), size: 25 };
    let ids: Vec<_> = client.files(&search, NOW).await.expect("a list").iter().map(|file| file.id).collect();
    assert_eq!(ids, [1, 2, 4], "an unknown filter may be ignored, and a size may be left out");
}
