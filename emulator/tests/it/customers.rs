//! Customers: field rules, search, identifiers, merging, uploads, notes.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard_emulator::{CustomField, DuplicateAnswer, EmptyMaps, PhoneSearch, Phones, Scope};

use crate::support::{SITE, accounts, customer, get, post};

#[tokio::test]
async fn create_answers_201_and_read_shows_what_was_written() {
    let accounts = accounts();
    let written = json!({"externalId": "uis-1", "firstName": "Анна", "phones": [{"number": "+7 (999) 000-11-22"}],
        "managerId": 27, "email": "anna@client.example", "source": {"source": "yandex", "medium": "cpc"},
        "customFields": {"uis_campaign": "Лето"}, "addTags": ["новый"]});
    let answer = customer(&accounts, written).await;
    let id = answer.id();
    assert_eq!(answer.status, 201);
    let read = get(&accounts, &format!("/api/v5/customers/{id}?by=id")).await;
    let read = read.is(200, "/customer/customFields", json!({"uis_campaign": "Лето"}));
    let read = read.is(200, "/customer/createdAt", json!("2026-03-02 12:00:00"));
    let read = read.is(200, "/customer/phones", json!([{"number": "+7 (999) 000-11-22"}]));
    read.is(200, "/customer/tags/0/name", json!("новый")).is(200, "/customer/ordersCount", json!(0));
    let by_external = format!("/api/v5/customers/uis-1?site={SITE}");
    get(&accounts, &by_external).await.is(200, "/customer/id", json!(id));
}

#[tokio::test]
async fn identifiers_in_the_path_are_external_by_default() {
    let accounts = accounts();
    let id = customer(&accounts, json!({"firstName": "Анна"})).await.id();
    get(&accounts, &format!("/api/v5/customers/{id}?site={SITE}")).await.is(
        404,
        "/errorMsg",
        json!("Not found"),
    );
    get(&accounts, &format!("/api/v5/customers/{id}?by=id")).await.is(200, "/success", json!(true));
    get(&accounts, &format!("/api/v5/customers/{id}?by=number")).await.refuses("by");
    let no_site = get(&accounts, "/api/v5/customers/uis-1").await;
    no_site.is(400, "/errorMsg", json!("Parameter 'site' is missing"));
}

#[tokio::test]
async fn empty_maps_are_lists() {
    let accounts = accounts();
    let id = customer(&accounts, json!({"firstName": "Анна"})).await.id();
    let path = format!("/api/v5/customers/{id}?by=id");
    get(&accounts, &path).await.is(200, "/customer/customFields", json!([]));
    accounts.set_switches(|switches| switches.empty_maps = EmptyMaps::Object);
    get(&accounts, &path).await.is(200, "/customer/customFields", json!({}));
}

