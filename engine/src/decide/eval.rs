//! Working values out for one event.
//!
//! Tables and settings are worked out once an event and remembered; everything else is read where it stands.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

use jiff::civil;
use jiff::tz::Offset;

use super::known::KNOWN;
use super::trace::{Step, What};
use crate::event::Event;
use crate::facts::Facts;
use crate::limits::MAX_ELEMENTS;
use crate::moment::Moment;
use crate::program::{Call, Cond, Expr, LocalId, Place, Plan, Program, RefId, Slot, Table, Target};
use crate::schema::{FieldId, FieldKey};
use crate::script::{ScriptFailure, Seen, Spent};
use crate::value::{MISSING, Value};

/// One event on its way through a program.
pub(super) struct Eval<'p> {
    pub(super) program: &'p Program,
    pub(super) plan: &'p Plan,
    pub(super) slot: Slot,
    pub(super) event: &'p Event,
    pub(super) facts: &'p Facts,
    pub(super) now: Moment,
    /// Results of tables, by [`LocalId`]: a value for each result column.
    tables: Vec<OnceCell<Box<[Value]>>>,
    settings: Vec<OnceCell<Value>>,
    steps: RefCell<Vec<Step>>,
    /// What the scripts have used up.
    pub(super) spent: OnceCell<Arc<Spent>>,
    /// The event as scripts see it.
    pub(super) seen: OnceCell<Arc<Seen>>,
    /// Whether a script failed that the bundle does not want to go on without.
    park: Cell<bool>,
}

impl<'p> Eval<'p> {
    /// Begins with an event.
    pub(super) fn new(program: &'p Program, event: &'p Event, facts: &'p Facts, now: Moment) -> Eval<'p> {
        let slot = Slot::of(event.kind(), event.direction());
        let plan = program.plan(slot);
        Eval {
            program,
            plan,
            slot,
            event,
            facts,
            now,
            tables: plan.tables.iter().map(|_| OnceCell::new()).collect(),
            settings: plan.settings.iter().map(|_| OnceCell::new()).collect(),
            steps: RefCell::new(Vec::with_capacity(16)),
            spent: OnceCell::new(),
            seen: OnceCell::new(),
            park: Cell::new(false),
        }
    }

    /// A field. What the CRM knows goes before what the event says.
    pub(super) fn field(&self, key: &FieldKey) -> &'p Value {
        let fact = self.facts.value(key);
        if fact.is_missing() { self.event.value(key) } else { fact }
    }

