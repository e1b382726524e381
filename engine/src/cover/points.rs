//! Everything of a program that a decision can depend on.

use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

use super::{Part, PointId, Reach};
use crate::program::{Cond, Filter, Guard, Program, Row, Slot, Spans, Table, Target};

/// A thing that an event reaches or does not, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Point {
    /// Its name.
    pub id: PointId,
    /// The file.
    pub file: FileId,
    /// The line, from 1.
    pub line: u32,
    /// The text that it is about; empty where a whole line is meant.
    pub span: Span,
}

/// All points of a program, by name.
pub(crate) fn points(program: &Program) -> Vec<Point> {
    let mut list = List { program, points: Vec::new() };
    program.filters.iter().for_each(|filter| list.filter(filter));
    for (table, number) in program.tables.iter().zip(0u32..) {
        if !is_for_clicks(program, number) {
            list.table(table);
        }
    }
    for (setting, place) in program.setting_places.iter().enumerate() {
        let asked = |slot: &Slot| program.plan(*slot).settings.iter().any(|at| *at as usize == setting);
        if Slot::ALL.iter().any(asked) {
            list.add(place.section, Part::Setting(place.line), Reach::Counts, place.line, Span::default());
        }
    }
    list.tasks();
    for field in &program.fields {
        list.add(field.section, Part::Field(field.line), Reach::Counts, field.line, Span::default());
    }
    for policy in &program.policies {
        let place = policy.place;
        list.add(place.section, Part::Policy(place.line), Reach::Counts, place.line, Span::default());
    }
    list.transfer();
    let mut points = list.points;
    points.sort_unstable_by_key(|point| point.id);
    points
}

/// Whether a table is asked for clicks in the CRM only, which are no decisions.
fn is_for_clicks(program: &Program, table: u32) -> bool {
    Slot::ALL.into_iter().any(|slot| {
        let plan = program.plan(slot);
        let target = plan.click_to_call.and_then(|named| plan.named.get(named.0 as usize)?.as_ref());
        let Some(Target::Table { local, .. }) = target else { return false };
        plan.tables.get(local.0 as usize) == Some(&table)
    })
}

struct List<'p> {
    program: &'p Program,
    points: Vec<Point>,
}

impl List<'_> {
    fn add(&mut self, section: u32, part: Part, reach: Reach, line: u32, span: Span) {
        let Some(info) = self.program.sections.get(section as usize) else { return };
        self.points.push(Point { id: PointId { section, part, reach }, file: info.file, line, span });
    }

    fn filter(&mut self, filter: &Filter) {
        for (line, number) in filter.lines.iter().zip(0u32..) {
            let part = Part::Line(number);
            match &line.guard {
                Guard::Else => self.add(filter.section, part, Reach::Counts, line.line, Span::default()),
                Guard::When(condition, spans) => {
                    self.add(filter.section, part, Reach::Counts, line.line, spans.whole);
                    self.condition(filter.section, part, line.line, condition, spans);
                }
            }
        }
    }

    /// Both answers of a condition, and of each of its tests when it has several.
    fn condition(&mut self, section: u32, part: Part, line: u32, condition: &Cond, spans: &Spans) {
        for holds in [true, false] {
            self.add(section, part, Reach::Holds(holds), line, spans.whole);
        }
        let tests = u32::try_from(condition.tests().len()).unwrap_or(u32::MAX);
        if tests < 2 {
            return;
        }
        for number in 0..tests {
            let span = spans.tests.get(number as usize).copied().unwrap_or(spans.whole);
            let line = self.line_of(section, span).unwrap_or(line);
            for holds in [true, false] {
                self.add(section, part, Reach::Test { number, holds }, line, span);
            }
        }
    }

    fn line_of(&self, section: u32, span: Span) -> Option<u32> {
        let info = self.program.sections.get(section as usize)?;
        Some(self.program.sources.get(info.file)?.line_of(span.start))
    }

    fn table(&mut self, table: &Table) {
        for (row, number) in table.rows.iter().zip(0u32..) {
            let part = Part::Row(number);
            self.add(table.section, part, Reach::Counts, row.line, whole(row));
            for (input, column) in table.inputs.iter().zip(0u32..) {
                if input.check_of(number).is_none() {
                    continue;
                }
                let span = row.cells.get(column as usize).copied().unwrap_or_default();
                for passes in [true, false] {
                    self.add(table.section, part, Reach::Cell { column, passes }, row.line, span);
                }
            }
        }
        if let Some(row) = &table.otherwise {
            self.add(table.section, Part::ElseRow, Reach::Counts, row.line, whole(row));
        }
    }

    fn tasks(&mut self) {
        for task in &self.program.tasks {
            let Some(info) = self.program.sections.get(task.section as usize) else { continue };
            let (line, head) = (info.line, info.head);
            self.add(task.section, Part::Whole, Reach::Counts, line, head);
            if let Some((condition, spans)) = &task.when {
                self.condition(task.section, Part::Whole, line, condition, spans);
            }
        }
    }

    fn transfer(&mut self) {
        let Some(transfer) = &self.program.transfer else { return };
        let section = transfer.section;
        if transfer.only_when.is_none() {
            let line = self.program.sections.get(section as usize).map_or(0, |info| info.line);
            self.add(section, Part::Whole, Reach::Counts, line, Span::default());
        }
        let conditions =
            [(Part::OnlyWhen, &transfer.only_when), (Part::Won, &transfer.won), (Part::Lost, &transfer.lost)];
        for (part, condition) in conditions {
            let Some((line, condition, spans)) = condition else { continue };
            self.add(section, part, Reach::Counts, *line, spans.whole);
            self.condition(section, part, *line, condition, spans);
        }
    }
}

fn whole(row: &Row) -> Span {
    row.cells.iter().copied().reduce(Span::cover).unwrap_or_default()
}
