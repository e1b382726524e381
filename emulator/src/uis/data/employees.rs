//! Employees.

use serde_json::{Value, json};

use crate::uis::list::{Column, LIST, array, col, list};
use crate::uis::method::{Call, Method, Reply, reads, writes};
use crate::uis::params::{P, Param, need, opt};
use crate::uis::rpc::Fault;
use crate::uis::state::{Employee, Row};

pub(super) const METHODS: &[Method] = &[
    reads("get.employees", LIST, get),
    writes("create.employees", WRITTEN, create),
    writes("update.employees", UPDATED, update),
];

const COLUMNS: &[Column] = &[
    col("id"),
    col("login"),
    col("first_name"),
    col("last_name"),
    col("patronymic"),
    col("full_name"),
    col("email"),
    col("status_id"),
    col("status"),
    col("call_recording"),
    col("schedule_id"),
    array("groups"),
    array("phone_numbers"),
    col("extension"),
    col("operator"),
    col("coach"),
];

const PHONE: &[Param] = &[
    need("phone_number", P::Text),
    opt("channels_count", P::Number),
    opt("dial_time", P::Number),
    opt("status", P::Text),
];
const EXTENSION: &[Param] = &[need("extension_phone_number", P::Text)];
const WRITTEN: &[Param] = &[
    need("last_name", P::Text),
    opt("first_name", P::Text),
    opt("email", P::Text),
    opt("phone_numbers", P::Objects(PHONE)),
    opt("extension", P::Object(EXTENSION)),
];
const UPDATED: &[Param] = &[
    need("id", P::Number),
    opt("last_name", P::Text),
    opt("first_name", P::Text),
    opt("email", P::Text),
    opt("phone_numbers", P::Objects(PHONE)),
    opt("extension", P::Object(EXTENSION)),
];

fn get(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let rows = call.state.employees.iter().map(row).collect();
    list(call, &[COLUMNS], rows)
}

fn create(call: &mut Call<'_>) -> Result<Reply, Fault> {
    free_email(call, None)?;
    let id = call.state.fresh_id();
    let mut employee = Employee {
        id,
        last_name: String::new(),
        first_name: String::new(),
        email: None,
        phone_numbers: Vec::new(),
        extension: None,
    };
    apply(call, &mut employee);
    call.state.employees.push(employee);
    Ok(Reply::data(json!({"id": id})))
}

fn update(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let id = call.int("id").unwrap_or_default();
    free_email(call, Some(id))?;
    let known = call.state.employee(id).cloned();
    let mut employee = known.ok_or_else(|| Fault::param("entity_not_found", "id", json!(id)))?;
    apply(call, &mut employee);
    if let Some(slot) = call.state.employees.iter_mut().find(|one| one.id == id) {
        *slot = employee;
    }
    Ok(Reply::data(json!({"id": id})))
}

fn free_email(call: &Call<'_>, but: Option<u64>) -> Result<(), Fault> {
    let email = call.text("email");
    let taken = call
        .state
        .employees
        .iter()
        .any(|one| email.is_some() && one.email.as_deref() == email && Some(one.id) != but);
    if taken { Err(Fault::param("duplicate_entity", "email", json!(email))) } else { Ok(()) }
}

fn apply(call: &Call<'_>, employee: &mut Employee) {
    if let Some(name) = call.text("last_name") {
        name.clone_into(&mut employee.last_name);
    }
    if let Some(name) = call.text("first_name") {
        name.clone_into(&mut employee.first_name);
    }
    if let Some(email) = call.params.get("email") {
        employee.email = email.as_str().map(str::to_owned);
    }
    if let Some(phones) = call.params.get("phone_numbers").and_then(Value::as_array) {
        let numbers = phones.iter().filter_map(|phone| phone.get("phone_number").and_then(Value::as_str));
        employee.phone_numbers = numbers.map(str::to_owned).collect();
    }
    if let Some(extension) = call.params.get("extension") {
        let number = extension.get("extension_phone_number").and_then(Value::as_str);
        employee.extension = number.map(str::to_owned);
    }
}

fn row(employee: &Employee) -> Row {
    let phones: Vec<Value> = employee
        .phone_numbers
        .iter()
        .zip(1_u64..)
        .map(|(number, n)| {
            json!({"phone_id": employee.id * 10 + n, "phone_number": number, "channels_count": 1,
                "dial_time": 30, "status": "active"})
        })
        .collect();
    let extension = match &employee.extension {
        None => json!({}),
        Some(number) => json!({"extension_phone_number": number, "extension_voice_mail_enabled": false,
            "extension_queue_enabled": false}),
    };
    let all = json!({
        "id": employee.id,
        "login": employee.email,
        "first_name": employee.first_name,
        "last_name": employee.last_name,
        "patronymic": null,
        "full_name": employee.full_name(),
        "email": employee.email,
        "status_id": 1,
        "status": "available",
        "call_recording": "all",
        "schedule_id": null,
        "groups": [],
        "phone_numbers": phones,
        "extension": extension,
        "operator": {},
        "coach": {},
    });
    all.as_object().cloned().unwrap_or_default()
}
