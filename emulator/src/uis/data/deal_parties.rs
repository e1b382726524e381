//! Contacts, employees and own fields of deals.

use serde_json::{Map, Value, json};

use super::contacts::is_e164;
use crate::uis::deals::Contact;
use crate::uis::list::{Column, LIST, array, col, list};
use crate::uis::method::{Call, Method, Reply, reads, writes};
use crate::uis::params::{P, Param, need, opt};
use crate::uis::rpc::Fault;
use crate::uis::state::Row;

pub(super) const METHODS: &[Method] = &[
    reads("get.deal_contacts", LIST, contacts),
    writes("create.deal_contacts", &[need("contacts", P::Objects(CONTACT))], create_contacts),
    writes("update.deal_contacts", CONTACT, update_contact),
    writes("delete.deal_contacts", EXT_ID, delete_contact),
    reads("get.deal_employees", LIST, employees),
    writes("create.deal_employees", NAMED, create_employee),
    writes("update.deal_employees", NAMED, update_employee),
    writes("delete.deal_employees", EXT_ID, delete_employee),
    reads("get.deal_user_fields", LIST, fields),
    writes("create.deal_user_field", FIELD, create_field),
    writes("update.deal_user_field", NAMED, update_field),
    writes("delete.deal_user_field", EXT_ID, delete_field),
];

/// Most contacts in one request.
const MOST_CONTACTS: usize = 1_000;

const EXT_ID: &[Param] = &[need("ext_id", P::Text)];
const NAMED: &[Param] = &[need("ext_id", P::Text), need("name", P::Text)];
const FIELD: &[Param] =
    &[need("ext_id", P::Text), need("name", P::Text), need("data_type", P::OneOf(&["numeric", "string"]))];
const CONTACT: &[Param] = &[
    need("ext_id", P::Text),
    need("name", P::Text),
    opt("created_date_time", P::Moment),
    opt("phone_numbers", P::Texts),
    opt("emails", P::Texts),
];

const CONTACT_COLUMNS: &[Column] =
    &[col("ext_id"), col("name"), col("created_date_time"), array("phone_numbers"), array("emails")];
const EMPLOYEE_COLUMNS: &[Column] = &[col("ext_id"), col("name")];
const FIELD_COLUMNS: &[Column] = &[col("ext_id"), col("name"), col("data_type")];

fn contacts(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.state.deals.contacts.iter().map(|(ext_id, contact)| {
        row(json!({"ext_id": ext_id, "name": contact.name, "created_date_time": contact.created,
            "phone_numbers": contact.phones, "emails": contact.emails}))
    });
    list(call, &[CONTACT_COLUMNS], rows.collect())
}

/// All or nothing.
fn create_contacts(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let given = call.params.get("contacts").and_then(Value::as_array).cloned().unwrap_or_default();
    if given.is_empty() {
        return Err(Fault::missed("contacts"));
    }
    if given.len() > MOST_CONTACTS {
        return Err(Fault::param("data_limit_exceeded", "contacts", json!(given.len())));
    }
    let mut new = std::collections::BTreeMap::new();
    for one in given.iter().filter_map(Value::as_object) {
        let (ext_id, contact) = contact(call, one, "contacts.")?;
        if call.state.deals.contacts.contains_key(&ext_id) || new.contains_key(&ext_id) {
            return Err(Fault::param("duplicate_entity", "contacts.ext_id", json!(ext_id)));
        }
        new.insert(ext_id, contact);
    }
    call.state.deals.contacts.extend(new);
    Ok(Reply::data(json!({})))
}

