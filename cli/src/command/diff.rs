//! `rules diff`: what two bundles decide differently.
//!
//! Takes two folders or files; proves for every kind of event and every part of the decision where it changes, and shows
//! an event for each region. "Nothing changes" is a proof, too; what takes too long is told as undecided.

use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Value, json};
use switchboard_engine::prove::{Change, Comparison, Open, ProofLimits, Side, compare};
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

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
}

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
    match args.format {
        Format::Json => {
            writeln!(
                output.out(),
                "{}",
                serde_json::to_string_pretty(&as_json(&comparison)).unwrap_or_default()
            )?;
        }
        Format::Human => human(output.out(), &comparison, lang)?,
    }
    Ok(Exit::findings(args.fail_on_change && !comparison.is_equal()))
}

fn human(out: &mut dyn Write, comparison: &Comparison, lang: Lang) -> std::io::Result<()> {
    if comparison.is_equal() {
        return writeln!(
            out,
            "{}",
            lang.pick("proved: no event is decided otherwise", "доказано: ни одно событие не решается иначе")
        );
    }
    let mut slot = None;
    let mut part: Option<&Text> = None;
    for change in &comparison.changes {
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
    Ok(())
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

fn as_json(comparison: &Comparison) -> Value {
    let text = |text: &Text| json!({ "en": text.en, "ru": text.ru });
    let side = |side: &Side| {
        let place = side.place.as_ref().map(|(file, line)| json!({ "file": file, "line": line }));
        json!({ "outcome": text(&side.outcome), "place": place })
    };
    let change = |change: &Change| {
        let example = change.example.as_ref();
        json!({
            "events": change.slot.en(),
            "part": text(&change.part),
            "region": text(&change.region),
            "old": side(&change.old),
            "new": side(&change.new),
            "event": example.map(|example| example.event.to_json()),
            "facts": example.map(|example| example.facts.to_json()),
        })
    };
    let open = |open: &Open| json!({ "events": open.slot.en(), "part": open.part.as_ref().map(text), "why": text(&open.why) });
    json!({
        "equal": comparison.is_equal(),
        "changes": comparison.changes.iter().map(change).collect::<Vec<_>>(),
        "undecided": comparison.undecided.iter().map(open).collect::<Vec<_>>(),
        "more": comparison.more,
    })
}
