//! Declarations of scripts.

use super::events;
use super::lines::section_inside;
use super::missing::shorten;
use super::properties::colon;
use super::units::What;
use super::view::{Stuck, View, did_you_mean, one_of, such_as, write};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::keywords::Keyword;
use crate::lang::Lang;
use crate::source::FileId;
use crate::span::Span;
use crate::statement::Statement;

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
            "политика сущностей для входящих звонков нужны crm.открытые_заказы",
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
    let after = view.keyword(1, &[Keyword::FieldsOf]).map_or(2, |(_, count)| count + 2);
    events::events(view, after)
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
