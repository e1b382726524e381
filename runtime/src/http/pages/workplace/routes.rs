//! Addresses of the operator workplace, on the public listener.
//!
//! | address | who asks | what for |
//! | --- | --- | --- |
//! | `GET …/embed.js` | RetailCRM's page | the script that draws our frame |
//! | `POST …/session` | RetailCRM, for a user | a ticket: an address of the page that is good once |
//! | `GET …?ticket=` | the frame | the page |
//! | `GET …/page.js`, `…/page.css` | the page | its script and its look |
//! | `GET …/list`, `…/client?key=`, `…/rules?key=` | the page, with its token | pieces of the panel |
//!
//! Where no account has the page, all of them are the same 404 as everywhere.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde::{Deserialize, Serialize};
use serde_json::json;
use switchboard_grammar::lang::Lang;

use super::answer::{
    self, asset, counted, fragment, page_headers, refused_fragment, refused_json, refused_page,
};
use super::view;
use crate::http::hooks::read;
use crate::http::pages::look::accepted;
use crate::http::pages::render::plain;
use crate::http::respond;
use crate::http::state::Shared;
use crate::source::retailcrm::{OperatorAsked, Params};
use crate::store::record::SessionKey;
use crate::workplace::{self, Brief, Desk, Operator, Refusal};

/// The longest key of a conversation that is looked at, in bytes.
const MAX_KEY: usize = 100;

/// The routes.
pub(in crate::http) fn router() -> Router<Arc<Shared>> {
    let below = |name: &str| format!("{}/{name}", workplace::PATH);
    Router::new()
        .route(workplace::PATH, any(page))
        .route(&below("session"), any(session))
        .route(workplace::EMBED_PATH, any(embed))
        .route(workplace::PAGE_JS_PATH, any(script))
        .route(workplace::PAGE_CSS_PATH, any(style))
        .route(&below("list"), any(list))
        .route(&below("client"), any(client))
        .route(&below("rules"), any(rules))
}

/// What the address of the page says.
#[derive(Debug, Default, Deserialize)]
struct Shown {
    #[serde(default)]
    ticket: String,
}

/// Which conversation is asked for.
#[derive(Debug, Default, Deserialize)]
struct Chosen {
    #[serde(default)]
    key: String,
}

async fn embed(State(shared): State<Arc<Shared>>, method: Method, headers: HeaderMap) -> Response {
    asset(&shared, &method, &headers, "text/javascript; charset=utf-8", workplace::EMBED_JS)
}

async fn script(State(shared): State<Arc<Shared>>, method: Method, headers: HeaderMap) -> Response {
    asset(&shared, &method, &headers, "text/javascript; charset=utf-8", workplace::PAGE_JS)
}

async fn style(State(shared): State<Arc<Shared>>, method: Method, headers: HeaderMap) -> Response {
    asset(&shared, &method, &headers, "text/css; charset=utf-8", workplace::PAGE_CSS)
}

/// Gives a ticket to whom RetailCRM names.
async fn session(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match ticket(&shared, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn ticket(shared: &Shared, request: Request) -> Result<Response, respond::Refusal> {
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return Err(respond::Refusal::NotFound);
    }
    let body = read(shared, &parts.headers, body).await?;
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    // The secret is taken from the body alone: in an address it would stand in logs of proxies.
    let params = Params::read(None, content_type.unwrap_or_default(), &body);
    let module = shared.parts.modules.find(params.get("clientId").unwrap_or_default());
    let desk = module.and_then(|module| shared.parts.workplaces.get(module.account().as_str()));
    let (Some(module), Some(desk)) = (module, desk) else { return Err(respond::Refusal::NotFound) };
    let account = module.account().as_str();
    let made = match OperatorAsked::read(&params) {
        Ok(asked) => desk.ticket(&asked).await,
        Err(_) => Err(Refusal::Unreadable),
    };
    Ok(match made {
        Ok(url) => {
            counted(account, "given");
            ([(header::CACHE_CONTROL, "no-store")], axum::Json(json!({ "url": url }))).into_response()
        }
        Err(refusal) => refused_json(account, &refusal),
    })
}

/// Uses a ticket up and shows the page.
async fn page(
    State(shared): State<Arc<Shared>>,
    Query(shown): Query<Shown>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    // Whoever only looks whether the page is there must not use the ticket up.
    if shared.parts.workplaces.is_empty() || method != Method::GET {
        return respond::Refusal::NotFound.into_response();
    }
    let lang = accepted(&headers);
    let found = shown.ticket.split_once('.');
    let found =
        found.and_then(|(account, ticket)| Some((account, shared.parts.workplaces.get(account)?, ticket)));
    let Some((account, desk, ticket)) = found else { return refused_page("", &Refusal::Ticket, lang) };
    let opened = match desk.open(ticket, lang).await {
        Ok(opened) => opened,
        Err(refusal) => return refused_page(account, &refusal, lang),
    };
    #[derive(Serialize)]
    struct Own<'a> {
        token: &'a str,
        refresh: u128,
        address: Option<&'a str>,
        name: Option<&'a str>,
    }
    let own = Own {
        token: &opened.token,
        refresh: desk.settings().refresh.as_millis(),
        address: desk.settings().address.as_deref(),
        name: opened.operator.name.as_deref(),
    };
    counted(account, "opened");
    match plain("workplace.html", opened.operator.lang, own) {
        Ok(page) => (page_headers(desk), page).into_response(),
        Err(failure) => answer::failed(&failure),
    }
}

