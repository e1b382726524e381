//! Creating and editing orders.

use serde_json::{Map, Value, json};

use super::fields::ORDER;
use super::render;
use super::totals::sum_up;
use crate::retailcrm::answer::{Answer, Refusal};
use crate::retailcrm::call::{Call, merge, take_external_id};
use crate::retailcrm::links::customer;
use crate::retailcrm::route::{Route, post};
use crate::retailcrm::schema::Checked;

pub(super) const ROUTES: &[Route] = &[
    post("/api/v5/orders/create", "order_write", &["order", "site"], create),
    post("/api/v5/orders/{x}/edit", "order_write", &["order", "by", "site"], edit),
];

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let order = call.entity("order", &ORDER, Checked::Create)?;
    let site = call.site()?;
    let id = create_in(call, &site, order)?;
    let order = call.crm.orders.get(id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::created().with("id", id).with("order", render(call.crm, call.switches, order)))
}

fn edit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let order = call.entity("order", &ORDER, Checked::Edit)?;
    call.site()?;
    let id = call.find(&call.crm.orders)?.id;
    edit_in(call, id, order)?;
    let order = call.crm.orders.get(id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("id", id).with("order", render(call.crm, call.switches, order)))
}

/// Stores a checked order.
///
/// # Errors
/// 400 when its external id is taken or its customer unknown.
pub(in crate::retailcrm) fn create_in(
    call: &mut Call<'_>,
    site: &str,
    mut order: Map<String, Value>,
) -> Result<u64, Refusal> {
    let external_id = take_external_id(&mut order);
    call.free_external_id(&call.crm.orders, "Order", external_id.as_deref(), site, None)?;
    link_customer(call, &mut order, site)?;
    let created_at = order.shift_remove("createdAt");
    let created_at = created_at.and_then(|at| call.crm.moment(at.as_str()?)).unwrap_or(call.now);
    for (name, reference) in
        [("status", "statuses"), ("orderType", "orderTypes"), ("orderMethod", "orderMethods")]
    {
        if order.get(name).is_none_or(Value::is_null)
            && let Some(code) = call.crm.default_code(reference)
        {
            order.insert(name.to_owned(), json!(code));
        }
    }
    let mut fields = Map::new();
    fields.insert("statusUpdatedAt".to_owned(), json!(call.crm.local(call.now)));
    merge(&mut fields, order);
    sum_up(&mut fields);
    let id = call.crm.orders.insert(external_id, site, call.now, fields);
    if let Some(row) = call.crm.orders.get_mut(id) {
        row.created_at = created_at;
        // The number is what people see; by default it is the internal one with a letter for "made by the API".
        row.fields.entry("number").or_insert_with(|| json!(format!("{id}A")));
    }
    if let Some(row) = call.crm.orders.get(id) {
        let snapshot = render(call.crm, call.switches, row);
        call.change("order", json!({"created": true, "order": snapshot}));
    }
    Ok(id)
}

/// Changes an order.
///
/// # Errors
/// 400 when its new external id is taken or its new customer unknown.
pub(in crate::retailcrm) fn edit_in(
    call: &mut Call<'_>,
    id: u64,
    mut order: Map<String, Value>,
) -> Result<(), Refusal> {
    let renamed = order.contains_key("externalId");
    let external_id = take_external_id(&mut order);
    let row = call.crm.orders.get(id).ok_or_else(Refusal::not_found)?;
    let site = row.site.clone();
    let before = row.fields.clone();
    if renamed {
        call.free_external_id(&call.crm.orders, "Order", external_id.as_deref(), &site, Some(id))?;
    }
    link_customer(call, &mut order, &site)?;
    order.shift_remove("createdAt");
    let mut fields = before.clone();
    if order.get("status").is_some_and(|status| Some(status) != before.get("status")) {
        fields.insert("statusUpdatedAt".to_owned(), json!(call.crm.local(call.now)));
    }
    merge(&mut fields, order);
    sum_up(&mut fields);
    call.changes("order", id, &before, &fields);
    if let Some(row) = call.crm.orders.get_mut(id) {
        row.fields = fields;
    }
    if renamed {
        call.crm.orders.rename(id, external_id);
    }
    Ok(())
}

/// Replaces the customer of a checked order by his number.
fn link_customer(call: &Call<'_>, order: &mut Map<String, Value>, site: &str) -> Result<(), Refusal> {
    if let Some(id) = customer(call, order, site)? {
        order.insert("customer".to_owned(), json!({"id": id}));
    }
    Ok(())
}
