//! What tests reach of the rules, as an editor shows it: what none of them reaches is pale, and a place under the mouse tells
//! which of its answers made a difference.
//!
//! Said only of texts that are still the ones that the tests were run by.

use std::collections::BTreeMap;

use lsp_types::{Diagnostic, DiagnosticSeverity, DiagnosticTag, NumberOrString};
use switchboard_engine::cover::{Coverage, Measure, Point, Reach, Totals};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::span::Span;

use crate::diagnostics::SOURCE;
use crate::document::{Document, Kind};
use crate::trials::Tested;

/// The name of a place that no test reaches.
pub(crate) const UNTESTED: &str = "untested";
/// The most tests that are named at a place; more are counted.
const MAX_NAMED: usize = 5;

/// The most places of one file that are pale: a file that hardly any test reaches need not be pale to its end.
const MAX_UNTESTED: usize = 1_000;

/// What was reached, put in order once so that showing it costs little.
#[derive(Debug)]
pub(crate) struct Covered {
    pub(crate) coverage: Coverage,
    pub(crate) totals: Totals,
    /// What there is to reach, by file.
    points: BTreeMap<String, Vec<Point>>,
    /// Rows and lines that no test reaches and an event could, by file, in words.
    untested: BTreeMap<String, Vec<(Point, Text)>>,
}

impl Covered {
    /// Puts counts in order; goes through all that there is.
    pub(crate) fn new(coverage: Coverage) -> Self {
        let mut points: BTreeMap<String, Vec<Point>> = BTreeMap::new();
        for point in coverage.points() {
            points.entry(coverage.file(point).to_owned()).or_default().push(*point);
        }
        let mut untested: BTreeMap<String, Vec<(Point, Text)>> = BTreeMap::new();
        for point in coverage.missed() {
            if matches!(point.id.measure(), Measure::Rows | Measure::Lines) {
                let of_file = untested.entry(coverage.file(point).to_owned()).or_default();
                if of_file.len() < MAX_UNTESTED {
                    of_file.push((*point, coverage.never(point)));
                }
            }
        }
        Self { totals: coverage.totals(), coverage, points, untested }
    }
}

/// The places of a document that no test reaches and an event could.
pub(crate) fn untested(tested: &Tested, document: &Document, lang: Lang) -> Vec<Diagnostic> {
    let Some(covered) = of(tested, document) else { return Vec::new() };
    let hint = |span: Span, message: String| Diagnostic {
        range: document.range(span),
        severity: Some(DiagnosticSeverity::HINT),
        code: Some(NumberOrString::String(UNTESTED.to_owned())),
        source: Some(SOURCE.to_owned()),
        message,
        tags: Some(vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    };
    if document.kind == Kind::Script {
        let lines = covered.coverage.scripts().get(&document.name).into_iter().flatten();
        let missed = lines.filter(|(_, count)| **count == 0).map(|(line, _)| *line).take(MAX_UNTESTED);
        let said = lang.pick("no test runs this line", "ни один тест не выполняет эту строку");
        return missed.map(|line| hint(line_span(document, line), said.to_owned())).collect();
    }
    let no_test = lang.pick("no test reaches this", "ни один тест сюда не доходит");
    let places = covered.untested.get(&document.name).into_iter().flatten();
    places
        .map(|(point, never)| hint(place(document, point), format!("{no_test}: {}", never.get(lang))))
        .collect()
}

/// What is known of the place under the mouse, and the place: a cell or a test of a condition, or else its row or line.
pub(crate) fn at(tested: &Tested, document: &Document, offset: u32, lang: Lang) -> Option<(Span, String)> {
    let covered = of(tested, document).filter(|_| document.kind == Kind::Rules)?;
    let points = covered.points.get(&document.name)?.iter();
    let here: Vec<(&Point, Span)> = points
        .map(|point| (point, place(document, point)))
        .filter(|(_, span)| span.touches(offset))
        .collect();
    let innermost = here.iter().map(|(_, span)| *span).min_by_key(|span| span.len())?;
    let mut shown: Vec<&Point> =
        here.iter().filter(|(_, span)| *span == innermost).map(|(point, _)| *point).collect();
    shown.sort_by_key(|point| order(point.id.reach));
    let told = shown.into_iter().map(|point| told(tested, &covered.coverage, point, lang));
    Some((innermost, told.collect::<Vec<_>>().join("\n")))
}

/// The counts, when they are those of the document as it is.
fn of<'t>(tested: &'t Tested, document: &Document) -> Option<&'t Covered> {
    let present = tested.editions.get(&document.name) == Some(&document.edition);
    tested.covered.as_ref().filter(|_| present)
}

/// Where a point stands: its own text, or else its line.
fn place(document: &Document, point: &Point) -> Span {
    if point.span.is_empty() { line_span(document, point.line as usize) } else { point.span }
}

/// A line, counted from 1, without the blanks around it.
fn line_span(document: &Document, line: usize) -> Span {
    let line = u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX);
    let (start, text) = document.lines().line(document.text(), line);
    let start = start + (text.len() - text.trim_start().len());
    Span::of(start..start + text.trim().len())
}

/// That something counted goes before that it was asked.
const fn order(reach: Reach) -> u8 {
    match reach {
        Reach::Counts => 0,
        Reach::Holds(true) | Reach::Test { holds: true, .. } | Reach::Cell { passes: true, .. } => 1,
        Reach::Holds(false) | Reach::Test { holds: false, .. } | Reach::Cell { passes: false, .. } => 2,
    }
}

/// What happened at a point, and in which tests.
fn told(tested: &Tested, coverage: &Coverage, point: &Point, lang: Lang) -> String {
    let what = match point.id.reach {
        Reach::Counts => lang.pick("counted", "сработало"),
        Reach::Holds(true) => lang.pick("the condition held", "условие выполнилось"),
        Reach::Holds(false) => lang.pick("the condition did not hold", "условие не выполнилось"),
        Reach::Test { holds: true, .. } => lang.pick("decided by being so", "решило то, что это так"),
        Reach::Test { holds: false, .. } => lang.pick("decided by not being so", "решило то, что это не так"),
        Reach::Cell { passes: true, .. } => {
            lang.pick("the row counted with this cell", "строка с этой ячейкой сработала")
        }
        Reach::Cell { passes: false, .. } => lang
            .pick("this cell alone kept the row from counting", "одна эта ячейка не дала строке сработать"),
    };
    let names: Vec<&str> = tested.at(point.id).collect();
    let tests = if names.is_empty() && coverage.is_unreachable(point.id) {
        lang.pick("no event can do that", "таких событий не бывает").to_owned()
    } else if names.is_empty() {
        format!("**{}**", lang.pick("in no test", "ни в одном тесте"))
    } else {
        let shown: Vec<String> = names.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
        let more = names.len().saturating_sub(MAX_NAMED);
        let more = if more == 0 {
            String::new()
        } else {
            lang.pick(format!(" and {more} more"), format!(" и ещё {more}"))
        };
        format!("{}{more}", shown.join(", "))
    };
    format!("- {what}: {tests}")
}
