//! Virtual numbers that the rules name: the one that a click in the CRM shows, and those of the shops.

use std::sync::Arc;

use smol_str::SmolStr;

use super::eval::Eval;
use super::known::KNOWN;
use super::run::text;
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::phone::Phone;
use crate::program::{Check, Expr, Input, Program, Row, Slot, Table, Target, Test};
use crate::schema::FieldKey;
use crate::value::Value;

/// The number that a client is to see when an employee calls by a click in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickNumber {
    /// The number; None when the rules name none.
    pub number: Option<Phone>,
    /// What named it.
    pub from: ClickNumberFrom,
}

/// What in the rules named a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClickNumberFrom {
    /// The setting `click_to_call_number`.
    Setting,
    /// A row of the table `click_to_call`.
    Table,
    /// Nothing.
    Nothing,
}

/// Asks the rules for the number of a click, told as the outgoing call that it would become.
///
/// A row of the table goes before the setting, since it says more, unless `always_show_number` is on: then the setting
/// goes before everything.
pub(crate) fn click_number(program: &Arc<Program>, event: &Event, facts: &Facts, now: Moment) -> ClickNumber {
    let eval = Eval::new(program, event, facts, now);
    let known = &eval.plan.known;
    let setting = phone(eval.maybe_named(known.click_to_call_number));
    let always = matches!(eval.maybe_named(known.always_show_number), Value::Bool(true));
    let row =
        if always && setting.is_some() { None } else { phone(eval.maybe_named(eval.plan.click_to_call)) };
    match (row, setting) {
        (Some(number), _) => ClickNumber { number: Some(number), from: ClickNumberFrom::Table },
        (None, Some(number)) => ClickNumber { number: Some(number), from: ClickNumberFrom::Setting },
        (None, None) => ClickNumber { number: None, from: ClickNumberFrom::Nothing },
    }
}

/// The shops to which the table `store` gives a virtual number by that number alone, in the order of the rows.
///
/// Rows that ask anything else, or more, or whose shop depends on the call, are left out; of two rows with one number
/// the first counts, as it does in a decision.
pub(crate) fn store_numbers(program: &Program) -> Vec<(SmolStr, Phone)> {
    let mut found: Vec<(SmolStr, Phone)> = Vec::new();
    for slot in [Slot::IncomingCall, Slot::OutgoingCall] {
        let plan = program.plan(slot);
        let target = plan.store.and_then(|store| plan.named.get(store.0 as usize)?.as_ref());
        let Some(Target::Table { local, column }) = target else { continue };
        let table = plan.tables.get(local.0 as usize).and_then(|at| program.tables.get(*at as usize));
        let Some(table) = table else { continue };
        for (number, row) in (0u32..).zip(&table.rows) {
            let Some(store) = constant(row, *column) else { continue };
            for phone in numbers_of(table, number) {
                if !found.iter().any(|(_, known)| *known == phone) {
                    found.push((store.clone(), phone));
                }
            }
        }
    }
    found
}

/// The shop of a row, when it is the same for every call.
fn constant(row: &Row, column: u32) -> Option<SmolStr> {
    match row.results.get(column as usize) {
        Some(Expr::Const(value)) => text(value),
        _ => None,
    }
}

/// The virtual numbers that a row is for, when it asks for nothing else.
fn numbers_of(table: &Table, row: u32) -> Vec<Phone> {
    let asked: Vec<(&Input, &Check)> =
        table.inputs.iter().filter_map(|input| Some((input, input.check_of(row)?))).collect();
    let ([(input, check)], Some(virtual_number)) = (asked.as_slice(), KNOWN.virtual_number) else {
        return Vec::new();
    };
    match &input.value {
        Expr::Field(key) if *key == FieldKey::plain(virtual_number) => values_of(check).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// The numbers that pass a check, when it is one of a few numbers that is asked for.
fn values_of(check: &Check) -> Option<Vec<Phone>> {
    match check {
        Check::Test(Test::Is(Expr::Const(value)) | Test::Exactly(Expr::Const(value))) => {
            value.elements().iter().map(phone).collect()
        }
        Check::Test(Test::InSet(list)) => {
            list.entries().iter().map(|entry| Phone::parse(&entry.text).ok()).collect()
        }
        Check::Any(parts) => {
            let parts: Option<Vec<Vec<Phone>>> = parts.iter().map(values_of).collect();
            Some(parts?.into_iter().flatten().collect())
        }
        Check::Test(_) | Check::Not(_) | Check::All(_) => None,
    }
}

/// A value as a phone, when it is one; of a list the first.
fn phone(value: &Value) -> Option<Phone> {
    match value.elements().first()? {
        Value::Phone(phone) => Some(*phone),
        _ => None,
    }
}
