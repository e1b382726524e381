//! The address book.

use serde_json::{Value, json};

use crate::uis::list::{Column, LIST, array, col, list};
use crate::uis::method::{Call, Method, Reply, reads, writes};
use crate::uis::params::{P, Param, need, opt};
use crate::uis::rpc::Fault;
use crate::uis::state::Row;

pub(super) const METHODS: &[Method] = &[
    reads("get.contacts", LIST, get),
    writes("create.contacts", CREATED, create),
    writes("update.contacts", UPDATED, update),
    writes("delete.contacts", &[need("id", P::Number)], delete),
];

/// Most phones, and most e-mails, of a contact.
const MOST: usize = 10;

const COLUMNS: &[Column] = &[
    col("id"),
    col("last_name"),
    col("first_name"),
    col("patronymic"),
    col("full_name"),
    array("emails"),
    array("phone_numbers"),
    col("personal_manager_id"),
    col("personal_manager_full_name"),
    col("organization_id"),
    col("organization_name"),
    array("groups"),
];

const CREATED: &[Param] = &[
    need("last_name", P::Text),
    need("phone_numbers", P::Texts),
    opt("first_name", P::Text),
    opt("patronymic", P::Text),
    opt("emails", P::Texts),
    opt("personal_manager_id", P::Number),
    opt("organization_id", P::Number),
    opt("group_ids", P::Numbers),
];
const UPDATED: &[Param] = &[
    need("id", P::Number),
    need("last_name", P::Text),
    need("phone_numbers", P::Texts),
    opt("first_name", P::Text),
    opt("patronymic", P::Text),
    opt("emails", P::Texts),
    opt("personal_manager_id", P::Number),
    opt("organization_id", P::Number),
    opt("group_ids", P::Numbers),
];

fn get(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.state.rows("contacts").iter().map(|row| shown(call, row)).collect();
    list(call, &[COLUMNS], rows)
}

fn create(call: &mut Call<'_>) -> Result<Reply, Fault> {
    valid(call, None)?;
    let id = call.state.fresh_id();
    let mut row = written(call);
    row.insert("id".to_owned(), json!(id));
    call.state.rows.entry("contacts".to_owned()).or_default().push(row);
    Ok(Reply::bare(json!({"id": id})))
}

/// Arrays are replaced whole; a null clears; what is not sent stays.
fn update(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let id = call.int("id").unwrap_or_default();
    valid(call, Some(id))?;
    let changes = written(call);
    let rows = call.state.rows.entry("contacts".to_owned()).or_default();
    let row = rows.iter_mut().find(|row| row.get("id") == Some(&json!(id)));
    let row = row.ok_or_else(|| Fault::param("entity_not_found", "id", json!(id)))?;
    row.extend(changes);
    Ok(Reply::bare(json!({"id": id})))
}

fn delete(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let id = call.int("id").unwrap_or_default();
    let rows = call.state.rows.entry("contacts".to_owned()).or_default();
    let before = rows.len();
    rows.retain(|row| row.get("id") != Some(&json!(id)));
    if rows.len() == before {
        return Err(Fault::param("entity_not_found", "id", json!(id)));
    }
    Ok(Reply::bare(json!({"id": id})))
}

fn written(call: &Call<'_>) -> Row {
    let mut row = call.params.clone();
    for name in ["access_token", "user_id", "id"] {
        row.shift_remove(name);
    }
    row
}

fn valid(call: &Call<'_>, but: Option<u64>) -> Result<(), Fault> {
    let texts = |name: &str| -> Vec<String> {
        let list = call.params.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let phones = texts("phone_numbers");
    for (name, list) in [("phone_numbers", &phones), ("emails", &texts("emails"))] {
        if list.len() > MOST {
            return Err(Fault::param("data_limit_exceeded", name, json!(list.len())));
        }
    }
    if phones.is_empty() {
        return Err(Fault::missed("phone_numbers"));
    }
    if let Some(wrong) = phones.iter().find(|phone| !is_e164(phone)) {
        return Err(Fault::invalid("phone_numbers", &json!(wrong)));
    }
    let taken = call.state.rows("contacts").iter().find(|row| {
        let same = row.get("id").and_then(Value::as_u64) == but && but.is_some();
        let known = row.get("phone_numbers").and_then(Value::as_array).cloned().unwrap_or_default();
        !same && known.iter().filter_map(Value::as_str).any(|known| phones.iter().any(|phone| phone == known))
    });
    if taken.is_some() {
        return Err(Fault::param("duplicate_entity", "phone_numbers", json!(phones)));
    }
    match call.int("personal_manager_id") {
        Some(id) if call.state.employee(id).is_none() => {
            Err(Fault::param("entity_not_found", "personal_manager_id", json!(id)))
        }
        _ => Ok(()),
    }
}

fn shown(call: &Call<'_>, row: &Row) -> Row {
    let mut all = row.clone();
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = [text("last_name"), text("first_name"), text("patronymic")].join(" ");
    all.insert("full_name".to_owned(), json!(name.trim()));
    let manager =
        row.get("personal_manager_id").and_then(Value::as_u64).and_then(|id| call.state.employee(id));
    all.insert(
        "personal_manager_full_name".to_owned(),
        json!(manager.map(crate::uis::state::Employee::full_name)),
    );
    all
}

/// Digits with the country's code, no plus.
pub(super) fn is_e164(phone: &str) -> bool {
    (7..=15).contains(&phone.len()) && phone.bytes().all(|byte| byte.is_ascii_digit())
}
