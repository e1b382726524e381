//! The walk: under which condition each place of the rules counts.
//!
//! Done twice with one code, as every walk of the prover: once to collect what is asked, once to build the diagrams.

use std::collections::{BTreeMap, HashSet};

use super::super::decisive::Decisive;
use super::super::diagram::{Diagrams, Node};
use super::super::diff::without_contacts;
use super::super::limits::Undecided;
use super::super::outcome;
use super::super::scope::{Meaning, Scope};
use super::super::walk::{Logic, Walker};
use crate::decide::Entity;
use crate::program::point::{self, PointId};
use crate::program::{
    Check, Cond, Due, Expr, Filter, Guard, Hit, Input, Note, Part, Plan, Program, RefId, Slot, Table,
    TaskRule, Test, Title,
};
use crate::value::Value;

/// Rows of a table whose results are walked one by one; what a longer table gives counts as asked whenever the table is.
const MAX_ROWS_WALKED: usize = 300;

/// A walk through the rules of one kind of event.
pub(super) struct Reach<'r, 'p, L> {
    scope: &'r Scope<'p>,
    plan: &'p Plan,
    program: &'p Program,
    slot: Slot,
    logic: &'r mut L,
    /// The condition under which each place counts.
    pub(super) points: BTreeMap<PointId, Node>,
    /// The condition under which a table without an `else` row is asked and no row matches, by its section.
    pub(super) unmatched: BTreeMap<u32, Node>,
    /// Where reaching a point shows in a decision, of points that are reached besides: how a deal of which nothing is passed
    /// on stands is asked, too.
    pub(super) shown: BTreeMap<PointId, Node>,
    seen: HashSet<(u32, Node)>,
    /// What was too much is left out.
    pub(super) left_out: bool,
}

impl<'r, 'p, L: Logic> Reach<'r, 'p, L> {
    /// Begins.
    pub(super) fn new(scope: &'r Scope<'p>, slot: Slot, logic: &'r mut L) -> Reach<'r, 'p, L> {
        let (program, plan) = (scope.program, scope.program.plan(slot));
        Reach {
            scope,
            plan,
            program,
            slot,
            logic,
            points: BTreeMap::new(),
            unmatched: BTreeMap::new(),
            shown: BTreeMap::new(),
            seen: HashSet::new(),
            left_out: false,
        }
    }

    /// Walks all rules; `possible` is what events there are at all.
    pub(super) fn all(&mut self, possible: Node) -> Result<(), Undecided> {
        let accepted = self.filter(possible)?;
        let (plan, program) = (self.plan, self.program);
        let known = &plan.known;
        let settings =
            [known.default_responsible, known.default_store, known.forward_to_manager, known.create_at];
        for reference in [plan.create, plan.responsible, plan.store].into_iter().chain(settings).flatten() {
            self.tried(|reach| reach.named(reference, accepted));
        }
        for task in plan.tasks.iter().filter_map(|task| program.tasks.get(*task as usize)) {
            self.tried(|reach| reach.task(task, accepted));
        }
        for rule in plan.fields.iter().filter_map(|rule| program.fields.get(*rule as usize)) {
            self.tried(|reach| {
                let written = if rule.always { accepted } else { reach.creates(rule.entity, accepted)? };
                let there = reach.walker().ask(&rule.value, &Check::Test(Test::Present))?;
                let full = reach.logic.and(written, there)?;
                reach.counts(rule.section, point::Part::Field(rule.line), full)?;
                reach.value(&rule.value, written)
            });
        }
        if let Some(columns) = &plan.forward {
            for reference in [columns.employee, columns.to_number, columns.return_code].into_iter().flatten()
            {
                self.tried(|reach| reach.named(reference, accepted));
            }
        }
        if self.slot == Slot::Order {
            self.tried(|reach| reach.deal(possible, accepted));
        }
        Ok(())
    }

    /// Does a part of the walk; one that is too much is left out.
    fn tried(&mut self, walk: impl FnOnce(&mut Self) -> Result<(), Undecided>) {
        self.left_out |= walk(self).is_err();
    }

