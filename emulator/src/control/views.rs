//! What the control API shows: what the accounts hold, the log, figures, switches, faults.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::request::{Ask, done, refused};
use crate::switches::{QUESTIONS, Switches};
use crate::wire::exchange::Outcome;
use crate::wire::param::Param;
use crate::world::Accounts;

/// Entries of the log when no number is asked for.
const DEFAULT_LOG: usize = 200;

/// Answers a GET; `None` when it is nothing that is only shown. `?last=N` keeps the last rows of a list.
pub(super) fn answer(accounts: &Accounts, ask: &Ask, path: &[&str]) -> Option<Outcome> {
    if ask.method != http::Method::GET {
        return None;
    }
    let last = ask.query.get("last").and_then(Param::text).and_then(|text| text.parse().ok());
    let mut value = match path {
        ["counts"] => counts(accounts),
        ["retailcrm", noun] => match retailcrm(accounts, noun) {
            Some(value) => value,
            None => return Some(refused(404, "RetailCRM holds nothing of this name")),
        },
        ["uis", noun] => uis(accounts, noun),
        ["log"] => shown(&accounts.journal().last(last.unwrap_or(DEFAULT_LOG))),
        ["deliveries"] => shown(&accounts.uis().deliveries()),
        ["peaks"] => shown(&accounts.crm().peaks()),
        ["switches"] => shown(&accounts.switches()),
        ["switches", "defaults"] => shown(&Switches::default()),
        ["questions"] => shown(&QUESTIONS),
        ["faults"] => shown(&accounts.faults().list()),
        ["snapshot"] => match accounts.snapshot() {
            Ok(snapshot) => snapshot,
            Err(error) => return Some(refused(500, &error.to_string())),
        },
        _ => return None,
    };
    if let (Some(last), Value::Array(rows)) = (last, &mut value) {
        rows.drain(..rows.len().saturating_sub(last));
    }
    Some(done(&value))
}

fn retailcrm(accounts: &Accounts, noun: &str) -> Option<Value> {
    let crm = accounts.crm();
    let records = match noun {
        "customers" => crm.customers(),
        "companies" => crm.companies(),
        "orders" => crm.orders(),
        "tasks" => crm.tasks(),
        "calls" => crm.calls(),
        "notes" => crm.notes(),
        "events" => crm.events(),
        "files" => crm.files(),
        "notices" => crm.notices(),
        "users" => return Some(shown(&crm.users())),
        "popups" => return Some(shown(&crm.popups())),
        _ => return None,
    };
    Some(records.iter().map(crate::retailcrm::Record::to_json).collect())
}

fn uis(accounts: &Accounts, noun: &str) -> Value {
    let uis = accounts.uis();
    match noun {
        "deals" => shown(&uis.deals()),
        "funnels" => shown(&uis.funnels()),
        "live-calls" => shown(&uis.live_calls()),
        "employees" => shown(&uis.employees()),
        other => shown(&uis.rows(other)),
    }
}

/// How much there is of everything, for the tabs of the page.
fn counts(accounts: &Accounts) -> Value {
    let crm = accounts.crm();
    let open = crm.popups().iter().filter(|popup| popup.open).count();
    let mut all = Map::new();
    for (name, count) in [
        ("customers", crm.customers().len()),
        ("orders", crm.orders().len()),
        ("tasks", crm.tasks().len()),
        ("calls", crm.calls().len()),
        ("notes", crm.notes().len()),
        ("popups", open),
        ("deals", accounts.uis().deals().len()),
        ("uis-calls", accounts.uis().rows("calls").len()),
        ("deliveries", accounts.uis().deliveries().len()),
        ("faults", accounts.faults().list().len()),
    ] {
        all.insert(name.to_owned(), json!(count));
    }
    all.insert("log".to_owned(), json!(accounts.journal().count()));
    Value::Object(all)
}

fn shown<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}
