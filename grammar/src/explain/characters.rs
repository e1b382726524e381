//! Single characters that mean something elsewhere, or cannot be seen.

use super::units::What;
use super::view::View;
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::scan::char_at;

/// A character without width where the parser stopped.
pub(super) fn unseen(view: &View<'_>) -> Option<Diagnostic> {
    let at = view.this()?.range.start;
    let ch = char_at(view.line.code, at).filter(|ch| is_unseen(*ch))?;
    let range = at..at + ch.len_utf8();
    let code = u32::from(ch);
    Some(
        view.unexpected(
            range.clone(),
            Text::new(
                format!("there is an invisible character (U+{code:04X}) here"),
                format!("здесь стоит невидимый символ (U+{code:04X})"),
            ),
        )
        .here(Text::new("it came along with copied text", "он попал сюда при копировании"))
        .fix(view.fix(Safety::Safe, Text::new("remove it", "удалите его"), [(range, String::new())])),
    )
}

fn is_unseen(ch: char) -> bool {
    matches!(ch, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}') || ch.is_control()
}

/// `;` or `:` or `{` at the end of a line, out of habit.
pub(super) fn line_end(view: &View<'_>) -> Option<Diagnostic> {
    let unit = view.this().filter(|_| view.here + 1 == view.units.len())?;
    let written = view.written(unit);
    let (en, ru) = match written {
        ";" => ("no `;` is needed at the end of a line", "в конце строки `;` не нужна"),
        ":" if view.before().is_some() && !view.wants_colon() => (
            "no `:` is needed: the indented lines below belong to the section",
            "`:` не нужно: к разделу относятся строки с отступом под ним",
        ),
        "{" => (
            "no `{` is needed: the indented lines below belong to the section",
            "`{` не нужна: к разделу относятся строки с отступом под ним",
        ),
        _ => return None,
    };
    let fix =
        view.fix(Safety::Safe, Text::new("remove it", "удалите"), [(unit.range.clone(), String::new())]);
    Some(view.unexpected(unit.range.clone(), Text::new(en, ru)).fix(fix))
}

/// A sign that has no meaning in this language.
pub(super) fn sign(view: &View<'_>) -> Option<Diagnostic> {
    let unit = view.this().filter(|unit| unit.what == What::Sign)?;
    let written = view.written(unit);
    let range = unit.range.clone();
    let (message, label) = match written {
        "." if after_number(view) => return Some(point(view)),
        "+" | "-" | "*" | "/" | "^" => (
            Text::new(
                format!("rules do no arithmetic: `{written}` means nothing here"),
                format!("в правилах ничего не вычисляют: `{written}` здесь ничего не значит"),
            ),
            Text::new(
                "a function in a `.rhai` script can do it",
                "посчитать может функция из скрипта `.rhai`",
            ),
        ),
        "[" | "]" | "{" | "}" => return Some(brackets(view)),
        "~" | "=~" => (
            Text::new("this language has no regular expressions", "регулярных выражений в этом языке нет"),
            Text::new(
                "use `like \"VIP*\"`, `contains`, `starts with` or `ends with`",
                "используйте `похож на \"VIP*\"`, `содержит`, `начинается с` или `заканчивается на`",
            ),
        ),
        "|" | "||" => (
            Text::new(
                format!("`{written}` is only used between the cells of a table"),
                format!("`{written}` ставится только между ячейками таблицы"),
            ),
            Text::new(
                "each row of a table is a line that starts with `|`",
                "строки таблицы начинаются с `|`, каждая на своей строке",
            ),
        ),
        "\"" | "«" | "“" | "„" | "'" | "‘" | "”" | "’" | "»" => (
            Text::new(format!("this `{written}` has no pair"), format!("у этой `{written}` нет пары")),
            Text::new("a text goes in straight quotes: `\"…\"`", "текст пишется в прямых кавычках: `\"…\"`"),
        ),
        _ => (
            Text::new(
                format!("`{written}` means nothing here"),
                format!("`{written}` здесь ничего не значит"),
            ),
            Text::new("remove it, or put the text in quotes", "удалите его или возьмите текст в кавычки"),
        ),
    };
    Some(view.unexpected(range, message).here(label))
}

/// Whether the parser stopped right after a number.
fn after_number(view: &View<'_>) -> bool {
    view.before().is_some_and(|before| before.what == What::Number)
}

/// `30 сек.`: a unit with a point.
fn point(view: &View<'_>) -> Diagnostic {
    let range = view.this().map_or(view.end(), |unit| unit.range.clone());
    let message =
        Text::new("no point is needed after a number or a unit", "после числа и единицы точка не нужна");
    let fix = view.fix(Safety::Safe, Text::new("remove it", "удалите её"), [(range.clone(), String::new())]);
    view.unexpected(range, message).fix(fix)
}

/// `[a, b]`, `{a, b}`.
fn brackets(view: &View<'_>) -> Diagnostic {
    let is_bracket = |text: &str| matches!(text, "[" | "]" | "{" | "}");
    let places = view.units.iter().filter(|unit| unit.what == What::Sign && is_bracket(view.written(unit)));
    let edits: Vec<_> = places
        .map(|unit| {
            let open = matches!(view.written(unit), "[" | "{");
            (unit.range.clone(), if open { "(" } else { ")" }.to_owned())
        })
        .collect();
    let range = view.this().map_or(view.end(), |unit| unit.range.clone());
    let message = Text::new("use round brackets: `( … )`", "здесь нужны круглые скобки: `( … )`");
    let fix = view.fix(Safety::Safe, Text::new("write round brackets", "поставьте круглые скобки"), edits);
    view.unexpected(range, message).fix(fix)
}
