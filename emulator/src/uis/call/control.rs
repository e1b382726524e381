//! Calls that run now: listing and ending them.

use serde_json::{Value, json};

use crate::uis::method::{Call, Method, Reply, reads, writes};
use crate::uis::params::{P, need, opt};
use crate::uis::rpc::Fault;

pub(super) const METHODS: &[Method] = &[
    reads(
        "list.calls",
        &[opt("direction", P::OneOf(&["in", "out"])), opt("virtual_phone_number", P::Text)],
        list,
    ),
    writes("release.call", &[need("call_session_id", P::Number)], release),
    writes("hold.call", &[need("call_session_id", P::Number), need("contact_message", P::Any)], |call| {
        found(call)?;
        Ok(Reply::success(call.switches))
    }),
];

fn list(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let is = |row: &serde_json::Map<String, Value>, name: &str| {
        call.text(name).is_none_or(|wanted| row.get(name).and_then(Value::as_str) == Some(wanted))
    };
    let rows = call.state.live.iter().filter(|row| is(row, "direction") && is(row, "virtual_phone_number"));
    let rows: Vec<Value> = rows.cloned().map(Value::Object).collect();
    Ok(Reply::data(Value::Array(rows)))
}

fn release(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let at = found(call)?;
    call.state.live.remove(at);
    Ok(Reply::success(call.switches))
}

fn found(call: &Call<'_>) -> Result<usize, Fault> {
    let id = call.int("call_session_id").unwrap_or_default();
    let at = call.state.live.iter().position(|row| row.get("call_session_id") == Some(&json!(id)));
    at.ok_or_else(|| Fault::param("call_session_not_found", "call_session_id", json!(id)))
}
