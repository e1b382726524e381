//! Walking the tree.
//!
//! A visitor says what it wants to see; the walk brings it there in the order of the file.

use super::condition::{Condition, ConditionKind, Operand};
use super::events::EventTarget;
use super::file::{File, Section, SectionKind};
use super::literal::{Literal, LiteralKind};
use super::name::{Name, Path};
use super::script::{Hook, ScriptLine, TypeKind};
use super::table::{CellKind, Table};
use super::task::{Due, DueKind, Note, TaskLine};
use super::template::{Hole, TextLiteral};
use super::transfer::TransferLine;
use super::value::{Value, ValueKind};

/// What to do at each kind of node. Every method's default goes on into the node.
pub trait Visitor {
    /// A section.
    fn section(&mut self, section: &Section) {
        walk_section(self, section);
    }

    /// One of the events that a section is for.
    fn target(&mut self, _target: &EventTarget) {}

    /// A condition, or a part of one.
    fn condition(&mut self, condition: &Condition) {
        walk_condition(self, condition);
    }

    /// A value, or a part of one.
    fn value(&mut self, value: &Value) {
        walk_value(self, value);
    }

    /// A name where a value is meant, and the name of a called function.
    fn path(&mut self, _path: &Path) {}

    /// A name that is declared here or belongs to the section's kind: a table, list, schedule, setting, result
    /// column, function, parameter, template filter, CRM field.
    fn name(&mut self, _name: &Name) {}

    /// A literal.
    fn literal(&mut self, literal: &Literal) {
        if let LiteralKind::Text(text) = &literal.kind {
            self.text(text);
        }
    }

    /// A text in quotes.
    fn text(&mut self, text: &TextLiteral) {
        walk_text(self, text);
    }

    /// A hole of a text.
    fn hole(&mut self, hole: &Hole) {
        self.value(&hole.value);
        for filter in &hole.filters {
            self.name(&filter.name);
            filter.arguments.iter().for_each(|argument| self.value(argument));
        }
    }
}

/// Into every section of a file.
pub fn walk_file<V: Visitor + ?Sized>(visitor: &mut V, file: &File) {
    file.sections.iter().for_each(|section| visitor.section(section));
}

/// Into what a section holds.
pub fn walk_section<V: Visitor + ?Sized>(visitor: &mut V, section: &Section) {
    let targets = |visitor: &mut V, events: &Option<super::Events>| {
        events.iter().flat_map(|events| &events.targets).for_each(|target| visitor.target(target));
    };
    match &section.kind {
        SectionKind::Include(include) => visitor.text(&include.path),
        SectionKind::Filter(filter) => {
            targets(visitor, &filter.events);
            for line in &filter.lines {
                if let super::Guard::When(_, condition) = &line.item.guard {
                    visitor.condition(condition);
                }
            }
        }
        SectionKind::Settings(settings) => {
            targets(visitor, &settings.events);
            for line in &settings.lines {
                visitor.name(&line.item.name);
                visitor.value(&line.item.value);
            }
        }
        SectionKind::Table(table) => {
            targets(visitor, &table.events);
            walk_table(visitor, table);
        }
        SectionKind::Task(task) => {
            targets(visitor, &task.events);
            if let Some((_, condition)) = &task.when {
                visitor.condition(condition);
            }
            task.lines.iter().for_each(|line| walk_task_line(visitor, &line.item));
        }
        SectionKind::Fields(fields) => {
            targets(visitor, &fields.events);
            for line in &fields.lines {
                visitor.name(&line.item.code);
                visitor.value(&line.item.value);
            }
        }
        SectionKind::Transfer(transfer) => {
            transfer.lines.iter().for_each(|line| walk_transfer_line(visitor, &line.item));
        }
        SectionKind::List(list) => {
            list.name.iter().for_each(|name| visitor.name(name));
            if let Some(file) = &list.file {
                visitor.text(&file.path);
                file.column.iter().for_each(|(_, column)| visitor.text(column));
            }
            list.values().for_each(|value| visitor.value(value));
        }
        SectionKind::Script(script) => {
            script.path.iter().for_each(|path| visitor.text(path));
            script.lines.iter().for_each(|line| walk_script_line(visitor, &line.item));
        }
        SectionKind::Schedule(schedule) => {
            schedule.name.iter().for_each(|name| visitor.name(name));
            schedule.zone.iter().for_each(|(_, zone)| visitor.text(zone));
        }
        SectionKind::Unknown => {}
    }
}

