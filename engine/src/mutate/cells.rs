//! Mutants of tables.

use switchboard_grammar::ast::{Cell, CellKind, HitPolicy, Row, Table};
use switchboard_grammar::span::Span;

use super::model::Operator;
use super::pen::{Pen, squeezed};

impl Pen<'_> {
    /// A table.
    pub(super) fn table(&mut self, table: &Table) {
        let inputs: Vec<String> = table
            .head
            .iter()
            .flat_map(|head| &head.item.inputs)
            .map(|column| squeezed(self.text(column.span)))
            .collect();
        let results: Vec<String> =
            table.head.iter().flat_map(|head| &head.item.results).map(|name| name.text.to_string()).collect();
        for (at, line) in table.rows.iter().enumerate() {
            self.row = u32::try_from(at + 1).ok();
            self.column = None;
            self.leave_out(Operator::Row, line.span);
            let next = table.rows.get(at + 1);
            if let Some(next) = next.filter(|next| next.item.otherwise.is_none())
                && line.item.otherwise.is_none()
                && table.hit != HitPolicy::Only
            {
                self.swap(line.span, next.span);
            }
            for (cell, column) in line.item.inputs.iter().zip(&inputs) {
                self.column = Some(column.clone());
                self.cell(cell);
            }
            for (number, (result, column)) in line.item.results.iter().zip(&results).enumerate() {
                self.column = Some(column.clone());
                let own = self.text(result.span);
                let beside = beside(table.rows.len(), at).find_map(|other| {
                    let row: &Row = &table.rows.get(other)?.item;
                    let text = self.text(row.results.get(number)?.span);
                    (squeezed(text) != squeezed(own)).then(|| text.to_owned())
                });
                if let Some(beside) = beside {
                    self.add(Operator::Result, result.span, vec![(result.span, beside)]);
                }
                if own.trim() != "-" {
                    self.add(Operator::Nothing, result.span, vec![(result.span, "-".to_owned())]);
                }
                let places: Vec<Span> =
                    result.values.iter().map(switchboard_grammar::ast::Value::outer_span).collect();
                self.each_left_out(Operator::Part, result.span, &places);
                result.values.iter().for_each(|value| self.value(value, result.span));
            }
        }
        (self.row, self.column) = (None, None);
    }

    fn cell(&mut self, cell: &Cell) {
        let CellKind::Tests { not, alternatives } = &cell.kind else { return };
        let shown = cell.span;
        self.add(Operator::AnyCell, shown, vec![(shown, "-".to_owned())]);
        let negated = match (not, alternatives.first()) {
            (Some(word), Some(first)) => (Span::new(word.span.start, first.span.start), String::new()),
            _ => (shown.head(), format!("{} ", self.lang.pick("not", "не"))),
        };
        self.add(Operator::Negation, shown, vec![negated]);
        let places: Vec<Span> = alternatives.iter().map(|alternative| alternative.span).collect();
        self.each_left_out(Operator::Part, shown, &places);
        for alternative in alternatives {
            let places: Vec<Span> = alternative.tests.iter().map(|test| test.span).collect();
            self.each_left_out(Operator::Part, shown, &places);
            for test in &alternative.tests {
                self.test(test.operator.as_ref(), &test.operand, shown);
            }
        }
    }
}

/// The other rows, the nearest first, those below before those above.
fn beside(count: usize, at: usize) -> impl Iterator<Item = usize> {
    (at + 1..count).chain((0..at).rev())
}
