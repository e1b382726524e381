//! Histories of deals: all rows of an upload are taken, or none.
//!
//! The rules of a row, in the order in which they are looked at: funnel and stage exist; nothing is created in the
//! future; times do not run backwards within a deal; contacts and the main one come together and exist; so do employee,
//! communication pair and own fields; another contact or communication needs newer `modified_…`. A stage that was
//! skipped is made up (`is_generated`).

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::clock::later;
use crate::uis::deals::{Deal, Deals, Step};
use crate::uis::list::{Column, LIST, array, col, list};
use crate::uis::method::{Call, Method, Reply, reads, writes};
use crate::uis::params::{P, Param, need, opt};
use crate::uis::rpc::Fault;

pub(super) const METHODS: &[Method] = &[
    writes("upload.deals_history", &[need("deals", P::Objects(ROW))], upload),
    reads("get.deals_history", LIST, get),
    reads("get.deals_in_processing", &[], in_processing),
    writes("delete.deals", &[need("ext_ids", P::Texts)], delete),
];

/// Most rows in one upload.
const MOST_ROWS: usize = 1_000;

const FIELD: &[Param] = &[need("ext_id", P::Text), need("value", P::Text)];
const TAG: &[Param] = &[need("ext_id", P::Text), need("name", P::Text)];
const ROW: &[Param] = &[
    need("ext_id", P::Text),
    need("name", P::Text),
    need("created_date_time", P::Moment),
    opt("modified_date_time", P::Moment),
    need("modified_stage_date_time", P::Moment),
    opt("closed_date_time", P::Moment),
    need("sales_funnel_ext_id", P::Text),
    need("stage_ext_id", P::Text),
    opt("contact_ext_ids", P::Texts),
    opt("main_contact_ext_id", P::Text),
    opt("employee_ext_id", P::Text),
    opt("revenue", P::Number),
    opt("comments", P::Text),
    opt("source", P::Text),
    opt("lead_ext_id", P::Text),
    opt("company_ext_id", P::Text),
    opt("communication_id", P::Number),
    opt("communication_type", P::OneOf(&["chat", "offline_message", "call", "goal", "email"])),
    opt("user_fields", P::Objects(FIELD)),
    opt("tags", P::Objects(TAG)),
    opt("child_customer_id", P::Number),
];

const COLUMNS: &[Column] = &[
    col("ext_id"),
    col("name"),
    col("created_date_time"),
    col("closed_date_time"),
    col("modified_stage_date_time"),
    array("contact_ext_ids"),
    col("main_contact_ext_id"),
    col("employee_ext_id"),
    col("revenue"),
    col("sales_funnel_ext_id"),
    col("stage_ext_id"),
    col("comments"),
    col("source"),
    col("is_generated"),
    col("communication_id"),
    col("communication_type"),
];

fn upload(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.params.get("deals").and_then(Value::as_array).cloned().unwrap_or_default();
    if rows.is_empty() {
        return Err(Fault::missed("deals"));
    }
    if rows.len() > MOST_ROWS {
        return Err(Fault::param("data_limit_exceeded", "deals", json!(rows.len())));
    }
    // Copies of the deals take the rows one by one; they become the truth only when every row is good.
    let mut copies: BTreeMap<String, Deal> = BTreeMap::new();
    for row in rows.iter().filter_map(Value::as_object) {
        take(call, &mut copies, row)?;
    }
    call.state.deals.deals.extend(copies);
    Ok(Reply::data(json!({})))
}

fn take(call: &Call<'_>, copies: &mut BTreeMap<String, Deal>, row: &Map<String, Value>) -> Result<(), Fault> {
    let deals = &call.state.deals;
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let at = |name: &str| format!("deals.{name}");
    let wrong = |name: &str| Fault::invalid(at(name), row.get(name).unwrap_or(&Value::Null));
    let missing =
        |name: &str| Fault::param("entity_not_found", at(name), row.get(name).cloned().unwrap_or_default());
    let now = call.state.local(call.now);
    if is_unlucky(text("ext_id"), call.switches.deals_refused_percent) {
        return Err(wrong("name"));
    }

    let funnel = deals.funnel(text("sales_funnel_ext_id")).ok_or_else(|| missing("sales_funnel_ext_id"))?;
    let stage = funnel.stage(text("stage_ext_id")).ok_or_else(|| missing("stage_ext_id"))?.clone();
    let created = text("created_date_time");
    let modified_stage = text("modified_stage_date_time");
    let modified = row.get("modified_date_time").and_then(Value::as_str).unwrap_or(&now).to_owned();
    if created > now.as_str() {
        return Err(wrong("created_date_time"));
    }
    if modified_stage < created {
        return Err(wrong("modified_stage_date_time"));
    }
    if row.get("closed_date_time").and_then(Value::as_str).is_some_and(|closed| closed < created) {
        return Err(wrong("closed_date_time"));
    }
    let known = copies.get(text("ext_id")).or_else(|| deals.deals.get(text("ext_id")));
    let last = known.and_then(|deal| deal.history.last());
    if last.is_some_and(|last| modified_stage < last.modified_stage.as_str()) {
        return Err(wrong("modified_stage_date_time"));
    }
    parties(deals, row)?;
    if call.switches.deals_check_communications
        && let Some(id) = row.get("communication_id").and_then(Value::as_u64)
        && !known_communication(call, id)
    {
        return Err(missing("communication_id"));
    }
    if let Some(last) = last {
        let moved = ["contact_ext_ids", "main_contact_ext_id", "communication_id", "communication_type"]
            .into_iter()
            .find(|name| last.row.get(*name) != row.get(*name));
        let newer = modified > last.modified || modified_stage > last.modified_stage.as_str();
        if let Some(name) = moved
            && !newer
        {
            return Err(Fault::param(
                "invalid_parameters_combination",
                at(name),
                row.get(name).cloned().unwrap_or_default(),
            ));
        }
    }
    // Stages that were jumped over, made up with the time of the arrival.
    let from = last.and_then(|last| last.row.get("stage_ext_id")).and_then(Value::as_str);
    let from = from.and_then(|ext_id| funnel.stage(ext_id)).filter(|stage| stage.status == "in_process");
    let skipped = funnel.stages.iter().filter(|one| {
        let behind = last.is_none() || from.is_some_and(|from| one.order > from.order);
        one.status == "in_process" && behind && one.order < stage.order && stage.status != "failed"
    });
    let step = |stage_ext_id: &str, is_generated: bool| {
        let mut row = row.clone();
        row.insert("stage_ext_id".to_owned(), json!(stage_ext_id));
        Step {
            row,
            modified_stage: modified_stage.to_owned(),
            modified: modified.clone(),
            is_generated,
            uploaded: call.now,
        }
    };
    let mut steps: Vec<Step> = skipped.map(|one| step(&one.ext_id, true)).collect();
    steps.push(step(&stage.ext_id, false));
    let mut deal = known.cloned().unwrap_or_else(|| Deal { history: Vec::new() });
    deal.history.extend(steps);
    copies.insert(text("ext_id").to_owned(), deal);
    Ok(())
}

