//! Funnels, parties of deals, histories of deals.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard_emulator::Accounts;

use crate::support::{accounts, data, mnemonic, result};

fn funnel() -> Value {
    json!({"ext_id": "main", "name": "Основная", "stages": {
        "success": {"ext_id": "ok", "name": "Выполнен"}, "failed": {"ext_id": "fail", "name": "Отменён"},
        "in_process": [{"ext_id": "new", "name": "Новый", "order": 10}, {"ext_id": "approval", "name": "Согласование", "order": 20},
            {"ext_id": "delivery", "name": "Доставка", "order": 30}]}})
}

/// An account with a funnel, a contact, an employee and a field of its own.
async fn prepared() -> Accounts {
    let accounts = accounts();
    result(&data(&accounts, "create.sales_funnel", funnel()).await);
    let contacts =
        json!({"contacts": [{"ext_id": "c-88", "name": "Олег", "phone_numbers": ["79000000010"]}]});
    assert_eq!(result(&data(&accounts, "create.deal_contacts", contacts).await), &json!({}));
    result(&data(&accounts, "create.deal_employees", json!({"ext_id": "u-5", "name": "Анна"})).await);
    let field = json!({"ext_id": "delivery_type", "name": "Доставка", "data_type": "string"});
    result(&data(&accounts, "create.deal_user_field", field).await);
    accounts
}

fn row(stage: &str, at: &str) -> Value {
    json!({"ext_id": "10457", "name": "Заказ 10457", "created_date_time": "2026-03-01 12:01:00",
        "modified_date_time": at, "modified_stage_date_time": at, "contact_ext_ids": ["c-88"],
        "main_contact_ext_id": "c-88", "employee_ext_id": "u-5", "sales_funnel_ext_id": "main", "stage_ext_id": stage,
        "revenue": 4250, "communication_id": 998_700_001, "communication_type": "call",
        "user_fields": [{"ext_id": "delivery_type", "value": "courier"}]})
}

async fn upload(accounts: &Accounts, rows: Value) -> Value {
    data(accounts, "upload.deals_history", json!({"deals": rows})).await
}

#[tokio::test]
async fn funnels_have_one_success_one_failure_and_a_way_between() {
    let accounts = prepared().await;
    let listed = data(&accounts, "get.sales_funnel", json!({})).await;
    let stages = result(&listed)[0]["stages"].as_array().unwrap();
    let of = |name: &str| stages.iter().map(|stage| stage[name].clone()).collect::<Vec<Value>>();
    assert_eq!(of("stage_ext_id"), ["new", "approval", "delivery", "ok", "fail"]);
    assert_eq!(of("stage_order"), [10, 20, 30, 10_010, 10_020]);
    assert_eq!(
        mnemonic(&data(&accounts, "create.sales_funnel", funnel()).await),
        ("duplicate_entity", "ext_id")
    );
    let change = |edit: fn(&mut Value)| {
        let mut other = funnel();
        other["ext_id"] = json!("other");
        edit(&mut other);
        other
    };
    let cases = [
        (change(|funnel| funnel["stages"]["in_process"] = json!([])), "invalid_parameter_value"),
        (
            change(|funnel| funnel["stages"]["in_process"][0]["order"] = json!(10_001)),
            "invalid_parameter_value",
        ),
        (change(|funnel| funnel["stages"]["in_process"][0]["ext_id"] = json!("ok")), "duplicate_entity"),
        (change(|funnel| funnel["stages"]["won"] = json!({})), "unexpected_parameters"),
        (
            change(|funnel| drop(funnel["stages"].as_object_mut().unwrap().remove("failed"))),
            "required_parameter_missed",
        ),
    ];
    for (wrong, name) in cases {
        assert_eq!(mnemonic(&data(&accounts, "create.sales_funnel", wrong.clone()).await).0, name, "{wrong}");
    }
}

