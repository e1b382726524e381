//! What policies need to know beyond the client's card, before the rules decide.
//!
//! Goes in: what the policies of such events declared, the client's card, and what is known of the communication. Comes
//! out: the facts, with everything that could be had added. What comes from UIS is known already; orders are asked of
//! RetailCRM, once for all policies, one page of them. An answer that fails holds the decision, like that about the
//! client.

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use switchboard_engine::bundle::Need;
use switchboard_engine::catalog::Fact;
use switchboard_engine::facts::Facts;

use super::turn::{Halt, Turn};
use crate::communication::{Merged, Written};
use crate::crm::{CrmError, Customer, Priority, Sale, Statuses, Urgency};
use crate::directory::{Snapshot, crm_instant};
use crate::source::uis::LocalTime;

/// Groups of statuses whose orders are settled.
const SETTLED: [&str; 2] = ["complete", "cancel"];

/// The orders of a client that are looked at: one page, the largest that the vendor allows.
const MAX_ORDERS: u64 = 100;

/// What the communication itself tells.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// A call.
    Call(&'a Merged),
    /// A chat or a request.
    Written(&'a Written),
}

/// Adds what RetailCRM knows of the client.
///
/// # Errors
///
/// [`CrmError`] when orders are needed and it does not say.
pub(super) async fn add_crm(
    turn: &Turn<'_>,
    needs: &[Need],
    card: Option<&Customer>,
    directory: &Snapshot,
    facts: &mut Facts,
) -> Result<Result<(), CrmError>, Halt> {
    let Some(card) = card else { return Ok(Ok(())) };
    let count = |fact| needs.iter().find(|need| need.fact == fact).map(|need| usize::from(need.count));
    if count(Fact::Client).is_some() {
        put(facts, Fact::Client, &client(card, directory))?;
    }
    if count(Fact::CustomFields).is_some() {
        put(facts, Fact::CustomFields, &json!(card.custom_fields))?;
    }
    let (open, last) = (count(Fact::OpenOrders), count(Fact::LastOrders));
    if open.is_none() && last.is_none() {
        return Ok(Ok(()));
    }
    let urgency = Urgency::first(Priority::Entity);
    let statuses = match turn.account.statuses.known(&turn.crm, turn.now(), urgency).await {
        Ok(statuses) => statuses,
        Err(error) => return Ok(Err(error)),
    };
    let mut orders = match turn.crm.sales_of(card.id, MAX_ORDERS, urgency).await {
        Ok(orders) => orders,
        Err(error) => return Ok(Err(error)),
    };
    // The list has an order of its own; moments of one clock sort as texts.
    orders.sort_by(|a, b| (&b.created_at, b.id).cmp(&(&a.created_at, a.id)));
    if let Some(most) = open {
        let is_open = |order: &&Sale| {
            let group = order.status.as_deref().and_then(|status| statuses.group_of(status));
            group.is_none_or(|group| !SETTLED.contains(&group))
        };
        let open: Vec<Value> =
            orders.iter().filter(is_open).take(most).map(|one| order(one, &statuses, directory)).collect();
        put(facts, Fact::OpenOrders, &open.into())?;
    }
    if let Some(most) = last {
        let last: Vec<Value> = orders.iter().take(most).map(|one| order(one, &statuses, directory)).collect();
        put(facts, Fact::LastOrders, &last.into())?;
    }
    Ok(Ok(()))
}

/// Adds what the communication itself tells; anew for each decision about it, because nobody has to be asked.
pub(super) fn add_uis(
    needs: &[Need],
    subject: Subject<'_>,
    directory: &Snapshot,
    facts: &mut Facts,
) -> Result<(), Halt> {
    for need in needs {
        let most = usize::from(need.count);
        match (need.fact, subject) {
            (Fact::CallLegs, Subject::Call(merged)) => {
                let legs: Vec<Value> = legs(merged, directory).into_iter().take(most).collect();
                put(facts, Fact::CallLegs, &legs.into())?;
            }
            (Fact::ChatMessages, Subject::Written(written)) => {
                let zone = &directory.zones().uis;
                let messages: Vec<Value> =
                    written.messages().filter_map(|one| message(one, zone)).take(most).collect();
                put(facts, Fact::ChatMessages, &messages.into())?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Enters a fact. Values that the rules have no type for are custom fields; those are left out, as they are in the card.
fn put(facts: &mut Facts, fact: Fact, value: &Value) -> Result<(), Halt> {
    if facts.put(fact, value).is_ok() {
        return Ok(());
    }
    let mut fitting = value.clone();
    leave_out(&mut fitting, fact == Fact::CustomFields);
    facts.put(fact, &fitting).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(|error| error.path.clone()).collect();
        Halt::Bug(format!("facts do not fit the schema: {}", errors.join(", ")))
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

/// Those whose phones rang, the first one first; of an outgoing call who made it.
fn legs(merged: &Merged, directory: &Snapshot) -> Vec<Value> {
    let people = &merged.people;
    let mut all: Vec<u64> = people.caller.into_iter().collect();
    for employee in people.rung.iter().chain(&people.talked) {
        if !all.contains(employee) {
            all.push(*employee);
        }
    }
    let leg = |id: &u64| {
        let said = people.employees.get(id);
        let text = |text: fn(&crate::communication::Employee) -> &Option<String>| {
            said.and_then(|one| text(one).clone())
        };
        json!({
            "employee": directory.employee(*id).map(|matched| matched.email.clone()),
            "name": text(|one| &one.name),
            "number": text(|one| &one.extension).or_else(|| text(|one| &one.phone)),
            "answered": people.talked.contains(id),
        })
    };
    all.iter().map(leg).collect()
}

fn message(message: &crate::source::uis::Message, zone: &TimeZone) -> Option<Value> {
    let from = match message.source.as_deref() {
        Some("visitor" | "form_text") => "visitor",
        Some("operator") => "employee",
        Some("chatbot") => "bot",
        _ => return None,
    };
    let text = message.text.as_ref().map(|text| text.0.clone())?;
    let at = message.at.and_then(|at| match at {
        LocalTime::Instant(at) => Some(at),
        LocalTime::Local(local) => zone.to_ambiguous_timestamp(local).compatible().ok(),
    });
    let mut object = Map::new();
    object.insert("from".to_owned(), from.into());
    object.insert("name".to_owned(), message.employee.clone().into());
    object.insert("text".to_owned(), text.into());
    object
        .insert("at".to_owned(), at.map(|at| at.display_with_offset(zone.to_offset(at)).to_string()).into());
    Some(object.into())
}
