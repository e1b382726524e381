//! Who took part in a call on the shop's side.
//!
//! Employees are numbers of UIS here; which user of the CRM each is, is asked for later.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::communication::call::{Call, Heard};
use crate::communication::time;
use crate::source::uis::{Direction, EventCode};

/// What notifications say about an employee.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Employee {
    /// The name.
    pub name: Option<String>,
    /// The e-mail.
    pub email: Option<String>,
    /// The internal number.
    pub extension: Option<String>,
    /// The number or login on which he was called.
    pub phone: Option<String>,
}

/// Who rang, who talked, who called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct People {
    /// Whose phones rang, the first one first.
    pub rung: Vec<u64>,
    /// Who talked, the last one last.
    pub talked: Vec<u64>,
    /// Who made an outgoing call.
    pub caller: Option<u64>,
    /// What was said about each.
    pub employees: BTreeMap<u64, Employee>,
    /// Names of those who did not answer, where only names were given.
    pub unanswered: Vec<String>,
}

/// Works out who took part. `talked` says whether there was a conversation at all.
pub(super) fn people(call: &Call, zone: &TimeZone, direction: Direction, talked: bool) -> People {
    let mut in_time: Vec<&Heard> = call.heard().collect();
    // Stable, so what happened in one moment stays in the order of rank and identity.
    in_time.sort_by_key(|heard| time::happened(heard, zone).instant());
    let of = |event: EventCode| in_time.iter().copied().filter(move |heard| heard.said.event == event);
    let employees_of = |event: EventCode| of(event).filter_map(|heard| heard.said.employee_id);

    let mut rung: Vec<u64> = employees_of(EventCode::Ring).collect();
    rung.extend(call.heard().filter_map(|heard| heard.said.employee_ids.as_ref()).flatten());
    let talked = if talked { who_talked(call, &in_time) } else { Vec::new() };
    rung.extend(&talked);
    let mut rung = first_of_each(rung);

    let mut caller = None;
    if direction == Direction::Out {
        caller = employees_of(EventCode::CallOut)
            .next()
            .or(talked.first().copied())
            .or_else(|| employees_of(EventCode::CallEnd).next())
            .or(rung.first().copied());
        // On the shop's side of an outgoing call nobody waits for a phone to ring.
        rung.clear();
    }
    let names = call.heard().filter_map(|heard| heard.said.noanswered_employee_full_names.as_ref());
    let unanswered = first_of_each(names.flatten().cloned().collect());
    People { rung, talked, caller, employees: employees(call), unanswered }
}

/// Who talked, the last one last; each once, at the place of the last time.
fn who_talked(call: &Call, in_time: &[&Heard]) -> Vec<u64> {
    let began = |employee| {
        move |heard: &&Heard| {
            heard.said.event == EventCode::TalkStart && heard.said.employee_id == Some(employee)
        }
    };
    let mut talked = Vec::new();
    for heard in in_time {
        let Some(employee) = heard.said.employee_id else { continue };
        // An end stands in for a beginning that was not heard of.
        let counts = match heard.said.event {
            EventCode::TalkStart => true,
            EventCode::TalkEnd => !in_time.iter().any(began(employee)),
            _ => false,
        };
        if counts {
            talked.push(employee);
        }
    }
    let notified = call.heard().filter(|heard| heard.said.event != EventCode::Report);
    let reported = || call.heard().filter(|heard| heard.said.event == EventCode::Report);
    if talked.is_empty() {
        // A report names all who talked, and says of one that he was the last.
        let all = reported().filter_map(|heard| heard.said.reported.as_ref()).flatten();
        talked.extend(all.filter(|employee| employee.talked).map(|employee| employee.id));
    }
    let last = |heard: &Heard| heard.said.last_talked_employee_id;
    talked.extend(notified.chain(reported()).find_map(last));
    if talked.is_empty() {
        // At the end of a call the employee is the last one; a recording is of who talked.
        let last = |event: EventCode| {
            in_time
                .iter()
                .rev()
                .find(|heard| heard.said.event == event)
                .and_then(|heard| heard.said.employee_id)
        };
        talked.extend(last(EventCode::CallEnd).or_else(|| last(EventCode::Record)));
    }
    talked.reverse();
    let mut talked = first_of_each(talked);
    talked.reverse();
    talked
}

fn employees(call: &Call) -> BTreeMap<u64, Employee> {
    let mut employees: BTreeMap<u64, Employee> = BTreeMap::new();
    for Heard { said, .. } in call.heard() {
        for reported in said.reported.iter().flatten() {
            let employee = employees.entry(reported.id).or_default();
            if employee.name.is_none() {
                employee.name.clone_from(&reported.name);
            }
        }
        let Some(id) = said.employee_id else { continue };
        let employee = employees.entry(id).or_default();
        let fill = |place: &mut Option<String>, value: &Option<String>| {
            if place.is_none() {
                place.clone_from(value);
            }
        };
        fill(&mut employee.name, &said.employee_full_name);
        fill(&mut employee.email, &said.employee_email);
        fill(&mut employee.extension, &said.extension_phone_number);
        fill(&mut employee.phone, &said.employee_phone_number);
    }
    employees
}

/// A list without repetitions, each element at its first place.
pub(super) fn first_of_each<T: PartialEq>(list: Vec<T>) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in list {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}
