//! Which tables are asked whatever the filter says.
//!
//! A filter's own conditions, the table `forward` and the settings about calls are looked at before or beside the
//! filter; what they name, tables may name in turn.

use std::collections::BTreeSet;

use super::{Check, Cond, Expr, Guard, Part, Plan, Program, RefId, Slot, Target, Test};

/// The tables, by their number, that events reach without having passed the filter.
pub(crate) fn called_outside_the_filter(program: &Program, slot: Slot) -> BTreeSet<u32> {
    let plan = program.plan(slot);
    let mut walk = Walk { program, plan, tables: BTreeSet::new(), seen: BTreeSet::new() };
    let known = &plan.known;
    let forward =
        plan.forward.iter().flat_map(|forward| [forward.employee, forward.to_number, forward.return_code]);
    let settings = [
        known.forward_to_manager,
        known.create_at,
        known.pass_without_contacts,
        known.click_to_call_number,
        known.always_show_number,
        plan.click_to_call,
    ];
    forward.chain(settings).flatten().for_each(|reference| walk.named(reference));
    let filter = plan.filter.and_then(|filter| program.filters.get(filter as usize));
    for line in filter.iter().flat_map(|filter| &filter.lines) {
        if let Guard::When(condition, _) = &line.guard {
            walk.condition(condition);
        }
    }
    walk.tables
}

struct Walk<'p> {
    program: &'p Program,
    plan: &'p Plan,
    tables: BTreeSet<u32>,
    seen: BTreeSet<u32>,
}

impl Walk<'_> {
    fn named(&mut self, reference: RefId) {
        if !self.seen.insert(reference.0) {
            return;
        }
        match self.plan.named.get(reference.0 as usize) {
            Some(Some(Target::Table { local, column })) => {
                let Some(number) = self.plan.tables.get(local.0 as usize) else { return };
                let Some(table) = self.program.tables.get(*number as usize) else { return };
                self.tables.insert(*number);
                for input in &table.inputs {
                    self.value(&input.value);
                    input.checks.iter().for_each(|check| self.check(check));
                }
                let rows = table.rows.iter().chain(&table.otherwise);
                rows.filter_map(|row| row.results.get(*column as usize))
                    .for_each(|result| self.value(result));
            }
            Some(Some(Target::Setting(local))) => {
                let setting = self.plan.settings.get(local.0 as usize);
                let setting = setting.and_then(|setting| self.program.settings.get(*setting as usize));
                setting.into_iter().for_each(|setting| self.value(setting));
            }
            Some(Some(Target::Const(_)) | None) | None => {}
        }
    }

    fn value(&mut self, value: &Expr) {
        match value {
            Expr::Const(_) | Expr::Local(_) | Expr::Field(_) => {}
            Expr::Named(reference) => self.named(*reference),
            Expr::Call(call) => call.args.iter().for_each(|argument| self.value(argument)),
            Expr::Else(parts) | Expr::List(parts) => parts.iter().for_each(|part| self.value(part)),
            Expr::Template(template) => {
                for part in &template.parts {
                    if let Part::Hole { value, .. } = part {
                        self.value(value);
                    }
                }
            }
        }
    }

    fn condition(&mut self, condition: &Cond) {
        match condition {
            Cond::Truth(value) => self.value(value),
            Cond::Not(inner) => self.condition(inner),
            Cond::All(parts) | Cond::Any(parts) => parts.iter().for_each(|part| self.condition(part)),
            Cond::Ask { left, check } => {
                self.value(left);
                self.check(check);
            }
        }
    }

    fn check(&mut self, check: &Check) {
        match check {
            Check::Not(inner) => self.check(inner),
            Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| self.check(part)),
            Check::Test(
                Test::Is(value)
                | Test::Exactly(value)
                | Test::Among(value)
                | Test::Contains(value)
                | Test::StartsWith(value)
                | Test::EndsWith(value)
                | Test::Order(_, value),
            ) => self.value(value),
            Check::Test(Test::Present | Test::InSet(_) | Test::InSchedule(_) | Test::Like(_)) => {}
        }
    }
}
