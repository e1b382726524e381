//! Includes.

use super::Reader;
use crate::ast::Include;
use crate::pairs::Node;

impl Reader<'_> {
    /// `include "x.rules"`.
    pub(crate) fn include_head(&mut self, node: &Node<'_>) -> Option<Include> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        Some(Include { word, path: self.plain_text(&nodes.next()?)? })
    }
}