async fn list(State(shared): State<Arc<Shared>>, method: Method, headers: HeaderMap) -> Response {
    let (account, desk, operator) = match who(&shared, &method, &headers).await {
        Ok(who) => who,
        Err(refused) => return refused,
    };
    match desk.conversations(&operator).await {
        Ok(briefs) => {
            fragment("workplace_list.html", operator.lang, view::list(&briefs, &desk.zone(), operator.lang))
        }
        Err(refusal) => refused_fragment(&account, &refusal, operator.lang),
    }
}

async fn client(State(shared): State<Arc<Shared>>, method: Method, headers: HeaderMap, uri: Uri) -> Response {
    let (account, desk, operator) = match who(&shared, &method, &headers).await {
        Ok(who) => who,
        Err(refused) => return refused,
    };
    let card = async {
        let (brief, timeline) = desk.conversation(&operator, &key(&uri)?).await?;
        let card = desk.card(&brief, &timeline).await?;
        Ok::<_, Refusal>(view::client(
            &brief,
            &timeline,
            card,
            (&desk.zone(), desk.crm_address()),
            operator.lang,
        ))
    };
    match card.await {
        Ok(own) => fragment("workplace_client.html", operator.lang, own),
        Err(refusal) => refused_fragment(&account, &refusal, operator.lang),
    }
}

async fn rules(State(shared): State<Arc<Shared>>, method: Method, headers: HeaderMap, uri: Uri) -> Response {
    let (account, desk, operator) = match who(&shared, &method, &headers).await {
        Ok(who) => who,
        Err(refused) => return refused,
    };
    let found = async {
        let (_, timeline): (Brief, _) = desk.conversation(&operator, &key(&uri)?).await?;
        Ok::<_, Refusal>(view::rules(&timeline, (&desk.zone(), desk.crm_address()), operator.lang))
    };
    match found.await {
        Ok(own) => fragment("workplace_rules.html", operator.lang, own),
        Err(refusal) => refused_fragment(&account, &refusal, operator.lang),
    }
}

/// Whose page asks, by its token; else the answer for whoever has none that is good.
async fn who(
    shared: &Shared,
    method: &Method,
    headers: &HeaderMap,
) -> Result<(String, Arc<Desk>, Operator), Response> {
    let nobody = || respond::Refusal::NotFound.into_response();
    if shared.parts.workplaces.is_empty() || method != Method::GET {
        return Err(nobody());
    }
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default().trim();
    let account = workplace::account_of(token).unwrap_or_default();
    let lang = accepted(headers);
    let Some(desk) = shared.parts.workplaces.get(account) else {
        // Of an account that has the page no more, as of one that never had it.
        return Err(refused_fragment("", &Refusal::Session, said_lang(token).unwrap_or(lang)));
    };
    match desk.operator(token).await {
        Ok(operator) => Ok((account.to_owned(), Arc::clone(desk), operator)),
        Err(refusal) => Err(refused_fragment(account, &refusal, said_lang(token).unwrap_or(lang))),
    }
}

/// The language of a token that is not believed: good enough to say why not.
fn said_lang(token: &str) -> Option<Lang> {
    Lang::from_code(token.split('.').nth(3)?)
}

fn key(uri: &Uri) -> Result<SessionKey, Refusal> {
    let Query(Chosen { key }) = Query::try_from_uri(uri).map_err(|_| Refusal::Unknown)?;
    if key.is_empty() || key.len() > MAX_KEY { Err(Refusal::Unknown) } else { Ok(SessionKey::from(key)) }
}

impl Refusal {
    /// The status of the answer that says so.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::SwitchedOff | Self::NotSynchronised | Self::Ticket => StatusCode::FORBIDDEN,
            Self::Session => StatusCode::UNAUTHORIZED,
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::TooOften => StatusCode::TOO_MANY_REQUESTS,
            Self::NotListed | Self::Full | Self::Store(_) | Self::NoRandomness => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}
