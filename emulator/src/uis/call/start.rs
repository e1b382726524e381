//! Starting calls.

use serde_json::{Value, json};

use crate::uis::method::{Call, Method, Reply, writes};
use crate::uis::params::{P, Param, need, opt};
use crate::uis::rpc::Fault;

pub(super) const METHODS: &[Method] = &[
    writes("start.employee_call", EMPLOYEE_CALL, employee_call),
    writes("start.scenario_call", SCENARIO_CALL, scenario_call),
];

const MESSAGE: &[Param] = &[need("type", P::OneOf(&["media", "tts"])), need("value", P::Any)];
const EMPLOYEE: &[Param] = &[need("id", P::Number), opt("phone_number", P::Text)];
const USAGE: &[&str] = &["fixed", "fixed_for_numa", "random", "regional_random", "regional_fixed_for_numa"];

const EMPLOYEE_CALL: &[Param] = &[
    need("first_call", P::OneOf(&["contact", "employee"])),
    need("virtual_phone_number", P::Text),
    opt("virtual_phone_usage_rule", P::OneOf(USAGE)),
    opt("show_virtual_phone_number", P::Bool),
    need("contact", P::Text),
    need("employee", P::Object(EMPLOYEE)),
    opt("direction", P::OneOf(&["in", "out"])),
    opt("external_id", P::Text),
    opt("switch_at_once", P::Bool),
    opt("early_switching", P::Bool),
    opt("media_file_id", P::Number),
    opt("contact_message", P::Object(MESSAGE)),
    opt("employee_message", P::Object(MESSAGE)),
    opt("dtmf_string", P::Text),
];

const SCENARIO_CALL: &[Param] = &[
    need("first_call", P::OneOf(&["contact", "employee"])),
    need("virtual_phone_number", P::Text),
    need("contact", P::Text),
    need("scenario_id", P::Number),
    opt("direction", P::OneOf(&["in", "out"])),
    opt("external_id", P::Text),
    opt("show_virtual_phone_number", P::Bool),
    opt("contact_message", P::Object(MESSAGE)),
];

fn employee_call(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let flag = |name: &str| call.params.get(name).and_then(Value::as_bool).unwrap_or(false);
    if flag("early_switching") && !flag("switch_at_once") {
        return Err(Fault::param("invalid_parameters_combination", "early_switching", json!(true)));
    }
    numbers(call)?;
    let given = call.params.get("employee").cloned().unwrap_or_default();
    let id = given.get("id").and_then(Value::as_u64).unwrap_or_default();
    let employee = call.state.employee(id).cloned();
    let employee = employee.ok_or_else(|| Fault::param("employee_not_found", "employee.id", json!(id)))?;
    let phone = match given.get("phone_number").and_then(Value::as_str) {
        Some(phone) => employee.phone_numbers.iter().find(|known| *known == phone),
        None => employee.phone_numbers.first(),
    };
    let phone = phone.ok_or_else(|| Fault::param("no_active_phone_number", "employee", json!(id)))?.clone();
    let session = session(call);
    let leg = json!({
        "leg_id": session * 10, "calling_phone_number": call.text("virtual_phone_number"), "called_phone_number": phone,
        "is_operator": true, "employee_id": id, "employee_full_name": employee.full_name(),
        "record_call_enabled": true, "state": "Дозвон",
    });
    begin(call, session, vec![leg]);
    Ok(Reply::data(json!({"call_session_id": session})))
}

fn scenario_call(call: &mut Call<'_>) -> Result<Reply, Fault> {
    numbers(call)?;
    let id = call.int("scenario_id").unwrap_or_default();
    if !call.state.scenarios.iter().any(|scenario| scenario.id == id) {
        return Err(Fault::param("scenario_not_found", "scenario_id", json!(id)));
    }
    let session = session(call);
    begin(call, session, Vec::new());
    Ok(Reply::data(json!({"call_session_id": session})))
}

/// The virtual number is ours and works; the contact is a real number and none of ours.
fn numbers(call: &Call<'_>) -> Result<(), Fault> {
    let number = call.text("virtual_phone_number").unwrap_or_default();
    let known = call.state.numbers.iter().any(|known| known.number == number && known.status == "active");
    if !known {
        let fault = Fault::new(-32007, "virtual_phone_number_not_found", "Virtual phone number not found");
        return Err(fault.about("virtual_phone_number", json!(number)));
    }
    let contact = call.text("contact").unwrap_or_default();
    if call.state.numbers.iter().any(|known| known.number == contact) {
        return Err(Fault::param("own_virtual_phone_number_not_allowed", "contact", json!(contact)));
    }
    if contact.is_empty() || !contact.bytes().all(|byte| byte.is_ascii_digit()) || contact.len() < 5 {
        return Err(Fault::invalid("contact", &json!(contact)));
    }
    let blocked =
        call.state.rows("blacklist").iter().any(|row| row.get("phone_number") == Some(&json!(contact)));
    if blocked {
        return Err(Fault::new(-32002, "contact_in_blacklist", "Contact in blacklist"));
    }
    Ok(())
}

fn session(call: &mut Call<'_>) -> u64 {
    call.state.fresh_id()
}

fn begin(call: &mut Call<'_>, session: u64, legs: Vec<Value>) {
    let row = json!({
        "call_session_id": session,
        "direction": call.text("direction").unwrap_or("in"),
        "virtual_phone_number": call.text("virtual_phone_number"),
        "contact_phone_number": call.text("contact"),
        "external_id": call.text("external_id"),
        "start_time": call.state.local(call.now).replace(' ', "T"),
        "tags": [],
        "legs": legs,
    });
    call.state.live.extend(row.as_object().cloned());
}
