//! Conversations, clients and decisions as an operator reads them.
//!
//! Nothing is masked: an operator sees the same in RetailCRM and in UIS. What only the rules' author needs (files, lines,
//! JSON, keys of effects) is left to the console.

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use switchboard_grammar::lang::Lang;

use crate::crm::Sale;
use crate::http::pages::look::Look;
use crate::http::pages::{call, calls, view, words};
use crate::source::uis::Direction;
use crate::store::record::{Decision, Effect, EffectState, Timeline};
use crate::workplace::{Brief, Card, OrderOf};

/// The list of an operator.
#[derive(Serialize)]
pub(super) struct List {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    key: String,
    kind: &'static str,
    title: String,
    /// What is known besides the title: a phone beside a name.
    contact: Option<String>,
    when: String,
    outcome: &'static str,
    direction: &'static str,
    goes_on: bool,
}

/// The client and the orders.
#[derive(Serialize)]
pub(super) struct ClientPart {
    title: String,
    contacts: Vec<String>,
    kind: &'static str,
    outcome: &'static str,
    began: String,
    /// Whether RetailCRM answered, now or before.
    answered: bool,
    is_old: bool,
    client: Option<ClientView>,
    orders: Vec<OrderView>,
    /// How many orders there are besides those that are listed.
    all_orders: Option<u64>,
}

#[derive(Serialize)]
struct ClientView {
    name: String,
    url: String,
    phones: Vec<String>,
    email: Option<String>,
    manager: Option<String>,
}

#[derive(Serialize)]
struct OrderView {
    number: String,
    url: String,
    status: Option<String>,
    sum: Option<String>,
    made: Option<String>,
    is_paid: bool,
    /// Whether the rules made it for this conversation.
    is_new: bool,
}

/// What the rules did.
#[derive(Serialize)]
pub(super) struct RulesPart {
    decisions: Vec<DecisionPart>,
    done: Vec<DoneView>,
}

#[derive(Serialize)]
struct DecisionPart {
    made: String,
    stage: String,
    accepted: bool,
    create: Vec<String>,
    responsible: Option<String>,
    store: Option<String>,
    tasks: Vec<Value>,
    fields: Vec<(String, String, String)>,
    why: Vec<String>,
}

#[derive(Serialize)]
struct DoneView {
    what: String,
    state: String,
    state_word: String,
    when: String,
    error: Option<String>,
    skipped: Option<String>,
    url: Option<String>,
}

const fn look(lang: Lang) -> Look {
    Look { lang, unmasked: true, local: false }
}

/// The list.
pub(super) fn list(briefs: &[Brief], zone: &TimeZone, lang: Lang) -> List {
    let row = |brief: &Brief| {
        let contact = brief.contacts.first().cloned();
        Row {
            key: brief.key.as_str().to_owned(),
            kind: calls::kind(&brief.key),
            title: title(brief, lang),
            contact: contact.filter(|_| brief.name.is_some()),
            when: zone.to_datetime(brief.started).strftime("%H:%M").to_string(),
            outcome: outcome(brief),
            direction: brief.direction.map_or("", calls::direction),
            goes_on: !brief.ended,
        }
    };
    List { rows: briefs.iter().map(row).collect() }
}

/// The client and the orders of a conversation; `card` is nothing when RetailCRM does not answer.
pub(super) fn client(
    brief: &Brief,
    timeline: &Timeline,
    card: Option<(Card, bool)>,
    (zone, crm): (&TimeZone, &str),
    lang: Lang,
) -> ClientPart {
    let answered = card.is_some();
    let (Card { client, manager, orders, .. }, is_new) = card.unwrap_or_default();
    let made: Vec<&str> =
        of_kind(timeline, "ensure_order").filter_map(|one| one.remote_id.as_deref()).collect();
    let all_orders = client.as_ref().map(|client| client.orders_count);
    let shown = u64::try_from(orders.len()).unwrap_or(u64::MAX);
    ClientPart {
        title: title(brief, lang),
        contacts: brief.contacts.clone(),
        kind: calls::kind(&brief.key),
        outcome: outcome(brief),
        began: view::moment(brief.started, zone, lang),
        answered,
        is_old: answered && !is_new,
        client: client.map(|client| ClientView {
            name: client.full_name().unwrap_or_else(|| title(brief, lang)),
            url: client_url(crm, client.id),
            phones: client.phones,
            email: client.email,
            manager,
        }),
        orders: orders.into_iter().map(|one| order(one, &made, crm, lang)).collect(),
        all_orders: all_orders.filter(|all| *all > shown),
    }
}

