//! What a trouble looks like on the wire, in the words of the vendor that was asked.

use serde_json::{Value, json};

use super::exchange::{Outcome, Subject};
use crate::fault::Trouble;
use crate::journal::Service;
use crate::world::World;

/// The `kind` of a trouble, as in its JSON.
pub(crate) fn name(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::Delay { .. } => "delay",
        Trouble::Hang => "hang",
        Trouble::Reset => "reset",
        Trouble::Status { .. } => "status",
        Trouble::Html { .. } => "html",
        Trouble::Garbled => "garbled",
        Trouble::HalfBody => "half_body",
        Trouble::CutAfter { .. } => "cut_after",
        Trouble::AlreadyExists => "already_exists",
    }
}

/// The answer that the trouble leaves, or nothing. `done` is the honest answer, when the request took effect.
pub(crate) fn answer(
    trouble: &Trouble,
    subject: &Subject,
    done: Option<Outcome>,
    world: &World,
) -> Option<Outcome> {
    let honest = || {
        done.unwrap_or_else(|| {
            Outcome::json(200, &json!({"success": true, "generatedAt": "1970-01-01 00:00:00"}))
        })
    };
    match trouble {
        Trouble::Delay { .. } | Trouble::Hang | Trouble::Reset => None,
        Trouble::Status { code } => Some(status(*code, subject, world)),
        Trouble::Html { code } => Some(Outcome::html(*code, &page("503 Service Temporarily Unavailable"))),
        Trouble::Garbled => {
            let whole = honest();
            let body = whole.body.slice(..whole.body.len().saturating_sub(1));
            Some(Outcome { body, status: 200, ..whole })
        }
        Trouble::HalfBody | Trouble::CutAfter { .. } => Some(honest()),
        Trouble::AlreadyExists => Some(already_exists(subject)),
    }
}

/// A page as proxies send it.
pub(crate) fn page(title: &str) -> String {
    format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
}

fn status(code: u16, subject: &Subject, world: &World) -> Outcome {
    match (subject.service, code) {
        (Service::Retailcrm, 503 | 429) => {
            Outcome::json(code, &json!({"success": false, "errorMsg": world.switches.get().limit_message}))
        }
        (Service::DataApi | Service::CallApi, 429) => {
            let error = json!({"code": -32029, "message": "Limit exceeded",
                "data": {"mnemonic": "limit_exceeded", "field": null, "value": null,
                         "params": {"limit_type": "minute"}, "extended_helper": null, "metadata": {}}});
            Outcome::json(200, &json!({"jsonrpc": "2.0", "id": subject.rpc_id, "error": error}))
        }
        _ => Outcome::text(code, "text/plain; charset=utf-8", format!("upstream error {code}")),
    }
}

fn already_exists(subject: &Subject) -> Outcome {
    match subject.service {
        Service::Retailcrm => {
            let external = find(&subject.parts, "externalId").unwrap_or_else(|| "?".to_owned());
            let what = if subject.target.contains("/orders") { "Order" } else { "Customer" };
            let text = format!("{what} with externalId={external} already exists.");
            Outcome::json(
                400,
                &json!({"success": false, "errorMsg": "Errors in the entity format", "errors": {"externalId": text}}),
            )
        }
        Service::DataApi | Service::CallApi => {
            let external = find(&subject.parts, "ext_id").unwrap_or_else(|| "?".to_owned());
            let error = json!({"code": -32602, "message": "Entity already exists",
                "data": {"mnemonic": "duplicate_entity", "field": "ext_id", "value": external,
                         "params": {}, "extended_helper": null, "metadata": {}}});
            Outcome::json(200, &json!({"jsonrpc": "2.0", "id": subject.rpc_id, "error": error}))
        }
    }
}

/// The first text called `name`, at any depth.
fn find(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Object(map) => match map.get(name) {
            Some(Value::String(text)) => Some(text.clone()),
            _ => map.values().find_map(|value| find(value, name)),
        },
        Value::Array(list) => list.iter().find_map(|value| find(value, name)),
        _ => None,
    }
}
