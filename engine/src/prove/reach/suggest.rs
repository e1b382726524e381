//! The tests that are missing: few events that reach everything which no test reaches yet.
//!
//! A greedy choice: again and again the event that reaches most of what is left, of equals the plainest. First for
//! everything that counts (rows, lines, tasks, fields), then, if that is asked for, for every cell and part of a condition
//! that can alone keep something from counting.

use std::collections::BTreeSet;

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use super::find::{Answer, Finder, Reached};
use crate::bundle::Slot;
use crate::decide::Aim;

/// A test that is missing.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The event that it is about.
    pub reached: Reached,
    /// What it reaches that nothing before it does; what it was chosen for first.
    pub aims: Vec<Aim>,
}

/// Tests that are missing, and what no test is known for.
#[derive(Clone, Debug, Default)]
pub struct Suggestions {
    /// The tests.
    pub tests: Vec<Suggestion>,
    /// What no event reaches; proved.
    pub never: Vec<Aim>,
    /// What nothing was found for.
    pub open: Vec<Aim>,
}

impl Finder<'_> {
    /// The tests that are missing where `covered` is reached already; `parts`: those for cells and parts of conditions, too.
    pub fn suggest(&self, covered: &BTreeSet<Aim>, parts: bool) -> Suggestions {
        let mut found = Suggestions::default();
        let mut covered = covered.clone();
        let mut wanted: Vec<BTreeSet<Aim>> = vec![self.aims().filter(|aim| aim.counts()).collect()];
        if parts {
            wanted.push(self.aims().filter(|aim| !aim.counts()).collect());
        }
        for wanted in wanted {
            let mut left = BTreeSet::new();
            let mut events: Vec<(&Reached, BTreeSet<Aim>)> = Vec::new();
            for aim in wanted.difference(&covered).copied() {
                match self.answer(aim) {
                    Answer::Events(reached) => {
                        left.insert(aim);
                        events.extend(reached.into_iter().map(|event| (event, self.reached(event))));
                    }
                    Answer::Never => found.never.push(aim),
                    Answer::Open => found.open.push(aim),
                }
            }
            while !left.is_empty() {
                let gain = |aims: &BTreeSet<Aim>| aims.intersection(&left).count();
                let best =
                    events.iter().max_by_key(|(event, aims)| (gain(aims), std::cmp::Reverse(event.told)));
                let Some((event, aims)) = best.filter(|(_, aims)| gain(aims) > 0) else { break };
                let new: Vec<Aim> = aims.intersection(&left).copied().collect();
                left.retain(|aim| !aims.contains(aim));
                covered.extend(aims.iter().copied());
                found.tests.push(Suggestion { reached: (*event).clone(), aims: new });
            }
            found.open.extend(left);
        }
        found
    }

    /// The name of a place: `row 2 of the table entities`.
    pub fn name(&self, aim: Aim) -> Text {
        let program = &self.bundle.program;
        let info = program.sections.get(aim.section() as usize);
        let head = info.map_or("", |info| program.text(aim.section(), info.head));
        let head = head.split_whitespace().collect::<Vec<_>>().join(" ");
        let row = |row: u32| row + 1;
        let (en, ru) = match aim {
            Aim::Row { row: at, .. } => (format!("row {}", row(at)), format!("строка {}", row(at))),
            Aim::Otherwise { section } => {
                let closed =
                    program.tables.iter().any(|table| table.section == section && table.otherwise.is_some());
                match closed {
                    true => ("row `else`".to_owned(), "строка `иначе`".to_owned()),
                    false => ("no row".to_owned(), "ни одной строки".to_owned()),
                }
            }
            Aim::Cell { row: at, column, .. } => (
                format!("row {}, only column {} does not fit", row(at), row(column)),
                format!("строка {}: не подошёл только столбец {}", row(at), row(column)),
            ),
            Aim::Line { row: at, .. } => (format!("line {}", row(at)), format!("строка {}", row(at))),
            Aim::LinePart { row: at, part, .. } => (
                format!("line {}, only part {} does not hold", row(at), row(part)),
                format!("строка {}: не выполнена только часть {}", row(at), row(part)),
            ),
            Aim::Section { .. } => ("counts".to_owned(), "срабатывает".to_owned()),
            Aim::SectionPart { part, .. } => (
                format!("only part {} of its condition does not hold", row(part)),
                format!("не выполнена только часть {} условия", row(part)),
            ),
            Aim::Field { line, .. } => (
                format!("the field of line {line} is written"),
                format!("записано поле в строке {line} файла"),
            ),
            Aim::Outcome { line, .. } => {
                (format!("line {line} ends the deal"), format!("сделку завершает строка {line} файла"))
            }
        };
        Text::new(format!("{head}: {en}"), format!("{head}: {ru}"))
    }

    /// A short name of a place for the name of a file: `entities-row-2`.
    pub fn slug(&self, slot: Slot, aim: Aim, lang: Lang) -> String {
        let program = &self.bundle.program;
        let info = program.sections.get(aim.section() as usize);
        let head = info.map_or("", |info| program.text(aim.section(), info.head));
        let words: Vec<&str> = head.split_whitespace().collect();
        let is_table = program.tables.iter().any(|table| table.section == aim.section());
        let section = words.get(usize::from(is_table)).copied().unwrap_or("rules");
        let kind = kind(slot).get(lang).to_lowercase().replace(' ', "-");
        let number = match aim {
            Aim::Row { row, .. }
            | Aim::Cell { row, .. }
            | Aim::Line { row, .. }
            | Aim::LinePart { row, .. } => {
                format!("-{}", row + 1)
            }
            Aim::Field { line, .. } | Aim::Outcome { line, .. } => format!("-{line}"),
            Aim::Otherwise { .. } => lang.pick("-else", "-иначе").to_owned(),
            Aim::Section { .. } | Aim::SectionPart { .. } => String::new(),
        };
        let not = if aim.counts() { "" } else { lang.pick("-not", "-не") };
        let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
        format!("{kind}-{section}{number}{not}").chars().map(plain).collect()
    }

    /// The file and line of a place's section.
    pub fn place(&self, aim: Aim) -> Option<(String, u32)> {
        let program = &self.bundle.program;
        let info = program.sections.get(aim.section() as usize)?;
        let own = |section: u32, row: u32| {
            let table = program.tables.iter().find(|table| table.section == section);
            let filter = program.filters.iter().find(|filter| filter.section == section);
            let of_table = table.and_then(|table| table.rows.get(row as usize)).map(|row| row.line);
            of_table.or_else(|| filter?.lines.get(row as usize).map(|line| line.line))
        };
        let line = match aim {
            Aim::Row { section, row }
            | Aim::Cell { section, row, .. }
            | Aim::Line { section, row }
            | Aim::LinePart { section, row, .. } => own(section, row),
            Aim::Field { line, .. } | Aim::Outcome { line, .. } => Some(line),
            Aim::Otherwise { .. } | Aim::Section { .. } | Aim::SectionPart { .. } => None,
        };
        Some((program.sources.get(info.file)?.name().to_owned(), line.unwrap_or(info.line)))
    }
}

/// What an event of a slot is called.
pub(super) fn kind(slot: Slot) -> Text {
    let (en, ru) = match slot {
        Slot::IncomingCall => ("Incoming call", "Входящий звонок"),
        Slot::OutgoingCall => ("Outgoing call", "Исходящий звонок"),
        Slot::Chat => ("Chat", "Чат"),
        Slot::Request => ("Request", "Заявка"),
        Slot::Order => ("Order", "Заказ"),
    };
    Text::new(en, ru)
}
