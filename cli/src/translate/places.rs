//! Where a name stands: what kind of thing it can be there.

use std::collections::{BTreeMap, BTreeSet};

use switchboard_grammar::ast::{
    CellKind, Condition, ConditionKind, Due, DueKind, File, Hook, Note, Path, ScriptLine, SectionKind, Table,
    TaskLine, TransferLine, Value, ValueKind, Visitor, walk_value,
};

/// What a name can be at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// Something the author or the CRM named: it stays.
    Own,
    /// A filter behind a bar.
    Filter,
    /// The name of a table.
    Table,
    /// The head of a result column.
    Column,
    /// The name of a setting.
    Setting,
    /// A value, perhaps one of the set that belongs to this field, setting or column.
    Beside(String),
    /// `funnel:` or `amount:` of orders.
    Transfer,
    /// A part of a decision that a policy is about.
    Hook,
    /// A fact that a policy needs.
    Fact,
    /// Any value: a field, a setting, a table.
    Value,
}

/// The places of all names of a file, by their first byte.
#[derive(Debug, Default)]
pub(super) struct Places {
    places: BTreeMap<u32, Place>,
    /// Tables, lists, schedules and settings that the file declares.
    declared: BTreeSet<String>,
}

/// Puts every name of a value into one place, whatever is nested in it.
struct Into<'p> {
    places: &'p mut Places,
    place: Place,
}

impl Places {
    /// Looks through a file.
    pub(super) fn of(file: &File) -> Self {
        let mut places = Self::default();
        for section in &file.sections {
            places.section(&section.kind);
        }
        places
    }

    /// What the name can be.
    pub(super) fn at(&self, path: &Path) -> &Place {
        let place = self.places.get(&path.span.start).unwrap_or(&Place::Value);
        let generic = matches!(place, Place::Value | Place::Beside(_));
        if generic && self.declared.contains(&path.dotted()) { &Place::Own } else { place }
    }

    fn section(&mut self, kind: &SectionKind) {
        match kind {
            SectionKind::Filter(filter) => {
                for line in &filter.lines {
                    if let switchboard_grammar::ast::Guard::When(_, condition) = &line.item.guard {
                        self.condition(condition);
                    }
                }
            }
            SectionKind::Settings(settings) => {
                for line in &settings.lines {
                    self.put(line.item.name.span.start, Place::Setting);
                    self.value(&line.item.value, Place::Beside(line.item.name.text.to_string()));
                }
            }
            SectionKind::Table(table) => self.table(table),
            SectionKind::Task(task) => {
                task.when.iter().for_each(|(_, condition)| self.condition(condition));
                task.lines.iter().for_each(|line| self.task_line(&line.item));
            }
            SectionKind::Fields(fields) => {
                for line in &fields.lines {
                    self.put(line.item.code.span.start, Place::Own);
                    self.value(&line.item.value, Place::Value);
                }
            }
            SectionKind::Transfer(transfer) => {
                transfer.lines.iter().for_each(|line| self.transfer_line(&line.item));
            }
            SectionKind::List(list) => self.own(list.name.as_ref()),
            SectionKind::Schedule(schedule) => self.own(schedule.name.as_ref()),
            SectionKind::Script(script) => {
                for line in &script.lines {
                    self.script_line(&line.item);
                }
            }
            SectionKind::Include(_) | SectionKind::Unknown => {}
        }
    }

    fn script_line(&mut self, line: &ScriptLine) {
        match line {
            ScriptLine::Function { name, parameters, .. } => {
                self.own(Some(name));
                parameters.iter().for_each(|parameter| self.put(parameter.name.span.start, Place::Own));
            }
            ScriptLine::Policy { hook, by, needs, .. } => {
                if let Hook::Named(name) = hook {
                    self.put(name.span.start, Place::Hook);
                }
                by.iter().for_each(|(_, name)| self.put(name.span.start, Place::Own));
                needs.iter().for_each(|need| self.put(need.fact.span.start, Place::Fact));
            }
            ScriptLine::OnFailure { .. } => {}
        }
    }

