//! The last answers to UIS about whom calls are put through to.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Uri};
use serde::Serialize;

use crate::forwarding::{Answer, Answered};
use crate::http::pages::look::Look;
use crate::http::pages::render::Asked;
use crate::http::pages::{view, words};
use crate::http::state::Shared;
use crate::source::uis::session_key;

#[derive(Serialize)]
struct Own {
    accounts: Vec<Account>,
}

#[derive(Serialize)]
struct Account {
    name: String,
    remembered: usize,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    when: String,
    session: Option<String>,
    number: Option<u64>,
    contact: String,
    /// What UIS was told, as it was told.
    told: String,
    outcome: &'static str,
    outcome_word: String,
    employee: Option<String>,
    knowledge_word: String,
    took: String,
}

/// Shows them.
pub(super) async fn page(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let accounts = shared.parts.desks.iter().map(|(name, desk)| Account {
        name: name.clone(),
        remembered: desk.remembered(),
        rows: desk.answered().iter().map(|answered| row(&shared, name, answered, asked.look)).collect(),
    });
    let own = Own { accounts: accounts.collect() };
    asked.answer("forwarded.html", Ok(own))
}

fn row(shared: &Shared, account: &str, answered: &Answered, look: Look) -> Row {
    let zone = view::zone(&shared.parts.config, account);
    let told = match &answered.answer {
        Answer::Phones(phones) => {
            phones.iter().map(|phone| called(phone, look)).collect::<Vec<_>>().join(", ")
        }
        Answer::Branch(code) => code.to_string(),
        Answer::Nobody { code, .. } => code.to_string(),
    };
    let outcome = answered.answer.outcome();
    Row {
        when: view::moment(answered.at, &zone, look.lang),
        session: answered.session.map(|session| session_key(session).as_str().to_owned()),
        number: answered.session,
        contact: match &answered.phone {
            Some(phone) => look.phone(phone),
            None => words::of(look.lang).get("hidden_number").copied().unwrap_or_default().to_owned(),
        },
        told,
        outcome,
        outcome_word: words::or_name(look.lang, "forward", outcome),
        employee: answered.employee.as_deref().map(|email| look.email(email)),
        knowledge_word: words::or_name(look.lang, "knowledge", answered.knowledge.as_str()),
        took: format!("{} {}", answered.took.as_millis(), look.lang.pick("ms", "мс")),
    }
}

/// Internal numbers are nobody's personal data.
fn called(phone: &str, look: Look) -> String {
    if phone.len() > 5 { look.phone(phone) } else { phone.to_owned() }
}
