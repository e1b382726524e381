//! Files and notices to users.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::links;
use super::list::{F, Filter, Page};
use super::record::Record;
use super::route::{LIST, NONE, Route, get, post};
use super::schema::{Checked, Kind, LONG_TEXT, Schema, TEXT, may, must};

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/files", "file_read", LIST, list),
    post("/api/v5/files/upload", "file_write", NONE, upload),
    get("/api/v5/files/{id}", "file_read", NONE, read),
    get("/api/v5/files/{id}/download", "file_read", NONE, download),
    post("/api/v5/files/{id}/edit", "file_write", &["file"], edit),
    post("/api/v5/files/{id}/delete", "file_write", NONE, delete),
    post("/api/v5/notifications/send", "integration_write", &["notification"], notify),
];

/// The filters of the vendor's PHP client (`src/Model/Filter/Files/FileFilter.php`, read 2026-11-27).
const FILTERS: &[(&str, F)] = &[
    ("ids", F::Texts),
    ("orderIds", F::Texts),
    ("orderExternalIds", F::Texts),
    ("customerIds", F::Texts),
    ("customerExternalIds", F::Texts),
    ("createdAtFrom", F::Moment),
    ("createdAtTo", F::Moment),
    ("sizeFrom", F::Int),
    ("sizeTo", F::Int),
    ("type", F::Texts),
    ("filename", F::Text),
    ("isAttached", F::Flag),
    ("sites", F::Texts),
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

/// The one method that takes raw bytes. The vendor names the file after the moment, and answers its number only.
fn upload(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    if call.body.is_empty() {
        return Err(Refusal::new(400, "Your request body is empty."));
    }
    if !call.switches.storage_paid {
        return Err(Refusal::new(400, "Your account has insufficient funds to activate storage."));
    }
    let kind =
        if std::str::from_utf8(&call.body).is_ok() { "text/plain" } else { "application/octet-stream" };
    let named =
        call.now.to_zoned_datetime(call.crm.tz()).strftime("API upload %d-%m-%Y %H:%M:%S").to_string();
    let fields = json!({
        "filename": named, "type": kind, "size": call.body.len(), "attachment": [],
        "text": String::from_utf8_lossy(&call.body),
    });
    let fields = fields.as_object().cloned().unwrap_or_default();
    let id = call.crm.files.insert(None, "", call.now, fields);
    Ok(Answer::created().with("file", json!({"id": id})))
}

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, FILTERS)?;
    let is_wanted = |row: &&Record| {
        let size = row.int("size").unwrap_or(0);
        let customers = attached(row, "customer").filter_map(|id| call.crm.customers.get(id));
        let orders = attached(row, "order").filter_map(|id| call.crm.orders.get(id));
        let (customers, orders): (Vec<_>, Vec<_>) = (customers.collect(), orders.collect());
        let any = |name: &str, rows: &[&Record], of: &dyn Fn(&Record) -> Option<String>| {
            filter.texts(name).is_none() || rows.iter().any(|row| filter.allows(name, of(row).as_deref()))
        };
        let both: Vec<&Record> = customers.iter().chain(&orders).copied().collect();
        call.crm.is_indexed(row, call.switches, call.now)
            && filter.allows_id("ids", Some(row.id))
            && any("customerIds", &customers, &|row| Some(row.id.to_string()))
            && any("customerExternalIds", &customers, &|row| row.external_id.clone())
            && any("orderIds", &orders, &|row| Some(row.id.to_string()))
            && any("orderExternalIds", &orders, &|row| row.external_id.clone())
            && any("sites", &both, &|row| Some(row.site.clone()))
            && filter.within_made("createdAtFrom", "createdAtTo", || Some(call.crm.local(row.created_at)))
            && filter.int("sizeFrom").is_none_or(|least| size >= least)
            && filter.int("sizeTo").is_none_or(|most| size <= most)
            && filter.allows("type", row.text("type"))
            && filter
                .text("filename")
                .is_none_or(|part| row.text("filename").is_some_and(|name| name.contains(part)))
            && filter.flag("isAttached").is_none_or(|wanted| wanted != both.is_empty())
    };
    let files = call.crm.files.iter().filter(is_wanted).map(|row| shown(call, row)).collect();
    Ok(page.answer("files", files))
}

/// The numbers of the records of one kind that a file hangs on.
fn attached<'r>(row: &'r Record, kind: &'r str) -> impl Iterator<Item = u64> + 'r {
    let links = row.fields.get("attachment").and_then(Value::as_array).into_iter().flatten();
    links.filter_map(move |link| link.get(kind)?.get("id")?.as_u64())
}

/// A file without what is in it.
fn shown(call: &Call<'_>, row: &Record) -> Value {
    let mut file = row.fields.clone();
    file.shift_remove("text");
    file.insert("id".to_owned(), json!(row.id));
    file.insert("createdAt".to_owned(), json!(call.crm.local(row.created_at)));
    Value::Object(file)
}

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let row = call.crm.files.get(call.numeric_arg(0)?).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("file", shown(call, row)))
}

fn download(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let row = call.crm.files.get(call.numeric_arg(0)?).ok_or_else(Refusal::not_found)?;
    Ok(Answer::bytes(row.text("text").unwrap_or_default().to_owned()))
}

fn edit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut file = call.entity("file", &FILE, Checked::Edit)?;
    let id = call.numeric_arg(0)?;
    call.crm.files.get(id).ok_or_else(Refusal::not_found)?;
    if let Some(links) = file.get_mut("attachment").and_then(Value::as_array_mut) {
        for link in links.iter_mut().filter_map(Value::as_object_mut) {
            if let Some(id) = links::customer(call, link, "")? {
                link.insert("customer".to_owned(), json!({"id": id}));
            }
            if let Some(id) = links::order(call, link, "")? {
                link.insert("order".to_owned(), json!({"id": id}));
            }
        }
    }
    let row = call.crm.files.get_mut(id).ok_or_else(Refusal::not_found)?;
    row.fields.extend(file);
    let row = call.crm.files.get(id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("file", shown(call, row)))
}

fn delete(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.numeric_arg(0)?;
    call.crm.files.remove(id).map(|_| Answer::ok()).ok_or_else(Refusal::not_found)
}

fn notify(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let notice = call.entity("notification", &NOTICE, Checked::Create)?;
    call.crm.notices.insert(None, "", call.now, notice);
    Ok(Answer::ok())
}
