//! Virtual numbers.

use serde_json::{Value, json};

use crate::uis::list::{Column, LIST, array, col, list};
use crate::uis::method::{Call, Method, Reply, reads};
use crate::uis::rpc::Fault;
use crate::uis::state::{Row, UisState, VirtualNumber};

pub(super) const METHODS: &[Method] = &[reads("get.virtual_numbers", LIST, get)];

const COLUMNS: &[Column] = &[
    col("id"),
    col("virtual_phone_number"),
    col("redirection_phone_number"),
    col("status"),
    col("type"),
    col("name"),
    col("comment"),
    array("campaigns"),
    array("scenarios"),
];

fn get(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.state.numbers.iter().map(|number| row(number, call.state)).collect();
    list(call, &[COLUMNS], rows)
}

fn row(number: &VirtualNumber, state: &UisState) -> Row {
    let campaign = state.campaigns.iter().find(|one| Some(one.id) == number.campaign);
    let campaigns: Vec<Value> = campaign
        .map(|one| {
            let site = state.sites.iter().find(|site| Some(site.id) == one.site);
            json!({"campaign_id": one.id, "campaign_name": one.name, "site_id": one.site,
                "site_domain_name": site.map(|site| site.domain.clone()), "site_blocks": []})
        })
        .into_iter()
        .collect();
    let scenario = state.scenarios.iter().find(|one| Some(one.id) == number.scenario);
    let scenarios: Vec<Value> = scenario
        .map(|one| {
            json!({"scenario_id": one.id, "scenario_name": one.name, "call_processing_rule_id": one.id + 1000,
                "is_active": true})
        })
        .into_iter()
        .collect();
    let all = json!({
        "id": number.id,
        "virtual_phone_number": number.number,
        "redirection_phone_number": null,
        "status": number.status,
        "type": number.kind,
        "name": number.name,
        "comment": null,
        "campaigns": campaigns,
        "scenarios": scenarios,
    });
    all.as_object().cloned().unwrap_or_default()
}
