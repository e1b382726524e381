//! What every kind of mutant needs: the text, the place that is shown, and a list to write to.

use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::Source;
use switchboard_grammar::span::Span;

use super::model::{Mutant, Operator, rewritten};

/// Longest text shown of a place.
const MAX_SHOWN_CHARS: usize = 160;

/// Writes mutants of one section.
pub(super) struct Pen<'a> {
    pub(super) source: &'a Source,
    pub(super) lang: Lang,
    pub(super) section: String,
    /// The row or line that is looked at, from 1.
    pub(super) row: Option<u32>,
    /// The column that is looked at.
    pub(super) column: Option<String>,
    pub(super) found: Vec<Mutant>,
}

impl<'a> Pen<'a> {
    /// The text of a place.
    pub(super) fn text(&self, span: Span) -> &'a str {
        span.text(self.source.text())
    }

    /// A mutant; `shown` is what a reader sees of it.
    pub(super) fn add(&mut self, operator: Operator, shown: Span, mut edits: Vec<(Span, String)>) {
        edits.sort_by_key(|(span, _)| *span);
        let after = squeezed(&rewritten(self.source.text(), shown, &edits));
        self.push(operator, shown, after, edits);
    }

    /// Leaves something out: the lines of a place, comments behind them included.
    pub(super) fn leave_out(&mut self, operator: Operator, span: Span) {
        let lines = self.lines_of(span);
        self.push(operator, span, String::new(), vec![(lines, String::new())]);
    }

    /// Writes two places each in the other's place; the first stands before the second.
    pub(super) fn swap(&mut self, first: Span, second: Span) {
        let edits = vec![(first, self.text(second).to_owned()), (second, self.text(first).to_owned())];
        let after = format!("{} ↔ {}", squeezed(self.text(second)), squeezed(self.text(first)));
        self.push(Operator::Order, first.cover(second), after, edits);
    }

    fn push(&mut self, operator: Operator, shown: Span, after: String, edits: Vec<(Span, String)>) {
        let mut before = squeezed(self.text(shown));
        let mut after = after;
        if operator == Operator::Order {
            // Both places are in what stands there after; once is enough.
            before = after
                .split_once(" ↔ ")
                .map_or(String::new(), |(second, first)| format!("{first} ↔ {second}"));
            after = String::new();
        }
        self.found.push(Mutant {
            operator,
            file: self.source.name().to_owned(),
            line: self.source.line_of(shown.start),
            section: self.section.clone(),
            row: self.row,
            column: self.column.clone(),
            before,
            after,
            edits,
        });
    }

    fn lines_of(&self, span: Span) -> Span {
        let text = self.source.text();
        let start =
            text.get(..span.start as usize).and_then(|above| above.rfind('\n')).map_or(0, |at| at + 1);
        let end = text.get(span.end as usize..).and_then(|below| below.find('\n'));
        Span::of(start..end.map_or(text.len(), |at| span.end as usize + at + 1))
    }
}

/// A text on one line, of a length that can be read.
pub(super) fn squeezed(text: &str) -> String {
    let whole = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match whole.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", whole.get(..at).unwrap_or_default()),
        None => whole,
    }
}
