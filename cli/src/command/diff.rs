//! `rules diff`: what two bundles decide differently.
//!
//! Takes two folders or files; proves for every kind of event and every part of the decision where it changes, and shows
//! an event for each region. "Nothing changes" is a proof, too; what takes too long is told as undecided.

use std::io::Write;
use std::path::PathBuf;
#[cfg(feature = "serve")]
use std::sync::Arc;

use clap::ValueEnum;
use serde_json::{Value, json};
#[cfg(feature = "serve")]
use switchboard_engine::bundle::Bundle;
use switchboard_engine::prove::{Change, Comparison, Open, ProofLimits, Side, compare};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

#[cfg(feature = "serve")]
use crate::backtest::{Happened, Joined, Progress, TrafficArgs, join};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::loaded::load;
use crate::output::Output;

/// Arguments of `rules diff`.
#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// The old folder of rules, or a single file
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The new folder of rules, or a single file
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// End with exit code 1 unless it is proved that nothing changes
    #[arg(long)]
    fail_on_change: bool,
    /// Regions that are shown of each part of the decision
    #[arg(long, value_name = "N", default_value_t = ProofLimits::default().regions)]
    regions: usize,
    /// Steps that the proof may take, in millions
    #[arg(long, value_name = "N", default_value_t = 400)]
    steps: u64,
    /// How the differences are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    format: Format,
    /// Say how often each difference happened, from what the server of these settings has recorded
    #[cfg(feature = "serve")]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[cfg(feature = "serve")]
    #[command(flatten)]
    traffic: TrafficArgs,
}

/// What traffic says; nothing when nobody asked, or the program has no server in it.
#[cfg(feature = "serve")]
type Traffic = Joined;
#[cfg(not(feature = "serve"))]
type Traffic = std::convert::Infallible;

/// How differences are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

/// Compares two bundles.
///
/// # Errors
/// When one of them cannot be read.
pub(crate) fn run(args: &DiffArgs, output: &mut Output) -> Result<Exit, Failure> {
    let Some(old) = load(&args.old, output)? else { return Ok(Exit::Findings) };
    let Some(new) = load(&args.new, output)? else { return Ok(Exit::Findings) };
    let lang = output.wish().for_file(new.lang);
    let diff_steps = args.steps.saturating_mul(1_000_000);
    let limits = ProofLimits { regions: args.regions, diff_steps, ..ProofLimits::default() };
    let comparison = compare(&old.bundle, &new.bundle, &limits);
    #[cfg(feature = "serve")]
    let traffic = traffic(args, (&old.bundle, &new.bundle), &comparison, lang)?;
    #[cfg(not(feature = "serve"))]
    let traffic: Option<Traffic> = None;
    match args.format {
        Format::Json => {
            writeln!(
                output.out(),
                "{}",
                serde_json::to_string_pretty(&as_json(&comparison, traffic.as_ref())).unwrap_or_default()
            )?;
        }
        Format::Human => human(output.out(), &comparison, traffic.as_ref(), lang)?,
    }
    Ok(Exit::findings(args.fail_on_change && !comparison.is_equal()))
}

/// Looks for the differences in recorded traffic, when settings are given.
#[cfg(feature = "serve")]
fn traffic(
    args: &DiffArgs,
    bundles: (&Arc<Bundle>, &Arc<Bundle>),
    comparison: &Comparison,
    lang: Lang,
) -> Result<Option<Joined>, Failure> {
    let Some(config) = &args.config else { return Ok(None) };
    let traffic = crate::backtest::Traffic::open(config, &args.traffic)?;
    let progress = Progress::new(traffic.count, lang);
    let joined = join(&traffic, bundles, &comparison.changes, |done| progress.show(done));
    progress.finish();
    joined.map(Some)
}

/// Each change with what traffic says about it, those of one part beside one another, the most frequent first.
fn ordered<'c>(comparison: &'c Comparison, traffic: Option<&'c Traffic>) -> Vec<(&'c Change, Option<Often>)> {
    let often = |at: usize| traffic.and_then(|traffic| often(traffic, at));
    let all: Vec<_> = comparison.changes.iter().enumerate().map(|(at, change)| (change, often(at))).collect();
    let parts = all.chunk_by(|(one, _), (other, _)| one.slot == other.slot && one.part == other.part);
    let sorted = parts.flat_map(|part| {
        let mut part = part.to_vec();
        part.sort_by_key(|(_, often)| std::cmp::Reverse(often.as_ref().map(|often| often.count)));
        part
    });
    sorted.collect()
}

/// How often a change happened.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Often {
    count: u64,
    since: String,
    /// The last time, for people and for programs.
    last: Option<(String, String)>,
}

#[cfg(feature = "serve")]
fn often(traffic: &Traffic, at: usize) -> Option<Often> {
    let Happened { count, last } = (*traffic.regions.get(at)?)?;
    let last = last.map(|last| {
        let (date, time) = (last.civil().date(), last.civil().time());
        (format!("{date} {:02}:{:02}", time.hour(), time.minute()), last.to_string())
    });
    Some(Often { count, since: traffic.since.clone(), last })
}

#[cfg(not(feature = "serve"))]
fn often(traffic: &Traffic, _: usize) -> Option<Often> {
    match *traffic {}
}

/// How much traffic was looked at: communications, and those of which nobody can say.
#[cfg(feature = "serve")]
fn looked_at(traffic: &Traffic) -> (u64, u64) {
    (traffic.count, traffic.unjudged)
}

#[cfg(not(feature = "serve"))]
fn looked_at(traffic: &Traffic) -> (u64, u64) {
    match *traffic {}
}

