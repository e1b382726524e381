//! What an answer of the Data API means.
//!
//! Goes in: a status and the bytes of a body. Comes out: `result`, or a [`UisError`], and the limits that were reported.
//! An error's `code` is not unique, so its `data.mnemonic` decides; the code only when there is none (reference,
//! sections 5.1 and 5.4). Every row of the vendor's table of mnemonics has its test below.

use serde_json::Value;

use super::error::UisError;
use super::limits::Limits;

/// Longest vendor's word that is kept.
const MAX_WORD_CHARS: usize = 100;

/// Reads an answer.
pub(super) fn read(status: u16, body: &[u8]) -> (Result<Value, UisError>, Limits) {
    let Ok(Value::Object(mut json)) = serde_json::from_slice::<Value>(body) else {
        return (Err(unreadable(status, "not a JSON object")), Limits::default());
    };
    if let Some(error) = json.get("error").filter(|error| !error.is_null()) {
        let limits = error.get("data").map(Limits::read).unwrap_or_default();
        return (Err(failed(error, &limits)), limits);
    }
    match json.remove("result") {
        Some(result) if status == 200 => {
            let limits = Limits::read(&result);
            (Ok(result), limits)
        }
        _ => (Err(unreadable(status, "no `result`")), Limits::default()),
    }
}

fn unreadable(status: u16, reason: &str) -> UisError {
    UisError::Unreadable { status, reason: reason.to_owned() }
}

fn failed(error: &Value, limits: &Limits) -> UisError {
    let code = error.get("code").and_then(Value::as_i64).unwrap_or(0);
    let data = error.get("data");
    let word = |name| {
        let text = data.and_then(|data| data.get(name)).and_then(Value::as_str).unwrap_or_default();
        text.chars().take(MAX_WORD_CHARS).collect::<String>()
    };
    let named = word("mnemonic");
    let mnemonic = if named.is_empty() { code.to_string() } else { named.clone() };
    match named.as_str() {
        "limit_exceeded" => UisError::LimitExceeded { wait: limits.wait_after_refusal() },
        "internal_error" => UisError::Outage { mnemonic },
        "access_token_expired"
        | "access_token_blocked"
        | "access_token_invalid"
        | "auth_error"
        | "ip_not_whitelisted"
        | "account_inactive" => UisError::Refused { mnemonic },
        "method_component_disabled"
        | "parameter_component_disabled"
        | "component_disabled"
        | "tariff_restrictions" => UisError::OptionMissing { mnemonic },
        // Two meanings: no right to the method, or a system entity that nobody may change.
        "forbidden" if code == -32003 => UisError::Refused { mnemonic },
        _ => by_code(code, mnemonic, word("field")),
    }
}

/// For mnemonics that are not in the table, and for errors without one.
fn by_code(code: i64, mnemonic: String, field: String) -> UisError {
    match code {
        -32603 => UisError::Outage { mnemonic },
        -32001 | -32003 | -32009 => UisError::Refused { mnemonic },
        -32008 => UisError::OptionMissing { mnemonic },
        -32029 => UisError::LimitExceeded { wait: Limits::default().wait_after_refusal() },
        _ => UisError::Misuse { mnemonic, field },
    }
}

#[cfg(test)]
mod tests {
    use super::super::error::Class;
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(code: i64, mnemonics: &[&str], name: &str, class: Class) {
        for mnemonic in mnemonics {
            let body = json!({"jsonrpc": "2.0", "id": null, "error": {"code": code, "message": "No",
                "data": {"mnemonic": mnemonic, "field": "limit", "params": {}}}});
            let (result, _) = read(200, body.to_string().as_bytes());
            let error = result.expect_err(mnemonic);
            assert_eq!((error.name(), error.class()), (name, class), "{mnemonic}: {error}");
        }
    }

    #[test]
    fn every_mnemonic_of_the_table_has_its_class() {
        check(-32700, &["parse_error"], "misuse", Class::Permanent);
        check(-32600, &["invalid_request"], "misuse", Class::Permanent);
        check(-32601, &["method_not_found"], "misuse", Class::Permanent);
        let wrong = [
            "data_type_error",
            "required_parameter_missed",
            "invalid_parameter_value",
            "unexpected_parameters",
            "invalid_parameters_combination",
            "error",
            "sort_prohibited",
            "filter_prohibited",
            "date_interval_limit_reached",
            "entity_not_found",
            "duplicate_entity",
            "dependency_error",
            "campaign_is_inactive",
            "invalid_date_time",
            "data_limit_exceeded",
            "already_in_use",
            "forbidden",
        ];
        check(-32602, &wrong, "misuse", Class::Permanent);
        check(-32602, &["tariff_restrictions"], "option_missing", Class::Permanent);
        check(-32603, &["internal_error"], "outage", Class::Retry);
        let token = ["access_token_expired", "access_token_blocked", "access_token_invalid", "auth_error"];
        check(-32001, &token, "refused", Class::Stop);
        check(-32003, &["ip_not_whitelisted", "forbidden"], "refused", Class::Stop);
        check(-32004, &["invalid_state"], "misuse", Class::Permanent);
        check(-32007, &["virtual_phone_number_not_found"], "misuse", Class::Permanent);
        let options = ["method_component_disabled", "parameter_component_disabled", "component_disabled"];
        check(-32008, &options, "option_missing", Class::Permanent);
        check(-32009, &["account_inactive"], "refused", Class::Stop);
        check(-32029, &["limit_exceeded"], "limit_exceeded", Class::Retry);
        check(
            -32099,
            &["batch_opreations_not_supported", "notifications_not_supported"],
            "misuse",
            Class::Permanent,
        );
    }

    #[test]
    fn the_code_serves_when_the_mnemonic_is_unknown_or_absent() {
        check(-32603, &["brand_new", ""], "outage", Class::Retry);
        check(-32001, &["brand_new"], "refused", Class::Stop);
        check(-32029, &["brand_new"], "limit_exceeded", Class::Retry);
        check(-1, &["brand_new"], "misuse", Class::Permanent);
        let (result, _) = read(500, br#"{"error": {"code": -32603}}"#);
        assert_eq!(result, Err(UisError::Outage { mnemonic: "-32603".to_owned() }));
    }

    #[test]
    fn a_limit_says_how_long_to_wait() {
        let body = json!({"error": {"code": -32029, "data": {"mnemonic": "limit_exceeded",
            "metadata": {"limits": {"minute_remaining": 0, "minute_reset": 17, "day_remaining": 5, "day_reset": 900}}}}});
        let (result, _) = read(200, body.to_string().as_bytes());
        assert_eq!(result, Err(UisError::LimitExceeded { wait: std::time::Duration::from_secs(17) }));
    }

    #[test]
    fn what_is_no_answer_is_asked_again() {
        for (status, body) in
            [(502, "<html>"), (200, ""), (200, "[]"), (200, "{}"), (500, r#"{"result":{}}"#)]
        {
            let (result, _) = read(status, body.as_bytes());
            let error = result.expect_err(body);
            assert_eq!((error.name(), error.class()), ("unreadable", Class::Retry), "{status} {body}");
        }
    }
}
