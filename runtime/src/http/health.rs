//! `/health/live` and `/health/ready`.
//!
//! Alive: the process answers. Ready: the store can write, and the rules of at least one account are in force; one
//! account whose rules are bad must not take the others off the air, so it is only reported. The public listener says
//! yes or no; the console's says why.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;

use crate::accounts::{Left, left};
use crate::http::state::Shared;
use crate::reports::Progress;
use crate::rulebook::Status;
use crate::store::record::AccountId;

/// How long the store may take to show that it can write.
const PROBE: Duration = Duration::from_secs(2);
/// How old its word may be. To probe is to write, and anybody may ask the public listener.
const FRESH: SignedDuration = SignedDuration::from_secs(1);

/// What `/health/ready` of the console says.
#[derive(Debug, Serialize)]
struct Report {
    ready: bool,
    store: &'static str,
    settings: SettingsReport,
    accounts: Vec<AccountReport>,
    /// What is kept for accounts that the settings do not have any more.
    left: Vec<Left>,
}

/// Whether the settings in force are those on disk.
#[derive(Debug, Serialize)]
struct SettingsReport {
    /// Since when those in force are.
    since: Timestamp,
    /// Why those on disk are not in force.
    problem: Option<String>,
    /// Sections that were changed on disk and need a restart.
    restart: Vec<&'static str>,
}

/// One account of the report.
#[derive(Debug, Serialize)]
struct AccountReport {
    name: String,
    /// The digest of the rules in force.
    bundle: Option<String>,
    /// Whether the files on disk are others, which were refused.
    stale: bool,
    /// The digest of the files on disk when they were refused.
    refused: Option<String>,
    /// How many errors the files on disk have.
    errors: usize,
    /// The first of them, a line each; only where the console is.
    problems: Vec<String>,
    /// How many names in the files the account does not have; nothing while it is not known what it has.
    unknown_names: Option<usize>,
    /// How far the reports of UIS were read; nothing where they are not.
    reports: Option<Reports>,
    /// How the lists of employees and users stand.
    employees: Option<EmployeesReport>,
    /// How orders become deals; nothing without a key of UIS.
    deals: Option<DealsReport>,
}

/// The deals of one account.
#[derive(Debug, Serialize)]
struct DealsReport {
    /// Orders to be taken to UIS.
    waiting: u64,
    /// Orders that were given up.
    parked: u64,
    /// Up to when the history of orders was read.
    history_read_until: Option<Timestamp>,
    /// Deals that UIS has taken and not processed yet.
    in_processing: Option<u64>,
    /// Whether it does not come to an end with them.
    slow: bool,
    /// Why the last turn failed.
    error: Option<String>,
}

/// The reports of UIS of an account.
#[derive(Debug, Serialize)]
struct Reports {
    /// Up to when the report of calls was read.
    read_until: Timestamp,
    /// Calls that were found and of which nobody had told.
    found: u64,
    /// Notifications that UIS could not deliver.
    failed_deliveries: u64,
    /// Why the last reading failed.
    error: Option<String>,
}

/// The lists of employees and users of one account.
#[derive(Debug, Serialize)]
struct EmployeesReport {
    /// When RetailCRM was last listed whole.
    crm_listed_at: Option<String>,
    /// When UIS was; `null` also without a key for it.
    uis_listed_at: Option<String>,
    /// Whether the last try of each side that there is succeeded.
    ok: bool,
    /// Employees who are users of RetailCRM.
    synchronised: usize,
    /// How many problems somebody should mend.
    problems: usize,
}

/// Says that the process answers.
pub(super) async fn live() -> Response {
    "alive\n".into_response()
}

/// Says yes or no.
pub(super) async fn ready(State(shared): State<Arc<Shared>>) -> Response {
    let report = report(&shared, false).await;
    (status(&report), if report.ready { "ready\n" } else { "not ready\n" }).into_response()
}

/// Says why.
pub(super) async fn ready_in_detail(State(shared): State<Arc<Shared>>) -> Response {
    let report = report(&shared, true).await;
    (status(&report), Json(report)).into_response()
}

