//! Whom a call should be routed to.

use serde_json::{Map, Value, json};

use crate::retailcrm::answer::{Answer, Refusal};
use crate::retailcrm::call::Call;
use crate::retailcrm::record::Record;
use crate::retailcrm::route::{Route, get};
use crate::retailcrm::state::User;

pub(super) const ROUTES: &[Route] =
    &[get("/api/v5/telephony/manager", "telephony_read", &["phone", "details", "ignoreStatus"], manager)];

fn manager(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let phone = call.param("phone").filter(|phone| !phone.is_empty());
    let phone = phone.ok_or_else(|| Refusal::missing("phone"))?.to_owned();
    let details = flag(call, "details")?;
    let ignore_status = flag(call, "ignoreStatus")?;
    let customer = call.crm.customers_by_phone(&phone).into_iter().find(|row| call.sees(&row.site));
    let manager = customer.and_then(|row| row.int("managerId")).and_then(|id| call.crm.user(id));
    let manager =
        manager.filter(|user| user.active && (ignore_status || (user.online && user.status == "free")));
    let mut answer = Answer::ok();
    if let Some(user) = manager {
        answer = answer.with("manager", render_manager(call, user));
    }
    if details {
        if let Some(row) = customer {
            answer = answer.with("customer", render_customer(call, row));
        }
        answer = answer.with("links", links(call, customer, &phone));
    }
    Ok(answer)
}

fn flag(call: &Call<'_>, name: &str) -> Result<bool, Refusal> {
    match call.param(name) {
        None | Some("" | "0" | "false") => Ok(false),
        // One of the vendor's own clients writes its language's `True`.
        Some("1" | "true" | "True") => Ok(true),
        Some(_) => Err(Refusal::parameter(name, "This value is not valid.")),
    }
}

fn id(call: &Call<'_>, id: u64) -> Value {
    if call.switches.ids_as_strings { json!(id.to_string()) } else { json!(id) }
}

fn render_manager(call: &Call<'_>, user: &User) -> Value {
    json!({
        "id": id(call, user.id),
        "firstName": user.first_name,
        "lastName": user.last_name.clone().unwrap_or_default(),
        "patronymic": "",
        "email": user.email,
        "code": call.crm.extension(user.id).unwrap_or_default(),
    })
}

fn render_customer(call: &Call<'_>, row: &Record) -> Value {
    let mut all = Map::new();
    all.insert("id".to_owned(), id(call, row.id));
    if let Some(external_id) = &row.external_id {
        all.insert("externalId".to_owned(), json!(external_id));
    }
    for name in ["firstName", "lastName", "email", "phones"] {
        if let Some(value) = row.fields.get(name) {
            all.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(all)
}

fn links(call: &Call<'_>, customer: Option<&Record>, phone: &str) -> Value {
    let base = &call.base_url;
    let encoded: String = form_urlencoded::byte_serialize(phone.as_bytes()).collect();
    let mut links = Map::new();
    links.insert("newOrderLink".to_owned(), json!(format!("{base}/orders/add?phone={encoded}")));
    links.insert("newCustomerLink".to_owned(), json!(format!("{base}/customers/add?phone={encoded}")));
    if let Some(row) = customer {
        links.insert("customerLink".to_owned(), json!(format!("{base}/customers/{}", row.id)));
        let last = call.crm.orders.iter().rev().find(|order| order.linked("customer") == Some(row.id));
        if let Some(order) = last {
            links.insert("lastOrderLink".to_owned(), json!(format!("{base}/orders/{}/edit", order.id)));
        }
    }
    Value::Object(links)
}
