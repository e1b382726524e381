//! What was counted, for people.

use std::io::{self, Write};

use switchboard_engine::bundle::Slot;
use switchboard_engine::compare::Kind;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::observe::mask_phone;
use switchboard_runtime::store::record::RulingKind;

use super::tally::{Example, Tallies, Tally};
use crate::style;

/// Groups that are shown; JSON has all of them.
const SHOWN: usize = 40;
/// How much of a text is shown.
const TEXT_CHARS: usize = 80;

/// How it is told.
pub(crate) struct Telling<'a> {
    pub(crate) lang: Lang,
    pub(crate) account: &'a str,
    /// The time that was walked, in words.
    pub(crate) days: String,
    /// Whether the candidate was compared with other rules and not with what was recorded.
    pub(crate) with_rules: bool,
    pub(crate) show_personal: bool,
    /// A task's header by its name.
    pub(crate) heads: &'a dyn Fn(&str) -> Option<String>,
}

/// Writes it: communications, then what the rules were asked beside the lanes, where there was anything.
///
/// # Errors
/// When the output cannot be written.
pub(crate) fn human(out: &mut dyn Write, tallies: &Tallies, telling: &Telling<'_>) -> io::Result<()> {
    let (lang, tally) = (telling.lang, &tallies.communications);
    let head = |en: &str, ru: &str, count: u64| {
        format!("{}: {}, {}: {count}", telling.account, telling.days, lang.pick(en, ru))
    };
    write_tally(out, &head("communications", "обращений", tally.count), tally, telling)?;
    for (kind, tally) in tallies.beside.iter().filter(|(_, tally)| tally.count > 0) {
        let (en, ru) = match kind {
            RulingKind::Forward => ("calls to be put through", "звонков на перевод"),
            RulingKind::PopUp => ("calls with a pop-up", "звонков с карточкой"),
            RulingKind::Deal => ("orders as deals", "заказов как сделок"),
        };
        writeln!(out)?;
        write_tally(out, &head(en, ru, tally.count), tally, telling)?;
    }
    write_notes(out, tallies, telling)
}

fn write_tally(out: &mut dyn Write, head: &str, tally: &Tally, telling: &Telling<'_>) -> io::Result<()> {
    let (lang, bold) = (telling.lang, style::NAME);
    writeln!(out, "{bold}{head}{bold:#}")?;
    if tally.count == 0 {
        let nothing = lang.pick("nothing was decided in that time", "за это время ничего не решалось");
        return writeln!(out, "  {nothing}");
    }
    let row = |out: &mut dyn Write, en: &str, ru: &str, count: u64| {
        let name = lang.pick(en, ru);
        writeln!(out, "  {name:<24}{count:>8}  {:>6}", percent(count, tally.count, lang))
    };
    row(out, "decided the same", "решено так же", tally.same)?;
    row(out, "decided otherwise", "решено иначе", tally.differ)?;
    if tally.lacking > 0 {
        row(out, "cannot be judged", "нельзя сказать", tally.lacking)?;
    }
    if tally.unreadable > 0 {
        row(out, "cannot be read", "не читается", tally.unreadable)?;
    }
    write_groups(out, tally, telling)?;
    write_days(out, tally, lang)?;
    write_lacking(out, tally, lang)
}

fn write_groups(out: &mut dyn Write, tally: &Tally, telling: &Telling<'_>) -> io::Result<()> {
    let lang = telling.lang;
    let (bold, quiet) = (style::NAME, style::QUIET);
    let groups = tally.by_size();
    for (group, counted) in groups.iter().take(SHOWN) {
        let words = group.words(lang, telling.heads);
        let of = lang.pick("of", "из");
        let share = percent(counted.count, tally.count, lang);
        writeln!(out, "\n{bold}{words}{bold:#}")?;
        writeln!(out, "  {} {of} {}, {share}", counted.count, tally.count)?;
        for example in counted.examples.iter().rev() {
            writeln!(out, "  {quiet}{}{quiet:#}", example_words(example, telling))?;
        }
    }
    let left = groups.len().saturating_sub(SHOWN);
    if left > 0 {
        let en = format!("{left} more kinds of change; `--format json` has all of them");
        let ru = format!("ещё видов изменений: {left}; в `--format json` есть все");
        writeln!(out, "\n{}", lang.pick(en, ru))?;
    }
    if tally.more > 0 {
        let en = format!("changes of still other kinds: {}", tally.more);
        let ru = format!("изменений прочих видов: {}", tally.more);
        writeln!(out, "\n{}", lang.pick(en, ru))?;
    }
    Ok(())
}

/// One example in a line: when, which, of what kind, whose, and what it was and is unless the group has said so.
fn example_words(example: &Example, telling: &Telling<'_>) -> String {
    let lang = telling.lang;
    let kind = match example.slot {
        Slot::IncomingCall => lang.pick("incoming call", "входящий звонок"),
        Slot::OutgoingCall => lang.pick("outgoing call", "исходящий звонок"),
        Slot::Chat => lang.pick("chat", "чат"),
        Slot::Request => lang.pick("request", "заявка"),
        Slot::Order => lang.pick("order", "заказ"),
    };
    let at = example.at.civil();
    let (date, time) = (at.date(), at.time());
    let number = example.session.split_once(':').map_or(example.session.as_str(), |(_, number)| number);
    let mut line = format!("{date} {:02}:{:02}  {kind} {number}", time.hour(), time.minute());
    if let Some(phone) = &example.phone {
        let phone = if telling.show_personal { phone.clone() } else { mask_phone(phone) };
        line.push_str(&format!("  {phone}"));
    }
    let (old, new) = sides(example, telling);
    let says_it_all = matches!(
        example.change.part.kind,
        Kind::Accepted
            | Kind::Client
            | Kind::Order
            | Kind::Responsible
            | Kind::Store
            | Kind::TaskAssign
            | Kind::ForwardTo
            | Kind::Deal
            | Kind::DealFunnel
            | Kind::DealStore
            | Kind::DealOutcome
    );
    if !says_it_all {
        line.push_str(&format!("  {old} → {new}"));
    }
    line
}

