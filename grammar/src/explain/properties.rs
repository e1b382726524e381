//! Lines of the form `name: value`: settings, tasks, transfers.

use super::heads::quoted;
use super::missing::shorten;
use super::units::What;
use super::view::{View, did_you_mean, one_of, such_as, write};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::keywords::Keyword;
use crate::sections::first_word;
use crate::statement::Statement;

const TASK: [Keyword; 5] = [Keyword::Title, Keyword::Assign, Keyword::Due, Keyword::Note, Keyword::Cancel];

const TRANSFER: [Keyword; 6] =
    [Keyword::OnlyWhen, Keyword::Funnel, Keyword::Amount, Keyword::Pass, Keyword::Won, Keyword::Lost];

/// A line of settings, of a task or of a transfer.
pub(super) fn property(view: &View<'_>) -> Option<Diagnostic> {
    let known: &[Keyword] = match view.line.statement {
        Statement::TaskLine => &TASK,
        Statement::TransferLine => &TRANSFER,
        _ => &[],
    };
    if view.line.statement == Statement::SettingsLine {
        if view.what(0) != What::Word || view.nth(0).contains('.') {
            return Some(setting_name(view));
        }
        return several_words(view).or_else(|| colon(view, 1)).or_else(|| several(view));
    }
    if let Some(wordy) = without_colon(view) {
        return Some(wordy);
    }
    match view.keyword(0, known) {
        None => Some(unknown(view, known)),
        Some((Keyword::Cancel | Keyword::OnlyWhen, _)) => None,
        Some((Keyword::Note, count)) if view.keyword(count + 1, &[Keyword::Template]).is_some() => {
            let example = view.example("note: template \"missed.j2\"", "заметка: шаблон \"missed.j2\"");
            quoted(view, count + 2, ("the name of a file", "имя файла"), example)
        }
        Some((keyword, count)) => colon(view, count)
            .or_else(|| if keyword == Keyword::Due { due(view) } else { None })
            .or_else(|| if keyword == Keyword::Pass { None } else { several(view) }),
    }
}

/// A setting must start with its name.
fn setting_name(view: &View<'_>) -> Diagnostic {
    let range = view.range(0, 1);
    let written = shorten(view.text(range.clone()));
    let message = Text::new(
        format!("a line of settings starts with the name of a setting, not with `{written}`"),
        format!("строка настроек начинается с имени настройки, а не с `{written}`"),
    );
    view.unexpected(range, message)
        .here(such_as(view.example("always_show_number: yes", "всегда_показывать_номер: да")))
}

/// A name of several words before the colon.
fn several_words(view: &View<'_>) -> Option<Diagnostic> {
    let colon = view.units.iter().position(|unit| unit.what == What::Colon).filter(|colon| *colon > 1)?;
    let range = view.range(0, colon);
    let written = view.text(range.clone());
    if !(0..colon).all(|index| view.what(index) == What::Word) || written.contains('.') {
        return None;
    }
    let joined = written.split_whitespace().collect::<Vec<_>>().join("_");
    let message = Text::new("the name of a setting is one word", "имя настройки – одно слово");
    let fix = view.fix(Safety::Unsafe, write(&joined), [(range.clone(), joined.clone())]);
    Some(view.unexpected(range, message).here(write(&joined)).fix(fix))
}

/// The lines without a colon: `cancel when reached`, `only when …`.
fn without_colon(view: &View<'_>) -> Option<Diagnostic> {
    let (keyword, first) = match view.line.statement {
        Statement::TaskLine => (Keyword::Cancel, ["cancel", "отменять", "отменить"].as_slice()),
        Statement::TransferLine => (Keyword::OnlyWhen, ["only", "только"].as_slice()),
        _ => return None,
    };
    let word = view.nth(0).to_lowercase();
    if !first.contains(&word.as_str()) || view.keyword(0, &[keyword]).is_some() {
        return None;
    }
    let whole = view.spelling(keyword);
    let range = if keyword == Keyword::Cancel { 0..view.end().end } else { view.range(0, 1) };
    let message =
        Text::new(format!("this line is written `{whole}`"), format!("эта строка пишется так: `{whole}`"));
    Some(view.unexpected(range.clone(), message).here(write(whole)).fix(view.fix(
        Safety::Unsafe,
        write(whole),
        [(range, whole.to_owned())],
    )))
}

