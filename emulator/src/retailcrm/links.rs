//! Links from one entity to another: the record meant by `{"id": …}` or `{"externalId": …}`.

use serde_json::{Map, Value};

use super::answer::{Errors, Refusal};
use super::call::Call;

const NO_CUSTOMER: &str = "Customer with this identifier does not exist.";
const NO_ORDER: &str = "Order with this identifier does not exist.";

/// The customer that `entity.customer` means; `None` when the member is absent or null.
///
/// # Errors
/// 400 when there is no such customer among those that the key sees.
pub(super) fn customer(
    call: &Call<'_>,
    entity: &Map<String, Value>,
    site: &str,
) -> Result<Option<u64>, Refusal> {
    let Some(Value::Object(link)) = entity.get("customer") else { return Ok(None) };
    if link.get("type").and_then(Value::as_str) == Some("customer_corporate") {
        let found = link.get("id").and_then(Value::as_u64).and_then(|id| call.crm.corporate.get(id));
        return found.map(|row| Some(row.id)).ok_or_else(|| wrong("customer", NO_CUSTOMER));
    }
    let site = link.get("site").and_then(Value::as_str).unwrap_or(site);
    let found = match (link.get("id").and_then(Value::as_u64), link.get("externalId").and_then(Value::as_str))
    {
        (Some(id), _) => call.crm.customers.get(id),
        (None, Some(external_id)) => call.crm.customers.by_external(external_id, Some(site)),
        (None, None) => None,
    };
    let found = found.filter(|row| call.sees(&row.site));
    found.map(|row| Some(row.id)).ok_or_else(|| wrong("customer", NO_CUSTOMER))
}

/// The order that `entity.order` means; `None` when the member is absent or null.
///
/// # Errors
/// 400 when there is no such order among those that the key sees.
pub(super) fn order(
    call: &Call<'_>,
    entity: &Map<String, Value>,
    site: &str,
) -> Result<Option<u64>, Refusal> {
    let Some(Value::Object(link)) = entity.get("order") else { return Ok(None) };
    let text = |name: &str| link.get(name).and_then(Value::as_str);
    let found = match (link.get("id").and_then(Value::as_u64), text("externalId"), text("number")) {
        (Some(id), ..) => call.crm.orders.get(id),
        (None, Some(external_id), _) => call.crm.orders.by_external(external_id, Some(site)),
        (None, None, Some(number)) => call.crm.orders.iter().find(|row| row.text("number") == Some(number)),
        (None, None, None) => None,
    };
    let found = found.filter(|row| call.sees(&row.site));
    found.map(|row| Some(row.id)).ok_or_else(|| wrong("order", NO_ORDER))
}

fn wrong(member: &str, text: &str) -> Refusal {
    Refusal::entity(Errors::one(member, text))
}
