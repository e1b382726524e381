//! Orders as deals: what UIS has of each, why one waits, and a button that has it tried again.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Uri};
use serde::{Deserialize, Serialize};

use crate::deals::{Memory, Reason};
use crate::http::pages::calls::{cursor, written};
use crate::http::pages::look::Look;
use crate::http::pages::render::{Asked, Failure};
use crate::http::pages::{guard, view, words};
use crate::http::state::Shared;
use crate::store::StoreError;
use crate::store::record::{AccountId, Deal, DealState, Page};

/// What stands in the place of an order's number for all that were put aside.
const ALL: &str = "all";

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    after: String,
    #[serde(default)]
    parked: String,
}

/// What the button sends.
#[derive(Debug, Deserialize)]
pub(super) struct Pressed {
    token: String,
}

#[derive(Serialize)]
struct Own {
    accounts: Vec<AccountView>,
    deals: Vec<DealView>,
    parked: bool,
    next: Option<String>,
}

#[derive(Serialize)]
struct AccountView {
    account: String,
    rows: Vec<(String, String)>,
    error: Option<String>,
    slow: bool,
    parked: u64,
}

#[derive(Serialize)]
struct DealView {
    account: String,
    order: u64,
    number: String,
    time: String,
    state: &'static str,
    state_word: String,
    stage: String,
    since: Option<String>,
    next: Option<String>,
    reason: Option<String>,
    is_parked: bool,
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
    asked.answer("deals.html", made)
}

async fn own(shared: &Shared, wanted: &Wanted, look: Look) -> Result<Own, Failure> {
    let mut accounts = Vec::new();
    for (account, desk) in &shared.parts.deals {
        let counts = shared.parts.store.deals().count_deals(&AccountId::from(account.as_str())).await?;
        let status = desk.status();
        let zone = view::zone(&shared.parts.config, account);
        let word = |name: &str| words::or_name(look.lang, "deals", name);
        let mut rows = Vec::new();
        if let Some(at) = status.history_read_at {
            rows.push((word("history"), view::moment(at, &zone, look.lang)));
        }
        if !status.funnels.is_empty() {
            rows.push((word("funnels"), status.funnels.join(", ")));
        }
        if let Some(count) = status.in_processing {
            rows.push((word("processing"), count.to_string()));
        }
        for (state, count) in [
            ("waiting", counts.waiting),
            ("done", counts.done),
            ("not_passed", counts.not_passed),
            ("put_aside", counts.parked),
            ("gone", counts.gone),
        ] {
            rows.push((word(state), count.to_string()));
        }
        accounts.push(AccountView {
            account: account.clone(),
            rows,
            error: status.error.map(|error| look.text(&error)),
            slow: status.is_slow,
            parked: counts.parked,
        });
    }
    let limit = shared.parts.config.limits.console_rows.as_usize();
    let parked = wanted.parked == "1";
    let page = Page { account: None, after: cursor(&wanted.after), limit };
    let listed = shared.parts.store.deals().list_deals(page, parked).await?;
    Ok(Own {
        accounts,
        deals: listed.rows.iter().map(|deal| deal_view(shared, deal, look)).collect(),
        parked,
        next: listed.next.map(|next| written(&next)),
    })
}

fn deal_view(shared: &Shared, deal: &Deal, look: Look) -> DealView {
    let zone = view::zone(&shared.parts.config, deal.account.as_str());
    let moment = |at| view::moment(at, &zone, look.lang);
    let memory = Memory::of(deal.memory.as_ref());
    let reason: Option<Reason> = deal.reason.as_ref().and_then(|reason| reason.read().ok());
    DealView {
        account: deal.account.as_str().to_owned(),
        order: deal.order,
        number: memory.number.unwrap_or_else(|| deal.order.to_string()),
        time: moment(deal.updated_at),
        state: name(deal.state),
        state_word: words::or_name(look.lang, "deal", name(deal.state)),
        since: memory.last.as_ref().map(|last| moment(last.since)),
        stage: memory.last.map(|last| stage(&last.funnel, &last.stage, look)).unwrap_or_default(),
        next: deal.due_at.map(moment),
        reason: reason.map(|reason| look.text(reason.text().get(look.lang))),
        is_parked: deal.state == DealState::Parked,
    }
}

/// Funnel and stage; the two ends in words, the others by the code of their group or status.
fn stage(funnel: &str, stage: &str, look: Look) -> String {
    let stage = stage.split_once(':').map_or(stage, |(_, code)| code);
    format!("{funnel} · {}", words::or_name(look.lang, "deal_stage", stage))
}

const fn name(state: DealState) -> &'static str {
    match state {
        DealState::Waiting => "waiting",
        DealState::Done => "done",
        DealState::NotPassed => "not_passed",
        DealState::Parked => "parked",
        DealState::Gone => "gone",
    }
}

/// Has an order tried again, or all of an account that were put aside.
pub(super) async fn retry(
    State(shared): State<Arc<Shared>>,
    Path((account, order)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
    Form(pressed): Form<Pressed>,
) -> Response {
    let asked = Asked::new(&shared, &uri, &headers);
    if !guard::shows_token(&shared, &pressed.token) {
        return asked.fail(&Failure::Form);
    }
    match put_back(&shared, &account, &order).await {
        Ok(()) => {
            tracing::info!(account, order, "orders tried again by hand");
            Redirect::to("/deals").into_response()
        }
        Err(failure) => asked.fail(&failure),
    }
}

async fn put_back(shared: &Shared, account: &str, order: &str) -> Result<(), Failure> {
    let desk = shared.parts.deals.get(account).ok_or(Failure::Unknown)?;
    let (deals, now) = (shared.parts.store.deals(), shared.parts.clock.now());
    let id = AccountId::from(account);
    if order == ALL {
        deals.retry_deals(&id, now).await?;
    } else {
        let order = order.parse().map_err(|_| Failure::Unknown)?;
        if !deals.retry_deal(&id, order, now).await? {
            return Err(Failure::Store(StoreError::NotFound { what: format!("order {order}") }));
        }
    }
    desk.look();
    Ok(())
}
