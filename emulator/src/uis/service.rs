//! The two APIs as tower services: envelope, access, limits, method.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Method as HttpMethod, Request, Response};
use hyper::body::Body;
use serde_json::{Map, Value, json};

use super::method::{Call, Method, Reply};
use super::params::check;
use super::rpc::{self, Fault};
use super::state::UisState;
use crate::journal::Service;
use crate::ledger::Kept;
use crate::switches::{MetadataName, Switches};
use crate::wire::body::{Answered, Cut};
use crate::wire::exchange::{self, BodyError, Inbound, Outcome, Subject};
use crate::wire::param::Param;
use crate::wire::trouble;
use crate::world::World;

/// Path of the Data API.
pub(crate) const DATA_PATH: &str = "/v2.0";
/// Path of the Call API.
pub(crate) const CALL_PATH: &str = "/v4.0";

/// UIS, Data API and Call API, as a function from request to answer; the path tells which is meant.
///
/// Needs no socket. The error [`Cut`] means that a fault wants the connection reset without an answer.
#[derive(Debug, Clone)]
pub struct UisApi {
    world: Arc<World>,
}

impl UisApi {
    pub(crate) fn new(world: Arc<World>) -> Self {
        Self { world }
    }
}

impl<B> tower::Service<Request<B>> for UisApi
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
    let service = match inbound.path.trim_end_matches('/') {
        DATA_PATH => Service::DataApi,
        CALL_PATH => Service::CallApi,
        _ => return Ok(Outcome::html(404, &trouble::page("404 Not Found")).into_response()),
    };
    if inbound.method != HttpMethod::POST {
        return Ok(Outcome::html(405, &trouble::page("405 Not Allowed")).into_response());
    }
    let opened = rpc::open(inbound.header("content-type"), &inbound.body);
    let (target, rpc_id, key) = match &opened {
        Ok(request) => {
            let token = request.params.get("access_token").and_then(Value::as_str).map(str::to_owned);
            (request.method.clone(), request.id.clone(), token)
        }
        Err((id, _)) => (String::new(), id.clone(), None),
    };
    let subject = Subject {
        service,
        method: inbound.method.to_string(),
        path: inbound.path.clone(),
        target,
        query: json!({}),
        parts: serde_json::from_slice(&inbound.body).unwrap_or(Value::Null),
        content_type: inbound.header("content-type").map(str::to_owned),
        key,
        rpc_id,
    };
    exchange::run(world, subject, move |world| {
        let switches = world.switches.get();
        match opened {
            Ok(request) => perform(world, service, request, &switches),
            Err((id, fault)) => refusal(&id, &fault, &json!({}), &switches),
        }
    })
    .await
}

fn perform(world: &World, service: Service, request: rpc::Request, switches: &Switches) -> Outcome {
    let now = world.clock.now();
    let mut state = world.uis();
    let rpc::Request { id, method: name, params } = request;
    let token = params.get("access_token").and_then(Value::as_str).unwrap_or_default().to_owned();
    let methods = if service == Service::DataApi { super::data::METHODS } else { super::call::METHODS };
    let result = (|| {
        let method = methods.iter().copied().flatten().find(|method| method.name == name);
        let method = method.ok_or_else(|| Fault::new(-32601, "method_not_found", "Method not found"))?;
        allowed(&state, method, &params, &token, now)?;
        check(&params, method.params)?;
        state.affordable(&token, method.points, switches, now)?;
        let ledger = world.ledger.get().filter(|_| method.writes && service == Service::DataApi);
        let kept = ledger.map(|ledger| (ledger, kept(&name, &params, &token, switches, now)));
        let reply = (method.handler)(&mut Call { state: &mut state, switches, now, params })?;
        if let Some((ledger, kept)) = kept
            && let Err(error) = ledger.append(&kept)
        {
            tracing::error!(%error, "the ledger cannot be written");
            return Err(Fault::new(-32603, "internal_error", "Internal error"));
        }
        state.charge(&token, method.points, now);
        Ok((method, reply))
    })();
    let limits = state.limits(&token, switches, now);
    match result {
        Ok((method, reply)) => success(&id, method, reply, limits, switches),
        Err(fault) => refusal(&id, &fault, &limits, switches),
    }
}

