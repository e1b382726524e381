//! What should be in RetailCRM and UIS after the day.
//!
//! Computed from what happened alone, in the plain words of the shop's manager; neither the rules nor the engine are asked,
//! so that a mistake there shows here as a difference.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::DateTime;

use switchboard_emulator::Direction;

use super::clerk::{Fate, price};
use super::day::{Call, Employee};
use super::written::{Kind, LASTS, Written};

/// Numbers that the shop wants to hear nothing of.
const SPAM: [&str; 3] = ["79000000991", "79000000992", "79000000993"];
/// The scenario of the shop's own couriers.
const COURIERS: &str = "Служебный";
/// The source that requests of advertisers come from.
const SPAM_SOURCE: &str = "Спам";
/// Who gets what nobody else does.
const DEFAULT: Employee = Employee::Anna;

/// Everything that should be there, and nothing else should.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    /// Calls in the history, by session: whether a record belongs to it.
    pub(crate) calls: BTreeMap<u64, bool>,
    /// Calls that are turned away.
    pub(crate) rejected: BTreeSet<u64>,
    /// Clients by phone, or by e-mail where none was left: manager and shop.
    pub(crate) clients: BTreeMap<String, Client>,
    /// Orders by session, or by the number of a chat's or request's communication.
    pub(crate) orders: BTreeMap<u64, Order>,
    /// Tasks likewise.
    pub(crate) tasks: BTreeMap<u64, Task>,
    /// Chats and requests, by the number of the communication.
    pub(crate) written: BTreeMap<u64, Kind>,
    /// Whose conversation is noted in the card.
    pub(crate) notes: Vec<String>,
    /// Whose call has more recordings than the history has room for: they are noted in the card.
    pub(crate) records: Vec<String>,
    /// Deals in UIS, by the communication that the order came of.
    pub(crate) deals: BTreeMap<u64, Deal>,
}

/// A deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deal {
    /// How far it is.
    pub(crate) fate: Fate,
    /// What it is worth.
    pub(crate) sum: u64,
}

/// A client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Client {
    /// Whose he is.
    pub(crate) manager: Employee,
    /// Code of the shop.
    pub(crate) shop: &'static str,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The client's phone or e-mail.
    pub(crate) phone: String,
    /// Whose it is.
    pub(crate) manager: Employee,
    /// Code of the shop.
    pub(crate) shop: &'static str,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Task {
    /// The client's phone.
    pub(crate) phone: String,
    /// Who has to do it.
    pub(crate) performer: Employee,
    /// Until when.
    pub(crate) due: DateTime,
}

/// What the day should leave behind. `began` is when the demo began.
pub(crate) fn expect(day: &[Call], written: &[Written], began: DateTime) -> Expected {
    let mut expected = Expected::default();
    let mut written = written.iter().peekable();
    for call in day {
        while let Some(one) = written.next_if(|one| one.time <= call.started().time()) {
            in_writing(one, began, &mut expected);
        }
        match &call.phone {
            Some(phone) if wanted(call, phone) => {
                expected.calls.insert(call.session, call.answered());
                if call.transferred {
                    expected.records.push(phone.clone());
                }
                match call.direction {
                    Direction::In => incoming(call, phone, &mut expected),
                    Direction::Out => outgoing(call, phone, &mut expected),
                }
            }
            _ => {
                expected.rejected.insert(call.session);
            }
        }
    }
    let deal = |number: u64| Fate::of(number).map(|fate| (number, Deal { fate, sum: price(number) }));
    expected.deals = expected.orders.keys().filter_map(|number| deal(*number)).collect();
    expected
}

/// A chat or a request: who has called or written before is a client, everybody else who can be reached becomes one.
fn in_writing(one: &Written, began: DateTime, expected: &mut Expected) {
    let number = one.communication();
    expected.written.insert(number, one.kind);
    let Some(contact) = one.contact().filter(|_| one.source.as_deref() != Some(SPAM_SOURCE)) else { return };
    let shop = if one.site.as_deref() == Some("spb.romashka.ru") { "romashka-spb" } else { "romashka-main" };
    let known = expected.clients.get(contact).copied();
    let duty = duty(one.site.as_deref(), one.campaign.as_deref());
    let manager = known.map_or_else(|| one.employee.unwrap_or(duty), |client| client.manager);
    if known.is_none() {
        expected.clients.insert(contact.to_owned(), Client { manager, shop });
    }
    expected.orders.insert(number, Order { phone: contact.to_owned(), manager, shop });
    if one.kind == Kind::Chat {
        expected.notes.push(contact.to_owned());
    }
    if one.lost {
        let due = one.began(began).saturating_add(LASTS).saturating_add(SignedDuration::from_hours(1));
        expected.tasks.insert(number, Task { phone: contact.to_owned(), performer: manager, due });
    }
}

