//! Tags and comments on communications.

use serde_json::{Value, json};

use crate::uis::method::{Call, Method, Reply, writes};
use crate::uis::params::{P, Param, need, opt};
use crate::uis::rpc::Fault;

pub(super) const METHODS: &[Method] = &[
    writes("set.tag_communications", TAGGED, set),
    writes("unset.tag_communications", TAGGED, unset),
    writes("create.communication_comment", COMMENTED, comment),
];

const TAGGED: &[Param] = &[
    opt("communication_id", P::Number),
    opt("communication_ext_id", P::Text),
    need("communication_type", P::OneOf(&["chat", "call", "goal", "offline_message"])),
    need("tag_id", P::Number),
];

const COMMENTED: &[Param] = &[
    need("communication_id", P::Number),
    need("communication_type", P::OneOf(&["call", "offline_message", "chat", "email"])),
    need("comment", P::Text),
];

fn set(call: &mut Call<'_>) -> Result<Reply, Fault> {
    change(call, |tags, id, name| {
        if !tags.iter().any(|tag| tag.get("tag_id") == Some(&json!(id))) {
            tags.push(json!({"tag_id": id, "tag_name": name, "tag_type": "manual"}));
        }
    })
}

fn unset(call: &mut Call<'_>) -> Result<Reply, Fault> {
    change(call, |tags, id, _| tags.retain(|tag| tag.get("tag_id") != Some(&json!(id))))
}

fn change(call: &mut Call<'_>, edit: impl Fn(&mut Vec<Value>, u64, &str)) -> Result<Reply, Fault> {
    let tag = call.int("tag_id").unwrap_or_default();
    let known = call.state.tags.iter().find(|one| one.id == tag).cloned();
    let known = known.ok_or_else(|| Fault::param("entity_not_found", "tag_id", json!(tag)))?;
    let row = communication(call)?;
    let slot = row.entry("tags").or_insert_with(|| json!([]));
    if let Value::Array(tags) = slot {
        edit(tags, known.id, &known.name);
    }
    Ok(Reply::success(call.switches))
}

fn comment(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let text = call.text("comment").unwrap_or_default().to_owned();
    let row = communication(call)?;
    row.insert("comment".to_owned(), json!(text));
    Ok(Reply::data(json!({"id": call.state.fresh_id()})))
}

fn communication<'c>(call: &'c mut Call<'_>) -> Result<&'c mut crate::uis::state::Row, Fault> {
    let noun = match call.text("communication_type") {
        Some("chat") => "chats",
        Some("offline_message") => "offline_messages",
        _ => "calls",
    };
    let id = call.int("communication_id");
    let ext_id = call.text("communication_ext_id").map(str::to_owned);
    if id.is_none() && ext_id.is_none() {
        return Err(Fault::missed("communication_id"));
    }
    let rows = call.state.rows.entry(noun.to_owned()).or_default();
    let found = rows.iter_mut().find(|row| {
        id.is_some_and(|id| row.get("communication_id") == Some(&json!(id)))
            || ext_id.as_ref().is_some_and(|ext_id| row.get("ext_id") == Some(&json!(ext_id)))
    });
    found.ok_or_else(|| Fault::param("entity_not_found", "communication_id", json!(id)))
}
