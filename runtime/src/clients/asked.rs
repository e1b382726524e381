//! Facts that policies ask for: what a client's card and orders say, in the words of the rules.
//!
//! Goes in: what policies declared, a card and orders of RetailCRM that somebody else has read. Comes out: the facts, with
//! that added. Whoever waits longer can be told more: a call that is put through knows what is remembered of its client,
//! an order and a call that is over know orders as well.

use serde_json::{Value, json};
use switchboard_engine::bundle::Need;
use switchboard_engine::catalog::Fact;
use switchboard_engine::facts::Facts;

use crate::crm::{Customer, Sale, Statuses};
use crate::directory::{Snapshot, crm_instant};

/// Groups of statuses whose orders are settled.
const SETTLED: [&str; 2] = ["complete", "cancel"];

/// The orders of a client that are looked at: one page, the largest that the vendor allows.
pub(crate) const MAX_ORDERS: u64 = 100;

/// Facts that the schema does not take: a defect of ours. Where, by their paths.
#[derive(Debug, thiserror::Error)]
#[error("facts do not fit the schema: {0}")]
pub(crate) struct Misfit(String);

/// Whether somebody has to be asked for orders.
pub(crate) fn needs_orders(needs: &[Need]) -> bool {
    needs.iter().any(|need| matches!(need.fact, Fact::OpenOrders | Fact::LastOrders))
}

fn count(needs: &[Need], fact: Fact) -> Option<usize> {
    needs.iter().find(|need| need.fact == fact).map(|need| usize::from(need.count))
}

/// Adds what the card says.
pub(crate) fn of_card(
    needs: &[Need],
    card: &Customer,
    directory: &Snapshot,
    facts: &mut Facts,
) -> Result<(), Misfit> {
    if count(needs, Fact::Client).is_some() {
        put(facts, Fact::Client, &client(card, directory))?;
    }
    if count(needs, Fact::CustomFields).is_some() {
        put(facts, Fact::CustomFields, &json!(card.custom_fields))?;
    }
    Ok(())
}

/// Adds what the client's orders say.
pub(crate) fn of_orders(
    needs: &[Need],
    mut orders: Vec<Sale>,
    statuses: &Statuses,
    directory: &Snapshot,
    facts: &mut Facts,
) -> Result<(), Misfit> {
    // The list has an order of its own; moments of one clock sort as texts.
    orders.sort_by(|a, b| (&b.created_at, b.id).cmp(&(&a.created_at, a.id)));
    if let Some(most) = count(needs, Fact::OpenOrders) {
        let is_open = |order: &&Sale| {
            let group = order.status.as_deref().and_then(|status| statuses.group_of(status));
            group.is_none_or(|group| !SETTLED.contains(&group))
        };
        let open: Vec<Value> =
            orders.iter().filter(is_open).take(most).map(|one| order(one, statuses, directory)).collect();
        put(facts, Fact::OpenOrders, &open.into())?;
    }
    if let Some(most) = count(needs, Fact::LastOrders) {
        let last: Vec<Value> = orders.iter().take(most).map(|one| order(one, statuses, directory)).collect();
        put(facts, Fact::LastOrders, &last.into())?;
    }
    Ok(())
}

/// Enters a fact. Values that the rules have no type for are custom fields; those are left out, as they are in the card.
pub(crate) fn put(facts: &mut Facts, fact: Fact, value: &Value) -> Result<(), Misfit> {
    if facts.put(fact, value).is_ok() {
        return Ok(());
    }
    let mut fitting = value.clone();
    leave_out(&mut fitting, fact == Fact::CustomFields);
    facts.put(fact, &fitting).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(|error| error.path.clone()).collect();
        Misfit(errors.join(", "))
    })
}

/// Takes values out that are objects or lists of them, where any value may stand.
fn leave_out(value: &mut Value, is_custom: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| leave_out(item, is_custom)),
        Value::Object(entries) if is_custom => {
            entries.retain(|_, value| match value {
                Value::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
                value => !value.is_object(),
            });
        }
        Value::Object(entries) => {
            entries.iter_mut().for_each(|(name, value)| leave_out(value, name == "custom"));
        }
        _ => {}
    }
}

fn client(card: &Customer, directory: &Snapshot) -> Value {
    json!({
        "id": card.id,
        "name": card.full_name(),
        "first_name": card.first_name,
        "last_name": card.last_name,
        "email": card.email,
        "phones": card.phones,
        "manager": card.manager_id.and_then(|user| directory.email_of_user(user)),
        "store": card.site,
        "orders_count": card.orders_count,
        "tags": card.tags,
        "segments": card.segments,
        "custom": card.custom_fields,
    })
}

fn order(sale: &Sale, statuses: &Statuses, directory: &Snapshot) -> Value {
    let zone = &directory.zones().crm;
    let created = sale.created_at.as_deref().and_then(|at| crm_instant(at, zone));
    let offset = |at: jiff::Timestamp| at.display_with_offset(zone.to_offset(at)).to_string();
    let phone =
        sale.named.phones.iter().find_map(|phone| switchboard_engine::phone::Phone::parse(phone).ok());
    json!({
        "number": sale.number,
        "status": sale.status,
        "status_group": sale.status.as_deref().and_then(|status| statuses.group_of(status)),
        "total": sale.total,
        "total_with_delivery": sale.total_with_delivery,
        "store": sale.site,
        "manager": sale.manager_id.and_then(|user| directory.email_of_user(user)),
        "method": sale.order_method,
        "type": sale.order_type,
        "created": created.map(offset),
        "paid": sale.is_paid,
        "phone": phone.map(|phone| phone.to_string()),
        "custom": sale.custom_fields,
    })
}
