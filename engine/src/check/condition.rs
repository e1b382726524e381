//! Conditions: `and`, `or`, `not` over tests, and what a condition says about fields that are there.

use switchboard_grammar::ast::{self, ConditionKind, Operation};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Edit, Fix, Safety, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use super::value::Typed;
use crate::program::{Check, Cond, Expr, Spans, Test};
use crate::schema::FieldKey;
use crate::schema::agree::{PRESENT, agree};
use crate::ty::{Scalar, Type};

/// A negated test that a missing value passes, not yet known to be guarded.
#[derive(Clone, Debug)]
pub(crate) struct Negation {
    field: FieldKey,
    /// The field as written.
    name: String,
    span: Span,
    /// Whether it is one of an `or`, where a guard needs brackets.
    in_or: bool,
}

impl Checker<'_> {
    /// A whole condition. None after a report.
    pub(crate) fn whole_condition(&mut self, condition: &ast::Condition, ctx: &Ctx) -> Option<(Cond, Spans)> {
        let checked = self.condition(condition, ctx);
        for negation in std::mem::take(&mut self.negations) {
            self.report_negation(negation, ctx);
        }
        let parts = match &condition.kind {
            ConditionKind::And { terms, .. } => terms.iter().map(ast::Condition::outer_span).collect(),
            _ => [condition.outer_span()].into(),
        };
        let mut tests = Vec::new();
        test_spans(condition, None, &mut tests);
        Some((checked?, Spans { whole: condition.outer_span(), parts, tests: tests.into() }))
    }

    fn condition(&mut self, condition: &ast::Condition, ctx: &Ctx) -> Option<Cond> {
        match &condition.kind {
            ConditionKind::And { terms, .. } => {
                let mark = self.negations.len();
                let terms = self.terms(terms, ctx)?;
                let present: Vec<FieldKey> = terms.iter().flat_map(present_in).collect();
                let mut place = 0;
                self.negations.retain(|negation| {
                    place += 1;
                    place <= mark || !present.contains(&negation.field)
                });
                Some(Cond::All(terms.into()))
            }
            ConditionKind::Or { terms, .. } => {
                let mark = self.negations.len();
                let checked = self.terms(terms, ctx);
                for negation in self.negations.iter_mut().skip(mark) {
                    if terms.iter().any(|term| term.outer_span() == negation.span) {
                        negation.in_or = true;
                    }
                }
                Some(Cond::Any(checked?.into()))
            }
            ConditionKind::Not { inner, .. } => {
                let mark = self.negations.len();
                let checked = self.condition(inner, ctx);
                // What was negated inside is positive now.
                self.negations.truncate(mark);
                let checked = checked?;
                if let Cond::Ask { left, check } = &checked
                    && !matches!(check, Check::Not(_) | Check::Test(Test::Present))
                {
                    self.maybe_negation(left, inner, condition.outer_span(), ctx);
                }
                // `not missed` is how people say it, and nobody is surprised: no note for bare values.
                Some(negated(checked))
            }
            ConditionKind::Test(test) => self.test(test, condition, ctx),
        }
    }

    fn terms(&mut self, terms: &[ast::Condition], ctx: &Ctx) -> Option<Vec<Cond>> {
        let checked: Vec<Option<Cond>> = terms.iter().map(|term| self.condition(term, ctx)).collect();
        checked.into_iter().collect()
    }

    fn test(&mut self, test: &ast::Test, condition: &ast::Condition, ctx: &Ctx) -> Option<Cond> {
        let left = self.value(&test.subject, None, ctx);
        let Some(operator) = &test.operator else {
            return self.truth(left?, ctx);
        };
        let Some(left) = left else {
            self.check_operands(&test.operand, ctx);
            return None;
        };
        let check = self.question(&left, Some(operator), &test.operand, condition.span, ctx)?;
        if operator.negated && operator.operation != Operation::Missing {
            self.maybe_negation(&left.expr, condition, condition.outer_span(), ctx);
        }
        Some(Cond::Ask { left: left.expr, check })
    }

    /// A value that is itself the answer.
    fn truth(&mut self, left: Typed, ctx: &Ctx) -> Option<Cond> {
        if !left.ty.list && matches!(left.ty.scalar, Scalar::YesNo | Scalar::Any) {
            return Some(Cond::Truth(left.expr));
        }
        let written = self.text(ctx.file, left.span);
        let ty = left.ty.required();
        self.report(
            problem(
                &codes::TYPE_MISMATCH,
                ctx,
                left.span,
                Text::new(
                    format!("`{written}` is no answer by itself: its type is {}", ty.to_en()),
                    format!("`{written}` само по себе не ответ, это {}", ty.to_ru()),
                ),
                Text::new("yes or no is needed here", "здесь нужно да или нет"),
            )
            .note(Text::new(
                format!("ask something of it: `{written} is …` or `{written} is present`"),
                format!("спросите о нём: `{written} это …` или `{written} {}`", agree(written, PRESENT)),
            )),
        );
        None
    }

    /// Checks what a test compares with when its left side is not known, for the names in it.
    fn check_operands(&mut self, operand: &ast::Operand, ctx: &Ctx) {
        for item in operand.items() {
            // A bare word may have been meant for the enum that is not known; only what cannot be is looked at.
            if !matches!(item.value.kind, ast::ValueKind::Path(_)) {
                let _ = self.value(&item.value, None, ctx);
            }
        }
    }

    /// Remembers a negated test on a field that may be missing.
    fn maybe_negation(&mut self, left: &Expr, test: &ast::Condition, span: Span, ctx: &Ctx) {
        let (Expr::Field(field), ConditionKind::Test(test)) = (left, &test.kind) else { return };
        if ctx.knows(field) || !self.field_type(field, ctx).optional {
            return;
        }
        let name = self.text(ctx.file, test.subject.span).to_owned();
        self.negations.push(Negation { field: field.clone(), name, span, in_or: false });
    }

    /// The type of a field on the events of a section.
    fn field_type(&self, field: &FieldKey, ctx: &Ctx) -> Type {
        let types = ctx.slots.kinds().filter_map(|kind| crate::catalog::schema().field(kind, field.id));
        types
            .map(|field| field.ty())
            .reduce(|a, b| if b.optional { a.optional() } else { a })
            .unwrap_or(Type::of(Scalar::Any))
    }

    /// Tells that a missing value passes a negated test.
    fn report_negation(&mut self, negation: Negation, ctx: &Ctx) {
        let Negation { name, span, in_or, .. } = negation;
        let guard = ctx.lang.pick(format!("{name} is present"), format!("{name} {}", agree(&name, PRESENT)));
        let and = ctx.lang.pick("and", "и");
        let edit = |span, replacement: String| Edit { file: ctx.file, span, replacement };
        let edits = if in_or {
            vec![edit(span.head(), "(".to_owned()), edit(span.tail(), format!(" {and} {guard})"))]
        } else {
            vec![edit(span.tail(), format!(" {and} {guard}"))]
        };
        self.report(
            problem(
                &codes::NEGATION_TAKES_MISSING,
                ctx,
                span,
                Text::new(
                    format!("this also holds when there is no `{name}`"),
                    format!("это верно и тогда, когда `{name}` пусто"),
                ),
                Text::new("a missing value passes", "пустое значение проходит"),
            )
            .note(Text::new(
                "if that is not what you mean, ask for the value to be there",
                "если это не то, что нужно, потребуйте, чтобы значение было",
            ))
            .fix(Fix {
                title: Text::new(format!("add `{and} {guard}`"), format!("добавить `{and} {guard}`")),
                edits,
                safety: Safety::Unsafe,
            }),
        );
    }
}

