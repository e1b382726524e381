//! `unused-list`, `unused-table`, `unused-schedule`: declared, and nothing asks for it.

use switchboard_grammar::ast::{Name, SectionKind};
use switchboard_grammar::codes::{self, Code};
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};

use super::Rules;

/// Finds them.
pub(super) fn find(rules: &Rules<'_, '_>) -> Vec<Diagnostic> {
    let scope = &rules.checker.scope;
    let lists = scope.lists.iter().filter(|list| !list.used).map(|list| (list.section, Kind::List));
    let tables = scope.tables.iter().filter(|table| !table.used).map(|table| (table.section, Kind::Table));
    let schedules =
        scope.schedules.iter().filter(|schedule| !schedule.used).map(|found| (found.section, Kind::Schedule));
    lists.chain(tables).chain(schedules).filter_map(|(section, kind)| report(rules, section, kind)).collect()
}

#[derive(Clone, Copy)]
enum Kind {
    List,
    Table,
    Schedule,
}

fn report(rules: &Rules<'_, '_>, section: usize, kind: Kind) -> Option<Diagnostic> {
    let placed = rules.checker.sections.get(section)?;
    let name: &Name = match &placed.section.kind {
        SectionKind::List(list) => list.name.as_ref()?,
        SectionKind::Table(table) => table.name.as_ref()?,
        SectionKind::Schedule(schedule) => schedule.name.as_ref()?,
        _ => return None,
    };
    let (code, en, ru): (&'static Code, _, _) = match kind {
        Kind::List => {
            (&codes::UNUSED_LIST, "no rule asks for the list", "ни одно правило не спрашивает список")
        }
        Kind::Table => {
            (&codes::UNUSED_TABLE, "no rule uses the table", "ни одно правило не использует таблицу")
        }
        Kind::Schedule => {
            (&codes::UNUSED_SCHEDULE, "no rule uses the schedule", "ни одно правило не использует расписание")
        }
    };
    Some(Diagnostic::new(
        code,
        Text::new(format!("{en} `{}`", name.text), format!("{ru} `{}`", name.text)),
        Label::new(placed.file, name.span, Text::new("has no effect", "ни на что не влияет")),
    ))
}
