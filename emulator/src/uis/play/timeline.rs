//! What happens during a call, moment by moment, with the values that notifications of each moment can carry.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::catalogue::{Event, has};
use super::script::{CallScript, Direction};
use crate::clock::later;
use crate::uis::state::{Employee, UisState};

/// One moment of a call.
#[derive(Debug, Clone)]
pub(super) struct Happening {
    pub(super) event: Event,
    /// Since the beginning of the call.
    pub(super) offset: Duration,
    /// Values by parameter; only those that the event has.
    pub(super) values: Map<String, Value>,
}

/// A moment before it has its exact time: event, second, employee, values of its own.
type Plan = (Event, u32, Option<u64>, Vec<(&'static str, Value)>);

/// Least time between two moments.
const STEP: Duration = Duration::from_millis(5);

/// The moments of a call, in order.
pub(super) fn timeline(
    script: &CallScript,
    session: u64,
    started: Timestamp,
    state: &UisState,
) -> Vec<Happening> {
    let facts = Facts { script, session, started, state };
    // Milliseconds that look like life and are the same in every run.
    let jitter = Duration::from_millis(session.wrapping_mul(31) % 700);
    let mut last = Duration::ZERO;
    let plans = facts.plan().into_iter();
    plans
        .map(|(event, second, employee, own)| {
            let offset = (Duration::from_secs(u64::from(second)) + jitter).max(last + STEP);
            last = offset;
            facts.happening(event, offset, employee, own)
        })
        .collect()
}

/// What is known of the whole call.
pub(super) struct Facts<'a> {
    pub(super) script: &'a CallScript,
    pub(super) session: u64,
    pub(super) started: Timestamp,
    pub(super) state: &'a UisState,
}

impl Facts<'_> {
    fn plan(&self) -> Vec<Plan> {
        let script = self.script;
        let (wait, end) = (script.wait_s, script.total_s());
        let mut all: Vec<Plan> = Vec::new();
        match script.direction {
            Direction::In => {
                all.push((Event::CallStart, 0, None, Vec::new()));
                for (n, employee) in script.rung.iter().enumerate() {
                    let leg = vec![("leg_id", json!(self.leg(n)))];
                    all.push((Event::Ring, script.rings_at(n), Some(*employee), leg));
                }
            }
            Direction::Out => all.push((Event::CallOut, 0, script.caller, Vec::new())),
        }
        let talkers = self.talks();
        for (n, (employee, from, till)) in talkers.iter().copied().enumerate() {
            if n > 0 {
                let leg = vec![("leg_id", json!(self.leg(script.rung.len() + n)))];
                all.push((Event::Ring, wait + from, Some(employee), leg));
            }
            let legs = json!([self.leg(n)]);
            all.push((Event::TalkStart, wait + from, Some(employee), vec![("leg_ids", legs.clone())]));
            let spoken = vec![("leg_ids", legs), ("talk_time_duration", json!(till.saturating_sub(from)))];
            all.push((Event::TalkEnd, wait + till, Some(employee), spoken));
        }
        if script.direction == Direction::In && talkers.is_empty() {
            all.push((Event::CallLost, end, None, Vec::new()));
        }
        let last = script.last_talker().or_else(|| script.rung.last().copied());
        all.push((Event::CallEnd, end, last, Vec::new()));
        for (n, (employee, from, till)) in talkers.into_iter().enumerate().filter(|_| script.recorded) {
            let seconds = json!(till.saturating_sub(from));
            let file = vec![("file_link", json!(self.link(n))), ("file_duration", seconds)];
            all.push((Event::Record, end.saturating_add(script.record_after_s), Some(employee), file));
        }
        all
    }

    /// Who talked, from which second of talk, till which.
    fn talks(&self) -> Vec<(u64, u32, u32)> {
        let talkers = self.script.talkers();
        let ends = talkers.iter().skip(1).map(|(_, from)| *from).chain([self.script.talk_s]);
        talkers.iter().zip(ends).map(|((employee, from), till)| (*employee, *from, till)).collect()
    }

    fn happening(
        &self,
        event: Event,
        offset: Duration,
        employee: Option<u64>,
        own: Vec<(&'static str, Value)>,
    ) -> Happening {
        let session_values = self.session_values(later(self.started, offset));
        let all = session_values.into_iter().chain(self.employee_values(employee)).chain(own);
        let mut values: Map<String, Value> = all.map(|(name, value)| (name.to_owned(), value)).collect();
        values.retain(|name, _| has(event, name));
        Happening { event, offset, values }
    }

    fn session_values(&self, now: Timestamp) -> Vec<(&'static str, Value)> {
        let script = self.script;
        let state = self.state;
        let scenario = script.scenario.as_ref();
        let scenario_id =
            scenario.and_then(|name| state.scenarios.iter().find(|one| one.name == *name)).map(|one| one.id);
        let tag_ids: Vec<u64> =
            state.tags.iter().filter(|tag| script.tags.contains(&tag.name)).map(|tag| tag.id).collect();
        let (from, to) = match script.direction {
            Direction::In => (script.client.clone(), Some(script.virtual_number.clone())),
            Direction::Out => (Some(script.virtual_number.clone()), script.client.clone()),
        };
        let talkers = script.talkers();
        let answered = script.is_answered();
        let names: Vec<String> =
            script.rung.iter().filter_map(|id| state.employee(*id)).map(Employee::full_name).collect();
        let links: Vec<String> =
            (0..talkers.len()).filter(|_| script.recorded).map(|n| self.link(n)).collect();
        vec![
            ("notification_name", json!("RetailCRM")),
            ("notification_time", json!(state.local_ms(now))),
            ("notification_timestamp", json!(now.as_second())),
            ("app_id", json!(state.app_id)),
            ("tp_project", json!("uis")),
            ("call_session_id", json!(self.session)),
            ("communication_id", json!(self.session)),
            ("communication_type", json!("call")),
            ("communication_number", json!(script.communication_number)),
            ("external_id", json!(script.external_id)),
            ("direction", json!(script.direction)),
            ("call_source", json!(self.call_source())),
            ("is_internal", json!(false)),
            ("is_lost", json!(!answered)),
            ("is_transfer", json!(!script.transfers.is_empty())),
            ("lost_reason", json!(self.finish_reason())),
            ("virtual_phone_number", json!(script.virtual_number)),
            ("contact_phone_number", json!(script.client)),
            ("calling_phone_number", json!(from)),
            ("called_phone_number", json!(to)),
            ("contact_id", json!(script.contact.as_ref().map(|(id, _)| id))),
            ("contact_full_name", json!(script.contact.as_ref().map(|(_, name)| name))),
            ("scenario_id", json!(scenario_id)),
            ("scenario_name", json!(scenario)),
            ("start_time", json!(state.local_ms(self.started))),
            ("wait_time_duration", json!(script.wait_s)),
            ("talk_time_duration", json!(if answered { script.talk_s } else { 0 })),
            ("total_time_duration", json!(script.total_s())),
            ("employee_ids", list(&script.rung)),
            ("noanswered_employee_full_names", list(&names)),
            ("last_talked_employee_id", json!(talkers.last().map(|(employee, _)| employee))),
            ("operator_rating", json!(script.rating)),
            ("record_file_links", list(&links)),
            ("tag_ids", list(&tag_ids)),
            ("tag_names", list(&script.tags)),
            ("attributes", Value::Null),
            ("site_domain_name", json!(script.site)),
            ("campaign_name", json!(script.campaign)),
            ("visitor_id", json!(script.visitor_id)),
            ("visitor_is_new", json!(script.visitor_id.map(|_| script.communication_number == Some(1)))),
            ("search_query", json!(script.search_query)),
            ("search_engine", json!(script.search_query.as_ref().map(|_| "Яндекс"))),
        ]
    }

    fn employee_values(&self, employee: Option<u64>) -> Vec<(&'static str, Value)> {
        let known = employee.and_then(|id| self.state.employee(id));
        vec![
            ("employee_id", json!(employee)),
            ("employee_full_name", json!(known.map(Employee::full_name))),
            ("employee_phone_number", json!(known.and_then(|one| one.phone_numbers.first()))),
            ("employee_email", json!(known.and_then(|one| one.email.as_ref()))),
            ("extension_phone_number", json!(known.and_then(|one| one.extension.as_ref()))),
        ]
    }

    /// How the call came about.
    pub(super) fn call_source(&self) -> String {
        let fitting = match (self.script.direction, &self.script.site) {
            (Direction::In, Some(_)) => "dynamic_call_tracking",
            (Direction::In, None) => "va",
            (Direction::Out, _) => "sip",
        };
        self.script.call_source.clone().unwrap_or_else(|| fitting.to_owned())
    }

    /// Why it ended.
    pub(super) fn finish_reason(&self) -> String {
        let fitting = match (self.script.is_answered(), self.script.direction) {
            (true, _) => "subscriber_disconnects",
            (false, Direction::In) => "no_success_operator_call",
            (false, Direction::Out) => "no_success_subscriber_call",
        };
        self.script.finish_reason.clone().unwrap_or_else(|| fitting.to_owned())
    }

    /// Identifier of the `n`-th leg.
    pub(super) fn leg(&self, n: usize) -> u64 {
        self.session.saturating_mul(10).saturating_add(u64::try_from(n).unwrap_or(0))
    }

    /// Name of the `n`-th record.
    pub(super) fn record(&self, n: usize) -> String {
        format!("{:x}", self.session.wrapping_mul(0x9e37_79b9).wrapping_add(u64::try_from(n).unwrap_or(0)))
    }

    /// Link to the `n`-th record.
    fn link(&self, n: usize) -> String {
        format!("https://media.uiscom.ru/{}/{}", self.session, self.record(n))
    }
}

/// An array, or `null` in the place of an empty one.
fn list<T: serde::Serialize>(items: &[T]) -> Value {
    if items.is_empty() { Value::Null } else { json!(items) }
}
