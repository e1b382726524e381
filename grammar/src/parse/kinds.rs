//! The kinds of sections, each from its header line and its lines.

use super::line::Rest;
use super::rows::{Width, is_like_ruler, is_ruler, width_of};
use super::section::Carried;
use super::{Parser, plain};
use crate::ast::{
    FieldsSection, Filter, FilterLine, Guard, HitPolicy, Line, List, Row, Schedule, Script, ScriptLine,
    SectionKind, Settings, Table, Task, Transfer, Value, Word,
};
use crate::explain;
use crate::sections::RawLine;
use crate::span::Span;
use crate::statement::Statement;

impl Parser<'_> {
    pub(super) fn include(
        &mut self,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let include = self.head(head, Statement::IncludeHead, |reader, node| reader.include_head(node));
        self.superfluous(lines, carried);
        include.map_or(SectionKind::Unknown, SectionKind::Include)
    }

    pub(super) fn filter(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::FilterHead, |reader, node| reader.events_head(node));
        let (word, events) = head.map_or((word, None), |(word, events)| (word, Some(events)));
        let lines =
            self.lines(lines, carried, Statement::FilterLine, |reader, node| reader.filter_line(node));
        self.else_line_is_last(&lines);
        SectionKind::Filter(Filter { word, events, lines })
    }

    pub(super) fn settings(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::SettingsHead, |reader, node| reader.events_head(node));
        let (word, events) = head.map_or((word, None), |(word, events)| (word, Some(events)));
        let lines =
            self.lines(lines, carried, Statement::SettingsLine, |reader, node| reader.settings_line(node));
        SectionKind::Settings(Settings { word, events, lines })
    }

    pub(super) fn table(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::TableHead, |reader, node| reader.table_head(node));
        let empty = Table {
            word,
            name: None,
            events: None,
            hit: HitPolicy::First,
            hit_word: None,
            head: None,
            ruler: None,
            rows: Vec::new(),
        };
        let mut table = match head {
            Some(head) => Table {
                word: head.word,
                name: Some(head.name),
                events: Some(head.events),
                hit: head.hit,
                hit_word: head.hit_word,
                ..empty
            },
            None => empty,
        };
        self.rows(&mut table, lines, carried);
        self.else_row_is_last(&table.rows);
        SectionKind::Table(Box::new(table))
    }

    fn rows(&mut self, table: &mut Table, lines: Vec<RawLine>, carried: &mut Carried) {
        let below = self.agreed_width(lines.get(1..).unwrap_or_default());
        // The head's place and width, once there is a head.
        let mut head = None;
        for (at, raw) in lines.into_iter().enumerate() {
            let span = raw.span;
            let code = span.text(self.text);
            let ruler = is_ruler(code);
            if !self.readable(&raw) {
                carried.extend(Rest::of(raw).comments());
                if head.is_none() {
                    return;
                }
            } else if !code.starts_with('|') {
                self.sink.report(explain::rows::not_a_row(self.file, span, code));
                carried.extend(Rest::of(raw).comments());
                if head.is_none() {
                    // Most likely the names without their first bar: one problem, not one for each row.
                    return;
                }
            } else if at == 1 && !ruler && is_like_ruler(code) && head.is_some() {
                self.sink.report(explain::rows::broken_ruler(self.file, span, code));
                carried.extend(Rest::of(raw).comments());
            } else if ruler && at == 1 && head.is_some() {
                table.ruler = Some(Rest::of(raw).with((), carried));
            } else if ruler && head.is_none() {
                // The names are missing; if the header line is reported, they most likely stand there.
                if table.name.is_some() {
                    self.sink.report(explain::rows::no_names(self.file, self.lang, span));
                }
                return;
            } else if ruler {
                self.sink.report(explain::rows::stray_ruler(self.file, span));
                carried.extend(Rest::of(raw).comments());
            } else if let Some((place, width)) = head {
                match self.row(span, place, width) {
                    Some(row) => table.rows.push(Rest::of(raw).with(row, carried)),
                    None => carried.extend(Rest::of(raw).comments()),
                }
            } else {
                let errors = self.sink.errors();
                let (read, width) = self.head_row(span);
                head = width.map(|width| (span, width));
                if let (Some(width), Some((row, below))) = (width, below)
                    && width != below
                {
                    // The rows agree with each other, so it is the names that are one too many or too few.
                    if self.sink.errors() == errors {
                        self.sink.report(explain::rows::head_width(self.file, span, width, row, below));
                    }
                    return;
                }
                match read {
                    Some(read) => table.head = Some(Rest::of(raw).with(read, carried)),
                    None => carried.extend(Rest::of(raw).comments()),
                }
                if head.is_none() {
                    // Without a head no row can be read; the head is reported.
                    return;
                }
            }
        }
    }

    /// The width that all rows of these lines have, when there are several and they agree; and the first of them.
    fn agreed_width(&self, lines: &[RawLine]) -> Option<(Span, Width)> {
        let mut agreed: Option<(Span, Width)> = None;
        let mut count = 0;
        for line in lines.iter().filter(|line| line.fault.is_none()) {
            let Some(width) = width_of(line.span.text(self.text)) else { continue };
            count += 1;
            match agreed {
                Some((_, first)) if first != width => return None,
                Some(_) => {}
                None => agreed = Some((line.span, width)),
            }
        }
        agreed.filter(|_| count > 1)
    }

    pub(super) fn task(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::TaskHead, |reader, node| reader.task_head(node));
        let lines = self.lines(lines, carried, Statement::TaskLine, |reader, node| reader.task_line(node));
        SectionKind::Task(match head {
            Some(head) => Task { word: head.word, events: Some(head.events), when: head.when, lines },
            None => Task { word, events: None, when: None, lines },
        })
    }

    pub(super) fn fields(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::FieldsHead, |reader, node| reader.fields_head(node));
        let lines =
            self.lines(lines, carried, Statement::FieldsLine, |reader, node| reader.fields_line(node));
        SectionKind::Fields(match head {
            Some(head) => {
                FieldsSection { word: head.word, target: Some(head.target), events: Some(head.events), lines }
            }
            None => FieldsSection { word, target: None, events: None, lines },
        })
    }

    pub(super) fn transfer(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::TransferHead, |reader, node| reader.transfer_head(node));
        let lines =
            self.lines(lines, carried, Statement::TransferLine, |reader, node| reader.transfer_line(node));
        SectionKind::Transfer(Transfer { word: head.unwrap_or(word), lines })
    }

    pub(super) fn list(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::ListHead, |reader, node| reader.list_head(node));
        let file = head.as_ref().is_some_and(|head| head.file.is_some());
        let lines = if file {
            self.superfluous(lines, carried);
            Vec::new()
        } else {
            self.list_lines(lines, carried)
        };
        SectionKind::List(match head {
            Some(head) => {
                List { word: head.word, name: Some(head.name), file: head.file, inline: head.inline, lines }
            }
            None => List { word, name: None, file: None, inline: Vec::new(), lines },
        })
    }

    fn list_lines(&mut self, lines: Vec<RawLine>, carried: &mut Carried) -> Vec<Line<Vec<Value>>> {
        let mut done = Vec::with_capacity(lines.len());
        for raw in lines {
            let plain =
                if raw.fault.is_none() { plain::value(raw.span.text(self.text), raw.span) } else { None };
            let item = match plain {
                Some(value) => Some(vec![value]),
                None => self.line(&raw, Statement::ListLine, |reader, node| reader.list_line(node)),
            };
            let rest = Rest::of(raw);
            match item {
                Some(item) => done.push(rest.with(item, carried)),
                None => carried.extend(rest.comments()),
            }
        }
        done
    }

    pub(super) fn script(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::ScriptHead, |reader, node| reader.script_head(node));
        let (word, path) = head.map_or((word, None), |(word, path)| (word, Some(path)));
        let mut done: Vec<Line<ScriptLine>> = Vec::with_capacity(lines.len());
        for raw in lines {
            let item = match explain::scripts::script_statement(raw.span.text(self.text)) {
                Some(statement @ Statement::FunctionLine) => {
                    self.line(&raw, statement, |reader, node| reader.function_line(node))
                }
                Some(statement @ Statement::PolicyLine) => {
                    self.line(&raw, statement, |reader, node| reader.policy_line(node))
                }
                Some(_) => self.line(&raw, Statement::FailureLine, |reader, node| reader.failure_line(node)),
                None => {
                    if self.readable(&raw) {
                        let code = raw.span.text(self.text);
                        self.sink.report(explain::scripts::unknown_script_line(
                            self.file, self.lang, code, raw.span,
                        ));
                    }
                    None
                }
            };
            let rest = Rest::of(raw);
            match item {
                Some(item) => done.push(rest.with(item, carried)),
                None => carried.extend(rest.comments()),
            }
        }
        SectionKind::Script(Script { word, path, lines: done })
    }

    pub(super) fn schedule(
        &mut self,
        word: Word,
        head: Option<&RawLine>,
        lines: Vec<RawLine>,
        carried: &mut Carried,
    ) -> SectionKind {
        let head = self.head(head, Statement::ScheduleHead, |reader, node| reader.schedule_head(node));
        let lines =
            self.lines(lines, carried, Statement::ScheduleLine, |reader, node| reader.schedule_line(node));
        SectionKind::Schedule(match head {
            Some(head) => Schedule { word: head.word, name: Some(head.name), zone: Some(head.zone), lines },
            None => Schedule { word, name: None, zone: None, lines },
        })
    }

    /// Lines of a section that has none.
    fn superfluous(&mut self, lines: Vec<RawLine>, carried: &mut Carried) {
        if let Some(line) = lines.first() {
            self.sink.report(explain::lines::superfluous(self.file, line.span));
        }
        lines.into_iter().for_each(|line| carried.extend(Rest::of(line).comments()));
    }

    fn else_line_is_last(&mut self, lines: &[Line<FilterLine>]) {
        let otherwise = |line: &&Line<FilterLine>| matches!(line.item.guard, Guard::Else(_));
        self.else_is_last(
            lines.iter().find(otherwise).map(|line| line.span),
            lines.last().map(|line| line.span),
        );
    }

    fn else_row_is_last(&mut self, rows: &[Line<Row>]) {
        let otherwise = |line: &&Line<Row>| line.item.otherwise.is_some();
        self.else_is_last(
            rows.iter().find(otherwise).map(|line| line.span),
            rows.last().map(|line| line.span),
        );
    }

    /// Reports an `else` that something stands below.
    fn else_is_last(&mut self, otherwise: Option<Span>, last: Option<Span>) {
        if let Some((otherwise, last)) = otherwise.zip(last)
            && otherwise != last
        {
            self.sink.report(explain::lines::else_not_last(self.file, self.lang, otherwise, last));
        }
    }
}
