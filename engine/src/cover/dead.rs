//! Points that no event reaches, as far as that can be proved.
//!
//! The filter of a kind of event comes first, then what was asked before a row or line. A point is dead when that is so for
//! every kind of event that it is about. What is too much to look through counts as reachable: nobody is excused by a
//! guess.

mod build;

use std::collections::BTreeSet;

use build::{Build, areas};

use super::{Part, PointId, Reach};
use crate::program::{
    Cond, Filter, Guard, Hit, Program, Slot, Slots, Table, TaskRule, Transfer, called_outside_the_filter,
};
use crate::prove::{
    Area, Builder, Diagrams, Index, Meter, ProofLimits, Questions, Scope, Space, Undecided, Walker, asked,
    collect as collect_table, useful,
};

/// The points that no event reaches.
pub(super) fn dead(program: &Program, limits: &ProofLimits) -> BTreeSet<PointId> {
    let mut found = Found { alive: BTreeSet::new(), asked: BTreeSet::new() };
    let meter = Meter::new(limits.lint_steps);
    for slot in Slot::ALL {
        let plan = program.plan(slot);
        let of = Of { program, slot, limits };
        let filter = plan.filter.and_then(|at| program.filters.get(at as usize));
        if let Some(filter) = filter {
            found.take(&meter, |notes, meter| of.filter(filter, notes, meter));
        }
        let outside = called_outside_the_filter(program, slot);
        for number in &plan.tables {
            let Some(table) = program.tables.get(*number as usize) else { continue };
            let filter = filter.filter(|_| !outside.contains(number));
            found.take(&meter, |notes, meter| of.table(table, filter, notes, meter));
        }
        for task in plan.tasks.iter().filter_map(|at| program.tasks.get(*at as usize)) {
            found.take(&meter, |notes, meter| of.task(task, filter, notes, meter));
        }
        if let Some(transfer) = program.transfer.as_ref().filter(|_| slot == Slot::Order) {
            found.take(&meter, |notes, meter| of.transfer(transfer, filter, notes, meter));
        }
    }
    for table in never_asked(program) {
        for row in 0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX) {
            let id = |reach| PointId { section: table.section, part: Part::Row(row), reach };
            found.asked.insert(id(Reach::Counts));
            for column in 0..u32::try_from(table.inputs.len()).unwrap_or(u32::MAX) {
                found.asked.extend([true, false].map(|passes| id(Reach::Cell { column, passes })));
            }
        }
        found.asked.insert(PointId { section: table.section, part: Part::ElseRow, reach: Reach::Counts });
    }
    &found.asked - &found.alive
}

/// Tables that no rule names.
fn never_asked(program: &Program) -> impl Iterator<Item = &Table> {
    let asked = |number: u32| Slot::ALL.iter().any(|slot| program.plan(*slot).tables.contains(&number));
    program.tables.iter().zip(0u32..).filter(move |(_, number)| !asked(*number)).map(|(table, _)| table)
}

/// What was found out over all kinds of events.
struct Found {
    alive: BTreeSet<PointId>,
    asked: BTreeSet<PointId>,
}

/// What was found out about one part for one kind of event.
#[derive(Default)]
struct Notes {
    all: Vec<(PointId, bool)>,
}

impl Found {
    /// Asks one question with a share of the steps; without an answer what was noted so far counts as alive.
    fn take(&mut self, meter: &Meter, ask: impl FnOnce(&mut Notes, &Meter) -> Result<(), Undecided>) {
        let share = meter.share(4);
        let given = share.left();
        let mut notes = Notes::default();
        let answer = ask(&mut notes, &share);
        meter.settle(&share, given);
        for (id, is_alive) in notes.all {
            self.asked.insert(id);
            if is_alive || answer.is_err() {
                self.alive.insert(id);
            }
        }
    }
}

impl Notes {
    fn note(&mut self, section: u32, part: Part, reach: Reach, is_alive: bool) {
        self.all.push((PointId { section, part, reach }, is_alive));
    }
}

/// One kind of event.
struct Of<'p> {
    program: &'p Program,
    slot: Slot,
    limits: &'p ProofLimits,
}

