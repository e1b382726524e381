//! Fields of the client or order.

use super::Reader;
use crate::ast::{Events, FieldLine, FieldsTarget, Word};
use crate::keywords::Keyword;
use crate::pairs::Node;

/// What the header line says.
pub(crate) struct FieldsHead {
    pub(crate) word: Word,
    pub(crate) target: (FieldsTarget, Word),
    pub(crate) events: Events,
}

impl Reader<'_> {
    /// `fields of client for …`.
    pub(crate) fn fields_head(&mut self, node: &Node<'_>) -> Option<FieldsHead> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let whose = self.next_word(&mut nodes)?;
        let target =
            if whose.keyword == Keyword::Client { FieldsTarget::Client } else { FieldsTarget::Order };
        Some(FieldsHead { word, target: (target, whose), events: self.events(&nodes.next()?)? })
    }

    /// `crm_code from value, always`.
    pub(crate) fn fields_line(&mut self, node: &Node<'_>) -> Option<FieldLine> {
        let mut nodes = node.clone().into_inner();
        let code = self.name(&nodes.next()?);
        let from = self.next_word(&mut nodes)?;
        let value = self.value(&nodes.next()?)?;
        Some(FieldLine { code, from, value, always: self.next_word(&mut nodes) })
    }
}
