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
use crate::program::point::{Part, PointId, Reach};

/// A test that is missing.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The event that it is about.
    pub reached: Reached,
    /// What it reaches that nothing before it does, what tells most of it first.
    pub points: Vec<PointId>,
}

/// Tests that are missing, and what no test is known for.
#[derive(Clone, Debug, Default)]
pub struct Suggestions {
    /// The tests.
    pub tests: Vec<Suggestion>,
    /// What no event reaches; proved.
    pub never: Vec<PointId>,
    /// What nothing was found for.
    pub open: Vec<PointId>,
}

impl Finder<'_> {
    /// The tests that are missing where `covered` is reached already; `parts`: those for cells and parts of conditions, too.
    pub fn suggest(&self, covered: &BTreeSet<PointId>, parts: bool) -> Suggestions {
        let mut found = Suggestions::default();
        let mut covered = covered.clone();
        let mut wanted: Vec<BTreeSet<PointId>> = vec![self.points().filter(|point| point.counts()).collect()];
        if parts {
            wanted.push(self.points().filter(|point| !point.counts()).collect());
        }
        for wanted in wanted {
            let mut left = BTreeSet::new();
            let mut events: Vec<(&Reached, BTreeSet<PointId>)> = Vec::new();
            for point in wanted.difference(&covered).copied() {
                match self.answer(point) {
                    Answer::Events(reached) => {
                        left.insert(point);
                        events.extend(reached.into_iter().map(|event| (event, self.reached(event))));
                    }
                    Answer::Never => found.never.push(point),
                    Answer::Open => found.open.push(point),
                }
            }
            while !left.is_empty() {
                let gain = |points: &BTreeSet<PointId>| points.intersection(&left).count();
                let best =
                    events.iter().max_by_key(|(event, points)| (gain(points), std::cmp::Reverse(event.told)));
                let Some((event, points)) = best.filter(|(_, points)| gain(points) > 0) else { break };
                let mut new: Vec<PointId> = points.intersection(&left).copied().collect();
                new.sort_by_key(|point| telling(*point));
                left.retain(|point| !points.contains(point));
                covered.extend(points.iter().copied());
                found.tests.push(Suggestion { reached: (*event).clone(), points: new });
            }
            found.open.extend(left);
        }
        found
    }

    /// The name of a place: `table entities for calls: row 2`.
    pub fn name(&self, point: PointId) -> Text {
        let (en, ru) = self.part_name(point);
        let parted = |en: &str, ru: &str, number: u32, holds: bool| {
            let (not_en, not_ru) = if holds {
                ("holds", "выполнена")
            } else {
                ("does not hold", "не выполнена")
            };
            let number = number + 1;
            Text::new(
                format!("{en}, it is part {number} that {not_en}"),
                format!("{ru}: дело в том, что часть {number} {not_ru}"),
            )
        };
        let told = match point.reach {
            Reach::Counts => Text::new(en, ru),
            Reach::Holds(true) => {
                Text::new(format!("{en}, its condition holds"), format!("{ru}: условие выполнено"))
            }
            Reach::Holds(false) => {
                Text::new(format!("{en}, its condition does not hold"), format!("{ru}: условие не выполнено"))
            }
            Reach::Test { number, holds } => parted(&en, &ru, number, holds),
            Reach::Cell { column, passes: true } => Text::new(
                format!("{en}, column {} fits", column + 1),
                format!("{ru}: подошёл столбец {}", column + 1),
            ),
            Reach::Cell { column, passes: false } => Text::new(
                format!("{en}, only column {} does not fit", column + 1),
                format!("{ru}: не подошёл только столбец {}", column + 1),
            ),
        };
        let head = self.head(point.section);
        Text::new(format!("{head}: {}", told.en), format!("{head}: {}", told.ru))
    }

    fn part_name(&self, point: PointId) -> (String, String) {
        let both = |en: &str, ru: &str| (en.to_owned(), ru.to_owned());
        match point.part {
            Part::Row(row) => (format!("row {}", row + 1), format!("строка {}", row + 1)),
            Part::Line(line) => (format!("line {}", line + 1), format!("строка {}", line + 1)),
            Part::ElseRow => both("row `else`", "строка `иначе`"),
            Part::Whole if point.counts() => both("counts", "срабатывает"),
            Part::Whole => both("the header", "заголовок"),
            Part::Field(line) => (
                format!("the field of line {line} is written"),
                format!("записано поле в строке {line} файла"),
            ),
            Part::Setting(line) => (
                format!("the setting of line {line} is asked for"),
                format!("понадобилась настройка в строке {line} файла"),
            ),
            Part::Policy(line) => (
                format!("the policy of line {line} runs"),
                format!("выполняется политика в строке {line} файла"),
            ),
            Part::OnlyWhen => both("`only when`", "«только когда»"),
            Part::Won => both("`won`", "«выиграна»"),
            Part::Lost => both("`lost`", "«проиграна»"),
        }
    }

    /// A section's header on one line.
    fn head(&self, section: u32) -> String {
        let program = &self.bundle.program;
        let info = program.sections.get(section as usize);
        let head = info.map_or("", |info| program.text(section, info.head));
        head.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A short name of a place for the name of a file: `entities-row-2`.
    pub fn slug(&self, slot: Slot, point: PointId, lang: Lang) -> String {
        let program = &self.bundle.program;
        let head = self.head(point.section);
        let words: Vec<&str> = head.split_whitespace().collect();
        let is_table = program.tables.iter().any(|table| table.section == point.section);
        let section = words.get(usize::from(is_table)).copied().unwrap_or("rules");
        let kind = kind(slot).get(lang).to_lowercase().replace(' ', "-");
        let number = match point.part {
            Part::Row(number) | Part::Line(number) => format!("-{}", number + 1),
            Part::Field(line) | Part::Setting(line) | Part::Policy(line) => format!("-{line}"),
            Part::ElseRow => lang.pick("-else", "-иначе").to_owned(),
            Part::Won => lang.pick("-won", "-выиграна").to_owned(),
            Part::Lost => lang.pick("-lost", "-проиграна").to_owned(),
            Part::Whole | Part::OnlyWhen => String::new(),
        };
        let is_yes = match point.reach {
            Reach::Counts => true,
            Reach::Holds(holds) | Reach::Test { holds, .. } => holds,
            Reach::Cell { passes, .. } => passes,
        };
        let not = if is_yes { "" } else { lang.pick("-not", "-не") };
        let plain = |c: char| if c.is_alphanumeric() || c == '_' { c } else { '-' };
        format!("{kind}-{section}{number}{not}").chars().map(plain).collect()
    }

    /// The file and line of a place; of the header, where a place has no line of its own.
    pub fn place(&self, point: PointId) -> Option<(String, u32)> {
        let program = &self.bundle.program;
        let info = program.sections.get(point.section as usize)?;
        let deal = || program.transfer.as_ref().filter(|transfer| transfer.section == point.section);
        let line = match point.part {
            Part::Row(row) => {
                let table = program.tables.iter().find(|table| table.section == point.section);
                table.and_then(|table| table.rows.get(row as usize)).map(|row| row.line)
            }
            Part::Line(line) => {
                let filter = program.filters.iter().find(|filter| filter.section == point.section);
                filter.and_then(|filter| filter.lines.get(line as usize)).map(|line| line.line)
            }
            Part::Field(line) | Part::Setting(line) | Part::Policy(line) => Some(line),
            Part::OnlyWhen => deal().and_then(|deal| deal.only_when.as_ref()).map(|(line, ..)| *line),
            Part::Won => deal().and_then(|deal| deal.won.as_ref()).map(|(line, ..)| *line),
            Part::Lost => deal().and_then(|deal| deal.lost.as_ref()).map(|(line, ..)| *line),
            Part::ElseRow | Part::Whole => None,
        };
        Some((program.sources.get(info.file)?.name().to_owned(), line.unwrap_or(info.line)))
    }
}

/// How well a point tells what an event is for: a row says more than the filter that let the event through.
const fn telling(point: PointId) -> u8 {
    match point.part {
        Part::Row(_) => 0,
        Part::ElseRow => 1,
        Part::Whole | Part::OnlyWhen | Part::Won | Part::Lost => 2,
        Part::Field(_) | Part::Policy(_) => 3,
        Part::Line(_) => 4,
        Part::Setting(_) => 5,
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
