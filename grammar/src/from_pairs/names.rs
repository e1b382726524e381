//! Names and paths.

use smol_str::SmolStr;

use super::Reader;
use crate::ast::{Name, Path};
use crate::pairs::{Node, Symbol};

impl Reader<'_> {
    /// A name of one word.
    pub(super) fn name(&self, node: &Node<'_>) -> Name {
        Name { span: self.span(node), text: SmolStr::new(node.as_str()) }
    }

    /// A name with dots.
    pub(super) fn path(&self, node: &Node<'_>) -> Path {
        let words =
            node.clone().into_inner().filter(|word| matches!(word.as_rule(), Symbol::name | Symbol::segment));
        Path { span: self.span(node), segments: words.map(|word| self.name(&word)).collect() }
    }
}
