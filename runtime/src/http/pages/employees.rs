//! Employees: when both sides were listed, who is whom, what is wrong, and a button that lists them now.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use crate::directory::{Directory, SideStatus};
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::{guard, view};
use crate::http::state::Shared;

/// What the button sends.
#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    token: String,
}

#[derive(Serialize)]
struct Own {
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
    people: Vec<Person>,
}

#[derive(Serialize)]
struct Side {
    listed: Option<String>,
    people: usize,
    error: Option<String>,
}

/// A synchronised employee.
#[derive(Serialize)]
struct Person {
    employee: u64,
    user: u64,
    email: String,
    extension: Option<String>,
    phones: Vec<String>,
}

/// Shows them.
pub(super) async fn page(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let directories = shared.parts.directories.iter();
    let accounts = directories.map(|(name, directory)| account(&shared, name, directory, asked.look));
    let own = Own { accounts: accounts.collect() };
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

fn account(shared: &Shared, name: &str, directory: &Directory, look: Look) -> Account {
    let zone = view::zone(&shared.parts.config, name);
    let moment = |at| view::moment(at, &zone, look.lang);
    let status = directory.status();
    let side = |side: SideStatus| Side {
        listed: side.listed_at.map(moment),
        people: side.people,
        error: side.error.as_deref().map(|error| look.text(error)),
    };
    let snapshot = directory.snapshot();
    let people = snapshot.iter().flat_map(|snapshot| {
        snapshot.synchronised().map(|(employee, matched)| {
            let reach = snapshot.reach(&matched.email).filter(|reach| reach.employee == employee);
            Person {
                employee,
                user: matched.user,
                email: look.email(&matched.email),
                extension: reach.and_then(|reach| reach.extension.clone()),
                phones: reach.iter().flat_map(|reach| &reach.phones).map(|phone| look.phone(phone)).collect(),
            }
        })
    });
    Account {
        name: name.to_owned(),
        running: status.is_running,
        tried: status.tried_at.map(moment),
        crm: side(status.crm),
        uis: status.uis.map(side),
        chosen: status.chosen,
        synchronised: status.synchronised,
        problems: status.problems.iter().map(|problem| look.text(problem.text().get(look.lang))).collect(),
        people: people.collect(),
    }
}