    /// A field of the schema that is not open.
    pub(super) fn known(&self, field: Option<FieldId>) -> &'p Value {
        let Some(field) = field else { return &MISSING };
        let fact = self.facts.get(field);
        if fact.is_missing() { self.event.get(field) } else { fact }
    }

    /// A value.
    pub(super) fn value<'e>(&'e self, expr: &'e Expr) -> Cow<'e, Value> {
        match expr {
            Expr::Const(value) => Cow::Borrowed(value),
            Expr::Field(key) => Cow::Borrowed(self.field(key)),
            Expr::Named(reference) => Cow::Borrowed(self.named(*reference)),
            Expr::Local(local) => Cow::Owned(self.moment(*local)),
            Expr::Call(call) => Cow::Owned(self.call(call)),
            Expr::Template(template) => Cow::Owned(Value::text(self.template(template))),
            Expr::Else(options) => {
                for option in options {
                    let value = self.value(option);
                    if !value.is_missing() {
                        return value;
                    }
                }
                Cow::Borrowed(&MISSING)
            }
            Expr::List(items) => {
                let mut values = Vec::new();
                for item in items {
                    values.extend(self.value(item).elements().iter().cloned());
                }
                values.truncate(MAX_ELEMENTS);
                Cow::Owned(Value::list(values))
            }
        }
    }

    /// What a table's column or a setting gives.
    pub(super) fn named(&self, reference: RefId) -> &Value {
        match self.plan.named.get(reference.0 as usize) {
            Some(Some(Target::Const(value))) => value,
            Some(Some(Target::Setting(local))) => self.setting(*local),
            Some(Some(Target::Table { local, column })) => {
                self.table(*local).get(*column as usize).unwrap_or(&MISSING)
            }
            Some(None) | None => &MISSING,
        }
    }

    /// The same, where there may be nothing to refer to.
    pub(super) fn maybe_named(&self, reference: Option<RefId>) -> &Value {
        reference.map_or(&MISSING, |reference| self.named(reference))
    }

    fn setting(&self, local: LocalId) -> &Value {
        let Some(cell) = self.settings.get(local.0 as usize) else { return &MISSING };
        let rule = self.plan.settings.get(local.0 as usize);
        let rule = rule.and_then(|setting| self.program.settings.get(*setting as usize));
        let Some(rule) = rule else { return &MISSING };
        cell.get_or_init(|| self.value(rule).into_owned())
    }

    fn table(&self, local: LocalId) -> &[Value] {
        let Some(cell) = self.tables.get(local.0 as usize) else { return &[] };
        let table = self.plan.tables.get(local.0 as usize);
        let table = table.and_then(|table| self.program.tables.get(*table as usize));
        let Some(table) = table else { return &[] };
        cell.get_or_init(|| self.rows(table))
    }

    /// Whether a condition holds.
    pub(super) fn holds(&self, condition: &Cond) -> bool {
        match condition {
            Cond::Truth(value) => matches!(*self.value(value), Value::Bool(true)),
            Cond::Not(inner) => !self.holds(inner),
            Cond::All(parts) => parts.iter().all(|part| self.holds(part)),
            Cond::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Cond::Ask { left, check } => {
                let value = self.value(left);
                check.holds(&value, &|test, value| self.ask(test, value))
            }
        }
    }

    /// A script function's value. One that fails gives nothing; the trace says why.
    fn call(&self, call: &Call) -> Value {
        let args: Vec<Value> = call.args.iter().map(|arg| self.value(arg).into_owned()).collect();
        let spent = self.spent.get_or_init(Arc::default);
        let (given, log) = self.program.functions.call(spent, call.function, &args);
        log.into_iter().for_each(|line| self.tell(Step::new(call.place, What::Logged { line })));
        match given {
            Ok(value) => value,
            Err(error) => {
                self.fail(call.place, error, self.program.functions.parks(call.function));
                Value::Missing
            }
        }
    }

    /// Tells of a script that failed.
    pub(super) fn fail(&self, place: Place, error: ScriptFailure, park: bool) {
        self.park.set(self.park.get() || park);
        self.tell(Step::new(place, What::ScriptFailed { error: Box::new(error), park }));
    }

    /// A moment written without an offset, at the event's own.
    pub(super) fn moment(&self, local: civil::DateTime) -> Value {
        Moment::from_civil(local, self.offset()).map_or(Value::Missing, Value::Moment)
    }

    /// The offset in which the event tells its times; that of `now` when it tells none.
    fn offset(&self) -> Offset {
        let known = &*KNOWN;
        [known.started, known.finished, known.created]
            .into_iter()
            .find_map(|field| match self.known(field) {
                Value::Moment(moment) => Some(moment.offset()),
                _ => None,
            })
            .unwrap_or(self.now.offset())
    }

    /// Adds a step to the trace.
    pub(super) fn tell(&self, step: Step) {
        self.steps.borrow_mut().push(step);
    }

    /// Whether the event should wait for a person.
    pub(super) fn parks(&self) -> bool {
        self.park.get()
    }

    /// The steps so far; they are gone afterwards.
    pub(super) fn take_steps(&self) -> Vec<Step> {
        self.steps.take()
    }

    /// The tables that were worked out.
    pub(super) fn asked_tables(&self) -> impl Iterator<Item = &'p Table> {
        let asked = self.tables.iter().zip(&self.plan.tables).filter(|(cell, _)| cell.get().is_some());
        asked.filter_map(|(_, at)| self.program.tables.get(*at as usize))
    }

    /// The settings that were worked out, by their number in the program.
    pub(super) fn asked_settings(&self) -> impl Iterator<Item = usize> {
        let asked = self.settings.iter().zip(&self.plan.settings).filter(|(cell, _)| cell.get().is_some());
        asked.map(|(_, at)| *at as usize)
    }
}
