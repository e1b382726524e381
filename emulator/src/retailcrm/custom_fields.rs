//! Custom fields and their dictionaries, reading only.

use serde_json::{Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::list::{F, Filter, Page};
use super::route::{LIST, NONE, Route, get};
use super::state::{CustomField, Dictionary};

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/custom-fields", "custom_fields_read", LIST, list),
    get("/api/v5/custom-fields/{entity}/{code}", "custom_fields_read", NONE, read),
    get("/api/v5/custom-fields/dictionaries", "custom_fields_read", LIST, dictionaries),
    get("/api/v5/custom-fields/dictionaries/{code}", "custom_fields_read", NONE, dictionary),
];

const FILTERS: &[(&str, F)] = &[
    ("entity", F::Text),
    ("type", F::Texts),
    ("code", F::Text),
    ("name", F::Text),
    ("viewMode", F::Texts),
    ("displayArea", F::Texts),
    ("inFilter", F::Flag),
];

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, FILTERS)?;
    let fields = call.crm.custom_fields.iter().filter(|field| {
        filter.allows("entity", Some(&field.entity))
            && filter.allows("type", Some(&field.kind))
            && filter.allows("code", Some(&field.code))
            && filter.text("name").is_none_or(|name| field.name.contains(name))
    });
    let fields = fields.map(render).collect();
    Ok(page.answer("customFields", fields))
}

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let field = call.crm.custom_field(call.arg(0), call.arg(1)).ok_or_else(Refusal::not_found)?;
    Ok(Answer::ok().with("customField", render(field)))
}

fn dictionaries(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, &[("code", F::Text), ("name", F::Text)])?;
    let known = call.crm.dictionaries.iter().filter(|known| filter.allows("code", Some(&known.code)));
    let known = known.map(render_dictionary).collect();
    Ok(page.answer("customDictionaries", known))
}

fn dictionary(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let known = call.crm.dictionaries.iter().find(|known| known.code == call.arg(0));
    Ok(Answer::ok().with("customDictionary", render_dictionary(known.ok_or_else(Refusal::not_found)?)))
}

fn render(field: &CustomField) -> Value {
    let mut all = json!({
        "name": field.name,
        "code": field.code,
        "required": field.required,
        "inFilter": true,
        "inList": true,
        "inGroupActions": false,
        "type": field.kind,
        "entity": field.entity,
        "ordering": 50,
        "displayArea": "customer",
        "viewMode": "editable",
        "viewModeMobile": "editable",
    });
    if let (Some(dictionary), Value::Object(all)) = (&field.dictionary, &mut all) {
        all.insert("dictionary".to_owned(), json!(dictionary));
    }
    all
}

fn render_dictionary(dictionary: &Dictionary) -> Value {
    let elements: Vec<Value> = dictionary
        .elements
        .iter()
        .zip(1..)
        .map(|(element, n)| json!({"name": element.name, "code": element.code, "ordering": n * 10}))
        .collect();
    json!({"name": dictionary.name, "code": dictionary.code, "elements": elements})
}