#[tokio::test]
async fn wrong_fields_are_refused() {
    let accounts = accounts();
    let cases: &[(Value, &str)] = &[
        (json!({"nickname": "x"}), "nickname"),
        (json!({"id": 5}), "id"),
        (json!({"firstName": 5}), "firstName"),
        (json!({"firstName": "x".repeat(256)}), "firstName"),
        (json!({"email": "anna"}), "email"),
        (json!({"phones": ["+79990001122"]}), "phones[0]"),
        (json!({"phones": [{"phone": "+79990001122"}]}), "phones[0].phone"),
        (json!({"phones": "+79990001122"}), "phones"),
        (json!({"managerId": "27"}), "managerId"),
        (json!({"managerId": 99}), "managerId"),
        (json!({"site": "nowhere"}), "site"),
        (json!({"birthday": "02.03.1980"}), "birthday"),
        (json!({"createdAt": "2026-03-02T12:00:00"}), "createdAt"),
        (json!({"createdAt": "2026-03-02 12:00"}), "createdAt"),
        (json!({"vip": 1}), "vip"),
        (json!({"source": {"name": "yandex"}}), "source.name"),
        (json!({"contragent": {"contragentType": "entrepreneur"}}), "contragent.contragentType"),
        (json!({"customFields": {"unknown": "x"}}), "customFields.unknown"),
        (json!({"customFields": {"uis_calls": "5"}}), "customFields.uis_calls"),
        (json!({"customFields": {"uis_calls": 5.5}}), "customFields.uis_calls"),
        (json!({"customFields": {"uis_campaign": 5}}), "customFields.uis_campaign"),
        (json!({"customFields": {"uis_campaign": "x".repeat(256)}}), "customFields.uis_campaign"),
        (json!({"customFields": {"uis_first_call": "2026-03-02"}}), "customFields.uis_first_call"),
        (json!({"customFields": {"uis_agreed": "yes"}}), "customFields.uis_agreed"),
        (json!({"customFields": {"uis_topic": "Цена"}}), "customFields.uis_topic"),
    ];
    for (written, field) in cases {
        customer(&accounts, written.clone()).await.refuses(field);
    }
    assert!(accounts.crm().customers().is_empty());
    let good = json!({"customFields": {"uis_calls": 5, "uis_first_call": "2026-03-02 12:00:00", "uis_agreed": true,
        "uis_topic": "price"}, "lastName": null});
    assert_eq!(customer(&accounts, good).await.status, 201);
}

#[tokio::test]
async fn required_fields_are_those_of_the_account() {
    let accounts = accounts();
    accounts.crm().require("customer", "email");
    accounts.crm().put_custom_field(CustomField {
        entity: "customer".to_owned(),
        code: "inn".to_owned(),
        name: "ИНН".to_owned(),
        kind: "string".to_owned(),
        dictionary: None,
        required: true,
    });
    let refused =
        customer(&accounts, json!({"firstName": "Анна"})).await.refuses("email").refuses("customFields.inn");
    refused.is(400, "/errors/email", json!("This value should not be blank."));
    let id = customer(&accounts, json!({"email": "a@b.ru", "customFields": {"inn": "77"}})).await.id();
    let edit = [("customer", json!({"firstName": "Анна"})), ("by", json!("id")), ("site", json!(SITE))];
    assert_eq!(post(&accounts, &format!("/api/v5/customers/{id}/edit"), &edit).await.status, 200);
}

#[tokio::test]
async fn a_second_external_id_is_refused_in_four_ways() {
    let accounts = accounts();
    let create = || customer(&accounts, json!({"externalId": "uis-1"}));
    create().await.id();
    let text = "Customer with externalId=uis-1 already exists.";
    create().await.is(400, "/errors/externalId", json!(text));
    accounts.set_switches(|switches| switches.duplicate_answer = DuplicateAnswer::Message);
    create().await.is(400, "/errorMsg", json!(text));
    accounts.set_switches(|switches| switches.duplicate_answer = DuplicateAnswer::Russian);
    create().await.is(400, "/errors/externalId", json!("Клиент с externalId=uis-1 уже существует."));
    accounts.set_switches(|switches| switches.duplicate_answer = DuplicateAnswer::Opaque);
    create().await.is(400, "/errors", json!(null)).is(400, "/errorMsg", json!("Errors in the entity format"));
    assert_eq!(accounts.crm().customers().len(), 1);
}

#[tokio::test]
async fn external_ids_are_unique_within_a_shop_or_the_account() {
    let accounts = accounts();
    customer(&accounts, json!({"externalId": "uis-1"})).await.id();
    let elsewhere = [("customer", json!({"externalId": "uis-1"})), ("site", json!("romashka-spb"))];
    assert_eq!(post(&accounts, "/api/v5/customers/create", &elsewhere).await.status, 201);
    accounts.set_switches(|switches| switches.external_id_scope = Scope::Account);
    let third = [elsewhere[0].clone(), ("site", json!("romashka-msk"))];
    post(&accounts, "/api/v5/customers/create", &third).await.refuses("externalId");
}