/// A line that starts with no known property.
fn unknown(view: &View<'_>, known: &[Keyword]) -> Diagnostic {
    let range = view.range(0, 1);
    let written = shorten(view.text(range.clone()));
    let section = view.line.statement == Statement::TaskLine;
    let message = match section {
        true => {
            Text::new(format!("a task has no line `{written}`"), format!("в задаче нет строки `{written}`"))
        }
        false => Text::new(
            format!("a transfer of orders has no line `{written}`"),
            format!("в передаче заказов нет строки `{written}`"),
        ),
    };
    if let Some((count, form)) = view.meant(0, known) {
        let range = view.range(0, count);
        return view.unexpected(range.clone(), message).here(did_you_mean(form)).fix(view.fix(
            Safety::Unsafe,
            write(form),
            [(range, form.to_owned())],
        ));
    }
    let list = one_of(known.iter().map(|keyword| view.spelling(*keyword)));
    view.unexpected(range, message)
        .here(Text::new(format!("it can have {}", list.en), format!("в ней бывают {}", list.ru)))
}

/// The colon after the name, at unit `index`.
pub(super) fn colon(view: &View<'_>, index: usize) -> Option<Diagnostic> {
    if view.here > index {
        return None;
    }
    let name = view.text(view.range(0, index));
    match view.units.get(index) {
        Some(unit) if unit.what == What::Colon => None,
        Some(unit) if matches!(view.written(unit), "=" | ":=" | "==" | "->" | "=>" | "-") => {
            let message = Text::new(
                format!("`{name}` is followed by `:`, not by `{}`", view.written(unit)),
                format!("после `{name}` ставится `:`, а не `{}`", view.written(unit)),
            );
            let left = view.range(0, index).end;
            let fix = view.fix(Safety::Safe, write(":"), [(left..unit.range.end, ":".to_owned())]);
            Some(view.unexpected(unit.range.clone(), message).here(write(":")).fix(fix))
        }
        Some(unit) if unit.what.starts_value() || unit.what == What::When => {
            let end = view.range(0, index).end;
            let message =
                Text::new(format!("`:` is missing after `{name}`"), format!("после `{name}` не хватает `:`"));
            let shown = format!("{name}: {}", shorten(view.text(unit.range.start..view.end().end)));
            let fix = view.fix(Safety::Safe, write(":"), [(end..end, ":".to_owned())]);
            Some(view.unexpected(0..end, message).here(write(&shown)).fix(fix))
        }
        Some(unit) => {
            let message = Text::new(
                format!("`:` and a value should follow `{name}`"),
                format!("после `{name}` должно быть `:` и значение"),
            );
            Some(view.unexpected(unit.range.clone(), message))
        }
        None => {
            let message = Text::new(
                format!("`{name}` has no value: `:` and a value are missing"),
                format!("у `{name}` нет значения: не хватает `:` и значения"),
            );
            Some(view.unexpected(view.range(0, index), message))
        }
    }
    .or_else(|| nothing_after_colon(view, index))
}

/// `name:` with nothing after it.
fn nothing_after_colon(view: &View<'_>, index: usize) -> Option<Diagnostic> {
    view.units.get(index).filter(|unit| unit.what == What::Colon)?;
    let name = view.text(view.range(0, index));
    (view.here == index + 1 && view.this().is_none()).then(|| {
        let message = Text::new(
            format!("a value is missing after `{name}:`"),
            format!("после `{name}:` должно быть значение"),
        );
        view.unexpected(view.range(0, index + 1), message)
    })
}

