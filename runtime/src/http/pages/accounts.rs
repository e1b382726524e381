//! The accounts of the settings: which there are, a check of each, and a form that adds one.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use crate::accounts::{EditError, Given, Wanted, WantedCrm, WantedModule, WantedUis};
use crate::checkup::{Level, Report};
use crate::config::{self, Secret};
use crate::http::pages::guard;
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::state::Shared;

/// What a button sends.
#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    token: String,
}

/// What the form sends. Secrets are never shown again.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Filled {
    token: String,
    /// `check`, `add` or `add_unchecked`.
    does: String,
    name: String,
    url: String,
    key: String,
    site: String,
    bundle: String,
    #[serde(default)]
    data_api: String,
    #[serde(default)]
    call_api: String,
    #[serde(default)]
    uis_token: String,
    #[serde(default)]
    public_url: String,
}

#[derive(Serialize)]
struct Own {
    accounts: Vec<Account>,
    can_change: bool,
    /// What came of what was asked for.
    said: Option<Said>,
    form: Shown,
}

#[derive(Serialize)]
struct Account {
    name: String,
    url: String,
    site: String,
    uis: Option<String>,
    module: Option<String>,
    bundle: String,
}

/// What is shown above the accounts.
#[derive(Default, Serialize)]
struct Said {
    /// Whose it is.
    account: String,
    problem: Option<String>,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Finding {
    level: &'static str,
    what: String,
    todo: Option<String>,
}

/// The fields of the form that are filled again.
#[derive(Default, Serialize)]
struct Shown {
    name: String,
    url: String,
    site: String,
    bundle: String,
    data_api: String,
    call_api: String,
    public_url: String,
}

/// Shows them.
pub(super) async fn page(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    asked.answer("accounts.html", Ok(own(&shared, None, Shown::default())))
}

/// Asks both sides of an account, and shows what they said.
pub(super) async fn check(
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
    let now = shared.parts.clock.now();
    let checked = shared.parts.accounts.check_known(&shared.parts.config, &name, now).await;
    let said = said(&name, checked.map(Some), asked.look);
    asked.answer("accounts.html", Ok(own(&shared, Some(said), Shown::default())))
}

/// Takes an account out of the settings.
pub(super) async fn remove(
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
    tracing::info!(account = name, "an account is removed by hand");
    match shared.parts.accounts.remove(&name).await {
        Ok(()) => Redirect::to("/accounts").into_response(),
        Err(error) => {
            let said = said(&name, Err(error), asked.look);
            asked.answer("accounts.html", Ok(own(&shared, Some(said), Shown::default())))
        }
    }
}

/// Checks or adds what the form says.
pub(super) async fn add(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
    headers: HeaderMap,
    Form(filled): Form<Filled>,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    if !guard::shows_token(&shared, &filled.token) {
        return asked.fail(&Failure::Form);
    }
    let (name, now) = (filled.name.trim().to_owned(), shared.parts.clock.now());
    let (wanted, accounts) = (wanted(&filled), &shared.parts.accounts);
    let done = match wanted.stays_inside() {
        Err(error) => Err(error),
        Ok(()) if filled.does == "check" => accounts.check(wanted, now).await.map(Some),
        Ok(()) => {
            tracing::info!(account = name, "an account is added by hand");
            match accounts.add(wanted, filled.does == "add_unchecked", now).await {
                Ok(_) => return Redirect::to("/accounts").into_response(),
                Err(error) => Err(error),
            }
        }
    };
    let said = said(&name, done, asked.look);
    asked.answer("accounts.html", Ok(own(&shared, Some(said), Shown::of(filled))))
}

fn own(shared: &Shared, said: Option<Said>, form: Shown) -> Own {
    let accounts = shared.parts.config.accounts.iter().map(account).collect();
    Own { accounts, can_change: shared.parts.accounts.can_change(), said, form }
}

fn account(account: &config::Account) -> Account {
    Account {
        name: account.name.clone(),
        url: account.retailcrm.url.clone(),
        site: account.retailcrm.site.clone(),
        uis: account.uis.as_ref().map(|uis| uis.data_api.clone()),
        module: account.retailcrm.module.as_ref().map(|module| module.code.clone()),
        bundle: account.bundle.display().to_string(),
    }
}

/// What came of it, in words.
fn said(account: &str, done: Result<Option<Report>, EditError>, look: Look) -> Said {
    let (problem, report) = match done {
        Ok(report) => (None, report),
        Err(error) => {
            let problem = error.text().get(look.lang).to_owned();
            let report = match error {
                EditError::Found { report } => Some(*report),
                _ => None,
            };
            (Some(problem), report)
        }
    };
    let findings = report.into_iter().flat_map(|report| report.findings).map(|finding| Finding {
        level: match finding.level {
            Level::Fine => "fine",
            Level::Warning => "warning",
            Level::Error => "error",
        },
        what: look.text(finding.what.get(look.lang)),
        todo: finding.todo.as_ref().map(|todo| todo.get(look.lang).to_owned()),
    });
    Said { account: account.to_owned(), problem, findings: findings.collect() }
}

/// The account that the form describes; an empty field is one that was left out.
fn wanted(filled: &Filled) -> Wanted {
    let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let secret = |text: &str| Some(Secret::new(text)).filter(|secret| !secret.expose().is_empty());
    let given = |text: &str| secret(text).map(Given::Secret);
    let uis = given(&filled.uis_token).map(|token| WantedUis {
        credentials: None,
        data_api: text(&filled.data_api),
        call_api: text(&filled.call_api),
        token: Some(token),
    });
    let module = text(&filled.public_url).map(|public_url| WantedModule {
        public_url,
        code: None,
        integration_code: None,
        name: None,
    });
    Wanted {
        name: filled.name.trim().to_owned(),
        bundle: filled.bundle.trim().to_owned(),
        hook_secret: None,
        retailcrm: WantedCrm {
            url: text(&filled.url),
            key: given(&filled.key),
            credentials: None,
            site: filled.site.trim().to_owned(),
            module,
        },
        uis,
    }
}

impl Shown {
    fn of(filled: Filled) -> Self {
        let Filled { name, url, site, bundle, data_api, call_api, public_url, .. } = filled;
        Self { name, url, site, bundle, data_api, call_api, public_url }
    }
}
