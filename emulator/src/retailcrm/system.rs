//! What the account says of itself and of the key.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::route::{NONE, Route, get};

pub(super) const ROUTES: &[Route] = &[
    get("/api/credentials", "", NONE, credentials),
    get("/api/api-versions", "", NONE, api_versions),
    get("/api/system-info", "", NONE, system_info),
    get("/api/v5/settings", "", NONE, settings),
];

/// Every permission there is.
pub(super) const SCOPES: &[&str] = &[
    "analytics_write",
    "cost_read",
    "cost_write",
    "custom_fields_read",
    "custom_fields_write",
    "customer_read",
    "customer_write",
    "delivery_read",
    "delivery_write",
    "file_read",
    "file_write",
    "integration_read",
    "integration_write",
    "loyalty_read",
    "loyalty_write",
    "order_read",
    "order_write",
    "payments_read",
    "payments_write",
    "reference_read",
    "reference_write",
    "segment_read",
    "store_read",
    "store_write",
    "task_read",
    "task_write",
    "telephony_read",
    "telephony_write",
    "user_read",
    "user_write",
    "verification_read",
    "verification_write",
];

fn credentials(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let scopes: Value = match &call.key.scopes {
        Some(scopes) => scopes.iter().map(String::as_str).collect(),
        None => SCOPES.iter().copied().collect(),
    };
    let answer = Answer::ok().with("scopes", scopes).with(
        "credentials",
        json!(["/api/integration-modules/{code}", "/api/integration-modules/{code}/edit"]),
    );
    Ok(match &call.key.sites {
        None => answer.with("siteAccess", "access_full"),
        Some(sites) => answer.with("siteAccess", "access_selective").with("sitesAvailable", sites.clone()),
    })
}

fn api_versions(_: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("versions", json!(["3.0", "4.0", "5.0"])))
}

fn system_info(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok()
        .with("systemVersion", "8.25.7")
        .with("publicUrl", call.base_url.clone())
        .with("technicalUrl", call.base_url.clone()))
}

fn settings(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let setting = |value: Value| json!({"value": value, "updated_at": "2026-01-01 00:00:00"});
    Ok(Answer::ok().with(
        "settings",
        json!({
            "default_currency": setting(json!(call.crm.currency)),
            "system_language": setting(json!("ru")),
            "timezone": setting(json!(call.crm.zone)),
            "work_times": [],
            "non_working_days": [],
        }),
    ))
}