/// Several values where one is needed.
fn several(view: &View<'_>) -> Option<Diagnostic> {
    let empty = view
        .units
        .iter()
        .position(|unit| unit.what == What::Colon)
        .and_then(|index| nothing_after_colon(view, index));
    if empty.is_some() {
        return empty;
    }
    let comma = view.this().filter(|unit| unit.what == What::Comma)?;
    let before = view.before()?;
    // `0,5` is explained elsewhere.
    let touching = view.after().is_some_and(|after| after.range.start == comma.range.end);
    if touching && before.what == What::Number {
        return None;
    }
    let depth = view.units.iter().take(view.here).fold(0_i32, |depth, unit| match unit.what {
        What::Open => depth + 1,
        What::Close => depth - 1,
        _ => depth,
    });
    if depth > 0 || !view.after().is_some_and(|after| after.what.starts_value()) {
        return None;
    }
    let name = first_word(view.line.code);
    let message =
        Text::new(format!("`{name}` takes one value"), format!("у `{name}` может быть только одно значение"));
    let otherwise = view.spelling(Keyword::Else);
    let label = Text::new(
        format!("if the second is for when the first is missing, write `{otherwise}`"),
        format!("если второе – на случай, когда первого нет, напишите `{otherwise}`"),
    );
    Some(view.unexpected(comma.range.start..view.end().end, message).here(label))
}

/// `due:` with a duration that nothing follows, or with words around it.
fn due(view: &View<'_>) -> Option<Diagnostic> {
    let example = view.example("due: 2 hours after finished", "срок: 2 часа после завершён");
    let after = view.spelling(Keyword::After);
    let colon = view.units.iter().position(|unit| unit.what == What::Colon)?;
    let lead = view.nth(colon + 1).to_lowercase();
    if matches!(lead.as_str(), "in" | "через" | "within" | "в") && view.here <= colon + 2 {
        let range = view.range(colon + 1, 1);
        let message = Text::new(
            "a due time must say what it is counted from",
            "в сроке нужно сказать, от чего он отсчитывается",
        );
        return Some(view.unexpected(range, message).here(such_as(example)));
    }
    let before = view.before().filter(|_| view.here > colon)?;
    if view.this().is_none() && view.keyword(view.here - 1, &[Keyword::After]).is_some() {
        let word = view.written(before);
        let message = Text::new(
            format!("a moment is missing after `{word}`"),
            format!("после `{word}` должен быть момент"),
        );
        return Some(view.unexpected(before.range.clone(), message).here(such_as(example)));
    }
    if view.this().is_none() && view.keyword(view.here - 1, &[Keyword::By]).is_some() {
        let word = view.written(before);
        let message = Text::new(
            format!("the name of a schedule is missing after `{word}`"),
            format!("после `{word}` должно быть имя расписания"),
        );
        return Some(view.unexpected(before.range.clone(), message));
    }
    let duration = before.what == What::Number
        || view
            .keyword(
                view.here - 1,
                &[Keyword::Second, Keyword::Minute, Keyword::Hour, Keyword::DayUnit, Keyword::Week],
            )
            .is_some();
    if !duration {
        return None;
    }
    let range = view.range(colon + 1, view.here - colon - 1);
    let written = view.text(range.clone());
    match view.this() {
        None => {
            let message = Text::new(
                format!("`{after}` and a moment are missing after `{written}`"),
                format!("после `{written}` не хватает `{after}` и момента"),
            );
            Some(view.unexpected(range, message).here(such_as(example)))
        }
        Some(unit) if view.meant(view.here, &[Keyword::After]).is_some() => {
            let range = unit.range.clone();
            let written = view.written(unit);
            let message =
                Text::new(format!("unknown word: `{written}`"), format!("неизвестное слово: `{written}`"));
            let fix = view.fix(Safety::Unsafe, write(after), [(range.clone(), after.to_owned())]);
            Some(view.unexpected(range, message).here(did_you_mean(after)).fix(fix))
        }
        Some(_) => None,
    }
}
