//! RetailCRM as a tower service: account, limit, key, route, permission, method.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderValue, Method, Request, Response};
use hyper::body::Body;
use jiff::Timestamp;
use serde_json::json;

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::route::{self, Route, Verb};
use super::state::{ApiKey, State};
use crate::journal::Service;
use crate::ledger::Kept;
use crate::limiter::Class;
use crate::switches::{LimitScope, Switches, UnknownAccount, UnknownName};
use crate::wire::body::{Answered, Cut};
use crate::wire::exchange::{self, BodyError, Inbound, Outcome, Subject};
use crate::wire::param::Param;
use crate::wire::{parts, trouble};
use crate::world::World;

/// Path prefix that names an account: `/accounts/romashka/api/…`. Without it the account is that of the `Host`.
const ACCOUNT_PREFIX: &str = "/accounts/";

/// RetailCRM, as a function from request to answer.
///
/// Needs no socket. The error [`Cut`] means that a fault wants the connection reset without an answer.
#[derive(Debug, Clone)]
pub struct RetailCrm {
    world: Arc<World>,
}

/// A request, decoded.
struct Incoming {
    inbound: Inbound,
    path: String,
    query: Param,
    form: Param,
    key: Option<String>,
    base_url: String,
}

impl RetailCrm {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world }
    }
}

impl<B> tower::Service<Request<B>> for RetailCrm
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BodyError>,
{
    type Response = Response<Answered>;
    type Error = Cut;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Cut>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Cut>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let world = Arc::clone(&self.world);
        Box::pin(async move {
            match Inbound::read(request, world.max_body_bytes).await {
                Ok(inbound) => answer(world, inbound).await,
                Err(refusal) => Ok(refusal.into_response()),
            }
        })
    }
}

async fn answer(world: Arc<World>, inbound: Inbound) -> Result<Response<Answered>, Cut> {
    let form = parts::read(inbound.header("content-type"), &inbound.body).await;
    let query = Param::decode(inbound.query.as_bytes());
    let (account, path) = account_and_path(&inbound);
    let key = key(&inbound, &query, &form);
    let subject = Subject {
        service: Service::Retailcrm,
        method: inbound.method.to_string(),
        path: inbound.path.clone(),
        target: path.clone(),
        query: query.to_json(),
        parts: form.to_json(),
        content_type: inbound.header("content-type").map(str::to_owned),
        key: key.clone(),
        rpc_id: serde_json::Value::Null,
    };
    let known_account = account.is_none_or(|name| world.crm().account == name);
    if !known_account {
        return exchange::run(world, subject, move |world| {
            unknown_account(&inbound.method, &world.switches.get())
        })
        .await;
    }
    let base_url = format!("http://{}", inbound.header("host").unwrap_or("localhost"));
    let incoming = Incoming { inbound, path, query, form, key, base_url };
    // Counted on arrival, before any fault: a delayed request is still a request of this second.
    if let Some(refusal) = over_limit(&world, &incoming) {
        return exchange::run(world, subject, |_| refusal).await;
    }
    exchange::run(world, subject, move |world| perform(world, incoming)).await
}

fn perform(world: &World, incoming: Incoming) -> Outcome {
    let switches = world.switches.get();
    let mut state = world.crm();
    let now = world.clock.now();
    let kept = kept(world, &incoming, &switches, now);
    let Incoming { inbound, path, query, form, key, base_url } = incoming;
    let result = (|| {
        let key = authorised(&state.keys, key.as_deref(), &switches)?;
        let (route, args) = route::find(&inbound.method, &path)?;
        if !route.scope.is_empty() && key.scopes.as_ref().is_some_and(|scopes| !scopes.contains(route.scope))
        {
            return Err(Refusal::access_denied());
        }
        known_names(&route, &query, &form, &switches)?;
        let mut call = Call {
            crm: &mut state,
            switches: &switches,
            key,
            now,
            args,
            query,
            form,
            body: inbound.body,
            base_url,
        };
        (route.handler)(&mut call).map(|answer| (route, answer))
    })();
    let changed = match &result {
        Ok((route, _)) => route.method == Verb::Post,
        Err(refusal) => refusal.committed,
    };
    // Still under the account's lock, so that lines stand in the order of the changes.
    if changed
        && let (Some(kept), Some(ledger)) = (kept, world.ledger.get())
        && let Err(error) = ledger.append(&kept)
    {
        tracing::error!(%error, "the ledger cannot be written");
        return Outcome::html(500, &trouble::page("500 Internal Server Error"));
    }
    if changed {
        world.orders_changed.notify_one();
    }
    match result {
        Ok((route, answer)) => Answer::render(answer).committed(route.method == Verb::Post),
        Err(refusal) => refusal.render(&switches),
    }
}

/// What to keep of a request that may change the account, when there is a ledger.
fn kept(world: &World, incoming: &Incoming, switches: &Switches, now: Timestamp) -> Option<Kept> {
    if incoming.inbound.method != Method::POST || world.ledger.get().is_none() {
        return None;
    }
    let raw = incoming.form.members().next().is_none();
    Some(Kept {
        at: now,
        path: incoming.path.clone(),
        key: incoming.key.clone().unwrap_or_default(),
        query: incoming.query.clone(),
        form: incoming.form.clone(),
        body: if raw { incoming.inbound.body.to_vec() } else { Vec::new() },
        switches: (*switches != Switches::default()).then(|| Box::new(switches.clone())),
    })
}

