//! Rows of tables: cut into cells, counted, read cell by cell.

use std::ops::Range;

use super::{Parser, plain};
use crate::ast::{Cell, Column, Head, Name, ResultCell, Row};
use crate::explain::rows as explain;
use crate::limits;
use crate::scan::{TextEnd, char_at, closing_quotes, text_end};
use crate::span::Span;
use crate::statement::Statement;

/// A row, cut.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Cells {
    /// Left of `||`: each cell without the blanks around it.
    pub(crate) inputs: Vec<Range<usize>>,
    /// Right of it; `None` when there is no `||`.
    pub(crate) results: Option<Vec<Range<usize>>>,
    /// Where a second `||` stands.
    pub(crate) second_bars: Option<usize>,
    /// Whether the row ends with `|`.
    pub(crate) closed: bool,
}

/// How many columns a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Width {
    pub(crate) inputs: usize,
    pub(crate) results: usize,
}

/// Cuts a row that starts with `|`. Bars inside texts do not count. Stops at one cell above the limit.
pub(crate) fn cut(row: &str) -> Cells {
    let mut cells = Cells::default();
    let mut at = 1;
    let mut start = 1;
    let mut count = 0;
    // A row may start with `||`: no inputs.
    if row.starts_with("||") {
        cells.results = Some(Vec::new());
        (at, start) = (2, 2);
    }
    while let Some(ch) = char_at(row, at) {
        if ch == '|' {
            count += 1;
            let cell = trimmed(row, start..at);
            match &mut cells.results {
                Some(results) => results.push(cell),
                None => cells.inputs.push(cell),
            }
            let double = char_at(row, at + 1) == Some('|');
            if double && cells.results.is_some() {
                cells.second_bars.get_or_insert(at);
            } else if double {
                cells.results = Some(Vec::new());
            }
            at += if double { 2 } else { 1 };
            start = at;
            if count > limits::COLUMNS {
                break;
            }
            continue;
        }
        at = match closing_quotes(ch).map(|_| text_end(row, at, 0)) {
            Some(TextEnd::Closed(end)) => end,
            _ => at + ch.len_utf8(),
        };
    }
    let rest = trimmed(row, start..row.len());
    cells.closed = rest.is_empty();
    if !cells.closed {
        match &mut cells.results {
            Some(results) => results.push(rest),
            None => cells.inputs.push(rest),
        }
    }
    cells
}

fn trimmed(row: &str, range: Range<usize>) -> Range<usize> {
    let cell = row.get(range.clone()).unwrap_or("");
    if cell.trim().is_empty() {
        // An empty cell stands where its `-` would.
        let start = range.start + usize::from(cell.starts_with(' '));
        return start..start;
    }
    let start = range.start + (cell.len() - cell.trim_start().len());
    start..start + cell.trim().len()
}

/// Whether a row is the line `|---|---||---|` under the head.
pub(crate) fn is_ruler(row: &str) -> bool {
    row.contains("--")
        && row.chars().all(|ch| matches!(ch, '|' | '-' | ':' | '+' | '=') || ch.is_whitespace())
}

/// Whether a row is meant as that line, with something in it that does not belong there.
pub(crate) fn is_like_ruler(row: &str) -> bool {
    let all = row.chars().filter(|ch| !ch.is_whitespace()).count();
    let dashes = row.chars().filter(|ch| *ch == '-').count();
    row.contains("---") && dashes * 2 > all
}

/// The width of a row whose cells can be told apart; none for an `else` row.
pub(crate) fn width_of(row: &str) -> Option<Width> {
    if !row.starts_with('|') {
        return None;
    }
    let cells = cut(row);
    let results = cells.results.as_ref().filter(|_| cells.closed && cells.second_bars.is_none())?;
    let first = cells.inputs.first().and_then(|first| row.get(first.clone())).unwrap_or("");
    let width = Width { inputs: cells.inputs.len(), results: results.len() };
    (!explain::is_else(first)).then_some(width)
}

