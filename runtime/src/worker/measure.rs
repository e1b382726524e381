//! What the workers count, in one table.

use std::time::Duration;

use crate::store::record::AccountId;

/// Every metric that is counted here and in the clients: name, kind, labels, meaning.
pub const METRICS: &[(&str, &str, &[&str], &str)] = &[
    ("switchboard_crm_requests_total", "counter", &["account", "method", "outcome"], "requests to RetailCRM"),
    ("switchboard_crm_request_seconds", "histogram", &["account"], "how long RetailCRM took to answer"),
    ("switchboard_uis_requests_total", "counter", &["account", "method", "outcome"], "requests to UIS"),
    ("switchboard_turns_total", "counter", &["account", "end"], "turns of lanes, by how they ended"),
    ("switchboard_events_merged_total", "counter", &["account"], "events merged into communications"),
    ("switchboard_events_parked_total", "counter", &["account"], "events that workers gave up on"),
    ("switchboard_decisions_total", "counter", &["account", "stage", "accepted"], "decisions made"),
    ("switchboard_decision_seconds", "histogram", &["account"], "how long a decision took"),
    (
        "switchboard_effects_total",
        "counter",
        &["account", "kind", "outcome"],
        "steps of effects, by what came of them",
    ),
    (
        "switchboard_effect_probes_total",
        "counter",
        &["account", "kind", "found"],
        "looks for records whose request got no answer",
    ),
    ("switchboard_fields_dropped_total", "counter", &["account"], "field values that RetailCRM would refuse"),
    ("switchboard_account_stops_total", "counter", &["account"], "how often an account was stopped"),
    ("switchboard_account_stopped", "gauge", &["account"], "whether the account is stopped"),
];

pub(super) fn turn(account: &AccountId, end: &'static str) {
    metrics::counter!("switchboard_turns_total", "account" => name(account), "end" => end).increment(1);
}

pub(super) fn merged(account: &AccountId, events: usize) {
    let events = u64::try_from(events).unwrap_or(u64::MAX);
    metrics::counter!("switchboard_events_merged_total", "account" => name(account)).increment(events);
}

pub(super) fn parked(account: &AccountId) {
    metrics::counter!("switchboard_events_parked_total", "account" => name(account)).increment(1);
}

pub(super) fn decided(account: &AccountId, stage: &'static str, accepted: bool, took: Duration) {
    let accepted = if accepted { "yes" } else { "no" };
    metrics::counter!("switchboard_decisions_total", "account" => name(account), "stage" => stage, "accepted" => accepted)
        .increment(1);
    metrics::histogram!("switchboard_decision_seconds", "account" => name(account)).record(took);
}

pub(super) fn effect(account: &AccountId, kind: &str, outcome: &'static str) {
    let kind = kind.to_owned();
    metrics::counter!("switchboard_effects_total", "account" => name(account), "kind" => kind, "outcome" => outcome)
        .increment(1);
}

pub(super) fn probe(account: &AccountId, kind: &str, found: bool) {
    let (kind, found) = (kind.to_owned(), if found { "yes" } else { "no" });
    metrics::counter!("switchboard_effect_probes_total", "account" => name(account), "kind" => kind, "found" => found)
        .increment(1);
}

pub(super) fn dropped(account: &AccountId, fields: usize) {
    let fields = u64::try_from(fields).unwrap_or(u64::MAX);
    metrics::counter!("switchboard_fields_dropped_total", "account" => name(account)).increment(fields);
}

pub(super) fn stopped(account: &AccountId) {
    metrics::counter!("switchboard_account_stops_total", "account" => name(account)).increment(1);
    metrics::gauge!("switchboard_account_stopped", "account" => name(account)).set(1.0);
}

pub(super) fn resumed(account: &AccountId) {
    metrics::gauge!("switchboard_account_stopped", "account" => name(account)).set(0.0);
}

fn name(account: &AccountId) -> String {
    account.as_str().to_owned()
}
