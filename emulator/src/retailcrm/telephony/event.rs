//! The pop-up: shown and hidden by events, which write no history.

use serde_json::{Value, json};

use crate::retailcrm::answer::{Answer, Errors, Refusal};
use crate::retailcrm::call::Call;
use crate::retailcrm::route::{Route, post};
use crate::retailcrm::schema::{Checked, Kind, Schema, TEXT, may, must};

pub(super) const ROUTES: &[Route] =
    &[post("/api/v5/telephony/call/event", "telephony_write", &["event"], event)];

const EVENT: Schema = Schema {
    entity: "",
    fields: &[
        must("phone", TEXT),
        must("type", Kind::OneOf(&["in", "out", "hangup"])),
        may("codes", Kind::Texts),
        may("userIds", Kind::Ints),
        may("site", Kind::Site),
        may("hangupStatus", Kind::OneOf(&["answered", "busy", "cancel", "failed", "no answered"])),
        may("externalPhone", TEXT),
        may("callExternalId", TEXT),
        may("webAnalyticsData", Kind::Object(&ANALYTICS)),
    ],
};

const ANALYTICS: Schema =
    Schema { entity: "", fields: &[may("campaign", Kind::Object(&CAMPAIGN)), may("queryString", TEXT)] };

const CAMPAIGN: Schema = Schema { entity: "", fields: &[may("name", TEXT), may("code", TEXT)] };

fn event(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut event = call.entity("event", &EVENT, Checked::Create)?;
    let is_hangup = event.get("type").and_then(Value::as_str) == Some("hangup");
    if event.contains_key("hangupStatus") && !is_hangup {
        return Err(Refusal::entity(Errors::one("hangupStatus", "This value is allowed for hangup only.")));
    }
    let listed = |name: &str| event.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let (codes, users) = (listed("codes"), listed("userIds"));
    if codes.is_empty() && users.is_empty() {
        return Err(Refusal::entity(Errors::one("codes", "Set one of the following fields: codes, userIds")));
    }
    call.telephony_enabled("Telephony not enabled")?;
    let mut shown_to = Vec::new();
    let mut unknown_codes = Vec::new();
    let mut unknown_users = Vec::new();
    for code in &codes {
        match code.as_str().and_then(|code| call.crm.user_of_extension(code)) {
            Some(user) => shown_to.push(user),
            None => unknown_codes.push(code.clone()),
        }
    }
    for user in &users {
        match user.as_u64().filter(|id| call.crm.user(*id).is_some_and(|user| user.active)) {
            Some(user) => shown_to.push(user),
            None => unknown_users.push(user.clone()),
        }
    }
    shown_to.dedup();
    event.insert("shownTo".to_owned(), json!(shown_to));
    let external_id = event.get("callExternalId").and_then(Value::as_str).map(str::to_owned);
    let site = event.get("site").and_then(Value::as_str).unwrap_or_default().to_owned();
    call.crm.popups.insert(external_id, &site, call.now, event);
    let mut answer = Answer::ok();
    if !unknown_codes.is_empty() {
        answer = answer.with("notExistCodes", unknown_codes);
    }
    if !unknown_users.is_empty() {
        answer = answer.with("notExistUsers", unknown_users);
    }
    Ok(answer)
}
