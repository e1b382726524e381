//! `rules shadow`: what the shadow rules of a server decide otherwise, as it has counted.
//!
//! Reads the store beside a running server, like `rules backtest`, and says it in the same words. Nothing is decided
//! here: the counts are the server's, and examples are numbers of communications.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use switchboard_grammar::lang::Lang;
use switchboard_runtime::store::History;
use switchboard_runtime::store::record::{AccountId, ShadowClass, ShadowCounts, ShadowGroup, ShadowRun};

use crate::backtest::{Place, When, percent, unreadable};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::style;

/// Letters of a digest that are shown, as in the console.
const DIGEST: usize = 12;

/// Arguments of `rules shadow`.
#[derive(Debug, clap::Args)]
pub(crate) struct ShadowArgs {
    /// The file of settings of the server
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
    /// Whose shadow rules, when the settings have several accounts
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// Counts from that day on: so long ago (30d, 12h), a day or a moment
    #[arg(long, value_name = "WHEN", default_value = "30d", value_parser = When::parse)]
    since: When,
    /// Kinds of change that are shown
    #[arg(long, value_name = "N", default_value_t = 40)]
    groups: usize,
    /// Examples of each kind of change
    #[arg(long, value_name = "N", default_value_t = 3)]
    examples: usize,
    /// End with exit code 1 unless all of it is decided the same
    #[arg(long)]
    fail_on_change: bool,
    /// How it is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Shadow rules beside rules in force, with what was counted from the day on.
struct Tried {
    run: ShadowRun,
    counts: ShadowCounts,
    groups: Vec<ShadowGroup>,
}

/// How it is told.
struct Telling<'a> {
    lang: Lang,
    account: &'a str,
    zone: &'a TimeZone,
    since: Date,
    groups: usize,
    examples: usize,
}

/// Tells what was counted.
///
/// # Errors
/// When the settings or what the server keeps cannot be read.
pub(crate) fn run(args: &ShadowArgs, output: &mut Output) -> Result<Exit, Failure> {
    let place = Place::of(&args.config, args.account.as_deref())?;
    let history = History::open(&place.data).map_err(|error| unreadable(&error))?;
    let since = args.since.moment(Timestamp::now(), &place.zone, false);
    let since = since.to_zoned_datetime(place.zone.clone()).date();
    let account = AccountId::from(place.account.as_str());
    let runs = history.shadows(&account).map_err(|error| unreadable(&error))?;
    let mut all = Vec::with_capacity(runs.len());
    for run in runs {
        let mut counts = ShadowCounts::default();
        run.days.iter().filter(|(day, _)| *day >= since).for_each(|(_, of_day)| counts += *of_day);
        if counts == ShadowCounts::default() {
            continue;
        }
        let groups = history.shadow_groups(&run.pair, since).map_err(|error| unreadable(&error))?;
        all.push(Tried { run, counts, groups });
    }
    let telling = Telling {
        lang: output.lang(),
        account: &place.account,
        zone: &place.zone,
        since,
        groups: args.groups,
        examples: args.examples,
    };
    match args.format {
        Format::Human => human(output.out(), &all, &telling)?,
        Format::Json => {
            let text = serde_json::to_string_pretty(&as_json(&all, &telling)).unwrap_or_default();
            writeln!(output.out(), "{text}")?;
        }
    }
    let is_changed = all.first().is_some_and(|tried| tried.counts.same != whole(tried.counts));
    Ok(Exit::findings(args.fail_on_change && is_changed))
}

/// All decisions that shadow rules were to be asked about.
const fn whole(counts: ShadowCounts) -> u64 {
    counts.same + counts.differ + counts.unjudged + counts.failed + counts.dropped
}

fn human(out: &mut dyn Write, all: &[Tried], telling: &Telling<'_>) -> Result<(), Failure> {
    let lang = telling.lang;
    let Some((last, earlier)) = all.split_first() else {
        let since = telling.since;
        let said = lang.pick(
            format!("{}: since {since} nothing was compared with shadow rules", telling.account),
            format!("{}: с {since} с теневыми правилами ничего не сравнивалось", telling.account),
        );
        return Ok(writeln!(out, "{said}")?);
    };
    write_tried(out, last, telling)?;
    for (class, en, ru) in [
        (ShadowClass::Differs, "", ""),
        (
            ShadowClass::Unjudged,
            "Cannot be judged: nobody asked for this",
            "Нельзя сказать: этого никто не спрашивал",
        ),
        (
            ShadowClass::Failed,
            "Failed: the shadow rules came to no decision",
            "Сбой: теневые правила не пришли к решению",
        ),
    ] {
        write_groups(out, last, class, lang.pick(en, ru), telling)?;
    }
    write_days(out, last, telling)?;
    if !earlier.is_empty() {
        let bold = style::NAME;
        writeln!(out, "\n{bold}{}{bold:#}", lang.pick("Earlier versions", "Прежние версии"))?;
    }
    for tried in earlier {
        let ShadowCounts { differ, .. } = tried.counts;
        let (compared, of) = (tried.counts.compared(), lang.pick("of", "из"));
        let otherwise = lang.pick("otherwise", "иначе");
        writeln!(out, "  {}  {otherwise} {differ} {of} {compared}", rules(&tried.run, lang))?;
    }
    Ok(())
}

