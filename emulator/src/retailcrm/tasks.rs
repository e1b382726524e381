//! Tasks. They have no external id; their due time has no seconds.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal};
use super::call::{Call, merge};
use super::history::history;
use super::links::{customer, order};
use super::list::{F, Filter, Page};
use super::record::Record;
use super::route::{LIST, NONE, Route, get, post};
use super::schema::{Checked, Kind, LONG_TEXT, Schema, TEXT, may, must};
use super::search::Search;
use crate::switches::TaskTextSearch;

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/tasks", "task_read", LIST, list),
    get("/api/v5/tasks/{id}", "task_read", NONE, read),
    get("/api/v5/tasks/{id}/comments", "task_read", LIST, comments),
    get("/api/v5/tasks/history", "task_read", LIST, |call| history(call, "task", HISTORY_FILTERS)),
    post("/api/v5/tasks/create", "task_write", &["task", "site"], create),
    post("/api/v5/tasks/{id}/edit", "task_write", &["task", "site"], edit),
];

const TASK: Schema = Schema {
    entity: "task",
    fields: &[
        must("text", TEXT),
        may("commentary", LONG_TEXT),
        may("datetime", Kind::Minute),
        must("performerId", Kind::User { active: true }),
        may("phone", TEXT),
        may("phoneSite", Kind::Site),
        may("customer", Kind::Customer),
        may("order", Kind::Order),
        may("complete", Kind::Bool),
    ],
};

const FILTERS: &[(&str, F)] = &[
    ("ids", F::Texts),
    ("orderNumber", F::Text),
    ("customer", F::Text),
    ("status", F::Text),
    ("text", F::Text),
    ("performers", F::Texts),
    ("creators", F::Texts),
    ("dateFrom", F::Moment),
    ("dateTo", F::Moment),
    ("createdAtFrom", F::Moment),
    ("createdAtTo", F::Moment),
    ("completedAtFrom", F::Moment),
    ("completedAtTo", F::Moment),
];

const HISTORY_FILTERS: &[(&str, F)] =
    &[("sinceId", F::Int), ("taskId", F::Int), ("startDate", F::Moment), ("endDate", F::Moment)];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, FILTERS)?;
    if filter.text("status").is_some_and(|status| !matches!(status, "performing" | "completed")) {
        return Err(Refusal::parameter("filter[status]", "The value you selected is not a valid choice."));
    }
    let whose = filter.text("customer").map(|wanted| Search::new(wanted, call.switches.phone_search));
    let found = call.crm.tasks.iter().rev().filter(|row| {
        let customer = row.linked("customer").and_then(|id| call.crm.customers.get(id));
        call.sees(&row.site)
            && whose.as_ref().is_none_or(|whose| customer.is_some_and(|row| whose.finds(row)))
            && call.crm.is_indexed(row, call.switches, call.now)
            && passes(call, row, &filter)
    });
    let found: Vec<&Record> = found.collect();
    let (rows, pagination) = page.of_rows(found);
    let tasks: Vec<Value> = rows.into_iter().map(|row| render(call, row)).collect();
    Ok(Answer::ok().with("pagination", pagination).with("tasks", tasks))
}

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let row = find(call)?;
    Ok(Answer::ok().with("task", render(call, row)))
}

fn comments(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    find(call)?;
    let page = Page::of(call)?;
    Ok(page.answer("comments", Vec::new()))
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut task = call.entity("task", &TASK, Checked::Create)?;
    let site = call.site()?;
    link(call, &mut task, &site)?;
    let mut fields = Map::new();
    fields.insert("complete".to_owned(), json!(false));
    fields.insert("performerType".to_owned(), json!("user"));
    merge(&mut fields, task);
    complete(call, &mut fields);
    let id = call.crm.tasks.insert(None, &site, call.now, fields);
    if let Some(row) = call.crm.tasks.get(id) {
        let snapshot = render(call, row);
        call.change("task", json!({"created": true, "task": snapshot}));
    }
    Ok(Answer::created().with("id", id))
}

fn edit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut task = call.entity("task", &TASK, Checked::Edit)?;
    let site = call.site()?;
    let row = find(call)?;
    let (id, before) = (row.id, row.fields.clone());
    link(call, &mut task, &site)?;
    let mut fields = before.clone();
    merge(&mut fields, task);
    complete(call, &mut fields);
    call.changes("task", id, &before, &fields);
    if let Some(row) = call.crm.tasks.get_mut(id) {
        row.fields = fields;
    }
    Ok(Answer::ok())
}

fn find<'c>(call: &'c Call<'_>) -> Result<&'c Record, Refusal> {
    let row = call.crm.tasks.get(call.numeric_arg(0)?);
    row.filter(|row| call.sees(&row.site)).ok_or_else(Refusal::not_found)
}

/// Replaces customer and order of a checked task by their numbers.
fn link(call: &Call<'_>, task: &mut Map<String, Value>, site: &str) -> Result<(), Refusal> {
    if let Some(id) = customer(call, task, site)? {
        task.insert("customer".to_owned(), json!({"id": id}));
    }
    if let Some(id) = order(call, task, site)? {
        task.insert("order".to_owned(), json!({"id": id}));
    }
    Ok(())
}

/// Notes when a task was completed.
fn complete(call: &Call<'_>, fields: &mut Map<String, Value>) {
    let done = fields.get("complete").and_then(Value::as_bool).unwrap_or(false);
    if done && !fields.contains_key("completedAt") {
        fields.insert("completedAt".to_owned(), json!(call.crm.local(call.now)));
    } else if !done {
        fields.shift_remove("completedAt");
    }
}

fn passes(call: &Call<'_>, row: &Record, filter: &Filter) -> bool {
    let order = row.linked("order").and_then(|id| call.crm.orders.get(id));
    let has = |name: &str, part: &str| {
        row.text(name).is_some_and(|text| text.to_lowercase().contains(&part.to_lowercase()))
    };
    filter.allows_id("ids", Some(row.id))
        && filter
            .text("orderNumber")
            .is_none_or(|number| order.is_some_and(|row| row.text("number") == Some(number)))
        && filter.text("status").is_none_or(|status| row.flag("complete") == (status == "completed"))
        && filter.text("text").is_none_or(|part| {
            let in_commentary = call.switches.task_text_search == TaskTextSearch::TextAndCommentary;
            has("text", part) || (in_commentary && has("commentary", part))
        })
        && filter.allows_id("performers", row.int("performerId"))
        && filter.texts("creators").is_none()
        && filter.within("dateFrom", "dateTo", row.text("datetime"))
        && filter.within_made("createdAtFrom", "createdAtTo", || Some(call.crm.local(row.created_at)))
        && filter.within("completedAtFrom", "completedAtTo", row.text("completedAt"))
}

fn render(call: &Call<'_>, row: &Record) -> Value {
    let mut all = Map::new();
    all.insert("id".to_owned(), json!(row.id));
    all.extend(row.fields.clone());
    all.insert("createdAt".to_owned(), json!(call.crm.local(row.created_at)));
    all.insert("performer".to_owned(), json!(row.int("performerId")));
    if let Some(customer) = row.linked("customer").and_then(|id| call.crm.customers.get(id)) {
        let link = json!({"type": "customer", "id": customer.id, "externalId": customer.external_id, "site": customer.site});
        all.insert("customer".to_owned(), link);
    }
    if let Some(order) = row.linked("order").and_then(|id| call.crm.orders.get(id)) {
        let link = json!({"id": order.id, "externalId": order.external_id, "number": order.text("number"), "site": order.site});
        all.insert("order".to_owned(), link);
    }
    Value::Object(all)
}
