//! Whether a call may be decided, or has to wait for its marketing data.
//!
//! Campaign, source, marks and visitor stand in no notification as UIS sends them; the report of calls has them, a while
//! later. So a call that is over waits when the rules in force read such a field, no notification brought it, and the
//! report was not read for this call yet. It does not wait for long: the patience of the account counts from when the end
//! was heard of, and when it is over, or the points of UIS are, the call is decided without, and its trace says so. Only
//! its lane waits, because calls of a contact are decided in order; other lanes go on.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use switchboard_engine::bundle::{Bundle, Slot};
use switchboard_engine::catalog::schema;
use switchboard_engine::schema::FieldId;

use super::keeper::later;
use super::measure;
use super::turn::Turn;
use crate::communication::{Call, Contact, Merged, event};
use crate::reports::Asked;

/// The step in a trace that says that a call was decided without; the server's own, and not one of the rules.
pub(crate) const NO_MARKETING_DATA: &str = "no_marketing_data";

/// Fields of calls that the report brings and notifications, as UIS sends them, do not.
pub(crate) const FIELDS: [&str; 19] = [
    "site",
    "campaign",
    "source",
    "marketing_channel",
    "utm.source",
    "utm.medium",
    "utm.campaign",
    "utm.content",
    "utm.term",
    "visitor.city",
    "visitor.region",
    "visitor.country",
    "visitor.device",
    "visitor.id",
    "search_query",
    "referrer",
    "landing_page",
    "segments",
    "finish_reason",
];

/// The same by number.
static KNOWN: LazyLock<BTreeSet<FieldId>> =
    LazyLock::new(|| FIELDS.iter().filter_map(|name| schema().field_id(name)).collect());

/// How often a call that waits asks again: what it asked before is forgotten by a restart.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// Whether a call may be decided.
#[derive(Debug)]
pub(super) enum Marketing {
    /// Nothing that the rules read can still come.
    Enough,
    /// Something is missing and is not waited for any longer.
    Without(Lacking),
    /// It is worth waiting until then.
    Wait(Timestamp),
}

/// Which fields were missing when the rules decided, and why they were not waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lacking {
    fields: Vec<&'static str>,
    why: Why,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Late,
    NoPoints,
    Refused,
}

/// Looks whether a call that is over has what the rules read.
pub(super) fn look(
    turn: &Turn<'_>,
    bundle: &Bundle,
    call: &Call,
    merged: &Merged,
    now: Timestamp,
) -> Marketing {
    let Some(reports) = &turn.account.reports else { return Marketing::Enough };
    let patience = reports.marketing_wait();
    if patience.is_zero() {
        return Marketing::Enough;
    }
    let fields = missing(bundle, merged);
    if fields.is_empty() {
        return Marketing::Enough;
    }
    if call.is_reported() {
        return Marketing::Enough;
    }
    let until = later(call.end_heard().or_else(|| call.last_heard()).unwrap_or(now), patience);
    let why = if until <= now {
        Why::Late
    } else {
        match reports.want(call.session(), merged.started.instant(), until) {
            Asked::Waits => return Marketing::Wait(later(now, ASK_AGAIN).min(until)),
            Asked::OutOfPoints => Why::NoPoints,
            Asked::Refused => Why::Refused,
        }
    };
    measure::marketing(&turn.account.id, why.name());
    let lacking = Lacking { fields, why };
    tracing::info!(account = %turn.account.id, session = call.session(), why = why.name(), fields = ?lacking.fields,
        "call is decided without marketing data");
    Marketing::Without(lacking)
}

/// Whether everything that the report can tell of a call is in; so it is, too, when nobody would wait for more.
pub(super) fn is_all_in(turn: &Turn<'_>, call: &Call) -> bool {
    let waits = turn.account.reports.as_ref().is_some_and(|reports| !reports.marketing_wait().is_zero());
    !waits || call.is_reported()
}

/// The fields that the rules read for such a call, that the report might bring and that are not there.
fn missing(bundle: &Bundle, merged: &Merged) -> Vec<&'static str> {
    // Neither the client nor the employees matter to these fields.
    let Ok(event) = event(merged, Contact::First, &|_, _| None) else { return Vec::new() };
    let read = bundle.reads(Slot::of(event.kind(), event.direction())).iter();
    let wanted = read.filter(|field| KNOWN.contains(&field.id) && event.value(field).is_missing());
    wanted.map(|field| schema().field_name(field.id)).collect()
}

impl Why {
    const fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::NoPoints => "no_points",
            Self::Refused => "refused",
        }
    }

    /// The same for people, in English and in Russian.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Late => {
                ("they did not come into the report of UIS in time", "они не появились в отчёте UIS вовремя")
            }
            Self::NoPoints => ("the points of UIS do not suffice", "не хватает баллов UIS"),
            Self::Refused => ("UIS does not give its report of calls", "UIS не отдаёт отчёт о звонках"),
        }
    }
}

impl Lacking {
    /// Puts it in front of the trace of a decision, in both languages.
    pub(super) fn tell(&self, decision: &mut Value) {
        let fields = self.fields.join(", ");
        let (en, ru) = self.why.words();
        let why = json!({
            "en": format!("decided without marketing data ({fields}): {en}"),
            "ru": format!("решено без маркетинговых данных ({fields}): {ru}"),
        });
        let step = json!({"section": "", "file": "", "line": 0, "row": null, "outcome": NO_MARKETING_DATA,
            "why": why, "near": []});
        if let Some(Value::Array(trace)) = decision.get_mut("trace") {
            trace.insert(0, step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_has_all_fields() {
        assert_eq!(KNOWN.len(), FIELDS.len());
    }

    #[test]
    fn the_trace_tells_first_what_was_missing() {
        let lacking = Lacking { fields: vec!["campaign", "utm.source"], why: Why::Late };
        let mut decision = json!({"trace": [{"why": "x"}]});
        lacking.tell(&mut decision);
        assert_eq!(
            decision.pointer("/trace/0/why/en"),
            Some(&json!(
                "decided without marketing data (campaign, utm.source): they did not come into the report of UIS in time"
            ))
        );
        assert_eq!(decision.pointer("/trace/1/why"), Some(&json!("x")));
    }
}
