//! The vendor's table of errors, one entry a row, then what is not in it.

use super::super::error::Class;
use super::*;

/// What `status` and `body` are read as: a short name and what follows from it.
#[track_caller]
fn check(status: u16, body: &str, name: &str, class: Class, may_have_happened: bool) {
    let error = read(status, body.as_bytes()).expect_err(body);
    assert_eq!(error.name(), name, "{status} {body}: {error}");
    assert_eq!(error.class(), class, "{status} {body}: {error}");
    assert_eq!(error.may_have_happened(), may_have_happened, "{status} {body}: {error}");
}

fn no(message: &str) -> String {
    serde_json::json!({"success": false, "errorMsg": message}).to_string()
}

fn no_because(message: &str, errors: Value) -> String {
    serde_json::json!({"success": false, "errorMsg": message, "errors": errors}).to_string()
}

#[test]
fn a_wrong_key_stops_the_account() {
    check(403, &no("Wrong \"apiKey\" value."), "bad_key", Class::StopAccount, false);
    check(401, &no("Unauthorized"), "bad_key", Class::StopAccount, false);
}

#[test]
fn a_missing_key_stops_the_account() {
    for status in [400, 403] {
        check(status, &no("\"apiKey\" is missing."), "bad_key", Class::StopAccount, false);
    }
}

#[test]
fn a_denied_scope_waits_for_the_administrator() {
    check(403, &no("Access denied."), "access_denied", Class::RetrySlowly, false);
    check(403, &no("Доступ запрещён"), "access_denied", Class::RetrySlowly, false);
}

#[test]
fn an_account_that_does_not_exist_stops() {
    check(404, &no("Account does not exist."), "no_account", Class::StopAccount, false);
}

#[test]
fn a_page_instead_of_an_answer_stops_the_account() {
    let page = "<!DOCTYPE html><html><body>Not here</body></html>";
    for status in [200, 301, 400, 403, 404, 405] {
        check(status, page, "not_an_api", Class::StopAccount, true);
    }
    check(405, "\u{feff}\n  <html>", "not_an_api", Class::StopAccount, true);
    check(302, "", "not_an_api", Class::StopAccount, true);
    check(404, "no such thing", "not_an_api", Class::StopAccount, true);
}

#[test]
fn a_path_that_does_not_exist_is_our_fault() {
    check(404, &no("API method not found"), "misuse", Class::Permanent, false);
}

#[test]
fn a_method_that_is_not_allowed_is_our_fault() {
    check(405, &no("Method Not Allowed"), "misuse", Class::Permanent, false);
}

#[test]
fn a_missing_record_is_told_apart_from_a_merged_one() {
    check(404, &no("Not found"), "not_found", Class::Permanent, false);
    check(404, &no("Не найдено"), "not_found", Class::Permanent, false);
    let merged = r#"{"success":false,"errorMsg":"Not found","combinedTo":{"id":"4771","externalId":null}}"#;
    assert_eq!(read(404, merged.as_bytes()), Err(CrmError::Merged { into: 4771, site: None }));
    let elsewhere = r#"{"success":false,"combinedTo":{"id":4771,"site":"main"}}"#;
    assert_eq!(
        read(404, elsewhere.as_bytes()),
        Err(CrmError::Merged { into: 4771, site: Some("main".to_owned()) })
    );
}

#[test]
fn a_missing_part_is_our_fault() {
    check(400, &no("Parameter 'order' is missing"), "misuse", Class::Permanent, false);
}

#[test]
fn refused_content_is_permanent_and_names_its_fields() {
    for message in ["Errors in the entity format", "Validation error"] {
        let errors =
            serde_json::json!({"performerId": "This value should not be blank.", "text": ["a", "b"]});
        let body = no_because(message, errors);
        check(400, &body, "refused", Class::Permanent, false);
        let Err(CrmError::Refused(refusal)) = read(400, body.as_bytes()) else { panic!() };
        assert_eq!(
            refusal.to_string(),
            format!("400 `{message}`; performerId: This value should not be blank.; text: a; b")
        );
    }
}

