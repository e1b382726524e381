//! Lines of filters, fields and lists; lines that should not be there.

use super::missing::shorten;
use super::units::What;
use super::view::{View, did_you_mean, such_as, write};
use crate::codes;
use crate::diagnostic::{Diagnostic, Label, Safety, Text};
use crate::keywords::Keyword;
use crate::lang::Lang;
use crate::sections::{Opening, opening};
use crate::source::FileId;
use crate::span::Span;

const VERDICTS: [Keyword; 2] = [Keyword::Accept, Keyword::Reject];

/// What people write when they mean all events.
const EVERYTHING: [&str; 8] = ["all", "everything", "always", "any", "все", "всё", "всех", "всегда"];

/// A line of a filter.
pub(super) fn filter(view: &View<'_>) -> Option<Diagnostic> {
    let (when, otherwise) = (view.spelling(Keyword::When), view.spelling(Keyword::Else));
    if view.what(0) == What::Else {
        return else_line(view);
    }
    let Some((_, count)) = view.keyword(0, &VERDICTS) else { return Some(no_verdict(view)) };
    if view.here > count {
        return None;
    }
    let verdict = view.text(view.range(0, count));
    match view.units.get(count) {
        None => {
            let message =
                Text::new(format!("`{verdict}` must say when"), format!("у `{verdict}` не сказано, когда"));
            let label = Text::new(
                format!("write `{verdict} {when} …`, or `{otherwise} {verdict}` for everything else"),
                format!("напишите `{verdict} {when} …` или `{otherwise} {verdict}` для всего остального"),
            );
            Some(view.unexpected(view.range(0, count), message).here(label))
        }
        Some(unit) if unit.what == What::Else => {
            let range = 0..unit.range.end;
            let fixed = format!("{otherwise} {verdict}");
            let message = Text::new(
                format!("`{otherwise}` goes before `{verdict}`"),
                format!("`{otherwise}` пишется перед `{verdict}`"),
            );
            let fix = view.fix(Safety::Safe, write(&fixed), [(range.clone(), fixed.clone())]);
            Some(view.unexpected(range, message).here(write(&fixed)).fix(fix))
        }
        Some(unit) if EVERYTHING.contains(&view.written(unit).to_lowercase().as_str()) => {
            let range = 0..view.end().end;
            let fixed = format!("{otherwise} {verdict}");
            let message = Text::new(
                format!("`{verdict}` without a condition is written `{fixed}`"),
                format!("`{verdict}` без условия пишется `{fixed}`"),
            );
            let fix = view.fix(Safety::Unsafe, write(&fixed), [(range.clone(), fixed.clone())]);
            Some(view.unexpected(range, message).here(write(&fixed)).fix(fix))
        }
        Some(unit) => {
            if let Some((words, form)) = view.meant(count, &[Keyword::When]) {
                let range = view.range(count, words);
                let written = view.text(range.clone());
                let message = Text::new(
                    format!("unknown word: `{written}`"),
                    format!("неизвестное слово: `{written}`"),
                );
                let fix = view.fix(Safety::Unsafe, write(form), [(range.clone(), form.to_owned())]);
                return Some(view.unexpected(range, message).here(did_you_mean(form)).fix(fix));
            }
            let at = unit.range.start;
            let message = Text::new(
                format!("`{when}` is missing between `{verdict}` and its condition"),
                format!("между `{verdict}` и условием не хватает `{when}`"),
            );
            let shown = format!("{verdict} {when} {} …", shorten(view.written(unit)));
            let fix = view.fix(Safety::Safe, write(when), [(at..at, format!("{when} "))]);
            Some(view.unexpected(view.range(0, count + 1), message).here(write(&shown)).fix(fix))
        }
    }
}

/// A line that starts with `else`.
fn else_line(view: &View<'_>) -> Option<Diagnostic> {
    let (accept, reject) = (view.spelling(Keyword::Accept), view.spelling(Keyword::Reject));
    let otherwise = view.spelling(Keyword::Else);
    match view.keyword(1, &VERDICTS) {
        Some((_, count)) => {
            let range = view.range(1 + count, 1).start..view.end().end;
            let message = Text::new(
                format!("nothing may follow `{}`", view.text(view.range(0, 1 + count))),
                format!("после `{}` ничего не пишут", view.text(view.range(0, 1 + count))),
            );
            let label = Text::new(
                format!("`{otherwise}` is for everything that no line above decided"),
                format!("`{otherwise}` – для всего, что не решили строки выше"),
            );
            Some(view.unexpected(range, message).here(label))
        }
        None => {
            let range = view.range(0, 2);
            let message = Text::new(
                format!("`{otherwise}` must say what happens: `{accept}` or `{reject}`"),
                format!("после `{otherwise}` говорят, что делать: `{accept}` или `{reject}`"),
            );
            Some(view.unexpected(range, message).here(write(&format!("{otherwise} {reject}"))))
        }
    }
}

