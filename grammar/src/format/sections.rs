//! Every kind of section: its header line and its lines.

use unicode_width::UnicodeWidthStr as _;

use super::align::{self, Laid};
use super::spell::Speller;
use super::values::filled;
use super::{INDENT, WIDTH};
use crate::ast::{
    Day, Days, Due, DueKind, Events, Guard, Hook, Hours, List, Need, Note, Parameter, ScheduleLine,
    ScriptLine, SectionKind, Task, TaskLine, TransferLine, TypeKind, TypeRef, Value, Word,
};

/// A section's header line and its lines.
pub(super) fn section<'t>(speller: &mut Speller<'_>, kind: &'t SectionKind) -> (String, Vec<Laid<'t>>) {
    match kind {
        SectionKind::Include(include) => {
            (format!("{} {}", speller.word(include.word), speller.text(&include.path)), Vec::new())
        }
        SectionKind::Filter(filter) => {
            let head = speller.head(filter.word, filter.events.as_ref());
            let lines = filter.lines.iter().map(|line| {
                let verdict = speller.word(line.item.word);
                let text = match &line.item.guard {
                    Guard::Else(word) => format!("{} {verdict}", speller.word(*word)),
                    Guard::When(word, condition) => {
                        let lead = format!("{verdict} {}", speller.word(*word));
                        format!("{lead} {}", speller.wrapped_condition(&lead, INDENT.len(), condition))
                    }
                };
                speller.laid(line, text)
            });
            let lines = lines.collect();
            (head, lines)
        }
        SectionKind::Settings(settings) => {
            let head = speller.head(settings.word, settings.events.as_ref());
            let lines = settings.lines.iter().map(|line| {
                let (key, value) = (speller.name(&line.item.name), speller.value(&line.item.value));
                speller.laid_pair(line, format!("{key}:"), value)
            });
            (head, aligned(lines.collect()))
        }
        SectionKind::Table(table) => {
            let name = table.name.as_ref().map(|name| speller.name(name)).unwrap_or_default();
            let mut head = format!("{} {name}", speller.word(table.word));
            speller.push_events(&mut head, table.events.as_ref());
            if let Some(hit) = table.hit_word {
                head.push_str(", ");
                head.push_str(speller.word(hit));
            }
            (head, speller.rows(table))
        }
        SectionKind::Task(task) => (speller.task_head(task), {
            let lines = task.lines.iter().map(|line| match speller.task_line(&line.item) {
                (Some(key), value) => speller.laid_pair(line, key, value),
                (None, text) => speller.laid(line, text),
            });
            aligned(lines.collect())
        }),
        SectionKind::Fields(fields) => {
            let mut head = speller.word(fields.word).to_owned();
            if let Some((_, whose)) = fields.target {
                head.push(' ');
                head.push_str(speller.word(whose));
            }
            speller.push_events(&mut head, fields.events.as_ref());
            let lines = fields.lines.iter().map(|line| {
                let field = &line.item;
                let mut text = format!("{} {}", speller.word(field.from), speller.value(&field.value));
                if let Some(always) = field.always {
                    text.push_str(", ");
                    text.push_str(speller.word(always));
                }
                speller.laid_pair(line, field.code.text.to_string(), text)
            });
            (head, aligned(lines.collect()))
        }
        SectionKind::Transfer(transfer) => (speller.word(transfer.word).to_owned(), {
            let lines = transfer.lines.iter().map(|line| match speller.transfer_line(&line.item) {
                (Some(key), value) => speller.laid_pair(line, key, value),
                (None, text) => speller.laid(line, text),
            });
            aligned(lines.collect())
        }),
        SectionKind::List(list) => speller.list(list),
        SectionKind::Script(script) => {
            let mut head = speller.word(script.word).to_owned();
            if let Some(path) = &script.path {
                head.push(' ');
                head.push_str(&speller.text(path));
            }
            let lines = script.lines.iter().map(|line| {
                let text = speller.script_line(&line.item);
                speller.laid(line, text)
            });
            let lines = lines.collect();
            (head, lines)
        }
        SectionKind::Schedule(schedule) => {
            let name = schedule.name.as_ref().map(|name| speller.name(name)).unwrap_or_default();
            let mut head = format!("{} {name}", speller.word(schedule.word));
            if let Some((word, zone)) = &schedule.zone {
                head.push_str(&format!(" {} {}", speller.word(*word), speller.text(zone)));
            }
            let lines = schedule.lines.iter().map(|line| {
                let (key, value) = speller.schedule_line(&line.item);
                speller.laid_pair(line, key, value)
            });
            (head, aligned(lines.collect()))
        }
        SectionKind::Unknown => (String::new(), Vec::new()),
    }
}

