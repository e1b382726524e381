//! Shadow rules: what they would decide otherwise, counted, with examples.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, Uri};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;

use crate::config::Account;
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::view;
use crate::http::pages::written;
use crate::http::state::Shared;
use crate::rulebook::Status;
use crate::store::StoreError;
use crate::store::record::{AccountId, ShadowClass, ShadowCounts, ShadowGroup, ShadowRun};

/// The most earlier versions that are shown.
const EARLIER: usize = 10;
/// The most days that are shown of one version.
const DAYS: usize = 31;

#[derive(Serialize)]
struct Own {
    accounts: Vec<AccountView>,
}

#[derive(Serialize)]
struct AccountView {
    account: String,
    /// The digest of the rules that are tried.
    candidate: Option<String>,
    since: Option<String>,
    in_force: Option<String>,
    /// Whether what is tried is what is in force.
    promoted: bool,
    stale: bool,
    sample: u8,
    errors: Vec<String>,
    /// What is compared now, when anything was.
    current: Option<RunView>,
    earlier: Vec<RunView>,
}

#[derive(Serialize)]
struct RunView {
    candidate: String,
    in_force: String,
    first: String,
    last: String,
    counts: ShadowCounts,
    compared: u64,
    /// The share of those that would be decided otherwise, of all that were compared.
    share: String,
    differ: Vec<GroupView>,
    unjudged: Vec<GroupView>,
    failed: Vec<GroupView>,
    days: Vec<(String, ShadowCounts)>,
}

#[derive(Serialize)]
struct GroupView {
    words: String,
    count: u64,
    share: String,
    last: String,
    /// Session and number.
    examples: Vec<(String, String)>,
}

/// Shows them.
pub(super) async fn page(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let made = own(&shared, asked.look).await;
    asked.answer("shadow.html", made)
}

async fn own(shared: &Shared, look: Look) -> Result<Own, Failure> {
    let mut accounts = Vec::new();
    for account in &shared.parts.config.accounts {
        let runs = runs(shared, &account.name).await?;
        let Some(status) = shared.parts.shadows.status(&account.name) else { continue };
        accounts.push(view(shared, account, &status, runs, look).await?);
    }
    Ok(Own { accounts })
}

async fn runs(shared: &Shared, account: &str) -> Result<Vec<ShadowRun>, StoreError> {
    shared.parts.store.shadows().shadows(&AccountId::from(account)).await
}

async fn view(
    shared: &Shared,
    account: &Account,
    status: &Status,
    runs: Vec<ShadowRun>,
    look: Look,
) -> Result<AccountView, Failure> {
    let zone = view::zone(&shared.parts.config, &account.name);
    let in_force = shared.parts.rulebook.status(&account.name).and_then(|status| status.digest.clone());
    let is_current = |run: &ShadowRun| {
        Some(run.pair.candidate.as_str()) == status.digest.as_deref()
            && Some(run.pair.in_force.as_str()) == in_force.as_deref()
    };
    let (current, earlier): (Vec<ShadowRun>, Vec<ShadowRun>) = runs.into_iter().partition(is_current);
    let current = match current.first() {
        Some(run) => {
            let groups = shared.parts.store.shadows().shadow_groups(&run.pair).await?;
            Some(run_view(run, &groups, &zone, look))
        }
        None => None,
    };
    let errors = status.problems.iter().filter(|problem| problem.severity() == Severity::Error);
    Ok(AccountView {
        account: account.name.clone(),
        candidate: status.digest.as_deref().map(view::short),
        since: status.since.map(|since| view::moment(since, &zone, look.lang)),
        promoted: status.digest.is_some() && status.digest == in_force,
        in_force: in_force.as_deref().map(view::short),
        stale: status.digest.is_some() && status.is_stale(),
        sample: account.shadow.as_ref().map_or(100, |shadow| shadow.sample),
        errors: errors.map(|problem| problem.text(look.lang)).collect(),
        current,
        earlier: earlier.iter().take(EARLIER).map(|run| run_view(run, &[], &zone, look)).collect(),
    })
}

fn run_view(run: &ShadowRun, groups: &[ShadowGroup], zone: &TimeZone, look: Look) -> RunView {
    let counts = run.counts;
    let compared = counts.compared();
    let all = compared + counts.unjudged + counts.failed;
    let of = |class: ShadowClass| {
        let whole = if class == ShadowClass::Differs { compared } else { all };
        let groups = groups.iter().filter(|group| group.key.class == class);
        groups.map(|group| group_view(group, whole, zone, look)).collect()
    };
    RunView {
        candidate: view::short(&run.pair.candidate),
        in_force: view::short(&run.pair.in_force),
        first: view::moment(run.first_at, zone, look.lang),
        last: view::moment(run.last_at, zone, look.lang),
        counts,
        compared,
        share: percent(counts.differ, compared, look.lang),
        differ: of(ShadowClass::Differs),
        unjudged: of(ShadowClass::Unjudged),
        failed: of(ShadowClass::Failed),
        days: run.days.iter().take(DAYS).map(|(day, counts)| (date(*day, look.lang), *counts)).collect(),
    }
}

