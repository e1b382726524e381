//! Settings.

use super::Reader;
use crate::ast::Setting;
use crate::pairs::Node;

impl Reader<'_> {
    /// `name: value`.
    pub(crate) fn settings_line(&mut self, node: &Node<'_>) -> Option<Setting> {
        let mut nodes = node.clone().into_inner();
        let name = self.name(&nodes.next()?);
        Some(Setting { name, value: self.value(&nodes.next()?)? })
    }
}
