//! Creating and editing customers.

use serde_json::{Map, Value, json};

use super::CUSTOMER;
use super::list::merged;
use crate::retailcrm::answer::{Answer, Refusal};
use crate::retailcrm::call::{Call, merge, take_external_id};
use crate::retailcrm::route::{Route, post};
use crate::retailcrm::schema::Checked;
use crate::retailcrm::state::digits;
use crate::switches::Phones;

pub(super) const ROUTES: &[Route] = &[
    post("/api/v5/customers/create", "customer_write", &["customer", "site"], create),
    post("/api/v5/customers/{x}/edit", "customer_write", &["customer", "by", "site"], edit),
];

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.entity("customer", &CUSTOMER, Checked::Create)?;
    let site = call.site()?;
    let id = create_in(call, &site, customer)?;
    Ok(Answer::created().with("id", id))
}

fn edit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let customer = call.entity("customer", &CUSTOMER, Checked::Edit)?;
    call.site()?;
    let found = call.find(&call.crm.customers).map(|row| row.id);
    let id = match found {
        Ok(id) => id,
        Err(refusal) if refusal.status == 404 => return Err(merged(call, refusal)),
        Err(refusal) => return Err(refusal),
    };
    edit_in(call, id, customer)?;
    Ok(Answer::ok().with("id", id))
}

/// Stores a checked customer.
///
/// # Errors
/// 400 when his external id is taken.
pub(in crate::retailcrm) fn create_in(
    call: &mut Call<'_>,
    site: &str,
    mut customer: Map<String, Value>,
) -> Result<u64, Refusal> {
    let external_id = take_external_id(&mut customer);
    call.free_external_id(&call.crm.customers, "Customer", external_id.as_deref(), site, None)?;
    let created_at = customer.shift_remove("createdAt");
    let created_at = created_at.and_then(|at| call.crm.moment(at.as_str()?)).unwrap_or(call.now);
    customer.shift_remove("site");
    let mut fields = Map::new();
    apply(call, &mut fields, customer);
    let id = call.crm.customers.insert(external_id, site, call.now, fields);
    if let Some(row) = call.crm.customers.get_mut(id) {
        row.created_at = created_at;
    }
    let snapshot = super::brief(call.crm, call.switches, id).unwrap_or_default();
    call.change("customer", json!({"created": true, "customer": snapshot}));
    Ok(id)
}

/// Changes a customer.
///
/// # Errors
/// 400 when his new external id is taken.
pub(in crate::retailcrm) fn edit_in(
    call: &mut Call<'_>,
    id: u64,
    mut customer: Map<String, Value>,
) -> Result<(), Refusal> {
    let renamed = customer.contains_key("externalId");
    let external_id = take_external_id(&mut customer);
    let row = call.crm.customers.get(id).ok_or_else(Refusal::not_found)?;
    let site = customer.shift_remove("site").and_then(|site| site.as_str().map(str::to_owned));
    let site = site.unwrap_or_else(|| row.site.clone());
    let before = row.fields.clone();
    let mut fields = before.clone();
    if renamed {
        call.free_external_id(&call.crm.customers, "Customer", external_id.as_deref(), &site, Some(id))?;
    }
    customer.shift_remove("createdAt");
    apply(call, &mut fields, customer);
    call.changes("customer", id, &before, &fields);
    if let Some(row) = call.crm.customers.get_mut(id) {
        row.fields = fields;
        row.site = site;
    }
    if renamed {
        call.crm.customers.rename(id, external_id);
    }
    Ok(())
}

/// Puts the members of a checked customer into the fields of a record.
fn apply(call: &Call<'_>, fields: &mut Map<String, Value>, mut customer: Map<String, Value>) {
    let phones = customer.shift_remove("phones");
    let added = customer.shift_remove("addTags");
    let removed = customer.shift_remove("removeTags");
    merge(fields, customer);
    if let Some(Value::Array(phones)) = phones {
        let known = fields.get("phones").and_then(Value::as_array).cloned().unwrap_or_default();
        let known = match call.switches.phones_on_edit {
            Phones::Added => known,
            Phones::Replaced => Vec::new(),
        };
        fields.insert("phones".to_owned(), Value::Array(with_phones(known, &phones)));
    }
    let texts = |list: Option<Value>| -> Vec<String> {
        let list = list.and_then(|list| list.as_array().cloned()).unwrap_or_default();
        list.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).collect()
    };
    let (added, removed) = (texts(added), texts(removed));
    if !added.is_empty() || !removed.is_empty() {
        let tags = fields.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut names: Vec<String> =
            tags.iter().filter_map(|tag| tag.get("name")?.as_str().map(str::to_owned)).collect();
        names.retain(|name| !removed.contains(name));
        for tag in added {
            if !names.contains(&tag) {
                names.push(tag);
            }
        }
        let tags =
            names.into_iter().map(|name| json!({"name": name, "colorCode": "#3e89b6", "attached": true}));
        fields.insert("tags".to_owned(), tags.collect());
    }
}

/// Adds phones; a number that is there already, by its digits, is not added twice, and `oldNumber` is replaced.
fn with_phones(mut known: Vec<Value>, phones: &[Value]) -> Vec<Value> {
    let number = |phone: &Value, name: &str| phone.get(name).and_then(Value::as_str).map(digits);
    for phone in phones {
        let Some(new) = phone.get("number").and_then(Value::as_str) else { continue };
        let old = number(phone, "oldNumber");
        if let Some(slot) = known.iter_mut().find(|slot| old.is_some() && number(slot, "number") == old) {
            *slot = json!({"number": new});
        } else if !known.iter().any(|slot| number(slot, "number") == Some(digits(new))) {
            known.push(json!({"number": new}));
        }
    }
    known
}
