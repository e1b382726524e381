//! The events of a header, and what may follow them.

use super::missing::shorten;
use super::units::What;
use super::view::{View, did_you_mean, one_of, write};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::keywords::Keyword;
use crate::statement::Statement;

const EVENTS: [Keyword; 6] = [
    Keyword::IncomingCalls,
    Keyword::OutgoingCalls,
    Keyword::Calls,
    Keyword::Chats,
    Keyword::Requests,
    Keyword::Orders,
];

const OUTCOMES: [Keyword; 3] = [Keyword::Missed, Keyword::Failed, Keyword::Answered];

const HITS: [Keyword; 3] = [Keyword::FirstMatch, Keyword::OnlyMatch, Keyword::AllMatches];

/// `for EVENTS` from unit `index` on.
pub(super) fn events(view: &View<'_>, index: usize) -> Option<Diagnostic> {
    let word = view.spelling(Keyword::For);
    let list = one_of(EVENTS.iter().map(|event| view.spelling(*event)));
    let which = Text::new(format!("events can be {}", list.en), format!("события бывают: {}", list.ru));
    if view.here <= index {
        let place = view.range(index, 1);
        if view.what(index) == What::End {
            let message = Text::new(
                format!("this header does not say which events it is `{word}`"),
                format!("в заголовке не сказано, `{word}` каких он событий"),
            );
            let last = view.units.last().map_or(view.end(), |unit| unit.range.clone());
            return Some(view.unexpected(last, message).here(which));
        }
        if view.keyword(index, &EVENTS).or(view.keyword(index, &OUTCOMES)).is_some() {
            let message = Text::new(
                format!("`{word}` is missing before the events"),
                format!("перед событиями не хватает `{word}`"),
            );
            let insert =
                view.fix(Safety::Safe, write(word), [(place.start..place.start, format!("{word} "))]);
            return Some(
                view.unexpected(place, message)
                    .here(write(&format!("{word} {}", view.nth(index))))
                    .fix(insert),
            );
        }
        if let Some((count, form)) = view.meant(index, &[Keyword::For]) {
            let range = view.range(index, count);
            let message = unknown_word(view.text(range.clone()));
            return Some(view.unexpected(range.clone(), message).here(did_you_mean(form)).fix(view.fix(
                Safety::Unsafe,
                write(form),
                [(range, form.to_owned())],
            )));
        }
        let message = Text::new(
            format!("`{word}` and the events should be here"),
            format!("здесь должны быть `{word}` и события"),
        );
        return Some(view.unexpected(place, message).here(which));
    }
    let after = view.here.checked_sub(1).map_or(What::End, |index| view.what(index));
    let after_for = view.keyword(view.here - 1, &[Keyword::For]).is_some();
    let after_outcome = view.keyword(view.here - 1, &OUTCOMES).is_some();
    if after_for || after_outcome || after == What::Comma {
        return Some(event(view, which, after_outcome));
    }
    if matches!(view.what(view.here), What::Join(_))
        && view.keyword(view.here + 1, &EVENTS).or(view.keyword(view.here + 1, &OUTCOMES)).is_some()
    {
        let unit = view.this()?;
        let message =
            Text::new("several events are separated by commas", "несколько событий разделяют запятыми");
        let start = view.text(0..unit.range.start).trim_end().len();
        let fix = view.fix(Safety::Safe, write(","), [(start..unit.range.end, ",".to_owned())]);
        return Some(view.unexpected(unit.range.clone(), message).here(write(",")).fix(fix));
    }
    if view.line.statement == Statement::TaskHead {
        return when(view);
    }
    // Words after the events that are none: perhaps one event, misspelt in its second word.
    trailing(view)
}