impl Parser<'_> {
    /// The row of column names. The width is given even when a cell cannot be read.
    pub(super) fn head_row(&mut self, span: Span) -> (Option<Head>, Option<Width>) {
        let Some((cells, results)) = self.shape(span, None) else { return (None, None) };
        let width = Width { inputs: cells.inputs.len(), results: results.len() };
        let inputs: Vec<Option<Column>> = cells
            .inputs
            .into_iter()
            .map(|range| {
                let cell = Span::of(range).shifted(span.start);
                self.piece(cell, Statement::ColumnCell, |reader, node| reader.column_cell(node, cell))
            })
            .collect();
        let results: Vec<Option<Name>> = results
            .into_iter()
            .map(|range| {
                let cell = Span::of(range).shifted(span.start);
                self.piece(cell, Statement::ResultHead, |reader, node| reader.result_head(node))
            })
            .collect();
        let inputs: Option<Vec<Column>> = inputs.into_iter().collect();
        let results: Option<Vec<Name>> = results.into_iter().collect();
        (inputs.zip(results).map(|(inputs, results)| Head { inputs, results }), Some(width))
    }

    /// Any other row.
    pub(super) fn row(&mut self, span: Span, head: Span, width: Width) -> Option<Row> {
        let (cells, results) = self.shape(span, Some((head, width)))?;
        let first = cells.inputs.first().cloned().unwrap_or_default();
        let first = Span::of(first).shifted(span.start);
        let otherwise = explain::is_else(first.text(self.text));
        let mut word = None;
        let mut inputs = Vec::new();
        let mut complete = true;
        if otherwise {
            word = self.piece(first, Statement::ElseCell, |reader, node| reader.else_cell(node));
            complete = word.is_some();
        } else {
            for range in cells.inputs {
                let cell = Span::of(range).shifted(span.start);
                let read: Option<Cell> = plain::input_cell(cell.text(self.text), cell).or_else(|| {
                    self.piece(cell, Statement::InputCell, |reader, node| reader.input_cell(node, cell))
                });
                complete &= read.is_some();
                inputs.extend(read);
            }
        }
        let mut outputs: Vec<ResultCell> = Vec::new();
        for range in results {
            let cell = Span::of(range).shifted(span.start);
            let read = plain::result_cell(cell.text(self.text), cell).or_else(|| {
                self.piece(cell, Statement::ResultCell, |reader, node| reader.result_cell(node, cell))
            });
            complete &= read.is_some();
            outputs.extend(read);
        }
        complete.then_some(Row { otherwise: word, inputs, results: outputs })
    }

    /// Cuts a row and checks its shape; `None`, and a report, when the cells cannot be told apart.
    fn shape(&mut self, span: Span, head: Option<(Span, Width)>) -> Option<(Cells, Vec<Range<usize>>)> {
        let row = span.text(self.text);
        let mut cells = cut(row);
        let problem = explain::shape(self.file, self.lang, span, row, &cells, head);
        let stop = problem.as_ref().is_some_and(|problem| problem.is_error());
        problem.into_iter().for_each(|problem| self.sink.report(problem));
        if stop {
            return None;
        }
        let results = cells.results.take()?;
        Some((cells, results))
    }
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test may fail loudly")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(row: &str, inputs: &[&str], results: Option<&[&str]>) {
        let cells = cut(row);
        let show = |ranges: &[Range<usize>]| -> Vec<String> {
            ranges.iter().map(|range| row[range.clone()].to_owned()).collect()
        };
        assert_eq!(show(&cells.inputs), inputs);
        assert_eq!(
            cells.results.as_deref().map(show),
            results.map(|cells| cells.iter().map(|cell| (*cell).to_owned()).collect())
        );
    }

    #[test]
    fn bars_cut_and_bars_in_texts_do_not() {
        check("| a | \"b|c\" || d |", &["a", "\"b|c\""], Some(&["d"]));
        check("| a || \"{{ b | upper }}\" | |", &["a"], Some(&["\"{{ b | upper }}\"", ""]));
        check("| else || d |", &["else"], Some(&["d"]));
        check("| a | b |", &["a", "b"], None);
        check("| a || b", &["a"], Some(&["b"]));
        check("|| b |", &[], Some(&["b"]));
        check("|", &[], None);
    }

    #[test]
    fn rulers_are_told_from_rows() {
        assert!(is_ruler("|---|---||---|"));
        assert!(is_ruler("| --- || :--- |"));
        assert!(!is_ruler("| - || - |"));
        assert!(!is_ruler("| a || --- |"));
        assert!(is_like_ruler("|---|--\"x\" -||---|") && !is_like_ruler("| -- | -- || \"a---b\" |"));
    }
}
