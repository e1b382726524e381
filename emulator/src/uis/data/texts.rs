//! Reports of chats, their messages, and requests (offline messages). The rows are put there by tests.

use jiff::ToSpan;
use serde_json::{Value, json};

use super::calls::{MARKETING, three_months};
use crate::uis::list::{Column, REPORT, array, col, extra, extra_array, list, report};
use crate::uis::method::{Call, Method, Reply, reads};
use crate::uis::params::{P, Param, opt};
use crate::uis::rpc::Fault;
use crate::uis::state::Row;

pub(super) const METHODS: &[Method] = &[
    reads("get.chats_report", REPORT, chats),
    reads("get.chat_messages_report", MESSAGES_PARAMS, messages),
    reads("get.offline_messages_report", REPORT, offline_messages),
    reads("getobj.visitor", &[opt("visitor_id", P::Number)], visitor),
];

const MESSAGES_PARAMS: &[Param] = &[
    opt("chat_id", P::Number),
    opt("chat_ids", P::Numbers),
    opt("date_from", P::Moment),
    opt("date_till", P::Moment),
    opt("limit", P::Number),
    opt("offset", P::Number),
    opt("filter", P::Any),
    opt("sort", P::Any),
    opt("fields", P::Texts),
];

const CHATS: &[Column] = &[
    col("id"),
    col("status"),
    col("initiator"),
    col("date_time"),
    col("duration"),
    col("answer_time"),
    col("chat_channel_id"),
    col("chat_channel_type"),
    col("chat_channel_name"),
    extra("chat_user_id"),
    extra("chat_username"),
    extra("chat_ad_url"),
    col("messages_count"),
    col("employee_messages_count"),
    col("is_group_chat"),
    col("is_transfer"),
    col("release_cause"),
    col("employee_id"),
    col("employee_full_name"),
    extra("employee_raiting"),
    col("visitor_phone_number"),
    array("visitor_ids"),
    extra("visitor_profile_url"),
];

const MESSAGES: &[Column] = &[
    col("id"),
    col("chat_id"),
    col("channel_id"),
    col("channel_type"),
    col("date_time"),
    col("visitor_id"),
    col("text"),
    col("source"),
    col("resource"),
    col("employee_id"),
    col("employee_full_name"),
];

const OFFLINE: &[Column] = &[
    col("id"),
    col("date_time"),
    col("text"),
    col("status"),
    col("process_time"),
    col("form_type"),
    col("form_name"),
    col("group_id"),
    col("group_name"),
    col("employee_id"),
    col("employee_full_name"),
    col("employee_answer_message"),
    col("employee_comment"),
    col("visitor_phone_number"),
    col("visitor_email"),
    col("visitor_name"),
    extra("is_agree_to_process_personal_data"),
    extra("is_agree_to_mailing"),
    extra_array("properties"),
];

fn chats(call: &mut Call<'_>) -> Result<Reply, Fault> {
    report(call, &[CHATS, MARKETING], with_phones(call, "chats"), "date_time", three_months())
}

fn offline_messages(call: &mut Call<'_>) -> Result<Reply, Fault> {
    report(call, &[OFFLINE, MARKETING], with_phones(call, "offline_messages"), "date_time", three_months())
}

/// Messages of chats, or of a range of at most 30 days.
fn messages(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let one = call.int("chat_id");
    let several = call.params.get("chat_ids").and_then(Value::as_array).cloned();
    let rows = call.state.rows("chat_messages").to_vec();
    if one.is_none() && several.is_none() {
        return report(call, &[MESSAGES], rows, "date_time", 30.days());
    }
    let wanted = |row: &Row| {
        let chat = row.get("chat_id");
        one.is_some_and(|id| chat == Some(&json!(id)))
            || several.as_ref().is_some_and(|ids| chat.is_some_and(|id| ids.contains(id)))
    };
    list(call, &[MESSAGES], rows.into_iter().filter(wanted).collect())
}

fn visitor(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let id = call.int("visitor_id").ok_or_else(|| Fault::missed("visitor_id"))?;
    let known = call.state.rows("visitors").iter().find(|row| row.get("id") == Some(&json!(id)));
    let known = known.cloned().ok_or_else(|| Fault::param("entity_not_found", "visitor_id", json!(id)))?;
    Ok(Reply::data(Value::Object(known)))
}

/// A visitor's phone is typed number in these reports; whether it comes so is a switch.
fn with_phones(call: &Call<'_>, noun: &str) -> Vec<Row> {
    let mut rows = call.state.rows(noun).to_vec();
    for row in &mut rows {
        let Some(Value::String(phone)) = row.get("visitor_phone_number") else { continue };
        if let Ok(number) = phone.parse::<u64>()
            && call.switches.visitor_phone_as_number
        {
            row.insert("visitor_phone_number".to_owned(), json!(number));
        }
    }
    rows
}
