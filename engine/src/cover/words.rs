//! Points in words, for whoever wants to know what was never reached.

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::{Coverage, Measure, Part, Point, PointId, Reach};

/// How much of a condition is quoted.
const MAX_QUOTED_CHARS: usize = 80;

impl Measure {
    /// The name for people.
    pub fn words(self) -> Text {
        match self {
            Measure::Rows => Text::new("rows of tables", "строки таблиц"),
            Measure::Lines => Text::new("lines, tasks, fields", "строки, задачи, поля"),
            Measure::Branches => Text::new("conditions, both ways", "условия в обе стороны"),
            Measure::Cells => Text::new("cells and tests that decide", "решающие ячейки и проверки"),
        }
    }
}

impl Coverage {
    /// The section of a point, as written in the head of the section.
    pub fn section(&self, point: &Point) -> String {
        let section = self.program.sections.get(point.id.section as usize);
        plain(section.map_or("", |info| self.program.text(point.id.section, info.head)))
    }

    /// The name of a point's file inside the bundle.
    pub fn file(&self, point: &Point) -> &str {
        self.program.sources.get(point.file).map_or("", |source| source.name())
    }

    /// What a point says was never seen.
    pub fn never(&self, point: &Point) -> Text {
        let (en, ru) = part_words(point.id.part);
        let quote = self.quoted(point.id.section, point.span);
        match point.id.reach {
            Reach::Counts => match point.id.part {
                Part::Whole => Text::new("never happened", "ни разу не понадобилось"),
                Part::Field(_) => Text::new("never written", "ни разу не записано"),
                Part::Setting(_) => Text::new("never asked for", "ни разу не понадобилась"),
                Part::Policy(_) => Text::new("never ran", "ни разу не выполнялась"),
                Part::ElseRow => {
                    Text::new("the row `else` never counted", "строка «иначе» ни разу не сработала")
                }
                Part::OnlyWhen | Part::Won | Part::Lost => Text::new(
                    format!("{en} never held: {quote}"),
                    format!("{ru} ни разу не выполнилось: {quote}"),
                ),
                _ if quote.is_empty() => {
                    Text::new(format!("{en} never counted"), format!("{ru} ни разу не сработала"))
                }
                _ => Text::new(
                    format!("{en} never counted: {quote}"),
                    format!("{ru} ни разу не сработала: {quote}"),
                ),
            },
            Reach::Holds(true) => Text::new(
                format!("{en}: the condition never held: {quote}"),
                format!("{ru}: условие ни разу не выполнилось: {quote}"),
            ),
            Reach::Holds(false) => Text::new(
                format!("{en}: the condition always held: {quote}"),
                format!("{ru}: условие выполнялось всегда: {quote}"),
            ),
            Reach::Test { holds: true, .. } => Text::new(
                format!("{en}: it never made the difference that this held: {quote}"),
                format!("{ru}: ни разу не решало то, что это так: {quote}"),
            ),
            Reach::Test { holds: false, .. } => Text::new(
                format!("{en}: it never made the difference that this did not hold: {quote}"),
                format!("{ru}: ни разу не решало то, что это не так: {quote}"),
            ),
            Reach::Cell { passes: true, .. } => Text::new(
                format!("{en} never counted with this cell: {quote}"),
                format!("{ru} ни разу не сработала с этой ячейкой: {quote}"),
            ),
            Reach::Cell { passes: false, .. } => Text::new(
                format!("{en}: this cell alone never kept it from counting: {quote}"),
                format!("{ru}: одна эта ячейка ни разу не помешала ей сработать: {quote}"),
            ),
        }
    }

    /// The points that were never reached and could be, without those that follow from another: when a row never counted,
    /// its cells need not be told of.
    pub fn missed(&self) -> impl Iterator<Item = &Point> {
        let is_open = |id: PointId| self.hits(id) == 0 && !self.is_unreachable(id);
        self.points().iter().filter(move |point| {
            let whole = PointId { reach: Reach::Counts, ..point.id };
            is_open(point.id) && (point.id == whole || self.hits(whole) > 0 || !self.has(whole))
        })
    }

    /// The points that no event reaches, without those that follow from another.
    pub fn unreachable(&self) -> impl Iterator<Item = &Point> {
        self.points().iter().filter(|point| {
            let whole = PointId { reach: Reach::Counts, ..point.id };
            self.is_unreachable(point.id) && (point.id == whole || !self.is_unreachable(whole))
        })
    }

    fn has(&self, id: PointId) -> bool {
        self.points().binary_search_by_key(&id, |point| point.id).is_ok()
    }

    fn quoted(&self, section: u32, span: Span) -> String {
        let text = plain(self.program.text(section, span));
        match text.char_indices().nth(MAX_QUOTED_CHARS) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }
}

/// The name of a part of a section.
fn part_words(part: Part) -> (String, String) {
    match part {
        Part::Line(line) => (format!("line {}", line + 1), format!("строка {}", line + 1)),
        Part::Row(row) => (format!("row {}", row + 1), format!("строка {}", row + 1)),
        Part::ElseRow => ("the row `else`".to_owned(), "строка «иначе»".to_owned()),
        Part::Whole => ("the task".to_owned(), "задача".to_owned()),
        Part::Field(_) => ("the field".to_owned(), "поле".to_owned()),
        Part::Setting(_) => ("the setting".to_owned(), "настройка".to_owned()),
        Part::Policy(_) => ("the policy".to_owned(), "политика".to_owned()),
        Part::OnlyWhen => ("`only when`".to_owned(), "«только когда»".to_owned()),
        Part::Won => ("`won`".to_owned(), "«выиграна»".to_owned()),
        Part::Lost => ("`lost`".to_owned(), "«проиграна»".to_owned()),
    }
}

/// A piece of a file on one line.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
