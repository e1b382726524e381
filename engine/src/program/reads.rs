//! Which fields the rules of a slot look at.
//!
//! Takes a checked program and a slot; gives every field that some rule of that slot names, wherever it stands: in a
//! filter, a table's columns and results, a setting, a task's title, condition, assignee, due time and note, a `fields`
//! section, an argument of a script, a list, the transfer of orders. Exact in what it names: a field is there when and
//! only when a rule that events of the slot can reach writes it. What the engine looks at by itself, whatever the rules
//! say (the phone, the times), is not among them.

use std::collections::BTreeSet;

use super::{
    Check, Cond, Due, Expr, Guard, Note, Part, Program, Reads, RefId, Slot, Target, Template, Test, Title,
};
use crate::schema::FieldKey;

/// The fields that the rules of a slot read.
pub(crate) fn reads(program: &Program, slot: Slot) -> BTreeSet<FieldKey> {
    let mut walk = Walk { program, slot, fields: BTreeSet::new(), seen: BTreeSet::new() };
    walk.plan();
    walk.fields
}

struct Walk<'p> {
    program: &'p Program,
    slot: Slot,
    fields: BTreeSet<FieldKey>,
    /// Tables' columns and settings that were walked already; they may name each other many times over.
    seen: BTreeSet<u32>,
}

impl<'p> Walk<'p> {
    fn plan(&mut self) {
        let program = self.program;
        let plan = program.plan(self.slot);
        let known = &plan.known;
        let named = [
            plan.create,
            plan.responsible,
            plan.store,
            known.forward_to_manager,
            known.default_responsible,
            known.default_store,
            known.create_at,
            known.pass_without_contacts,
        ];
        named.into_iter().flatten().for_each(|reference| self.named(reference));
        plan.schema_settings.iter().for_each(|(_, reference)| self.named(*reference));
        for line in
            plan.filter.iter().filter_map(|at| at_index(&program.filters, *at)).flat_map(|one| &one.lines)
        {
            if let Guard::When(condition, _) = &line.guard {
                self.condition(condition);
            }
        }
        for task in plan.tasks.iter().filter_map(|at| at_index(&program.tasks, *at)) {
            if let Some((condition, _)) = &task.when {
                self.condition(condition);
            }
            match &task.title {
                Title::Written(template) => self.template(template),
                Title::BuiltIn(all) => {
                    let slot = self.slot;
                    let own = all.iter().filter(|(of, _)| *of == slot);
                    own.for_each(|(_, template)| self.template(template));
                }
            }
            self.value(&task.assign);
            match &task.due {
                Some(
                    Due::At(base)
                    | Due::After { base, .. }
                    | Due::AfterWorking { base, .. }
                    | Due::AfterDays { base, .. },
                ) => self.value(base),
                None => {}
            }
            match &task.note {
                Some(Note::Written(template)) => self.template(template),
                Some(Note::File(number)) => program.notes.values(*number).for_each(|value| self.value(value)),
                None => {}
            }
        }
        for rule in plan.fields.iter().filter_map(|at| at_index(&program.fields, *at)) {
            self.value(&rule.value);
        }
        for policy in plan.policies.iter().filter_map(|at| at_index(&program.policies, *at)) {
            match &policy.reads {
                Reads::These(fields) => self.fields.extend(fields.iter().cloned()),
                Reads::All => {
                    let kind = self.slot.kind();
                    let all = crate::catalog::schema().fields(kind).iter().filter(|field| !field.is_open());
                    self.fields.extend(all.map(|field| FieldKey::plain(field.id)));
                }
            }
        }
        if let (Slot::Order, Some(transfer)) = (self.slot, &program.transfer) {
            let conditions = [&transfer.only_when, &transfer.won, &transfer.lost];
            conditions.into_iter().flatten().for_each(|(_, condition, _)| self.condition(condition));
            transfer.pass.iter().for_each(|(_, value)| self.value(value));
        }
    }

    /// A table's column needs the whole table: which row counts depends on all its inputs.
    fn named(&mut self, reference: RefId) {
        if !self.seen.insert(reference.0) {
            return;
        }
        let plan = self.program.plan(self.slot);
        match plan.named.get(reference.0 as usize) {
            Some(Some(Target::Table { local, column })) => {
                let table = plan.tables.get(local.0 as usize);
                let Some(table) = table.and_then(|at| at_index(&self.program.tables, *at)) else { return };
                for input in &table.inputs {
                    self.value(&input.value);
                    input.checks.iter().for_each(|check| self.check(check));
                }
                for row in table.rows.iter().chain(&table.otherwise) {
                    if let Some(result) = row.results.get(*column as usize) {
                        self.value(result);
                    }
                }
            }
            Some(Some(Target::Setting(local))) => {
                let setting = plan.settings.get(local.0 as usize);
                if let Some(value) = setting.and_then(|at| at_index(&self.program.settings, *at)) {
                    self.value(value);
                }
            }
            Some(Some(Target::Const(_)) | None) | None => {}
        }
    }

    fn value(&mut self, value: &'p Expr) {
        match value {
            Expr::Const(_) | Expr::Local(_) => {}
            Expr::Field(field) => {
                self.fields.insert(field.clone());
            }
            Expr::Named(reference) => self.named(*reference),
            Expr::Call(call) => call.args.iter().for_each(|argument| self.value(argument)),
            Expr::Else(parts) | Expr::List(parts) => parts.iter().for_each(|part| self.value(part)),
            Expr::Template(template) => self.template(template),
        }
    }

    fn template(&mut self, template: &'p Template) {
        for part in &template.parts {
            if let Part::Hole { value, .. } = part {
                self.value(value);
            }
        }
    }

    fn condition(&mut self, condition: &'p Cond) {
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

    fn check(&mut self, check: &'p Check) {
        match check {
            Check::Not(inner) => self.check(inner),
            Check::All(parts) | Check::Any(parts) => parts.iter().for_each(|part| self.check(part)),
            Check::Test(test) => match test {
                Test::Is(value)
                | Test::Exactly(value)
                | Test::Among(value)
                | Test::Contains(value)
                | Test::StartsWith(value)
                | Test::EndsWith(value)
                | Test::Order(_, value) => self.value(value),
                Test::Present | Test::InSet(_) | Test::InSchedule(_) | Test::Like(_) => {}
            },
        }
    }
}

fn at_index<T>(list: &[T], at: u32) -> Option<&T> {
    list.get(at as usize)
}