/// A line of a filter that does not start with what happens.
fn no_verdict(view: &View<'_>) -> Diagnostic {
    let (accept, reject) = (view.spelling(Keyword::Accept), view.spelling(Keyword::Reject));
    let otherwise = view.spelling(Keyword::Else);
    let range = view.range(0, 1);
    let written = shorten(view.text(range.clone()));
    if let Some(section) = section_inside(view) {
        return section;
    }
    let message = Text::new(
        format!("a line of a filter cannot start with `{written}`"),
        format!("строка фильтра не может начинаться с `{written}`"),
    );
    if let Some((count, form)) = view.meant(0, &[Keyword::Accept, Keyword::Reject, Keyword::Else]) {
        let range = view.range(0, count);
        let fix = view.fix(Safety::Unsafe, write(form), [(range.clone(), form.to_owned())]);
        return view.unexpected(range, message).here(did_you_mean(form)).fix(fix);
    }
    let when = view.spelling(Keyword::When);
    let label = Text::new(
        format!("write `{accept} {when} …`, `{reject} {when} …`, or `{otherwise} {reject}` at the end"),
        format!("напишите `{accept} {when} …`, `{reject} {when} …` или в конце `{otherwise} {reject}`"),
    );
    view.unexpected(range, message).here(label)
}

/// A section header that is indented by mistake.
pub(super) fn section_inside(view: &View<'_>) -> Option<Diagnostic> {
    let Opening::Known(_) = opening(view.line.code, view.line.base) else { return None };
    let range = view.range(0, 1);
    let written = view.text(range.clone());
    let message = Text::new(
        format!("`{written}` starts a section, and a section must start at the left margin"),
        format!("`{written}` начинает раздел, а разделы пишутся без отступа"),
    );
    let label = Text::new("remove the spaces before it", "удалите пробелы перед ним");
    Some(view.unexpected(range, message).here(label))
}

