//! Reports of calls and their legs.

use std::time::Duration;

use jiff::{Span, ToSpan};
use serde_json::Value;

use crate::clock::later;
use crate::uis::filter::Filter;
use crate::uis::list::{Column, REPORT, array, col, extra, extra_array, report};
use crate::uis::method::{Call, Method, Reply, reads};
use crate::uis::rpc::Fault;
use crate::uis::state::Row;

pub(super) const METHODS: &[Method] = &[
    reads("get.calls_report", REPORT, calls),
    reads("get.call_legs_report", REPORT, legs),
    reads("get.communications_report", REPORT, communications),
];

/// Longest range of a report.
pub(super) fn three_months() -> Span {
    3.months()
}

/// Marketing columns, the same in every report.
pub(super) const MARKETING: &[Column] = &[
    col("site_id"),
    col("site_domain_name"),
    col("campaign_id"),
    col("campaign_name"),
    col("visitor_id"),
    extra("person_id"),
    extra("visitor_type"),
    extra("visitor_session_id"),
    extra("visits_count"),
    extra("visitor_city"),
    extra("visitor_region"),
    extra("visitor_country"),
    extra("visitor_device"),
    extra_array("visitor_custom_properties"),
    extra_array("segments"),
    extra("utm_source"),
    extra("utm_medium"),
    extra("utm_term"),
    extra("utm_content"),
    extra("utm_campaign"),
    extra("search_query"),
    extra("search_engine"),
    extra("referrer"),
    extra("referrer_domain"),
    extra("entrance_page"),
    extra("communication_page_url"),
    extra("gclid"),
    extra("yclid"),
    extra("ymclid"),
    extra("ua_client_id"),
    extra("ym_client_id"),
    extra("channel"),
    extra("source_id"),
    extra("source_name"),
    extra("source_new"),
    extra("channel_new"),
    extra("channel_code"),
    array("attributes"),
    extra_array("tags"),
    extra("sale_date"),
    extra("sale_cost"),
    extra("communication_number"),
    col("communication_id"),
    col("communication_type"),
    extra("ext_id"),
];

const CALLS: &[Column] = &[
    col("id"),
    col("start_time"),
    col("finish_time"),
    col("direction"),
    col("source"),
    col("is_lost"),
    col("finish_reason"),
    col("contact_phone_number"),
    col("virtual_phone_number"),
    extra("cpn_region_id"),
    extra("cpn_region_name"),
    extra("cpn_country_id"),
    extra("cpn_country_name"),
    col("wait_duration"),
    col("total_wait_duration"),
    col("talk_duration"),
    col("clean_talk_duration"),
    col("total_duration"),
    extra("postprocess_duration"),
    extra("lost_call_processing_duration"),
    array("call_records"),
    extra_array("wav_call_records"),
    extra("full_record_file_link"),
    extra_array("voice_mail_records"),
    col("is_transfer"),
    extra_array("employees"),
    col("first_answered_employee_id"),
    col("first_answered_employee_full_name"),
    col("last_answered_employee_id"),
    col("last_answered_employee_full_name"),
    extra("last_answered_employee_rating"),
    col("first_talked_employee_id"),
    col("first_talked_employee_full_name"),
    col("last_talked_employee_id"),
    col("last_talked_employee_full_name"),
    extra("operator_phone_number"),
    extra("scenario_id"),
    extra("scenario_name"),
    extra_array("scenario_operations"),
    extra("auto_call_campaign_name"),
    extra("call_api_request_id"),
    extra("call_api_external_id"),
    col("contact_id"),
    col("contact_full_name"),
    extra_array("properties"),
];

const LEGS: &[Column] = &[
    col("id"),
    col("call_session_id"),
    col("start_time"),
    col("connect_time"),
    col("duration"),
    col("total_duration"),
    col("finish_reason"),
    col("finish_reason_description"),
    col("virtual_phone_number"),
    col("calling_phone_number"),
    col("called_phone_number"),
    col("direction"),
    col("is_transfered"),
    col("is_operator"),
    col("employee_id"),
    col("employee_full_name"),
    col("employee_phone_number"),
    extra("employee_rating"),
    extra("scenario_id"),
    extra("scenario_name"),
    col("is_coach"),
    col("is_failed"),
    col("is_talked"),
    col("contact_id"),
    col("contact_full_name"),
    col("contact_phone_number"),
    extra("action_id"),
    extra("action_name"),
    extra("group_id"),
    extra("group_name"),
    extra_array("call_records"),
    extra_array("wav_call_records"),
];

const COMMUNICATIONS: &[Column] = &[col("id"), col("date_time")];

fn calls(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let filter = call.params.get("filter").map(Filter::read).transpose()?;
    let by_id = filter.iter().flat_map(Filter::leaves).any(|(field, _)| field == "id");
    if by_id && !call.switches.report_id_filter {
        return Err(Fault::param("filter_prohibited", "id", Value::Null));
    }
    report(call, &[CALLS, MARKETING], visible(call), "start_time", three_months())
}

/// The calls that stand in the reports by now: each some time after it was played, and those that still go on only when
/// they are asked for.
fn visible(call: &Call<'_>) -> Vec<Row> {
    let ongoing = call.params.get("include_ongoing_calls").and_then(Value::as_bool).unwrap_or(false);
    let local_now = call.state.local(call.now);
    let delay = Duration::from_millis(call.switches.report_delay_ms);
    let is_there = |row: &&Row| {
        let played = row.get("id").and_then(Value::as_u64).and_then(|id| call.state.played.get(&id));
        let ended =
            row.get("finish_time").and_then(Value::as_str).is_none_or(|end| end <= local_now.as_str());
        (ended || ongoing) && played.is_none_or(|played| later(*played, delay) <= call.now)
    };
    let as_it_is = |row: &Row| {
        let mut row = row.clone();
        let goes_on =
            row.get("finish_time").and_then(Value::as_str).is_some_and(|end| end > local_now.as_str());
        if goes_on {
            for column in OF_THE_END {
                row.insert(column.to_owned(), Value::Null);
            }
        }
        row
    };
    call.state.rows("calls").iter().filter(is_there).map(as_it_is).collect()
}

/// What nobody knows of a call that goes on.
const OF_THE_END: [&str; 10] = [
    "finish_time",
    "finish_reason",
    "is_lost",
    "talk_duration",
    "clean_talk_duration",
    "total_duration",
    "call_records",
    "wav_call_records",
    "full_record_file_link",
    "last_answered_employee_rating",
];

fn legs(call: &mut Call<'_>) -> Result<Reply, Fault> {
    report(call, &[LEGS], call.state.rows("call_legs").to_vec(), "start_time", three_months())
}

/// One stream of calls, chats and requests.
fn communications(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let mut rows = Vec::new();
    for (noun, time) in [("calls", "start_time"), ("chats", "date_time"), ("offline_messages", "date_time")] {
        let known = if noun == "calls" { visible(call) } else { call.state.rows(noun).to_vec() };
        for mut row in known {
            let at = row.get(time).cloned().unwrap_or_default();
            row.insert("date_time".to_owned(), at);
            rows.push(row);
        }
    }
    report(call, &[COMMUNICATIONS, MARKETING], rows, "date_time", three_months())
}
