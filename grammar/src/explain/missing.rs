//! Something is missing: after an operator, before one, at the end of the line. And the last resort.

use super::units::What;
use super::view::{View, such_as};
use crate::diagnostic::{Diagnostic, Text};
use crate::keywords::Keyword;
use crate::symbols::Meaning;

/// An operator, `and`, `else` or `when` with nothing after it.
pub(super) fn operand(view: &View<'_>) -> Option<Diagnostic> {
    let before = view.before().filter(|unit| unit.what.needs_more())?;
    let stops = match view.what(view.here) {
        What::End | What::Close | What::Comma | What::Join(_) | What::Else | What::When => true,
        What::Operator(_) => matches!(before.what, What::Else | What::Exactly),
        _ => false,
    };
    if !stops {
        return None;
    }
    let word = view.written(before);
    let (en, ru) = match before.what {
        What::When => ("a condition", "условие"),
        What::Join(_) | What::Not => ("another condition", "ещё одно условие"),
        What::Else => ("a fallback value", "запасное значение"),
        What::Exactly => ("a text in quotes", "текст в кавычках"),
        What::Operator(Keyword::In | Keyword::NotIn) => {
            ("values in brackets or the name of a list", "значения в скобках или имя списка")
        }
        What::Operator(Keyword::Like | Keyword::NotLike) => {
            ("a pattern such as `\"VIP*\"`", "шаблон вида `\"VIP*\"`")
        }
        _ => ("a value", "значение"),
    };
    let message =
        Text::new(format!("{en} is missing after `{word}`"), format!("после `{word}` должно быть {ru}"));
    let message = match before.what {
        What::Exactly | What::Operator(Keyword::Like | Keyword::NotLike) => {
            Text::new(message.en, format!("после `{word}` должен быть {ru}"))
        }
        What::Operator(Keyword::In | Keyword::NotIn) => {
            Text::new(format!("{en} are missing after `{word}`"), format!("после `{word}` должны быть {ru}"))
        }
        _ => message,
    };
    Some(view.unexpected(before.range.clone(), message))
}

/// An operator with nothing before it: `when is "x"`.
pub(super) fn subject(view: &View<'_>) -> Option<Diagnostic> {
    let operator = view.this().filter(|unit| matches!(unit.what, What::Operator(_)))?;
    let before = view.here.checked_sub(1).map_or(What::End, |index| view.what(index));
    if before.ends_value() || matches!(before, What::Operator(_)) {
        return None;
    }
    let word = view.written(operator);
    let message = Text::new(
        format!("there is nothing to compare before `{word}`"),
        format!("перед `{word}` не сказано, что сравнивается"),
    );
    let example = view.example("site is \"romashka.ru\"", "сайт это \"romashka.ru\"");
    Some(view.unexpected(operator.range.clone(), message).here(such_as(example)))
}

/// Nothing particular is known: what should have come, when that is one thing, else that it cannot stand here.
pub(super) fn last_resort(view: &View<'_>) -> Diagnostic {
    let wanted = single(view);
    match view.this() {
        None => {
            let message = match wanted {
                Some(what) => Text::new(
                    format!("the line is unfinished: {} is missing", what.en),
                    format!("строка не закончена, не хватает: {}", what.ru),
                ),
                None => Text::new("the line is unfinished", "строка не закончена"),
            };
            let last = view.units.last().map_or(view.end(), |unit| unit.range.clone());
            view.unexpected(last, message)
                .here(Text::new("something must follow this", "после этого должно что-то быть"))
        }
        Some(unit) => {
            let written = shorten(view.written(unit));
            let message = Text::new(
                format!("`{written}` is out of place here"),
                format!("`{written}` здесь не к месту"),
            );
            let diagnostic = view.unexpected(unit.range.clone(), message);
            match wanted {
                Some(what) => diagnostic.here(Text::new(
                    format!("{} should be here", what.en),
                    format!("здесь должно быть: {}", what.ru),
                )),
                None => diagnostic,
            }
        }
    }
}

/// What the parser wanted, when it is one thing.
fn single(view: &View<'_>) -> Option<Text> {
    let mut wanted =
        view.wanted.iter().filter(|meaning| !matches!(meaning, Meaning::Words("the end of the line", _)));
    let first = wanted.next()?;
    if wanted.next().is_some() {
        return None;
    }
    Some(match first {
        Meaning::Keyword(keyword) => Text::same(format!("`{}`", view.spelling(*keyword))),
        Meaning::Words(en, ru) => Text::new(*en, *ru),
    })
}

/// A piece of a line that is short enough for a sentence.
pub(super) fn shorten(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}