/// The lines with their values under one another.
fn aligned(mut lines: Vec<Laid<'_>>) -> Vec<Laid<'_>> {
    align::pairs(&mut lines);
    lines
}

impl Speller<'_> {
    /// A keyword and events.
    fn head(&mut self, word: Word, events: Option<&Events>) -> String {
        let mut head = self.word(word).to_owned();
        self.push_events(&mut head, events);
        head
    }

    fn push_events(&mut self, head: &mut String, events: Option<&Events>) {
        let Some(events) = events else { return };
        let targets = events.targets.iter().map(|target| {
            let what = self.word(target.word);
            match target.outcome {
                Some((_, outcome)) => format!("{} {what}", self.word(outcome)),
                None => what.to_owned(),
            }
        });
        let targets = targets.collect::<Vec<_>>().join(", ");
        head.push_str(&format!(" {} {targets}", self.word(events.word)));
    }

    fn task_head(&mut self, task: &Task) -> String {
        let mut head = self.head(task.word, task.events.as_ref());
        if let Some((word, condition)) = &task.when {
            head.push_str(&format!(" {}", self.word(*word)));
            let condition = self.wrapped_condition(&head, 0, condition);
            head.push_str(&format!(" {condition}"));
        }
        head
    }

    /// The key of a line, if it has one, and the rest.
    fn task_line(&mut self, line: &TaskLine) -> (Option<String>, String) {
        let (word, text) = match line {
            TaskLine::Title(word, value)
            | TaskLine::Assign(word, value)
            | TaskLine::Note(word, Note::Value(value)) => (*word, self.value(value)),
            TaskLine::Note(word, Note::Template(template, path)) => {
                (*word, format!("{} {}", self.word(*template), self.text(path)))
            }
            TaskLine::Due(word, due) => (*word, self.due(due)),
            TaskLine::Cancel(word) => return (None, self.word(*word).to_owned()),
        };
        (Some(format!("{}:", self.word(word))), text)
    }

    fn due(&mut self, due: &Due) -> String {
        let (amount, after, base, by) = match &due.kind {
            DueKind::At(value) => return self.value(value),
            DueKind::After { amount, after, base, by } => (amount, after, base, by),
        };
        let mut wait = self.duration(&amount.duration);
        if let Some(working) = amount.working {
            // The word stands after the first number.
            let (number, unit) = wait.split_once(' ').unwrap_or((&wait, ""));
            wait = format!("{number} {} {unit}", self.word(working));
        }
        let mut text = format!("{wait} {} {}", self.word(*after), self.value(base));
        if let Some((word, schedule)) = by {
            text.push_str(&format!(" {} {}", self.word(*word), self.name(schedule)));
        }
        text
    }

    fn transfer_line(&mut self, line: &TransferLine) -> (Option<String>, String) {
        let (word, text) = match line {
            TransferLine::OnlyWhen(word, condition) => {
                let lead = self.word(*word);
                let condition = self.wrapped_condition(lead, INDENT.len(), condition);
                return (None, format!("{lead} {condition}"));
            }
            TransferLine::Won(word, condition) | TransferLine::Lost(word, condition) => {
                let lead = format!("{}:", self.word(*word));
                (*word, self.wrapped_condition(&lead, INDENT.len(), condition))
            }
            TransferLine::Funnel(word, value) | TransferLine::Amount(word, value) => {
                (*word, self.value(value))
            }
            TransferLine::Pass(word, values) => (*word, self.values(values)),
        };
        (Some(format!("{}:", self.word(word))), text)
    }

    fn list<'t>(&mut self, list: &'t List) -> (String, Vec<Laid<'t>>) {
        let name = list.name.as_ref().map(|name| self.name(name)).unwrap_or_default();
        let mut head = format!("{} {name}", self.word(list.word));
        if let Some(file) = &list.file {
            head.push_str(&format!(" {} {}", self.word(file.from), self.text(&file.path)));
            if let Some((word, column)) = &file.column {
                head.push_str(&format!(" {} {}", self.word(*word), self.text(column)));
            }
        }
        let mut lines: Vec<Laid<'t>> = Vec::new();
        if !list.inline.is_empty() {
            let inline = format!("{head}: {}", self.values(&list.inline));
            if inline.width() <= WIDTH {
                head = inline;
            } else {
                lines.extend(self.list_lines(&list.inline).into_iter().map(Laid::bare));
            }
        }
        for line in &list.lines {
            let whole = self.laid(line, String::new());
            if whole.is_verbatim() {
                lines.push(whole);
                continue;
            }
            let texts = self.list_lines(&line.item);
            let last = texts.len().saturating_sub(1);
            // Of several lines made from one, the first takes the comments above, the last the one after.
            for (at, text) in texts.into_iter().enumerate() {
                let mut laid = self.laid(line, text);
                if at > 0 {
                    (laid.leading, laid.blank_before, laid.moved) = (&[], false, Vec::new());
                }
                if at < last {
                    laid.without_trailing();
                }
                lines.push(laid);
            }
        }
        (head, lines)
    }

    /// Values on as many lines as they need.
    fn list_lines(&mut self, values: &[Value]) -> Vec<String> {
        let values: Vec<String> = values.iter().map(|value| self.value(value)).collect();
        let filled = filled(&values, INDENT.len());
        filled.lines().map(|line| line.trim().trim_end_matches(',').to_owned()).collect()
    }

    fn script_line(&mut self, line: &ScriptLine) -> String {
        match line {
            ScriptLine::Function { word, name, parameters, gives_word, gives } => {
                let parameters: Vec<String> =
                    parameters.iter().map(|parameter| self.parameter(parameter)).collect();
                format!(
                    "{} {}({}) {} {}",
                    self.word(*word),
                    self.name(name),
                    parameters.join(", "),
                    self.word(*gives_word),
                    self.type_ref(gives)
                )
            }
            ScriptLine::Policy { word, hook, events, by, needs_word, needs } => {
                let hook = match hook {
                    Hook::Named(name) => self.name(name),
                    Hook::Fields { word, target_word, .. } => {
                        format!("{} {}", self.genitive(*word), self.word(*target_word))
                    }
                };
                let mut text = format!("{} {hook}", self.word(*word));
                self.push_events(&mut text, Some(events));
                if let Some((word, name)) = by {
                    text.push_str(&format!(" {} {}", self.word(*word), self.name(name)));
                }
                if let Some(word) = needs_word {
                    let facts: Vec<String> = needs.iter().map(|need| self.need(need)).collect();
                    text.push_str(&format!(" {} {}", self.word(*word), facts.join(", ")));
                }
                text
            }
            ScriptLine::OnFailure { word, mode_word, .. } => {
                format!("{}: {}", self.word(*word), self.word(*mode_word))
            }
        }
    }

    fn need(&mut self, need: &Need) -> String {
        let fact = self.path(&need.fact);
        match &need.count {
            Some(count) => format!("{fact}({})", count.text),
            None => fact,
        }
    }

    fn parameter(&mut self, parameter: &Parameter) -> String {
        format!("{}: {}", self.name(&parameter.name), self.type_ref(&parameter.ty))
    }

    fn type_ref(&mut self, ty: &TypeRef) -> String {
        let kind = match &ty.kind {
            TypeKind::Text(word)
            | TypeKind::Number(word)
            | TypeKind::YesNo(word)
            | TypeKind::Phone(word)
            | TypeKind::Duration(word)
            | TypeKind::Moment(word)
            | TypeKind::Date(word)
            | TypeKind::Time(word) => self.word(*word).to_owned(),
            TypeKind::Named(name) => self.name(name),
        };
        let list = ty.list.map(|word| format!("{} ", self.word(word))).unwrap_or_default();
        format!("{list}{kind}{}", if ty.optional { "?" } else { "" })
    }

    fn schedule_line(&mut self, line: &ScheduleLine) -> (String, String) {
        let days: Vec<String> = line.days.iter().map(|days| self.days(days)).collect();
        let hours = match &line.hours {
            Hours::Closed(word) => self.word(*word).to_owned(),
            Hours::Open(intervals) => {
                let intervals =
                    intervals.iter().map(|open| format!("{}-{}", open.from.written, open.to.written));
                intervals.collect::<Vec<_>>().join(", ")
            }
        };
        (format!("{}:", days.join(", ")), hours)
    }

    fn days(&self, days: &Days) -> String {
        let from = self.day(&days.from);
        match (&days.from, &days.to) {
            (_, None) => from,
            (Day::Week(..), Some(to)) => format!("{from}-{}", self.day(to)),
            (Day::Date(_), Some(to)) => format!("{from}..{}", self.day(to)),
        }
    }

    fn day(&self, day: &Day) -> String {
        match day {
            Day::Week(_, word) => self.word(*word).to_owned(),
            Day::Date(date) => date.written.to_string(),
        }
    }
}
