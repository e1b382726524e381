//! Header lines of sections.

use super::events;
use super::missing::shorten;
use super::units::What;
use super::view::{Stuck, View, did_you_mean, one_of, such_as, write};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::keywords::{Group, Keyword};
use crate::lang::Lang;
use crate::sections::Opening;
use crate::similar::Likeness;
use crate::source::FileId;
use crate::span::Span;
use crate::statement::Statement;

/// A line at the left margin that opens no known section.
pub(crate) fn unknown(file: FileId, lang: Lang, opening: Opening, code: &str, span: Span) -> Diagnostic {
    let line = Stuck { file, lang, base: span.start, code, statement: Statement::FilterHead };
    let view = View::plain(&line);
    let sections = || Keyword::TABLE.iter().filter(|entry| entry.group == Group::Section);
    match opening {
        Opening::Misspelt { meant, how, span: word } => {
            let range = (word.start - span.start) as usize..(word.end - span.start) as usize;
            let written = view.text(range.clone());
            let message = Text::new(
                format!("`{written}` does not start a section"),
                format!("слово `{written}` не начинает раздел"),
            );
            // The first word of the file's own spelling.
            let form = meant.keyword.spelling(lang).split(' ').next().unwrap_or(meant.form);
            let label = match how {
                Likeness::Layout => Text::new(
                    format!("typed with the other keyboard layout? did you mean `{form}`?"),
                    format!("другая раскладка клавиатуры? возможно, имелось в виду `{form}`"),
                ),
                _ => did_you_mean(form),
            };
            view.unexpected(range.clone(), message).here(label).fix(view.fix(
                Safety::Unsafe,
                write(form),
                [(range, form.to_owned())],
            ))
        }
        Opening::Known(_) | Opening::Unknown { .. } => {
            let range = view.range(0, 1);
            let written = shorten(view.text(range.clone()));
            let names = one_of(
                sections()
                    .filter(|entry| entry.keyword != Keyword::Rules)
                    .map(|entry| entry.keyword.spelling(lang)),
            );
            view.unexpected(
                range,
                Text::new(
                    format!(
                        "`{written}` does not start a section, and only sections start at the left margin"
                    ),
                    format!("`{written}` не начинает раздел, а у левого края пишутся только разделы"),
                ),
            )
            .note(Text::new(
                format!("a section starts with {}", names.en),
                format!("раздел начинается словом {}", names.ru),
            ))
            .note(Text::new(
                "lines that belong to the section above are indented by two spaces; comments start with `#`",
                "строки раздела пишутся с отступом в два пробела; комментарии начинаются с `#`",
            ))
        }
    }
}

/// Any header line.
pub(super) fn head(view: &View<'_>) -> Option<Diagnostic> {
    match view.line.statement {
        Statement::IncludeHead => quoted(
            view,
            1,
            ("the name of a file", "имя файла"),
            view.example("include \"lists.rules\"", "включить \"списки.rules\""),
        ),
        Statement::ScriptHead => quoted(
            view,
            1,
            ("the name of a file", "имя файла"),
            view.example("script \"marketing.rhai\"", "скрипт \"marketing.rhai\""),
        ),
        Statement::FilterHead | Statement::SettingsHead => events::events(view, 1),
        Statement::TaskHead => events::events(view, 1),
        Statement::FieldsHead => fields(view),
        Statement::TableHead => table(view),
        Statement::TransferHead => transfer(view),
        Statement::ListHead => list(view),
        Statement::ScheduleHead => schedule(view),
        _ => None,
    }
}

fn table(view: &View<'_>) -> Option<Diagnostic> {
    let nameless = view.keyword(1, &[Keyword::For]).is_some() && view.keyword(2, &[Keyword::For]).is_none();
    if view.units.len() < 2 || nameless || view.what(1) != What::Word {
        let example =
            view.example("table entities for incoming calls", "таблица сущности для входящих звонков");
        return Some(nameless_section(view, ("table", "таблицы"), example));
    }
    if let Some(dotted) = name_with_dots(view) {
        return Some(dotted);
    }
    events::events(view, 2)
}

/// A section whose name should be the second word.
fn nameless_section(view: &View<'_>, what: (&str, &str), example: &str) -> Diagnostic {
    let range = match view.what(1) {
        What::End => view.range(0, 1),
        _ => view.range(1, 1),
    };
    let (en, ru) = what;
    let message = if view.what(1) == What::Text {
        Text::new(
            format!("the name of a {en} is a word without quotes"),
            format!("имя {ru} пишется одним словом без кавычек"),
        )
    } else {
        Text::new(format!("this {en} has no name"), format!("у этой {ru} нет имени"))
    };
    let message = if ru == "таблицы" || view.what(1) == What::Text {
        message
    } else {
        Text::new(message.en, format!("у этого {ru} нет имени"))
    };
    view.unexpected(range, message).here(such_as(example))
}

/// A name with a dot or a sign inside.
fn name_with_dots(view: &View<'_>) -> Option<Diagnostic> {
    let name = view.units.get(1).filter(|unit| unit.what == What::Word)?;
    let written = view.written(name);
    let next = view.units.get(2).filter(|next| next.range.start == name.range.end && next.what == What::Sign);
    if !written.contains('.') && next.is_none() {
        return None;
    }
    let message = Text::new(
        "a name can hold only letters, digits and `_`",
        "в имени могут быть только буквы, цифры и `_`",
    );
    let fixed = written.replace('.', "_");
    let diagnostic = view.unexpected(next.map_or(name.range.clone(), |next| next.range.clone()), message);
    Some(match next {
        Some(_) => diagnostic,
        None => diagnostic.here(such_as(&fixed)),
    })
}

