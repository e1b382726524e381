//! The walk through a section that finds its names.

use smol_str::SmolStr;
use switchboard_engine::catalog::{result_column, schema};
use switchboard_engine::filters;
use switchboard_engine::schema::{EnumType, EventKind};
use switchboard_grammar::ast::{
    CellKind, Condition, ConditionKind, Due, DueKind, File, Guard, Hole, Literal, LiteralKind,
    Name as Written, Note, Operation, Part, Path, Script, ScriptLine, SectionKind, Table, TaskLine, Test,
    TextLiteral, TransferLine, TypeKind, TypeRef, Value, ValueKind,
};
use switchboard_grammar::span::Span;

use super::{Name, Names, Paint, Painted, Role, Symbol, canonical, events_of, kinds_of, set_of};

/// What was found, and for which events the section at hand is.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) found: Names,
    kinds: Vec<EventKind>,
}

impl Walk {
    pub(super) fn paint(&mut self, span: Span, paint: Paint, declares: bool) {
        self.found.painted.push(Painted { span, paint, declares });
    }

    fn name(&mut self, span: Span, symbol: Symbol, role: Role) {
        let paint = match &symbol {
            Symbol::Field(_) | Symbol::Column(..) => Paint::Field,
            Symbol::Value(_) => Paint::Value,
            Symbol::Named(_) | Symbol::Set(_) => Paint::Variable,
            Symbol::Function(_) => Paint::Function,
            Symbol::Filter(_) => Paint::Filter,
            Symbol::File(_) => Paint::Text,
            Symbol::Code(_) => Paint::Comment,
        };
        if !matches!(symbol, Symbol::File(_) | Symbol::Code(_)) {
            self.paint(span, paint, role == Role::Declares);
        }
        self.found.names.push(Name { span, symbol, role });
    }

    pub(super) fn file(&mut self, file: &File) {
        for section in &file.sections {
            self.kinds = kinds_of(events_of(&section.kind));
            if matches!(section.kind, SectionKind::Transfer(_)) {
                self.kinds = vec![EventKind::Order];
            }
            self.section(&section.kind);
        }
        for suppression in file.comments().into_iter().filter_map(|comment| comment.suppression()) {
            for name in &suppression.names {
                self.name(name.span, Symbol::Code(name.text.clone()), Role::Uses);
            }
        }
    }

    fn section(&mut self, kind: &SectionKind) {
        match kind {
            SectionKind::Include(include) => self.path_of_file(&include.path),
            SectionKind::Filter(filter) => {
                for line in &filter.lines {
                    if let Guard::When(_, condition) = &line.item.guard {
                        self.condition(condition);
                    }
                }
            }
            SectionKind::Settings(settings) => {
                for line in &settings.lines {
                    let name = canonical(&line.item.name.text, &self.kinds);
                    self.name(line.item.name.span, Symbol::Named(name), Role::Declares);
                    self.value(&line.item.value, set_of(&line.item.name.text, &self.kinds));
                }
            }
            SectionKind::Table(table) => self.table(table),
            SectionKind::Task(task) => {
                task.when.iter().for_each(|(_, condition)| self.condition(condition));
                task.lines.iter().for_each(|line| self.task_line(&line.item));
            }
            SectionKind::Fields(fields) => {
                for line in &fields.lines {
                    self.paint(line.item.code.span, Paint::Field, false);
                    self.value(&line.item.value, None);
                }
            }
            SectionKind::Transfer(transfer) => {
                for line in &transfer.lines {
                    match &line.item {
                        TransferLine::OnlyWhen(_, when)
                        | TransferLine::Won(_, when)
                        | TransferLine::Lost(_, when) => {
                            self.condition(when);
                        }
                        TransferLine::Funnel(_, value) | TransferLine::Amount(_, value) => self.bare(value),
                        TransferLine::Pass(_, values) => values.iter().for_each(|value| self.bare(value)),
                    }
                }
            }
            SectionKind::List(list) => {
                self.declared(list.name.as_ref(), Symbol::Set);
                if let Some(file) = &list.file {
                    self.path_of_file(&file.path);
                    file.column.iter().for_each(|(_, column)| self.text(column));
                }
                list.values().for_each(|value| self.bare(value));
            }
            SectionKind::Script(script) => self.script(script),
            SectionKind::Schedule(schedule) => {
                self.declared(schedule.name.as_ref(), Symbol::Set);
                schedule.zone.iter().for_each(|(_, zone)| self.text(zone));
            }
            SectionKind::Unknown => {}
        }
    }