#[tokio::test]
async fn the_search_by_name_is_loose() {
    let accounts = accounts();
    let put = |name: &str, phone: &str| {
        accounts.crm().put_customer(SITE, json!({"firstName": name, "phones": [{"number": phone}]}))
    };
    let wanted = put("Анна", "+7 (999) 000-11-22");
    let stranger = put("Иван", "+74950001122");
    let named = put("79990001122", "+78120000000");
    let ids = async |query: &str| -> Vec<u64> {
        let answer = get(&accounts, &format!("/api/v5/customers?filter[name]={query}")).await;
        let customers = answer.json()["customers"].as_array().unwrap().clone();
        customers.iter().map(|row| row["id"].as_u64().unwrap()).collect()
    };
    assert_eq!(ids("79990001122").await, [named, stranger, wanted]);
    assert_eq!(ids("%D0%B0%D0%BD%D0%BD").await, [wanted]);
    accounts.set_switches(|switches| switches.phone_search = PhoneSearch::Substring);
    assert_eq!(ids("79990001122").await, [named, wanted]);
    assert_eq!(ids("89990001122").await, [0; 0]);
    accounts.set_switches(|switches| switches.phone_search = PhoneSearch::Raw);
    assert_eq!(ids("79990001122").await, [named]);
    assert_eq!(ids("%2B7495000").await, [stranger]);
}

#[tokio::test]
async fn lists_find_new_customers_after_a_while() {
    let accounts = accounts();
    accounts.set_switches(|switches| switches.index_delay_ms = 5_000);
    let id = customer(&accounts, json!({"externalId": "uis-1", "firstName": "Анна"})).await.id();
    let list = "/api/v5/customers?filter[externalIds][]=uis-1";
    get(&accounts, list).await.is(200, "/pagination/totalCount", json!(0));
    get(&accounts, &format!("/api/v5/customers/uis-1?site={SITE}")).await.is(200, "/customer/id", json!(id));
    accounts.clock().advance(Duration::from_millis(4_999));
    get(&accounts, list).await.is(200, "/pagination/totalCount", json!(0));
    accounts.clock().advance(Duration::from_millis(1));
    get(&accounts, list).await.is(200, "/pagination/totalCount", json!(1));
}

#[tokio::test]
async fn edits_add_phones_and_merge_custom_fields() {
    let accounts = accounts();
    let id = customer(
        &accounts,
        json!({"phones": [{"number": "+79990001122"}], "customFields": {"uis_site": "a"}, "lastName": "Рябова"}),
    )
    .await
    .id();
    let edit = async |changes: Value| {
        let parts = [("customer", changes), ("by", json!("id")), ("site", json!(SITE))];
        post(&accounts, &format!("/api/v5/customers/{id}/edit"), &parts).await
    };
    let changes = json!({"phones": [{"number": "79990001122"}, {"number": "+74950000001"}],
        "customFields": {"uis_city": "Москва"}, "lastName": null});
    edit(changes).await.is(200, "/id", json!(id));
    let row = accounts.crm().customers().pop().unwrap();
    assert_eq!(row.phones(), ["+79990001122", "+74950000001"]);
    assert_eq!((row.custom("uis_site"), row.custom("uis_city")), (Some(&json!("a")), Some(&json!("Москва"))));
    assert_eq!(row.text("lastName"), None);
    edit(json!({"phones": [{"number": "+74950000002", "oldNumber": "+7 495 0000001"}]})).await;
    assert_eq!(accounts.crm().customers()[0].phones(), ["+79990001122", "+74950000002"]);
    accounts.set_switches(|switches| switches.phones_on_edit = Phones::Replaced);
    edit(json!({"phones": [{"number": "+74950000003"}]})).await;
    assert_eq!(accounts.crm().customers()[0].phones(), ["+74950000003"]);
    edit(json!({"nickname": "x"})).await.refuses("nickname");
    let history = get(&accounts, "/api/v5/customers/history?filter[sinceId]=0&limit=100").await;
    assert!(history.text.contains("\"field\":\"custom_uis_city\""), "{}", history.text);
    assert!(history.text.contains("\"apiKey\":{\"current\":true}"));
}

