//! Users and their groups.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::list::{F, Filter, Page};
use super::route::{LIST, NONE, Route, get, post};
use super::state::User;

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/users", "user_read", LIST, list),
    get("/api/v5/users/{id}", "user_read", NONE, read),
    post("/api/v5/users/{id}/status", "user_write", &["status"], set_status),
    get("/api/v5/user-groups", "user_read", LIST, groups),
];

/// What a user can be doing.
pub(super) const STATUSES: &[&str] = &["free", "busy", "dinner", "break"];

const FILTERS: &[(&str, F)] = &[
    ("email", F::Text),
    ("status", F::Texts),
    ("online", F::Flag),
    ("active", F::Flag),
    ("isManager", F::Flag),
    ("isAdmin", F::Flag),
    ("groups", F::Texts),
    ("createdAtFrom", F::Moment),
    ("createdAtTo", F::Moment),
];

/// When every user was created, as nobody cares.
const CREATED_AT: &str = "2025-01-01 09:00:00";

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, FILTERS)?;
    let users = call.crm.users.iter().filter(|user| {
        let is_manager = user.groups.iter().any(|group| group == "manager");
        let is_admin = user.groups.iter().any(|group| group == "superadmins");
        // Asking for a status finds only those who are online.
        let in_status =
            filter.texts("status").is_none() || (user.online && filter.allows("status", Some(&user.status)));
        in_status
            && filter.text("email").is_none_or(|email| user.email.eq_ignore_ascii_case(email))
            && filter.flag("online").is_none_or(|online| user.online == online)
            && filter.flag("active").is_none_or(|active| user.active == active)
            && filter.flag("isManager").is_none_or(|wanted| is_manager == wanted)
            && filter.flag("isAdmin").is_none_or(|wanted| is_admin == wanted)
            && filter
                .texts("groups")
                .is_none_or(|wanted| user.groups.iter().any(|code| wanted.contains(&code.as_str())))
            && filter.within("createdAtFrom", "createdAtTo", Some(CREATED_AT))
    });
    let users = users.map(|user| render(call, user)).collect();
    Ok(page.answer("users", users))
}

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let user = call.crm.user(call.numeric_arg(0)?).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("user", render(call, user)))
}

fn set_status(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.numeric_arg(0)?;
    let status = call.param("status").ok_or_else(|| Refusal::missing("status"))?.to_owned();
    if !STATUSES.contains(&status.as_str()) {
        return Err(Refusal::parameter("status", "The value you selected is not a valid choice."));
    }
    let user = call.crm.users.iter_mut().find(|user| user.id == id).ok_or_else(Refusal::not_found)?;
    user.status = status;
    Ok(Answer::ok())
}

fn groups(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    Filter::of(call, &[])?;
    let groups = call.crm.groups.iter().map(|(code, name)| json!({"code": code, "name": name})).collect();
    Ok(page.answer("groups", groups))
}

fn render(call: &Call<'_>, user: &User) -> Value {
    let groups: Vec<Value> = call
        .crm
        .groups
        .iter()
        .zip(1..)
        .filter(|((code, _), _)| user.groups.contains(code))
        .map(|((code, name), id)| json!({"id": id, "name": name, "code": code}))
        .collect();
    let mut all = json!({
        "id": user.id,
        "createdAt": CREATED_AT,
        "active": user.active,
        "email": user.email,
        "firstName": user.first_name,
        "status": user.status,
        "online": user.online,
        "isAdmin": user.groups.iter().any(|group| group == "superadmins"),
        "isManager": user.groups.iter().any(|group| group == "manager"),
        "groups": groups,
    });
    if let (Some(last_name), Value::Object(all)) = (&user.last_name, &mut all) {
        all.insert("lastName".to_owned(), json!(last_name));
    }
    all
}
