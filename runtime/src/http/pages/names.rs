//! Names in the rules that the account does not have, each where it stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Uri};
use serde::Serialize;

use crate::http::pages::look::Look;
use crate::http::pages::render::Asked;
use crate::http::pages::view;
use crate::http::state::Shared;
use crate::rulebook::{Names, Status};

#[derive(Serialize)]
struct Own {
    accounts: Vec<Account>,
}

#[derive(Serialize)]
struct Account {
    name: String,
    /// When what the account has was listed; nothing while it was not.
    known: Option<String>,
    /// Kinds that could not be listed, and why.
    left_out: Vec<(String, String)>,
    /// The first of them, with the place in the file.
    findings: Vec<String>,
    /// How many there are.
    count: usize,
}

/// Shows them.
pub(super) async fn page(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let statuses = shared.parts.rulebook.statuses();
    let accounts = statuses.iter().map(|status| account(&shared, status, asked.look)).collect();
    asked.answer("names.html", Ok(Own { accounts }))
}

fn account(shared: &Shared, status: &Status, look: Look) -> Account {
    let zone = view::zone(&shared.parts.config, &status.account);
    let most = shared.parts.config.limits.console_rows.as_usize();
    let names = status.names.as_ref();
    let unknown = names.map(|names| names.unknown.as_slice()).unwrap_or_default();
    Account {
        name: status.account.clone(),
        known: names.map(|names| view::moment(names.listed_at, &zone, look.lang)),
        left_out: names.map(|names| left_out(names, look)).unwrap_or_default(),
        // The rules as they are written, as on the overview: masked, nobody could find the line or mend it.
        findings: unknown.iter().take(most).map(|problem| problem.text(look.lang)).collect(),
        count: unknown.len(),
    }
}

/// Kinds that could not be listed, together where the reason is one.
fn left_out(names: &Names, look: Look) -> Vec<(String, String)> {
    let mut by_reason: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (kind, reason) in &names.left_out {
        let kind = look.lang.pick(kind.en(), kind.ru()).replace('_', " ");
        by_reason.entry(reason).or_default().push(kind);
    }
    by_reason.into_iter().map(|(reason, kinds)| (kinds.join(", "), look.error(reason))).collect()
}