/// Whether a deal is one of those of which every row is refused.
pub(in crate::uis) fn is_unlucky(ext_id: &str, percent: u32) -> bool {
    let sum = ext_id.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    // The last digits of names in a row differ too regularly to stand for chance.
    (sum ^ (sum >> 7)).wrapping_mul(2_654_435_761) % 100 < percent
}

/// Whether there is a call, chat or request of this number.
fn known_communication(call: &Call<'_>, id: u64) -> bool {
    ["calls", "chats", "offline_messages"].into_iter().any(|noun| {
        let is = |row: &Map<String, Value>| {
            ["communication_id", "id"].iter().any(|name| row.get(*name).and_then(Value::as_u64) == Some(id))
        };
        call.state.rows(noun).iter().any(is)
    })
}

/// Everybody and everything that a row names.
fn parties(deals: &Deals, row: &Map<String, Value>) -> Result<(), Fault> {
    let at = |name: &str| format!("deals.{name}");
    let text = |name: &str| row.get(name).and_then(Value::as_str);
    let combination = |name: &str| {
        Fault::param("invalid_parameters_combination", at(name), row.get(name).cloned().unwrap_or_default())
    };
    let contacts = row.get("contact_ext_ids").and_then(Value::as_array).filter(|list| !list.is_empty());
    match (contacts, text("main_contact_ext_id")) {
        (None, None) => {}
        (Some(contacts), Some(main)) => {
            if !contacts.iter().any(|contact| contact == main) {
                return Err(combination("main_contact_ext_id"));
            }
            let unknown =
                contacts.iter().find(|one| !one.as_str().is_some_and(|id| deals.contacts.contains_key(id)));
            if let Some(unknown) = unknown {
                return Err(Fault::param("entity_not_found", at("contact_ext_ids"), unknown.clone()));
            }
        }
        (None, Some(_)) => return Err(combination("main_contact_ext_id")),
        (Some(_), None) => return Err(combination("contact_ext_ids")),
    }
    if let Some(employee) = text("employee_ext_id").filter(|id| !deals.employees.contains_key(*id)) {
        return Err(Fault::param("entity_not_found", at("employee_ext_id"), json!(employee)));
    }
    if row.contains_key("communication_id") != row.contains_key("communication_type") {
        return Err(combination("communication_id"));
    }
    let fields = row.get("user_fields").and_then(Value::as_array).cloned().unwrap_or_default();
    for field in &fields {
        let known = field.get("ext_id").and_then(Value::as_str).and_then(|id| deals.fields.get(id));
        let (_, kind) =
            known.ok_or_else(|| Fault::param("entity_not_found", at("user_fields.ext_id"), field.clone()))?;
        let value = field.get("value").and_then(Value::as_str).unwrap_or_default();
        if kind == "numeric" && value.parse::<f64>().is_err() {
            return Err(Fault::invalid(at("user_fields.value"), &json!(value)));
        }
    }
    Ok(())
}

/// Histories of deals that are through processing.
fn get(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let steps = call.state.deals.deals.values().flat_map(|deal| &deal.history);
    let done = steps.filter(|step| !processing(call, step));
    let rows = done.map(|step| {
        let mut row = step.row.clone();
        row.insert("is_generated".to_owned(), json!(step.is_generated));
        row
    });
    list(call, &[COLUMNS], rows.collect())
}

fn in_processing(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let deals = call.state.deals.deals.values();
    let count = deals.filter(|deal| deal.history.iter().any(|step| processing(call, step))).count();
    Ok(Reply::data(json!({"count": count})))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let ids = call.params.get("ext_ids").and_then(Value::as_array).cloned().unwrap_or_default();
    let ids: Vec<String> = ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect();
    if let Some(unknown) = ids.iter().find(|id| !call.state.deals.deals.contains_key(*id)) {
        return Err(Fault::param("entity_not_found", "ext_ids", json!(unknown)));
    }
    for id in ids {
        call.state.deals.deals.remove(&id);
    }
    Ok(Reply::data(json!({})))
}

fn processing(call: &Call<'_>, step: &Step) -> bool {
    later(step.uploaded, Duration::from_millis(call.switches.deals_processing_ms)) > call.now
}