    fn walker(&mut self) -> Walker<'_, 'p, L> {
        Walker::new(self.scope, self.logic)
    }

    /// Notes that a point is reached where a condition holds.
    fn note(&mut self, point: PointId, node: Node) -> Result<(), Undecided> {
        let known = self.points.get(&point).copied().unwrap_or(Diagrams::NO);
        let node = self.logic.or(known, node)?;
        self.points.insert(point, node);
        Ok(())
    }

    fn counts(&mut self, section: u32, part: point::Part, node: Node) -> Result<(), Undecided> {
        self.note(PointId::counting(section, part), node)
    }

    fn without(&mut self, node: Node, other: Node) -> Result<Node, Undecided> {
        let not = self.logic.not(other)?;
        self.logic.and(node, not)
    }

    /// The lines of the filter; gives the condition under which an event is let through.
    fn filter(&mut self, possible: Node) -> Result<Node, Undecided> {
        let mut accepted = Diagrams::NO;
        let mut left = possible;
        let filter: Option<&'p Filter> =
            self.plan.filter.and_then(|filter| self.program.filters.get(filter as usize));
        let mut closed = false;
        for (line, row) in filter.iter().flat_map(|filter| &filter.lines).zip(0u32..) {
            let section = filter.map_or(u32::MAX, |filter| filter.section);
            let decides = match &line.guard {
                Guard::Else => {
                    closed = true;
                    left
                }
                Guard::When(condition, _) => {
                    self.guarded(section, point::Part::Line(row), condition, left)?
                }
            };
            self.counts(section, point::Part::Line(row), decides)?;
            if line.accept {
                accepted = self.logic.or(accepted, decides)?;
            }
            left = self.without(left, decides)?;
            if closed {
                break;
            }
        }
        if !closed {
            accepted = self.logic.or(accepted, left)?;
        }
        self.with_contacts(accepted)
    }

    /// A chat without contacts may be kept out.
    fn with_contacts(&mut self, accepted: Node) -> Result<Node, Undecided> {
        let Some(pass) = self.plan.known.pass_without_contacts.filter(|_| self.slot == Slot::Chat) else {
            return Ok(accepted);
        };
        let passes =
            self.walker().ask(&Expr::Named(pass), &Check::Test(Test::Is(Expr::Const(Value::Bool(true)))))?;
        let Some(without) = without_contacts() else { return Ok(accepted) };
        let without = self.walker().cond(&without)?;
        let not = self.logic.not(without)?;
        let fine = self.logic.or(passes, not)?;
        self.logic.and(accepted, fine)
    }

    /// A condition with the points of its answers; gives where it holds. That it held needs no point of its own: what it
    /// guards counts then.
    fn guarded(
        &mut self,
        section: u32,
        part: point::Part,
        condition: &'p Cond,
        under: Node,
    ) -> Result<Node, Undecided> {
        self.condition(condition, under)?;
        let holds = self.walker().cond(condition)?;
        let fails = self.without(under, holds)?;
        let point = |reach| PointId { section, part, reach };
        self.note(point(point::Reach::Holds(false)), fails)?;
        if condition.tests().len() > 1 {
            let decisive = self.walker().decisive(condition, under)?;
            for (Decisive { held, failed }, number) in decisive.into_iter().zip(0u32..) {
                self.note(point(point::Reach::Test { number, holds: true }), held)?;
                self.note(point(point::Reach::Test { number, holds: false }), failed)?;
            }
        }
        self.logic.and(under, holds)
    }

    /// For each of some parts where it alone does not hold.
    fn alone(&mut self, parts: &[Node], under: Node) -> Result<Vec<Node>, Undecided> {
        let mut found = Vec::with_capacity(parts.len());
        for at in 0..parts.len() {
            let mut alone = under;
            for (other, part) in parts.iter().enumerate() {
                alone =
                    if other == at { self.without(alone, *part)? } else { self.logic.and(alone, *part)? };
            }
            found.push(alone);
        }
        Ok(found)
    }

