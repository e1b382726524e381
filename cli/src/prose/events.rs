//! Kinds of events in words: "входящий звонок", "пропущенного входящего звонка".

use switchboard_grammar::ast::{EventKind, EventTarget, Events, Outcome};
use switchboard_grammar::lang::Lang;

use super::phrases::{and, listed, or};

/// What a section is about, as it is called in its sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Noun {
    /// One of them: "the call".
    pub(super) en: &'static str,
    /// Of one of them, without an article: "call".
    pub(super) en_of: &'static str,
    /// One of them, nominative.
    pub(super) ru: &'static str,
    /// One of them, genitive.
    pub(super) ru_of: &'static str,
}

const CALL: Noun = Noun { en: "the call", en_of: "call", ru: "звонок", ru_of: "звонка" };
const CHAT: Noun = Noun { en: "the chat", en_of: "chat", ru: "чат", ru_of: "чата" };
const REQUEST: Noun = Noun { en: "the request", en_of: "request", ru: "заявка", ru_of: "заявки" };
const ORDER: Noun = Noun { en: "the order", en_of: "order", ru: "заказ", ru_of: "заказа" };
/// Several kinds at once.
const CONTACT: Noun =
    Noun { en: "the contact", en_of: "contact", ru: "обращение", ru_of: "обращения" };

/// The noun for the events of a section.
pub(super) fn noun(events: Option<&Events>) -> Noun {
    let mut nouns = kinds(events).into_iter().map(noun_of);
    let Some(first) = nouns.next() else { return CONTACT };
    if nouns.all(|noun| noun == first) { first } else { CONTACT }
}

/// The kinds that a section names, each once, in the order of the documentation.
pub(super) fn kinds(events: Option<&Events>) -> Vec<EventKind> {
    let mut kinds: Vec<EventKind> =
        events.map(|events| events.targets.iter().map(|target| target.kind).collect()).unwrap_or_default();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The kinds as bits, calls of both directions as two, so that sections can be asked whether they are about the same.
pub(super) fn slots(events: Option<&Events>) -> u8 {
    kinds(events).into_iter().fold(0, |slots, kind| {
        slots
            | match kind {
                EventKind::IncomingCalls => 1,
                EventKind::OutgoingCalls => 2,
                EventKind::Calls => 3,
                EventKind::Chats => 4,
                EventKind::Requests => 8,
                EventKind::Orders => 16,
            }
    })
}

/// A chapter's title: "Входящие звонки", "Чаты и заявки".
pub(super) fn title(kinds: &[EventKind], lang: Lang) -> String {
    if kinds == [EventKind::Calls] {
        return lang.pick("All calls", "Все звонки").to_owned();
    }
    super::phrases::capital(&listed_kinds(kinds, lang))
}

/// The events of a section in the plural: "входящие звонки", "чаты и заявки".
pub(super) fn plurals(events: Option<&Events>, lang: Lang) -> String {
    listed_kinds(&kinds(events), lang)
}

fn listed_kinds(kinds: &[EventKind], lang: Lang) -> String {
    let mut names: Vec<String> = kinds.iter().map(|kind| plural(*kind, lang).to_owned()).collect();
    if let [EventKind::IncomingCalls, EventKind::OutgoingCalls, ..] = kinds {
        let both = lang.pick("incoming and outgoing calls", "входящие и исходящие звонки");
        names.splice(..2, [both.to_owned()]);
    }
    listed(&names, and(lang))
}

/// What a task follows, after "после": "пропущенного входящего звонка или пропущенного чата".
pub(super) fn after(events: Option<&Events>, lang: Lang) -> String {
    let targets = events.map(|events| events.targets.as_slice()).unwrap_or_default();
    let names: Vec<String> = targets.iter().map(|target| one(target, lang)).collect();
    listed(&names, or(lang))
}

const fn noun_of(kind: EventKind) -> Noun {
    match kind {
        EventKind::IncomingCalls | EventKind::OutgoingCalls | EventKind::Calls => CALL,
        EventKind::Chats => CHAT,
        EventKind::Requests => REQUEST,
        EventKind::Orders => ORDER,
    }
}

fn plural(kind: EventKind, lang: Lang) -> &'static str {
    match kind {
        EventKind::IncomingCalls => lang.pick("incoming calls", "входящие звонки"),
        EventKind::OutgoingCalls => lang.pick("outgoing calls", "исходящие звонки"),
        EventKind::Calls => lang.pick("calls", "звонки"),
        EventKind::Chats => lang.pick("chats", "чаты"),
        EventKind::Requests => lang.pick("requests", "заявки"),
        EventKind::Orders => lang.pick("orders", "заказы"),
    }
}

fn one(target: &EventTarget, lang: Lang) -> String {
    let outcome = target.outcome.map(|(outcome, _)| outcome);
    match lang {
        Lang::En => {
            let adjective = match outcome {
                Some(Outcome::Missed) => "missed ",
                Some(Outcome::Failed) => "failed ",
                Some(Outcome::Answered) => "answered ",
                None => "",
            };
            let name = match target.kind {
                EventKind::IncomingCalls => "incoming call",
                EventKind::OutgoingCalls => "outgoing call",
                EventKind::Calls => "call",
                EventKind::Chats => "chat",
                EventKind::Requests => "request",
                EventKind::Orders => "order",
            };
            let whole = format!("{adjective}{name}");
            let article = if whole.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            format!("{article} {whole}")
        }
        Lang::Ru => {
            let is_feminine = target.kind == EventKind::Requests;
            let adjective = match (outcome, is_feminine) {
                (Some(Outcome::Missed), false) => "пропущенного ",
                (Some(Outcome::Missed), true) => "пропущенной ",
                (Some(Outcome::Failed), false) => "неудачного ",
                (Some(Outcome::Failed), true) => "неудачной ",
                (Some(Outcome::Answered), false) => "принятого ",
                (Some(Outcome::Answered), true) => "принятой ",
                (None, _) => "",
            };
            let name = match target.kind {
                EventKind::IncomingCalls => "входящего звонка",
                EventKind::OutgoingCalls => "исходящего звонка",
                EventKind::Calls => "звонка",
                EventKind::Chats => "чата",
                EventKind::Requests => "заявки",
                EventKind::Orders => "заказа",
            };
            format!("{adjective}{name}")
        }
    }
}