/// The place of each test in the order of the text. A `not` right before a question belongs to it, since the two are one
/// question of the opposite ([`negated`]); before a bare value it stands by itself.
fn test_spans(condition: &ast::Condition, negation: Option<Span>, found: &mut Vec<Span>) {
    match &condition.kind {
        ConditionKind::And { terms, .. } | ConditionKind::Or { terms, .. } => {
            terms.iter().for_each(|term| test_spans(term, None, found));
        }
        ConditionKind::Not { inner, .. } => {
            let own = negation.is_none().then(|| condition.outer_span());
            test_spans(inner, own, found);
        }
        ConditionKind::Test(test) => {
            let negation = negation.filter(|_| test.operator.is_some());
            found.push(negation.unwrap_or(condition.outer_span()));
        }
    }
}

/// The exact opposite; two of them cancel out.
pub(crate) fn negated(condition: Cond) -> Cond {
    match condition {
        Cond::Not(inner) => *inner,
        Cond::Ask { left, check } => Cond::Ask { left, check: opposite(check) },
        other => Cond::Not(Box::new(other)),
    }
}

/// The exact opposite of a question.
pub(crate) fn opposite(check: Check) -> Check {
    match check {
        Check::Not(inner) => *inner,
        other => Check::Not(Box::new(other)),
    }
}

/// The fields that are certainly there when a condition holds.
pub(crate) fn present_in(condition: &Cond) -> Vec<FieldKey> {
    match condition {
        Cond::Not(_) => Vec::new(),
        Cond::Truth(left) => field_of(left),
        Cond::All(terms) => terms.iter().flat_map(present_in).collect(),
        Cond::Any(terms) => {
            let mut terms = terms.iter().map(present_in);
            let Some(mut common) = terms.next() else { return Vec::new() };
            for fields in terms {
                common.retain(|field| fields.contains(field));
            }
            common
        }
        Cond::Ask { left, check } if needs_presence(check) => field_of(left),
        Cond::Ask { .. } => Vec::new(),
    }
}

/// Whether a question is only answered with yes for a value that is there.
pub(crate) fn needs_presence(check: &Check) -> bool {
    match check {
        Check::Test(_) => true,
        Check::Not(_) => false,
        Check::All(parts) => parts.iter().any(needs_presence),
        Check::Any(parts) => parts.iter().all(needs_presence),
    }
}

/// The field that a value is.
pub(crate) fn field_of(value: &Expr) -> Vec<FieldKey> {
    match value {
        Expr::Field(field) => vec![field.clone()],
        _ => Vec::new(),
    }
}
