//! Texts in other quotes: `«…»`, `“…”`, `'…'`. Read for what they say, reported with the right quotes.

use smol_str::SmolStr;

use super::Reader;
use crate::ast::{Part, TextLiteral};
use crate::codes;
use crate::diagnostic::{Diagnostic, Fix, Label, Safety, Text};
use crate::pairs::Node;
use crate::span::Span;

impl Reader<'_> {
    /// A text in other quotes. Holes in it are not read: the fix makes them holes.
    pub(super) fn alien(&mut self, node: &Node<'_>) -> TextLiteral {
        let span = self.span(node);
        let written = node.as_str();
        let mut inner = written.chars();
        let open = inner.next().unwrap_or('"');
        let close = inner.next_back().unwrap_or('"');
        let inner = inner.as_str();
        let title = Text::new("write `\"…\"`", "напишите `\"…\"`");
        let message = Text::new(
            format!("a text goes in straight quotes `\"…\"`, not in `{open}…{close}`"),
            format!("текст пишется в прямых кавычках `\"…\"`, а не в `{open}…{close}`"),
        );
        let fixed = format!("\"{}\"", inner.replace('"', "\\\""));
        self.sink.report(
            Diagnostic::new(&codes::FOREIGN_SPELLING, message, Label::new(self.file, span, title.clone()))
                .fix(Fix::replace(Safety::Safe, title, self.file, span, fixed)),
        );
        let start = span.start + crate::span::offset(open.len_utf8());
        let inside = Span::new(start, start + crate::span::offset(inner.len()));
        let text = SmolStr::new(inner);
        let parts = if text.is_empty() { Vec::new() } else { vec![Part::Text { span: inside, text }] };
        TextLiteral { span, parts }
    }
}
