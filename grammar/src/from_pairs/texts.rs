//! Texts in quotes and the holes in them.

use smol_str::{SmolStr, SmolStrBuilder};

use super::Reader;
use crate::ast::{Hole, LiteralKind, Part, TemplateFilter, TextLiteral};
use crate::diagnostic::Text;
use crate::pairs::{Node, Symbol};

impl Reader<'_> {
    /// A text, with or without holes.
    pub(super) fn text(&mut self, node: &Node<'_>) -> Option<TextLiteral> {
        let span = self.span(node);
        let mut parts = Vec::new();
        for part in node.clone().into_inner() {
            parts.push(match part.as_rule() {
                Symbol::hole => Part::Hole(self.hole(&part)?),
                _ => Part::Text { span: self.span(&part), text: unescape(part.as_str()) },
            });
        }
        Some(TextLiteral { span, parts })
    }

    /// A text that may have no holes, such as the name of a file: `None`, and a report, for any other literal.
    pub(super) fn plain_text(&mut self, node: &Node<'_>) -> Option<TextLiteral> {
        let literal = self.literal(node)?;
        let LiteralKind::Text(text) = literal.kind else {
            let message = Text::new("a text in quotes is needed here", "здесь нужен текст в кавычках");
            self.unexpected(literal.span, message);
            return None;
        };
        let hole = text.holes().next().map(|hole| hole.span);
        if let Some(hole) = hole {
            let message =
                Text::new("this text cannot hold `{{ … }}`", "в этом тексте не может быть `{{ … }}`");
            self.unexpected(hole, message);
            return None;
        }
        Some(text)
    }

    fn hole(&mut self, node: &Node<'_>) -> Option<Hole> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let value = self.value(&nodes.next()?)?;
        let mut filters = Vec::new();
        for node in nodes {
            filters.push(self.template_filter(&node)?);
        }
        Some(Hole { span, value, filters })
    }

    fn template_filter(&mut self, node: &Node<'_>) -> Option<TemplateFilter> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let name = self.name(&nodes.next()?);
        let mut arguments = Vec::new();
        for node in nodes {
            arguments.push(self.primary(&node)?);
        }
        Some(TemplateFilter { span, name, arguments })
    }
}

/// A piece of text with its escapes resolved.
fn unescape(written: &str) -> SmolStr {
    if !written.contains('\\') {
        return SmolStr::new(written);
    }
    let mut out = SmolStrBuilder::new();
    let mut chars = written.chars();
    while let Some(ch) = chars.next() {
        out.push(match ch {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        });
    }
    out.finish()
}