#[tokio::test]
async fn stages_are_changed_with_care() {
    let accounts = prepared().await;
    let stage = |ext_id: &str, order: u64| json!({"sales_funnel_ext_id": "main", "ext_id": ext_id, "name": "x", "order": order});
    result(&data(&accounts, "create.sales_funnel_stages", stage("assembling", 25)).await);
    assert_eq!(
        mnemonic(&data(&accounts, "create.sales_funnel_stages", stage("other", 25)).await).0,
        "duplicate_entity"
    );
    result(&data(&accounts, "update.sales_funnel_stages", stage("assembling", 5)).await);
    let delete = |ext_id: &str| json!({"sales_funnel_ext_id": "main", "ext_id": ext_id});
    result(&upload(&accounts, json!([row("new", "2026-03-01 12:01:00")])).await);
    assert_eq!(
        mnemonic(&data(&accounts, "delete.sales_funnel_stages", delete("new")).await).0,
        "already_in_use"
    );
    assert_eq!(mnemonic(&data(&accounts, "delete.sales_funnel_stages", delete("ok")).await).0, "forbidden");
    result(&data(&accounts, "delete.sales_funnel_stages", delete("assembling")).await);
    assert_eq!(
        mnemonic(&data(&accounts, "delete.sales_funnel", json!({"ext_id": "main"})).await).0,
        "already_in_use"
    );
    result(&data(&accounts, "update.sales_funnel", json!({"ext_id": "main", "name": "Новая"})).await);
}

#[tokio::test]
async fn parties_are_checked() {
    let accounts = prepared().await;
    let contact = |contact: Value| json!({"contacts": [contact]});
    let cases = [
        (contact(json!({"ext_id": "c-88", "name": "x"})), "duplicate_entity"),
        (contact(json!({"ext_id": "c-1"})), "required_parameter_missed"),
        (
            contact(json!({"ext_id": "c-1", "name": "x", "phone_numbers": ["+79000000010"]})),
            "invalid_parameter_value",
        ),
        (
            contact(json!({"ext_id": "c-1", "name": "x", "emails": ["a@b.ru", "a@b.ru"]})),
            "invalid_parameter_value",
        ),
        (json!({"contacts": []}), "required_parameter_missed"),
        (json!({"contacts": vec![json!({"ext_id": "a", "name": "x"}); 1_001]}), "data_limit_exceeded"),
    ];
    for (wrong, name) in cases {
        assert_eq!(mnemonic(&data(&accounts, "create.deal_contacts", wrong).await).0, name);
    }
    let update = json!({"ext_id": "c-88", "name": "Олег", "phone_numbers": []});
    result(&data(&accounts, "update.deal_contacts", update).await);
    let listed = data(&accounts, "get.deal_contacts", json!({})).await;
    assert_eq!(result(&listed)[0]["phone_numbers"], json!([]));
    for (kind, name) in
        [("deal_employees", "u-5"), ("deal_contacts", "c-88"), ("deal_user_field", "delivery_type")]
    {
        result(&data(&accounts, &format!("delete.{kind}"), json!({"ext_id": name})).await);
        assert_eq!(
            mnemonic(&data(&accounts, &format!("delete.{kind}"), json!({"ext_id": name})).await).0,
            "entity_not_found"
        );
    }
}

#[tokio::test]
async fn one_bad_row_fails_all() {
    let accounts = prepared().await;
    let mut bad = row("new", "2026-03-01 12:01:00");
    bad["ext_id"] = json!("10458");
    bad["stage_ext_id"] = json!("nowhere");
    let answer = upload(&accounts, json!([row("new", "2026-03-01 12:01:00"), bad])).await;
    assert_eq!(mnemonic(&answer), ("entity_not_found", "deals.stage_ext_id"));
    assert!(accounts.uis().deals().is_empty());
}

