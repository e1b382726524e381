//! Notes on customers.

use serde_json::{Value, json};

use crate::retailcrm::answer::{Answer, Refusal};
use crate::retailcrm::call::Call;
use crate::retailcrm::links::customer;
use crate::retailcrm::list::{F, Filter, Page};
use crate::retailcrm::route::{LIST, NONE, Route, get, post};
use crate::retailcrm::schema::{Checked, Kind, LONG_TEXT, Schema, may, must};

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/customers/notes", "customer_read", LIST, list),
    post("/api/v5/customers/notes/create", "customer_write", &["note", "site"], create),
    post("/api/v5/customers/notes/{id}/delete", "customer_write", NONE, delete),
];

const NOTE: Schema = Schema {
    entity: "",
    fields: &[
        must("text", LONG_TEXT),
        may("managerId", Kind::User { active: false }),
        must("customer", Kind::Customer),
    ],
};

const FILTERS: &[(&str, F)] = &[
    ("ids", F::Texts),
    ("customerIds", F::Texts),
    ("customerExternalIds", F::Texts),
    ("managerIds", F::Texts),
    ("text", F::Text),
    ("createdAtFrom", F::Moment),
    ("createdAtTo", F::Moment),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, FILTERS)?;
    let notes = call.crm.notes.iter().filter(|row| {
        let customer = row.linked("customer").and_then(|id| call.crm.customers.get(id));
        call.sees(&row.site)
            && filter.allows_id("ids", Some(row.id))
            && filter.allows_id("customerIds", customer.map(|row| row.id))
            && filter.allows("customerExternalIds", customer.and_then(|row| row.external_id.as_deref()))
            && filter.allows_id("managerIds", row.int("managerId"))
            && filter.text("text").is_none_or(|part| row.text("text").is_some_and(|text| text.contains(part)))
            && filter.within_made("createdAtFrom", "createdAtTo", || Some(call.crm.local(row.created_at)))
    });
    let notes = notes.map(|row| {
        json!({
            "id": row.id,
            "text": row.text("text"),
            "createdAt": call.crm.local(row.created_at),
            "managerId": row.int("managerId"),
            "customer": {"type": "customer", "id": row.linked("customer"), "site": row.site},
        })
    });
    let notes: Vec<Value> = notes.collect();
    Ok(page.answer("notes", notes))
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut note = call.entity("note", &NOTE, Checked::Create)?;
    let site = call.site()?;
    let id = customer(call, &note, &site)?;
    if let Some(id) = id {
        note.insert("customer".to_owned(), json!({"id": id}));
    }
    let id = call.crm.notes.insert(None, &site, call.now, note);
    Ok(Answer::created().with("id", id))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.numeric_arg(0)?;
    call.crm.notes.remove(id).map(|_| Answer::ok()).ok_or_else(Refusal::not_found)
}
