//! Mutants of everything that is no table: filters, tasks, fields, settings, schedules, the transfer of orders.

use switchboard_grammar::ast::{
    DueKind, FieldsSection, Filter, Guard, LiteralKind, Schedule, Section, SectionKind, Settings, Task,
    TaskLine, Transfer, TransferLine, Verdict,
};
use switchboard_grammar::span::Span;

use super::model::Operator;
use super::pen::Pen;
use crate::catalog::schema;
use crate::schema::EventKind;

/// Settings that show in a decision; the others steer the server.
const SHOWN: [&str; 5] =
    ["default_responsible", "default_store", "forward_to_manager", "create_at", "pass_without_contacts"];

impl Pen<'_> {
    /// A section of any kind.
    pub(super) fn section(&mut self, section: &Section) {
        match &section.kind {
            SectionKind::Filter(filter) => self.filter(filter),
            SectionKind::Table(table) => self.table(table),
            SectionKind::Task(task) => self.task(section, task),
            SectionKind::Fields(fields) => self.fields(fields),
            SectionKind::Settings(settings) => self.settings(settings),
            SectionKind::Transfer(transfer) => self.transfer(transfer),
            SectionKind::Schedule(schedule) => self.schedule(schedule),
            SectionKind::Include(_)
            | SectionKind::List(_)
            | SectionKind::Script(_)
            | SectionKind::Unknown => {}
        }
    }

    fn filter(&mut self, filter: &Filter) {
        for (at, line) in filter.lines.iter().enumerate() {
            self.row = u32::try_from(at + 1).ok();
            let other = match line.item.verdict {
                Verdict::Accept => self.lang.pick("reject", "отклонять"),
                Verdict::Reject => self.lang.pick("accept", "принимать"),
            };
            self.add(Operator::Verdict, line.span, vec![(line.item.word.span, other.to_owned())]);
            let Guard::When(_, condition) = &line.item.guard else { continue };
            self.leave_out(Operator::Line, line.span);
            let next = filter.lines.get(at + 1);
            if let Some(next) = next.filter(|next| matches!(next.item.guard, Guard::When(..))) {
                self.swap(line.span, next.span);
            }
            self.condition(condition);
        }
        self.row = None;
    }

    fn task(&mut self, section: &Section, task: &Task) {
        let end = task.lines.last().map_or(section.head, |line| line.span);
        self.leave_out(Operator::Task, section.head.cover(end));
        if let Some((word, condition)) = &task.when {
            let gone = Span::new(word.span.start, condition.outer_span().end);
            self.add(Operator::Part, section.head, vec![(gone, String::new())]);
            self.condition(condition);
        }
        for line in &task.lines {
            match &line.item {
                TaskLine::Title(..) => {}
                TaskLine::Assign(_, value) => self.value(value, line.span),
                TaskLine::Due(_, due) => {
                    self.leave_out(Operator::Line, line.span);
                    let DueKind::After { amount, .. } = &due.kind else { continue };
                    let Some(part) = amount.duration.parts.last() else { continue };
                    let length = u32::try_from(part.amount.len()).unwrap_or_default();
                    let (place, amount) =
                        (Span::new(part.span.start, part.span.start + length), part.amount.parse::<u32>());
                    if let Ok(amount) = amount {
                        let more = amount.saturating_add(1).to_string();
                        self.add(Operator::Bound, line.span, vec![(place, more)]);
                    }
                }
                TaskLine::Note(..) | TaskLine::Cancel(_) => self.leave_out(Operator::Line, line.span),
            }
        }
    }

    fn fields(&mut self, fields: &FieldsSection) {
        for line in &fields.lines {
            self.leave_out(Operator::Line, line.span);
            self.value(&line.item.value, line.span);
            let value = line.item.value.outer_span();
            let edit = match &line.item.always {
                Some(word) => (Span::new(value.end, word.span.end), String::new()),
                None => (value.tail(), self.lang.pick(", always", ", всегда").to_owned()),
            };
            self.add(Operator::Flag, line.span, vec![edit]);
        }
    }

    fn settings(&mut self, settings: &Settings) {
        for line in &settings.lines {
            let name = line.item.name.text.as_str();
            let known = EventKind::ALL.into_iter().find_map(|kind| schema().find_setting(kind, name));
            if known.is_some_and(|known| !SHOWN.contains(&known.setting.spec.name)) {
                continue;
            }
            self.leave_out(Operator::Line, line.span);
            self.value(&line.item.value, line.span);
            if let Some(LiteralKind::YesNo(value)) = line.item.value.literal().map(|literal| &literal.kind) {
                let other =
                    if value.value { self.lang.pick("no", "нет") } else { self.lang.pick("yes", "да") };
                self.add(Operator::Flag, line.span, vec![(value.word.span, other.to_owned())]);
            }
        }
    }

    fn transfer(&mut self, transfer: &Transfer) {
        for line in &transfer.lines {
            match &line.item {
                TransferLine::OnlyWhen(_, condition)
                | TransferLine::Won(_, condition)
                | TransferLine::Lost(_, condition) => {
                    self.leave_out(Operator::Line, line.span);
                    self.condition(condition);
                }
                TransferLine::Pass(_, values) => {
                    self.leave_out(Operator::Line, line.span);
                    let places: Vec<Span> =
                        values.iter().map(switchboard_grammar::ast::Value::outer_span).collect();
                    self.each_left_out(Operator::Part, line.span, &places);
                }
                TransferLine::Funnel(..) | TransferLine::Amount(..) => {
                    self.leave_out(Operator::Line, line.span);
                }
            }
        }
    }

    fn schedule(&mut self, schedule: &Schedule) {
        schedule.lines.iter().for_each(|line| self.leave_out(Operator::Line, line.span));
    }
}
