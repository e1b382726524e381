//! Named lists.

use super::Reader;
use crate::ast::{ListFile, Name, Value, Word};
use crate::pairs::{Node, Symbol};

/// What a list's header line says.
pub(crate) struct ListHead {
    pub(crate) word: Word,
    pub(crate) name: Name,
    pub(crate) file: Option<ListFile>,
    pub(crate) inline: Vec<Value>,
}

impl Reader<'_> {
    /// `list NAME: a, b`, `list NAME from "x.csv"` or `list NAME`.
    pub(crate) fn list_head(&mut self, node: &Node<'_>) -> Option<ListHead> {
        let mut nodes = node.clone().into_inner().peekable();
        let word = self.next_word(&mut nodes)?;
        let name = self.name(&nodes.next()?);
        if nodes.peek().is_none_or(|next| next.as_rule() != Symbol::k_from) {
            return Some(ListHead { word, name, file: None, inline: self.values(nodes)? });
        }
        let from = self.next_word(&mut nodes)?;
        let path = self.plain_text(&nodes.next()?)?;
        let column = match self.next_word(&mut nodes) {
            Some(column) => Some((column, self.plain_text(&nodes.next()?)?)),
            None => None,
        };
        Some(ListHead { word, name, file: Some(ListFile { from, path, column }), inline: Vec::new() })
    }

    /// Values of one line.
    pub(crate) fn list_line(&mut self, node: &Node<'_>) -> Option<Vec<Value>> {
        self.values(node.clone().into_inner())
    }
}
