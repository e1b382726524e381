//! Transfer of orders.

use super::Reader;
use crate::ast::{TransferLine, Word};
use crate::keywords::Keyword;
use crate::pairs::Node;

impl Reader<'_> {
    /// `transfer orders`.
    pub(crate) fn transfer_head(&mut self, node: &Node<'_>) -> Option<Word> {
        self.next_word(&mut node.clone().into_inner())
    }

    /// One line of the section.
    pub(crate) fn transfer_line(&mut self, node: &Node<'_>) -> Option<TransferLine> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        if word.keyword == Keyword::Pass {
            return Some(TransferLine::Pass(word, self.values(nodes)?));
        }
        let content = nodes.next()?;
        Some(match word.keyword {
            Keyword::OnlyWhen => TransferLine::OnlyWhen(word, self.whole_condition(&content)?),
            Keyword::Won => TransferLine::Won(word, self.whole_condition(&content)?),
            Keyword::Lost => TransferLine::Lost(word, self.whole_condition(&content)?),
            Keyword::Funnel => TransferLine::Funnel(word, self.value(&content)?),
            Keyword::Amount => TransferLine::Amount(word, self.value(&content)?),
            _ => return None,
        })
    }
}
