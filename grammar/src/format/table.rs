//! Tables: columns as wide as their widest cell, a rule line under the head.

use unicode_width::UnicodeWidthStr as _;

use super::align::Laid;
use super::spell::Speller;
use super::values::Layout;
use crate::ast::{Cell, CellKind, CellTest, Line, Row, Table};

/// The cells of a row as text.
struct Texts {
    inputs: Vec<String>,
    results: Vec<String>,
    otherwise: bool,
}

/// The widths of a table's columns.
struct Widths {
    inputs: Vec<usize>,
    results: Vec<usize>,
}

impl Speller<'_> {
    /// The lines of a table.
    pub(super) fn rows<'t>(&mut self, table: &'t Table) -> Vec<Laid<'t>> {
        let Some(head) = &table.head else { return Vec::new() };
        let names = Texts {
            inputs: head.item.inputs.iter().map(|column| self.value(&column.value)).collect(),
            results: head.item.results.iter().map(|name| self.name(name)).collect(),
            otherwise: false,
        };
        let rows: Vec<(&Line<Row>, Texts)> =
            table.rows.iter().map(|line| (line, self.row(&line.item))).collect();
        let mut widths = Widths::of(&names);
        rows.iter().for_each(|(_, texts)| widths.widen(texts));
        widths.hold_else(rows.iter().filter(|(_, texts)| texts.otherwise).map(|(_, texts)| texts));
        let mut lines = vec![self.laid(head, widths.draw(&names))];
        lines.push(match &table.ruler {
            Some(ruler) => self.laid(ruler, widths.ruler()),
            None => Laid::bare(widths.ruler()),
        });
        lines.extend(rows.into_iter().map(|(line, texts)| self.laid(line, widths.draw(&texts))));
        lines
    }

    fn row(&mut self, row: &Row) -> Texts {
        let inputs = match row.otherwise {
            Some(word) => vec![self.word(word).to_owned()],
            None => row.inputs.iter().map(|cell| self.cell(cell)).collect(),
        };
        let results = row.results.iter().map(|cell| match cell.values.as_slice() {
            [] => "-".to_owned(),
            values => self.values(values),
        });
        Texts { inputs, results: results.collect(), otherwise: row.otherwise.is_some() }
    }

    fn cell(&mut self, cell: &Cell) -> String {
        let CellKind::Tests { not, alternatives } = &cell.kind else { return "-".to_owned() };
        let mut texts = Vec::with_capacity(alternatives.len());
        for alternative in alternatives {
            let mut text = String::new();
            for (at, test) in alternative.tests.iter().enumerate() {
                let words = &alternative.words;
                if let Some(word) = at.checked_sub(1).and_then(|at| words.get(at).or(words.last())) {
                    text.push_str(&format!(" {} ", self.word(*word)));
                }
                text.push_str(&self.cell_test(test));
            }
            texts.push(text);
        }
        let texts = texts.join(", ");
        match not {
            Some(word) => format!("{} {texts}", self.word(*word)),
            None => texts,
        }
    }

    fn cell_test(&mut self, test: &CellTest) -> String {
        self.asked(test.operator.as_ref(), &test.operand, Layout::Flat).unwrap_or_default()
    }
}

impl Widths {
    fn of(head: &Texts) -> Self {
        let widths = |texts: &[String]| texts.iter().map(|text| text.width()).collect();
        Self { inputs: widths(&head.inputs), results: widths(&head.results) }
    }

    fn widen(&mut self, row: &Texts) {
        let widen = |widths: &mut [usize], texts: &[String]| {
            for (width, text) in widths.iter_mut().zip(texts) {
                *width = (*width).max(text.width());
            }
        };
        if !row.otherwise {
            widen(&mut self.inputs, &row.inputs);
        }
        widen(&mut self.results, &row.results);
    }

    /// Makes room for the word `else`, which has all input columns to itself.
    fn hold_else<'t>(&mut self, rows: impl Iterator<Item = &'t Texts>) {
        let widest = rows.filter_map(|texts| texts.inputs.first()).map(|word| word.width()).max();
        let lacking = widest.unwrap_or_default().saturating_sub(self.left());
        if let Some(first) = self.inputs.first_mut() {
            *first += lacking;
        }
    }

    /// How wide all input columns are together, the bars between them included.
    fn left(&self) -> usize {
        self.inputs.iter().sum::<usize>() + 3 * self.inputs.len().saturating_sub(1)
    }

    fn draw(&self, row: &Texts) -> String {
        let cells = |texts: &[String], widths: &[usize]| {
            let padded = texts.iter().zip(widths).map(|(text, width)| padded(text, *width));
            padded.collect::<Vec<_>>().join(" | ")
        };
        let left = if row.otherwise {
            padded(row.inputs.first().map_or("", String::as_str), self.left())
        } else {
            cells(&row.inputs, &self.inputs)
        };
        format!("| {left} || {} |", cells(&row.results, &self.results))
    }

    fn ruler(&self) -> String {
        let dashes =
            |widths: &[usize]| widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("|");
        format!("|{}||{}|", dashes(&self.inputs), dashes(&self.results))
    }
}

/// A text with blanks up to `width` columns.
pub(super) fn padded(text: &str, width: usize) -> String {
    let blanks = width.saturating_sub(text.width());
    format!("{text}{:blanks$}", "")
}
