//! Orders as the API shows them.

use serde_json::{Map, Value, json};

use crate::retailcrm::customers::brief;
use crate::retailcrm::record::Record;
use crate::retailcrm::reference;
use crate::retailcrm::state::State;
use crate::switches::Switches;

/// A whole order.
pub(in crate::retailcrm) fn render(state: &State, switches: &Switches, row: &Record) -> Value {
    let mut all = Map::new();
    all.insert("slug".to_owned(), json!(row.id));
    all.insert("id".to_owned(), json!(row.id));
    if let Some(external_id) = &row.external_id {
        all.insert("externalId".to_owned(), json!(external_id));
    }
    all.insert("createdAt".to_owned(), json!(state.local(row.created_at)));
    all.insert("site".to_owned(), json!(row.site));
    all.insert("countryIso".to_owned(), json!("RU"));
    all.insert("currency".to_owned(), json!(state.currency));
    all.insert("call".to_owned(), json!(false));
    all.insert("expired".to_owned(), json!(false));
    all.insert("fromApi".to_owned(), json!(true));
    all.insert("shipped".to_owned(), json!(false));
    all.insert("items".to_owned(), json!([]));
    all.extend(row.fields.clone());
    let delivery = row.fields.get("delivery").and_then(Value::as_object).cloned().unwrap_or_default();
    let mut with_costs = Map::new();
    with_costs.insert("cost".to_owned(), json!(0));
    with_costs.insert("netCost".to_owned(), json!(0));
    with_costs.insert("address".to_owned(), reference::map(Map::new(), switches.empty_maps));
    with_costs.extend(delivery);
    all.insert("delivery".to_owned(), Value::Object(with_costs));
    all.insert("payments".to_owned(), payments(&row.fields, switches));
    all.insert("customFields".to_owned(), crate::retailcrm::customers::custom_fields(&row.fields, switches));
    if let Some(id) = row.linked("customer") {
        let customer = brief(state, switches, id).unwrap_or_else(|| company(state, id));
        all.insert("customer".to_owned(), customer);
    }
    // Of an order of a company the person is here.
    if let Some(contact) = row.linked("contact").and_then(|id| brief(state, switches, id)) {
        all.insert("contact".to_owned(), contact);
    }
    Value::Object(all)
}

/// A company as the customer of an order.
fn company(state: &State, id: u64) -> Value {
    let mut all = state.corporate.get(id).map(|row| row.fields.clone()).unwrap_or_default();
    all.insert("type".to_owned(), json!("customer_corporate"));
    all.insert("id".to_owned(), json!(id));
    Value::Object(all)
}

/// Payments, keyed by their numbers; `[]` when there are none.
fn payments(fields: &Map<String, Value>, switches: &Switches) -> Value {
    let list = fields.get("payments").and_then(Value::as_array).cloned().unwrap_or_default();
    let keyed = list.into_iter().zip(1..).map(|(mut payment, n)| {
        let id = payment.get("id").and_then(Value::as_u64).unwrap_or(n);
        if let Value::Object(payment) = &mut payment {
            payment.insert("id".to_owned(), json!(id));
        }
        (id.to_string(), payment)
    });
    reference::map(keyed.collect(), switches.empty_maps)
}
