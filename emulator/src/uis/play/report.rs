//! What reports say of a call that was played.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::script::{CallScript, Direction};
use super::timeline::Facts;
use crate::clock::later;
use crate::uis::state::{Employee, Row, UisState};

/// The row of the call and the rows of its legs.
pub(crate) fn rows(
    script: &CallScript,
    session: u64,
    started: Timestamp,
    state: &UisState,
) -> (Row, Vec<Row>) {
    let facts = Facts { script, session, started, state };
    (call(&facts), legs(&facts))
}

fn call(facts: &Facts<'_>) -> Row {
    let Facts { script, session, started, state } = facts;
    let after = |seconds: u32| state.local(later(*started, Duration::from_secs(u64::from(seconds))));
    let scenario =
        script.scenario.as_ref().and_then(|name| state.scenarios.iter().find(|one| one.name == *name));
    let talkers = script.talkers();
    let records: Vec<String> =
        (0..talkers.len()).filter(|_| script.recorded).map(|n| facts.record(n)).collect();
    let full_record = records.first().map(|record| format!("https://media.uiscom.ru/{session}/{record}"));
    let answered = script.is_answered();
    let talk = if answered { script.talk_s } else { 0 };
    let all = json!({
        "id": session,
        "communication_id": session,
        "communication_type": "call",
        "communication_number": script.communication_number,
        "start_time": state.local(*started),
        "finish_time": after(script.total_s()),
        "direction": script.direction,
        "source": facts.call_source(),
        "is_lost": !answered,
        "finish_reason": facts.finish_reason(),
        "contact_phone_number": script.client,
        "virtual_phone_number": script.virtual_number,
        "cpn_region_id": null,
        "cpn_region_name": null,
        "wait_duration": script.wait_s,
        "total_wait_duration": script.wait_s,
        "talk_duration": talk,
        "clean_talk_duration": talk,
        "total_duration": script.total_s(),
        "postprocess_duration": 0,
        "call_records": records,
        "wav_call_records": [],
        "full_record_file_link": full_record,
        "voice_mail_records": [],
        "is_transfer": !script.transfers.is_empty(),
        "scenario_id": scenario.map(|one| one.id),
        "scenario_name": script.scenario,
        "call_api_request_id": null,
        "call_api_external_id": script.external_id,
        "contact_id": script.contact.as_ref().map(|(id, _)| id),
        "contact_full_name": script.contact.as_ref().map(|(_, name)| name),
        "properties": [],
    });
    let mut row = all.as_object().cloned().unwrap_or_default();
    row.extend(people(facts));
    row.extend(origin(facts));
    row
}

/// Who was rung and who talked.
fn people(facts: &Facts<'_>) -> Row {
    let Facts { script, state, .. } = facts;
    let talkers = script.talkers();
    let name = |id: Option<u64>| id.and_then(|id| state.employee(id)).map(Employee::full_name);
    let involved = script.rung.iter().copied().chain(script.caller).chain(talkers.iter().map(|(id, _)| *id));
    let mut ids: Vec<u64> = Vec::new();
    for id in involved {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let talked = |id: u64| talkers.iter().any(|(talker, _)| *talker == id);
    let employees: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({"employee_id": id, "employee_full_name": name(Some(*id)),
                "is_answered": talked(*id), "is_talked": talked(*id)})
        })
        .collect();
    let first = talkers.first().map(|(id, _)| *id);
    let last = talkers.last().map(|(id, _)| *id);
    let all = json!({
        "employees": employees,
        "first_answered_employee_id": first,
        "first_answered_employee_full_name": name(first),
        "last_answered_employee_id": last,
        "last_answered_employee_full_name": name(last),
        "last_answered_employee_rating": script.rating,
        "first_talked_employee_id": first,
        "first_talked_employee_full_name": name(first),
        "last_talked_employee_id": last,
        "last_talked_employee_full_name": name(last),
    });
    all.as_object().cloned().unwrap_or_default()
}

/// Where the client came from.
fn origin(facts: &Facts<'_>) -> Row {
    let Facts { script, state, .. } = facts;
    let site = script.site.as_ref().and_then(|domain| state.sites.iter().find(|site| site.domain == *domain));
    let campaign =
        script.campaign.as_ref().and_then(|name| state.campaigns.iter().find(|one| one.name == *name));
    let end = later(facts.started, Duration::from_secs(u64::from(script.total_s())));
    let tag_rows = script.tags.iter().map(|tag| {
        let id = state.tags.iter().find(|known| known.name == *tag).map(|known| known.id);
        json!({"tag_id": id, "tag_name": tag, "tag_type": "manual", "tag_change_time": state.local(end)})
    });
    let tags: Vec<Value> = tag_rows.collect();
    let all = json!({
        "site_id": site.map(|one| one.id),
        "site_domain_name": script.site,
        "campaign_id": campaign.map(|one| one.id),
        "campaign_name": script.campaign,
        "source_name": script.source,
        "visitor_id": script.visitor_id,
        "person_id": script.visitor_id,
        "search_query": script.search_query,
        "utm_source": script.utm.get("source"),
        "utm_medium": script.utm.get("medium"),
        "utm_campaign": script.utm.get("campaign"),
        "utm_content": script.utm.get("content"),
        "utm_term": script.utm.get("term"),
        "attributes": [],
        "tags": tags,
    });
    all.as_object().cloned().unwrap_or_default()
}

fn legs(facts: &Facts<'_>) -> Vec<Row> {
    let Facts { script, session, started, state } = facts;
    let talkers = script.talkers();
    let dialled: Vec<u64> = match script.direction {
        Direction::In => script.rung.clone(),
        Direction::Out => script.caller.into_iter().collect(),
    };
    let transferred = talkers.iter().skip(1).map(|(id, _)| *id);
    let all = dialled.iter().copied().chain(transferred).enumerate().map(|(n, id)| {
        let employee = state.employee(id);
        let talker = talkers.iter().position(|(talker, _)| *talker == id);
        let from = talker.and_then(|at| talkers.get(at)).map_or(0, |(_, from)| *from);
        let till = talker.map_or(0, |at| talkers.get(at + 1).map_or(script.talk_s, |(_, next)| *next));
        let at = later(*started, Duration::from_secs(u64::from(script.rings_at(n.min(script.rung.len())))));
        json!({
            "id": facts.leg(n),
            "call_session_id": session,
            "start_time": state.local(at),
            "connect_time": talker.map(|_| {
                state.local(later(*started, Duration::from_secs(u64::from(script.wait_s + from))))
            }),
            "duration": till.saturating_sub(from),
            "total_duration": script.wait_s + till.saturating_sub(from),
            "finish_reason": facts.finish_reason(),
            "finish_reason_description": "",
            "virtual_phone_number": script.virtual_number,
            "calling_phone_number": script.client,
            "called_phone_number": employee.and_then(|one| one.phone_numbers.first()),
            "direction": script.direction,
            "is_transfered": n >= dialled.len(),
            "is_operator": true,
            "employee_id": id,
            "employee_full_name": employee.map(Employee::full_name),
            "employee_phone_number": employee.and_then(|one| one.phone_numbers.first()),
            "employee_rating": null,
            "scenario_name": script.scenario,
            "is_coach": false,
            "is_failed": talker.is_none(),
            "is_talked": talker.is_some(),
            "contact_phone_number": script.client,
            "call_records": [],
            "wav_call_records": [],
        })
    });
    all.filter_map(|leg| leg.as_object().cloned()).collect()
}