impl<'p> Of<'p> {
    fn scope(&self) -> Scope<'p> {
        Scope::new(self.program, Slots::one(self.slot))
    }

    fn filter(&self, filter: &Filter, notes: &mut Notes, meter: &Meter) -> Result<(), Undecided> {
        let scope = self.scope();
        let conditions = guards(filter);
        let space = self.space(&scope, &conditions, None)?;
        let mut build = Build { scope: &scope, builder: Builder::new(&space, meter) };
        let mut open = build.builder.possible()?;
        for (line, number) in filter.lines.iter().zip(0u32..) {
            let part = Part::Line(number);
            match &line.guard {
                Guard::Else => notes.note(filter.section, part, Reach::Counts, open != Diagrams::NO),
                Guard::When(condition, _) => {
                    let holds = build.condition(filter.section, part, condition, open, notes)?;
                    notes.note(filter.section, part, Reach::Counts, holds != Diagrams::NO);
                    let not = build.builder.diagrams.not(holds)?;
                    open = build.builder.diagrams.and(open, not)?;
                }
            }
        }
        Ok(())
    }

    fn task(
        &self,
        task: &TaskRule,
        filter: Option<&Filter>,
        notes: &mut Notes,
        meter: &Meter,
    ) -> Result<(), Undecided> {
        let scope = self.scope();
        let outcome = asked(task, self.slot);
        let mut conditions: Vec<&Cond> = filter.map(guards).unwrap_or_default();
        conditions.extend(task.when.as_ref().map(|(condition, _)| condition));
        conditions.extend(&outcome);
        let space = self.space(&scope, &conditions, None)?;
        let mut build = Build { scope: &scope, builder: Builder::new(&space, meter) };
        let mut open = build.passing(filter)?;
        if let Some(outcome) = &outcome {
            let outcome = build.node(outcome)?;
            open = build.builder.diagrams.and(open, outcome)?;
        }
        let set = match &task.when {
            Some((condition, _)) => build.condition(task.section, Part::Whole, condition, open, notes)?,
            None => open,
        };
        notes.note(task.section, Part::Whole, Reach::Counts, set != Diagrams::NO);
        Ok(())
    }

    fn transfer(
        &self,
        transfer: &Transfer,
        filter: Option<&Filter>,
        notes: &mut Notes,
        meter: &Meter,
    ) -> Result<(), Undecided> {
        let scope = Scope { unfinished: true, ..self.scope() };
        let parts =
            [(Part::OnlyWhen, &transfer.only_when), (Part::Won, &transfer.won), (Part::Lost, &transfer.lost)];
        let mut conditions: Vec<&Cond> = filter.map(guards).unwrap_or_default();
        conditions
            .extend(parts.iter().filter_map(|(_, part)| part.as_ref()).map(|(_, condition, _)| condition));
        let space = self.space(&scope, &conditions, None)?;
        let mut build = Build { scope: &scope, builder: Builder::new(&space, meter) };
        let passing = build.passing(filter)?;
        // How a deal stands is asked of every order, whatever the filter and `only when` say.
        let mut open = build.builder.possible()?;
        for (part, condition) in parts {
            let Some((_, condition, _)) = condition else { continue };
            let among = if part == Part::OnlyWhen { passing } else { open };
            let holds = build.condition(transfer.section, part, condition, among, notes)?;
            notes.note(transfer.section, part, Reach::Counts, holds != Diagrams::NO);
            if part != Part::OnlyWhen {
                let not = build.builder.diagrams.not(holds)?;
                open = build.builder.diagrams.and(open, not)?;
            }
        }
        Ok(())
    }

    fn table(
        &self,
        table: &Table,
        filter: Option<&Filter>,
        notes: &mut Notes,
        meter: &Meter,
    ) -> Result<(), Undecided> {
        let scope = self.scope();
        let conditions = filter.map(guards).unwrap_or_default();
        let space = self.space(&scope, &conditions, Some(table))?;
        let mut build = Build { scope: &scope, builder: Builder::new(&space, meter) };
        let passing = build.passing(filter)?;
        let kept_out = build.builder.diagrams.not(passing)?;
        let kept_out = build.builder.diagrams.areas(kept_out, self.limits.pieces * 4)?;
        let columns = build.columns(table, self.limits)?;
        let rows: Vec<Option<Vec<Area>>> =
            (0..table.rows.len()).map(|row| areas(table, row, None, &columns, self.limits)).collect();
        // The areas of rows in order, and where those of each row begin.
        let mut flat: Vec<&Area> = Vec::new();
        let mut starts = Vec::with_capacity(rows.len());
        for row in &rows {
            starts.push(flat.len());
            flat.extend(row.iter().flatten());
        }
        let count = flat.len();
        let index = Index::new(flat);
        let outside = |area: &Area, before: usize| -> Result<bool, Undecided> {
            let (mut above, looked_at) = index.near(area, before);
            meter.spend(looked_at)?;
            above.extend(&kept_out);
            Ok(useful(area, &above, space.sizes(), meter)?.is_some())
        };
        for ((row, own), number) in rows.iter().enumerate().zip(0u32..) {
            let before =
                if table.hit == Hit::First { starts.get(row).copied().unwrap_or_default() } else { 0 };
            // A row of too many areas is not looked into.
            let mut counts = own.is_none();
            for area in own.iter().flatten() {
                counts = counts || outside(area, before)?;
            }
            let part = Part::Row(number);
            notes.note(table.section, part, Reach::Counts, counts);
            for (input, column) in table.inputs.iter().zip(0u32..) {
                if input.check_of(number).is_none() {
                    continue;
                }
                notes.note(table.section, part, Reach::Cell { column, passes: true }, counts);
                let stopped = areas(table, row, Some(column as usize), &columns, self.limits);
                let mut alone = stopped.is_none();
                for area in stopped.iter().flatten() {
                    alone = alone || outside(area, before)?;
                }
                notes.note(table.section, part, Reach::Cell { column, passes: false }, alone);
            }
        }
        if table.otherwise.is_some() {
            let open = outside(&Area::everything(), count)?;
            notes.note(table.section, Part::ElseRow, Reach::Counts, open);
        }
        Ok(())
    }

    /// The space of what conditions and a table ask.
    fn space(
        &self,
        scope: &Scope<'p>,
        conditions: &[&Cond],
        table: Option<&Table>,
    ) -> Result<Space, Undecided> {
        let mut questions = Questions::default();
        if let Some(table) = table {
            collect_table(scope, table, &mut questions)?;
        }
        let mut walker = Walker::new(scope, &mut questions);
        for condition in conditions {
            walker.cond(condition)?;
        }
        Space::new(scope, questions, self.limits)
    }
}

/// The conditions of a filter.
fn guards(filter: &Filter) -> Vec<&Cond> {
    let guards = filter.lines.iter().map(|line| &line.guard);
    guards
        .filter_map(|guard| if let Guard::When(condition, _) = guard { Some(condition) } else { None })
        .collect()
}
