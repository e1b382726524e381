//! What RetailCRM holds, one line for each client, order, task, note and call, in the words of the model.

use std::collections::BTreeMap;

use serde_json::Value;
use switchboard_emulator::{Crm, Record};

/// Every line there is.
pub(super) fn held(crm: &Crm) -> Vec<String> {
    let customers = crm.customers();
    let phones: BTreeMap<u64, String> =
        customers.iter().map(|client| (client.id, client.phones().concat())).collect();
    let client = |row: &Record| row.linked("customer").and_then(|id| phones.get(&id)).cloned();
    let nobody = || "nobody".to_owned();
    let mut lines: Vec<String> = customers.iter().map(client_line).collect();
    for order in crm.orders() {
        lines.push(format!(
            "order of {}, manager {}, {}, talk {}, on {}, record {}",
            client(&order).unwrap_or_else(nobody),
            number(&order, "managerId"),
            order.site,
            custom(&order, "uis_talk_time", "none"),
            custom(&order, "uis_call_date", "none"),
            custom(&order, "uis_record", "none"),
        ));
    }
    for task in crm.tasks() {
        lines.push(format!(
            "task for {} about {}, {}: {}, until {}, {}",
            number(&task, "performerId"),
            client(&task).unwrap_or_else(nobody),
            task.text("phone").unwrap_or("hidden"),
            task.text("text").unwrap_or_default(),
            task.text("datetime").unwrap_or_default(),
            if task.flag("complete") { "done" } else { "not done" },
        ));
    }
    for note in crm.notes() {
        let text = note.text("text").unwrap_or_default();
        let links: Vec<&str> = text.lines().filter(|line| line.starts_with("https://")).collect();
        lines.push(format!("note at {}: {}", client(&note).unwrap_or_else(nobody), links.join(", ")));
    }
    lines.extend(crm.calls().iter().map(call_line));
    lines
}

fn client_line(client: &Record) -> String {
    format!(
        "client {}, {}, manager {}, {}, campaign {}, site {}, first call {}",
        client.phones().concat(),
        client.text("firstName").unwrap_or_default(),
        number(client, "managerId"),
        client.site,
        custom(client, "uis_campaign", "unknown"),
        custom(client, "uis_site", "unknown"),
        custom(client, "uis_first_call", "unknown"),
    )
}

fn call_line(call: &Record) -> String {
    let session = call.external_id.as_deref().and_then(|id| id.strip_prefix("uis-call-"));
    format!(
        "call {} at {} with {} by {}: {}, {}, {} s after {} s, at {}, {}, record {}",
        session.unwrap_or_default(),
        call.text("date").unwrap_or_default(),
        call.text("phone").unwrap_or_default(),
        call.int("userId").map_or("no user".to_owned(), |user| user.to_string()),
        call.text("type").unwrap_or_default(),
        call.text("result").unwrap_or_default(),
        number(call, "duration"),
        number(call, "durationWaiting"),
        call.text("externalPhone").unwrap_or_default(),
        call.site,
        call.text("recordUrl").unwrap_or("none"),
    )
}

fn number(row: &Record, name: &str) -> String {
    row.int(name).map_or("none".to_owned(), |number| number.to_string())
}

/// The value of a custom field as text.
fn custom(row: &Record, code: &str, none: &str) -> String {
    match row.custom(code) {
        None | Some(Value::Null) => none.to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The lines that only one side has, or has more often.
pub(super) fn differences(held: &[String], expected: &[String]) -> Vec<String> {
    let mut balance: BTreeMap<&str, i64> = BTreeMap::new();
    for line in held {
        *balance.entry(line).or_default() += 1;
    }
    for line in expected {
        *balance.entry(line).or_default() -= 1;
    }
    let off = balance.into_iter().filter(|(_, balance)| *balance != 0);
    off.map(|(line, balance)| format!("{balance:+} {line}")).collect()
}