fn wanted(call: &Call, phone: &str) -> bool {
    call.direction == Direction::Out || (!SPAM.contains(&phone) && call.scenario.as_deref() != Some(COURIERS))
}

fn incoming(call: &Call, phone: &str, expected: &mut Expected) {
    let shop = shop(call);
    let known = expected.clients.get(phone).copied();
    let answered_by = call.employee.filter(|employee| call.answered() && employee.is_user());
    if call.answered() {
        match known {
            None => {
                let manager = answered_by.unwrap_or_else(|| duty_of(call));
                expected.clients.insert(phone.to_owned(), Client { manager, shop });
                expected.orders.insert(call.session, Order { phone: phone.to_owned(), manager, shop });
            }
            Some(client) if call.talk >= 30 => {
                expected
                    .orders
                    .insert(call.session, Order { phone: phone.to_owned(), manager: client.manager, shop });
            }
            Some(_) => {}
        }
        return;
    }
    let performer = known.map_or_else(|| duty_of(call), |client| client.manager);
    if known.is_none() {
        expected.clients.insert(phone.to_owned(), Client { manager: duty_of(call), shop });
    }
    let due = call.finished().saturating_add(SignedDuration::from_hours(2));
    expected.tasks.insert(call.session, Task { phone: phone.to_owned(), performer, due });
}

fn outgoing(call: &Call, phone: &str, expected: &mut Expected) {
    if expected.clients.contains_key(phone) {
        return;
    }
    let caller = call.employee.filter(|employee| employee.is_user()).unwrap_or(DEFAULT);
    if call.talk >= 10 {
        expected.clients.insert(phone.to_owned(), Client { manager: caller, shop: shop(call) });
    } else if !call.answered() {
        let due = call.finished().saturating_add(SignedDuration::from_hours(4));
        expected.tasks.insert(call.session, Task { phone: phone.to_owned(), performer: caller, due });
    }
}

/// Who takes care of what nobody answered: wholesale Ivan, VIP campaigns Olga, everything else Anna.
fn duty(site: Option<&str>, campaign: Option<&str>) -> Employee {
    if site == Some("opt.romashka.ru") {
        Employee::Ivan
    } else if campaign.is_some_and(|campaign| campaign.starts_with("VIP")) {
        Employee::Olga
    } else {
        DEFAULT
    }
}

fn duty_of(call: &Call) -> Employee {
    duty(call.site.as_deref(), call.campaign.as_deref())
}

/// The shop of the number that was called.
fn shop(call: &Call) -> &'static str {
    match call.number.as_str() {
        "74951234567" => "romashka-msk",
        "78121234567" => "romashka-spb",
        _ => "romashka-main",
    }
}

#[cfg(test)]
mod tests {
    use super::super::day::day;
    use super::super::written::written;
    use super::*;

    fn began() -> DateTime {
        "2026-03-02T09:00:00".parse().unwrap()
    }

    #[test]
    fn the_day_is_accounted_for() {
        let (day, written) = (day().unwrap(), written().unwrap());
        let expected = expect(&day, &written, began());
        assert_eq!(expected.calls.len() + expected.rejected.len(), day.len());
        let counts = [
            expected.rejected.len(),
            expected.written.len(),
            expected.clients.len(),
            expected.orders.len(),
            expected.tasks.len(),
            expected.notes.len(),
            expected.deals.len(),
        ];
        assert_eq!(counts, [9, 10, 34, 29, 23, 5, 19]);
    }

    #[test]
    fn one_missed_call_of_a_stranger_makes_a_client_and_a_task() {
        let day = day().unwrap();
        let call = day.iter().find(|call| call.story == "first, missed").unwrap();
        let expected = expect(std::slice::from_ref(call), &[], began());
        let phone = call.phone.clone().unwrap();
        assert_eq!(expected.clients.keys().collect::<Vec<_>>(), [&phone]);
        assert_eq!(expected.tasks[&call.session].phone, phone);
        assert!(expected.orders.is_empty());
        assert!(!expected.calls[&call.session], "without a record");
    }

    #[test]
    fn a_chat_without_contacts_and_spam_leave_nothing_behind() {
        let (day, written) = (day().unwrap(), written().unwrap());
        let of = |story: &str| {
            let one = written.iter().find(|one| one.story == story).unwrap();
            Expected {
                written: BTreeMap::new(),
                ..expect(&day[day.len() - 1..], std::slice::from_ref(one), began())
            }
        };
        let nothing = expect(&day[day.len() - 1..], &[], began());
        assert_eq!(of("chat without contacts"), nothing);
        assert_eq!(of("spam"), nothing);
        assert_eq!(of("first chat, nobody answered").tasks.len(), 1);
    }
}
