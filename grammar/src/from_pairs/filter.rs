//! Filters.

use super::Reader;
use crate::ast::{Events, FilterLine, Guard, Verdict, Word};
use crate::keywords::Keyword;
use crate::pairs::Node;

impl Reader<'_> {
    /// `filter for …`; also any other header of a keyword and events.
    pub(crate) fn events_head(&mut self, node: &Node<'_>) -> Option<(Word, Events)> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        Some((word, self.events(&nodes.next()?)?))
    }

    /// One line of a filter.
    pub(crate) fn filter_line(&mut self, node: &Node<'_>) -> Option<FilterLine> {
        let mut nodes = node.clone().into_inner();
        let first = self.next_word(&mut nodes)?;
        let second = self.next_word(&mut nodes)?;
        let (word, guard) = if first.keyword == Keyword::Else {
            (second, Guard::Else(first))
        } else {
            (first, Guard::When(second, self.whole_condition(&nodes.next()?)?))
        };
        let verdict = if word.keyword == Keyword::Accept { Verdict::Accept } else { Verdict::Reject };
        Some(FilterLine { verdict, word, guard })
    }
}
