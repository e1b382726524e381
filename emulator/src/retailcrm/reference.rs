//! Reference data: objects keyed by code, without pages.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::route::{NONE, Route, get};
use crate::switches::EmptyMaps;

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/reference/sites", "reference_read", NONE, sites),
    get("/api/v5/reference/statuses", "reference_read", NONE, |call| rows(call, "statuses")),
    get("/api/v5/reference/status-groups", "reference_read", NONE, |call| rows(call, "statusGroups")),
    get("/api/v5/reference/order-methods", "reference_read", NONE, |call| rows(call, "orderMethods")),
    get("/api/v5/reference/order-types", "reference_read", NONE, |call| rows(call, "orderTypes")),
    get("/api/v5/reference/payment-statuses", "reference_read", NONE, |call| rows(call, "paymentStatuses")),
    get("/api/v5/reference/mg-channels", "reference_read", NONE, mg_channels),
];

/// A map, or `[]` in the place of an empty one when the switch says so.
pub(super) fn map(map: Map<String, Value>, empty: EmptyMaps) -> Value {
    match empty {
        EmptyMaps::List if map.is_empty() => Value::Array(Vec::new()),
        _ => Value::Object(map),
    }
}

fn sites(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let default = call.crm.sites.first().map(|site| site.code.clone());
    let visible = call.crm.sites.iter().zip(1..).filter(|(site, _)| call.sees(&site.code));
    let rows = visible.map(|(site, id)| {
        let row = json!({
            "id": id,
            "code": site.code,
            "name": site.name,
            "url": format!("https://{}.example", site.code),
            "currency": call.crm.currency,
            "defaultForCrm": default.as_ref() == Some(&site.code),
            "ordering": id * 10,
            "isDemo": false,
            "countryIso": "RU",
        });
        (site.code.clone(), row)
    });
    Ok(Answer::ok().with("sites", map(rows.collect(), call.switches.empty_maps)))
}

fn rows(call: &mut Call<'_>, key: &str) -> Result<Answer, Refusal> {
    let rows = call.crm.rows(key).iter().map(|row| {
        let mut all = Map::new();
        all.insert("code".to_owned(), json!(row.code));
        all.insert("name".to_owned(), json!(row.name));
        all.insert("active".to_owned(), json!(row.active));
        all.extend(row.more.clone());
        if key == "statusGroups" {
            let members = call.crm.rows("statuses").iter();
            let members =
                members.filter(|status| status.more.get("group").and_then(Value::as_str) == Some(&row.code));
            all.insert("statuses".to_owned(), members.map(|status| status.code.as_str()).collect());
        }
        (row.code.clone(), Value::Object(all))
    });
    Ok(Answer::ok().with(key, map(rows.collect(), call.switches.empty_maps)))
}

fn mg_channels(_: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::ok().with("mgChannels", json!([])))
}
