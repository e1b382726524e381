//! Which events a section is for: `incoming calls, chats`.

use super::name::Word;
use crate::span::Span;

/// The events of a section header, in the order written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events {
    /// From `for` to the last word.
    pub span: Span,
    /// The word `for`.
    pub word: Word,
    /// One or more; none only where the header is broken.
    pub targets: Vec<EventTarget>,
}

/// One of them: `missed incoming calls`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTarget {
    /// All its words.
    pub span: Span,
    /// `missed`, `failed` or `answered` in front; for tasks.
    pub outcome: Option<(Outcome, Word)>,
    /// What happened.
    pub kind: EventKind,
    /// Its word.
    pub word: Word,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// Someone called the shop.
    IncomingCalls,
    /// The shop called someone.
    OutgoingCalls,
    /// Calls of either direction.
    Calls,
    /// Conversations in a chat or messenger.
    Chats,
    /// Forms left on a site.
    Requests,
    /// Orders of the CRM.
    Orders,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Nobody of the shop answered.
    Missed,
    /// The other side did not answer.
    Failed,
    /// There was a talk.
    Answered,
}