#[tokio::test]
async fn rows_are_checked() {
    let accounts = prepared().await;
    let cases: &[(&str, Value, &str, &str)] = &[
        (
            "created_date_time",
            json!("2026-03-02 12:00:01"),
            "invalid_parameter_value",
            "deals.created_date_time",
        ),
        (
            "modified_stage_date_time",
            json!("2026-03-01 12:00:59"),
            "invalid_parameter_value",
            "deals.modified_stage_date_time",
        ),
        (
            "closed_date_time",
            json!("2026-03-01 12:00:59"),
            "invalid_parameter_value",
            "deals.closed_date_time",
        ),
        ("created_date_time", json!("2026-03-01T12:01:00"), "invalid_date_time", "deals.created_date_time"),
        ("sales_funnel_ext_id", json!("x"), "entity_not_found", "deals.sales_funnel_ext_id"),
        ("contact_ext_ids", json!(["c-88", "c-1"]), "entity_not_found", "deals.contact_ext_ids"),
        ("main_contact_ext_id", json!("c-1"), "invalid_parameters_combination", "deals.main_contact_ext_id"),
        ("contact_ext_ids", json!([]), "invalid_parameters_combination", "deals.main_contact_ext_id"),
        ("main_contact_ext_id", json!(null), "invalid_parameters_combination", "deals.contact_ext_ids"),
        ("employee_ext_id", json!("u-6"), "entity_not_found", "deals.employee_ext_id"),
        ("communication_type", json!("letter"), "invalid_parameter_value", "deals.communication_type"),
        (
            "user_fields",
            json!([{"ext_id": "x", "value": "y"}]),
            "entity_not_found",
            "deals.user_fields.ext_id",
        ),
        (
            "user_fields",
            json!([{"ext_id": "delivery_type", "value": 5}]),
            "data_type_error",
            "deals.user_fields.value",
        ),
        ("revenue", json!("4250"), "data_type_error", "deals.revenue"),
        ("total", json!(1), "unexpected_parameters", "deals.total"),
    ];
    for (name, value, wanted, field) in cases {
        let mut wrong = row("new", "2026-03-01 12:01:00");
        wrong[*name] = value.clone();
        assert_eq!(mnemonic(&upload(&accounts, json!([wrong])).await), (*wanted, *field), "{name}: {value}");
    }
    let mut half = row("new", "2026-03-01 12:01:00");
    half.as_object_mut().unwrap().remove("communication_type");
    assert_eq!(mnemonic(&upload(&accounts, json!([half])).await).1, "deals.communication_id");
    let many = vec![row("new", "2026-03-01 12:01:00"); 1_001];
    assert_eq!(mnemonic(&upload(&accounts, json!(many)).await).0, "data_limit_exceeded");
}

#[tokio::test]
async fn a_deal_moves_forward_and_skipped_stages_are_made_up() {
    let accounts = prepared().await;
    result(&upload(&accounts, json!([row("new", "2026-03-01 12:01:00")])).await);
    let back = upload(&accounts, json!([row("approval", "2026-03-01 12:00:00")])).await;
    assert_eq!(mnemonic(&back).0, "invalid_parameter_value");
    let won = upload(&accounts, json!([row("ok", "2026-03-02 11:00:00")])).await;
    result(&won);
    let stages: Vec<(Value, Value)> = accounts
        .uis()
        .deals()
        .into_iter()
        .map(|step| (step["stage_ext_id"].clone(), step["is_generated"].clone()))
        .collect();
    let step = |stage: &str, generated: bool| (json!(stage), json!(generated));
    assert_eq!(
        stages,
        [step("new", false), step("approval", true), step("delivery", true), step("ok", false)]
    );
    let history =
        data(&accounts, "get.deals_history", json!({"sort": [{"field": "modified_stage_date_time"}]})).await;
    assert_eq!(history["result"]["metadata"]["total_items"], json!(4));
    result(&data(&accounts, "delete.deals", json!({"ext_ids": ["10457"]})).await);
    assert!(accounts.uis().deals().is_empty());
}

#[tokio::test]
async fn another_contact_needs_newer_times() {
    let accounts = prepared().await;
    let contacts = json!({"contacts": [{"ext_id": "c-89", "name": "Анна"}]});
    result(&data(&accounts, "create.deal_contacts", contacts).await);
    result(&upload(&accounts, json!([row("new", "2026-03-01 12:01:00")])).await);
    let mut moved = row("new", "2026-03-01 12:01:00");
    moved["contact_ext_ids"] = json!(["c-89"]);
    moved["main_contact_ext_id"] = json!("c-89");
    let refused = upload(&accounts, json!([moved.clone()])).await;
    assert_eq!(mnemonic(&refused), ("invalid_parameters_combination", "deals.contact_ext_ids"));
    moved["modified_date_time"] = json!("2026-03-01 12:01:01");
    result(&upload(&accounts, json!([moved])).await);
}

#[tokio::test]
async fn loading_may_take_a_while() {
    let accounts = prepared().await;
    accounts.set_switches(|switches| switches.deals_processing_ms = 2_000);
    result(&upload(&accounts, json!([row("new", "2026-03-01 12:01:00")])).await);
    assert_eq!(result(&data(&accounts, "get.deals_in_processing", json!({})).await), &json!({"count": 1}));
    assert_eq!(result(&data(&accounts, "get.deals_history", json!({})).await), &json!([]));
    accounts.clock().advance(Duration::from_secs(2));
    assert_eq!(result(&data(&accounts, "get.deals_in_processing", json!({})).await), &json!({"count": 0}));
    assert_eq!(result(&data(&accounts, "get.deals_history", json!({})).await)[0]["revenue"], json!(4250));
}
