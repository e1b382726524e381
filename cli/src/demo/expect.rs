//! What should be in RetailCRM after the day.
//!
//! Computed from the calls alone, in the plain words of the shop's manager; neither the rules nor the engine are asked,
//! so that a mistake there shows here as a difference.

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use jiff::civil::DateTime;

use switchboard_emulator::Direction;

use super::day::{Call, Employee};

/// Numbers that the shop wants to hear nothing of.
const SPAM: [&str; 3] = ["79000000991", "79000000992", "79000000993"];
/// The scenario of the shop's own couriers.
const COURIERS: &str = "Служебный";
/// Who gets what nobody else does.
const DEFAULT: Employee = Employee::Anna;

/// Everything that should be there, and nothing else should.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    /// Calls in the history, by session: whether a record belongs to it.
    pub(crate) calls: BTreeMap<u64, bool>,
    /// Calls that are turned away.
    pub(crate) rejected: BTreeSet<u64>,
    /// Clients by phone: manager and shop.
    pub(crate) clients: BTreeMap<String, Client>,
    /// Orders by session.
    pub(crate) orders: BTreeMap<u64, Order>,
    /// Tasks by session.
    pub(crate) tasks: BTreeMap<u64, Task>,
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
    /// The client's phone.
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

/// What the day should leave behind.
pub(crate) fn expect(day: &[Call]) -> Expected {
    let mut expected = Expected::default();
    for call in day {
        match &call.phone {
            Some(phone) if wanted(call, phone) => {
                expected.calls.insert(call.session, call.answered());
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
    expected
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
                let manager = answered_by.unwrap_or_else(|| duty(call));
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
    let performer = known.map_or_else(|| duty(call), |client| client.manager);
    if known.is_none() {
        expected.clients.insert(phone.to_owned(), Client { manager: duty(call), shop });
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
fn duty(call: &Call) -> Employee {
    if call.site.as_deref() == Some("opt.romashka.ru") {
        Employee::Ivan
    } else if call.campaign.as_deref().is_some_and(|campaign| campaign.starts_with("VIP")) {
        Employee::Olga
    } else {
        DEFAULT
    }
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
    use super::*;

    #[test]
    fn the_day_is_accounted_for() {
        let day = day().unwrap();
        let expected = expect(&day);
        assert_eq!(expected.calls.len() + expected.rejected.len(), day.len());
        assert_eq!(
            (expected.rejected.len(), expected.clients.len(), expected.orders.len(), expected.tasks.len(),),
            (20, 55, 41, 42)
        );
    }

    #[test]
    fn one_missed_call_of_a_stranger_makes_a_client_and_a_task() {
        let day = day().unwrap();
        let call = day.iter().find(|call| call.story == "first, missed").unwrap();
        let expected = expect(std::slice::from_ref(call));
        let phone = call.phone.clone().unwrap();
        assert_eq!(expected.clients.keys().collect::<Vec<_>>(), [&phone]);
        assert_eq!(expected.tasks[&call.session].phone, phone);
        assert!(expected.orders.is_empty());
        assert!(!expected.calls[&call.session], "without a record");
    }
}
