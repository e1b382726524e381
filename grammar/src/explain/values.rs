//! Values: decimal commas, stray commas, units, reserved words.

use super::units::What;
use super::view::{View, did_you_mean, one_of, write};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::keywords::{Group, Keyword};
use crate::similar;

/// `0,5` for a decimal.
pub(super) fn decimal_comma(view: &View<'_>) -> Option<Diagnostic> {
    // The parser stops at the number, or at the comma where no comma may stand.
    let comma = [view.here, view.here + 1].into_iter().find(|index| view.what(*index) == What::Comma)?;
    let left = view.units.get(comma.checked_sub(1)?)?;
    let right = view.units.get(comma + 1)?;
    let touching = view
        .units
        .get(comma)
        .is_some_and(|unit| unit.range.start == left.range.end && unit.range.end == right.range.start);
    if !touching || left.what != What::Number || right.what != What::Number {
        return None;
    }
    let range = left.range.start..right.range.end;
    let digits = view.text(range.clone());
    // After the comma a unit may stand: `0,5 s`.
    let decimal = digits.replacen(',', ".", 1);
    let two = digits.replacen(',', ", ", 1);
    let (plain, listed) = (decimal.as_str(), two.as_str());
    Some(
        view.unexpected(
            range.clone(),
            Text::new(
                format!("`{digits}` can be read as one number or as two"),
                format!("`{digits}` можно прочесть и как одно число, и как два"),
            ),
        )
        .here(Text::new(
            format!("a decimal is written with a point, `{plain}`; two numbers as `{listed}`"),
            format!("дробь пишется через точку: `{plain}`; два числа – `{listed}`"),
        ))
        .fix(view.fix(
            Safety::Unsafe,
            Text::new(format!("write `{plain}`"), format!("напишите `{plain}`")),
            [(range, decimal.clone())],
        )),
    )
}

/// `10 000` and `10_000`: a number is written in one piece.
pub(super) fn thousands(view: &View<'_>) -> Option<Diagnostic> {
    let digits = |text: &str| text.chars().all(|ch| ch.is_ascii_digit()) && !text.is_empty();
    let this = view.this().filter(|unit| unit.what == What::Number)?;
    let range = match view.before().filter(|unit| unit.what == What::Number) {
        Some(before) if digits(view.written(before)) => {
            let mut last = view.here;
            while digits(view.nth(last)) && view.nth(last).len() == 3 {
                last += 1;
            }
            if last == view.here {
                return None;
            }
            before.range.start..view.range(last - 1, 1).end
        }
        Some(_) => return None,
        None => this.range.clone(),
    };
    let written = view.text(range.clone());
    let joined: String = written.chars().filter(|ch| !ch.is_whitespace() && *ch != '_').collect();
    if !digits(&joined) || joined == written {
        return None;
    }
    let message =
        Text::new("a number is written without spaces and `_`", "число пишется без пробелов и знаков `_`");
    let fix = view.fix(Safety::Unsafe, write(&joined), [(range.clone(), joined.clone())]);
    Some(view.unexpected(range, message).here(write(&joined)).fix(fix))
}

/// Digits in the shape of a phone number, but too few or too many.
pub(super) fn phone(view: &View<'_>) -> Option<Diagnostic> {
    let shaped = |index: usize| {
        matches!(view.what(index), What::Number | What::Open | What::Close)
            || matches!(view.nth(index), "+" | "-")
    };
    let here = if view.here < view.units.len() && shaped(view.here) {
        view.here
    } else {
        view.here.checked_sub(1)?
    };
    let first = (0..=here).rev().take_while(|index| shaped(*index)).last()?;
    let count = (here..view.units.len()).take_while(|index| shaped(*index)).count() + (here - first);
    let range = view.range(first, count);
    let written = view.text(range.clone()).trim_end_matches(')');
    let range = range.start..range.start + written.len();
    let starts = written.starts_with(['+', '7', '8']);
    let signs = written.chars().all(|ch| ch.is_ascii_digit() || ch.is_whitespace() || "+-()‑–".contains(ch));
    let digits = written.chars().filter(char::is_ascii_digit).count();
    // Behind a plus there is nothing else that it could be.
    let least = if written.starts_with('+') { 2 } else { 6 };
    if !starts || !signs || !(least..=20).contains(&digits) || digits == written.len() {
        return None;
    }
    let message = Text::new(
        format!("`{written}` is not a phone number: it has {digits} digits"),
        format!(
            "`{written}` – не номер телефона: в нём {digits} {}",
            plural(digits, ["цифра", "цифры", "цифр"])
        ),
    );
    Some(view.unexpected(range, message).here(Text::new(
        "a Russian number has 11 digits: `+7 495 123-45-67`",
        "в российском номере 11 цифр: `+7 495 123-45-67`",
    )))
}

