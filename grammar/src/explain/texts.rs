//! Inside a text: escapes and holes.

use super::units::What;
use super::view::{View, such_as, write};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::scan::char_at;

/// The parser stopped inside a text in quotes.
pub(super) fn inside_text(view: &View<'_>) -> Option<Diagnostic> {
    let unit = view.this().filter(|unit| unit.what == What::Text)?;
    let inside = unit.range.start + 1..unit.range.end;
    if !inside.contains(&view.at) || !view.written(unit).starts_with('"') {
        return None;
    }
    if char_at(view.line.code, view.at) == Some('\\') {
        return Some(bad_escape(view));
    }
    let hole = hole_around(view.text(unit.range.start..view.at))? + unit.range.start;
    Some(in_hole(view, hole, unit.range.end))
}

/// The `{{` that is open at the end of `text`.
fn hole_around(text: &str) -> Option<usize> {
    let open = text.rfind("{{")?;
    (text.rfind("}}").is_none_or(|close| close < open)).then_some(open)
}

fn bad_escape(view: &View<'_>) -> Diagnostic {
    let next = char_at(view.line.code, view.at + 1);
    let range = view.at..view.at + 1 + next.map_or(0, char::len_utf8);
    let written = view.text(range.clone());
    view.unexpected(
        range.clone(),
        Text::new(
            format!("`{written}` means nothing in a text"),
            format!("`{written}` в тексте ничего не значит"),
        ),
    )
    .here(Text::new("write two backslashes for one", "чтобы написать обратную черту, поставьте две"))
    .note(Text::new(
        "in a text, `\\\"` is a quote, `\\\\` a backslash, `\\n` a line break, `\\t` a tab, `\\{` a brace",
        "в тексте `\\\"` – кавычка, `\\\\` – обратная черта, `\\n` – новая строка, `\\t` – табуляция, `\\{` – скобка",
    ))
    .fix(view.fix(Safety::Unsafe, write("\\\\"), [(range.start..range.start, "\\".to_owned())]))
}

fn in_hole(view: &View<'_>, hole: usize, end: usize) -> Diagnostic {
    let example = view.example("{{ scenario else \"—\" }}", "{{ сценарий иначе \"—\" }}");
    let rest = view.text(view.at..end);
    let close = rest.find("}}").map_or(end, |close| view.at + close + 2);
    let content = view.text(hole + 2..close.saturating_sub(2).max(hole + 2)).trim();
    if content.is_empty() {
        let message = Text::new("there is nothing between `{{` and `}}`", "между `{{` и `}}` ничего нет");
        return view.unexpected(hole..close, message).here(such_as(example));
    }
    let stopped = view.at + (rest.len() - rest.trim_start().len());
    let token = rest.trim_start();
    let length = token.find(|ch: char| ch.is_whitespace()).unwrap_or(token.len());
    let word = token.get(..length).unwrap_or("").trim_end_matches("}}").trim_end_matches('"');
    let place = stopped..stopped + word.len();
    if let Some(ch) = word.chars().next()
        && matches!(ch, '+' | '*' | '/' | '-' | '%' | '?' | '=' | '!' | '<' | '>' | '&')
    {
        let message = Text::new(
            format!("`{{{{ … }}}}` does no arithmetic: `{ch}` means nothing in it"),
            format!("внутри `{{{{ … }}}}` ничего не вычисляется: `{ch}` там не работает"),
        );
        return view.unexpected(place, message).here(Text::new(
            "it holds a value, then fallbacks, then filters",
            "внутри пишут значение, запасные значения, затем фильтры",
        ));
    }
    if rest.trim_start().starts_with("}}") {
        let before = view.text(hole + 2..stopped).trim_end();
        let last = before.split_whitespace().next_back().unwrap_or("").to_owned();
        let message = Text::new(
            format!("something is missing after `{last}`"),
            format!("после `{last}` чего-то не хватает"),
        );
        return view.unexpected(stopped..stopped + 2, message).here(such_as(example));
    }
    let message = Text::new(
        format!("`{word}` is out of place inside `{{{{ … }}}}`"),
        format!("`{word}` не к месту внутри `{{{{ … }}}}`"),
    );
    view.unexpected(place, message)
        .here(Text::new(
            "it holds a value, then fallbacks, then filters",
            "внутри пишут значение, запасные значения, затем фильтры",
        ))
        .note(such_as(example))
}
