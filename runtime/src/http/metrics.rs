//! `/metrics`, as Prometheus reads it.
//!
//! What happens is counted where it happens; what stands in the store is asked for when somebody looks.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use jiff::Timestamp;

use crate::http::state::Shared;
use crate::observe::{
    ACCOUNT_STOPPED, COMMUNICATIONS, DEALS, EFFECTS, EVENTS, Metric, OLDEST_EVENT, RULES_STALE, SHADOW_STALE,
};
use crate::rulebook::Status;
use crate::store::record::{AccountId, AccountOverview, Activity, DealCounts};

/// The type that Prometheus asks for.
const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Writes all figures.
pub(super) async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let overview = match shared.parts.store.overview().await {
        Ok(overview) => overview,
        Err(error) => {
            tracing::warn!(%error, "figures of the store cannot be read");
            return (StatusCode::SERVICE_UNAVAILABLE, "store does not answer\n").into_response();
        }
    };
    let now = shared.parts.clock.now();
    for account in &overview {
        measure(account, now);
    }
    for account in shared.parts.deals.keys() {
        match shared.parts.store.deals().count_deals(&AccountId::from(account.as_str())).await {
            Ok(counts) => deals(account, counts),
            Err(error) => tracing::warn!(%error, "figures of deals cannot be read"),
        }
    }
    for status in shared.parts.rulebook.statuses() {
        rules(RULES_STALE, &status);
    }
    for status in shared.parts.shadows.statuses() {
        rules(SHADOW_STALE, &status);
    }
    ([(header::CONTENT_TYPE, TEXT)], shared.parts.figures.render()).into_response()
}

fn deals(account: &str, counts: DealCounts) {
    let DealCounts { waiting, done, not_passed, parked, gone } = counts;
    for (state, count) in
        [("waiting", waiting), ("done", done), ("not_passed", not_passed), ("parked", parked), ("gone", gone)]
    {
        #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
        metrics::gauge!(DEALS.name, "account" => account.to_owned(), "state" => state).set(count as f64);
    }
}

fn rules(metric: Metric, status: &Status) {
    let stale = if status.is_stale() { 1.0 } else { 0.0 };
    metrics::gauge!(metric.name, "account" => status.account.clone()).set(stale);
}

fn measure(overview: &AccountOverview, now: Timestamp) {
    let account = overview.account.as_str().to_owned();
    let set = |name: &'static str, label: &'static str, values: &[(&'static str, u64)]| {
        for (value, count) in values {
            // A gauge is a float; counts are exact far beyond what a store holds.
            #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
            metrics::gauge!(name, "account" => account.clone(), label => *value).set(*count as f64);
        }
    };
    let events = &overview.events;
    set(
        EVENTS.name,
        "state",
        &[("available", events.available), ("unparsed", events.unparsed), ("parked", events.parked)],
    );
    let calls = &overview.communications;
    set(
        COMMUNICATIONS.name,
        "phase",
        &[("open", calls.open), ("ending", calls.ending), ("decided", calls.decided)],
    );
    let effects = &overview.effects;
    set(
        EFFECTS.name,
        "state",
        &[
            ("ready", effects.ready),
            ("in_flight", effects.in_flight),
            ("unknown", effects.unknown),
            ("held", effects.held),
            ("dead", effects.dead),
        ],
    );
    let age = overview.oldest_waiting.map_or(0.0, |oldest| now.duration_since(oldest).as_secs_f64().max(0.0));
    metrics::gauge!(OLDEST_EVENT.name, "account" => account.clone()).set(age);
    let stopped = if matches!(overview.activity, Activity::Stopped { .. }) { 1.0 } else { 0.0 };
    metrics::gauge!(ACCOUNT_STOPPED.name, "account" => account).set(stopped);
}
