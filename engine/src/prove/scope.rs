//! What names mean where a question is asked: a program, and the slots that the question is about.

use std::collections::BTreeMap;

use crate::catalog::schema;
use crate::program::{Expr, Program, RefId, ScheduleId, Slot, Slots, Target};
use crate::schema::{Field, FieldKey};
use crate::value::Value;

/// A program as seen by the rules of some slots.
#[derive(Clone)]
pub(crate) struct Scope<'p> {
    pub(crate) program: &'p Program,
    pub(crate) slots: Slots,
    /// Names of tables and settings, by their key in `named_key`, that are known to mean the same on both sides of
    /// a comparison; everything else is named after its side.
    pub(crate) shared: &'p BTreeMap<String, String>,
    /// Which side of a comparison this is; empty when there is one side only.
    pub(crate) side: &'static str,
    /// Whether the question may come before everything is known: a call that still rings, an order of which only the
    /// status is told. Then any field may be missing.
    pub(crate) unfinished: bool,
}

/// What a name means.
#[derive(Clone, Copy)]
pub(crate) enum Meaning<'p> {
    /// The same for every event.
    Value(&'p Value),
    /// What a setting says.
    Setting(&'p Expr),
    /// A column of a table, by its number.
    Table { table: u32, column: usize },
    /// Not the same in all of the slots, or nothing.
    Unknown,
}

/// No shared names.
pub(crate) static NOTHING_SHARED: BTreeMap<String, String> = BTreeMap::new();

impl<'p> Scope<'p> {
    /// The rules of some slots, by themselves.
    pub(crate) fn new(program: &'p Program, slots: Slots) -> Scope<'p> {
        Scope { program, slots, shared: &NOTHING_SHARED, side: "", unfinished: false }
    }

    /// What a name means, where it means the same in all of the slots.
    pub(crate) fn meaning(&self, reference: RefId) -> Meaning<'p> {
        let mut found: Option<Meaning<'p>> = None;
        for slot in self.slots.iter() {
            let here = self.meaning_in(slot, reference);
            let same = match (&found, &here) {
                (None, _) => true,
                (Some(Meaning::Value(a)), Meaning::Value(b)) => a == b,
                (Some(Meaning::Setting(a)), Meaning::Setting(b)) => std::ptr::eq(*a, *b),
                (
                    Some(Meaning::Table { table: a, column: of_a }),
                    Meaning::Table { table: b, column: of_b },
                ) => a == b && of_a == of_b,
                _ => false,
            };
            if !same {
                return Meaning::Unknown;
            }
            found = Some(here);
        }
        found.unwrap_or(Meaning::Unknown)
    }

    fn meaning_in(&self, slot: Slot, reference: RefId) -> Meaning<'p> {
        let plan = self.program.plan(slot);
        match plan.named.get(reference.0 as usize) {
            Some(Some(Target::Const(value))) => Meaning::Value(value),
            Some(Some(Target::Setting(local))) => {
                let setting = plan.settings.get(local.0 as usize);
                let value = setting.and_then(|setting| self.program.settings.get(*setting as usize));
                value.map_or(Meaning::Unknown, Meaning::Setting)
            }
            Some(Some(Target::Table { local, column })) => match plan.tables.get(local.0 as usize) {
                Some(table) => Meaning::Table { table: *table, column: *column as usize },
                None => Meaning::Unknown,
            },
            Some(None) | None => Meaning::Unknown,
        }
    }

    /// A name for a table's column or a setting.
    pub(super) fn symbol(&self, reference: RefId) -> String {
        let own = match self.meaning(reference) {
            Meaning::Table { table, column } => format!("table {table} {column}"),
            Meaning::Value(value) => return format!("value {value:?}"),
            Meaning::Setting(_) | Meaning::Unknown => format!("named {}", reference.0),
        };
        match self.shared.get(&own) {
            Some(shared) => shared.clone(),
            None => format!("{} {own}", self.side),
        }
    }

    /// A name for a script function.
    pub(super) fn function(&self, number: usize) -> String {
        let own = format!("function {number}");
        self.shared.get(&own).cloned().unwrap_or_else(|| format!("{} {own}", self.side))
    }

    /// A name for a schedule.
    pub(super) fn schedule(&self, schedule: ScheduleId) -> String {
        let own = format!("schedule {}", schedule.0);
        self.shared.get(&own).cloned().unwrap_or_else(|| format!("{} {own}", self.side))
    }

    /// A field as the schema has it, on the first kind of these slots that has it.
    pub(crate) fn field(&self, key: &FieldKey) -> Option<&'static Field> {
        self.slots.kinds().find_map(|kind| schema().field(kind, key.id))
    }

    /// Whether a field may be missing on some of these events.
    pub(crate) fn may_be_missing(&self, key: &FieldKey) -> bool {
        let optional = |kind| schema().field(kind, key.id).is_none_or(|field| field.ty().optional);
        self.unfinished || self.slots.kinds().any(optional)
    }
}