    /// Where something of a kind is created.
    fn creates(&mut self, entity: Entity, under: Node) -> Result<Node, Undecided> {
        let Some(create) = self.plan.create else { return Ok(Diagrams::NO) };
        let word = crate::catalog::enums::CREATE.by_en(entity.as_str());
        let Some(word) = word.map(|word| Expr::Const(Value::Enum(word))) else { return Ok(Diagrams::NO) };
        let check =
            Check::Any([Check::Test(Test::Is(word.clone())), Check::Test(Test::Contains(word))].into());
        let creates = self.walker().ask(&Expr::Named(create), &check)?;
        self.logic.and(under, creates)
    }

    fn task(&mut self, task: &'p TaskRule, accepted: Node) -> Result<(), Undecided> {
        let section = task.section;
        let mut under = accepted;
        if let Some(asked) = outcome::asked(task, self.slot) {
            let asked = self.walker().cond(&asked)?;
            under = self.logic.and(under, asked)?;
        }
        if let Some((condition, _)) = &task.when {
            under = self.guarded(section, point::Part::Whole, condition, under)?;
        }
        self.counts(section, point::Part::Whole, under)?;
        match &task.title {
            Title::Written(template) => self.template(&template.parts, under)?,
            Title::BuiltIn(of) => {
                let slot = self.slot;
                for (_, template) in of.iter().filter(|(of, _)| *of == slot) {
                    self.template(&template.parts, under)?;
                }
            }
        }
        self.value(&task.assign, under)?;
        match &task.note {
            Some(Note::Written(template)) => self.template(&template.parts, under)?,
            Some(Note::File(number)) => {
                for value in self.program.notes.values(*number) {
                    self.value(value, under)?;
                }
            }
            None => {}
        }
        match &task.due {
            Some(
                Due::At(base)
                | Due::After { base, .. }
                | Due::AfterWorking { base, .. }
                | Due::AfterDays { base, .. },
            ) => self.value(base, under),
            None => Ok(()),
        }
    }

    fn deal(&mut self, possible: Node, accepted: Node) -> Result<(), Undecided> {
        let Some(transfer) = &self.program.transfer else { return Ok(()) };
        let section = transfer.section;
        let (mut under, mut part) = (accepted, point::Part::Whole);
        if let Some((_, condition, _)) = &transfer.only_when {
            part = point::Part::OnlyWhen;
            under = self.guarded(section, part, condition, under)?;
        }
        self.counts(section, part, under)?;
        for (_, value) in &transfer.pass {
            self.value(value, under)?;
        }
        // How a deal stands is asked of every order, whatever the filter and `only when` say.
        let mut left = possible;
        for (part, condition) in [(point::Part::Won, &transfer.won), (point::Part::Lost, &transfer.lost)] {
            let Some((_, condition, _)) = condition else { continue };
            let holds = self.guarded(section, part, condition, left)?;
            self.counts(section, part, holds)?;
            let shown = self.logic.and(holds, under)?;
            self.shown.insert(PointId::counting(section, part), shown);
            left = self.without(left, holds)?;
        }
        Ok(())
    }

    /// What a condition asks for on its way.
    fn condition(&mut self, condition: &'p Cond, under: Node) -> Result<(), Undecided> {
        match condition {
            Cond::Truth(value) => self.value(value, under),
            Cond::Not(inner) => self.condition(inner, under),
            Cond::All(parts) | Cond::Any(parts) => {
                parts.iter().try_for_each(|part| self.condition(part, under))
            }
            Cond::Ask { left, .. } => self.value(left, under),
        }
    }

    fn template(&mut self, parts: &'p [Part], under: Node) -> Result<(), Undecided> {
        for part in parts {
            if let Part::Hole { value, .. } = part {
                self.value(value, under)?;
            }
        }
        Ok(())
    }

