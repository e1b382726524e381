//! `always-true`, `never-true`, `redundant-test`: tests of one condition that repeat or rule out one another.
//!
//! Finds the same test twice (`a and a`), a test beside its opposite (`a and not a`), and a value that is to be two
//! things at once (`contact is first and contact is repeat`). Compares what is written, so it proves nothing about
//! conditions that say one thing in two ways.

use switchboard_grammar::ast::{self, Condition, ConditionKind, Operation, Visitor};
use switchboard_grammar::codes::{self, Code};
use switchboard_grammar::diagnostic::{Diagnostic, Label, Text};
use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

use super::Rules;
use crate::check::Checker;
use crate::program::{Check, Cond, Expr, Guard, Spans, Test};

/// Terms of one `and` or `or` that are compared with one another; the time is the square of it.
const MAX_TERMS: usize = 100;

/// Finds them.
pub(super) fn find(rules: &Rules<'_, '_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for placed in &rules.checker.sections {
        Search { checker: rules.checker, file: placed.file, found: &mut found }.section(placed.section);
    }
    two_at_once(rules, &mut found);
    found
}

struct Search<'r, 'a> {
    checker: &'r Checker<'a>,
    file: FileId,
    found: &'r mut Vec<Diagnostic>,
}

/// A test by what it asks, and whether it asks the opposite.
#[derive(PartialEq, Eq)]
struct Asked {
    words: String,
    operation: Option<Operation>,
    opposite: bool,
}

impl Visitor for Search<'_, '_> {
    fn condition(&mut self, condition: &Condition) {
        match &condition.kind {
            ConditionKind::And { terms, .. } => self.compare(terms, true),
            ConditionKind::Or { terms, .. } => self.compare(terms, false),
            ConditionKind::Not { .. } | ConditionKind::Test(_) => {}
        }
        ast::walk_condition(self, condition);
    }
}

impl Search<'_, '_> {
    fn compare(&mut self, terms: &[Condition], all: bool) {
        let asked: Vec<Option<Asked>> = terms.iter().take(MAX_TERMS).map(|term| self.asked(term)).collect();
        for (at, (second, term)) in asked.iter().zip(terms).enumerate() {
            let Some(second) = second else { continue };
            let earlier = asked.iter().zip(terms).take(at);
            for (first, first_term) in earlier {
                let Some(first) = first else { continue };
                if first.words != second.words || first.operation != second.operation {
                    continue;
                }
                let (one, other) = (first_term.outer_span(), term.outer_span());
                let diagnostic = match (first.opposite == second.opposite, all) {
                    (true, _) => redundant(self.file, one, other),
                    (false, true) => contradiction(self.file, one, other),
                    (false, false) => tautology(self.file, one, other),
                };
                self.found.push(diagnostic);
                break;
            }
        }
    }

    fn asked(&self, condition: &Condition) -> Option<Asked> {
        match &condition.kind {
            ConditionKind::Test(test) => {
                let mut words = self.words(test.subject.outer_span());
                for item in test.operand.items() {
                    words.push('\u{0}');
                    let start = item.exactly.map_or(item.value.outer_span(), |word| word.span);
                    words.push_str(&self.words(start.cover(item.value.outer_span())));
                }
                let operation = test.operator.map(|operator| operator.operation);
                let opposite = test.operator.is_some_and(|operator| operator.negated);
                Some(Asked { words, operation, opposite })
            }
            ConditionKind::Not { inner, .. } => {
                let mut asked = self.asked(inner)?;
                asked.opposite = !asked.opposite;
                Some(asked)
            }
            ConditionKind::And { .. } | ConditionKind::Or { .. } => None,
        }
    }

    fn words(&self, span: Span) -> String {
        self.checker.text(self.file, span).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A value that is to be two things at once.
fn two_at_once(rules: &Rules<'_, '_>, found: &mut Vec<Diagnostic>) {
    let mut look = |section: u32, condition: &Cond, spans: &Spans| {
        let Some(placed) = rules.checker.sections.get(section as usize) else { return };
        let wanted: Vec<_> = condition.conjuncts().iter().zip(&spans.parts).take(MAX_TERMS).collect();
        for (at, (second, span)) in wanted.iter().enumerate() {
            let first = wanted.iter().take(at).find(|(first, _)| exclude(first, second));
            if let Some((_, first)) = first {
                found.push(contradiction(placed.file, **first, **span));
            }
        }
    };
    for (_, filter) in &rules.built.filters {
        for line in &filter.lines {
            if let Guard::When(condition, spans) = &line.guard {
                look(filter.section, condition, spans);
            }
        }
    }
    for (_, task) in &rules.built.tasks {
        if let Some((condition, spans)) = &task.when {
            look(task.section, condition, spans);
        }
    }
}

/// Whether both ask one field to be two different values.
fn exclude(first: &Cond, second: &Cond) -> bool {
    fn field_and_value(condition: &Cond) -> Option<(&crate::schema::FieldKey, &crate::value::Value)> {
        match condition {
            Cond::Ask { left: Expr::Field(field), check: Check::Test(Test::Is(Expr::Const(value))) } => {
                Some((field, value))
            }
            _ => None,
        }
    }
    match (field_and_value(first), field_and_value(second)) {
        (Some((a, one)), Some((b, other))) => a == b && !one.same(other),
        _ => false,
    }
}

fn report(
    code: &'static Code,
    file: FileId,
    first: Span,
    second: Span,
    message: Text,
    label: Text,
) -> Diagnostic {
    Diagnostic::new(code, message, Label::new(file, second, label)).label(Label::new(
        file,
        first,
        Text::new("and this", "и это"),
    ))
}

fn redundant(file: FileId, first: Span, second: Span) -> Diagnostic {
    report(
        &codes::REDUNDANT_TEST,
        file,
        first,
        second,
        Text::new("this is asked already", "об этом уже спрошено"),
        Text::new("changes nothing", "ничего не меняет"),
    )
}

fn contradiction(file: FileId, first: Span, second: Span) -> Diagnostic {
    report(
        &codes::NEVER_TRUE,
        file,
        first,
        second,
        Text::new("these two never hold together", "вместе эти два условия не бывают верны"),
        Text::new("so the condition never holds", "поэтому условие не выполняется никогда"),
    )
}

fn tautology(file: FileId, first: Span, second: Span) -> Diagnostic {
    report(
        &codes::ALWAYS_TRUE,
        file,
        first,
        second,
        Text::new("one of these two always holds", "одно из этих двух условий верно всегда"),
        Text::new("so the condition always holds", "поэтому условие выполняется всегда"),
    )
}