/// What it was and is, short and masked.
pub(super) fn sides(example: &Example, telling: &Telling<'_>) -> (String, String) {
    let names_an_employee =
        matches!(example.change.part.kind, Kind::Responsible | Kind::TaskAssign | Kind::ForwardTo);
    let side = |text: String| {
        let text =
            if telling.show_personal || names_an_employee { text } else { example.personal.mask(&text) };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match text.char_indices().nth(TEXT_CHARS) {
            None => text,
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        }
    };
    (side(example.change.old_words(telling.lang)), side(example.change.new_words(telling.lang)))
}

fn write_days(out: &mut dyn Write, tally: &Tally, lang: Lang) -> io::Result<()> {
    let days = || tally.days.iter().filter(|(_, day)| day.differ > 0);
    if tally.days.len() < 2 || days().next().is_none() {
        return Ok(());
    }
    let bold = style::NAME;
    let head = lang.pick("Days with differences", "Дни, в которые есть различия");
    writeln!(out, "\n{bold}{head}{bold:#}")?;
    let left = days().count().saturating_sub(SHOWN);
    for (date, day) in days().skip(left) {
        writeln!(out, "  {date}  {:>6} {} {}", day.differ, lang.pick("of", "из"), day.count)?;
    }
    Ok(())
}

fn write_lacking(out: &mut dyn Write, tally: &Tally, lang: Lang) -> io::Result<()> {
    if tally.lacks.is_empty() {
        return Ok(());
    }
    let bold = style::NAME;
    let head = lang.pick(
        "Cannot be judged: nobody asked for this then, and it is not asked for now",
        "Нельзя сказать: этого тогда не спрашивали, и сейчас не спрашивается",
    );
    writeln!(out, "\n{bold}{head}{bold:#}")?;
    for (lacking, count) in &tally.lacks {
        let name = lang.pick(lacking.en, lacking.ru);
        writeln!(out, "  {name:<24}{count:>8}")?;
    }
    let hint = lang.pick(
        "The server keeps it once the rules in force need it; what is decided from then on can be compared.",
        "Сервер сохраняет это, когда оно нужно правилам в силе; решённое с того времени можно будет сравнить.",
    );
    writeln!(out, "  {hint}")
}

fn write_notes(out: &mut dyn Write, tallies: &Tallies, telling: &Telling<'_>) -> io::Result<()> {
    let (lang, all) = (telling.lang, tallies.whole());
    let mut notes = Vec::new();
    let (again, tried) = (all.again, all.again + all.not_again);
    if all.not_again > 0 {
        notes.push(lang.pick(
            format!("the rules that decided give the same again for {again} of {tried} of their own; the others depend on what was not kept"),
            format!("правила, которые решали, повторяют {again} из {tried} своих решений; остальные зависят от того, что не сохранено"),
        ));
    } else if tried > 0 {
        notes.push(lang.pick(
            format!("checked: the rules that decided give the same again, {again} of {tried}"),
            format!("проверено: правила, которые решали, повторяют свои решения, {again} из {tried}"),
        ));
    }
    if all.told_otherwise > 0 {
        notes.push(lang.pick(
            format!(
                "of these, told otherwise in the trace, or with what was not kept then: {}",
                all.told_otherwise
            ),
            format!(
                "из них объяснены иначе или опираются на то, что тогда не сохранялось: {}",
                all.told_otherwise
            ),
        ));
    }
    if all.others > 0 && !telling.with_rules {
        notes.push(lang.pick(
            format!("recorded under other rules than those in force: {}; the candidate is compared with what was decided then", all.others),
            format!("решено по другим правилам, не тем, что в силе: {}; сравнивается с тем, что было решено тогда", all.others),
        ));
    }
    if all.old > 0 {
        notes.push(lang.pick(
            format!("older records, without the time zone of the CRM and what was asked for: {}", all.old),
            format!("старых записей, без часового пояса CRM и того, что спрашивалось: {}", all.old),
        ));
    }
    if let Some(reason) = all.reason {
        notes.push(lang.pick(&reason.en, &reason.ru).to_owned());
    }
    if !notes.is_empty() {
        writeln!(out)?;
    }
    for note in notes {
        writeln!(out, "{} {note}", lang.pick("note:", "примечание:"))?;
    }
    Ok(())
}

/// A share in percent, with one digit where it would be lost otherwise.
pub(crate) fn percent(part: u64, whole: u64, lang: Lang) -> String {
    let tenths = (part * 1_000 + whole / 2).checked_div(whole).unwrap_or_default();
    let (full, tenth) = (tenths / 10, tenths % 10);
    match (full, tenth, part) {
        (0, 0, 1..) => lang.pick("< 0.1 %", "< 0,1 %").to_owned(),
        (_, 0, _) => format!("{full} %"),
        _ => format!("{full}{}{tenth} %", lang.pick('.', ',')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_short_and_never_hide_something() {
        let shown = |part, whole| percent(part, whole, Lang::En);
        assert_eq!(shown(0, 10), "0 %");
        assert_eq!(shown(42, 1_310), "3.2 %");
        assert_eq!(shown(1, 1_000_000), "< 0.1 %");
        assert_eq!(shown(10, 10), "100 %");
        assert_eq!(percent(1, 3, Lang::Ru), "33,3 %");
        assert_eq!(shown(0, 0), "0 %");
    }
}