    fn declared(&mut self, name: Option<&Written>, symbol: impl Fn(SmolStr) -> Symbol) {
        if let Some(name) = name {
            self.name(name.span, symbol(name.text.clone()), Role::Declares);
        }
    }

    fn table(&mut self, table: &Table) {
        let name = table.name.as_ref().map(|name| canonical(&name.text, &self.kinds)).unwrap_or_default();
        if let Some(written) = &table.name {
            self.name(written.span, Symbol::Named(name.clone()), Role::Declares);
        }
        let Some(head) = &table.head else { return };
        let mut sets = Vec::new();
        for column in &head.item.inputs {
            self.value(&column.value, None);
            sets.push(self.set_beside(&column.value));
        }
        let mut results = Vec::new();
        for result in &head.item.results {
            self.name(result.span, Symbol::Column(name.clone(), column_name(&result.text)), Role::Declares);
            results.push(set_of(&result.text, &[]));
        }
        for row in &table.rows {
            for (cell, set) in row.item.inputs.iter().zip(&sets) {
                let CellKind::Tests { alternatives, .. } = &cell.kind else { continue };
                for test in alternatives.iter().flat_map(|alternative| &alternative.tests) {
                    let asks_in =
                        test.operator.as_ref().is_some_and(|asked| asked.operation == Operation::In);
                    test.operand.items().iter().for_each(|item| self.operand(&item.value, *set, asks_in));
                }
            }
            for (cell, set) in row.item.results.iter().zip(&results) {
                cell.values.iter().for_each(|value| self.value(value, *set));
            }
        }
    }

    fn task_line(&mut self, line: &TaskLine) {
        match line {
            TaskLine::Title(_, value)
            | TaskLine::Assign(_, value)
            | TaskLine::Note(_, Note::Value(value)) => {
                self.value(value, None);
            }
            TaskLine::Due(_, Due { kind: DueKind::At(value), .. }) => self.value(value, None),
            TaskLine::Due(_, Due { kind: DueKind::After { amount, base, by, .. }, .. }) => {
                amount.duration.parts.iter().for_each(|part| self.paint(part.span, Paint::Number, false));
                self.value(base, None);
                if let Some((_, schedule)) = by {
                    self.name(schedule.span, Symbol::Set(schedule.text.clone()), Role::Uses);
                }
            }
            TaskLine::Note(_, Note::Template(_, path)) => self.path_of_file(path),
            TaskLine::Cancel(_) => {}
        }
    }

    fn script(&mut self, script: &Script) {
        script.path.iter().for_each(|path| self.path_of_file(path));
        for line in &script.lines {
            match &line.item {
                ScriptLine::Function { name, parameters, gives, .. } => {
                    self.declared(Some(name), Symbol::Function);
                    for parameter in parameters {
                        self.paint(parameter.name.span, Paint::Parameter, true);
                        self.type_ref(&parameter.ty);
                    }
                    self.type_ref(gives);
                }
                // Without `by` the name of the part is a word of the language, and none that could be changed.
                ScriptLine::Policy { by, .. } => {
                    if let Some((_, name)) = by {
                        self.name(name.span, Symbol::Function(name.text.clone()), Role::Uses);
                    }
                }
                ScriptLine::OnFailure { .. } => {}
            }
        }
    }

    fn type_ref(&mut self, ty: &TypeRef) {
        if let TypeKind::Named(name) = &ty.kind {
            self.paint(name.span, Paint::Type, false);
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::Or { terms, .. } | ConditionKind::And { terms, .. } => {
                terms.iter().for_each(|term| self.condition(term));
            }
            ConditionKind::Not { inner, .. } => self.condition(inner),
            ConditionKind::Test(test) => self.test(test),
        }
    }

