//! A decision that is watched: what of the program it reached.
//!
//! The decision is made as ever. Afterwards the questions that it asked are asked once more, with every answer noted; so
//! decisions that nobody watches pay nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::decision::Decision;
use super::eval::Eval;
use super::run::decided;
use super::trace::What;
use crate::cover::answers;
use crate::event::Event;
use crate::facts::Facts;
use crate::moment::Moment;
use crate::program::point::{Part, PointId, Reach};
use crate::program::{Cond, Filter, Guard, Hit, Program, Slot, Table};
use crate::script::{Spent, Steps, Watch};

/// A decision, and what it reached.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Watched {
    /// The decision.
    pub decision: Decision,
    /// What of the rules it reached.
    pub reached: BTreeSet<PointId>,
    /// What its scripts did.
    pub steps: Steps,
}

/// Decides about an event, and tells what of the program that reached.
pub(crate) fn watched(program: &Arc<Program>, event: &Event, facts: &Facts, now: Moment) -> Watched {
    let watch = Arc::new(Watch::default());
    let eval = Eval::new(program, event, facts, now);
    if !program.functions.is_empty() {
        eval.spent.get_or_init(|| Arc::new(Spent::watched(Arc::clone(&watch))));
    }
    let decision = decided(program, &eval);
    // What is asked again must not find that the first asking used everything up.
    let again = Eval::new(program, event, facts, now);
    let mut notes = Notes { eval: &again, reached: BTreeSet::new() };
    notes.filter();
    for table in eval.asked_tables() {
        notes.table(table);
    }
    for setting in eval.asked_settings() {
        if let Some(place) = program.setting_places.get(setting) {
            notes.add(place.section, Part::Setting(place.line), Reach::Counts);
        }
    }
    if decision.accepted {
        notes.tasks();
    }
    notes.deal(decision.accepted);
    for step in &decision.trace.steps {
        let Some(place) = step.place else { continue };
        match &step.what {
            What::Field { .. } => notes.add(place.section, Part::Field(place.line), Reach::Counts),
            What::Policy { .. } => notes.add(place.section, Part::Policy(place.line), Reach::Counts),
            What::Task { .. } => notes.add(place.section, Part::Whole, Reach::Counts),
            _ => {}
        }
    }
    Watched { decision, reached: notes.reached, steps: watch.take() }
}

struct Notes<'n, 'p> {
    eval: &'n Eval<'p>,
    reached: BTreeSet<PointId>,
}

impl Notes<'_, '_> {
    fn add(&mut self, section: u32, part: Part, reach: Reach) {
        self.reached.insert(PointId { section, part, reach });
    }

    /// Asks a condition with every test; gives its answer.
    fn condition(&mut self, section: u32, part: Part, condition: &Cond) -> bool {
        let holds = self.eval.holds(condition);
        self.add(section, part, Reach::Holds(holds));
        let told = answers(condition, &|test| self.eval.holds(test));
        if told.len() > 1 {
            for ((holds, decides), number) in told.into_iter().zip(0u32..) {
                if decides {
                    self.add(section, part, Reach::Test { number, holds });
                }
            }
        }
        holds
    }

    fn filter(&mut self) {
        let filter = self.eval.plan.filter.and_then(|at| self.eval.program.filters.get(at as usize));
        let Some(Filter { section, lines }) = filter else { return };
        for (line, number) in lines.iter().zip(0u32..) {
            let part = Part::Line(number);
            let decides = match &line.guard {
                Guard::Else => true,
                Guard::When(condition, _) => self.condition(*section, part, condition),
            };
            if decides {
                self.add(*section, part, Reach::Counts);
                return;
            }
        }
    }

    fn table(&mut self, table: &Table) {
        let eval = self.eval;
        let inputs: Vec<_> = table.inputs.iter().map(|input| eval.value(&input.value)).collect();
        let misses = table.misses(inputs.iter().map(AsRef::as_ref), &|test, value| eval.ask(test, value));
        let hits = misses.hits();
        let first = hits.first();
        let counting: Vec<u32> = match table.hit {
            Hit::All => hits.iter().collect(),
            Hit::First | Hit::Only => first.into_iter().collect(),
        };
        for row in &counting {
            self.add(table.section, Part::Row(*row), Reach::Counts);
            for (input, column) in table.inputs.iter().zip(0u32..) {
                if input.check_of(*row).is_some() {
                    self.add(table.section, Part::Row(*row), Reach::Cell { column, passes: true });
                }
            }
        }
        if first.is_none() && table.otherwise.is_some() {
            self.add(table.section, Part::ElseRow, Reach::Counts);
        }
        // Behind the row that counts nothing else could have counted, unless all do.
        let end = match (first, table.hit) {
            (Some(row), Hit::First) => row,
            _ => u32::MAX,
        };
        for row in misses.near().iter().take_while(|row| *row < end) {
            let stopped = table.inputs.iter().zip(&inputs).zip(0u32..).find(|((input, value), _)| {
                let check = input.check_of(row);
                check.is_some_and(|check| !check.holds(value, &|test, value| eval.ask(test, value)))
            });
            if let Some((_, column)) = stopped {
                self.add(table.section, Part::Row(row), Reach::Cell { column, passes: false });
            }
        }
    }

    fn tasks(&mut self) {
        let (program, plan) = (self.eval.program, self.eval.plan);
        for task in plan.tasks.iter().filter_map(|at| program.tasks.get(*at as usize)) {
            if let Some((condition, _)) = &task.when
                && self.eval.fits(task)
            {
                self.condition(task.section, Part::Whole, condition);
            }
        }
    }

    fn deal(&mut self, accepted: bool) {
        let Some(transfer) = self.eval.program.transfer.as_ref().filter(|_| self.eval.slot == Slot::Order)
        else {
            return;
        };
        let section = transfer.section;
        match &transfer.only_when {
            _ if !accepted => {}
            None => self.add(section, Part::Whole, Reach::Counts),
            Some((_, condition, _)) => {
                if self.condition(section, Part::OnlyWhen, condition) {
                    self.add(section, Part::OnlyWhen, Reach::Counts);
                }
            }
        }
        // How a deal stands is asked of orders that are not passed on, too: they may be deals already.
        for (part, condition) in [(Part::Won, &transfer.won), (Part::Lost, &transfer.lost)] {
            let Some((_, condition, _)) = condition else { continue };
            if self.condition(section, part, condition) {
                self.add(section, part, Reach::Counts);
                return;
            }
        }
    }
}