fn kept(
    name: &str,
    params: &Map<String, Value>,
    token: &str,
    switches: &Switches,
    now: jiff::Timestamp,
) -> Kept {
    let body = json!({"method": name, "params": params}).to_string();
    Kept {
        at: now,
        path: DATA_PATH.to_owned(),
        key: token.to_owned(),
        query: Param::collect(std::iter::empty()),
        form: Param::collect(std::iter::empty()),
        body: body.into_bytes(),
        switches: (*switches != Switches::default()).then(|| Box::new(switches.clone())),
    }
}

/// Does a kept request again, at its own time.
///
/// # Errors
/// Why it is refused now although it was not then.
pub(crate) fn again(world: &World, kept: Kept) -> Result<(), String> {
    let said: Value = serde_json::from_slice(&kept.body).map_err(|error| error.to_string())?;
    let name = said.get("method").and_then(Value::as_str).unwrap_or_default();
    let method = super::data::METHODS.iter().copied().flatten().find(|method| method.name == name);
    let method = method.ok_or_else(|| format!("there is no method `{name}`"))?;
    let params = said.get("params").and_then(Value::as_object).cloned().unwrap_or_default();
    let switches = kept.switches.map(|switches| *switches).unwrap_or_default();
    let mut state = world.uis();
    let done = (method.handler)(&mut Call { state: &mut state, switches: &switches, now: kept.at, params });
    done.map(drop).map_err(|fault| fault.render(&Value::Null).to_string())
}

/// Token, account, address, bought options. Signing in needs no token.
fn allowed(
    state: &UisState,
    method: &Method,
    params: &Map<String, Value>,
    token: &str,
    now: jiff::Timestamp,
) -> Result<(), Fault> {
    if !state.active {
        return Err(Fault::new(-32009, "account_inactive", "Account inactive"));
    }
    if !state.address_allowed {
        return Err(Fault::new(-32003, "ip_not_whitelisted", "Your IP is not whitelisted"));
    }
    if method.name == "login.user" {
        return Ok(());
    }
    if !params.contains_key("access_token") {
        return Err(Fault::missed("access_token"));
    }
    let known = state.tokens.iter().find(|known| known.value == token);
    let known = known.ok_or_else(|| Fault::new(-32001, "access_token_invalid", "Access token invalid"))?;
    if known.expires.is_some_and(|end| end <= now) {
        return Err(Fault::new(-32001, "access_token_expired", "Access token expired"));
    }
    if known.disabled.iter().any(|beginning| method.name.starts_with(beginning)) {
        return Err(Fault::new(-32008, "method_component_disabled", "Method component disabled"));
    }
    Ok(())
}

fn success(id: &Value, method: &Method, reply: Reply, limits: Value, switches: &Switches) -> Outcome {
    let mut metadata = Map::new();
    if let Some(total) = reply.total {
        metadata.insert("total_items".to_owned(), json!(total));
        metadata.insert("version".to_owned(), Value::Null);
    }
    metadata.insert("limits".to_owned(), limits);
    let mut result = match (reply.bare, reply.data) {
        (true, Value::Object(all)) => all,
        (_, data) => Map::from_iter([("data".to_owned(), data)]),
    };
    let name = match (method.name, switches.account_metadata) {
        ("get.account", MetadataName::MetaData) => Some("meta_data"),
        ("get.account", MetadataName::Absent) => None,
        _ => Some("metadata"),
    };
    if let Some(name) = name {
        result.insert(name.to_owned(), Value::Object(metadata));
    }
    Outcome::json(200, &json!({"jsonrpc": "2.0", "id": id, "result": result})).committed(method.writes)
}

fn refusal(id: &Value, fault: &Fault, limits: &Value, switches: &Switches) -> Outcome {
    let id = if switches.null_error_id { &Value::Null } else { id };
    Outcome::json(200, &json!({"jsonrpc": "2.0", "id": id, "error": fault.render(limits)}))
}