fn status(report: &Report) -> StatusCode {
    if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// Everything, or without `detail` what the public listener needs: anybody may ask there.
async fn report(shared: &Shared, detail: bool) -> Report {
    let store = store(shared).await;
    let mut accounts = Vec::new();
    for status in shared.parts.rulebook.statuses() {
        let reports = reports(shared, &status.account).await;
        let deals = deals(shared, &status.account).await;
        let problems = if detail { problems(&status) } else { Vec::new() };
        accounts.push(AccountReport { deals, problems, ..account(shared, &status, reports) });
    }
    // A server may begin without an account, where they come by themselves.
    let ruled = accounts.is_empty() || accounts.iter().any(|account| account.bundle.is_some());
    let standing = shared.parts.accounts.standing();
    let settings = SettingsReport {
        since: standing.since,
        problem: standing.problem.as_ref().map(|problem| problem.en.clone()),
        restart: standing.restart.clone(),
    };
    let left = match detail {
        // A store that does not answer is told of above.
        true => left(&shared.parts.store.overview().await.unwrap_or_default(), &shared.parts.config),
        false => Vec::new(),
    };
    Report { ready: store == "writable" && ruled, store, settings, accounts, left }
}

/// Whether the store can write, as it said a moment ago. Whoever asks meanwhile waits for the same answer.
async fn store(shared: &Shared) -> &'static str {
    let mut probed = shared.probed.lock().await;
    let now = shared.parts.clock.now();
    if let Some((at, said)) = *probed
        && now.duration_since(at).abs() < FRESH
    {
        return said;
    }
    let said = match tokio::time::timeout(PROBE, shared.parts.store.probe()).await {
        Ok(Ok(())) => "writable",
        Ok(Err(error)) => {
            tracing::warn!(%error, "store is not writable");
            "not writable"
        }
        Err(_) => "too slow",
    };
    *probed = Some((now, said));
    said
}

async fn reports(shared: &Shared, account: &str) -> Option<Reports> {
    let progress = Progress::kept(&*shared.parts.store, &AccountId::from(account)).await.ok()??;
    let Progress { until, found, failed, error, .. } = progress;
    Some(Reports { read_until: until, found, failed_deliveries: failed, error })
}

/// The most errors of an account that the report names.
const MAX_PROBLEMS: usize = 10;

fn problems(status: &Status) -> Vec<String> {
    let errors = status.problems.iter().filter(|problem| problem.severity() == Severity::Error);
    errors.take(MAX_PROBLEMS).map(|problem| problem.line(Lang::En)).collect()
}

fn account(shared: &Shared, status: &Status, reports: Option<Reports>) -> AccountReport {
    let employees = shared.parts.directories.get(&status.account).map(|directory| {
        let people = directory.status();
        let failed = people.crm.error.is_some() || people.uis.as_ref().is_some_and(|uis| uis.error.is_some());
        EmployeesReport {
            crm_listed_at: people.crm.listed_at.map(|at| at.to_string()),
            uis_listed_at: people.uis.and_then(|uis| uis.listed_at).map(|at| at.to_string()),
            ok: !failed && people.tried_at.is_some(),
            synchronised: people.synchronised,
            problems: people.problems.len(),
        }
    });
    AccountReport {
        name: status.account.clone(),
        bundle: status.digest.clone(),
        stale: status.is_stale(),
        refused: status.refused().map(str::to_owned),
        errors: status.errors(),
        problems: Vec::new(),
        unknown_names: status.unknown_names(),
        reports,
        employees,
        deals: None,
    }
}

async fn deals(shared: &Shared, account: &str) -> Option<DealsReport> {
    let status = shared.parts.deals.get(account)?.status();
    let counts = shared.parts.store.deals().count_deals(&AccountId::from(account)).await.ok()?;
    Some(DealsReport {
        waiting: counts.waiting,
        parked: counts.parked,
        history_read_until: status.history_read_at,
        in_processing: status.in_processing,
        slow: status.is_slow,
        error: status.error,
    })
}
