//! When a task is due: at a moment, so long after one, or so much working time after one.

use rust_decimal::prelude::ToPrimitive;
use switchboard_grammar::ast::{self, DueKind, Unit};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem};
use super::ctx::Ctx;
use crate::decimal;
use crate::program::{Due, ScheduleId};
use crate::ty::{Scalar, Type};

const MOMENT: Type = Type::of(Scalar::Moment).optional();

impl Checker<'_> {
    /// Checks a due time. None after a report.
    pub(crate) fn due(&mut self, due: &ast::Due, ctx: &Ctx) -> Option<Due> {
        Some(match &due.kind {
            DueKind::At(value) => Due::At(self.value_of(value, MOMENT, ctx)?.expr),
            DueKind::After { amount, base, by, .. } => {
                let length = self.duration(&amount.duration, ctx);
                let base = self.value_of(base, MOMENT, ctx).map(|typed| typed.expr);
                let Some(working) = &amount.working else {
                    if let Some((word, name)) = by {
                        self.needless_schedule(word.span.cover(name.span), ctx);
                        return None;
                    }
                    return Some(Due::After { base: base?, by: length? });
                };
                let schedule = self.due_schedule(by.as_ref().map(|(_, name)| name), working.span, ctx)?;
                match self.working_days(&amount.duration, ctx)? {
                    Some(days) => Due::AfterDays { base: base?, days, schedule },
                    None => Due::AfterWorking { base: base?, by: length?, schedule },
                }
            }
        })
    }

    /// How many working days an amount is; Some(None) when it is hours or minutes. None after a report.
    fn working_days(&mut self, amount: &ast::Duration, ctx: &Ctx) -> Option<Option<u32>> {
        if amount.parts.iter().all(|part| part.unit < Unit::Day) {
            return Some(None);
        }
        let days = match amount.parts.as_slice() {
            [part] if part.unit == Unit::Day => decimal::parse(&part.amount)
                .filter(rust_decimal::Decimal::is_integer)
                .and_then(|days| days.to_u32()),
            _ => None,
        };
        if days.is_none() {
            let span = amount.parts.iter().map(|part| part.span).reduce(Span::cover).unwrap_or_default();
            let written = self.text(ctx.file, span);
            self.report(problem(
                &codes::IMPOSSIBLE_DURATION,
                ctx,
                span,
                Text::new(
                    format!("`{written}` cannot be counted in working time"),
                    format!("`{written}` нельзя отсчитать рабочим временем"),
                ),
                Text::new(
                    "whole working days, or working hours and minutes",
                    "либо целые рабочие дни, либо рабочие часы и минуты",
                ),
            ));
        }
        days.map(Some)
    }

    /// Whose working time counts: the schedule that is named, or the only one there is.
    fn due_schedule(&mut self, name: Option<&ast::Name>, working: Span, ctx: &Ctx) -> Option<ScheduleId> {
        let found = match name {
            Some(name) => {
                let found = self.scope.schedule(&name.text);
                if found.is_none() {
                    let known: Vec<_> = self.scope.schedules.iter().map(|found| found.name.clone()).collect();
                    self.unknown_other(
                        &codes::UNKNOWN_LIST,
                        Text::new(
                            format!("there is no schedule `{}`", name.text),
                            format!("нет расписания `{}`", name.text),
                        ),
                        &name.text,
                        name.span,
                        known.iter().map(smol_str::SmolStr::as_str),
                        ctx,
                    );
                }
                found?
            }
            None if self.scope.schedules.len() == 1 => 0,
            None => {
                let count = self.scope.schedules.len();
                self.which_schedule(count, working, ctx);
                return None;
            }
        };
        self.scope.schedules.get_mut(found)?.used = true;
        Some(ScheduleId(u32::try_from(found).unwrap_or(u32::MAX)))
    }

    fn which_schedule(&mut self, count: usize, working: Span, ctx: &Ctx) {
        let (message, note) = if count == 0 {
            (
                Text::new("working time needs a schedule", "рабочему времени нужно расписание"),
                Text::new(
                    "declare one: `schedule office in \"Europe/Moscow\"`",
                    "объявите его: `расписание офис в \"Europe/Moscow\"`",
                ),
            )
        } else {
            (
                Text::new("whose working time is meant?", "чьё рабочее время имеется в виду?"),
                Text::new("name the schedule: `… by office`", "назовите расписание: `… по офис`"),
            )
        };
        self.report(
            problem(
                &codes::UNKNOWN_LIST,
                ctx,
                working,
                message,
                Text::new(
                    format!("schedules in this bundle: {count}"),
                    format!("расписаний в этом наборе: {count}"),
                ),
            )
            .note(note),
        );
    }

    fn needless_schedule(&mut self, span: Span, ctx: &Ctx) {
        let written = self.text(ctx.file, span);
        self.report(
            problem(
                &codes::UNEXPECTED_TEXT,
                ctx,
                span,
                Text::new(
                    format!("`{written}` only goes with working time"),
                    format!("`{written}` бывает только при рабочем времени"),
                ),
                Text::new("plain time needs no schedule", "обычному времени расписание не нужно"),
            )
            .note(Text::new(
                "write `2 working hours after …`, or leave the schedule out",
                "напишите `2 рабочих часа после …` или уберите расписание",
            )),
        );
    }
}
