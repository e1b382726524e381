//! The first page: every account, its rules, what waits.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, Uri};
use jiff::Timestamp;
use serde::Serialize;
use switchboard_grammar::diagnostic::Severity;

use crate::accounts::{Left, left};
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::view;
use crate::http::state::Shared;
use crate::reports::Progress;
use crate::rulebook::Status;
use crate::store::record::{
    AccountId, AccountOverview, Activity, CommunicationCounts, EffectCounts, EventCounts,
};

#[derive(Serialize)]
struct Own {
    /// Why the settings on disk are not in force.
    settings_problem: Option<String>,
    /// Sections of the settings that need a restart.
    restart: Vec<&'static str>,
    /// Accounts that the settings do not have any more and for which something is kept.
    left: Vec<Left>,
    accounts: Vec<Account>,
}

#[derive(Serialize)]
struct Account {
    name: String,
    /// Why it is stopped, when it is.
    stopped: Option<String>,
    stopped_since: Option<String>,
    digest: Option<String>,
    since: Option<String>,
    stale: bool,
    /// The digest of the files on disk when they were refused.
    refused: Option<String>,
    errors: Vec<String>,
    remarks: Vec<String>,
    /// How many names in the rules the account does not have.
    unknown_names: usize,
    events: EventCounts,
    oldest: Option<String>,
    calls: CommunicationCounts,
    effects: EffectCounts,
    reports: Option<Reports>,
    shadow: Option<Shadow>,
}

/// What shadow rules would decide otherwise.
#[derive(Serialize)]
struct Shadow {
    digest: Option<String>,
    stale: bool,
    compared: u64,
    differ: u64,
}

/// How far the reports of UIS were read.
#[derive(Serialize)]
struct Reports {
    until: String,
    found: u64,
    failed: u64,
    error: Option<String>,
}

/// Shows all accounts.
pub(super) async fn page(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let made = own(&shared, asked.look).await;
    asked.answer("overview.html", made)
}

async fn own(shared: &Shared, look: Look) -> Result<Own, Failure> {
    let overview = shared.parts.store.overview().await?;
    let now = shared.parts.clock.now();
    let mut accounts = Vec::new();
    for account in &shared.parts.config.accounts {
        let there = overview.iter().find(|overview| overview.account.as_str() == account.name);
        let status = shared.parts.rulebook.status(&account.name).unwrap_or_default();
        let progress = Progress::kept(&*shared.parts.store, &AccountId::from(account.name.as_str())).await?;
        let mut row = row(shared, &account.name, there, &status, now, look);
        let zone = view::zone(&shared.parts.config, &account.name);
        row.reports = progress.map(|progress| Reports {
            until: view::moment(progress.until, &zone, look.lang),
            found: progress.found,
            failed: progress.failed,
            error: progress.error.map(|error| look.error(&error)),
        });
        row.shadow = shadow(shared, &account.name, status.digest.as_deref()).await?;
        accounts.push(row);
    }
    let standing = shared.parts.accounts.standing();
    Ok(Own {
        settings_problem: standing.problem.as_ref().map(|problem| problem.get(look.lang).to_owned()),
        restart: standing.restart.clone(),
        left: left(&overview, &shared.parts.config),
        accounts,
    })
}

/// How the shadow rules of an account stand, when it has any.
async fn shadow(shared: &Shared, account: &str, in_force: Option<&str>) -> Result<Option<Shadow>, Failure> {
    let Some(status) = shared.parts.shadows.status(account) else { return Ok(None) };
    let runs = shared.parts.store.shadows().shadows(&AccountId::from(account)).await?;
    let current = runs.iter().find(|run| {
        Some(run.pair.candidate.as_str()) == status.digest.as_deref()
            && Some(run.pair.in_force.as_str()) == in_force
    });
    let counts = current.map(|run| run.counts).unwrap_or_default();
    Ok(Some(Shadow {
        digest: status.digest.as_deref().map(view::short),
        stale: status.is_stale(),
        compared: counts.compared(),
        differ: counts.differ,
    }))
}

fn row(
    shared: &Shared,
    name: &str,
    overview: Option<&AccountOverview>,
    status: &Status,
    now: Timestamp,
    look: Look,
) -> Account {
    let zone = view::zone(&shared.parts.config, name);
    let moment = |at| view::moment(at, &zone, look.lang);
    let (stopped, stopped_since) = match overview.map(|overview| &overview.activity) {
        Some(Activity::Stopped { reason, since }) => (Some(look.error(reason)), Some(moment(*since))),
        _ => (None, None),
    };
    let age = |oldest| Duration::try_from(now.duration_since(oldest)).unwrap_or_default();
    let oldest = overview.and_then(|overview| overview.oldest_waiting);
    let problems = |is_error: bool| {
        let wanted =
            status.problems.iter().filter(|problem| (problem.severity() == Severity::Error) == is_error);
        wanted.map(|problem| problem.text(look.lang)).collect()
    };
    Account {
        name: name.to_owned(),
        stopped,
        stopped_since,
        digest: status.digest.as_deref().map(view::short),
        since: status.since.map(moment),
        stale: status.is_stale(),
        refused: status.refused().map(view::short),
        errors: problems(true),
        remarks: problems(false),
        unknown_names: status.unknown_names().unwrap_or_default(),
        events: overview.map(|overview| overview.events).unwrap_or_default(),
        oldest: oldest.map(|oldest| view::length(age(oldest), look.lang)),
        calls: overview.map(|overview| overview.communications).unwrap_or_default(),
        effects: overview.map(|overview| overview.effects).unwrap_or_default(),
        reports: None,
        shadow: None,
    }
}
