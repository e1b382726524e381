//! One of the two bundles, as a comparison looks at one kind of event.

use std::collections::{BTreeMap, BTreeSet};

use super::super::limits::Undecided;
use super::super::scope::{Meaning, Scope};
use super::super::space::Questions;
use super::super::walk::Walker;
use super::parts::without_contacts;
use crate::catalog::schema;
use crate::program::{Check, Expr, Guard, Hit, Place, Plan, Program, RefId, Slot, Slots, Table, Test};
use crate::schema::FieldKey;
use crate::value::Value;

/// One side.
pub(super) struct Side<'p> {
    pub(super) program: &'p Program,
    pub(super) plan: &'p Plan,
    pub(super) slot: Slot,
    pub(super) scope: Scope<'p>,
    /// Names that both sides have: what they mean need not be looked into. Empty when everything is.
    closed: BTreeSet<String>,
}

impl<'p> Side<'p> {
    /// A side with its names, and those of the other side that need not be looked into.
    pub(super) fn new(
        program: &'p Program,
        slot: Slot,
        side: &'static str,
        names: &'p BTreeMap<String, String>,
        closed: BTreeSet<String>,
    ) -> Side<'p> {
        let scope = Scope { shared: names, side, ..Scope::new(program, Slots::one(slot)) };
        Side { program, plan: program.plan(slot), slot, scope, closed }
    }

    /// A table that a name leads to and that has to be looked into.
    pub(super) fn opened(&self, reference: RefId) -> Option<(&'p Table, usize)> {
        let Meaning::Table { table, column } = self.scope.meaning(reference) else { return None };
        if self.closed.contains(&self.scope.symbol(reference)) {
            return None;
        }
        let table = self.program.tables.get(table as usize)?;
        (table.hit != Hit::All).then_some((table, column))
    }

    /// Collects what is asked on the way to the parts of a decision.
    pub(super) fn collect(&self, questions: &mut Questions) -> Result<(), Undecided> {
        let mut seen = BTreeSet::new();
        let filter = self.plan.filter.and_then(|filter| self.program.filters.get(filter as usize));
        for line in filter.iter().flat_map(|filter| &filter.lines) {
            if let Guard::When(condition, _) = &line.guard {
                Walker::new(&self.scope, questions).cond(condition)?;
            }
        }
        let known = &self.plan.known;
        if self.slot == Slot::Chat {
            let stages =
                crate::catalog::enums::CHAT_STAGE.values().map(|stage| Expr::Const(Value::Enum(stage)));
            let stages = Check::Any(stages.map(|stage| Check::Test(Test::Is(stage))).collect());
            if let (Some(without), Some(stage)) = (without_contacts(), schema().field_id("stage")) {
                Walker::new(&self.scope, questions).cond(&without)?;
                Walker::new(&self.scope, questions).ask(&Expr::Field(FieldKey::plain(stage)), &stages)?;
            }
        }
        if let Some(manager) = schema().field_id("client.manager").filter(|_| self.slot == Slot::IncomingCall)
        {
            self.value(&Expr::Field(FieldKey::plain(manager)), questions, &mut seen)?;
        }
        let named = [
            self.plan.create,
            self.plan.responsible,
            self.plan.store,
            known.default_responsible,
            known.default_store,
            known.forward_to_manager,
        ];
        let forward = self.plan.forward.iter().flat_map(|of| [of.employee, of.to_number, of.return_code]);
        for reference in named.into_iter().chain(forward).flatten() {
            self.value(&Expr::Named(reference), questions, &mut seen)?;
        }
        for task in self.plan.tasks.iter().filter_map(|task| self.program.tasks.get(*task as usize)) {
            if let Some((condition, _)) = &task.when {
                Walker::new(&self.scope, questions).cond(condition)?;
            }
            if let Some(asked) = super::super::outcome::asked(task, self.slot) {
                Walker::new(&self.scope, questions).cond(&asked)?;
            }
            self.value(&task.assign, questions, &mut seen)?;
        }
        for rule in self.plan.fields.iter().filter_map(|rule| self.program.fields.get(*rule as usize)) {
            self.value(&rule.value, questions, &mut seen)?;
        }
        if let (Slot::Order, Some(transfer)) = (self.slot, &self.program.transfer) {
            for (_, condition, _) in
                [&transfer.only_when, &transfer.won, &transfer.lost].into_iter().flatten()
            {
                Walker::new(&self.scope, questions).cond(condition)?;
            }
            transfer.pass.iter().try_for_each(|(_, value)| self.value(value, questions, &mut seen))?;
        }
        Ok(())
    }

    /// Collects what a value depends on, as its cases will ask for it.
    fn value(
        &self,
        value: &Expr,
        questions: &mut Questions,
        seen: &mut BTreeSet<u32>,
    ) -> Result<(), Undecided> {
        match value {
            Expr::Field(_) => {
                Walker::new(&self.scope, questions).ask(value, &Check::Test(Test::Present))?;
            }
            Expr::Else(parts) => parts.iter().try_for_each(|part| self.value(part, questions, seen))?,
            Expr::Named(reference) if seen.insert(reference.0) => match self.scope.meaning(*reference) {
                Meaning::Setting(setting) => self.value(setting, questions, seen)?,
                Meaning::Table { .. } => {
                    let Some((table, column)) = self.opened(*reference) else { return Ok(()) };
                    super::super::rows::collect(&self.scope, table, questions)?;
                    for row in table.rows.iter().chain(&table.otherwise) {
                        if let Some(result) = row.results.get(column) {
                            self.value(result, questions, seen)?;
                        }
                    }
                }
                Meaning::Value(_) | Meaning::Unknown => {}
            },
            Expr::Named(_)
            | Expr::Const(_)
            | Expr::Local(_)
            | Expr::Call(_)
            | Expr::Template(_)
            | Expr::List(_) => {}
        }
        Ok(())
    }

    /// The file and line of a place.
    pub(super) fn place(&self, place: Option<Place>) -> Option<(String, u32)> {
        let place = place?;
        let section = self.program.sections.get(place.section as usize)?;
        Some((self.program.sources.get(section.file)?.name().to_owned(), place.line))
    }

    /// A section's header as written.
    pub(super) fn head(&self, section: u32) -> String {
        let head =
            self.program.sections.get(section as usize).map(|info| self.program.text(section, info.head));
        head.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