    fn test(&mut self, test: &Test) {
        self.value(&test.subject, None);
        let set = self.set_beside(&test.subject);
        let asks_in = test.operator.as_ref().is_some_and(|asked| asked.operation == Operation::In);
        test.operand.items().iter().for_each(|item| self.operand(&item.value, set, asks_in));
    }

    /// A value that something is compared with; behind `in`, a name alone is that of a list or schedule.
    fn operand(&mut self, value: &Value, set: Option<&'static EnumType>, asks_in: bool) {
        if let (true, ValueKind::Path(path)) = (asks_in, &value.kind)
            && let Some(name) = path.single()
            && set.is_none_or(|set| set.find(name).is_none())
        {
            self.name(path.span, Symbol::Set(name.into()), Role::Uses);
        } else {
            self.value(value, set);
        }
    }

    fn value(&mut self, value: &Value, set: Option<&'static EnumType>) {
        match &value.kind {
            ValueKind::Literal(literal) => self.literal(literal),
            ValueKind::Path(path) => self.path(path, set),
            ValueKind::Call(call) => {
                self.name(call.name.span, Symbol::Function(call.name.dotted().into()), Role::Uses);
                call.arguments.iter().for_each(|argument| self.value(argument, None));
            }
            ValueKind::Else { options, .. } => options.iter().for_each(|option| self.value(option, set)),
            ValueKind::Default(_) => {}
        }
    }

    /// A value whose names are words of their own, not those of fields.
    fn bare(&mut self, value: &Value) {
        match &value.kind {
            ValueKind::Path(path) => self.paint(path.span, Paint::Value, false),
            _ => self.value(value, None),
        }
    }

    fn path(&mut self, path: &Path, set: Option<&'static EnumType>) {
        let dotted = path.dotted();
        if let Some((value, _)) = set.and_then(|set| set.find(&dotted)) {
            return self.name(path.span, Symbol::Value(value), Role::Uses);
        }
        let field = self.kinds.iter().find_map(|kind| schema().find_field(*kind, &dotted));
        if let Some(found) = field {
            return self.name(path.span, Symbol::Field(found.field.name_with(found.key).into()), Role::Uses);
        }
        let Some((first, rest)) = path.segments.split_first() else { return };
        let table = canonical(&first.text, &self.kinds);
        self.name(first.span, Symbol::Named(table.clone()), Role::Uses);
        if let [column] = rest {
            self.name(column.span, Symbol::Column(table, column_name(&column.text)), Role::Uses);
        }
    }

    fn literal(&mut self, literal: &Literal) {
        match &literal.kind {
            LiteralKind::Text(text) => self.text(text),
            // Its word is painted as all words are.
            LiteralKind::YesNo(_) => {}
            _ => self.paint(literal.span, Paint::Number, false),
        }
    }

    /// A text, its holes left out.
    fn text(&mut self, text: &TextLiteral) {
        let mut start = text.span.start;
        for part in &text.parts {
            let Part::Hole(hole) = part else { continue };
            self.paint(Span::new(start, hole.span.start), Paint::Text, false);
            self.hole(hole);
            start = hole.span.end;
        }
        self.paint(Span::new(start, text.span.end), Paint::Text, false);
    }

    fn hole(&mut self, hole: &Hole) {
        self.value(&hole.value, None);
        for filter in &hole.filters {
            if let Some((spec, _)) = filters::find(&filter.name.text) {
                self.name(filter.name.span, Symbol::Filter(spec.name), Role::Uses);
            }
            filter.arguments.iter().for_each(|argument| self.value(argument, None));
        }
    }

    fn path_of_file(&mut self, text: &TextLiteral) {
        self.text(text);
        if let Some(path) = text.plain() {
            self.name(text.span, Symbol::File(path.into()), Role::Uses);
        }
    }

    /// The set of values that what is asked has: of `a else b`, that of `a`.
    fn set_beside(&self, value: &Value) -> Option<&'static EnumType> {
        match &value.kind {
            ValueKind::Path(path) => set_of(&path.dotted(), &self.kinds),
            ValueKind::Else { options, .. } => options.first().and_then(|first| self.set_beside(first)),
            _ => None,
        }
    }
}

/// The name of a result column throughout the bundle.
fn column_name(name: &str) -> SmolStr {
    result_column(name).map_or_else(|| name.into(), |column| column.name.into())
}
