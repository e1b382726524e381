//! One file of a bundle on the page: its lines with their counts, marks and notes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use switchboard_engine::cover::{Point, PointId, Reach};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::{FileId, Source};
use switchboard_grammar::span::Span;

use super::super::Covered;
use crate::report::xml_escaped;

/// What is known of one line.
#[derive(Default)]
struct Line {
    /// How many tests reached what counts here; None when nothing here counts.
    hits: Option<u32>,
    /// Whether all that counts here is proved to be unreachable.
    dead: bool,
    /// What never made the difference, and what is said of it.
    marks: Vec<(Span, String)>,
}

/// Writes a file, if it has anything that can be reached.
pub(super) fn file(out: &mut String, covered: &Covered, id: FileId, anchor: &str, lang: Lang) {
    let Some(source) = covered.sources.get(id) else { return };
    let lines = lines(covered, id, source, lang);
    if lines.is_empty() {
        return;
    }
    let reached = lines.values().filter(|line| line.hits.is_some_and(|hits| hits > 0)).count();
    let of = lines.values().filter(|line| line.hits.is_some() && !line.dead).count();
    let name = xml_escaped(&covered.path(source.name()));
    // Writing to a string cannot fail, so results are dropped.
    let _ = writeln!(
        out,
        "<section id=\"{anchor}\">\n<h3>{name} <small>{reached}/{of}</small></h3>\n<table class=\"source\">"
    );
    let nothing = Line::default();
    for number in 1..=source.line_count() {
        write_line(out, source, number, lines.get(&number).unwrap_or(&nothing));
    }
    out.push_str("</table>\n</section>\n");
}

fn lines(covered: &Covered, id: FileId, source: &Source, lang: Lang) -> BTreeMap<u32, Line> {
    let coverage = &covered.coverage;
    let mut lines: BTreeMap<u32, Line> = BTreeMap::new();
    for point in coverage.points().iter().filter(|point| point.file == id) {
        if point.id.reach == Reach::Counts {
            let hits = coverage.hits(point.id);
            let dead = coverage.is_unreachable(point.id);
            let line = lines.entry(point.line).or_default();
            line.dead = dead && (line.hits.is_none() || line.dead);
            line.hits = Some(line.hits.unwrap_or_default().max(hits));
        }
    }
    let mut mark = |point: &Point, said: String| {
        lines.entry(point.line).or_default().marks.push((point.span, said));
    };
    for point in coverage.missed().filter(|point| point.file == id) {
        let whole = PointId { reach: Reach::Counts, ..point.id };
        if point.id != whole {
            mark(point, coverage.never(point).get(lang).to_owned());
        }
    }
    for (line, count) in coverage.scripts().get(source.name()).into_iter().flatten() {
        lines.entry(u32::try_from(*line).unwrap_or(u32::MAX)).or_default().hits = Some(*count);
    }
    lines
}

fn write_line(out: &mut String, source: &Source, number: u32, line: &Line) {
    let class = match (line.hits, line.dead) {
        (Some(_), true) => "dead",
        (Some(0), false) => "miss",
        (Some(_), false) => "hit",
        (None, _) => "",
    };
    let count = match line.hits {
        Some(0) | None => String::new(),
        Some(hits) => format!("{hits}×"),
    };
    let span = source.line_span(number);
    let text = marked(source, span, &line.marks);
    let _ = writeln!(
        out,
        "<tr class=\"{class}\"><td class=\"n\">{number}</td><td class=\"c\">{count}</td><td><code>{text}</code></td></tr>"
    );
    for (_, said) in &line.marks {
        let said = xml_escaped(said);
        let _ = writeln!(out, "<tr class=\"note\"><td></td><td></td><td>{said}</td></tr>");
    }
}

/// The text of a line with its marks; of marks that meet, the one that begins first and is shorter stays.
fn marked(source: &Source, line: Span, marks: &[(Span, String)]) -> String {
    let text = |start: u32, end: u32| xml_escaped(Span::new(start, end).text(source.text()));
    let mut spans: Vec<Span> = marks
        .iter()
        .map(|(span, _)| *span)
        .filter(|span| span.start < span.end && line.start <= span.start && span.end <= line.end)
        .collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut out = String::new();
    let mut at = line.start;
    for span in spans {
        if span.start < at {
            continue;
        }
        let _ = write!(out, "{}<mark>{}</mark>", text(at, span.start), text(span.start, span.end));
        at = span.end;
    }
    out.push_str(&text(at, line.end));
    out
}
