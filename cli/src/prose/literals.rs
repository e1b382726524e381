//! Written values in words: lengths of time in the right case, dates with the name of the month.

use switchboard_grammar::ast::{Clock, Date, Duration, Literal, LiteralKind, Unit};
use switchboard_grammar::lang::Lang;

use super::phrases::{and, listed};
use super::templates::template;
use super::values::Teller;

/// The case that the words around a length of time ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// "время – 1 минута".
    Nominative,
    /// "через 1 минуту".
    Accusative,
    /// "больше 1 минуты".
    Genitive,
}

/// A value as written, for a sentence.
pub(super) fn literal(teller: &Teller<'_>, literal: &Literal, case: Case) -> String {
    let lang = teller.lang;
    match &literal.kind {
        LiteralKind::Text(text) => match text.plain() {
            Some(plain) if is_address(plain) => plain.to_owned(),
            Some(plain) => teller.quoted(plain),
            None => teller.quoted(&template(teller, text)),
        },
        LiteralKind::Number(number) => decimal(&number.text, lang),
        LiteralKind::YesNo(yes_no) if yes_no.value => lang.pick("yes", "да").to_owned(),
        LiteralKind::YesNo(_) => lang.pick("no", "нет").to_owned(),
        LiteralKind::Duration(shown) => duration(shown, case, lang),
        LiteralKind::Phone(phone) => phone.written.to_string(),
        LiteralKind::Date(shown) => date(shown, lang),
        LiteralKind::Time(shown) => clock(shown),
        LiteralKind::Moment(moment) => {
            let (day, time) = (date(&moment.date, lang), clock(&moment.time));
            format!("{day}, {time}")
        }
    }
}

/// Whether a text is an e-mail address, which is read without quotes.
fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        let plain = |ch: char| ch.is_alphanumeric() || "._-+".contains(ch);
        !name.is_empty() && host.contains('.') && name.chars().chain(host.chars()).all(plain)
    })
}

/// A number as the language writes it.
pub(super) fn decimal(text: &str, lang: Lang) -> String {
    match lang {
        Lang::En => text.to_owned(),
        Lang::Ru => text.replace('.', ","),
    }
}

/// A length of time: "1 час и 30 минут".
pub(super) fn duration(duration: &Duration, case: Case, lang: Lang) -> String {
    let parts: Vec<String> = duration
        .parts
        .iter()
        .map(|part| format!("{} {}", decimal(&part.amount, lang), unit(&part.amount, part.unit, case, lang)))
        .collect();
    listed(&parts, and(lang))
}

fn unit(amount: &str, unit: Unit, case: Case, lang: Lang) -> &'static str {
    match lang {
        Lang::En => {
            let [one, many] = match unit {
                Unit::Second => ["second", "seconds"],
                Unit::Minute => ["minute", "minutes"],
                Unit::Hour => ["hour", "hours"],
                Unit::Day => ["day", "days"],
                Unit::Week => ["week", "weeks"],
            };
            if amount == "1" { one } else { many }
        }
        Lang::Ru => {
            // Nominative, accusative and genitive of one; genitive of many.
            let [one, one_acc, few, many] = match unit {
                Unit::Second => ["секунда", "секунду", "секунды", "секунд"],
                Unit::Minute => ["минута", "минуту", "минуты", "минут"],
                Unit::Hour => ["час", "час", "часа", "часов"],
                Unit::Day => ["день", "день", "дня", "дней"],
                Unit::Week => ["неделя", "неделю", "недели", "недель"],
            };
            match (count(amount), case) {
                (Count::Part | Count::One, Case::Genitive) | (Count::Part, _) => few,
                (Count::One, Case::Nominative) => one,
                (Count::One, Case::Accusative) => one_acc,
                (Count::Few, Case::Genitive) | (Count::Many, _) => many,
                (Count::Few, _) => few,
            }
        }
    }
}

/// Which form of a Russian word goes with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// Not whole: "0,5 часа".
    Part,
    /// "1 час", "21 час".
    One,
    /// "2 часа".
    Few,
    /// "5 часов".
    Many,
}

/// The form for a number as written.
pub(super) fn count(amount: &str) -> Count {
    if amount.contains('.') {
        return Count::Part;
    }
    let mut digits = amount.bytes().rev().filter(u8::is_ascii_digit);
    let (last, tens) = (digits.next(), digits.next());
    match (tens, last) {
        (Some(b'1'), _) => Count::Many,
        (_, Some(b'1')) => Count::One,
        (_, Some(b'2'..=b'4')) => Count::Few,
        _ => Count::Many,
    }
}

/// "2 марта 2026 года".
pub(super) fn date(date: &Date, lang: Lang) -> String {
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const RU: [&str; 12] = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ];
    let months = lang.pick(EN, RU);
    let Some(month) = usize::from(date.month).checked_sub(1).and_then(|at| months.get(at)) else {
        return date.written.to_string();
    };
    let (day, year) = (date.day, date.year);
    lang.pick(format!("{day} {month} {year}"), format!("{day} {month} {year} года"))
}

/// "9:00".
pub(super) fn clock(clock: &Clock) -> String {
    format!("{}:{:02}", clock.hour, clock.minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_lengths_of_time_follow_number_and_case() {
        let forms = |case| {
            ["1", "2", "5", "11", "12", "21", "0.5"].map(|amount| unit(amount, Unit::Minute, case, Lang::Ru))
        };
        assert_eq!(
            forms(Case::Nominative),
            ["минута", "минуты", "минут", "минут", "минут", "минута", "минуты"]
        );
        assert_eq!(
            forms(Case::Accusative),
            ["минуту", "минуты", "минут", "минут", "минут", "минуту", "минуты"]
        );
        assert_eq!(forms(Case::Genitive), ["минуты", "минут", "минут", "минут", "минут", "минуты", "минуты"]);
    }
}
