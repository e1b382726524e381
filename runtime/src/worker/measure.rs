//! What the workers count. The names stand in the table of `observe`.

use std::time::Duration;

use crate::observe::MARKETING;
use crate::store::record::AccountId;

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

pub(super) fn marketing(account: &AccountId, outcome: &'static str) {
    metrics::counter!(MARKETING.name, "account" => name(account), "outcome" => outcome).increment(1);
}

pub(super) fn stopped(account: &AccountId) {
    metrics::counter!("switchboard_account_stops_total", "account" => name(account)).increment(1);
}

fn name(account: &AccountId) -> String {
    account.as_str().to_owned()
}
