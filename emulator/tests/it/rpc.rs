//! The JSON-RPC of UIS: envelope, access, points, shapes of answers.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard_emulator::{DEFAULT_TOKEN, EmptyArrays, LimitsShape, MetadataName, Token};

use crate::support::{accounts, data, mnemonic, raw_rpc, result, rpc};

const JSON: &str = "application/json";

#[tokio::test]
async fn envelopes_are_checked() {
    let accounts = accounts();
    let good = json!({"jsonrpc": "2.0", "id": 7, "method": "get.account", "params": {"access_token": DEFAULT_TOKEN}});
    let without = |name: &str| {
        let mut envelope = good.clone();
        envelope.as_object_mut().unwrap().remove(name);
        envelope.to_string()
    };
    let with = |name: &str, value: Value| {
        let mut envelope = good.clone();
        envelope[name] = value;
        envelope.to_string()
    };
    let cases = [
        (JSON, "{".to_owned(), -32700, "parse_error"),
        (JSON, format!("[{good}]"), -32099, "batch_opreations_not_supported"),
        (JSON, without("id"), -32099, "notifications_not_supported"),
        (JSON, with("id", json!({})), -32600, "invalid_request"),
        (JSON, without("jsonrpc"), -32600, "invalid_request"),
        (JSON, with("jsonrpc", json!("1.0")), -32600, "invalid_request"),
        (JSON, without("method"), -32600, "invalid_request"),
        (JSON, with("params", json!([])), -32600, "invalid_request"),
        (JSON, with("extra", json!(1)), -32600, "invalid_request"),
        ("text/plain", good.to_string(), -32600, "invalid_request"),
        (JSON, with("method", json!("get.weather")), -32601, "method_not_found"),
    ];
    for (content_type, body, code, name) in cases {
        let answer = raw_rpc(&accounts, "/v2.0", content_type, body.clone()).await;
        assert_eq!((answer["error"]["code"].as_i64(), mnemonic(&answer).0), (Some(code), name), "{body}");
    }
    let answer = raw_rpc(&accounts, "/v2.0", "application/json; charset=UTF-8", good.to_string()).await;
    assert_eq!(answer["id"], json!(7));
}

#[tokio::test]
async fn access_is_checked() {
    let accounts = accounts();
    let ask = |token: Option<&str>| {
        let params = token.map_or_else(|| json!({}), |token| json!({"access_token": token}));
        json!({"jsonrpc": "2.0", "id": 1, "method": "get.employees", "params": params}).to_string()
    };
    let missing = raw_rpc(&accounts, "/v2.0", JSON, ask(None)).await;
    assert_eq!(mnemonic(&missing), ("required_parameter_missed", "access_token"));
    let wrong = raw_rpc(&accounts, "/v2.0", JSON, ask(Some("wrong"))).await;
    assert_eq!((wrong["error"]["code"].as_i64(), mnemonic(&wrong).0), (Some(-32001), "access_token_invalid"));

    let login = json!({"jsonrpc": "2.0", "id": 1, "method": "login.user",
        "params": {"login": "anna", "password": DEFAULT_TOKEN}});
    let session = raw_rpc(&accounts, "/v2.0", JSON, login.to_string()).await;
    let session = result(&session)["access_token"].as_str().unwrap().to_owned();
    result(&raw_rpc(&accounts, "/v2.0", JSON, ask(Some(&session))).await);
    accounts.clock().advance(Duration::from_secs(3_600));
    let late = raw_rpc(&accounts, "/v2.0", JSON, ask(Some(&session))).await;
    assert_eq!(mnemonic(&late).0, "access_token_expired");

    let narrow = Token { value: "narrow".to_owned(), expires: None, disabled: vec!["get.emp".to_owned()] };
    accounts.uis().put_token(narrow);
    let disabled = raw_rpc(&accounts, "/v2.0", JSON, ask(Some("narrow"))).await;
    assert_eq!(
        (disabled["error"]["code"].as_i64(), mnemonic(&disabled).0),
        (Some(-32008), "method_component_disabled")
    );
    accounts.uis().revoke_token("narrow");
    accounts.uis().set_address_allowed(false);
    assert_eq!(mnemonic(&data(&accounts, "get.account", json!({})).await).0, "ip_not_whitelisted");
    accounts.uis().set_active(false);
    assert_eq!(mnemonic(&data(&accounts, "get.account", json!({})).await).0, "account_inactive");
}

