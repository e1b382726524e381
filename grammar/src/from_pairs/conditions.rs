//! Conditions: precedence from one table, tests from their parts.

use std::sync::OnceLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};

use super::Reader;
use crate::ast::{Condition, ConditionKind, Item, Operand, Operation, Operator, Test, Value, Word};
use crate::keywords::Keyword;
use crate::pairs::{Node, Symbol};
use crate::span::Span;

/// Who binds tighter: `or` least, then `and`, then `not`.
fn precedence() -> &'static PrattParser<Symbol> {
    static TABLE: OnceLock<PrattParser<Symbol>> = OnceLock::new();
    TABLE.get_or_init(|| {
        PrattParser::new()
            .op(Op::infix(Symbol::k_or, Assoc::Left))
            .op(Op::infix(Symbol::k_and, Assoc::Left))
            .op(Op::prefix(Symbol::k_not))
    })
}

/// A step of the precedence table; the words are read afterwards, in order.
enum Step<'a> {
    Test(Node<'a>),
    Not(Node<'a>, Box<Step<'a>>),
    Join(Vec<Step<'a>>, Vec<Node<'a>>),
}

impl Reader<'_> {
    /// A condition.
    pub(super) fn condition(&mut self, node: &Node<'_>) -> Option<Condition> {
        let steps = precedence()
            .map_primary(Step::Test)
            .map_prefix(|word, inner| Step::Not(word, Box::new(inner)))
            .map_infix(|left, word, right| match left {
                // `a or b or c` is one list; what stands in brackets is a test here, so it stays apart.
                Step::Join(mut terms, mut words)
                    if words.first().is_some_and(|first| first.as_rule() == word.as_rule()) =>
                {
                    terms.push(right);
                    words.push(word);
                    Step::Join(terms, words)
                }
                left => Step::Join(vec![left, right], vec![word]),
            })
            .parse(node.clone().into_inner());
        self.step(steps)
    }

    fn step(&mut self, step: Step<'_>) -> Option<Condition> {
        match step {
            Step::Test(node) => self.test(&node),
            Step::Not(word, inner) => {
                let word = self.word(&word)?;
                let inner = self.step(*inner)?;
                let span = word.span.cover(inner.outer_span());
                let kind = ConditionKind::Not { word, inner: Box::new(inner) };
                Some(Condition { span, kind, brackets: None })
            }
            Step::Join(steps, nodes) => {
                let mut terms = Vec::with_capacity(steps.len());
                let mut words: Vec<Word> = Vec::with_capacity(nodes.len());
                let mut nodes = nodes.into_iter();
                for step in steps {
                    terms.push(self.step(step)?);
                    words.extend(nodes.next().and_then(|node| self.word(&node)));
                }
                let span = terms.first()?.outer_span().cover(terms.last()?.outer_span());
                let any = words.first()?.keyword == Keyword::Or;
                let kind = if any {
                    ConditionKind::Or { terms, words }
                } else {
                    ConditionKind::And { terms, words }
                };
                Some(Condition { span, kind, brackets: None })
            }
        }
    }

    /// One test, or a condition in brackets.
    fn test(&mut self, node: &Node<'_>) -> Option<Condition> {
        let mut nodes = node.clone().into_inner();
        let subject = nodes.next()?;
        let asked = nodes.next();
        if asked.is_none()
            && let Some(group) = only_group(&subject)
        {
            let brackets = self.span(&group);
            let inner = self.condition(&group.into_inner().next()?)?;
            return Some(Condition { brackets: Some(brackets), ..inner });
        }
        let subject = self.value(&subject)?;
        let Some(asked) = asked else {
            let span = subject.outer_span();
            let test = Test { subject, operator: None, operand: Operand::None };
            return Some(Condition { span, kind: ConditionKind::Test(Box::new(test)), brackets: None });
        };
        let operator = self.operator(&asked)?;
        let (operand, end) = self.operand(nodes.next().as_ref())?;
        let span = subject.outer_span().cover(end.unwrap_or(operator.word.span));
        let test = Test { subject, operator: Some(operator), operand };
        Some(Condition { span, kind: ConditionKind::Test(Box::new(test)), brackets: None })
    }

    /// An operator from its keyword.
    pub(super) fn operator(&mut self, node: &Node<'_>) -> Option<Operator> {
        let word = self.word(node)?;
        let (operation, negated) = match word.keyword {
            Keyword::Is => (Operation::Is, false),
            Keyword::IsNot => (Operation::Is, true),
            Keyword::In => (Operation::In, false),
            Keyword::NotIn => (Operation::In, true),
            Keyword::Contains => (Operation::Contains, false),
            Keyword::NotContains => (Operation::Contains, true),
            Keyword::StartsWith => (Operation::StartsWith, false),
            Keyword::NotStartsWith => (Operation::StartsWith, true),
            Keyword::EndsWith => (Operation::EndsWith, false),
            Keyword::NotEndsWith => (Operation::EndsWith, true),
            Keyword::Like => (Operation::Like, false),
            Keyword::NotLike => (Operation::Like, true),
            Keyword::AtLeast => (Operation::AtLeast, false),
            Keyword::AtMost => (Operation::AtMost, false),
            Keyword::Over => (Operation::Over, false),
            Keyword::Under => (Operation::Under, false),
            Keyword::IsMissing | Keyword::Missing => (Operation::Missing, false),
            Keyword::IsPresent | Keyword::Present => (Operation::Missing, true),
            _ => return None,
        };
        Some(Operator { operation, negated, word })
    }

    /// What stands right of an operator, and where it stands.
    pub(super) fn operand(&mut self, node: Option<&Node<'_>>) -> Option<(Operand, Option<Span>)> {
        let Some(node) = node else { return Some((Operand::None, None)) };
        let span = Some(self.span(node));
        let operand = match node.as_rule() {
            Symbol::items => {
                let items = node.clone().into_inner().map(|item| self.item(&item));
                Operand::Many(items.collect::<Option<_>>()?)
            }
            Symbol::item => Operand::One(self.item(node)?),
            Symbol::path => Operand::One(Item { exactly: None, value: self.primary(node)? }),
            _ => Operand::One(Item { exactly: None, value: self.value(node)? }),
        };
        Some((operand, span))
    }

    /// A value with or without `exactly`.
    pub(super) fn item(&mut self, node: &Node<'_>) -> Option<Item> {
        let mut exactly = None;
        let mut value: Option<Value> = None;
        for part in node.clone().into_inner() {
            match part.as_rule() {
                Symbol::k_exactly => exactly = self.word(&part),
                _ => value = Some(self.value(&part)?),
            }
        }
        Some(Item { exactly, value: value? })
    }
}

/// The brackets that a value is, when it is nothing else.
fn only_group<'a>(value: &Node<'a>) -> Option<Node<'a>> {
    let mut nodes = value.clone().into_inner();
    let first = nodes.next()?;
    (first.as_rule() == Symbol::group && nodes.next().is_none()).then_some(first)
}
