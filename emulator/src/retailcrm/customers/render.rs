//! Customers as the API shows them.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::retailcrm::call::Call;
use crate::retailcrm::record::Record;
use crate::retailcrm::reference;
use crate::retailcrm::state::State;
use crate::switches::Switches;

/// Orders of a customer, counted.
#[derive(Debug, Clone, Copy, Default)]
struct Orders {
    count: u64,
    total: f64,
}

/// Full customers, as a list shows them.
pub(in crate::retailcrm) fn render_many(call: &Call<'_>, customers: &[u64]) -> Vec<Value> {
    let mut orders: HashMap<u64, Orders> = customers.iter().map(|id| (*id, Orders::default())).collect();
    for order in call.crm.orders.iter() {
        if let Some(counted) = order.linked("customer").and_then(|id| orders.get_mut(&id)) {
            counted.count += 1;
            counted.total += order.fields.get("totalSumm").and_then(Value::as_f64).unwrap_or(0.0);
        }
    }
    let known = customers.iter().filter_map(|id| call.crm.customers.get(*id));
    known
        .map(|row| render(call.crm, call.switches, row, orders.get(&row.id).copied().unwrap_or_default()))
        .collect()
}

/// A customer inside an order.
pub(in crate::retailcrm) fn brief(state: &State, switches: &Switches, id: u64) -> Option<Value> {
    state.customers.get(id).map(|row| render(state, switches, row, Orders::default()))
}

fn render(state: &State, switches: &Switches, row: &Record, orders: Orders) -> Value {
    let mut all = Map::new();
    all.insert("type".to_owned(), json!("customer"));
    all.insert("id".to_owned(), json!(row.id));
    if let Some(external_id) = &row.external_id {
        all.insert("externalId".to_owned(), json!(external_id));
    }
    all.insert("isContact".to_owned(), json!(row.flag("isContact")));
    all.insert("createdAt".to_owned(), json!(state.local(row.created_at)));
    all.insert("vip".to_owned(), json!(row.flag("vip")));
    all.insert("bad".to_owned(), json!(row.flag("bad")));
    all.insert("site".to_owned(), json!(row.site));
    all.insert("tags".to_owned(), json!([]));
    all.insert("phones".to_owned(), json!([]));
    all.extend(row.fields.clone());
    all.insert("customFields".to_owned(), custom_fields(&row.fields, switches));
    all.insert("segments".to_owned(), json!([]));
    all.insert("marginSumm".to_owned(), json!(0));
    all.insert("totalSumm".to_owned(), money(orders.total));
    all.insert(
        "averageSumm".to_owned(),
        money(if orders.count == 0 { 0.0 } else { orders.total / count(orders) }),
    );
    all.insert("ordersCount".to_owned(), json!(orders.count));
    all.insert(
        "personalDiscount".to_owned(),
        row.fields.get("personalDiscount").cloned().unwrap_or(json!(0)),
    );
    all.insert("cumulativeDiscount".to_owned(), json!(0));
    Value::Object(all)
}

/// `customFields` of a record; empty ones as the switch says.
pub(in crate::retailcrm) fn custom_fields(fields: &Map<String, Value>, switches: &Switches) -> Value {
    let custom = fields.get("customFields").and_then(Value::as_object).cloned().unwrap_or_default();
    reference::map(custom, switches.empty_maps)
}

/// Money: two digits after the point at most, none for a whole sum.
pub(in crate::retailcrm) fn money(sum: f64) -> Value {
    let cents = (sum * 100.0).round();
    let whole = cents / 100.0;
    if whole.fract() == 0.0 && whole.abs() < 1e15 {
        // Written through text, because a cast could cut and a float would print as `4250.0`.
        return format!("{whole:.0}").parse::<i64>().map_or(json!(whole), |whole| json!(whole));
    }
    json!(whole)
}

fn count(orders: Orders) -> f64 {
    u32::try_from(orders.count).map_or(f64::MAX, f64::from)
}
