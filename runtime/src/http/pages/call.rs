//! One call, chat or request, whole: what came, what it comes to, what the rules said and why, what was done.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use crate::communication::Merged;
use crate::http::pages::calls;
use crate::http::pages::look::Look;
use crate::http::pages::popups::{PopUps, popups};
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::shadow_call::{self, ShadowView};
use crate::http::pages::view::{self, EffectView, EventView};
use crate::http::pages::words;
use crate::http::pages::written::{self, WrittenSummary};
use crate::http::state::Shared;
use crate::store::record::{AccountId, Decision, SessionKey, Timeline};

#[derive(Serialize)]
struct Own {
    account: String,
    number: String,
    kind: &'static str,
    written: Option<WrittenSummary>,
    phase: Option<&'static str>,
    phase_word: Option<String>,
    due: Option<String>,
    summary: Option<Summary>,
    events: Vec<EventView>,
    decisions: Vec<DecisionView>,
    effects: Vec<EffectView>,
    /// Nothing for what is no call.
    popups: Option<PopUps>,
}

/// What a call comes to.
#[derive(Serialize)]
struct Summary {
    direction: &'static str,
    outcome: &'static str,
    contact: String,
    name: Option<String>,
    virtual_number: Option<String>,
    scenario: Option<String>,
    began: String,
    ended: String,
    is_ended: bool,
    wait: Option<String>,
    talk: Option<String>,
    total: Option<String>,
    rung: Vec<String>,
    answered: Vec<String>,
    caller: Option<String>,
    recordings: Vec<String>,
    tags: Vec<String>,
}

#[derive(Serialize)]
struct DecisionView {
    made: String,
    stage: String,
    digest: String,
    accepted: bool,
    create: Vec<String>,
    responsible: Option<String>,
    store: Option<String>,
    tasks: Vec<Value>,
    fields: Vec<(String, String, String)>,
    trace: Vec<Value>,
    /// What shadow rules would decide; nothing where there are none, or where they are not compared.
    shadow: Option<ShadowView>,
    event: String,
    facts: String,
    whole: String,
}

/// Shows a call.
pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Path((account, session)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let made = own(&shared, &account, &session, asked.look).await;
    asked.answer("call.html", made)
}

async fn own(shared: &Shared, account: &str, session: &str, look: Look) -> Result<Own, Failure> {
    let (id, key) = (AccountId::from(account), SessionKey::from(session));
    let timeline: Timeline = shared.parts.store.timeline(&id, &key).await?.ok_or(Failure::Unknown)?;
    let zone = view::zone(&shared.parts.config, account);
    let Timeline { communication, events, decisions, effects, .. } = timeline;
    let kept = shared.parts.store.popup(&id, &key).await?;
    let merged = communication.as_ref().and_then(|call| calls::merged(call, &zone));
    let popups = session
        .starts_with("call:")
        .then(|| popups(kept.as_ref(), merged.as_ref(), &shared.parts.config, account, &zone, look));
    let due = communication.as_ref().and_then(|call| call.due_at);
    let phase = communication.as_ref().map(|call| view::phase(call.phase));
    Ok(Own {
        account: account.to_owned(),
        number: written::number(&key),
        kind: calls::kind(&key),
        written: communication
            .as_ref()
            .and_then(|one| written::read(one, &zone))
            .map(|read| read.summary(&zone, look)),
        phase,
        phase_word: phase.map(|phase| words::or_name(look.lang, "phase", phase)),
        due: due.map(|due| view::moment(due, &zone, look.lang)),
        summary: merged.as_ref().map(|merged| summary(merged, &zone, look)),
        events: events.iter().map(|event| view::event(event, look, &zone)).collect(),
        decisions: decisions
            .iter()
            .map(|made| DecisionView {
                shadow: shadow_call::view(shared, account, made, look),
                ..decision(made, &zone, look)
            })
            .collect(),
        effects: effects.iter().map(|effect| view::effect(effect, look, &zone)).collect(),
        popups,
    })
}

