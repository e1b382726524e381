//! The account and signing in.

use jiff::SignedDuration;
use serde_json::json;

use crate::uis::method::{Call, Method, Reply, reads, writes};
use crate::uis::params::{P, need};
use crate::uis::rpc::Fault;
use crate::uis::state::Token;

pub(super) const METHODS: &[Method] = &[
    reads("get.account", crate::uis::list::LIST, account),
    writes("login.user", &[need("login", P::Text), need("password", P::Text)], login),
    writes("logout.user", &[], logout),
];

/// How long a token from `login.user` lives.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(1);

fn account(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let state = &call.state;
    let row = json!({"app_id": state.app_id, "name": state.name, "timezone": state.zone});
    Ok(Reply::list(vec![row], 1))
}

/// Any login signs in; the password is the permanent token.
fn login(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let password = call.text("password").unwrap_or_default();
    let permanent = call.state.tokens.iter().find(|token| token.value == password && token.expires.is_none());
    let permanent = permanent.cloned().ok_or_else(|| Fault::new(-32001, "auth_error", "Auth error"))?;
    let value = format!("session-{}", call.state.fresh_id());
    let expires = call.now.checked_add(TOKEN_LIFE).ok();
    call.state.tokens.push(Token { value: value.clone(), expires, ..permanent });
    Ok(Reply::data(json!({"access_token": value, "app_id": call.state.app_id})))
}

fn logout(call: &mut Call<'_>) -> Result<Reply, Fault> {
    let given = call.text("access_token").unwrap_or_default().to_owned();
    call.state.tokens.retain(|token| token.value != given || token.expires.is_none());
    Ok(Reply::data(json!({})))
}