/// Into the parts of a condition.
pub fn walk_condition<V: Visitor + ?Sized>(visitor: &mut V, condition: &Condition) {
    match &condition.kind {
        ConditionKind::Or { terms, .. } | ConditionKind::And { terms, .. } => {
            terms.iter().for_each(|term| visitor.condition(term));
        }
        ConditionKind::Not { inner, .. } => visitor.condition(inner),
        ConditionKind::Test(test) => {
            visitor.value(&test.subject);
            walk_operand(visitor, &test.operand);
        }
    }
}

/// Into the parts of a value.
pub fn walk_value<V: Visitor + ?Sized>(visitor: &mut V, value: &Value) {
    match &value.kind {
        ValueKind::Literal(literal) => visitor.literal(literal),
        ValueKind::Path(path) => visitor.path(path),
        ValueKind::Call(call) => {
            visitor.path(&call.name);
            call.arguments.iter().for_each(|argument| visitor.value(argument));
        }
        ValueKind::Else { options, .. } => options.iter().for_each(|option| visitor.value(option)),
        ValueKind::Default(_) => {}
    }
}

/// Into the holes of a text.
pub fn walk_text<V: Visitor + ?Sized>(visitor: &mut V, text: &TextLiteral) {
    text.holes().for_each(|hole| visitor.hole(hole));
}

fn walk_operand<V: Visitor + ?Sized>(visitor: &mut V, operand: &Operand) {
    operand.items().iter().for_each(|item| visitor.value(&item.value));
}

fn walk_table<V: Visitor + ?Sized>(visitor: &mut V, table: &Table) {
    table.name.iter().for_each(|name| visitor.name(name));
    if let Some(head) = &table.head {
        head.item.inputs.iter().for_each(|column| visitor.value(&column.value));
        head.item.results.iter().for_each(|result| visitor.name(result));
    }
    for line in &table.rows {
        for cell in &line.item.inputs {
            let CellKind::Tests { alternatives, .. } = &cell.kind else { continue };
            let tests = alternatives.iter().flat_map(|alternative| &alternative.tests);
            tests.for_each(|test| walk_operand(visitor, &test.operand));
        }
        let results = line.item.results.iter().flat_map(|cell| &cell.values);
        results.for_each(|value| visitor.value(value));
    }
}

fn walk_task_line<V: Visitor + ?Sized>(visitor: &mut V, line: &TaskLine) {
    match line {
        TaskLine::Title(_, value) | TaskLine::Assign(_, value) | TaskLine::Note(_, Note::Value(value)) => {
            visitor.value(value);
        }
        TaskLine::Due(_, Due { kind: DueKind::At(value), .. }) => visitor.value(value),
        TaskLine::Due(_, Due { kind: DueKind::After { base, by, .. }, .. }) => {
            visitor.value(base);
            by.iter().for_each(|(_, schedule)| visitor.name(schedule));
        }
        TaskLine::Note(_, Note::Template(_, path)) => visitor.text(path),
        TaskLine::Cancel(_) => {}
    }
}

fn walk_transfer_line<V: Visitor + ?Sized>(visitor: &mut V, line: &TransferLine) {
    match line {
        TransferLine::OnlyWhen(_, condition)
        | TransferLine::Won(_, condition)
        | TransferLine::Lost(_, condition) => visitor.condition(condition),
        TransferLine::Funnel(_, value) | TransferLine::Amount(_, value) => visitor.value(value),
        TransferLine::Pass(_, values) => values.iter().for_each(|value| visitor.value(value)),
    }
}

fn walk_script_line<V: Visitor + ?Sized>(visitor: &mut V, line: &ScriptLine) {
    match line {
        ScriptLine::Function { name, parameters, gives, .. } => {
            visitor.name(name);
            for parameter in parameters {
                visitor.name(&parameter.name);
                walk_type(visitor, &parameter.ty.kind);
            }
            walk_type(visitor, &gives.kind);
        }
        ScriptLine::Policy { hook, events, by, needs, .. } => {
            if let Hook::Named(name) = hook {
                visitor.name(name);
            }
            events.targets.iter().for_each(|target| visitor.target(target));
            by.iter().for_each(|(_, name)| visitor.name(name));
            needs.iter().for_each(|need| visitor.path(&need.fact));
        }
        ScriptLine::OnFailure { .. } => {}
    }
}

fn walk_type<V: Visitor + ?Sized>(visitor: &mut V, ty: &TypeKind) {
    if let TypeKind::Named(name) = ty {
        visitor.name(name);
    }
}