fn group_view(group: &ShadowGroup, whole: u64, zone: &TimeZone, look: Look) -> GroupView {
    let examples = group.examples.iter().map(|(session, _)| (session.to_string(), written::number(session)));
    GroupView {
        words: look.text(look.lang.pick(&group.en, &group.ru)),
        count: group.count,
        share: percent(group.count, whole, look.lang),
        last: view::moment(group.last_at, zone, look.lang),
        examples: examples.collect(),
    }
}

/// A share of a whole: `3.2 %`, and never `0 %` or `100 %` of what is only nearly so.
fn percent(part: u64, whole: u64, lang: Lang) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = u128::from(part) * 1_000 / u128::from(whole);
    let comma = lang.pick('.', ',');
    match (part, tenths) {
        (0, _) => "0\u{a0}%".to_owned(),
        (_, 0) => format!("< 0{comma}1\u{a0}%"),
        (_, 1_000) => "100\u{a0}%".to_owned(),
        (_, tenths) => format!("{}{comma}{}\u{a0}%", tenths / 10, tenths % 10),
    }
}

fn date(day: Date, lang: Lang) -> String {
    day.strftime(lang.pick("%Y-%m-%d", "%d.%m.%Y")).to_string()
}

/// `GET /api/shadow/{account}`: the same for machines. 404 for an account without shadow rules.
pub(super) async fn api(State(shared): State<Arc<Shared>>, Path(account): Path<String>) -> Response {
    let Some(status) = shared.parts.shadows.status(&account) else {
        let error = json!({"error": {"code": "unknown", "text": {
            "en": "there is no such account with shadow rules",
            "ru": "нет такого аккаунта с теневыми правилами",
        }}});
        return (StatusCode::NOT_FOUND, Json(error)).into_response();
    };
    match told(&shared, &account, &status).await {
        Ok(told) => Json(told).into_response(),
        Err(error) => {
            tracing::error!(%error, "store does not answer");
            let text = json!({"en": "the store does not answer", "ru": "хранилище не отвечает"});
            let error = json!({"error": {"code": "store", "text": text}});
            (StatusCode::SERVICE_UNAVAILABLE, Json(error)).into_response()
        }
    }
}

async fn told(shared: &Shared, account: &str, status: &Status) -> Result<Value, StoreError> {
    let mut runs_told = Vec::new();
    for run in runs(shared, account).await? {
        let groups = shared.parts.store.shadows().shadow_groups(&run.pair).await?;
        let groups = groups.iter().map(|group| {
            let examples = group.examples.iter().map(|(session, at)| json!({"session": session, "at": at}));
            json!({
                "class": group.key.class.as_str(),
                "key": group.key.key,
                "text": {"en": group.en, "ru": group.ru},
                "count": group.count,
                "first_at": group.first_at,
                "last_at": group.last_at,
                "examples": examples.collect::<Vec<_>>(),
            })
        });
        let days = run.days.iter().map(|(day, counts)| json!({"day": day, "counts": counts}));
        runs_told.push(json!({
            "candidate": run.pair.candidate.as_str(),
            "in_force": run.pair.in_force.as_str(),
            "first_at": run.first_at,
            "last_at": run.last_at,
            "counts": run.counts,
            "groups": groups.collect::<Vec<_>>(),
            "days": days.collect::<Vec<_>>(),
        }));
    }
    let in_force = shared.parts.rulebook.status(account).and_then(|status| status.digest.clone());
    let errors = status.problems.iter().filter(|problem| problem.severity() == Severity::Error);
    Ok(json!({
        "account": account,
        "candidate": status.digest,
        "since": status.since,
        "on_disk": status.on_disk,
        "in_force": in_force,
        "errors": errors.map(|problem| problem.line(Lang::En)).collect::<Vec<_>>(),
        "runs": runs_told,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_told_rounder_than_it_is() {
        let told = |part, whole| percent(part, whole, Lang::En).replace('\u{a0}', " ");
        assert_eq!(told(0, 0), "–");
        assert_eq!(told(0, 10), "0 %");
        assert_eq!(told(1, 100_000), "< 0.1 %");
        assert_eq!(told(42, 1310), "3.2 %");
        assert_eq!(told(99_999, 100_000), "99.9 %");
        assert_eq!(told(7, 7), "100 %");
        assert_eq!(percent(42, 1310, Lang::Ru), "3,2\u{a0}%");
    }
}
