//! Section headers: which slots the written events are.

use switchboard_grammar::ast;
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Fix, Safety, Text};
use switchboard_grammar::source::FileId;
use switchboard_grammar::span::Span;

use super::checker::{Checker, Placed, problem_in};
use super::ctx::Ctx;
use crate::program::{Slot, Slots};

/// What a task's header says about its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TaskEvents {
    /// All of them.
    pub(crate) slots: Slots,
    /// Those of which only the unreached count: `missed`, `failed`.
    pub(crate) unreached: Slots,
    /// Those of which only the reached count: `answered`.
    pub(crate) reached: Slots,
}

/// The slots of written events; every slot when the header is broken, so that one mistake stays one.
pub(crate) fn slots(events: Option<&ast::Events>) -> Slots {
    match events {
        Some(events) if !events.targets.is_empty() => {
            events.targets.iter().fold(Slots::NONE, |all, target| all.or(of_kind(target.kind)))
        }
        _ => Slot::ALL.into_iter().collect(),
    }
}

/// The slots of one kind of event as written.
pub(crate) const fn of_kind(kind: ast::EventKind) -> Slots {
    match kind {
        ast::EventKind::IncomingCalls => Slots::one(Slot::IncomingCall),
        ast::EventKind::OutgoingCalls => Slots::one(Slot::OutgoingCall),
        ast::EventKind::Calls => Slots::CALLS,
        ast::EventKind::Chats => Slots::one(Slot::Chat),
        ast::EventKind::Requests => Slots::one(Slot::Request),
        ast::EventKind::Orders => Slots::ORDERS,
    }
}

impl Checker<'_> {
    /// The slots of a section that no `missed`, `failed` or `answered` may stand in.
    pub(crate) fn plain_events(&mut self, file: FileId, events: Option<&ast::Events>) -> Slots {
        for target in events.iter().flat_map(|events| &events.targets) {
            if let Some((_, word)) = &target.outcome {
                let written = self.text(file, word.span);
                self.report(
                    problem_in(
                        &codes::UNEXPECTED_TEXT,
                        file,
                        word.span,
                        Text::new(
                            format!("`{written}` is only for tasks"),
                            format!("`{written}` бывает только у задач"),
                        ),
                        Text::new("this section takes all of them", "этот раздел — для всех таких событий"),
                    )
                    .note(Text::new(
                        "ask for it in a condition or column: `missed`",
                        "спросите об этом в условии или столбце: `пропущен`",
                    ))
                    .fix(Fix::replace(
                        Safety::Unsafe,
                        Text::new(format!("remove `{written}`"), format!("убрать `{written}`")),
                        file,
                        Span::new(word.span.start, target.word.span.start),
                        "",
                    )),
                );
            }
        }
        slots(events)
    }

    /// Whether the events of the section around a place could not be read, so that it stands for all: then what some
    /// events lack is no mistake of this place.
    pub(crate) fn is_guessed(&self, ctx: &Ctx, place: Span) -> bool {
        let around = |placed: &&Placed<'_>| {
            let extent = placed.section.extent;
            placed.file == ctx.file && extent.start <= place.start && place.end <= extent.end
        };
        ctx.slots.iter().count() == Slot::ALL.len()
            && self.sections.iter().find(around).is_some_and(|placed| placed.section.broken)
    }

    /// The slots of a task, and of which of them only some events count.
    pub(crate) fn task_events(&mut self, file: FileId, events: Option<&ast::Events>) -> TaskEvents {
        let mut of = TaskEvents::default();
        for target in events.iter().flat_map(|events| &events.targets) {
            let written = of_kind(target.kind);
            let Some((outcome, word)) = &target.outcome else {
                of.slots = of.slots.or(written);
                continue;
            };
            // `missed calls` are incoming, `failed calls` outgoing: the other direction cannot be so.
            let fitting = written.and(can_be(*outcome));
            if fitting.is_empty() {
                self.report_outcome(file, *outcome, word.span, written);
            }
            of.slots = of.slots.or(fitting);
            match outcome {
                ast::Outcome::Missed | ast::Outcome::Failed => of.unreached = of.unreached.or(fitting),
                ast::Outcome::Answered => of.reached = of.reached.or(fitting),
            }
        }
        if events.is_none_or(|events| events.targets.is_empty()) {
            of.slots = slots(None);
        }
        of
    }

    fn report_outcome(&mut self, file: FileId, outcome: ast::Outcome, span: Span, slots: Slots) {
        let word = self.text(file, span);
        let advice = match outcome {
            ast::Outcome::Missed => Text::new(
                "incoming calls and chats can be missed; outgoing calls can be `failed`",
                "пропущенными бывают входящие звонки и чаты, исходящие звонки бывают `неудачных`",
            ),
            ast::Outcome::Failed => Text::new(
                "outgoing calls can fail; incoming calls and chats can be `missed`",
                "неудачными бывают исходящие звонки, а входящие звонки и чаты — `пропущенных`",
            ),
            ast::Outcome::Answered => {
                Text::new("calls and chats can be answered", "принятыми бывают звонки и чаты")
            }
        };
        self.report(
            problem_in(
                &codes::FIELD_NOT_ON_THIS_EVENT,
                file,
                span,
                Text::new(
                    format!("{} cannot be `{word}`", slots.to_en()),
                    format!("для {} слово `{word}` не подходит", slots.to_ru()),
                ),
                Text::new("no event is both", "таких событий не бывает"),
            )
            .note(advice),
        );
    }
}

/// The slots whose events can end so.
const fn can_be(outcome: ast::Outcome) -> Slots {
    match outcome {
        ast::Outcome::Missed => Slots::one(Slot::IncomingCall).or(Slots::one(Slot::Chat)),
        ast::Outcome::Failed => Slots::one(Slot::OutgoingCall),
        ast::Outcome::Answered => Slots::CALLS.or(Slots::one(Slot::Chat)),
    }
}
