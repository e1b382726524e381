//! Reading orders: the list, one by identifier, statuses, history.

use std::time::Duration;

use serde_json::{Value, json};

use super::render;
use crate::clock::later;
use crate::retailcrm::answer::{Answer, Refusal};
use crate::retailcrm::call::Call;
use crate::retailcrm::history::history;
use crate::retailcrm::list::{F, Filter, Page, holds};
use crate::retailcrm::record::Record;
use crate::retailcrm::route::{LIST, READ, Route, get};
use crate::retailcrm::search::Search;

pub(super) const ROUTES: &[Route] = &[
    get("/api/v5/orders", "order_read", LIST, list),
    get("/api/v5/orders/{x}", "order_read", READ, read),
    get("/api/v5/orders/statuses", "order_read", &["ids", "externalIds"], statuses),
    get("/api/v5/orders/history", "order_read", LIST, |call| history(call, "order", HISTORY_FILTERS)),
];

const FILTERS: &[(&str, F)] = &[
    ("ids", F::Texts),
    ("externalIds", F::Texts),
    ("numbers", F::Texts),
    ("customer", F::Text),
    ("customerId", F::Int),
    ("customerExternalId", F::Text),
    ("email", F::Text),
    ("managers", F::Texts),
    ("sites", F::Texts),
    ("orderTypes", F::Texts),
    ("orderMethods", F::Texts),
    ("extendedStatus", F::Texts),
    ("paymentStatuses", F::Texts),
    ("createdAtFrom", F::Date),
    ("createdAtTo", F::Date),
    ("statusUpdatedAtFrom", F::Date),
    ("statusUpdatedAtTo", F::Date),
    ("fullPaidAtFrom", F::Date),
    ("fullPaidAtTo", F::Date),
    ("customFields", F::Custom),
    ("sourceName", F::Text),
    ("mediumName", F::Text),
    ("campaignName", F::Text),
    ("keywordName", F::Text),
    ("adContentName", F::Text),
    ("mgChannels", F::Texts),
];

const HISTORY_FILTERS: &[(&str, F)] = &[
    ("sinceId", F::Int),
    ("orderId", F::Int),
    ("orderExternalId", F::Text),
    ("startDate", F::Moment),
    ("endDate", F::Moment),
];

/// Most identifiers in one question for statuses.
const MOST_STATUSES: usize = 500;

fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, FILTERS)?;
    let whose = filter.text("customer").map(|wanted| Search::new(wanted, call.switches.phone_search));
    let found = call.crm.orders.iter().rev().filter(|row| {
        let customer = row.linked("customer").and_then(|id| call.crm.customers.get(id));
        call.sees(&row.site)
            && call.crm.is_indexed(row, call.switches, call.now)
            && whose
                .as_ref()
                .is_none_or(|whose| whose.finds(row) || customer.is_some_and(|row| whose.finds(row)))
            && passes(call, row, &filter)
    });
    let found: Vec<&Record> = found.collect();
    let (rows, pagination) = page.of_rows(found);
    let orders: Vec<Value> = rows.into_iter().map(|row| render(call.crm, call.switches, row)).collect();
    Ok(Answer::ok().with("pagination", pagination).with("orders", orders))
}

fn read(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let row = call.find(&call.crm.orders)?;
    // Right after its creation an order may be 404 for a moment.
    let readable_at = later(row.stored_at, Duration::from_millis(call.switches.order_read_delay_ms));
    if call.now < readable_at {
        return Err(Refusal::not_found());
    }
    Ok(Answer::ok().with("order", render(call.crm, call.switches, row)))
}

fn statuses(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let texts = |name: &str| -> Vec<String> {
        let given = call.query.get(name).into_iter().flat_map(|list| list.members().map(|(_, item)| item));
        given.filter_map(|item| item.text().map(str::to_owned)).collect()
    };
    let (ids, external_ids) = (texts("ids"), texts("externalIds"));
    if ids.is_empty() && external_ids.is_empty() {
        return Err(Refusal::parameter("ids", "This value should not be blank."));
    }
    if ids.len() + external_ids.len() > MOST_STATUSES {
        let text = format!("This collection should contain {MOST_STATUSES} elements or less.");
        return Err(Refusal::parameter("ids", &text));
    }
    let rows = call.crm.orders.iter().filter(|row| {
        call.sees(&row.site)
            && (ids.contains(&row.id.to_string())
                || row.external_id.as_ref().is_some_and(|external_id| external_ids.contains(external_id)))
    });
    let rows = rows.map(|row| {
        let status = row.text("status").unwrap_or_default();
        json!({
            "id": row.id, "externalId": row.external_id, "status": status, "group": call.crm.status_group(status),
        })
    });
    let rows: Vec<Value> = rows.collect();
    Ok(Answer::ok().with("orders", rows))
}

fn passes(call: &Call<'_>, row: &Record, filter: &Filter) -> bool {
    let customer = row.linked("customer").and_then(|id| call.crm.customers.get(id));
    let status = row.text("status").unwrap_or_default();
    let group = call.crm.status_group(status).unwrap_or_default();
    let source =
        |name: &str| row.fields.get("source").and_then(|source| source.get(name)).and_then(Value::as_str);
    let part = |name: &str, value: Option<&str>| {
        filter.text(name).is_none_or(|wanted| {
            value.is_some_and(|value| value.to_lowercase().contains(&wanted.to_lowercase()))
        })
    };
    let payments = || row.fields.get("payments").and_then(Value::as_array).cloned().unwrap_or_default();
    filter.allows_id("ids", Some(row.id))
        && filter.allows("externalIds", row.external_id.as_deref())
        && filter.allows("numbers", row.text("number"))
        && filter.allows("sites", Some(&row.site))
        && filter.allows_id("managers", row.int("managerId"))
        && filter.allows("orderTypes", row.text("orderType"))
        && filter.allows("orderMethods", row.text("orderMethod"))
        && filter.int("customerId").is_none_or(|id| row.linked("customer") == Some(id))
        && filter
            .text("customerExternalId")
            .is_none_or(|wanted| customer.is_some_and(|row| row.external_id.as_deref() == Some(wanted)))
        && part("email", row.text("email"))
        && filter
            .texts("extendedStatus")
            .is_none_or(|wanted| wanted.contains(&status) || wanted.contains(&group))
        && filter.texts("paymentStatuses").is_none_or(|wanted| {
            payments()
                .iter()
                .filter_map(|payment| payment.get("status")?.as_str())
                .any(|one| wanted.contains(&one))
        })
        && filter.within_made("createdAtFrom", "createdAtTo", || Some(call.crm.local(row.created_at)))
        && filter.within("statusUpdatedAtFrom", "statusUpdatedAtTo", row.text("statusUpdatedAt"))
        && filter.within("fullPaidAtFrom", "fullPaidAtTo", row.text("fullPaidAt"))
        && filter
            .custom()
            .into_iter()
            .all(|(code, wanted)| row.custom(code).is_some_and(|value| holds(value, wanted)))
        && part("sourceName", source("source"))
        && part("mediumName", source("medium"))
        && part("campaignName", source("campaign"))
        && part("keywordName", source("keyword"))
        && part("adContentName", source("content"))
        && filter.texts("mgChannels").is_none()
}
