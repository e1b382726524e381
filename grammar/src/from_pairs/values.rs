//! Values: literals, names, calls, brackets, fallbacks.

use super::Reader;
use super::words::cover;
use crate::ast::{Call, Condition, ConditionKind, Value, ValueKind, Word};
use crate::codes;
use crate::diagnostic::{Diagnostic, Label, Text};
use crate::pairs::{Node, Symbol};
use crate::span::Span;

impl Reader<'_> {
    /// A value with its fallbacks.
    pub(super) fn value(&mut self, node: &Node<'_>) -> Option<Value> {
        let mut options = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        for part in node.clone().into_inner() {
            match part.as_rule() {
                Symbol::k_else => words.extend(self.word(&part)),
                _ => options.push(self.primary(&part)?),
            }
        }
        if words.is_empty() {
            return options.pop();
        }
        let span = options.first()?.outer_span().cover(options.last()?.outer_span());
        Some(Value { span, kind: ValueKind::Else { options, words }, brackets: None })
    }

    /// Several values.
    pub(super) fn values<'n>(&mut self, nodes: impl Iterator<Item = Node<'n>>) -> Option<Vec<Value>> {
        nodes.filter(|node| node.as_rule() == Symbol::value).map(|node| self.value(&node)).collect()
    }

    /// A value without fallbacks.
    pub(super) fn primary(&mut self, node: &Node<'_>) -> Option<Value> {
        let span = self.span(node);
        let kind = match node.as_rule() {
            Symbol::path => ValueKind::Path(self.path(node)),
            Symbol::named => {
                let mut nodes = node.clone().into_inner();
                let name = self.path(&nodes.next()?);
                match nodes.next() {
                    Some(arguments) => {
                        ValueKind::Call(Call { name, arguments: self.values(arguments.into_inner())? })
                    }
                    None => ValueKind::Path(name),
                }
            }
            Symbol::k_default => ValueKind::Default(self.word(node)?),
            Symbol::group => return self.group(node),
            _ => ValueKind::Literal(self.literal(node)?),
        };
        Some(Value { span, kind, brackets: None })
    }

    /// Brackets where a value is needed.
    fn group(&mut self, node: &Node<'_>) -> Option<Value> {
        let brackets = self.span(node);
        let inner = self.condition(&node.clone().into_inner().next()?)?;
        let span = inner.span;
        match bare(inner) {
            Some(value) => Some(Value { brackets: Some(cover(brackets, value.brackets)), ..value }),
            None => {
                self.not_a_value(span);
                None
            }
        }
    }

    fn not_a_value(&mut self, span: Span) {
        let message = Text::new(
            "a value is needed here, and this is a condition",
            "здесь нужно значение, а стоит условие",
        );
        let note = Text::new(
            "a condition is already a yes or no: it cannot be compared or used as a value",
            "условие – уже да или нет: его нельзя сравнивать или подставлять как значение",
        );
        let label = Label::bare(self.file, span);
        self.sink.report(Diagnostic::new(&codes::UNEXPECTED_TEXT, message, label).note(note));
    }
}

/// The value that a condition is, when it compares nothing.
fn bare(condition: Condition) -> Option<Value> {
    match condition.kind {
        ConditionKind::Test(test) if test.operator.is_none() => {
            let brackets = condition.brackets.or(test.subject.brackets);
            Some(Value { brackets, ..test.subject })
        }
        _ => None,
    }
}
