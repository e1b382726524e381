//! Lines of filters, fields, lists, scripts and schedules; lines that should not be there.

use super::heads;
use super::missing::shorten;
use super::properties::colon;
use super::units::What;
use super::view::{Stuck, View, did_you_mean, one_of, such_as, write};
use crate::codes;
use crate::diagnostic::{Diagnostic, Label, Safety, Text};
use crate::keywords::Keyword;
use crate::lang::Lang;
use crate::sections::{Opening, opening};
use crate::source::FileId;
use crate::span::Span;
use crate::statement::Statement;

const VERDICTS: [Keyword; 2] = [Keyword::Accept, Keyword::Reject];

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
fn section_inside(view: &View<'_>) -> Option<Diagnostic> {
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

/// What a line of a script section is, from its first words.
pub(crate) fn script_statement(code: &str) -> Option<Statement> {
    let line =
        Stuck { file: FileId::default(), lang: Lang::En, base: 0, code, statement: Statement::FunctionLine };
    let view = View::plain(&line);
    let (keyword, _) = view.keyword(0, &[Keyword::Function, Keyword::Policy, Keyword::OnFailure])?;
    Some(match keyword {
        Keyword::Function => Statement::FunctionLine,
        Keyword::Policy => Statement::PolicyLine,
        _ => Statement::FailureLine,
    })
}

/// A line of a script section that declares nothing.
pub(crate) fn unknown_script_line(file: FileId, lang: Lang, code: &str, span: Span) -> Diagnostic {
    let line = Stuck { file, lang, base: span.start, code, statement: Statement::FunctionLine };
    let view = View::plain(&line);
    if let Some(section) = section_inside(&view) {
        return section;
    }
    let known = [Keyword::Function, Keyword::Policy, Keyword::OnFailure];
    let range = view.range(0, 1);
    let written = shorten(view.text(range.clone()));
    let message = Text::new(
        format!("a script section has no line `{written}`"),
        format!("в разделе скрипта нет строки `{written}`"),
    );
    if let Some((count, form)) = view.meant(0, &known) {
        let range = view.range(0, count);
        let fix = view.fix(Safety::Unsafe, write(form), [(range.clone(), form.to_owned())]);
        return view.unexpected(range, message).here(did_you_mean(form)).fix(fix);
    }
    let list = one_of(known.iter().map(|keyword| keyword.spelling(lang)));
    view.unexpected(range, message).here(Text::new(
        format!("its lines start with {}", list.en),
        format!("её строки начинаются с {}", list.ru),
    ))
}

/// A declaration of a script.
pub(super) fn script(view: &View<'_>) -> Option<Diagnostic> {
    let example = match view.line.statement {
        Statement::FunctionLine => view.example(
            "function label(source: text?) gives text",
            "функция метка(источник: текст?) даёт текст",
        ),
        Statement::PolicyLine => view.example(
            "policy entities for incoming calls needs crm.open_orders",
            "политика сущности для входящих звонков нужны crm.open_orders",
        ),
        _ => view.example("on failure: use tables", "при сбое: решают таблицы"),
    };
    if view.line.statement == Statement::FailureLine {
        let count = view.keyword(0, &[Keyword::OnFailure]).map_or(1, |(_, count)| count);
        return colon(view, count).or_else(|| {
            let modes = one_of([view.spelling(Keyword::UseTables), view.spelling(Keyword::Park)]);
            let range = view.range(view.here.min(view.units.len().saturating_sub(1)), 1);
            let message = Text::new(
                "an event whose script failed cannot be treated like this",
                "так поступить с событием после сбоя скрипта нельзя",
            );
            Some(
                view.unexpected(range, message)
                    .here(Text::new(format!("write {}", modes.en), format!("напишите {}", modes.ru))),
            )
        });
    }
    if view.line.statement == Statement::PolicyLine {
        return policy(view, example);
    }
    Some(function(view, example))
}

/// A declared hook.
fn policy(view: &View<'_>, example: &str) -> Option<Diagnostic> {
    if view.here <= 1 && view.what(1) != What::Word {
        let message = Text::new("the name of a hook is missing", "не хватает имени точки вызова");
        return Some(view.unexpected(view.range(0, 1), message).here(such_as(example)));
    }
    heads::events(view, 2)
}

/// A declared function: `function NAME(PARAMETERS) gives TYPE`, told by what is missing first.
fn function(view: &View<'_>, example: &str) -> Diagnostic {
    let gives = view.spelling(Keyword::Gives);
    let unfinished = |index: usize, message: Text| {
        let range = match view.what(index) {
            What::End => view.range(index.saturating_sub(1), 1),
            _ => view.range(index, 1),
        };
        view.unexpected(range, message).here(such_as(example))
    };
    if view.what(1) != What::Word {
        return unfinished(1, Text::new("this function has no name", "у этой функции нет имени"));
    }
    let name = view.nth(1);
    if view.what(2) != What::Open {
        let message = Text::new(
            format!("the parameters of `{name}` in brackets are missing; without any, write `{name}()`"),
            format!("не хватает параметров `{name}` в скобках; если их нет, напишите `{name}()`"),
        );
        return unfinished(2, message);
    }
    let Some(close) = view.units.iter().position(|unit| unit.what == What::Close) else {
        return unfinished(2, Text::new("this bracket is not closed", "эта скобка не закрыта"));
    };
    let mut index = 3;
    while index < close {
        if view.what(index) == What::Word && view.what(index + 1) != What::Colon {
            let parameter = view.nth(index);
            let typed = format!("{parameter}: {}", view.spelling(Keyword::TypeText));
            let message = Text::new(
                format!("the parameter `{parameter}` has no type"),
                format!("у параметра `{parameter}` нет типа"),
            );
            return view.unexpected(view.range(index, 1), message).here(such_as(&typed));
        }
        index =
            (index..close).find(|index| view.what(*index) == What::Comma).map_or(close, |comma| comma + 1);
    }
    if view.keyword(close + 1, &[Keyword::Gives]).is_none() {
        let message = Text::new(
            format!("`{gives}` and a type are missing: what does `{name}` give?"),
            format!("не хватает `{gives}` и типа: что возвращает `{name}`?"),
        );
        return unfinished(close + 1, message);
    }
    if view.this().is_none() {
        let message = Text::new(
            format!("a type is missing after `{gives}`"),
            format!("после `{gives}` должен быть тип"),
        );
        return unfinished(view.units.len(), message);
    }
    unfinished(view.here, Text::new("a function is declared differently", "функция объявляется иначе"))
}

const DAYS: [Keyword; 7] =
    [Keyword::Mon, Keyword::Tue, Keyword::Wed, Keyword::Thu, Keyword::Fri, Keyword::Sat, Keyword::Sun];

/// A line of a schedule.
pub(super) fn schedule(view: &View<'_>) -> Option<Diagnostic> {
    let example = view.example("mon-fri: 09:00-18:00", "пн-пт: 09:00-18:00");
    let split = view.units.iter().position(|unit| unit.what == What::Colon);
    let hours = (1..view.units.len())
        .find(|index| view.nth(*index).contains(':') || view.keyword(*index, &[Keyword::Closed]).is_some());
    if split.is_none()
        && let Some(hours) = hours
        && view.here <= hours
    {
        let days = view.range(0, hours);
        let message = Text::new(
            format!("`:` is missing after `{}`", view.text(days.clone())),
            format!("после `{}` не хватает `:`", view.text(days.clone())),
        );
        let fix = view.fix(Safety::Safe, write(":"), [(days.end..days.end, ":".to_owned())]);
        return Some(view.unexpected(days, message).here(such_as(example)).fix(fix));
    }
    if split.is_none_or(|split| view.here < split) {
        let range = view.this().map_or(0..view.end().end, |unit| unit.range.clone());
        if view.what(view.here) == What::Word {
            let written = view.text(range.clone());
            let days = DAYS.map(|day| format!("`{}`", view.spelling(day))).join(", ");
            let message =
                Text::new(format!("unknown day: `{written}`"), format!("неизвестный день: `{written}`"));
            return Some(match view.meant(view.here, &DAYS) {
                Some((_, form)) => view
                    .unexpected(range.clone(), message)
                    .here(did_you_mean(form))
                    .fix(view.fix(Safety::Unsafe, write(form), [(range, form.to_owned())])),
                None => view.unexpected(range, message).here(Text::new(
                    format!("a day is {days} or a date such as `2026-01-01`"),
                    format!("день – это {days} или дата вида `2026-01-01`"),
                )),
            });
        }
        let message = Text::new(
            "a line of a schedule is days, `:` and hours",
            "строка расписания – это дни, `:` и часы",
        );
        return Some(view.unexpected(range, message).here(such_as(example)));
    }
    let split = split?;
    let closed = view.spelling(Keyword::Closed);
    if view.units.len() == split + 1 {
        let message = Text::new("hours are missing after `:`", "после `:` не хватает часов");
        return Some(view.unexpected(view.range(split, 1), message).here(such_as(example)));
    }
    let range = view.range(split + 1, view.units.len() - split - 1);
    let written = shorten(view.text(range.clone()));
    let message =
        Text::new(format!("`{written}` is not a range of hours"), format!("`{written}` – не часы работы"));
    let label = Text::new(
        format!("write `09:00-18:00`, several with commas, or `{closed}`"),
        format!("напишите `09:00-18:00`, несколько – через запятую, или `{closed}`"),
    );
    let diagnostic = view.unexpected(range.clone(), message).here(label);
    Some(match whole_hours(view.text(range.clone())) {
        Some(fixed) => diagnostic.fix(view.fix(Safety::Unsafe, write(&fixed), [(range, fixed.clone())])),
        None => diagnostic,
    })
}

/// `9-18`, `с 9 до 18`, `24/7` as hours are written.
fn whole_hours(written: &str) -> Option<String> {
    let written = written.trim();
    if ["24/7", "all day", "круглосуточно", "24 часа"].contains(&written.to_lowercase().as_str())
    {
        return Some("00:00-24:00".to_owned());
    }
    let bare = ["с ", "from "].iter().find_map(|word| written.strip_prefix(word)).unwrap_or(written);
    let (from, to) = bare
        .split_once(" до ")
        .or_else(|| bare.split_once(" to "))
        .or_else(|| bare.split_once(['-', '–', '—']))?;
    let clock = |text: &str| {
        let (hour, minute) = text.trim().split_once([':', '.']).unwrap_or((text.trim(), "00"));
        let (hour, minute) = (hour.parse::<u8>().ok()?, minute.parse::<u8>().ok()?);
        (hour <= 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
    };
    Some(format!("{}-{}", clock(from)?, clock(to)?))
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
