//! The events of a section header.

use super::Reader;
use crate::ast::{EventKind, EventTarget, Events, Outcome};
use crate::keywords::Keyword;
use crate::pairs::{Node, Symbol};

impl Reader<'_> {
    /// `for incoming calls, chats`.
    pub(super) fn events(&mut self, node: &Node<'_>) -> Option<Events> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let targets = nodes.filter(|node| node.as_rule() == Symbol::target).map(|node| self.target(&node));
        Some(Events { span, word, targets: targets.collect::<Option<_>>()? })
    }

    fn target(&mut self, node: &Node<'_>) -> Option<EventTarget> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let mut word = self.next_word(&mut nodes)?;
        let outcome = match word.keyword {
            Keyword::Missed => Some(Outcome::Missed),
            Keyword::Failed => Some(Outcome::Failed),
            Keyword::Answered => Some(Outcome::Answered),
            _ => None,
        };
        let outcome = outcome.map(|outcome| (outcome, word));
        if outcome.is_some() {
            word = self.next_word(&mut nodes)?;
        }
        let kind = match word.keyword {
            Keyword::IncomingCalls => EventKind::IncomingCalls,
            Keyword::OutgoingCalls => EventKind::OutgoingCalls,
            Keyword::Calls => EventKind::Calls,
            Keyword::Chats => EventKind::Chats,
            Keyword::Requests => EventKind::Requests,
            Keyword::Orders => EventKind::Orders,
            _ => return None,
        };
        Some(EventTarget { span, outcome, kind, word })
    }
}
