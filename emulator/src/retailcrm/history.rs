//! Histories: rows written by every change, read by `…/history`.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::answer::{Answer, Refusal};
use super::call::Call;
use super::list::{F, Filter, Page};
use super::record::{Record, Table};
use super::state::State;
use crate::clock::later;

/// The history of a kind of entity since `filter[sinceId]`, oldest first.
///
/// # Errors
/// 400 for wrong paging or filters.
pub(super) fn history(call: &mut Call<'_>, kind: &str, filters: &[(&str, F)]) -> Result<Answer, Refusal> {
    let page = Page::of(call)?;
    let filter = Filter::of(call, filters)?;
    let since = filter.int("sinceId").unwrap_or(0);
    let id_filter = format!("{kind}Id");
    let external_filter = format!("{kind}ExternalId");
    let shows = |row: &Record| {
        let late = Duration::from_millis(call.switches.history_late_ms);
        kind != "order"
            || !is_late(row.id, call.switches.history_late_percent)
            || later(row.created_at, late) <= call.now
    };
    let rows = table(call.crm, kind).iter().filter(|row| {
        let entity = row.fields.get(kind);
        let member = |name: &str| entity.and_then(|entity| entity.get(name));
        row.id > since
            && shows(row)
            && filter.int(&id_filter).is_none_or(|id| member("id").and_then(Value::as_u64) == Some(id))
            && filter
                .text(&external_filter)
                .is_none_or(|id| member("externalId").and_then(Value::as_str) == Some(id))
            && filter.within_made("startDate", "endDate", || Some(call.crm.local(row.created_at)))
    });
    let rows = rows.map(|row| {
        let mut all = Map::new();
        all.insert("id".to_owned(), json!(row.id));
        all.insert("createdAt".to_owned(), json!(call.crm.local(row.created_at)));
        all.extend(row.fields.clone());
        // Whose change it was is known by key; the reader is told whether it was his own.
        if let Some(author) = all.shift_remove("key") {
            all.insert("source".to_owned(), json!("api"));
            all.insert("apiKey".to_owned(), json!({"current": author == call.key.value.as_str()}));
        } else {
            all.insert("source".to_owned(), json!("user"));
        }
        Value::Object(all)
    });
    let rows: Vec<Value> = rows.collect();
    let generated_at = call.crm.local(call.now);
    let (rows, pagination) = page.of_rows(rows);
    Ok(Answer::ok().with("generatedAt", generated_at).with("history", rows).with("pagination", pagination))
}

/// Whether a row is one of those that show late.
fn is_late(row: u64, percent: u32) -> bool {
    (row ^ (row >> 3)).wrapping_mul(2_654_435_761) % 100 < u64::from(percent)
}

fn table<'a>(state: &'a State, kind: &str) -> &'a Table {
    match kind {
        "order" => &state.order_history,
        "customer" => &state.customer_history,
        _ => &state.task_history,
    }
}

impl State {
    /// Writes a row of history. `key` is the author's key; `None` is a user of the CRM.
    pub(super) fn change(&mut self, kind: &str, key: Option<&str>, now: jiff::Timestamp, row: Value) {
        let Value::Object(mut fields) = row else { return };
        if let Some(key) = key {
            fields.insert("key".to_owned(), json!(key));
        }
        let table = match kind {
            "order" => &mut self.order_history,
            "customer" => &mut self.customer_history,
            _ => &mut self.task_history,
        };
        table.insert(None, "", now, fields);
    }

    /// Writes a row for every field that differs.
    pub(super) fn changes(
        &mut self,
        kind: &str,
        id: u64,
        key: Option<&str>,
        now: jiff::Timestamp,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) {
        let external_id = match kind {
            "order" => self.orders.get(id),
            "customer" => self.customers.get(id),
            _ => self.tasks.get(id),
        }
        .and_then(|row| row.external_id.clone());
        let mut rows = Vec::new();
        differences("", before, after, &mut rows);
        for (field, old, new) in rows {
            let entity = json!({"id": id, "externalId": external_id});
            let coded = |value: Value| if field == "status" { json!({"code": value}) } else { value };
            let row = json!({"field": field, "oldValue": coded(old), "newValue": coded(new), kind: entity});
            self.change(kind, key, now, row);
        }
    }
}

impl Call<'_> {
    /// Writes a row of history in the name of the calling key.
    pub(super) fn change(&mut self, kind: &str, row: Value) {
        self.crm.change(kind, Some(&self.key.value), self.now, row);
    }

    /// Writes a row for every field that differs, in the name of the calling key.
    pub(super) fn changes(
        &mut self,
        kind: &str,
        id: u64,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) {
        self.crm.changes(kind, id, Some(&self.key.value), self.now, before, after);
    }
}

/// Fields that differ, under the names that histories use.
fn differences(
    prefix: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    rows: &mut Vec<(String, Value, Value)>,
) {
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    for name in names {
        let (old, new) = (before.get(name), after.get(name));
        if old == new {
            continue;
        }
        if name == "customFields" {
            let empty = Map::new();
            let inner = |value: Option<&Value>| {
                value.and_then(Value::as_object).cloned().unwrap_or_else(|| empty.clone())
            };
            differences("custom_", &inner(old), &inner(new), rows);
            continue;
        }
        let field = if prefix.is_empty() { history_name(name) } else { format!("{prefix}{name}") };
        rows.push((field, old.cloned().unwrap_or(Value::Null), new.cloned().unwrap_or(Value::Null)));
    }
}

/// `managerId` is `manager`, `fullPaidAt` is `full_paid_at`.
fn history_name(name: &str) -> String {
    let name =
        name.strip_suffix("Id").filter(|rest| *rest == "manager" || *rest == "performer").unwrap_or(name);
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}
