//! Lines of schedules.

use super::missing::shorten;
use super::units::What;
use super::view::{View, did_you_mean, such_as, write};
use crate::diagnostic::{Diagnostic, Safety, Text};
use crate::keywords::Keyword;

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
