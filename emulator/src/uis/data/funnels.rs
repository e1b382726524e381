//! Sales funnels and their stages.

use serde_json::{Value, json};

use crate::uis::deals::{FAILED_ORDER, Funnel, SUCCESS_ORDER, Stage};
use crate::uis::list::{Column, LIST, array, col, list};
use crate::uis::method::{Call, Method, Reply, reads, writes};
use crate::uis::params::{P, Param, need};
use crate::uis::rpc::Fault;

pub(super) const METHODS: &[Method] = &[
    reads("get.sales_funnel", LIST, get),
    writes("create.sales_funnel", CREATED, create),
    writes("update.sales_funnel", &[need("ext_id", P::Text), need("name", P::Text)], update),
    writes("delete.sales_funnel", &[need("ext_id", P::Text)], delete),
    writes("create.sales_funnel_stages", STAGE_OF, create_stage),
    writes("update.sales_funnel_stages", STAGE_OF, update_stage),
    writes(
        "delete.sales_funnel_stages",
        &[need("sales_funnel_ext_id", P::Text), need("ext_id", P::Text)],
        delete_stage,
    ),
];

/// Most stages in process of a funnel; the least is one.
const MOST_STAGES: usize = 100;
/// Largest order of a stage.
const MAX_ORDER: u64 = 10_000;

const COLUMNS: &[Column] = &[col("ext_id"), col("name"), array("stages")];
const END: &[Param] = &[need("ext_id", P::Text), need("name", P::Text)];
const IN_PROCESS: &[Param] = &[need("ext_id", P::Text), need("name", P::Text), need("order", P::Number)];
const STAGES: &[Param] = &[
    need("success", P::Object(END)),
    need("failed", P::Object(END)),
    need("in_process", P::Objects(IN_PROCESS)),
];
const CREATED: &[Param] =
    &[need("ext_id", P::Text), need("name", P::Text), need("stages", P::Object(STAGES))];
const STAGE_OF: &[Param] = &[
    need("sales_funnel_ext_id", P::Text),
    need("ext_id", P::Text),
    need("name", P::Text),
    need("order", P::Number),
];

fn get(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.state.deals.funnels.iter().map(|funnel| {
        let stages: Vec<Value> = funnel
            .stages
            .iter()
            .map(|stage| {
                json!({"stage_ext_id": stage.ext_id, "stage_name": stage.name, "stage_status": stage.status,
                    "stage_order": stage.order})
            })
            .collect();
        let row = json!({"ext_id": funnel.ext_id, "name": funnel.name, "stages": stages});
        row.as_object().cloned().unwrap_or_default()
    });
    list(call, &[COLUMNS], rows.collect())
}

