//! Values written out: text to value, units and calendars checked.

use jiff::civil;
use rust_decimal::prelude::ToPrimitive;
use switchboard_grammar::ast::{self, LiteralKind};
use switchboard_grammar::codes;
use switchboard_grammar::diagnostic::{Safety, Text};
use switchboard_grammar::span::Span;

use super::checker::{Checker, add_behind, problem, write_instead};
use super::ctx::Ctx;
use super::value::Typed;
use crate::decimal;
use crate::moment::Seconds;
use crate::phone::Phone;
use crate::program::Expr;
use crate::ty::{Scalar, Type};
use crate::value::Value;

/// The longest duration that rules may write: longer ones are a slip.
pub(crate) const MAX_DURATION: Seconds = Seconds(3_660 * 86_400);

/// Fewest digits of a bare number that can be read as a phone with its area code.
const PHONE_DIGITS: usize = 10;

impl Checker<'_> {
    /// A literal where a value of type `expected` is asked for. None after a report.
    pub(crate) fn literal(
        &mut self,
        literal: &ast::Literal,
        expected: Option<Scalar>,
        ctx: &Ctx,
    ) -> Option<Typed> {
        let span = literal.span;
        let constant = |value, scalar| Some(Typed::constant(value, Type::of(scalar), span));
        match &literal.kind {
            LiteralKind::Text(text) => self.text_literal(text, expected, ctx),
            LiteralKind::Number(number) => self.number(number, span, expected, ctx),
            LiteralKind::YesNo(answer) => constant(Value::Bool(answer.value), Scalar::YesNo),
            LiteralKind::Duration(duration) => {
                let length = self.duration(duration, ctx)?;
                constant(Value::Duration(length), Scalar::Duration)
            }
            LiteralKind::Phone(phone) => constant(Value::Phone(self.phone(phone, span, ctx)?), Scalar::Phone),
            LiteralKind::Date(date) => {
                let day = self.date(date, ctx)?;
                if expected == Some(Scalar::Moment) {
                    self.date_for_moment(span, ctx);
                    return None;
                }
                constant(Value::Date(day), Scalar::Date)
            }
            LiteralKind::Time(time) => constant(Value::Time(self.clock(time, ctx)?), Scalar::Time),
            LiteralKind::Moment(moment) => {
                let local = self.date(&moment.date, ctx)?.to_datetime(self.clock(&moment.time, ctx)?);
                Some(Typed { expr: Expr::Local(local), ty: Type::of(Scalar::Moment), span })
            }
        }
    }

    fn number(
        &mut self,
        number: &ast::Number,
        span: Span,
        expected: Option<Scalar>,
        ctx: &Ctx,
    ) -> Option<Typed> {
        match expected {
            Some(Scalar::Duration) => {
                self.missing_unit(&number.text, span, ctx);
                return None;
            }
            Some(Scalar::Phone) if number.text.len() >= PHONE_DIGITS => {
                return self.phone_text(&number.text, span, ctx);
            }
            _ => {}
        }
        let Some(value) = decimal::parse(&number.text) else {
            self.report(problem(
                &codes::OUT_OF_RANGE,
                ctx,
                span,
                Text::new("this number has too many digits", "в этом числе слишком много цифр"),
                Text::new("28 digits are the most", "не больше 28 цифр"),
            ));
            return None;
        };
        Some(Typed::constant(Value::Number(value), Type::of(Scalar::Number), span))
    }

    fn missing_unit(&mut self, number: &str, span: Span, ctx: &Ctx) {
        let unit = ctx.lang.pick("s", "с");
        self.report(
            problem(
                &codes::MISSING_UNIT,
                ctx,
                span,
                Text::new(format!("`{number}` has no unit"), format!("у `{number}` нет единицы")),
                Text::new("seconds, minutes or hours?", "секунды, минуты или часы?"),
            )
            .note(Text::new(
                format!("durations are written `{number} s`, `{number} min`, `{number} hours`"),
                format!("длительности пишутся так: `{number} с`, `{number} мин`, `{number} ч`"),
            ))
            .fix(add_behind(ctx, span, &format!(" {unit}"), Safety::Unsafe)),
        );
    }

    /// The length of a written duration. None after a report.
    pub(crate) fn duration(&mut self, duration: &ast::Duration, ctx: &Ctx) -> Option<Seconds> {
        let mut total: i64 = 0;
        let mut above: Option<ast::Unit> = None;
        for part in &duration.parts {
            if above.is_some_and(|above| part.unit >= above) {
                self.impossible(
                    part.span,
                    Text::new(
                        "units go from the largest to the smallest",
                        "единицы идут от большей к меньшей",
                    ),
                    ctx,
                );
                return None;
            }
            above = Some(part.unit);
            let seconds = decimal::parse(&part.amount)
                .and_then(|amount| amount.checked_mul(part.unit.seconds().into()))
                .filter(rust_decimal::Decimal::is_integer)
                .and_then(|seconds| seconds.to_i64());
            let Some(seconds) = seconds else {
                self.impossible(
                    part.span,
                    Text::new(
                        "durations are counted in whole seconds",
                        "длительности считаются в целых секундах",
                    ),
                    ctx,
                );
                return None;
            };
            total = total.saturating_add(seconds);
        }
        let length = Seconds(total);
        if length > MAX_DURATION {
            let span = duration.parts.iter().map(|part| part.span).reduce(Span::cover).unwrap_or_default();
            self.impossible(span, Text::new("longer than ten years", "больше десяти лет"), ctx);
            return None;
        }
        Some(length)
    }

    fn impossible(&mut self, span: Span, label: Text, ctx: &Ctx) {
        let written = self.text(ctx.file, span);
        self.report(problem(
            &codes::IMPOSSIBLE_DURATION,
            ctx,
            span,
            Text::new(
                format!("`{written}` is no possible duration"),
                format!("`{written}` — невозможная длительность"),
            ),
            label,
        ));
    }

    fn phone(&mut self, phone: &ast::Phone, span: Span, ctx: &Ctx) -> Option<Phone> {
        if phone.international
            && let Some(number) = phone.digits.parse().ok().and_then(Phone::from_digits)
        {
            return Some(number);
        }
        let number = self.phone_text(&phone.written, span, ctx)?;
        match number.expr {
            Expr::Const(Value::Phone(number)) => Some(number),
            _ => None,
        }
    }

    /// A phone that is not written in the international shape: read, and reported with the shape to write.
    pub(crate) fn phone_text(&mut self, written: &str, span: Span, ctx: &Ctx) -> Option<Typed> {
        let Some(number) = Phone::parse(written).ok() else {
            self.report(problem(
                &codes::TYPE_MISMATCH,
                ctx,
                span,
                Text::new(
                    format!("`{written}` is no phone number"),
                    format!("`{written}` — не номер телефона"),
                ),
                Text::new("a phone is needed here", "здесь нужен телефон"),
            ));
            return None;
        };
        let right = number.display();
        self.report(
            problem(
                &codes::PHONE_NOT_E164,
                ctx,
                span,
                Text::new(
                    format!("this phone is read as `{right}`"),
                    format!("этот телефон прочитан как `{right}`"),
                ),
                Text::new("not written in the international shape", "записан не в международном виде"),
            )
            .fix(write_instead(ctx, span, &right, Safety::Safe)),
        );
        Some(Typed::constant(Value::Phone(number), Type::of(Scalar::Phone), span))
    }

    /// A written day, looked up in the calendar. None after a report.
    pub(crate) fn date(&mut self, date: &ast::Date, ctx: &Ctx) -> Option<civil::Date> {
        let parts = (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
        let found = match parts {
            (Ok(year), Ok(month), Ok(day)) => civil::Date::new(year, month, day).ok(),
            _ => None,
        };
        if found.is_none() {
            self.report(problem(
                &codes::IMPOSSIBLE_DATE,
                ctx,
                date.span,
                Text::new(
                    format!("there is no day `{}`", date.written),
                    format!("дня `{}` не бывает", date.written),
                ),
                Text::new("not in the calendar", "нет в календаре"),
            ));
        }
        found
    }

    /// A written time of day. None after a report.
    pub(crate) fn clock(&mut self, time: &ast::Clock, ctx: &Ctx) -> Option<civil::Time> {
        let parts = (i8::try_from(time.hour), i8::try_from(time.minute));
        let found = match parts {
            (Ok(hour), Ok(minute)) => civil::Time::new(hour, minute, 0, 0).ok(),
            _ => None,
        };
        if found.is_none() {
            self.impossible_time(&time.written, time.span, ctx);
        }
        found
    }

    /// Reports a time of day that does not exist.
    pub(crate) fn impossible_time(&mut self, written: &str, span: Span, ctx: &Ctx) {
        self.report(problem(
            &codes::IMPOSSIBLE_DATE,
            ctx,
            span,
            Text::new(format!("there is no time `{written}`"), format!("времени `{written}` не бывает")),
            Text::new("hours go to 23, minutes to 59", "часы до 23, минуты до 59"),
        ));
    }

    fn date_for_moment(&mut self, span: Span, ctx: &Ctx) {
        self.report(
            problem(
                &codes::TYPE_MISMATCH,
                ctx,
                span,
                Text::new("this is a date, but a moment is needed", "это дата, а нужен момент времени"),
                Text::new("at what time of that day?", "в котором часу этого дня?"),
            )
            .fix(add_behind(ctx, span, " 00:00", Safety::Unsafe)),
        );
    }
}
