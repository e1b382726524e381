//! Built-in titles: what `title: default` stands for.
//!
//! They are written in the language itself and checked like any other, once for each slot of a task.

use switchboard_grammar::ast::{LiteralKind, SectionKind, TaskLine, TextLiteral};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::parse;

use super::checker::Checker;
use super::ctx::Ctx;
use super::events::TaskEvents;
use crate::catalog;
use crate::program::{Expr, Part, Slot, Slots, Template, Title};
use crate::schema::Direction;

impl Checker<'_> {
    /// The built-in title of a task for each of its slots.
    pub(crate) fn built_in_title(&mut self, events: TaskEvents, ctx: &Ctx) -> Title {
        let titles = events.slots.iter().filter_map(|slot| {
            let missed = match (events.unreached.has(slot), events.reached.has(slot)) {
                (true, false) => Some(true),
                (false, true) => Some(false),
                _ => None,
            };
            let direction = match slot {
                Slot::IncomingCall => Some(Direction::Incoming),
                Slot::OutgoingCall => Some(Direction::Outgoing),
                Slot::Chat | Slot::Request | Slot::Order => None,
            };
            let title = catalog::default_title(slot.kind(), direction, missed);
            self.own_template(ctx.lang.pick(title.en, title.ru), slot, ctx).map(|template| (slot, template))
        });
        Title::BuiltIn(titles.collect())
    }

    /// A template of ours. Nothing in it can be wrong; a test holds all of them to that.
    fn own_template(&mut self, written: &str, slot: Slot, ctx: &Ctx) -> Option<Template> {
        let text = parse_text(written, ctx.lang)?;
        let ctx = Ctx::new(ctx.file, ctx.lang, Slots::one(slot));
        let found = self.found.len();
        let typed = self.text_literal(&text, None, &ctx);
        self.found.truncate(found);
        match typed?.expr {
            Expr::Template(template) => Some(*template),
            Expr::Const(value) => {
                Some(Template { parts: Box::new([Part::Text(value.render(ctx.lang))]), lang: ctx.lang })
            }
            _ => None,
        }
    }
}

/// A text as it would stand between the quotes of a file.
fn parse_text(written: &str, lang: Lang) -> Option<TextLiteral> {
    let file = match lang {
        Lang::En => format!("rules 1\n\ntask for calls\n  title: \"{written}\"\n"),
        Lang::Ru => format!("правила 1\n\nзадача для звонков\n  заголовок: \"{written}\"\n"),
    };
    let section = parse(&file).file.sections.into_iter().next()?;
    let SectionKind::Task(task) = section.kind else { return None };
    task.lines.into_iter().find_map(|line| match line.item {
        TaskLine::Title(_, value) => match value.literal().map(|literal| &literal.kind) {
            Some(LiteralKind::Text(text)) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::EventKind;

    #[test]
    fn every_built_in_title_can_be_read() {
        for kind in EventKind::ALL {
            for direction in [None, Some(Direction::Incoming), Some(Direction::Outgoing)] {
                for missed in [None, Some(true), Some(false)] {
                    let title = catalog::default_title(kind, direction, missed);
                    for lang in Lang::ALL {
                        let written = lang.pick(title.en, title.ru);
                        assert!(parse_text(written, lang).is_some(), "{written}");
                    }
                }
            }
        }
    }
}