/// A line of CRM fields.
pub(super) fn fields(view: &View<'_>) -> Option<Diagnostic> {
    let (from, always) = (view.spelling(Keyword::From), view.spelling(Keyword::Always));
    let example = view.example("uis_site from site", "uis_site из сайт");
    if view.what(0) != What::Word && view.what(0) != What::Number {
        let range = view.range(0, 1);
        let message = Text::new(
            "this line must start with the code of a RetailCRM field, without quotes",
            "строка должна начинаться с кода поля RetailCRM, без кавычек",
        );
        return Some(view.unexpected(range, message).here(such_as(example)));
    }
    let word = view
        .units
        .iter()
        .position(|unit| view.written(unit) == from || view.written(unit).to_lowercase() == from);
    if word.is_none_or(|word| word > view.here) {
        let unit = view.this();
        let name = view.nth(0);
        let message = Text::new(
            format!("`{from}` is missing after `{name}`"),
            format!("после `{name}` не хватает `{from}`"),
        );
        return Some(match unit {
            Some(unit) if matches!(view.written(unit), ":" | "=" | "<-" | "->" | "=>") => {
                let left = view.text(0..unit.range.start).trim_end().len();
                let fix = view.fix(Safety::Safe, write(from), [(left..unit.range.end, format!(" {from}"))]);
                let sign = view.written(unit);
                view.unexpected(
                    unit.range.clone(),
                    Text::new(
                        format!("write `{from}` here, not `{sign}`"),
                        format!("здесь пишут `{from}`, а не `{sign}`"),
                    ),
                )
                .here(such_as(example))
                .fix(fix)
            }
            Some(unit) => match view.meant(view.here, &[Keyword::From]) {
                Some((count, form)) => {
                    let range = view.range(view.here, count);
                    view.unexpected(range.clone(), message).here(did_you_mean(form)).fix(view.fix(
                        Safety::Unsafe,
                        write(form),
                        [(range, form.to_owned())],
                    ))
                }
                None if unit.what == What::Word
                    && view.after().is_some_and(|next| next.what.starts_value()) =>
                {
                    let range = unit.range.clone();
                    let sign = view.written(unit);
                    let message = Text::new(
                        format!("write `{from}` here, not `{sign}`"),
                        format!("здесь пишут `{from}`, а не `{sign}`"),
                    );
                    let fix = view.fix(Safety::Unsafe, write(from), [(range.clone(), from.to_owned())]);
                    view.unexpected(range, message).here(such_as(example)).fix(fix)
                }
                None => {
                    let at = unit.range.start;
                    let fix = view.fix(Safety::Safe, write(from), [(at..at, format!("{from} "))]);
                    view.unexpected(unit.range.clone(), message).here(such_as(example)).fix(fix)
                }
            },
            None => view.unexpected(view.range(0, 1), message).here(such_as(example)),
        });
    }
    let unit = view.this();
    let is_always = |index: usize| view.keyword(index, &[Keyword::Always]).is_some();
    if unit.is_some() && is_always(view.here) {
        let start = view.text(0..unit?.range.start).trim_end().len();
        let message = Text::new(
            format!("a comma is missing before `{always}`"),
            format!("перед `{always}` не хватает запятой"),
        );
        let fix = view.fix(Safety::Safe, write(","), [(start..start, ",".to_owned())]);
        return Some(view.unexpected(unit?.range.clone(), message).fix(fix));
    }
    let after_comma = view.here.checked_sub(1).is_some_and(|index| view.what(index) == What::Comma);
    if after_comma && unit.is_some() {
        let range = view.range(view.here, 1);
        let written = shorten(view.text(range.clone()));
        let message = Text::new(
            format!("only `{always}` can follow the comma, not `{written}`"),
            format!("после запятой может стоять только `{always}`, а не `{written}`"),
        );
        return Some(view.unexpected(range, message));
    }
    if word.is_some_and(|word| word + 1 == view.here) && unit.is_none() {
        let message = Text::new(
            format!("a value is missing after `{from}`"),
            format!("после `{from}` должно быть значение"),
        );
        return Some(view.unexpected(view.range(view.here - 1, 1), message).here(such_as(example)));
    }
    None
}

/// A line of a list.
pub(super) fn list(view: &View<'_>) -> Option<Diagnostic> {
    let (before, this) = (view.before()?, view.this()?);
    if !before.what.ends_value() || !this.what.starts_value() || this.what == What::Open {
        return None;
    }
    let words = before.what == What::Word && this.what == What::Word;
    let (left, right) = (view.written(before), view.written(this));
    let message = Text::new(
        format!("a comma is missing between `{left}` and `{right}`"),
        format!("между `{left}` и `{right}` не хватает запятой"),
    );
    let at = before.range.end;
    let diagnostic = view.unexpected(before.range.start..this.range.end, message);
    Some(if words {
        diagnostic.here(Text::new(
            "a text of several words goes in quotes",
            "текст из нескольких слов берут в кавычки",
        ))
    } else {
        diagnostic.fix(view.fix(Safety::Unsafe, write(","), [(at..at, ",".to_owned())]))
    })
}

/// Lines below a header that has none.
pub(crate) fn superfluous(file: FileId, span: Span) -> Diagnostic {
    let message = Text::new(
        "this section is a single line; nothing goes below it",
        "этот раздел – одна строка, под ней ничего не пишут",
    );
    Diagnostic::new(&codes::UNEXPECTED_TEXT, message, Label::bare(file, span))
}

/// An `else` that something stands below.
pub(crate) fn else_not_last(file: FileId, lang: Lang, otherwise: Span, last: Span) -> Diagnostic {
    let word = Keyword::Else.spelling(lang);
    let message = Text::new(format!("`{word}` must come last"), format!("`{word}` должно быть последним"));
    Diagnostic::new(
        &codes::UNEXPECTED_TEXT,
        message,
        Label::new(
            file,
            otherwise,
            Text::new("this takes everything that is left", "сюда попадает всё, что осталось"),
        ),
    )
    .label(Label::new(
        file,
        last,
        Text::new("so this is never reached", "поэтому сюда ничего не дойдёт"),
    ))
}