fn human(
    out: &mut dyn Write,
    comparison: &Comparison,
    traffic: Option<&Traffic>,
    lang: Lang,
) -> std::io::Result<()> {
    if comparison.is_equal() {
        return writeln!(
            out,
            "{}",
            lang.pick("proved: no event is decided otherwise", "доказано: ни одно событие не решается иначе")
        );
    }
    let mut slot = None;
    let mut part: Option<&Text> = None;
    for (change, often) in ordered(comparison, traffic) {
        if slot != Some(change.slot) {
            if slot.is_some() {
                writeln!(out)?;
            }
            let (en, ru) = (change.slot.en(), change.slot.ru());
            writeln!(out, "{}", lang.pick(format!("for {en}"), format!("для {ru}")))?;
            (slot, part) = (Some(change.slot), None);
        }
        if part != Some(&change.part) {
            writeln!(out, "  {}", change.part.get(lang))?;
            part = Some(&change.part);
        }
        write_change(out, change, lang)?;
        if let Some(often) = often {
            writeln!(out, "      {}", often.words(lang))?;
        }
    }
    if comparison.more {
        writeln!(out, "\n{}", lang.pick("there are more; see --regions", "есть и другие; см. --regions"))?;
    }
    if !comparison.undecided.is_empty() {
        if slot.is_some() {
            writeln!(out)?;
        }
        writeln!(out, "{}", lang.pick("undecided", "не доказано"))?;
        for open in &comparison.undecided {
            write_open(out, open, lang)?;
        }
    }
    let Some((count, unjudged)) = traffic.map(looked_at) else { return Ok(()) };
    let said = lang.pick("communications looked at", "просмотрено обращений");
    writeln!(out, "\n{said}: {count}")?;
    if unjudged > 0 {
        let said = lang.pick(
            "of which nobody can say, because something was not asked then",
            "из них нельзя сказать, потому что чего-то тогда не спрашивали",
        );
        writeln!(out, "  {said}: {unjudged}")?;
    }
    Ok(())
}

impl Often {
    fn words(&self, lang: Lang) -> String {
        let since = &self.since;
        match (&self.last, self.count) {
            (Some((last, _)), 1..) => {
                let count = self.count;
                let en = format!("happened: {count} (since {since}, last on {last})");
                let ru = format!("случалось: {count} (с {since}, последний раз {last})");
                lang.pick(en, ru)
            }
            _ => {
                let en = format!("possible, not seen since {since}");
                let ru = format!("возможно, но с {since} не случалось");
                lang.pick(en, ru)
            }
        }
    }

    fn as_json(&self) -> Value {
        json!({ "count": self.count, "last": self.last.as_ref().map(|(_, last)| last) })
    }
}

fn write_change(out: &mut dyn Write, change: &Change, lang: Lang) -> std::io::Result<()> {
    let side = |side: &Side| match &side.place {
        Some((file, line)) => format!("{} ({file}:{line})", side.outcome.get(lang)),
        None => side.outcome.get(lang).to_owned(),
    };
    writeln!(out, "    {}", change.region.get(lang))?;
    writeln!(out, "      {} {}", lang.pick("was:", "было: "), side(&change.old))?;
    writeln!(out, "      {} {}", lang.pick("is: ", "стало:"), side(&change.new))?;
    if let Some(example) = &change.example {
        writeln!(out, "      {} {}", lang.pick("for example:", "например:"), example.words.get(lang))?;
    }
    Ok(())
}

fn write_open(out: &mut dyn Write, open: &Open, lang: Lang) -> std::io::Result<()> {
    let slot = lang.pick(format!("for {}", open.slot.en()), format!("для {}", open.slot.ru()));
    match &open.part {
        Some(part) => writeln!(out, "  {slot}, {}: {}", part.get(lang), open.why.get(lang)),
        None => writeln!(out, "  {slot}: {}", open.why.get(lang)),
    }
}

fn as_json(comparison: &Comparison, traffic: Option<&Traffic>) -> Value {
    let text = |text: &Text| json!({ "en": text.en, "ru": text.ru });
    let side = |side: &Side| {
        let place = side.place.as_ref().map(|(file, line)| json!({ "file": file, "line": line }));
        json!({ "outcome": text(&side.outcome), "place": place })
    };
    let change = |(change, often): (&Change, Option<Often>)| {
        let example = change.example.as_ref();
        let mut told = json!({
            "events": change.slot.en(),
            "part": text(&change.part),
            "region": text(&change.region),
            "old": side(&change.old),
            "new": side(&change.new),
            "event": example.map(|example| example.event.to_json()),
            "facts": example.map(|example| example.facts.to_json()),
        });
        if let (Some(_), Some(object)) = (traffic, told.as_object_mut()) {
            object.insert("seen".to_owned(), often.map_or(Value::Null, |often| often.as_json()));
        }
        told
    };
    let open = |open: &Open| json!({ "events": open.slot.en(), "part": open.part.as_ref().map(text), "why": text(&open.why) });
    let mut told = json!({
        "equal": comparison.is_equal(),
        "changes": ordered(comparison, traffic).into_iter().map(change).collect::<Vec<_>>(),
        "undecided": comparison.undecided.iter().map(open).collect::<Vec<_>>(),
        "more": comparison.more,
    });
    if let (Some((count, unjudged)), Some(object)) = (traffic.map(looked_at), told.as_object_mut()) {
        let traffic = json!({ "communications": count, "cannot_be_judged": unjudged });
        object.insert("traffic".to_owned(), traffic);
    }
    told
}
