//! Files and notices to users.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::route::{NONE, Route, get, post};
use super::schema::{Checked, Kind, LONG_TEXT, Schema, TEXT, may, must};

pub(super) const ROUTES: &[Route] = &[
    post("/api/v5/files/upload", "file_write", NONE, upload),
    get("/api/v5/files/{id}", "file_read", NONE, read),
    post("/api/v5/files/{id}/edit", "file_write", &["file"], edit),
    post("/api/v5/notifications/send", "integration_write", &["notification"], notify),
];

const FILE: Schema = Schema {
    entity: "",
    fields: &[may("id", Kind::Int), may("filename", TEXT), may("attachment", Kind::Objects(&ATTACHMENT))],
};

const ATTACHMENT: Schema =
    Schema { entity: "", fields: &[may("customer", Kind::Customer), may("order", Kind::Order)] };

const NOTICE: Schema = Schema {
    entity: "",
    fields: &[
        must("type", Kind::OneOf(&["api.error", "api.info"])),
        must("message", LONG_TEXT),
        may("userGroups", Kind::Texts),
        may("userIds", Kind::Ints),
    ],
};

/// The one method that takes raw bytes.
fn upload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    if call.body.is_empty() {
        return Err(Refusal::new(400, "Your request body is empty."));
    }
    let size = call.body.len();
    let text = String::from_utf8_lossy(&call.body).into_owned();
    let fields = json!({"size": size, "text": text}).as_object().cloned().unwrap_or_default();
    let id = call.crm.files.insert(None, "", call.now, fields);
    Ok(Answer::created().with("file", json!({"id": id})))
}

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let row = call.crm.files.get(call.numeric_arg(0)?).ok_or_else(Refusal::not_found)?;
    let mut file = row.fields.clone();
    file.shift_remove("text");
    file.insert("id".to_owned(), json!(row.id));
    file.insert("createdAt".to_owned(), json!(call.crm.local(row.created_at)));
    Ok(Answer::ok().with("file", Value::Object(file)))
}

fn edit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let file = call.entity("file", &FILE, Checked::Edit)?;
    let id = call.numeric_arg(0)?;
    let row = call.crm.files.get_mut(id).ok_or_else(Refusal::not_found)?;
    row.fields.extend(file.into_iter().filter(|(name, _)| name != "id"));
    let mut file = row.fields.clone();
    file.shift_remove("text");
    file.insert("id".to_owned(), json!(id));
    Ok(Answer::ok().with("file", Value::Object(file)))
}

fn notify(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let notice = call.entity("notification", &NOTICE, Checked::Create)?;
    call.crm.notices.insert(None, "", call.now, notice);
    Ok(Answer::ok())
}