#[test]
fn errors_may_be_a_list_or_absent() {
    let body = no_because("Validation error", serde_json::json!(["first", "second"]));
    let Err(CrmError::Refused(refusal)) = read(400, body.as_bytes()) else { panic!() };
    assert_eq!(refusal.to_string(), "400 `Validation error`; first; second");
    check(400, &no(""), "refused", Class::Permanent, false);
    check(422, "{}", "refused", Class::Permanent, false);
}

#[test]
fn refused_filters_are_permanent() {
    check(400, &no("Errors in the input parameters"), "refused", Class::Permanent, false);
}

#[test]
fn a_known_external_id_is_told_apart_wherever_it_stands() {
    let text = "Order with externalId=uis-1 already exists.";
    check(400, &no(text), "already_exists", Class::Permanent, false);
    for errors in [serde_json::json!({"externalId": text}), serde_json::json!([text])] {
        check(
            400,
            &no_because("Errors in the entity format", errors),
            "already_exists",
            Class::Permanent,
            false,
        );
    }
    let russian = serde_json::json!({"externalId": "Заказ с externalId=uis-1 уже существует."});
    check(400, &no_because("Ошибка", russian), "already_exists", Class::Permanent, false);
}

#[test]
fn telephony_that_is_off_waits_for_the_administrator() {
    for status in [400, 200] {
        for message in ["Telephony not enabled", "Telephony not enabled or not supports calls upload"] {
            check(status, &no(message), "telephony_off", Class::RetrySlowly, false);
        }
    }
}

#[test]
fn half_a_success_of_an_upload_is_neither() {
    check(460, &no("Customers are loaded with errors"), "partial", Class::Permanent, true);
}

#[test]
fn the_limit_is_a_retry_in_every_wording() {
    for message in ["Rate limit exceeded", "Too many requests", "Превышен лимит"] {
        check(503, &no(message), "rate_limited", Class::Retry, false);
    }
    check(429, &no("slow down"), "rate_limited", Class::Retry, false);
    check(429, "", "rate_limited", Class::Retry, false);
    check(429, "<html>", "rate_limited", Class::Retry, false);
}

#[test]
fn other_server_errors_leave_the_outcome_open() {
    for status in [500, 502, 504, 520] {
        for body in ["", "oops", "<html>", "{\"success\":false}"] {
            check(status, body, "outage", Class::Unknown, true);
        }
    }
    // Not in the vendor's words: any gateway may have said so.
    check(503, "<html>Service Unavailable</html>", "outage", Class::Unknown, true);
    check(503, "", "outage", Class::Unknown, true);
}

#[test]
fn a_good_status_without_a_readable_answer_leaves_the_outcome_open() {
    for body in ["", "{\"success\":true", "[]", "null", "{}", "{\"success\":\"yes\"}", "\u{0}"] {
        check(201, body, "unreadable", Class::Unknown, true);
    }
}

#[test]
fn a_no_is_an_error_whatever_the_status() {
    check(200, &no("Errors in the entity format"), "refused", Class::Permanent, false);
}

#[test]
fn any_2xx_with_success_is_success() {
    for status in [200, 201, 202] {
        let json = read(status, br#"{"success":true,"id":4770}"#).expect("success");
        assert_eq!(json.get("id"), Some(&Value::from(4770)));
    }
}

#[test]
fn long_complaints_are_cut() {
    let errors: Value = (0..100)
        .map(|n| (n.to_string(), Value::from("é".repeat(2000))))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let Err(CrmError::Refused(refusal)) = read(400, no_because(&"m".repeat(9000), errors).as_bytes()) else {
        panic!()
    };
    assert_eq!(refusal.fields.len(), MAX_FIELDS);
    assert!(refusal.fields.iter().all(|field| field.text.chars().count() == MAX_TEXT_CHARS));
    assert_eq!(refusal.message.len(), MAX_TEXT_CHARS);
}

proptest::proptest! {
    #[test]
    fn nothing_that_is_not_a_plain_yes_is_read_as_success(status in 100u16..600, body in ".{0,64}") {
        if read(status, body.as_bytes()).is_ok() {
            let json: Value = serde_json::from_str(&body).expect("success is JSON");
            proptest::prop_assert!((200..300).contains(&status));
            proptest::prop_assert_eq!(json.get("success"), Some(&Value::Bool(true)));
        }
    }
}