/// The Russian form for a number: 1 цифра, 2 цифры, 5 цифр.
pub(super) fn plural(count: usize, forms: [&str; 3]) -> &str {
    let [one, few, many] = forms;
    match (count % 10, count % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

/// A comma with nothing after or before it.
pub(super) fn comma(view: &View<'_>) -> Option<Diagnostic> {
    let comma = [view.here.checked_sub(1), Some(view.here)]
        .into_iter()
        .flatten()
        .find(|index| view.what(*index) == What::Comma)?;
    let range = view.units.get(comma)?.range.clone();
    let remove = |range: std::ops::Range<usize>| {
        // A comma before a closing bracket goes together with the blanks between them.
        let until = match view.units.get(comma + 1) {
            Some(next) if next.what == What::Close => next.range.start,
            _ => range.end,
        };
        let title = Text::new("remove it", "удалите её");
        view.fix(Safety::Safe, title, [(range.start..until, String::new())])
    };
    let (before, after) =
        (comma.checked_sub(1).map_or(What::End, |index| view.what(index)), view.what(comma + 1));
    if matches!(after, What::End | What::Close | What::Comma) || matches!(before, What::Open | What::Comma) {
        let message = Text::new("there is nothing after this comma", "после этой запятой ничего нет");
        return Some(view.unexpected(range.clone(), message).fix(remove(range)));
    }
    if after.needs_more() && before.ends_value() {
        let word = view.nth(comma + 1);
        let message = Text::new(
            format!("no comma is needed before `{word}`"),
            format!("перед `{word}` запятая не ставится"),
        );
        return Some(view.unexpected(range.clone(), message).fix(remove(range)));
    }
    if view.here == comma {
        let message = Text::new(
            "there can be only one value here, so no comma",
            "здесь может быть только одно значение, запятая не нужна",
        );
        return Some(view.unexpected(range, message));
    }
    None
}

/// A number with a word after it that is no unit of time.
pub(super) fn unit(view: &View<'_>) -> Option<Diagnostic> {
    let number = view.before().filter(|unit| unit.what == What::Number);
    let (number, word, index) = match number {
        Some(number) => {
            (view.written(number), view.this().filter(|unit| unit.what == What::Word)?, view.here)
        }
        None => {
            // A number that a word is glued to: `30sek`.
            let unit = view.this().filter(|unit| unit.what == What::Number)?;
            let written = view.written(unit);
            let digits = written.find(|ch: char| !ch.is_ascii_digit() && ch != '.')?;
            let (number, word) = written.split_at_checked(digits)?;
            if !word.chars().all(char::is_alphabetic) {
                return None;
            }
            let range = unit.range.start + digits..unit.range.end;
            return Some(unknown_unit(view, number, word, range, None));
        }
    };
    let meant = view.meant(index, &UNITS);
    Some(unknown_unit(view, number, view.written(word), word.range.clone(), meant.map(|(_, form)| form)))
}

const UNITS: [Keyword; 5] =
    [Keyword::Second, Keyword::Minute, Keyword::Hour, Keyword::DayUnit, Keyword::Week];

fn unknown_unit(
    view: &View<'_>,
    number: &str,
    word: &str,
    range: std::ops::Range<usize>,
    meant: Option<&'static str>,
) -> Diagnostic {
    let units = one_of(UNITS.iter().map(|unit| view.spelling(*unit)));
    let diagnostic = view.unexpected(
        range.clone(),
        Text::new(
            format!("`{word}` after `{number}` is not a unit of time"),
            format!("`{word}` после `{number}` – не единица времени"),
        ),
    );
    match meant {
        Some(form) if similar::skeleton(word) == similar::skeleton(form) => diagnostic
            .here(Text::new(
                format!("these letters only look like `{form}`: they are of the other alphabet"),
                format!("это похоже на `{form}`, но буквы из другого алфавита"),
            ))
            .fix(view.fix(
                Safety::Safe,
                Text::new(format!("write `{form}` anew"), format!("наберите `{form}` заново")),
                [(range, form.to_owned())],
            )),
        Some(form) => diagnostic.here(did_you_mean(form)).fix(view.fix(
            Safety::Unsafe,
            Text::new(format!("write `{form}`"), format!("напишите `{form}`")),
            [(range, form.to_owned())],
        )),
        None => diagnostic.here(Text::new(
            format!("units of time are {}", units.en),
            format!("единицы времени: {}", units.ru),
        )),
    }
}

/// A keyword where a value is needed.
pub(super) fn reserved(view: &View<'_>) -> Option<Diagnostic> {
    let unit = view.this().filter(|unit| unit.what.needs_more())?;
    let written = view.written(unit);
    let is_word = written.starts_with(char::is_alphabetic);
    let known = Keyword::TABLE.iter().any(|entry| {
        matches!(entry.group, Group::Connective | Group::Operator)
            && entry.forms(view.line.lang).contains(&written)
    });
    let message = if is_word && known {
        Text::new(
            format!("`{written}` is a keyword and cannot be a value here"),
            format!("`{written}` – ключевое слово и не может быть здесь значением"),
        )
    } else {
        Text::new(format!("`{written}` is out of place here"), format!("`{written}` здесь не к месту"))
    };
    let label =
        Text::new("if it is meant as text, put it in quotes", "если это текст, возьмите его в кавычки");
    Some(view.unexpected(unit.range.clone(), message).here(label))
}
