//! What RetailCRM and UIS hold after the day against what they should hold.
//!
//! Every call, client, order, task, note and deal is written as one line of words; both sides become lists of lines, and what is on
//! one list more often than on the other is a difference. So a thing that is there twice, or with another manager, or
//! too late, shows as what it is.

use std::collections::BTreeMap;

use serde_json::Value;
use switchboard_emulator::{Crm, Record, Uis};
use switchboard_grammar::diagnostic::Text;

use super::expect::Expected;

/// How a note begins that holds recordings of a call.
const RECORDS: &str = "Другие записи звонка";

/// Lines of words and how often each occurs.
type Lines = BTreeMap<String, i64>;

/// What was counted, and what is not as it should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// Clients in the CRM.
    pub(crate) clients: usize,
    /// Orders in the CRM.
    pub(crate) orders: usize,
    /// Tasks in the CRM.
    pub(crate) tasks: usize,
    /// Calls in the history of the CRM.
    pub(crate) uploads: usize,
    /// Deals in UIS.
    pub(crate) deals: usize,
    /// Things that are there and should not be, or are there more than once.
    pub(crate) too_many: Vec<String>,
    /// Things that should be there and are not.
    pub(crate) lost: Vec<String>,
}

impl Comparison {
    /// Whether everything is there, exactly once.
    pub(crate) fn is_as_expected(&self) -> bool {
        self.too_many.is_empty() && self.lost.is_empty()
    }

    /// Every difference in words.
    pub(crate) fn differences(&self) -> impl Iterator<Item = Text> {
        let lost = self.lost.iter().map(|line| Text::new(format!("missing: {line}"), format!("нет: {line}")));
        let more = self
            .too_many
            .iter()
            .map(|line| Text::new(format!("too many: {line}"), format!("лишнее: {line}")));
        lost.chain(more)
    }
}

/// Compares the accounts with what the day should have left in it.
pub(crate) fn compare(expected: &Expected, crm: &Crm, uis: &Uis) -> Comparison {
    let mut balance = Lines::new();
    for line in wanted(expected) {
        *balance.entry(line).or_default() += 1;
    }
    let deals = deals(uis);
    let count = deals.len();
    for line in held(crm).into_iter().chain(deals) {
        *balance.entry(line).or_default() -= 1;
    }
    let mut comparison = Comparison {
        clients: crm.customers().len(),
        orders: crm.orders().len(),
        tasks: crm.tasks().len(),
        uploads: crm.calls().len(),
        deals: count,
        ..Comparison::default()
    };
    for (line, balance) in balance {
        let list = if balance > 0 { &mut comparison.lost } else { &mut comparison.too_many };
        list.extend((0..balance.abs()).map(|_| line.clone()));
    }
    comparison
}

/// How many things are there that should be: for a progress display, which asks often.
pub(crate) fn done(expected: &Expected, crm: &Crm) -> (usize, usize) {
    let there = crm.customers().len() + crm.orders().len() + crm.tasks().len() + crm.calls().len();
    let all = expected.clients.len() + expected.orders.len() + expected.tasks.len() + expected.calls.len();
    let (there, all) = (there + crm.notes().len(), all + expected.notes.len() + expected.records.len());
    (there.min(all), all)
}

/// Whether every deal is in UIS and as far as it should be: they come last.
pub(crate) fn deals_are_there(expected: &Expected, uis: &Uis) -> bool {
    let there = deals(uis);
    wanted_deals(expected).all(|line| there.contains(&line))
}

fn wanted_deals(expected: &Expected) -> impl Iterator<Item = String> {
    expected.deals.iter().map(|(number, deal)| {
        let kind = expected.written.get(number).map_or("call", |kind| kind.communication_type());
        deal_line(kind, *number, deal.fate.stage(), &deal.sum.to_string())
    })
}

/// The last row of each deal, as a line.
fn deals(uis: &Uis) -> Vec<String> {
    let rows = uis.deals();
    let mut last: BTreeMap<&str, &Value> = BTreeMap::new();
    for row in &rows {
        last.insert(row.get("ext_id").and_then(Value::as_str).unwrap_or_default(), row);
    }
    let line = |row: &&Value| {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or("none");
        let number = row.get("communication_id").and_then(Value::as_u64).unwrap_or_default();
        let sum = row.get("revenue").and_then(Value::as_f64).map_or("none".to_owned(), |sum| sum.to_string());
        deal_line(text("communication_type"), number, text("stage_ext_id"), &sum)
    };
    last.values().map(line).collect()
}

fn deal_line(kind: &str, number: u64, stage: &str, sum: &str) -> String {
    format!("deal of {kind} {number}, {stage}, {sum}")
}