fn fields(view: &View<'_>) -> Option<Diagnostic> {
    let owners = [Keyword::Client, Keyword::Order];
    let list = one_of(owners.iter().map(|owner| view.spelling(*owner)));
    // In English the keyword is two words, `fields of`.
    if view.line.lang == Lang::En && view.keyword(0, &[Keyword::FieldsOf]).is_none() {
        let first = view.range(0, 1);
        let message = Text::new("`of` is missing after `fields`", "после `fields` не хватает `of`");
        let fix = view.fix(Safety::Safe, write("fields of"), [(first.end..first.end, " of".to_owned())]);
        return Some(view.unexpected(first, message).here(write("fields of client for …")).fix(fix));
    }
    let index = view.keyword(0, &[Keyword::FieldsOf]).map_or(1, |(_, count)| count);
    if view.here > index {
        return events::events(view, index + 1);
    }
    let range = view.range(index, 1);
    let written = view.text(range.clone());
    if let Some((count, form)) = view.meant(index, &owners) {
        let range = view.range(index, count);
        return Some(
            view.unexpected(range.clone(), events::unknown_word(written))
                .here(did_you_mean(form))
                .fix(view.fix(Safety::Unsafe, write(form), [(range, form.to_owned())])),
        );
    }
    let message = Text::new(
        "this header does not say whose fields are written",
        "в заголовке не сказано, чьи это поля",
    );
    let label = Text::new(format!("write {}", list.en), format!("напишите {}", list.ru));
    Some(view.unexpected(range, message).here(label))
}

fn transfer(view: &View<'_>) -> Option<Diagnostic> {
    let whole = view.spelling(Keyword::Transfer);
    if view.keyword(0, &[Keyword::Transfer]).is_some() {
        return events::trailing(view);
    }
    let range = 0..view.end().end;
    let message = Text::new(
        format!("this header is written just `{whole}`"),
        format!("этот заголовок пишется просто `{whole}`"),
    );
    let fix = view.fix(Safety::Unsafe, write(whole), [(range.clone(), whole.to_owned())]);
    Some(view.unexpected(range, message).here(write(whole)).fix(fix))
}

fn list(view: &View<'_>) -> Option<Diagnostic> {
    if view.what(1) != What::Word
        || view.keyword(1, &[Keyword::From]).is_some_and(|_| view.what(2) != What::Word)
    {
        let example =
            view.example("list partners: \"Ромашка\", \"Лютик\"", "список партнёры: \"Ромашка\", \"Лютик\"");
        return Some(nameless_section(view, ("list", "списка"), example));
    }
    if let Some(dotted) = name_with_dots(view) {
        return Some(dotted);
    }
    if let Some((_, count)) = view.keyword(2, &[Keyword::From]) {
        if view.here <= 2 + count {
            let example =
                view.example("list blocked from \"blocked.csv\"", "список чёрный из \"blocked.csv\"");
            return quoted(view, 2 + count, ("the name of a file", "имя файла"), example);
        }
        return None;
    }
    if view.here == 2 {
        let unit = view.this()?;
        if view.written(unit) == "=" {
            let message = Text::new("values follow a `:`", "значения пишут после `:`");
            let left = view.text(0..unit.range.start).trim_end().len();
            let fix = view.fix(Safety::Safe, write(":"), [(left..unit.range.end, ":".to_owned())]);
            return Some(view.unexpected(unit.range.clone(), message).here(write(":")).fix(fix));
        }
        let from = view.spelling(Keyword::From);
        let message = Text::new(
            format!(
                "the name of a list is followed by `:` and values, by `{from}` and a file, or by nothing"
            ),
            format!("после имени списка пишут `:` и значения, `{from}` и файл или ничего"),
        );
        return Some(view.unexpected(unit.range.clone(), message));
    }
    None
}

fn schedule(view: &View<'_>) -> Option<Diagnostic> {
    let example = view.example("schedule office in \"Europe/Moscow\"", "расписание офис в \"Europe/Moscow\"");
    if view.what(1) != What::Word {
        return Some(nameless_section(view, ("schedule", "расписания"), example));
    }
    if let Some(dotted) = name_with_dots(view) {
        return Some(dotted);
    }
    if !matches!(view.what(2), What::Operator(Keyword::In)) {
        let word = view.spelling(Keyword::In);
        let message = Text::new(
            format!("a schedule needs its time zone: `{word} \"Europe/Moscow\"`"),
            format!("у расписания должен быть часовой пояс: `{word} \"Europe/Moscow\"`"),
        );
        let range = if view.what(2) == What::End { view.range(0, 2) } else { view.range(2, 1) };
        return Some(view.unexpected(range, message).here(such_as(example)));
    }
    quoted(view, 3, ("the time zone", "часовой пояс"), example)
}

/// Something in quotes that should stand at unit `index`, such as the name of a file.
pub(super) fn quoted(view: &View<'_>, index: usize, what: (&str, &str), example: &str) -> Option<Diagnostic> {
    if view.here > index {
        return events::trailing(view);
    }
    let (en, ru) = what;
    if view.what(index) == What::End {
        let last = view.range(index.saturating_sub(1), 1);
        let message = Text::new(
            format!("{en} in quotes is missing here"),
            format!("здесь не хватает: {ru} в кавычках"),
        );
        return Some(view.unexpected(last, message).here(such_as(example)));
    }
    let range = view.range(index, view.units.len() - index);
    let text = view.text(range.clone());
    let fixed = format!("\"{text}\"");
    let message = Text::new(format!("{en} must be in quotes"), format!("{ru} пишется в кавычках"));
    Some(view.unexpected(range.clone(), message).here(write(&fixed)).fix(view.fix(
        Safety::Unsafe,
        write(&fixed),
        [(range, fixed.clone())],
    )))
}
