//! Mutants of conditions and values.

use std::str::FromStr as _;

use rust_decimal::Decimal;
use switchboard_grammar::ast::{
    Condition, ConditionKind, Literal, LiteralKind, Operand, Operation, Operator as Asked, Value, ValueKind,
};
use switchboard_grammar::span::Span;

use super::model::Operator;
use super::pen::Pen;

impl Pen<'_> {
    /// A condition; the whole of it is shown.
    pub(super) fn condition(&mut self, condition: &Condition) {
        self.opposite(condition, condition.outer_span());
        self.parts(condition, condition.outer_span());
    }

    fn opposite(&mut self, condition: &Condition, shown: Span) {
        let outer = condition.outer_span();
        let edit = match &condition.kind {
            ConditionKind::Not { inner, .. } => self.text(inner.outer_span()).to_owned(),
            _ => format!("{} ({})", self.lang.pick("not", "не"), self.text(condition.span)),
        };
        self.add(Operator::Negation, shown, vec![(outer, edit)]);
    }

    fn parts(&mut self, condition: &Condition, shown: Span) {
        match &condition.kind {
            ConditionKind::Or { terms, .. } | ConditionKind::And { terms, .. } => {
                let places: Vec<Span> = terms.iter().map(Condition::outer_span).collect();
                self.each_left_out(Operator::Part, shown, &places);
                for term in terms {
                    if matches!(term.kind, ConditionKind::Test(_) | ConditionKind::Not { .. }) {
                        self.opposite(term, shown);
                    }
                    self.parts(term, shown);
                }
            }
            ConditionKind::Not { inner, .. } => self.parts(inner, shown),
            ConditionKind::Test(test) => self.test(test.operator.as_ref(), &test.operand, shown),
        }
    }

    /// What is asked of a value.
    pub(super) fn test(&mut self, asked: Option<&Asked>, operand: &Operand, shown: Span) {
        if let Operand::Many(items) = operand {
            let places: Vec<Span> = items.iter().map(|item| item.value.outer_span()).collect();
            self.each_left_out(Operator::Part, shown, &places);
        }
        let Some(asked) = asked else { return };
        let (other, up) = match asked.operation {
            Operation::AtLeast => (">", false),
            Operation::Over => (">=", true),
            Operation::AtMost => ("<", true),
            Operation::Under => ("<=", false),
            _ => return,
        };
        if !asked.negated {
            self.add(Operator::Comparison, shown, vec![(asked.word.span, other.to_owned())]);
        }
        // The other comparison moves the bound one way; this moves it the other way.
        if let Operand::One(item) = operand
            && let Some(literal) = item.value.literal()
            && let Some(edit) = moved(literal, up)
        {
            self.add(Operator::Bound, shown, vec![edit]);
        }
    }

    /// A value: each choice of `a else b` left out.
    pub(super) fn value(&mut self, value: &Value, shown: Span) {
        if let ValueKind::Else { options, .. } = &value.kind {
            let places: Vec<Span> = options.iter().map(Value::outer_span).collect();
            self.each_left_out(Operator::Fallback, shown, &places);
        }
    }

    /// One of several places left out, with the word or comma that joins it to the next.
    pub(super) fn each_left_out(&mut self, operator: Operator, shown: Span, places: &[Span]) {
        if places.len() < 2 {
            return;
        }
        for (at, place) in places.iter().enumerate() {
            let gone = match (places.get(at + 1), at.checked_sub(1).and_then(|before| places.get(before))) {
                (Some(next), _) => Span::new(place.start, next.start),
                (None, Some(before)) => Span::new(before.end, place.end),
                (None, None) => continue,
            };
            self.add(operator, shown, vec![(gone, String::new())]);
        }
    }
}

/// A bound, one unit further or nearer.
fn moved(literal: &Literal, up: bool) -> Option<(Span, String)> {
    let step = |amount: &str| {
        let amount = Decimal::from_str(&amount.replace(',', ".")).ok()?;
        let one = Decimal::new(if up { 1 } else { -1 }, amount.scale());
        amount.checked_add(one).map(|amount| amount.to_string())
    };
    match &literal.kind {
        LiteralKind::Number(number) => Some((literal.span, step(&number.text)?)),
        LiteralKind::Duration(duration) => {
            let part = duration.parts.last()?;
            let length = u32::try_from(part.amount.len()).ok()?;
            Some((Span::new(part.span.start, part.span.start + length), step(&part.amount)?))
        }
        _ => None,
    }
}
