//! Filters: lines in order, closed by `else`.

use switchboard_grammar::ast::{self, Verdict};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Edit, Fix, Safety, Text};

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use crate::program::{Filter, FilterLine, Guard, Slots};

impl Checker<'_> {
    /// Checks a filter; with the slots that it is for.
    pub(crate) fn filter(&mut self, section: usize, filter: &ast::Filter) -> Option<(Slots, Filter)> {
        let placed = *self.sections.get(section)?;
        let slots = self.plain_events(placed.file, filter.events.as_ref());
        let ctx = Ctx::new(placed.file, placed.lang, slots);
        let mut lines = Vec::with_capacity(filter.lines.len());
        let mut complete = true;
        for line in &filter.lines {
            let guard = match &line.item.guard {
                ast::Guard::Else(_) => Some(Guard::Else),
                ast::Guard::When(_, condition) => self
                    .whole_condition(condition, &ctx)
                    .map(|(condition, spans)| Guard::When(condition, Box::new(spans))),
            };
            match guard {
                Some(guard) => lines.push(FilterLine {
                    line: self.line(ctx.file, line.span),
                    accept: line.item.verdict == Verdict::Accept,
                    guard,
                }),
                None => complete = false,
            }
        }
        if !placed.section.broken {
            self.closed(filter, placed.section, &ctx);
        }
        let section = u32::try_from(section).unwrap_or(u32::MAX);
        complete.then(|| (slots, Filter { section, lines: lines.into() }))
    }

    /// A filter has to say what happens otherwise, unless it says nothing at all.
    fn closed(&mut self, filter: &ast::Filter, section: &ast::Section, ctx: &Ctx) {
        let Some(last) = filter.lines.last() else {
            self.report(
                problem(
                    &codes::EMPTY_FILTER,
                    ctx,
                    section.head,
                    Text::new("this filter lets everything pass", "этот фильтр пропускает всё"),
                    Text::new("no line below", "под ним нет ни одной строки"),
                )
                .note(Text::new(
                    "to say so, write `else accept`",
                    "чтобы сказать это явно, напишите `иначе принимать`",
                )),
            );
            return;
        };
        if matches!(last.item.guard, ast::Guard::Else(_)) {
            return;
        }
        // A filter that only rejects would let nothing pass if it ended in another `reject`.
        let only_rejects = filter.lines.iter().all(|line| line.item.verdict == ast::Verdict::Reject);
        let line = if only_rejects {
            ctx.lang.pick("else accept", "иначе принимать")
        } else {
            ctx.lang.pick("else reject", "иначе отклонять")
        };
        self.report(
            problem(
                &codes::MISSING_ELSE,
                ctx,
                last.span,
                Text::new(
                    "this filter does not say what happens otherwise",
                    "этот фильтр не говорит, что делать в остальных случаях",
                ),
                Text::new("the last line", "последняя строка"),
            )
            .note(Text::new(
                "close it with `else accept` or `else reject`",
                "закончите его строкой `иначе принимать` или `иначе отклонять`",
            ))
            .fix(Fix {
                title: Text::new(format!("add `{line}`"), format!("добавить `{line}`")),
                edits: vec![Edit {
                    file: ctx.file,
                    // Behind a comment on the last line, not in front of it.
                    span: last.trailing.as_ref().map_or(last.span, |comment| comment.span).tail(),
                    replacement: format!("\n  {line}"),
                }],
                safety: Safety::Unsafe,
            }),
        );
    }
}
