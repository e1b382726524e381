//! Schedules: a zone, hours of weekdays, exceptions by date.

use switchboard_grammar::ast::{self, Day, Days, Hours};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Safety, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, problem, write_instead};
use super::ctx::Ctx;
use crate::calendar::{Calendar, CalendarBuilder, CalendarError, Interval};
use crate::program::Slots;

/// Days of a week.
const WEEK: u8 = 7;

impl Checker<'_> {
    /// Builds a schedule. None after a report.
    pub(crate) fn schedule(&mut self, at: usize) -> Option<Calendar> {
        let (section, ast) = self.scope.schedules.get(at).map(|found| (found.section, found.ast))?;
        let placed = *self.sections.get(section)?;
        let ctx = Ctx::new(placed.file, placed.lang, Slots::NONE);
        let (_, zone) = ast.zone.as_ref()?;
        let Some(name) = zone.plain() else {
            self.plain_text_needed(zone.span, &ctx);
            return None;
        };
        let mut builder = match Calendar::builder(name) {
            Ok(builder) => builder,
            Err(error) => {
                self.unknown_zone(name, zone, &error, &ctx);
                return None;
            }
        };
        let mut complete = true;
        for line in &ast.lines {
            complete &= self.schedule_line(&line.item, &mut builder, &ctx).is_some();
        }
        complete.then(|| builder.build())
    }

    fn schedule_line(
        &mut self,
        line: &ast::ScheduleLine,
        builder: &mut CalendarBuilder,
        ctx: &Ctx,
    ) -> Option<()> {
        let hours = match &line.hours {
            Hours::Closed(_) => Vec::new(),
            Hours::Open(intervals) => {
                let hours: Vec<Option<Interval>> =
                    intervals.iter().map(|interval| self.interval(interval, ctx)).collect();
                hours.into_iter().collect::<Option<_>>()?
            }
        };
        for days in &line.days {
            self.days(days, &hours, builder, ctx)?;
        }
        Some(())
    }

    fn interval(&mut self, interval: &ast::Interval, ctx: &Ctx) -> Option<Interval> {
        let (from, to) = (&interval.from, &interval.to);
        let found = Interval::from_clock((from.hour, from.minute), (to.hour, to.minute));
        if found.is_none() {
            // The end of a day may be 24:00, the start of one may not.
            let wrong =
                if Interval::from_clock((from.hour, from.minute), (0, 0)).is_none() { from } else { to };
            self.impossible_time(&wrong.written, wrong.span, ctx);
        }
        found
    }

    fn days(
        &mut self,
        days: &Days,
        hours: &[Interval],
        builder: &mut CalendarBuilder,
        ctx: &Ctx,
    ) -> Option<()> {
        let set = match (&days.from, &days.to) {
            (Day::Week(day, _), None) => builder.weekday(*day, hours.to_vec()).map(|_| ()),
            (Day::Week(from, _), Some(Day::Week(to, _))) => {
                // `fri-mon` goes round the end of the week.
                let count = (*to + WEEK - *from) % WEEK;
                (0..=count).try_for_each(|step| {
                    builder.weekday((*from - 1 + step) % WEEK + 1, hours.to_vec()).map(|_| ())
                })
            }
            (Day::Date(day), None) => {
                let day = self.date(day, ctx)?;
                builder.dates(day, day, hours.to_vec()).map(|_| ())
            }
            (Day::Date(from), Some(Day::Date(to))) => {
                let (from, to) = (self.date(from, ctx), self.date(to, ctx));
                builder.dates(from?, to?, hours.to_vec()).map(|_| ())
            }
            _ => {
                self.impossible_days(
                    days.span,
                    Text::new(
                        "a range is of weekdays or of dates",
                        "диапазон бывает из дней недели или из дат",
                    ),
                    ctx,
                );
                return None;
            }
        };
        match set {
            Ok(()) => Some(()),
            Err(error) => {
                let said = match error {
                    CalendarError::ReversedRange => {
                        Text::new("it ends before it starts", "он кончается раньше, чем начинается")
                    }
                    other => Text::new(
                        other.to_string(),
                        format!("исключений по датам не больше {}", CalendarBuilder::MAX_EXCEPTIONS),
                    ),
                };
                self.impossible_days(days.span, said, ctx);
                None
            }
        }
    }

    fn impossible_days(&mut self, span: Span, label: Text, ctx: &Ctx) {
        let written = self.text(ctx.file, span);
        self.report(problem(
            &codes::IMPOSSIBLE_DATE,
            ctx,
            span,
            Text::new(format!("`{written}` are no days"), format!("`{written}` — это не дни")),
            label,
        ));
    }

    fn unknown_zone(&mut self, name: &str, zone: &ast::TextLiteral, error: &CalendarError, ctx: &Ctx) {
        let mut found = problem(
            &codes::IMPOSSIBLE_DATE,
            ctx,
            zone.span,
            Text::new(format!("there is no time zone `{name}`"), format!("нет часового пояса `{name}`")),
            Text::new("zones are named as in `Europe/Moscow`", "пояса называются так: `Europe/Moscow`"),
        );
        if let CalendarError::UnknownZone { suggestion: Some(near), .. } = error {
            found = found
                .note(Text::new(
                    format!("did you mean `{near}`?"),
                    format!("возможно, имелось в виду `{near}`?"),
                ))
                .fix(write_instead(ctx, zone.span, &format!("\"{near}\""), Safety::Unsafe));
        }
        self.report(found);
    }

    /// Reports a text with holes where the same text is needed for every event.
    pub(crate) fn plain_text_needed(&mut self, span: Span, ctx: &Ctx) {
        self.report(problem(
            &codes::TYPE_MISMATCH,
            ctx,
            span,
            Text::new("this text cannot have holes", "в этом тексте не может быть подстановок"),
            Text::new("it has to be the same for every event", "он должен быть одинаков для всех событий"),
        ));
    }
}