    /// A value that is worked out under a condition.
    fn value(&mut self, value: &'p Expr, under: Node) -> Result<(), Undecided> {
        if under == Diagrams::NO {
            return Ok(());
        }
        match value {
            Expr::Const(_) | Expr::Local(_) | Expr::Field(_) => Ok(()),
            Expr::Named(reference) => self.named(*reference, under),
            Expr::Call(call) => call.args.iter().try_for_each(|argument| self.value(argument, under)),
            Expr::List(parts) => parts.iter().try_for_each(|part| self.value(part, under)),
            Expr::Template(template) => self.template(&template.parts, under),
            Expr::Else(options) => {
                let mut under = under;
                for (at, option) in options.iter().enumerate() {
                    self.value(option, under)?;
                    if at + 1 < options.len() {
                        let there = self.walker().ask(option, &Check::Test(Test::Present))?;
                        under = self.without(under, there)?;
                    }
                }
                Ok(())
            }
        }
    }

    fn named(&mut self, reference: RefId, under: Node) -> Result<(), Undecided> {
        match self.scope.meaning(reference) {
            Meaning::Setting(setting) => {
                let number = self.program.settings.iter().position(|known| std::ptr::eq(known, setting));
                if let Some(place) = number.and_then(|number| self.program.setting_places.get(number)) {
                    self.counts(place.section, point::Part::Setting(place.line), under)?;
                }
                self.value(setting, under)
            }
            Meaning::Table { table, .. } => {
                let number = table;
                match self.program.tables.get(table as usize) {
                    Some(table) if self.seen.insert((number, under)) => self.table(table, under),
                    _ => Ok(()),
                }
            }
            Meaning::Value(_) | Meaning::Unknown => Ok(()),
        }
    }

    /// A table that is asked under a condition: all its columns are worked out at once.
    fn table(&mut self, table: &'p Table, under: Node) -> Result<(), Undecided> {
        let section = table.section;
        for input in &table.inputs {
            self.value(&input.value, under)?;
        }
        let mut left = under;
        for (row, number) in table.rows.iter().zip(0u32..) {
            let cells = self.cells(table, number)?;
            let nodes: Vec<Node> = cells.iter().map(|(_, node)| *node).collect();
            let part = point::Part::Row(number);
            // Only where the first row that matches counts does a row above take anything from one below.
            let asked = if table.hit == Hit::First { left } else { under };
            for ((column, _), alone) in cells.iter().zip(self.alone(&nodes, asked)?) {
                let reach = point::Reach::Cell { column: *column, passes: false };
                self.note(PointId { section, part, reach }, alone)?;
            }
            // Of an `all matches` table every row that matches counts.
            let open = if table.hit == Hit::All { under } else { left };
            let mut matches = open;
            for node in nodes {
                matches = self.logic.and(matches, node)?;
            }
            self.counts(section, part, matches)?;
            left = self.without(left, matches)?;
            let under = if table.rows.len() <= MAX_ROWS_WALKED { matches } else { under };
            row.results.iter().try_for_each(|result| self.value(result, under))?;
        }
        if table.otherwise.is_none() {
            let known = self.unmatched.get(&section).copied().unwrap_or(Diagrams::NO);
            let unmatched = self.logic.or(known, left)?;
            self.unmatched.insert(section, unmatched);
            return Ok(());
        }
        self.counts(section, point::Part::ElseRow, left)?;
        let otherwise = table.otherwise.iter().flat_map(|row| &row.results);
        otherwise.into_iter().try_for_each(|result| self.value(result, left))
    }

    /// The cells of a row that ask something, with the condition of each.
    fn cells(&mut self, table: &'p Table, row: u32) -> Result<Vec<(u32, Node)>, Undecided> {
        let mut found = Vec::new();
        for (input, column) in table.inputs.iter().zip(0u32..) {
            let number = input.of_row.get(row as usize).copied().unwrap_or(Input::ANY);
            let Some(check) = input.checks.get(number as usize) else { continue };
            found.push((column, self.walker().ask(&input.value, check)?));
        }
        Ok(found)
    }
}