fn summary(merged: &Merged, zone: &TimeZone, look: Look) -> Summary {
    let seconds = |seconds: u32| view::length(Duration::from_secs(seconds.into()), look.lang);
    let people = |ids: &[u64]| ids.iter().map(|id| calls::employee(merged, *id)).collect();
    Summary {
        direction: calls::direction(merged.direction),
        outcome: calls::outcome(merged),
        contact: view::number(merged.contact.as_ref(), look),
        name: merged.values.contact_full_name.as_ref().map(|name| look.name(name)),
        // A number of the shop is nobody's secret.
        virtual_number: merged.virtual_number.clone(),
        scenario: merged.values.scenario_name.clone(),
        began: view::moment(merged.started.instant(), zone, look.lang),
        ended: view::moment(merged.finished.instant(), zone, look.lang),
        is_ended: merged.ended,
        wait: merged.wait.map(seconds),
        talk: merged.talked.then(|| seconds(merged.talk)),
        total: merged.total.map(seconds),
        rung: people(&merged.people.rung),
        answered: people(&merged.people.talked),
        caller: merged.people.caller.map(|id| calls::employee(merged, id)),
        recordings: merged.recordings.iter().map(|recording| recording.link.clone()).collect(),
        tags: merged.tags.clone(),
    }
}

fn decision(decision: &Decision, zone: &TimeZone, look: Look) -> DecisionView {
    let made = &decision.made;
    let whole: Value = made.decision.read().unwrap_or_default();
    let whole = if look.unmasked { whole } else { view::masked(whole, look) };
    let text = |name: &str| whole.get(name).and_then(Value::as_str).map(str::to_owned);
    let list = |name: &str| whole.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let create = list("create");
    let create =
        create.iter().filter_map(Value::as_str).map(|entity| words::or_name(look.lang, "create", entity));
    DecisionView {
        made: view::moment(decision.created_at, zone, look.lang),
        stage: words::or_name(look.lang, "stage", &made.stage),
        digest: view::short(&made.bundle_digest),
        accepted: whole.get("accepted").and_then(Value::as_bool).unwrap_or(false),
        create: create.collect(),
        responsible: text("responsible"),
        store: text("store"),
        tasks: list("tasks").into_iter().map(|task| with_local_due(task, zone, look)).collect(),
        fields: fields(&whole, look),
        trace: list("trace").into_iter().map(|step| in_words_of(step, look)).collect(),
        shadow: None,
        event: view::json(made.event.as_str(), look),
        facts: view::json(made.facts.as_str(), look),
        whole: serde_json::to_string_pretty(&whole).unwrap_or_default(),
    }
}

/// A step of the trace in the language of the reader; both are kept.
pub(super) fn in_words_of(mut step: Value, look: Look) -> Value {
    let lang = look.lang.code();
    let choose = |of: &mut Value| {
        if let Some(chosen) = of.pointer_mut(&format!("/why/{lang}")).map(Value::take)
            && let Some(why) = of.get_mut("why")
        {
            *why = chosen;
        }
    };
    choose(&mut step);
    for near in step.get_mut("near").and_then(Value::as_array_mut).into_iter().flatten() {
        choose(near);
    }
    step
}

/// A task whose due time stands on the clock of the account.
pub(super) fn with_local_due(mut task: Value, zone: &TimeZone, look: Look) -> Value {
    if let Some(due) = task.get_mut("due")
        && let Some(at) = due.as_str().and_then(|due| due.parse().ok())
    {
        *due = Value::String(view::moment(at, zone, look.lang));
    }
    task
}

/// The fields to be written: whose, which, what.
pub(super) fn fields(decision: &Value, look: Look) -> Vec<(String, String, String)> {
    let mut fields = Vec::new();
    for entity in ["client", "order"] {
        let of = decision.pointer(&format!("/fields/{entity}")).and_then(Value::as_object);
        for (code, value) in of.into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            fields.push((words::or_name(look.lang, "create", entity), code.clone(), value));
        }
    }
    fields
}
