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
                format!("an invisible character (U+{code:04X}) stands here"),
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
        ";" => ("a line ends by itself, no `;` is needed", "строка кончается сама, `;` не нужна"),
        ":" if view.before().is_some() && !view.wants_colon() => (
            "a section starts without `:`; the indented lines below belong to it",
            "раздел начинается без `:`; к нему относятся строки с отступом под ним",
        ),
        "{" => (
            "no braces: the indented lines below belong to the section",
            "скобки не нужны: к разделу относятся строки с отступом под ним",
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
        "+" | "-" | "*" | "/" | "%" | "^" => (
            Text::new(
                format!("nothing is computed in rules: `{written}` has no meaning here"),
                format!("в правилах ничего не вычисляют: `{written}` здесь ничего не значит"),
            ),
            Text::new(
                "a function of a `.rhai` script can do it",
                "это может сделать функция из скрипта `.rhai`",
            ),
        ),
        "[" | "]" | "{" | "}" => return Some(brackets(view)),
        "~" | "=~" => (
            Text::new("there are no regular expressions here", "регулярных выражений здесь нет"),
            Text::new(
                "use `like \"VIP*\"`, `contains`, `starts with` or `ends with`",
                "используйте `похож на \"VIP*\"`, `содержит`, `начинается с` или `заканчивается на`",
            ),
        ),
        "|" | "||" => (
            Text::new(
                format!("`{written}` stands only between the cells of a table"),
                format!("`{written}` стоит только между ячейками таблицы"),
            ),
            Text::new(
                "a table's rows start with `|` on lines of their own",
                "строки таблицы начинаются с `|`, каждая на своей строке",
            ),
        ),
        "\"" | "«" | "“" | "„" | "'" | "‘" | "”" | "’" | "»" => (
            Text::new(format!("this `{written}` has no pair"), format!("у этой `{written}` нет пары")),
            Text::new("a text stands in quotes: `\"…\"`", "текст пишется в кавычках: `\"…\"`"),
        ),
        _ => (
            Text::new(
                format!("`{written}` has no meaning here"),
                format!("`{written}` здесь ничего не значит"),
            ),
            Text::new("remove it, or put the text in quotes", "удалите его или возьмите текст в кавычки"),
        ),
    };
    Some(view.unexpected(range, message).here(label))
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
    let message = Text::new("brackets are round here: `( … )`", "скобки здесь круглые: `( … )`");
    let fix = view.fix(Safety::Safe, Text::new("write round brackets", "поставьте круглые скобки"), edits);
    view.unexpected(range, message).fix(fix)
}
