//! The modules in RetailCRM, and what became of clicks there.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use crate::click::Outcome;
use crate::http::pages::calls::{cursor, written};
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::{view, words};
use crate::http::state::Shared;
use crate::module::Shown;
use crate::source::retailcrm::ClickAsked;
use crate::store::record::{Click, ClickState, NoticeState, Page};

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    after: String,
}

#[derive(Serialize)]
struct Own {
    modules: Vec<ModuleView>,
    clicks: Vec<ClickView>,
    next: Option<String>,
}

#[derive(Serialize)]
struct ModuleView {
    account: String,
    /// Since when it is switched off in RetailCRM.
    off: Option<String>,
    trouble: Option<String>,
    moved: Option<String>,
    moved_allowed: bool,
    rows: Vec<(String, String)>,
    statuses: Vec<(String, String)>,
}

#[derive(Serialize)]
struct ClickView {
    time: String,
    account: String,
    who: String,
    phone: String,
    number: String,
    state: String,
    reason: Option<String>,
    notice: Option<String>,
    session: Option<String>,
}

/// Shows them.
pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    let made = own(&shared, &wanted, asked.look).await;
    asked.answer("module.html", made)
}

async fn own(shared: &Shared, wanted: &Wanted, look: Look) -> Result<Own, Failure> {
    let mut modules = Vec::new();
    for account in &shared.parts.config.accounts {
        if let Some(module) = shared.parts.modules.of(&account.name) {
            modules.push(module_view(shared, &account.name, module.shown().await?, look));
        }
    }
    let limit = shared.parts.config.limits.console_rows.as_usize();
    let page = Page { account: None, after: cursor(&wanted.after), limit };
    let clicks = shared.parts.store.clicks(page).await?;
    Ok(Own {
        modules,
        clicks: clicks.rows.iter().map(|click| click_view(shared, click, look)).collect(),
        next: clicks.next.map(|next| written(&next)),
    })
}

fn module_view(shared: &Shared, account: &str, shown: Shown, look: Look) -> ModuleView {
    let zone = view::zone(&shared.parts.config, account);
    let moment = |at| view::moment(at, &zone, look.lang);
    let word = |name: &str| words::or_name(look.lang, "module", name);
    let mut rows = Vec::new();
    match &shown.accepted {
        Some(accepted) => {
            rows.push((word("registered"), moment(accepted.at)));
            rows.push((word("codes"), accepted.codes.to_string()));
            rows.push((word("phones"), accepted.phones.to_string()));
            if !accepted.unknown_users.is_empty() {
                let users: Vec<String> = accepted.unknown_users.iter().map(u64::to_string).collect();
                rows.push((word("unknown_users"), users.join(", ")));
            }
            if !accepted.unknown_sites.is_empty() {
                rows.push((word("unknown_sites"), accepted.unknown_sites.join(", ")));
            }
        }
        None => rows.push((word("registered"), word("never"))),
    }
    let off = shown.activity.filter(|activity| !activity.works());
    let statuses = shown.statuses.into_iter();
    ModuleView {
        account: account.to_owned(),
        off: off.map(|activity| moment(activity.at)),
        trouble: shown.trouble.map(|trouble| look.error(&trouble)),
        moved_allowed: shown.moved.as_ref().is_some_and(|moved| moved.allowed),
        moved: shown.moved.map(|moved| moved.to),
        rows,
        statuses: statuses
            .map(|(user, status)| (user.to_string(), format!("{}, {}", status.status, moment(status.at))))
            .collect(),
    }
}

fn click_view(shared: &Shared, click: &Click, look: Look) -> ClickView {
    let zone = view::zone(&shared.parts.config, click.account.as_str());
    let word = |prefix: &str, name: &str| words::or_name(look.lang, prefix, name);
    let asked: Option<ClickAsked> = click.request.read().ok();
    let outcome: Option<Outcome> = click.outcome.as_ref().and_then(|outcome| outcome.read().ok());
    let who = asked.as_ref().map(|asked| match (asked.user, &asked.code) {
        (Some(user), _) => format!("{} {user}", word("click", "user")),
        (None, Some(code)) => format!("{} {}", word("click", "extension"), look.text(code)),
        (None, None) => String::new(),
    });
    let state = match click.state {
        ClickState::Waiting => "waiting",
        ClickState::Dialling => "dialling",
        ClickState::Started => "started",
        ClickState::Refused => "refused",
        ClickState::Unknown => "unknown",
    };
    let notice = match click.notice {
        NoticeState::None => None,
        NoticeState::Due => Some("due"),
        NoticeState::Sent => Some("sent"),
        NoticeState::Failed => Some("failed"),
    };
    let reason = outcome.as_ref().and_then(|outcome| outcome.reason.as_ref());
    ClickView {
        time: view::moment(click.received_at, &zone, look.lang),
        account: click.account.as_str().to_owned(),
        who: who.unwrap_or_default(),
        // As somebody wrote it in a card, in whatever groups.
        phone: asked.map(|asked| look.phone(&asked.phone)).unwrap_or_default(),
        number: outcome.as_ref().and_then(|outcome| outcome.number.clone()).unwrap_or_default(),
        state: word("click", state),
        // Begun after all: what was thought before does not matter any more.
        reason: reason
            .filter(|_| click.state != ClickState::Started)
            .map(|reason| reason.text().get(look.lang).to_owned()),
        notice: notice.map(|notice| word("notice", notice)),
        session: click.session.as_ref().map(|session| session.as_str().to_owned()),
    }
}