/// What the rules decided and what was done.
pub(super) fn rules(timeline: &Timeline, (zone, crm): (&TimeZone, &str), lang: Lang) -> RulesPart {
    RulesPart {
        decisions: timeline.decisions.iter().rev().map(|one| decision(one, zone, lang)).collect(),
        done: timeline.effects.iter().map(|one| done(one, zone, crm, lang)).collect(),
    }
}

fn decision(decision: &Decision, zone: &TimeZone, lang: Lang) -> DecisionPart {
    let whole: Value = decision.made.decision.read().unwrap_or_default();
    let text = |name: &str| whole.get(name).and_then(Value::as_str).map(str::to_owned);
    let list = |name: &str| whole.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let create = list("create");
    let create = create.iter().filter_map(Value::as_str).map(|entity| words::or_name(lang, "create", entity));
    let why = |step: Value| {
        let step = call::in_words_of(step, look(lang));
        step.get("why").and_then(Value::as_str).map(str::to_owned)
    };
    DecisionPart {
        made: view::moment(decision.created_at, zone, lang),
        stage: words::or_name(lang, "stage", &decision.made.stage),
        accepted: whole.get("accepted").and_then(Value::as_bool).unwrap_or(false),
        create: create.collect(),
        responsible: text("responsible"),
        store: text("store"),
        tasks: list("tasks").into_iter().map(|task| call::with_local_due(task, zone, look(lang))).collect(),
        fields: call::fields(&whole, look(lang)),
        why: list("trace").into_iter().filter_map(why).collect(),
    }
}

fn done(effect: &Effect, zone: &TimeZone, crm: &str, lang: Lang) -> DoneView {
    let shown = view::effect(effect, look(lang), zone);
    let id = effect.remote_id.as_deref().and_then(|id| id.parse().ok());
    let url = match (effect.kind.as_str(), id) {
        ("ensure_client", Some(id)) => Some(client_url(crm, id)),
        ("ensure_order", Some(id)) => Some(order_url(crm, id)),
        _ => None,
    };
    DoneView {
        what: shown.kind,
        state: shown.state,
        state_word: shown.state_word,
        when: shown.updated,
        // What went wrong at an earlier try is of no interest once it is done.
        error: shown.error.filter(|_| effect.state != EffectState::Done),
        skipped: shown.skipped,
        url,
    }
}

fn order(of: OrderOf, made: &[&str], crm: &str, lang: Lang) -> OrderView {
    let OrderOf { order, status, .. } = of;
    let Sale { id, number, total, total_with_delivery, created_at, is_paid, .. } = order;
    OrderView {
        number: number.unwrap_or_else(|| id.to_string()),
        url: order_url(crm, id),
        status,
        // An order that was just made has nothing in it yet.
        sum: total_with_delivery.or(total).map(|sum| sum.to_string()).filter(|sum| sum != "0"),
        made: created_at.map(|at| minute(&at, lang)),
        is_paid,
        is_new: made.contains(&id.to_string().as_str()),
    }
}

/// A moment on the CRM's clock, to the minute; what is written otherwise is shown as it is.
fn minute(at: &str, lang: Lang) -> String {
    let read = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", at);
    let format = lang.pick("%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M");
    read.map_or_else(|_| at.to_owned(), |at| at.strftime(format).to_string())
}

fn title(brief: &Brief, lang: Lang) -> String {
    let nobody = || words::of(lang).get("workplace_somebody").copied().unwrap_or_default().to_owned();
    brief.name.clone().or_else(|| brief.contacts.first().cloned()).unwrap_or_else(nobody)
}

/// How it stands; a name of the words table, or nothing.
const fn outcome(brief: &Brief) -> &'static str {
    match (brief.direction, brief.ended, brief.missed, brief.talked) {
        (Some(_), false, _, _) => "goes_on",
        (Some(Direction::In), true, true, _) | (None, true, true, _) => "missed",
        (Some(Direction::Out), true, true, _) => "reached_nobody",
        (_, true, false, true) => "talked",
        (Some(_), true, false, false) => "",
        (None, _, _, _) => "",
    }
}

fn of_kind<'t>(timeline: &'t Timeline, kind: &'static str) -> impl Iterator<Item = &'t Effect> {
    timeline.effects.iter().filter(move |effect| effect.kind == kind)
}

/// The card of a client in the CRM.
fn client_url(crm: &str, id: u64) -> String {
    format!("{crm}/customers/{id}")
}

/// The card of an order in the CRM.
fn order_url(crm: &str, id: u64) -> String {
    format!("{crm}/orders/{id}/edit")
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