/// Phones and e-mails are replaced whole when they are sent.
fn update_contact(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let given = call.params.clone();
    let (ext_id, changed) = contact(call, &given, "")?;
    let known = call.state.deals.contacts.get_mut(&ext_id);
    let known = known.ok_or_else(|| Fault::param("entity_not_found", "ext_id", json!(ext_id)))?;
    known.name = changed.name;
    if given.contains_key("phone_numbers") {
        known.phones = changed.phones;
    }
    if given.contains_key("emails") {
        known.emails = changed.emails;
    }
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn delete_contact(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let ext_id = ext_id(call);
    removed(call.state.deals.contacts.remove(&ext_id).is_some(), &ext_id)
}

fn contact(call: &Call<'_>, given: &Map<String, Value>, path: &str) -> Result<(String, Contact), Fault> {
    let text = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let texts = |name: &str| -> Vec<String> {
        let list = given.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let (phones, emails) = (texts("phone_numbers"), texts("emails"));
    if let Some(wrong) = phones.iter().find(|phone| !is_e164(phone)) {
        return Err(Fault::invalid(format!("{path}phone_numbers"), &json!(wrong)));
    }
    let repeated = |list: &[String]| {
        list.iter()
            .enumerate()
            .find(|(n, item)| list.iter().skip(n + 1).any(|other| other == *item))
            .map(|(_, item)| item.clone())
    };
    if let Some(twice) = repeated(&emails) {
        return Err(Fault::invalid(format!("{path}emails"), &json!(twice)));
    }
    let created = given.get("created_date_time").and_then(Value::as_str).map(str::to_owned);
    let created = created.unwrap_or_else(|| call.state.local(call.now));
    Ok((text("ext_id"), Contact { name: text("name"), created, phones, emails }))
}

fn employees(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows =
        call.state.deals.employees.iter().map(|(ext_id, name)| row(json!({"ext_id": ext_id, "name": name})));
    list(call, &[EMPLOYEE_COLUMNS], rows.collect())
}

fn create_employee(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let (ext_id, name) = (ext_id(call), name(call));
    if call.state.deals.employees.contains_key(&ext_id) {
        return Err(Fault::param("duplicate_entity", "ext_id", json!(ext_id)));
    }
    call.state.deals.employees.insert(ext_id.clone(), name);
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn update_employee(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let (ext_id, name) = (ext_id(call), name(call));
    let known = call.state.deals.employees.get_mut(&ext_id);
    *known.ok_or_else(|| Fault::param("entity_not_found", "ext_id", json!(ext_id)))? = name;
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn delete_employee(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let ext_id = ext_id(call);
    removed(call.state.deals.employees.remove(&ext_id).is_some(), &ext_id)
}

fn fields(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let fields = call.state.deals.fields.iter();
    let rows =
        fields.map(|(ext_id, (name, kind))| row(json!({"ext_id": ext_id, "name": name, "data_type": kind})));
    list(call, &[FIELD_COLUMNS], rows.collect())
}

fn create_field(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let (ext_id, name) = (ext_id(call), name(call));
    if call.state.deals.fields.contains_key(&ext_id) {
        return Err(Fault::param("duplicate_entity", "ext_id", json!(ext_id)));
    }
    let kind = call.text("data_type").unwrap_or_default().to_owned();
    call.state.deals.fields.insert(ext_id.clone(), (name, kind));
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn update_field(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let (ext_id, name) = (ext_id(call), name(call));
    let known = call.state.deals.fields.get_mut(&ext_id);
    known.ok_or_else(|| Fault::param("entity_not_found", "ext_id", json!(ext_id)))?.0 = name;
    Ok(Reply::data(json!({"ext_id": ext_id})))
}

fn delete_field(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let ext_id = ext_id(call);
    removed(call.state.deals.fields.remove(&ext_id).is_some(), &ext_id)
}

fn ext_id(call: &Call<'_>) -> String {
    call.text("ext_id").unwrap_or_default().to_owned()
}

fn name(call: &Call<'_>) -> String {
    call.text("name").unwrap_or_default().to_owned()
}

fn removed(was_there: bool, ext_id: &str) -> Result<Reply, Fault> {
    if was_there {
        Ok(Reply::data(json!({"ext_id": ext_id})))
    } else {
        Err(Fault::param("entity_not_found", "ext_id", json!(ext_id)))
    }
}

fn row(value: Value) -> Row {
    value.as_object().cloned().unwrap_or_default()
}
