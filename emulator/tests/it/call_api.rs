//! The Call API: starting, listing and ending calls.

use serde_json::{Value, json};
use switchboard_emulator::Accounts;

use crate::support::{accounts, mnemonic, result, rpc};

async fn call(accounts: &Accounts, method: &str, params: Value) -> Value {
    rpc(accounts, "/v4.0", method, params).await
}

fn good() -> Value {
    json!({"first_call": "employee", "switch_at_once": true, "early_switching": true, "direction": "out",
        "virtual_phone_number": "74951234567", "show_virtual_phone_number": false, "contact": "79000000010",
        "external_id": "rcrm-7f3", "employee": {"id": 323_400}})
}

#[tokio::test]
async fn a_call_is_started_listed_and_released() {
    let accounts = accounts();
    let started = call(&accounts, "start.employee_call", good()).await;
    let session = result(&started)["call_session_id"].clone();
    assert!(session.is_u64());
    let listed = call(&accounts, "list.calls", json!({"direction": "out"})).await;
    assert_eq!(result(&listed)[0]["external_id"], json!("rcrm-7f3"));
    assert_eq!(result(&listed)[0]["legs"][0]["state"], json!("Дозвон"));
    assert_eq!(result(&call(&accounts, "list.calls", json!({"direction": "in"})).await), &json!([]));
    let release = json!({"call_session_id": session});
    assert_eq!(result(&call(&accounts, "release.call", release.clone()).await), &json!({"success": "true"}));
    assert_eq!(mnemonic(&call(&accounts, "release.call", release).await).0, "call_session_not_found");
    assert!(accounts.uis().live_calls().is_empty());
}

#[tokio::test]
async fn wrong_calls_are_refused() {
    let accounts = accounts();
    accounts.uis().put_row("blacklist", json!({"id": 1, "phone_number": "79000000666"}));
    let cases: &[(&str, Value, i64, &str)] = &[
        ("virtual_phone_number", json!("70000000000"), -32007, "virtual_phone_number_not_found"),
        ("contact", json!("78121234567"), -32602, "own_virtual_phone_number_not_allowed"),
        ("contact", json!("+79000000010"), -32602, "invalid_parameter_value"),
        ("contact", json!("101"), -32602, "invalid_parameter_value"),
        ("contact", json!("79000000666"), -32002, "contact_in_blacklist"),
        ("employee", json!({"id": 1}), -32602, "employee_not_found"),
        ("employee", json!({"id": 323_400, "phone_number": "79990000000"}), -32602, "no_active_phone_number"),
        ("employee", json!({"id": "323400"}), -32602, "data_type_error"),
        ("first_call", json!("anybody"), -32602, "invalid_parameter_value"),
        ("switch_at_once", json!(false), -32602, "invalid_parameters_combination"),
        ("volume", json!(11), -32602, "unexpected_parameters"),
    ];
    for (name, value, code, wanted) in cases {
        let mut wrong = good();
        wrong[*name] = value.clone();
        let answer = call(&accounts, "start.employee_call", wrong).await;
        assert_eq!(
            (answer["error"]["code"].as_i64(), mnemonic(&answer).0),
            (Some(*code), *wanted),
            "{name}: {value}"
        );
    }
    assert!(accounts.uis().live_calls().is_empty());
    let scenario = json!({"first_call": "contact", "virtual_phone_number": "74951234567", "contact": "79000000010", "scenario_id": 1});
    assert_eq!(mnemonic(&call(&accounts, "start.scenario_call", scenario).await).0, "scenario_not_found");
}
