//! Reading customers: the list with its loose search, and one by identifier.

use serde_json::json;

use crate::retailcrm::answer::{Answer, Refusal};
use crate::retailcrm::call::Call;
use crate::retailcrm::list::{F, Filter, Page, holds};
use crate::retailcrm::record::Record;
use crate::retailcrm::route::{LIST, READ, Route, get};
use crate::retailcrm::search::Search;
use crate::retailcrm::state::digits;

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/customers", "customer_read", LIST, list),
    get("/api/v5/customers/{x}", "customer_read", READ, read),
];

const FILTERS: &[(&str, F)] = &[
    ("ids", F::Texts),
    ("externalIds", F::Texts),
    ("name", F::Text),
    ("email", F::Text),
    ("city", F::Text),
    ("region", F::Text),
    ("sites", F::Texts),
    ("managers", F::Texts),
    ("managerGroups", F::Texts),
    ("isContact", F::Flag),
    ("vip", F::Flag),
    ("bad", F::Flag),
    ("tags", F::Texts),
    ("customFields", F::Custom),
    ("dateFrom", F::Date),
    ("dateTo", F::Date),
    ("sourceName", F::Text),
    ("mediumName", F::Text),
    ("campaignName", F::Text),
    ("keywordName", F::Text),
    ("adContentName", F::Text),
    ("browserId", F::Text),
    ("mgCustomerId", F::Text),
    ("contragentInn", F::Text),
];
const PHONE_FILTER: (&str, F) = ("phone", F::Text);

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let mut known = FILTERS.to_vec();
    if call.switches.filter_phone {
        known.push(PHONE_FILTER);
    }
    let filter = Filter::of(call, &known)?;
    let name = filter.text("name").map(|wanted| Search::new(wanted, call.switches.phone_search));
    let found = call.crm.customers.iter().rev().filter(|row| {
        call.sees(&row.site)
            && call.crm.is_indexed(row, call.switches, call.now)
            && name.as_ref().is_none_or(|name| name.finds(row))
            && passes(call, row, &filter)
    });
    let found: Vec<u64> = found.map(|row| row.id).collect();
    let (ids, pagination) = page.of_rows(found);
    let customers = super::render_many(call, &ids);
    Ok(Answer::ok().with("pagination", pagination).with("customers", customers))
}

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    match call.find(&call.crm.customers) {
        Ok(row) => {
            let id = row.id;
            let customer = super::render_many(call, &[id]).pop().ok_or_else(Refusal::not_found)?;
            Ok(Answer::ok().with("customer", customer))
        }
        Err(refusal) if refusal.status == 404 => Err(merged(call, refusal)),
        Err(refusal) => Err(refusal),
    }
}

/// The 404 of a customer who was merged tells where he went.
pub(super) fn merged(call: &Call<'_>, refusal: Refusal) -> Refusal {
    let wanted = call.arg(0);
    let by_id = call.by_id().unwrap_or(false);
    let site = call.given_site().ok().flatten();
    let gone = call.crm.merged.iter().find(|(id, gone)| {
        if by_id {
            id.to_string() == wanted
        } else {
            gone.external_id.as_deref() == Some(wanted) && site.as_ref().is_none_or(|site| *site == gone.site)
        }
    });
    let Some(survivor) = gone.and_then(|(_, gone)| call.crm.customers.get(gone.into)) else { return refusal };
    refusal.with(
        "combinedTo",
        json!({"id": survivor.id, "externalId": survivor.external_id, "site": survivor.site}),
    )
}

fn passes(call: &Call<'_>, row: &Record, filter: &Filter) -> bool {
    let text = |outer: &str, inner: &str| {
        row.fields.get(outer).and_then(|value| value.get(inner)).and_then(|v| v.as_str())
    };
    let part = |name: &str, value: Option<&str>| {
        filter.text(name).is_none_or(|wanted| value.is_some_and(|value| contains(value, wanted)))
    };
    let tags = || row.fields.get("tags").and_then(|tags| tags.as_array()).cloned().unwrap_or_default();
    filter.allows_id("ids", Some(row.id))
        && filter.allows("externalIds", row.external_id.as_deref())
        && filter.allows("sites", Some(&row.site))
        && filter.allows_id("managers", row.int("managerId"))
        && (!call.switches.filter_phone
            || filter.text("phone").is_none_or(|wanted| {
                row.phones().iter().any(|phone| digits(phone).contains(&digits(wanted)))
            }))
        && filter
            .text("email")
            .is_none_or(|wanted| row.text("email").is_some_and(|email| contains(email, wanted)))
        && part("city", text("address", "city"))
        && part("region", text("address", "region"))
        && part("sourceName", text("source", "source"))
        && part("mediumName", text("source", "medium"))
        && part("campaignName", text("source", "campaign"))
        && part("keywordName", text("source", "keyword"))
        && part("adContentName", text("source", "content"))
        && part("browserId", row.text("browserId"))
        && part("mgCustomerId", row.text("mgCustomerId"))
        && part("contragentInn", text("contragent", "INN"))
        && ["isContact", "vip", "bad"]
            .iter()
            .all(|name| filter.flag(name).is_none_or(|wanted| row.flag(name) == wanted))
        && filter.texts("tags").is_none_or(|wanted| {
            tags().iter().filter_map(|tag| tag.get("name")).any(|tag| wanted.iter().any(|name| tag == *name))
        })
        && filter
            .custom()
            .into_iter()
            .all(|(code, wanted)| row.custom(code).is_some_and(|value| holds(value, wanted)))
        && filter.within_made("dateFrom", "dateTo", || Some(call.crm.local(row.created_at)))
}

fn contains(text: &str, part: &str) -> bool {
    text.to_lowercase().contains(&part.to_lowercase())
}
