//! Companies as customers: the reading that an integration needs, and creating them for tests.

use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal};
use super::call::{Call, take_external_id};
use super::list::{F, Filter, Page};
use super::record::Record;
use super::route::{LIST, READ, Route, get, post};
use super::schema::common::SOURCE;
use super::schema::{Checked, Kind, Schema, TEXT, may, must};

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/customers-corporate", "customer_read", LIST, list),
    get("/api/v5/customers-corporate/{x}", "customer_read", READ, read),
    post("/api/v5/customers-corporate/create", "customer_write", &["customerCorporate", "site"], create),
];

const COMPANY: Schema = Schema {
    entity: "",
    fields: &[
        may("externalId", TEXT),
        must("nickName", TEXT),
        may("createdAt", Kind::DateTime),
        may("vip", Kind::Bool),
        may("bad", Kind::Bool),
        may("managerId", Kind::User { active: false }),
        may("source", Kind::Object(&SOURCE)),
        may("customFields", Kind::Any),
        may("customerContacts", Kind::Objects(&CONTACT)),
        may("companies", Kind::Any),
        may("addresses", Kind::Any),
    ],
};

const CONTACT: Schema = Schema {
    entity: "",
    fields: &[may("isMain", Kind::Bool), must("customer", Kind::Customer), may("companies", Kind::Any)],
};

const FILTERS: &[(&str, F)] = &[
    ("ids", F::Texts),
    ("externalIds", F::Texts),
    ("contactIds", F::Texts),
    ("name", F::Text),
    ("sites", F::Texts),
    ("managers", F::Texts),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, FILTERS)?;
    let rows = call.crm.corporate.iter().rev().filter(|row| {
        call.sees(&row.site)
            && filter.allows_id("ids", Some(row.id))
            && filter.allows("externalIds", row.external_id.as_deref())
            && filter.allows("sites", Some(&row.site))
            && filter.allows_id("managers", row.int("managerId"))
            && filter
                .text("name")
                .is_none_or(|part| row.text("nickName").is_some_and(|name| name.contains(part)))
            && filter
                .texts("contactIds")
                .is_none_or(|wanted| contacts(row).iter().any(|id| wanted.contains(&id.as_str())))
    });
    let rows = rows.map(|row| render(call, row)).collect();
    Ok(page.answer("customersCorporate", rows))
}

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let row = call.find(&call.crm.corporate)?;
    Ok(Answer::ok().with("customerCorporate", render(call, row)))
}

fn create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut company = call.entity("customerCorporate", &COMPANY, Checked::Create)?;
    let site = call.site()?;
    let external_id = take_external_id(&mut company);
    call.free_external_id(&call.crm.corporate, "Customer", external_id.as_deref(), &site, None)?;
    let id = call.crm.corporate.insert(external_id, &site, call.now, company);
    Ok(Answer::created().with("id", id))
}

fn contacts(row: &Record) -> Vec<String> {
    let contacts = row.fields.get("customerContacts").and_then(Value::as_array).into_iter().flatten();
    contacts.filter_map(|contact| contact.pointer("/customer/id")).map(Value::to_string).collect()
}

fn render(call: &Call<'_>, row: &Record) -> Value {
    let mut all = Map::new();
    all.insert("type".to_owned(), json!("customer_corporate"));
    all.insert("id".to_owned(), json!(row.id));
    if let Some(external_id) = &row.external_id {
        all.insert("externalId".to_owned(), json!(external_id));
    }
    all.insert("createdAt".to_owned(), json!(call.crm.local(row.created_at)));
    all.insert("site".to_owned(), json!(row.site));
    all.extend(row.fields.clone());
    all.insert("customFields".to_owned(), super::customers::custom_fields(&row.fields, call.switches));
    Value::Object(all)
}