    fn table(&mut self, table: &Table) {
        if let Some(name) = &table.name {
            self.put(name.span.start, Place::Table);
            self.declared.insert(name.text.to_string());
        }
        let Some(head) = &table.head else { return };
        let mut subjects = Vec::new();
        for column in &head.item.inputs {
            self.value(&column.value, Place::Value);
            subjects.push(subject(&column.value));
        }
        head.item.results.iter().for_each(|result| self.put(result.span.start, Place::Column));
        for row in &table.rows {
            for (cell, subject) in row.item.inputs.iter().zip(&subjects) {
                let CellKind::Tests { alternatives, .. } = &cell.kind else { continue };
                for test in alternatives.iter().flat_map(|alternative| &alternative.tests) {
                    for item in test.operand.items() {
                        self.value(&item.value, beside(subject.as_deref()));
                    }
                }
            }
            for (cell, result) in row.item.results.iter().zip(&head.item.results) {
                cell.values
                    .iter()
                    .for_each(|value| self.value(value, Place::Beside(result.text.to_string())));
            }
        }
    }

    fn task_line(&mut self, line: &TaskLine) {
        match line {
            TaskLine::Title(_, value)
            | TaskLine::Assign(_, value)
            | TaskLine::Note(_, Note::Value(value)) => {
                self.value(value, Place::Value);
            }
            TaskLine::Due(_, Due { kind: DueKind::At(value), .. }) => self.value(value, Place::Value),
            TaskLine::Due(_, Due { kind: DueKind::After { base, by, .. }, .. }) => {
                self.value(base, Place::Value);
                by.iter().for_each(|(_, schedule)| self.put(schedule.span.start, Place::Own));
            }
            TaskLine::Note(_, Note::Template(..)) | TaskLine::Cancel(_) => {}
        }
    }

    fn transfer_line(&mut self, line: &TransferLine) {
        match line {
            TransferLine::OnlyWhen(_, condition)
            | TransferLine::Won(_, condition)
            | TransferLine::Lost(_, condition) => self.condition(condition),
            TransferLine::Funnel(_, value) | TransferLine::Amount(_, value) => {
                self.value(value, Place::Transfer);
            }
            TransferLine::Pass(_, values) => values.iter().for_each(|value| self.value(value, Place::Own)),
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::Or { terms, .. } | ConditionKind::And { terms, .. } => {
                terms.iter().for_each(|term| self.condition(term));
            }
            ConditionKind::Not { inner, .. } => self.condition(inner),
            ConditionKind::Test(test) => {
                self.value(&test.subject, Place::Value);
                let subject = subject(&test.subject);
                for item in test.operand.items() {
                    self.value(&item.value, beside(subject.as_deref()));
                }
            }
        }
    }

    fn value(&mut self, value: &Value, place: Place) {
        Into { places: self, place }.value(value);
    }

    fn own(&mut self, name: Option<&switchboard_grammar::ast::Name>) {
        if let Some(name) = name {
            self.put(name.span.start, Place::Own);
            self.declared.insert(name.text.to_string());
        }
    }

    fn put(&mut self, at: u32, place: Place) {
        self.places.insert(at, place);
    }
}

impl Visitor for Into<'_> {
    fn value(&mut self, value: &Value) {
        if let ValueKind::Call(call) = &value.kind {
            // Arguments are values of their own; the function is the author's.
            self.places.put(call.name.span.start, Place::Own);
            call.arguments.iter().for_each(|argument| self.places.value(argument, Place::Value));
        } else {
            walk_value(self, value);
        }
    }

    fn path(&mut self, path: &Path) {
        self.places.put(path.span.start, self.place.clone());
    }

    fn hole(&mut self, hole: &switchboard_grammar::ast::Hole) {
        self.places.value(&hole.value, Place::Value);
        for filter in &hole.filters {
            self.places.put(filter.name.span.start, Place::Filter);
            filter.arguments.iter().for_each(|argument| self.places.value(argument, Place::Value));
        }
    }
}

/// The field that is asked: of `a else b`, the first.
fn subject(value: &Value) -> Option<String> {
    match &value.kind {
        ValueKind::Path(path) => Some(path.dotted()),
        ValueKind::Else { options, .. } => options.first().and_then(subject),
        _ => None,
    }
}

fn beside(subject: Option<&str>) -> Place {
    subject.map_or(Place::Value, |subject| Place::Beside(subject.to_owned()))
}