/// What stands where an event is needed.
fn event(view: &View<'_>, which: Text, after_outcome: bool) -> Diagnostic {
    let known: Vec<Keyword> =
        if after_outcome { EVENTS.to_vec() } else { EVENTS.iter().chain(&OUTCOMES).copied().collect() };
    if view.what(view.here) == What::When {
        let comma = view.range(view.here - 1, 1);
        let message = Text::new(
            format!("no comma is needed before `{}`", view.nth(view.here)),
            format!("перед `{}` запятая не нужна", view.nth(view.here)),
        );
        let title = Text::new("remove it", "удалите её");
        let fix = view.fix(Safety::Safe, title, [(comma.clone(), String::new())]);
        return view.unexpected(comma, message).fix(fix);
    }
    if view.this().is_none() && view.line.statement == Statement::TableHead && !after_outcome && view.here > 4
    {
        return policy(view);
    }
    if view.this().is_none() {
        let last = view.units.last().map_or(view.end(), |unit| unit.range.clone());
        let message = Text::new(
            format!("events are missing after `{}`", view.text(last.clone())),
            format!("после `{}` не хватает событий", view.text(last.clone())),
        );
        return view.unexpected(last, message).here(which);
    }
    if let Some((count, form)) = view.meant(view.here, &known) {
        // A header wants the form that goes behind `для`, whichever form was nearest.
        let meant = known.iter().find(|keyword| keyword.entry().forms(view.line.lang).contains(&form));
        let form = meant.map_or(form, |keyword| view.spelling(*keyword));
        let range = view.range(view.here, count);
        let written = view.text(range.clone());
        let message =
            Text::new(format!("unknown events: `{written}`"), format!("неизвестные события: `{written}`"));
        return view.unexpected(range.clone(), message).here(did_you_mean(form)).fix(view.fix(
            Safety::Unsafe,
            write(form),
            [(range, form.to_owned())],
        ));
    }
    let hit = view.line.statement == Statement::TableHead && !after_outcome && view.here > 3;
    if hit {
        return policy(view);
    }
    let range = view.range(view.here, 1);
    let written = shorten(view.text(range.clone()));
    let message =
        Text::new(format!("unknown events: `{written}`"), format!("неизвестные события: `{written}`"));
    view.unexpected(range, message).here(which)
}

/// After the events of a task: `when` and a condition.
fn when(view: &View<'_>) -> Option<Diagnostic> {
    let when = view.spelling(Keyword::When);
    // After a `when`, the condition is explained like any other.
    if view.units.iter().any(|unit| unit.what == What::When) {
        return None;
    }
    if view.this().is_some_and(|unit| unit.what.starts_value() || unit.what == What::Not) {
        let at = view.range(view.here, 1);
        let message = Text::new(
            format!("`{when}` is missing before the condition"),
            format!("перед условием не хватает `{when}`"),
        );
        let fix = view.fix(Safety::Safe, write(when), [(at.start..at.start, format!("{when} "))]);
        return Some(
            view.unexpected(at.clone(), message).here(write(&format!("{when} {} …", view.text(at)))).fix(fix),
        );
    }
    None
}

/// Something after a header that is complete.
pub(super) fn trailing(view: &View<'_>) -> Option<Diagnostic> {
    let unit = view.this()?;
    let range = unit.range.start..view.end().end;
    let written = shorten(view.text(range.clone()));
    if view.line.statement == Statement::TableHead {
        if let Some((_, count)) = view.keyword(view.here, &HITS) {
            let place = view.range(view.here, count);
            let before = view.text(0..place.start).trim_end().len();
            let message = Text::new(
                format!("a comma is missing before `{}`", view.text(place.clone())),
                format!("перед `{}` не хватает запятой", view.text(place.clone())),
            );
            let fix = view.fix(Safety::Safe, write(","), [(before..before, ",".to_owned())]);
            return Some(view.unexpected(place, message).fix(fix));
        }
        if unit.what == What::Comma {
            return Some(policy(view));
        }
    }
    let message = Text::new(
        format!("the header is complete before `{written}`"),
        format!("`{written}` в заголовке лишнее"),
    );
    Some(view.unexpected(range, message).here(Text::new("remove it", "удалите")))
}

/// After the comma of a table's header: one of the hit policies.
fn policy(view: &View<'_>) -> Diagnostic {
    let index = if view.what(view.here) == What::Comma { view.here + 1 } else { view.here };
    let list = one_of(HITS.iter().map(|hit| view.spelling(*hit)));
    let range = view.range(index, view.units.len().saturating_sub(index).max(1));
    let written = shorten(view.text(range.clone()));
    if view.what(index) == What::End {
        let last = view.range(index.saturating_sub(1), 1);
        let message =
            Text::new(format!("{} is missing here", list.en), format!("здесь не хватает: {}", list.ru));
        return view.unexpected(last, message);
    }
    let message = Text::new(
        format!("a table has no option `{written}`"),
        format!("у таблицы нет свойства `{written}`"),
    );
    match view.meant(index, &HITS) {
        Some((_, form)) => view.unexpected(range.clone(), message).here(did_you_mean(form)).fix(view.fix(
            Safety::Unsafe,
            write(form),
            [(range, form.to_owned())],
        )),
        None => view
            .unexpected(range, message)
            .here(Text::new(format!("it can be {}", list.en), format!("может быть {}", list.ru))),
    }
}

/// A word that is not known here.
pub(super) fn unknown_word(written: &str) -> Text {
    Text::new(format!("unknown word: `{written}`"), format!("неизвестное слово: `{written}`"))
}