fn write_tried(out: &mut dyn Write, tried: &Tried, telling: &Telling<'_>) -> Result<(), Failure> {
    let (lang, bold, counts) = (telling.lang, style::NAME, tried.counts);
    let head = lang.pick(
        format!("{}: since {}, shadow rules {}", telling.account, telling.since, rules(&tried.run, lang)),
        format!("{}: с {}, теневые правила {}", telling.account, telling.since, rules(&tried.run, lang)),
    );
    writeln!(out, "{bold}{head}{bold:#}")?;
    let all = whole(counts);
    for (en, ru, count, is_always) in [
        ("decided the same", "решено так же", counts.same, true),
        ("decided otherwise", "решено иначе", counts.differ, true),
        ("cannot be judged", "нельзя сказать", counts.unjudged, false),
        ("failed", "сбой", counts.failed, false),
        ("not compared", "не сравнивалось", counts.dropped, false),
    ] {
        if is_always || count > 0 {
            writeln!(out, "  {:<24}{count:>8}  {:>6}", lang.pick(en, ru), percent(count, all, lang))?;
        }
    }
    Ok(())
}

fn write_groups(
    out: &mut dyn Write,
    tried: &Tried,
    class: ShadowClass,
    head: &str,
    telling: &Telling<'_>,
) -> Result<(), Failure> {
    let (lang, bold, quiet) = (telling.lang, style::NAME, style::QUIET);
    let groups: Vec<&ShadowGroup> = tried.groups.iter().filter(|group| group.key.class == class).collect();
    if !groups.is_empty() && !head.is_empty() {
        writeln!(out, "\n{bold}{head}{bold:#}")?;
    }
    let (all, of) = (whole(tried.counts), lang.pick("of", "из"));
    for group in groups.iter().take(telling.groups) {
        let words = lang.pick(&group.en, &group.ru);
        writeln!(out, "\n{bold}{words}{bold:#}")?;
        writeln!(out, "  {} {of} {all}, {}", group.count, percent(group.count, all, lang))?;
        for (session, at) in group.examples.iter().take(telling.examples) {
            let at = at.to_zoned_datetime(telling.zone.clone());
            let (date, time) = (at.date(), at.time());
            let (kind, number) = session.as_str().split_once(':').unwrap_or(("", session.as_str()));
            let kind = match kind {
                "call" => lang.pick("call", "звонок"),
                "chat" => lang.pick("chat", "чат"),
                "request" => lang.pick("request", "заявка"),
                other => other,
            };
            let line = format!("{date} {:02}:{:02}  {kind} {number}", time.hour(), time.minute());
            writeln!(out, "  {quiet}{line}{quiet:#}")?;
        }
    }
    let left = groups.len().saturating_sub(telling.groups);
    if left > 0 {
        let en = format!("more kinds of change: {left}; `--groups` and `--format json` show them");
        let ru = format!("ещё видов изменений: {left}; их покажут `--groups` и `--format json`");
        writeln!(out, "\n{}", lang.pick(en, ru))?;
    }
    Ok(())
}

fn write_days(out: &mut dyn Write, tried: &Tried, telling: &Telling<'_>) -> Result<(), Failure> {
    let (lang, bold) = (telling.lang, style::NAME);
    let days = tried.run.days.iter().rev().filter(|(day, _)| *day >= telling.since);
    let days: Vec<_> = days.filter(|(_, counts)| counts.differ > 0).collect();
    if days.is_empty() {
        return Ok(());
    }
    let head = lang.pick("Days with differences", "Дни, в которые есть различия");
    writeln!(out, "\n{bold}{head}{bold:#}")?;
    for (day, counts) in days {
        let (compared, of) = (counts.compared(), lang.pick("of", "из"));
        writeln!(out, "  {day}  {:>6} {of} {compared}", counts.differ)?;
    }
    Ok(())
}

/// Which rules beside which.
fn rules(run: &ShadowRun, lang: Lang) -> String {
    let short = |digest: &str| digest.chars().take(DIGEST).collect::<String>();
    let (candidate, in_force) = (short(&run.pair.candidate), short(&run.pair.in_force));
    lang.pick(format!("{candidate} beside {in_force}"), format!("{candidate} рядом с {in_force}"))
}

fn as_json(all: &[Tried], telling: &Telling<'_>) -> Value {
    let group = |group: &ShadowGroup| {
        let examples = group.examples.iter().take(telling.examples);
        let examples = examples.map(|(session, at)| json!({ "communication": session.as_str(), "at": at }));
        json!({
            "class": group.key.class.as_str(),
            "key": group.key.key,
            "words": { "en": group.en, "ru": group.ru },
            "count": group.count,
            "examples": examples.collect::<Vec<_>>(),
        })
    };
    let run = |tried: &Tried| {
        let days = tried.run.days.iter().filter(|(day, _)| *day >= telling.since);
        let days = days.map(|(day, counts)| json!({ "day": day, "counts": counts }));
        json!({
            "candidate": tried.run.pair.candidate,
            "in_force": tried.run.pair.in_force,
            "counts": tried.counts,
            "groups": tried.groups.iter().map(group).collect::<Vec<_>>(),
            "days": days.collect::<Vec<_>>(),
        })
    };
    json!({
        "account": telling.account,
        "since": telling.since,
        "runs": all.iter().map(run).collect::<Vec<_>>(),
    })
}
