//! Values: decimal commas, stray commas, units, reserved words.

use super::units::What;
use super::view::{View, did_you_mean, one_of};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::keywords::{Group, Keyword};

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
    // Behind the comma a unit may stand: `0,5 s`.
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

/// A comma with nothing behind or before it.
pub(super) fn comma(view: &View<'_>) -> Option<Diagnostic> {
    let comma = [view.here.checked_sub(1), Some(view.here)]
        .into_iter()
        .flatten()
        .find(|index| view.what(*index) == What::Comma)?;
    let range = view.units.get(comma)?.range.clone();
    let remove = |range: std::ops::Range<usize>| {
        view.fix(Safety::Safe, Text::new("remove it", "удалите её"), [(range, String::new())])
    };
    let (before, after) =
        (comma.checked_sub(1).map_or(What::End, |index| view.what(index)), view.what(comma + 1));
    if matches!(after, What::End | What::Close | What::Comma) || matches!(before, What::Open | What::Comma) {
        let message = Text::new("nothing stands behind this comma", "после этой запятой ничего нет");
        return Some(view.unexpected(range.clone(), message).fix(remove(range)));
    }
    if after.needs_more() && before.ends_value() {
        let word = view.nth(comma + 1);
        let message = Text::new(
            format!("no comma stands before `{word}`"),
            format!("перед `{word}` запятая не ставится"),
        );
        return Some(view.unexpected(range.clone(), message).fix(remove(range)));
    }
    if view.here == comma {
        let message = Text::new(
            "a comma cannot stand here: one value is needed",
            "запятая здесь не нужна: значение должно быть одно",
        );
        return Some(view.unexpected(range, message));
    }
    None
}

/// A number with a word behind it that is no unit of time.
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
            format!("`{word}` is no unit of time for `{number}`"),
            format!("`{word}` – не единица времени для `{number}`"),
        ),
    );
    match meant {
        Some(form) => diagnostic.here(did_you_mean(form)).fix(view.fix(
            Safety::Unsafe,
            Text::new(format!("write `{form}`"), format!("напишите `{form}`")),
            [(range, form.to_owned())],
        )),
        None => diagnostic
            .here(Text::new(format!("a unit is {}", units.en), format!("единицы времени: {}", units.ru))),
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
        Text::new(format!("`{written}` cannot stand here"), format!("`{written}` не может здесь стоять"))
    };
    let label = Text::new("if it is a text, put it in quotes", "если это текст, возьмите его в кавычки");
    Some(view.unexpected(unit.range.clone(), message).here(label))
}
