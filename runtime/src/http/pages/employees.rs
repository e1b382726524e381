//! Employees: when both sides were listed, who is whom, what is wrong, and a button that lists them now.
//!
//! Every employee that UIS lists has a row, by name, and can be searched for by name; no more rows than the settings
//! allow (`console_rows`).

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};
use switchboard_engine::text::fold;

use crate::directory::{Directory, Person, SideStatus, Snapshot};
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::{guard, view, words};
use crate::http::state::Shared;

/// The longest name that is searched for, in characters.
const LONGEST_NAME: usize = 100;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    /// A part of a name.
    #[serde(default)]
    q: String,
}

/// What the button sends.
#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    token: String,
}

#[derive(Serialize)]
struct Own {
    q: String,
    longest: usize,
    accounts: Vec<Account>,
}

#[derive(Serialize)]
struct Account {
    name: String,
    running: bool,
    tried: Option<String>,
    crm: Side,
    uis: Option<Side>,
    chosen: usize,
    synchronised: usize,
    problems: Vec<String>,
    people: Vec<Row>,
    /// How many there are of which `people` shows the first.
    found: usize,
}

#[derive(Serialize)]
struct Side {
    listed: Option<String>,
    people: usize,
    error: Option<String>,
}

/// An employee of UIS.
#[derive(Serialize)]
struct Row {
    name: String,
    employee: u64,
    user: Option<u64>,
    email: String,
    state: &'static str,
    state_word: String,
    extension: Option<String>,
    phones: Vec<String>,
}

/// Shows them.
pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let q: String = wanted.q.trim().chars().take(LONGEST_NAME).collect();
    let directories = shared.parts.directories.iter();
    let accounts = directories.map(|(name, directory)| account(&shared, name, directory, &q, asked.look));
    let accounts = accounts.collect();
    let own = Own { q, longest: LONGEST_NAME, accounts };
    asked.answer("employees.html", Ok(own))
}

/// Lists both sides of an account now, and shows what came of it.
pub(super) async fn synchronise(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    if !guard::shows_token(&shared, &pressed.token) {
        return asked.fail(&Failure::Form);
    }
    let Some(directory) = shared.parts.directories.get(&name) else { return asked.fail(&Failure::Unknown) };
    tracing::info!(account = name, "employees are listed by hand");
    directory.refresh_now().await;
    Redirect::to("/employees").into_response()
}

fn account(shared: &Shared, name: &str, directory: &Directory, q: &str, look: Look) -> Account {
    let zone = view::zone(&shared.parts.config, name);
    let moment = |at| view::moment(at, &zone, look.lang);
    let status = directory.status();
    let side = |side: SideStatus| Side {
        listed: side.listed_at.map(moment),
        people: side.people,
        error: side.error.as_deref().map(|error| look.error(error)),
    };
    let snapshot = directory.snapshot();
    let mut found: Vec<(Person, bool)> = directory.employees();
    found.retain(|(person, _)| is_called(person.name.as_deref().unwrap_or_default(), q));
    found.sort_by_cached_key(|(person, _)| {
        (person.name.as_deref().map(|name| fold(name).into_owned()).unwrap_or_default(), person.id)
    });
    let most = shared.parts.config.limits.console_rows.as_usize();
    let people = found.iter().take(most);
    Account {
        name: name.to_owned(),
        running: status.is_running,
        tried: status.tried_at.map(moment),
        crm: side(status.crm),
        uis: status.uis.map(side),
        chosen: status.chosen,
        synchronised: status.synchronised,
        problems: status.problems.iter().map(|problem| look.text(problem.text().get(look.lang))).collect(),
        people: people
            .map(|(person, takes_part)| row(person, *takes_part, snapshot.as_deref(), look))
            .collect(),
        found: found.len(),
    }
}

/// Whether every word of `q` stands in a name, in whatever case and order.
fn is_called(name: &str, q: &str) -> bool {
    let name = fold(name);
    fold(q).split_whitespace().all(|word| name.contains(word))
}

fn row(person: &Person, takes_part: bool, snapshot: Option<&Snapshot>, look: Look) -> Row {
    let matched = snapshot.and_then(|snapshot| snapshot.employee(person.id));
    let (state, word) = match (takes_part, matched) {
        (false, _) => ("held", "not_chosen"),
        (true, None) => ("unparsed", "no_user"),
        (true, Some(_)) => ("done", "synchronised"),
    };
    Row {
        name: person.name.clone().unwrap_or_default(),
        employee: person.id,
        user: matched.map(|matched| matched.user),
        email: person.email.as_deref().map(|email| look.email(email)).unwrap_or_default(),
        state,
        state_word: words::or_name(look.lang, "people", word),
        extension: person.extension.clone(),
        phones: person.phones.iter().map(|phone| look.phone(phone)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_parts_in_any_case_and_order() {
        for (name, q, is_found) in [
            ("Петрова Анна Сергеевна", "анна", true),
            ("Петрова Анна Сергеевна", "АННА петр", true),
            ("Петрова Анна Сергеевна", "  ", true),
            ("Петрова Анна Сергеевна", "анна ольга", false),
            ("ANNA O'Neil", "o'n anna", true),
            ("Łukasz Żak", "łUKASZ", true),
            ("", "анна", false),
        ] {
            assert_eq!(is_called(name, q), is_found, "{name}: {q}");
        }
    }
}
