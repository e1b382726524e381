//! The list of calls, chats and requests, and finding one by phone, by its number, or by what the CRM calls what was made for it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use switchboard_engine::phone::Phone;

use crate::communication::{Call, KIND, Merged};
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::{view, words, written};
use crate::http::state::Shared;
use crate::source::uis::{self, Direction, WrittenKind};
use crate::store::record::{AccountId, Communication, Cursor, Find, LaneKey, Listed, Page, SessionKey};

/// The longest text that is looked for.
const MAX_QUERY: usize = 100;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    after: String,
}

#[derive(Serialize)]
struct Own {
    q: String,
    account: String,
    accounts: Vec<String>,
    rows: Vec<Row>,
    next: Option<String>,
}

/// One communication of the list.
#[derive(Serialize)]
pub(super) struct Row {
    account: String,
    session: String,
    kind: &'static str,
    number: String,
    when: String,
    contact: String,
    direction: &'static str,
    outcome: &'static str,
    talk: Option<String>,
    phase: &'static str,
    phase_word: String,
}

/// Shows calls.
pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let made = own(&shared, &wanted, asked.look).await;
    asked.answer("calls.html", made)
}

async fn own(shared: &Shared, wanted: &Wanted, look: Look) -> Result<Own, Failure> {
    let q: String = wanted.q.trim().chars().take(MAX_QUERY).collect();
    let account = (!wanted.account.is_empty()).then(|| AccountId::from(wanted.account.as_str()));
    let Listed { rows, next } = if q.is_empty() {
        let limit = shared.parts.config.limits.console_rows.as_usize();
        let page = Page { account, after: cursor(&wanted.after), limit };
        shared.parts.store.recent(page).await?
    } else {
        Listed { rows: find(shared, account, &q).await?, next: None }
    };
    let rows =
        rows.iter().map(|call| row(call, &view::zone(&shared.parts.config, call.account.as_str()), look));
    Ok(Own {
        q,
        account: wanted.account.clone(),
        accounts: shared.parts.config.accounts.iter().map(|account| account.name.clone()).collect(),
        rows: rows.collect(),
        next: next.map(|next| written(&next)),
    })
}

/// Looks for a text in every sense that it can have.
async fn find(shared: &Shared, account: Option<AccountId>, q: &str) -> Result<Vec<Communication>, Failure> {
    let mut senses = vec![Find::Remote(SmolStr::new(q))];
    if let Ok(phone) = Phone::parse(q) {
        senses.push(Find::Lane(LaneKey::phone(&phone.to_string())));
    }
    if let Ok(session) = q.parse::<u64>() {
        senses.push(Find::Session(uis::session_key(session)));
        for kind in WrittenKind::ALL {
            senses.push(Find::Session(uis::written_session(kind, session)));
        }
    }
    senses.push(Find::Session(SessionKey::from(q)));
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for sense in senses {
        for call in shared.parts.store.find(account.clone(), sense).await? {
            if seen.insert((call.account.clone(), call.key.clone())) {
                found.push(call);
            }
        }
    }
    found.sort_by_key(|call| std::cmp::Reverse(call.updated_at));
    found.truncate(shared.parts.config.limits.console_rows.as_usize());
    Ok(found)
}

/// What a communication comes to; `None` when its data is of another version or none.
pub(super) fn merged(call: &Communication, zone: &TimeZone) -> Option<Merged> {
    if call.kind != KIND {
        return None;
    }
    Merged::of(&call.data.read::<Call>().ok()?, zone)
}

fn row(communication: &Communication, zone: &TimeZone, look: Look) -> Row {
    let mut row = Row {
        account: communication.account.as_str().to_owned(),
        session: communication.key.as_str().to_owned(),
        kind: kind(&communication.key),
        number: written::number(&communication.key),
        when: view::moment(communication.updated_at, zone, look.lang),
        contact: String::new(),
        direction: "",
        outcome: "",
        talk: None,
        phase: view::phase(communication.phase),
        phase_word: words::or_name(look.lang, "phase", view::phase(communication.phase)),
    };
    if let Some(read) = written::read(communication, zone) {
        row.when = view::moment(read.whole.started.instant(), zone, look.lang);
        row.contact = read.contact(look);
        row.outcome = read.outcome();
    } else if let Some(merged) = merged(communication, zone) {
        row.when = view::moment(merged.started.instant(), zone, look.lang);
        row.contact = view::number(merged.contact.as_ref(), look);
        row.direction = direction(merged.direction);
        row.outcome = outcome(&merged);
        let seconds = merged.talked.then_some(merged.talk);
        row.talk = seconds.map(|talk| view::length(std::time::Duration::from_secs(talk.into()), look.lang));
    }
    row
}

/// What a session is of, as a name of the words table.
pub(super) fn kind(session: &SessionKey) -> &'static str {
    match session.as_str().split_once(':') {
        Some(("chat", _)) => "chat",
        Some(("request", _)) => "request",
        _ => "call",
    }
}

pub(super) const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "incoming",
        Direction::Out => "outgoing",
    }
}

/// How a call ended, once it has.
pub(super) const fn outcome(merged: &Merged) -> &'static str {
    match (merged.ended, merged.missed, merged.direction) {
        (_, false, _) => "talked",
        (false, true, _) => "",
        (true, true, Direction::In) => "missed",
        (true, true, Direction::Out) => "reached_nobody",
    }
}

/// An employee by name and number.
pub(super) fn employee(merged: &Merged, id: u64) -> String {
    let name = merged.people.employees.get(&id).and_then(|employee| employee.name.as_deref());
    name.map_or_else(|| id.to_string(), |name| format!("{name} ({id})"))
}

/// A cursor in an address.
pub(super) fn written(cursor: &Cursor) -> String {
    format!("{}.{}", cursor.at, cursor.id)
}

/// A cursor out of an address; anything else is the beginning.
pub(super) fn cursor(text: &str) -> Option<Cursor> {
    let (at, id) = text.split_once('.')?;
    Some(Cursor { at: at.parse().ok()?, id: id.parse().ok()? })
}
