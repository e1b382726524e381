//! Tasks.

use super::Reader;
use crate::ast::{Condition, Due, DueAmount, DueKind, Duration, Events, LiteralKind, Note, TaskLine, Word};
use crate::codes;
use crate::diagnostic::{Diagnostic, Label, Text};
use crate::keywords::Keyword;
use crate::pairs::{Node, Symbol};
use crate::span::Span;

/// What a task's header line says.
pub(crate) struct TaskHead {
    pub(crate) word: Word,
    pub(crate) events: Events,
    pub(crate) when: Option<(Word, Condition)>,
}

impl Reader<'_> {
    /// `task for … when …`.
    pub(crate) fn task_head(&mut self, node: &Node<'_>) -> Option<TaskHead> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let events = self.events(&nodes.next()?)?;
        let when = match self.next_word(&mut nodes) {
            Some(when) => Some((when, self.whole_condition(&nodes.next()?)?)),
            None => None,
        };
        Some(TaskHead { word, events, when })
    }

    /// One line of a task.
    pub(crate) fn task_line(&mut self, node: &Node<'_>) -> Option<TaskLine> {
        let mut nodes = node.clone().into_inner();
        let word = self.next_word(&mut nodes)?;
        let content = nodes.next()?;
        Some(match word.keyword {
            Keyword::Title => TaskLine::Title(word, self.value(&content)?),
            Keyword::Assign => TaskLine::Assign(word, self.value(&content)?),
            Keyword::Due => TaskLine::Due(word, self.due(&content)?),
            Keyword::Note => match content.as_rule() {
                Symbol::k_template => {
                    let template = self.word(&content)?;
                    TaskLine::Note(word, Note::Template(template, self.plain_text(&nodes.next()?)?))
                }
                _ => TaskLine::Note(word, Note::Value(self.value(&content)?)),
            },
            Keyword::Cancel => TaskLine::Cancel(word),
            _ => return None,
        })
    }

    fn due(&mut self, node: &Node<'_>) -> Option<Due> {
        let span = self.span(node);
        let mut nodes = node.clone().into_inner();
        let first = nodes.next()?;
        if first.as_rule() != Symbol::wait {
            let at = self.value(&first)?;
            if let Some(LiteralKind::Duration(_)) = at.literal().map(|literal| &literal.kind) {
                self.counted_from_nothing(at.span);
                return None;
            }
            return Some(Due { span, kind: DueKind::At(at) });
        }
        let amount = self.wait(&first)?;
        let after = self.next_word(&mut nodes)?;
        let base = self.value(&nodes.next()?)?;
        let by = match self.next_word(&mut nodes) {
            Some(by) => Some((by, self.name(&nodes.next()?))),
            None => None,
        };
        Some(Due { span, kind: DueKind::After { amount, after, base, by } })
    }

    /// `due: 2 hours`: after what?
    fn counted_from_nothing(&mut self, span: Span) {
        let after = Keyword::After.spelling(self.lang);
        let example = self.lang.pick("2 hours after finished", "2 часа после завершён");
        let message = Text::new(
            format!("`{after}` and a moment are missing: what is this time counted from?"),
            format!("не хватает `{after}` и момента: от чего отсчитывать это время?"),
        );
        let label = Text::new(format!("for example `{example}`"), format!("например `{example}`"));
        self.sink.report(Diagnostic::new(
            &codes::UNEXPECTED_TEXT,
            message,
            Label::new(self.file, span, label),
        ));
    }

    fn wait(&mut self, node: &Node<'_>) -> Option<DueAmount> {
        let mut parts = Vec::new();
        let mut working = None;
        let mut nodes = node.clone().into_inner();
        while let Some(part) = nodes.next() {
            if part.as_rule() == Symbol::amount {
                working = self.next_word(&mut nodes);
                parts.push(self.amount_and_unit(&part, &nodes.next()?)?);
            } else {
                parts.push(self.part(&part)?);
            }
        }
        Some(DueAmount { duration: Duration { parts }, working })
    }
}
