//! Values as people read them: in titles, notes and traces.
//!
//! What a `{{ … }}` without a filter prints. Numbers have a decimal comma in Russian, phones are E.164 (the filter
//! `phone` groups them), moments are printed at their own offset, enums by their name in the language of the rules.

use std::fmt::Write as _;

use switchboard_grammar::lang::Lang;

use super::Value;
use crate::decimal;
use crate::moment::{Date, Moment, Seconds, Time};
use crate::phone::Phone;
use crate::ty::{Scalar, Type};

impl Value {
    /// The value for people; empty when it is missing.
    pub fn render(&self, lang: Lang) -> String {
        let mut out = String::new();
        self.render_into(&mut out, lang);
        out
    }

    /// Appends the value for people.
    pub fn render_into(&self, out: &mut String, lang: Lang) {
        match self {
            Value::Missing => {}
            Value::Text(text) => push_clean(out, text.as_str()),
            Value::Number(number) => {
                let plain = decimal::display(number);
                out.push_str(&if lang == Lang::Ru { plain.replace('.', ",") } else { plain });
            }
            Value::Bool(answer) => out.push_str(match (answer, lang) {
                (true, Lang::En) => "yes",
                (false, Lang::En) => "no",
                (true, Lang::Ru) => "да",
                (false, Lang::Ru) => "нет",
            }),
            // As machines have it; the filter `phone` groups the digits.
            Value::Phone(phone) => out.push_str(&phone.to_string()),
            Value::Duration(length) => out.push_str(&duration(*length, lang)),
            Value::Moment(moment) => out.push_str(&moment_for_people(moment)),
            Value::Date(date) => out.push_str(&date_for_people(*date)),
            Value::Time(time) => out.push_str(&time_for_people(*time)),
            Value::Enum(value) => out.push_str(&lang.pick(value.en(), value.ru()).replace('_', " ")),
            Value::List(values) => join_into(out, values, ", ", lang),
        }
    }
}

/// Appends the elements with something between them.
pub(crate) fn join_into(out: &mut String, values: &[Value], between: &str, lang: Lang) {
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push_str(between);
        }
        value.render_into(out, lang);
    }
}

/// The most characters that a value of a type renders to; None when nothing bounds it.
///
/// `max_chars` is that of the field, for texts.
pub fn max_rendered_chars(ty: Type, max_chars: Option<usize>) -> Option<usize> {
    if ty.list {
        return None;
    }
    match ty.scalar {
        Scalar::Text | Scalar::Reference(_) | Scalar::Any => max_chars,
        // 28 digits, a sign and a point.
        Scalar::Number => Some(30),
        Scalar::YesNo => Some(3),
        Scalar::Phone => usize::try_from(Phone::MAX_DIGITS + 1).ok(),
        // 100,000 days in words; more is no call.
        Scalar::Duration => Some("100000 дн. 23 ч 59 мин".chars().count()),
        Scalar::Moment => Some("02.03.2026 12:00".len()),
        Scalar::Date => Some("02.03.2026".len()),
        Scalar::Time => Some("12:00".len()),
        Scalar::Enum(of) if of.open => max_chars.or(Some(255)),
        Scalar::Enum(of) => {
            of.values().map(|value| value.en().chars().count().max(value.ru().chars().count())).max()
        }
    }
}

/// A length of time in its two or three largest units: `1 h 5 min`, `2 мин 5 с`, `0 с`.
pub fn duration(length: Seconds, lang: Lang) -> String {
    let total = length.0.unsigned_abs();
    let units = [(86_400, "d", "дн."), (3_600, "h", "ч"), (60, "min", "мин"), (1, "s", "с")];
    let mut out = String::new();
    if length.0 < 0 {
        out.push('−');
    }
    let mut left = total;
    let mut written = false;
    for (size, en, ru) in units {
        let amount = left / size;
        left %= size;
        // Nobody wants the seconds of a day, and zeros say nothing.
        let needless = amount == 0 || (size == 1 && total >= 3_600);
        let last_resort = size == 1 && !written;
        if needless && !last_resort {
            continue;
        }
        if written {
            out.push(' ');
        }
        let _ = write!(out, "{amount} {}", lang.pick(en, ru));
        written = true;
    }
    out
}

/// `02.03.2026 12:00`, at the moment's own offset.
pub(crate) fn moment_for_people(moment: &Moment) -> String {
    let local = moment.civil();
    format!("{} {}", date_for_people(local.date()), time_for_people(local.time()))
}

fn date_for_people(date: Date) -> String {
    format!("{:02}.{:02}.{:04}", date.day(), date.month(), date.year())
}

fn time_for_people(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// Appends a text without what a visitor could smuggle in: control characters, line breaks and marks that turn
/// the direction of reading. Breaks and tabs become spaces, so that words stay apart.
pub fn push_clean(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if is_smuggled(c) => {}
            c => out.push(c),
        }
    }
}

/// Control characters, directional marks and invisible ones that hide or reorder what is seen.
pub fn is_smuggled(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{061c}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