/// Does a kept request again, at its own time.
///
/// # Errors
/// Why it is refused now although it was not then.
pub(crate) fn again(world: &World, kept: Kept) -> Result<(), String> {
    let mut state = world.crm();
    match repeat(&mut state, kept) {
        Err(refusal) if !refusal.committed => Err(refusal.message),
        _ => Ok(()),
    }
}

/// Does a request as somebody's program would, kept in the ledger; not in the log, and no limit counts it.
///
/// # Errors
/// The words of the refusal, or why it could not be kept.
pub(super) fn act(world: &World, kept: Kept) -> Result<(), String> {
    let mut state = world.crm();
    let done = repeat(&mut state, kept.clone());
    let changed = done.as_ref().map_or_else(|refusal| refusal.committed, |()| true);
    if changed && let Some(ledger) = world.ledger.get() {
        ledger.append(&kept).map_err(|error| error.to_string())?;
    }
    world.orders_changed.notify_one();
    done.map_err(|refusal| refusal.message)
}

fn repeat(state: &mut State, kept: Kept) -> Result<(), Refusal> {
    let switches = kept.switches.map(|switches| *switches).unwrap_or_default();
    let key = authorised(&state.keys, Some(&kept.key), &switches)?;
    let (route, args) = route::find(&Method::POST, &kept.path)?;
    let mut call = Call {
        crm: state,
        switches: &switches,
        key,
        now: kept.at,
        args,
        query: kept.query,
        form: kept.form,
        body: Bytes::from(kept.body),
        base_url: String::new(),
    };
    (route.handler)(&mut call).map(|_| ())
}

/// The account that the request names, if it names one, and the path within it.
fn account_and_path(inbound: &Inbound) -> (Option<String>, String) {
    if let Some(rest) = inbound.path.strip_prefix(ACCOUNT_PREFIX) {
        let (name, path) = rest.split_once('/').unwrap_or((rest, ""));
        return (Some(name.to_owned()), format!("/{path}"));
    }
    let host = inbound.header("host").unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_address = host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[');
    let account = match host.split_once('.') {
        Some((name, _)) if !is_address => Some(name.to_owned()),
        _ => None,
    };
    (account, inbound.path.clone())
}

fn unknown_account(method: &Method, switches: &Switches) -> Outcome {
    match (method, switches.unknown_account) {
        (&Method::GET, UnknownAccount::Json) => {
            Outcome::json(404, &json!({"success": false, "errorMsg": "Account does not exist."}))
        }
        (&Method::GET, UnknownAccount::Html) => Outcome::html(404, &trouble::page("404 Not Found")),
        _ => Outcome::html(405, &trouble::page("405 Not Allowed")),
    }
}

fn key(inbound: &Inbound, query: &Param, form: &Param) -> Option<String> {
    let header = inbound.header("x-api-key");
    let given = header.or_else(|| query.get("apiKey").or_else(|| form.get("apiKey")).and_then(Param::text));
    given.filter(|key| !key.is_empty()).map(str::to_owned)
}

fn over_limit(world: &World, incoming: &Incoming) -> Option<Outcome> {
    let switches = world.switches.get();
    let method = incoming.path.trim_start_matches("/api/");
    let (_, method) = method.split_once('/').unwrap_or(("", method));
    let (class, limit) = if method == "telephony" || method.starts_with("telephony/") {
        (Class::Telephony, switches.telephony_limit_per_second)
    } else {
        (Class::Other, switches.limit_per_second)
    };
    let who = match (switches.limit_scope, &incoming.inbound.peer) {
        (LimitScope::Address, Some(peer)) => peer.0.ip().to_string(),
        _ => incoming.key.clone().unwrap_or_default(),
    };
    if world.limiter().admit(&who, class, limit, switches.limiter, world.clock.now()) {
        return None;
    }
    let mut refusal = Outcome::json(503, &json!({"success": false, "errorMsg": switches.limit_message}));
    if switches.retry_after {
        refusal.headers.push((RETRY_AFTER, HeaderValue::from_static("1")));
    }
    Some(refusal)
}

fn authorised(keys: &[ApiKey], given: Option<&str>, switches: &Switches) -> Result<ApiKey, Refusal> {
    let Some(given) = given else {
        return Err(Refusal::new(switches.key_missing_status, "\"apiKey\" is missing."));
    };
    let key = keys.iter().find(|key| key.value == given);
    key.cloned().ok_or_else(|| Refusal::new(403, "Wrong \"apiKey\" value."))
}

/// Refuses parameters that the method does not have.
fn known_names(route: &Route, query: &Param, form: &Param, switches: &Switches) -> Result<(), Refusal> {
    if switches.unknown_part == UnknownName::Ignored {
        return Ok(());
    }
    let unknown = query.members().chain(form.members()).map(|(name, _)| name);
    match unknown.into_iter().find(|name| *name != "apiKey" && !route.params.contains(name)) {
        Some(name) => Err(Refusal::parameter(name, "This form should not contain extra fields.")),
        None => Ok(()),
    }
}