#[tokio::test]
async fn parameters_are_checked() {
    let accounts = accounts();
    let cases = [
        (json!({"colour": "red"}), "unexpected_parameters", "colour"),
        (json!({"limit": "10"}), "data_type_error", "limit"),
        (json!({"limit": 0}), "invalid_parameter_value", "limit"),
        (json!({"limit": 10_001}), "invalid_parameter_value", "limit"),
        (json!({"offset": 100_001}), "invalid_parameter_value", "offset"),
        (json!({"fields": ["id", "shoe_size"]}), "invalid_parameter_value", "fields"),
        (json!({"fields": "id"}), "data_type_error", "fields"),
        (json!({"sort": [{"field": "phone_numbers"}]}), "sort_prohibited", "phone_numbers"),
        (json!({"sort": [{"field": "id", "order": "up"}]}), "invalid_parameter_value", "sort.order"),
        (
            json!({"filter": {"field": "id", "operator": "~", "value": 1}}),
            "invalid_parameter_value",
            "filter",
        ),
        (
            json!({"filter": {"field": "shoe", "operator": "=", "value": 1}}),
            "invalid_parameter_value",
            "filter",
        ),
        (json!({"filter": {"field": "groups", "operator": "=", "value": 1}}), "filter_prohibited", "groups"),
        (json!({"filter": {"filters": [], "condition": "xor"}}), "invalid_parameter_value", "filter"),
    ];
    for (params, name, field) in cases {
        let answer = data(&accounts, "get.employees", params.clone()).await;
        assert_eq!(mnemonic(&answer), (name, field), "{params}");
    }
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_cut() {
    let accounts = accounts();
    let names = async |params: Value| -> Vec<String> {
        let answer = data(&accounts, "get.employees", params).await;
        let rows = result(&answer).as_array().unwrap().clone();
        rows.iter().map(|row| row["full_name"].as_str().unwrap().to_owned()).collect()
    };
    let by_mail = json!({"filter": {"field": "email", "operator": "=", "value": "anna@romashka.ru"}});
    assert_eq!(names(by_mail).await, ["Лисина Анна"]);
    let sorted = json!({"sort": [{"field": "full_name", "order": "desc"}], "limit": 2, "offset": 1});
    assert_eq!(names(sorted).await, ["Петров Иван", "Лисина Анна"]);
    let nested = json!({"filter": {"condition": "or", "filters": [
        {"field": "last_name", "operator": "like", "value": "Л%н_"},
        {"condition": "and", "filters": [
            {"field": "last_name", "operator": "ilike", "value": "п%"},
            {"field": "id", "operator": "<=", "value": 323_401}]},
        {"field": "id", "operator": "in", "value": [323_402]}]}});
    assert_eq!(names(nested).await, ["Петров Иван", "Белова Ольга"]);
    let chosen = data(&accounts, "get.employees", json!({"fields": ["id", "extension"], "limit": 1})).await;
    assert_eq!(result(&chosen)[0].as_object().unwrap().len(), 2);
    assert_eq!(result(&chosen)[0]["extension"]["extension_phone_number"], json!("101"));
    assert_eq!(chosen["result"]["metadata"]["total_items"], json!(4));
}

#[tokio::test]
async fn points_are_charged_for_successes_only() {
    let accounts = accounts();
    accounts.set_switches(|switches| switches.points_per_minute = 2);
    for _ in 0..5 {
        assert_eq!(
            mnemonic(&data(&accounts, "get.employees", json!({"x": 1})).await).0,
            "unexpected_parameters"
        );
    }
    let first = data(&accounts, "get.employees", json!({})).await;
    assert_eq!(first["result"]["metadata"]["limits"]["minute_remaining"], json!(1));
    result(&data(&accounts, "get.employees", json!({})).await);
    let third = data(&accounts, "get.employees", json!({})).await;
    assert_eq!((third["error"]["code"].as_i64(), mnemonic(&third).0), (Some(-32029), "limit_exceeded"));
    assert_eq!(third["error"]["data"]["params"]["limit_type"], json!("minute"));
    assert_eq!(third["error"]["data"]["metadata"]["limits"]["minute_reset"], json!(60));
    accounts.clock().advance(Duration::from_secs(60));
    result(&data(&accounts, "get.employees", json!({})).await);
    accounts.set_switches(|switches| switches.points_per_day = 3);
    let day = data(&accounts, "get.employees", json!({})).await;
    assert_eq!(day["error"]["data"]["params"]["limit_type"], json!("day"));
}

#[tokio::test]
async fn shapes_of_answers_are_switches() {
    let accounts = accounts();
    let account = data(&accounts, "get.account", json!({})).await;
    assert_eq!(result(&account)[0], json!({"app_id": 4100, "name": "Ромашка", "timezone": "Europe/Moscow"}));
    assert!(account["result"].get("meta_data").is_some() && account["result"].get("metadata").is_none());
    accounts.set_switches(|switches| {
        switches.account_metadata = MetadataName::Metadata;
        switches.limits_shape = LimitsShape::Hour;
        switches.empty_arrays = EmptyArrays::Null;
        switches.null_error_id = true;
    });
    let account = data(&accounts, "get.account", json!({})).await;
    assert!(account["result"]["metadata"]["limits"].get("hour_limit").is_some());
    let employees = data(&accounts, "get.employees", json!({})).await;
    assert_eq!(result(&employees)[0]["groups"], Value::Null);
    assert_eq!(data(&accounts, "get.weather", json!({})).await["id"], Value::Null);
    accounts.set_switches(|switches| {
        switches.account_metadata = MetadataName::Absent;
        switches.limits_shape = LimitsShape::Empty;
    });
    let account = data(&accounts, "get.account", json!({})).await;
    assert_eq!(account["result"].as_object().unwrap().len(), 1);
    let employees = data(&accounts, "get.employees", json!({})).await;
    assert_eq!(employees["result"]["metadata"]["limits"], json!({}));
}

#[tokio::test]
async fn the_apis_are_apart() {
    let accounts = accounts();
    assert_eq!(mnemonic(&rpc(&accounts, "/v4.0", "get.employees", json!({})).await).0, "method_not_found");
    assert_eq!(mnemonic(&rpc(&accounts, "/v2.0", "list.calls", json!({})).await).0, "method_not_found");
    let entry = accounts.journal().entries().pop().unwrap();
    assert_eq!((entry.target.as_str(), entry.key.as_deref()), ("list.calls", Some(DEFAULT_TOKEN)));
}

#[tokio::test]
async fn dictionaries_are_there() {
    let accounts = accounts();
    for (method, field, wanted) in [
        ("get.virtual_numbers", "virtual_phone_number", json!("74951234567")),
        ("get.scenarios", "name", json!("Продажи")),
        ("get.sites", "domain_name", json!("romashka.ru")),
        ("get.campaigns", "name", json!("Бренд")),
        ("get.tags", "name", json!("Целевой")),
        ("get.sources", "name", json!("Яндекс.Директ")),
        ("get.statuses", "mnemonic", json!("available")),
    ] {
        let answer = data(&accounts, method, json!({})).await;
        assert_eq!(result(&answer)[0][field], wanted, "{method}");
    }
    for method in ["get.schedules", "get.chat_channels", "get.group_employees"] {
        assert_eq!(result(&data(&accounts, method, json!({})).await), &json!([]), "{method}");
    }
}

#[tokio::test]
async fn employees_and_contacts_are_written() {
    let accounts = accounts();
    let created =
        data(&accounts, "create.employees", json!({"last_name": "Новый", "email": "new@romashka.ru"})).await;
    let id = result(&created)["id"].clone();
    assert_eq!(accounts.uis().employee_by_email("new@romashka.ru"), id.as_u64());
    let twice =
        data(&accounts, "create.employees", json!({"last_name": "Второй", "email": "new@romashka.ru"})).await;
    assert_eq!(mnemonic(&twice), ("duplicate_entity", "email"));

    let contact = json!({"last_name": "Рябов", "phone_numbers": ["79000000010"], "personal_manager_id": id});
    let contact = data(&accounts, "create.contacts", contact).await;
    let contact_id = contact["result"]["id"].clone();
    assert!(contact_id.is_u64(), "the answer has no `data`: {contact}");
    let plus =
        data(&accounts, "create.contacts", json!({"last_name": "x", "phone_numbers": ["+79000000011"]}))
            .await;
    assert_eq!(mnemonic(&plus), ("invalid_parameter_value", "phone_numbers"));
    let clear = json!({"id": contact_id, "last_name": "Рябов", "phone_numbers": ["79000000012"], "personal_manager_id": null});
    data(&accounts, "update.contacts", clear).await;
    let listed = data(&accounts, "get.contacts", json!({})).await;
    assert_eq!(result(&listed)[0]["phone_numbers"], json!(["79000000012"]));
    assert_eq!(result(&listed)[0]["personal_manager_id"], Value::Null);
}