fn create(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let ext_id = call.text("ext_id").unwrap_or_default().to_owned();
    if call.state.deals.funnel(&ext_id).is_some() {
        return Err(Fault::param("duplicate_entity", "ext_id", json!(ext_id)));
    }
    let stages = call.params.get("stages").cloned().unwrap_or_default();
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let end = |name: &str, order: u64| {
        let stage = stages.get(name).cloned().unwrap_or_default();
        Stage { ext_id: text(&stage, "ext_id"), name: text(&stage, "name"), status: name.to_owned(), order }
    };
    let mut all = vec![end("success", SUCCESS_ORDER), end("failed", FAILED_ORDER)];
    let in_process = stages.get("in_process").and_then(Value::as_array).cloned().unwrap_or_default();
    if in_process.is_empty() || in_process.len() > MOST_STAGES {
        return Err(Fault::invalid("stages.in_process", &json!(in_process.len())));
    }
    for stage in &in_process {
        let order = order("stages.in_process.order", stage.get("order"))?;
        let status = "in_process".to_owned();
        all.push(Stage { ext_id: text(stage, "ext_id"), name: text(stage, "name"), status, order });
    }
    for (n, stage) in all.iter().enumerate() {
        let clash =
            all.iter().skip(n + 1).find(|other| other.ext_id == stage.ext_id || other.order == stage.order);
        if let Some(other) = clash {
            return Err(Fault::param("duplicate_entity", "stages", json!(other.ext_id)));
        }
    }
    let mut funnel = Funnel {
        ext_id: ext_id.clone(),
        name: call.text("name").unwrap_or_default().to_owned(),
        stages: all,
    };
    funnel.sort();
    call.state.deals.funnels.push(funnel);
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn update(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let name = call.text("name").unwrap_or_default().to_owned();
    let ext_id = call.text("ext_id").unwrap_or_default().to_owned();
    funnel(call, "ext_id")?.name = name;
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let ext_id = funnel(call, "ext_id")?.ext_id.clone();
    if call.state.deals.standing_in(&ext_id, None) > 0 {
        return Err(Fault::param("already_in_use", "ext_id", json!(ext_id)));
    }
    call.state.deals.funnels.retain(|funnel| funnel.ext_id != ext_id);
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn create_stage(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let stage = stage(call)?;
    let ext_id = stage.ext_id.clone();
    let funnel = funnel(call, "sales_funnel_ext_id")?;
    if funnel.stage(&ext_id).is_some() || funnel.stages.iter().any(|other| other.order == stage.order) {
        return Err(Fault::param("duplicate_entity", "ext_id", json!(ext_id)));
    }
    if funnel.in_process() >= MOST_STAGES {
        return Err(Fault::param("data_limit_exceeded", "sales_funnel_ext_id", json!(MOST_STAGES)));
    }
    funnel.stages.push(stage);
    funnel.sort();
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn update_stage(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let changed = stage(call)?;
    let ext_id = changed.ext_id.clone();
    let funnel = funnel(call, "sales_funnel_ext_id")?;
    let slot = funnel.stages.iter_mut().find(|stage| stage.ext_id == ext_id);
    let slot = slot.ok_or_else(|| Fault::param("entity_not_found", "ext_id", json!(ext_id)))?;
    slot.name = changed.name;
    if slot.status == "in_process" {
        slot.order = changed.order;
    }
    funnel.sort();
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn delete_stage(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let ext_id = call.text("ext_id").unwrap_or_default().to_owned();
    let funnel_id = funnel(call, "sales_funnel_ext_id")?.ext_id.clone();
    if call.state.deals.standing_in(&funnel_id, Some(&ext_id)) > 0 {
        return Err(Fault::param("already_in_use", "ext_id", json!(ext_id)));
    }
    let funnel = funnel(call, "sales_funnel_ext_id")?;
    let stage = funnel.stage(&ext_id).cloned();
    let stage = stage.ok_or_else(|| Fault::param("entity_not_found", "ext_id", json!(ext_id)))?;
    if stage.status != "in_process" || funnel.in_process() == 1 {
        return Err(Fault::param("forbidden", "ext_id", json!(ext_id)));
    }
    funnel.stages.retain(|stage| stage.ext_id != ext_id);
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn funnel<'c>(call: &'c mut Call<'_>, param: &str) -> Result<&'c mut Funnel, Fault> {
    let ext_id = call.text(param).unwrap_or_default().to_owned();
    let missing = Fault::param("entity_not_found", param, json!(ext_id));
    call.state.deals.funnel_mut(&ext_id).ok_or(missing)
}

fn stage(call: &Call<'_>) -> Result<Stage, Fault> {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let order = order("order", call.params.get("order"))?;
    Ok(Stage { ext_id: text("ext_id"), name: text("name"), status: "in_process".to_owned(), order })
}

fn order(at: &str, value: Option<&Value>) -> Result<u64, Fault> {
    let value = value.cloned().unwrap_or_default();
    value.as_u64().filter(|order| *order <= MAX_ORDER).ok_or_else(|| Fault::invalid(at, &value))
}
