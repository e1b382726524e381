//! Values where a yes or no is needed: `site is "a" or "b"`.
//!
//! The grammar takes any value for a test, as fields may be a yes or no themselves. A text or a number never is, and
//! written after `or` it tells what was meant: one of several.

use super::Reader;
use crate::ast::{Condition, ConditionKind, LiteralKind, Operand, Operation, Test};
use crate::codes;
use crate::diagnostic::{Diagnostic, Edit, Fix, Label, Safety, Text};
use crate::keywords::Keyword;
use crate::pairs::Node;
use crate::span::Span;

impl Reader<'_> {
    /// A condition as a whole: none of its tests is a mere text, number or time.
    pub(super) fn whole_condition(&mut self, node: &Node<'_>) -> Option<Condition> {
        let condition = self.condition(node)?;
        self.no_bare_literals(&condition, node);
        Some(condition)
    }

    fn no_bare_literals(&mut self, condition: &Condition, node: &Node<'_>) {
        match &condition.kind {
            ConditionKind::Not { inner, .. } => self.no_bare_literals(inner, node),
            ConditionKind::Test(_) => {
                if let Some(span) = bare_literal(condition) {
                    self.bare(span, node, None);
                }
            }
            ConditionKind::And { terms, .. } | ConditionKind::Or { terms, .. } => {
                let joined_by_or = matches!(condition.kind, ConditionKind::Or { .. });
                let mut before: Option<&Test> = None;
                let mut terms = terms.iter().peekable();
                while let Some(term) = terms.next() {
                    let Some(first) = bare_literal(term) else {
                        self.no_bare_literals(term, node);
                        before = test(term);
                        continue;
                    };
                    // All literals in a row are one mistake.
                    let mut literals = vec![first];
                    while let Some(next) = terms.peek().and_then(|term| bare_literal(term)) {
                        literals.push(next);
                        terms.next();
                    }
                    let fix = before.filter(|_| joined_by_or).and_then(|test| self.one_of(test, &literals));
                    self.bare(first, node, fix);
                    before = None;
                }
            }
        }
    }

    /// `is "a" or "b"` as `in ("a", "b")`.
    fn one_of(&self, test: &Test, literals: &[Span]) -> Option<Fix> {
        let operator = test.operator.filter(|operator| operator.operation == Operation::Is)?;
        let Operand::One(item) = &test.operand else { return None };
        let keyword = if operator.negated { Keyword::NotIn } else { Keyword::In };
        let form = keyword.spelling(self.lang);
        let edit = |span: Span, replacement: &str| Edit {
            file: self.file,
            span,
            replacement: replacement.to_owned(),
        };
        let mut edits = vec![edit(operator.word.span, form), edit(item.value.outer_span().head(), "(")];
        let mut end = item.value.outer_span();
        for literal in literals {
            edits.push(edit(Span::new(end.end, literal.start), ", "));
            end = *literal;
        }
        edits.push(edit(end.tail(), ")"));
        let title = Text::new(format!("ask with `{form} (…, …)`"), format!("спросите через `{form} (…, …)`"));
        Some(Fix { title, edits, safety: Safety::Unsafe })
    }

    fn bare(&mut self, span: Span, node: &Node<'_>, fix: Option<Fix>) {
        let line = node.get_input();
        let start = span.start.saturating_sub(self.base);
        let written = Span::new(start, start + span.len()).text(line);
        let message = Text::new(
            format!("`{written}` alone is not a condition"),
            format!("`{written}` само по себе – не условие"),
        );
        let label = Text::new("what is compared with it?", "что с ним сравнивается?");
        let mut found = Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::new(self.file, span, label));
        found.fix = fix;
        self.sink.report(found);
    }
}

/// Where a mere literal stands that can be no yes or no.
fn bare_literal(condition: &Condition) -> Option<Span> {
    let test = test(condition).filter(|test| test.operator.is_none())?;
    let literal = test.subject.literal()?;
    (!matches!(literal.kind, LiteralKind::YesNo(_))).then_some(literal.span)
}

fn test(condition: &Condition) -> Option<&Test> {
    match &condition.kind {
        ConditionKind::Test(test) => Some(test),
        _ => None,
    }
}
