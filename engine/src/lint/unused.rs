//! `unused-list`, `unused-table`, `unused-schedule`: declared, and nothing asks for it.
//!
//! In rules with mistakes a line that could not be understood may be the one that asks: there a name counts as used
//! wherever else it is written.

use switchboard_grammar::ast::{Name, SectionKind};
use switchboard_grammar::codes::{self, Code};
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};
use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

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
    if has_mistakes(rules) && is_written_elsewhere(rules, placed.file, name) {
        return None;
    }
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

fn has_mistakes(rules: &Rules<'_, '_>) -> bool {
    let checker = rules.checker;
    checker.sections.iter().any(|placed| placed.section.broken)
        || checker.found.iter().any(Diagnostic::is_error)
}

/// Whether the name stands as a whole word anywhere but where it is declared.
fn is_written_elsewhere(rules: &Rules<'_, '_>, file: FileId, name: &Name) -> bool {
    let in_word = |ch: char| ch.is_alphanumeric() || matches!(ch, '_' | '.');
    rules.checker.sources.iter().any(|(id, source)| {
        let text = source.text();
        text.match_indices(name.text.as_str()).any(|(at, _)| {
            let is_declaration = id == file && Span::of(at..at + name.text.len()) == name.span;
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + name.text.len()..).and_then(|after| after.chars().next());
            !is_declaration && !before.is_some_and(in_word) && !after.is_some_and(in_word)
        })
    })
}
