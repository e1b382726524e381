//! What every function of this room needs, and the spans of nodes.

use crate::codes;
use crate::diagnostic::Text;
use crate::lang::Lang;
use crate::pairs::{Node, Symbol};
use crate::sink::Sink;
use crate::source::FileId;
use crate::span::Span;

/// What every function here needs to know: whose line it is, and where to put what is found.
pub(crate) struct Reader<'a> {
    /// The file.
    pub(crate) file: FileId,
    /// The language of its keywords.
    pub(crate) lang: Lang,
    /// Where the parsed piece starts in the file.
    pub(crate) base: u32,
    /// Takes problems and words.
    pub(crate) sink: &'a mut Sink,
}

impl Reader<'_> {
    /// Where a node stands in the file, without blanks after it.
    pub(crate) fn span(&self, node: &Node<'_>) -> Span {
        Span::of(node.as_span().start()..tight_end(node)).shifted(self.base)
    }

    /// Reports a problem of the kind "this is not how it is written".
    pub(super) fn unexpected(&mut self, span: Span, message: Text) {
        self.sink.error(&codes::UNEXPECTED_TEXT, self.file, span, message);
    }
}

/// Where a node ends; pest lets one that ends in something optional run over the blanks after it.
fn tight_end(node: &Node<'_>) -> usize {
    let text = node.as_str();
    if !text.ends_with(|ch: char| ch.is_whitespace()) {
        return node.as_span().end();
    }
    match node.clone().into_inner().filter(|child| child.as_rule() != Symbol::EOI).last() {
        Some(last) => tight_end(&last),
        // A token: the blanks are its own.
        None => node.as_span().end(),
    }
}