fn wanted(expected: &Expected) -> Vec<String> {
    let calls = expected.calls.iter().map(|(session, record)| call_line(*session, *record));
    let clients = expected.clients.iter().map(|(phone, client)| {
        format!("client {phone}, manager {}, {}", client.manager.email(), client.shop)
    });
    let orders = expected
        .orders
        .values()
        .map(|order| format!("order of {}, manager {}, {}", order.phone, order.manager.email(), order.shop));
    let tasks = expected.tasks.values().map(|task| {
        format!(
            "task about {} for {}, until {}",
            task.phone,
            task.performer.email(),
            task.due.strftime("%F %R")
        )
    });
    let notes = expected.notes.iter().map(|contact| note_line(contact, false));
    let notes = notes.chain(expected.records.iter().map(|contact| note_line(contact, true)));
    calls.chain(clients).chain(orders).chain(tasks).chain(notes).chain(wanted_deals(expected)).collect()
}

fn note_line(contact: &str, of_records: bool) -> String {
    let what = if of_records { "recordings of a call" } else { "conversation" };
    format!("{what} with {contact}, noted")
}

fn held(crm: &Crm) -> Vec<String> {
    let users: BTreeMap<u64, String> = crm.users().into_iter().map(|user| (user.id, user.email)).collect();
    let customers = crm.customers();
    let phones: BTreeMap<u64, String> =
        customers.iter().map(|customer| (customer.id, first_phone(customer))).collect();
    let user = |record: &Record, field: &str| {
        record.int(field).and_then(|id| users.get(&id)).cloned().unwrap_or_else(|| "nobody".to_owned())
    };
    let whose = |record: &Record| {
        let linked = record.linked("customer").and_then(|id| phones.get(&id)).cloned();
        linked.unwrap_or_else(|| first_phone(record))
    };
    let calls = crm.calls().into_iter().map(|call| {
        let session = call.external_id.as_deref().and_then(trailing_number).unwrap_or_default();
        call_line(session, call.fields.get("recordUrl").is_some_and(Value::is_string))
    });
    let clients = customers.iter().map(|customer| {
        format!(
            "client {}, manager {}, {}",
            first_phone(customer),
            user(customer, "managerId"),
            customer.site
        )
    });
    let orders = crm.orders().into_iter().map(|order| {
        format!("order of {}, manager {}, {}", whose(&order), user(&order, "managerId"), order.site)
    });
    let tasks = crm.tasks().into_iter().map(|task| {
        let due = task.text("datetime").unwrap_or("no time");
        format!("task about {} for {}, until {due}", whose(&task), user(&task, "performerId"))
    });
    let of_records = |note: &Record| note.text("text").is_some_and(|text| text.starts_with(RECORDS));
    let notes = crm.notes().into_iter().map(|note| note_line(&whose(&note), of_records(&note)));
    calls.chain(clients).chain(orders).chain(tasks).chain(notes).collect()
}

fn call_line(session: u64, record: bool) -> String {
    let record = if record { "with its record" } else { "without a record" };
    format!("call {session}, {record}")
}

/// Digits of the first number of a record; the e-mail where there is none.
fn first_phone(record: &Record) -> String {
    let phone =
        record.phones().first().copied().or_else(|| record.text("email")).unwrap_or("nobody").to_owned();
    if phone.contains('@') {
        return phone;
    }
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() { phone } else { digits }
}

/// The number at the end of an identifier.
fn trailing_number(text: &str) -> Option<u64> {
    let start = text.rfind(|letter: char| !letter.is_ascii_digit()).map_or(0, |at| at + 1);
    text.get(start..)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use switchboard_emulator::{Accounts, Settings};

    use super::super::day::day;
    use super::super::expect::expect;
    use super::*;

    /// The accounts after the first missed call of the day, and what is expected of it.
    fn one_call() -> (Expected, Crm, Uis) {
        let call = day().unwrap().into_iter().find(|call| call.story == "first, missed").unwrap();
        let expected = expect(std::slice::from_ref(&call), &[], call.started());
        let accounts = Accounts::new(&Settings::default());
        (expected, accounts.crm(), accounts.uis())
    }

    fn put_client(crm: &Crm, expected: &Expected) {
        let (phone, client) = expected.clients.first_key_value().unwrap();
        let manager = crm.users().into_iter().find(|user| user.email == client.manager.email()).unwrap().id;
        crm.put_customer(
            client.shop,
            json!({"managerId": manager, "phones": [{"number": format!("+{phone}")}]}),
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        let (expected, crm, uis) = one_call();
        let comparison = compare(&expected, &crm, &uis);
        assert_eq!(comparison.lost.len(), 3, "{comparison:?}");
        assert!(comparison.too_many.is_empty());
    }

    #[test]
    fn what_is_there_twice_is_named_once() {
        let (expected, crm, uis) = one_call();
        put_client(&crm, &expected);
        put_client(&crm, &expected);
        let comparison = compare(&expected, &crm, &uis);
        assert_eq!(comparison.clients, 2);
        assert_eq!(comparison.too_many.len(), 1, "{comparison:?}");
        assert_eq!(comparison.lost.len(), 2, "the call and the task: {comparison:?}");
    }

    #[test]
    fn a_number_is_read_from_the_end_of_an_identifier() {
        assert_eq!(trailing_number("call:998700001"), Some(998_700_001));
        assert_eq!(trailing_number("998700001"), Some(998_700_001));
        assert_eq!(trailing_number("uis-"), None);
    }
}
