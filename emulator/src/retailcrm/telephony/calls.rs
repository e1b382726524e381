//! The history of calls. An `externalId` seen before is reported as a duplicate and, as a rule, not looked at.

use serde_json::{Map, Value, json};

use crate::retailcrm::answer::{Answer, Errors, Refusal};
use crate::retailcrm::call::{Call, take_external_id};
use crate::retailcrm::route::{Route, post};
use crate::retailcrm::schema::common::SOURCE;
use crate::retailcrm::schema::{Checked, Kind, Schema, TEXT, check, may, must};
use crate::retailcrm::upload::rows;
use crate::switches::RepeatedCall;

pub(super) const ROUTES: &[Route] =
    &[post("/api/v5/telephony/calls/upload", "telephony_write", &["calls"], upload)];

const CALL: Schema = Schema {
    entity: "",
    fields: &[
        may("externalId", TEXT),
        must("date", Kind::DateTime),
        must("type", Kind::OneOf(&["in", "out"])),
        must("phone", TEXT),
        may("userId", Kind::User { active: false }),
        may("code", TEXT),
        must("result", Kind::OneOf(&["answered", "busy", "failed", "no answer", "not allowed", "unknown"])),
        may("duration", Kind::Int),
        may("durationWaiting", Kind::Int),
        may("recordUrl", Kind::Url),
        may("externalPhone", TEXT),
        may("site", Kind::Site),
        may("source", Kind::Object(&SOURCE)),
        may("clientId", TEXT),
    ],
};

fn upload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let calls = rows(call, "calls")?;
    call.telephony_enabled("Telephony not enabled or not supports calls upload")?;
    let mut processed = 0_u64;
    let mut duplicates = Vec::new();
    let mut errors = Errors::default();
    for (n, row) in calls.into_iter().enumerate() {
        let broken = check(&row, &CALL, call.crm, Checked::Create);
        if !broken.is_empty() {
            errors.add(n.to_string(), broken.line());
            continue;
        }
        match store(call, row) {
            Stored::New => processed += 1,
            Stored::Known(external_id) => duplicates.push(external_id),
        }
    }
    if errors.is_empty() {
        return Ok(Answer::ok().with("processedCallsCount", processed).with("duplicateCalls", duplicates));
    }
    let refusal = Refusal::new(460, "Calls are loaded with errors")
        .with("processedCallsCount", processed)
        .with("duplicateCalls", duplicates);
    Err(Refusal { errors, committed: processed > 0, ..refusal })
}

enum Stored {
    New,
    Known(String),
}

fn store(call: &mut Call<'_>, mut row: Map<String, Value>) -> Stored {
    let external_id = take_external_id(&mut row);
    if let Some(external_id) = &external_id
        && let Some(known) = call.crm.calls.by_external(external_id, None).map(|row| row.id)
    {
        if call.switches.repeated_call == RepeatedCall::RecordAdded
            && let Some(record) = row.get("recordUrl")
            && let Some(known) = call.crm.calls.get_mut(known)
        {
            known.fields.entry("recordUrl").or_insert_with(|| record.clone());
        }
        return Stored::Known(external_id.clone());
    }
    if !row.contains_key("userId")
        && let Some(user) =
            row.get("code").and_then(Value::as_str).and_then(|code| call.crm.user_of_extension(code))
    {
        row.insert("userId".to_owned(), json!(user));
    }
    let phone = row.get("phone").and_then(Value::as_str).unwrap_or_default();
    if let Some(customer) = call.crm.customers_by_phone(phone).first() {
        let id = customer.id;
        row.insert("customer".to_owned(), json!({"id": id}));
    }
    let site = row.get("site").and_then(Value::as_str).unwrap_or_default().to_owned();
    let started = row.get("date").and_then(Value::as_str).and_then(|date| call.crm.moment(date));
    let id = call.crm.calls.insert(external_id, &site, call.now, row);
    if let (Some(started), Some(row)) = (started, call.crm.calls.get_mut(id)) {
        row.created_at = started;
    }
    Stored::New
}
