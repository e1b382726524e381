//! Declarations of scripts.

use super::Reader;
use crate::ast::{
    FailureMode, FieldsTarget, Hook, Need, Parameter, ScriptLine, TextLiteral, TypeKind, TypeRef, Word,
};
use crate::keywords::Keyword;
use crate::pairs::{Node, Symbol};

impl Reader<'_> {
    /// `script "x.rhai"`.
    pub(crate) fn script_head(&mut self, node: &Node<'_>) -> Option<(Word, TextLiteral)> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        Some((word, self.plain_text(&nodes.next()?)?))
    }

    /// `function f(a: text?) gives text`.
    pub(crate) fn function_line(&mut self, node: &Node<'_>) -> Option<ScriptLine> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let name = self.name(&nodes.next()?);
        let mut parameters = Vec::new();
        let mut next = nodes.next()?;
        while next.as_rule() == Symbol::parameter {
            parameters.push(self.parameter(&next)?);
            next = nodes.next()?;
        }
        let gives_word = self.word(&next)?;
        let gives = self.type_ref(&nodes.next()?)?;
        Some(ScriptLine::Function { word, name, parameters, gives_word, gives })
    }

    /// `policy HOOK for … needs …`.
    pub(crate) fn policy_line(&mut self, node: &Node<'_>) -> Option<ScriptLine> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let hook = self.hook(&nodes.next()?)?;
        let events = self.events(&nodes.next()?)?;
        let mut by = None;
        let mut next = self.next_word(&mut nodes);
        if let Some(word) = next.filter(|word| word.keyword == Keyword::By) {
            by = Some((word, self.name(&nodes.next()?)));
            next = self.next_word(&mut nodes);
        }
        let mut needs = Vec::new();
        for node in nodes.filter(|node| node.as_rule() == Symbol::need) {
            needs.push(self.need(&node)?);
        }
        Some(ScriptLine::Policy { word, hook, events, by, needs_word: next, needs })
    }

    /// `entities`, `fields of client`.
    fn hook(&mut self, node: &Node<'_>) -> Option<Hook> {
        let mut nodes = node.clone().into_inner();
        let first = nodes.next()?;
        if first.as_rule() == Symbol::name {
            return Some(Hook::Named(self.name(&first)));
        }
        let word = self.word(&first)?;
        let target_word = self.next_word(&mut nodes)?;
        let target = match target_word.keyword {
            Keyword::Order => FieldsTarget::Order,
            _ => FieldsTarget::Client,
        };
        Some(Hook::Fields { word, target, target_word })
    }

    /// `crm.last_orders(5)`.
    fn need(&mut self, node: &Node<'_>) -> Option<Need> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let fact = self.path(&nodes.next()?);
        Some(Need { span, fact, count: nodes.next().map(|count| self.name(&count)) })
    }

    /// `on failure: use tables`.
    pub(crate) fn failure_line(&mut self, node: &Node<'_>) -> Option<ScriptLine> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let mode_word = self.next_word(&mut nodes)?;
        let mode =
            if mode_word.keyword == Keyword::Park { FailureMode::Park } else { FailureMode::UseTables };
        Some(ScriptLine::OnFailure { word, mode, mode_word })
    }

    fn parameter(&mut self, node: &Node<'_>) -> Option<Parameter> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let name = self.name(&nodes.next()?);
        Some(Parameter { span, name, ty: self.type_ref(&nodes.next()?)? })
    }

    fn type_ref(&mut self, node: &Node<'_>) -> Option<TypeRef> {
        let span = self.span(node);
        let mut list = None;
        let mut kind = None;
        let mut optional = false;
        for part in node.clone().into_inner() {
            match part.as_rule() {
                Symbol::k_list_of => list = self.word(&part),
                Symbol::optional => optional = true,
                Symbol::name => kind = Some(TypeKind::Named(self.name(&part))),
                _ => {
                    let word = self.word(&part)?;
                    kind = Some(match word.keyword {
                        Keyword::TypeText => TypeKind::Text(word),
                        Keyword::TypeNumber => TypeKind::Number(word),
                        Keyword::TypeYesNo => TypeKind::YesNo(word),
                        Keyword::TypePhone => TypeKind::Phone(word),
                        Keyword::TypeDuration => TypeKind::Duration(word),
                        Keyword::TypeMoment => TypeKind::Moment(word),
                        Keyword::TypeDate => TypeKind::Date(word),
                        Keyword::TypeTime => TypeKind::Time(word),
                        _ => return None,
                    });
                }
            }
        }
        Some(TypeRef { span, list, kind: kind?, optional })
    }
}
