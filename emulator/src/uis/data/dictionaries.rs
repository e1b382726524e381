//! Scenarios, sites, campaigns, tags and the dictionaries that are kept as rows.

use serde_json::{Value, json};

use crate::uis::list::{Column, LIST, array, col, extra_array, list};
use crate::uis::method::{Call, Method, Reply, reads};
use crate::uis::rpc::Fault;
use crate::uis::state::Row;

pub(super) const METHODS: &[Method] = &[
    reads("get.scenarios", LIST, scenarios),
    reads("get.sites", LIST, sites),
    reads("get.campaigns", LIST, campaigns),
    reads("get.tags", LIST, tags),
    reads("get.sources", LIST, |call| kept(call, "sources", SOURCES)),
    reads("get.statuses", LIST, |call| kept(call, "statuses", STATUSES)),
    reads("get.schedules", LIST, |call| kept(call, "schedules", SCHEDULES)),
    reads("get.chat_channels", LIST, |call| kept(call, "chat_channels", CHAT_CHANNELS)),
    reads("get.group_employees", LIST, |call| kept(call, "group_employees", GROUPS)),
];

const SCENARIOS: &[Column] = &[
    col("id"),
    col("name"),
    array("virtual_phone_numbers"),
    array("sites"),
    array("campaigns"),
    extra_array("operations"),
];
const SITES: &[Column] = &[
    col("id"),
    col("domain_name"),
    col("name"),
    col("default_phone_number"),
    col("default_scenario"),
    col("target_call_min_duration"),
    col("sales_enabled"),
    col("second_communication_period"),
    col("site_key"),
    col("state"),
];
const CAMPAIGNS: &[Column] = &[
    col("id"),
    col("name"),
    col("status"),
    col("type"),
    col("engine"),
    col("site_id"),
    col("site_domain_name"),
    col("costs"),
];
const TAGS: &[Column] = &[col("id"), col("name"), col("is_system")];
const SOURCES: &[Column] = &[
    col("id"),
    col("name"),
    col("group_id"),
    col("group_name"),
    col("channel_id"),
    col("channel_name"),
    col("channel_mnemonic"),
    col("state"),
    col("is_custom"),
];
const STATUSES: &[Column] =
    &[col("id"), col("name"), col("mnemonic"), col("is_worktime"), col("is_select_allowed")];
const SCHEDULES: &[Column] = &[col("id"), col("name"), array("schedules")];
const CHAT_CHANNELS: &[Column] = &[
    col("id"),
    col("name"),
    col("type"),
    col("status"),
    col("group_id"),
    col("employee_id"),
    col("channel_external_id"),
];
const GROUPS: &[Column] =
    &[col("id"), col("name"), array("members"), array("phone_numbers"), col("group_phone_number")];

fn kept(call: &mut Call<'_>, noun: &str, columns: &[Column]) -> Result<Reply, Fault> {
    list(call, &[columns], call.state.rows(noun).to_vec())
}

fn scenarios(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.state.scenarios.iter().map(|scenario| {
        let numbers = call.state.numbers.iter().filter(|number| number.scenario == Some(scenario.id));
        let numbers: Vec<&str> = numbers.map(|number| number.number.as_str()).collect();
        row(json!({"id": scenario.id, "name": scenario.name, "virtual_phone_numbers": numbers, "sites": [],
            "campaigns": [], "operations": []}))
    });
    list(call, &[SCENARIOS], rows.collect())
}

fn sites(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.state.sites.iter().map(|site| {
        row(
            json!({"id": site.id, "domain_name": site.domain, "name": site.name, "default_phone_number": null,
            "default_scenario": {}, "target_call_min_duration": 30, "sales_enabled": true,
            "second_communication_period": 7, "site_key": format!("site-{}", site.id), "state": "active"}),
        )
    });
    list(call, &[SITES], rows.collect())
}

fn campaigns(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.state.campaigns.iter().map(|campaign| {
        let site = call.state.sites.iter().find(|site| Some(site.id) == campaign.site);
        row(json!({"id": campaign.id, "name": campaign.name, "status": "active", "type": "basic", "engine": null,
            "site_id": campaign.site, "site_domain_name": site.map(|site| site.domain.clone()), "costs": null}))
    });
    list(call, &[CAMPAIGNS], rows.collect())
}

fn tags(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows =
        call.state.tags.iter().map(|tag| row(json!({"id": tag.id, "name": tag.name, "is_system": false})));
    list(call, &[TAGS], rows.collect())
}

fn row(value: Value) -> Row {
    value.as_object().cloned().unwrap_or_default()
}
