//! Tasks: after what, for whom, until when, with which text.

use switchboard_engine::catalog::default_title;
use switchboard_engine::schema::{Direction, EventKind as Kind};
use switchboard_grammar::ast::{
    Due, DueAmount, DueKind, EventKind, EventTarget, LiteralKind, Note, Outcome, SectionKind, Task, TaskLine,
    TextLiteral, Value, ValueKind,
};
use switchboard_grammar::lang::Lang;

use super::conditions::condition;
use super::document::Told;
use super::events::after;
use super::literals::{Case, Count, count, duration};
use super::phrases::{sentence, spaced};
use super::templates::template;
use super::values::Teller;

/// A task.
pub(super) fn task(teller: &Teller<'_>, task: &Task) -> Told {
    let lang = teller.lang;
    let after = after(task.events.as_ref(), lang);
    let title = lang.pick(format!("Task after {after}"), format!("Задача после {after}"));
    let mut intro = Vec::new();
    if let Some((_, when)) = &task.when {
        let when = condition(teller, when).text;
        intro.push(sentence(&lang.pick(format!("it is set if {when}"), format!("ставится, если {when}"))));
    }
    let targets = task.events.as_ref().map(|events| events.targets.as_slice()).unwrap_or_default();
    let items = task.lines.iter().map(|line| self::line(teller, &line.item, targets)).collect();
    Told { intro, items, ..Told::new(title) }
}

fn line(teller: &Teller<'_>, line: &TaskLine, targets: &[EventTarget]) -> String {
    let lang = teller.lang;
    let said = match line {
        TaskLine::Title(_, value) => {
            let text = match &value.kind {
                ValueKind::Default(_) => built_in(teller, targets),
                _ => teller.value(value),
            };
            lang.pick(format!("title: {text}"), format!("заголовок: {text}"))
        }
        TaskLine::Assign(_, value) => {
            let who = teller.value(value);
            lang.pick(format!("for: {who}"), format!("исполнитель: {who}"))
        }
        TaskLine::Due(_, due) => {
            let due = self::due(teller, due);
            lang.pick(format!("due {due}"), format!("срок: {due}"))
        }
        TaskLine::Note(_, Note::Value(value)) => {
            let note = teller.value(value);
            lang.pick(format!("note: {note}"), format!("заметка: {note}"))
        }
        TaskLine::Note(_, Note::Template(_, path)) => {
            let path = path.plain().unwrap_or_default();
            lang.pick(format!("note: from the template {path}"), format!("заметка: по шаблону {path}"))
        }
        TaskLine::Cancel(_) => lang
            .pick(
                "when somebody talks to the client before that, the task is completed by itself",
                "если с клиентом поговорят раньше срока, задача закроется сама",
            )
            .to_owned(),
    };
    sentence(&said)
}

/// The built-in titles of the events of a task, each once.
fn built_in(teller: &Teller<'_>, targets: &[EventTarget]) -> String {
    let mut titles: Vec<String> = Vec::new();
    for target in targets {
        let missed = target.outcome.map(|(outcome, _)| outcome != Outcome::Answered);
        let (kind, directions): (Kind, &[Option<Direction>]) = match target.kind {
            EventKind::IncomingCalls => (Kind::Call, &[Some(Direction::Incoming)]),
            EventKind::OutgoingCalls => (Kind::Call, &[Some(Direction::Outgoing)]),
            EventKind::Calls => (Kind::Call, &[Some(Direction::Incoming), Some(Direction::Outgoing)]),
            EventKind::Chats => (Kind::Chat, &[None]),
            EventKind::Requests => (Kind::Request, &[None]),
            EventKind::Orders => (Kind::Order, &[None]),
        };
        for direction in directions {
            let written = default_title(kind, *direction, missed);
            let written = teller.lang.pick(written.en, written.ru);
            if let Some(text) = parsed(written, teller.lang) {
                let shown = teller.quoted(&template(teller, &text));
                if !titles.contains(&shown) {
                    titles.push(shown);
                }
            }
        }
    }
    let titles = titles.join(teller.lang.pick(" or ", " или "));
    teller.lang.pick(format!("the built-in one, {titles}"), format!("стандартный, {titles}"))
}

/// A text as it would stand between the quotes of a file.
fn parsed(written: &str, lang: Lang) -> Option<TextLiteral> {
    let file = lang.pick(
        format!("rules 1\n\ntask for calls\n  title: \"{written}\"\n"),
        format!("правила 1\n\nзадача для звонков\n  заголовок: \"{written}\"\n"),
    );
    let section = switchboard_grammar::parse(&file).file.sections.into_iter().next()?;
    let SectionKind::Task(task) = section.kind else { return None };
    let TaskLine::Title(_, Value { kind: ValueKind::Literal(literal), .. }) =
        task.lines.into_iter().next()?.item
    else {
        return None;
    };
    match literal.kind {
        LiteralKind::Text(text) => Some(text),
        _ => None,
    }
}

fn due(teller: &Teller<'_>, due: &Due) -> String {
    let lang = teller.lang;
    match &due.kind {
        DueKind::At(value) => teller.value(value),
        DueKind::After { amount, base, by, .. } => {
            let length = length(amount, lang);
            let base = teller.genitive(base);
            let by = by.as_ref().map(|(_, name)| teller.quoted(&spaced(&name.text)));
            let by = by.map(|name| {
                lang.pick(format!(", by the schedule {name}"), format!(", по расписанию {name}"))
            });
            let by = by.unwrap_or_default();
            lang.pick(format!("{length} after {base}{by}"), format!("через {length} после {base}{by}"))
        }
    }
}

/// "2 часа", "1 рабочий час", "2 рабочих часа".
fn length(amount: &DueAmount, lang: Lang) -> String {
    let text = duration(&amount.duration, Case::Accusative, lang);
    if amount.working.is_none() {
        return text;
    }
    let Some((number, rest)) = text.split_once(' ') else { return text };
    let word = match lang {
        Lang::En => "working",
        Lang::Ru => {
            let feminine =
                rest.starts_with("минуту") || rest.starts_with("секунду") || rest.starts_with("неделю");
            match count(number) {
                Count::One if feminine => "рабочую",
                Count::One => "рабочий",
                Count::Part => "рабочего",
                Count::Few | Count::Many => "рабочих",
            }
        }
    };
    format!("{number} {word} {rest}")
}