#[tokio::test]
async fn a_merged_customer_tells_where_to_go() {
    let accounts = accounts();
    let gone =
        customer(&accounts, json!({"externalId": "old", "phones": [{"number": "+79990001122"}]})).await.id();
    let survivor = customer(&accounts, json!({"externalId": "new"})).await.id();
    let order = accounts.crm().put_order(SITE, json!({"customer": {"id": gone}}));
    let combine = [("customers", json!([{"id": gone}])), ("resultCustomer", json!({"id": survivor}))];
    assert_eq!(post(&accounts, "/api/v5/customers/combine", &combine).await.status, 200);
    let path = format!("/api/v5/customers/{gone}?by=id");
    get(&accounts, &path).await.is(404, "/combinedTo/id", json!(survivor));
    let by_external = format!("/api/v5/customers/old?site={SITE}");
    get(&accounts, &by_external).await.is(404, "/combinedTo/externalId", json!("new"));
    let edit = [("customer", json!({"firstName": "x"})), ("by", json!("id")), ("site", json!(SITE))];
    let edited = post(&accounts, &format!("/api/v5/customers/{gone}/edit"), &edit).await;
    edited.is(404, "/combinedTo/id", json!(survivor));
    let orders = accounts.crm().orders();
    assert_eq!((orders[0].id, orders[0].linked("customer")), (order, Some(survivor)));
    assert_eq!(accounts.crm().customers()[0].phones(), ["+79990001122"]);
}

#[tokio::test]
async fn uploads_may_succeed_in_part() {
    let accounts = accounts();
    let upload = async |rows: Value| {
        post(&accounts, "/api/v5/customers/upload", &[("customers", rows), ("site", json!(SITE))]).await
    };
    let good = upload(json!([{"externalId": "a"}, {"externalId": "b"}])).await;
    good.is(201, "/uploadedCustomers/1/externalId", json!("b"));
    let mixed =
        upload(json!([{"externalId": "c"}, {"externalId": "a"}, {"externalId": "d", "vip": "yes"}])).await;
    let mixed =
        mixed.is(460, "/uploadedCustomers/0/externalId", json!("c")).is(460, "/success", json!(false));
    let mixed = mixed.is(460, "/failedCustomers", json!([{"externalId": "a"}, {"externalId": "d"}]));
    assert!(mixed.json()["errors"]["1"].as_str().unwrap().contains("already exists"), "{}", mixed.text);
    assert!(accounts.journal().entries().last().unwrap().committed);
    let too_many: Vec<Value> = (0..51).map(|n| json!({"externalId": format!("m-{n}")})).collect();
    upload(json!(too_many)).await.refuses("customers");
    assert_eq!(accounts.crm().customers().len(), 3);
}

#[tokio::test]
async fn notes_and_fixed_external_ids() {
    let accounts = accounts();
    let id = customer(&accounts, json!({"firstName": "Анна"})).await.id();
    let note = json!({"text": "Позвонила", "managerId": 27, "customer": {"id": id, "site": SITE}});
    let create = [("note", note), ("site", json!(SITE))];
    assert_eq!(post(&accounts, "/api/v5/customers/notes/create", &create).await.status, 201);
    let list = get(&accounts, &format!("/api/v5/customers/notes?filter[customerIds][]={id}")).await;
    list.is(200, "/notes/0/text", json!("Позвонила"));
    let nobody = [("note", json!({"text": "x", "customer": {"id": 1}})), ("site", json!(SITE))];
    post(&accounts, "/api/v5/customers/notes/create", &nobody).await.refuses("customer");
    let fix = [("customers", json!([{"id": id, "externalId": "fixed"}]))];
    assert_eq!(post(&accounts, "/api/v5/customers/fix-external-ids", &fix).await.status, 200);
    assert_eq!(accounts.crm().customers()[0].external_id.as_deref(), Some("fixed"));
}
