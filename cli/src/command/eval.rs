//! `rules eval`: what rules decide about events, and why.
//!
//! One event gives one decision in words or as JSON; a file of events gives one JSON decision a line, in order.

mod many;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use jiff::Timestamp;
use jiff::tz::Offset;
use switchboard_engine::event::{Event, EventError};
use switchboard_engine::facts::Facts;
use switchboard_engine::fixture::{Fault, Fixture, is_fixture};
use switchboard_engine::moment::Moment;
use switchboard_grammar::lang::Lang;

use crate::decision;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{MAX_EVENT_BYTES, Source, json_file, json_in};
use crate::loaded::load;
use crate::output::Output;
use crate::steps;

/// Arguments of `rules eval`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("input").required(true).multiple(false).args(["event", "events"]))]
pub(crate) struct EvalArgs {
    /// A folder of rules or a single file
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// A file with one event, or a test with its facts and moment; `-` is stdin
    #[arg(long, value_name = "FILE")]
    event: Option<PathBuf>,
    /// A file with one event a line; `-` is stdin
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// A file with what is known about the contact
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
    /// The present moment for the rules, RFC 3339 [default: when the event finished]
    #[arg(long, value_name = "TIME")]
    now: Option<Moment>,
    /// How the decision is written [default: human for one event, json for many]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<DecisionFormat>,
    /// Show also what nearly happened
    #[arg(long)]
    explain: bool,
    /// Show also what scripts did, line by line
    #[arg(long, conflicts_with = "events")]
    step: bool,
}

/// How a decision is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DecisionFormat {
    Human,
    Json,
}

/// Decides one event or many.
///
/// # Errors
/// When something cannot be read, is no event, or the rules have errors.
pub(crate) fn run(args: &EvalArgs, output: &mut Output) -> Result<Exit, Failure> {
    let Some(loaded) = load(&args.bundle, output)? else { return Ok(Exit::Findings) };
    let facts = args.facts.as_deref().map(read_facts).transpose()?.unwrap_or_default();
    if let Some(events) = &args.events {
        if args.format == Some(DecisionFormat::Human) {
            return Err(Failure::input(
                "many events are written as JSON only; leave out `--format human`",
                "много событий выводится только как JSON; уберите `--format human`",
            ));
        }
        return many::run(&loaded, &Source::from(events.as_path()), &facts, args.now, output);
    }
    let Some(path) = &args.event else { return Ok(Exit::Usage) };
    let Asked { event, facts: told, now } = read_asked(path)?;
    let facts = if args.facts.is_some() { facts } else { told };
    let now = args.now.or(now).unwrap_or_else(|| present(&event));
    let (decision, steps) = if args.step {
        let (decision, steps) = loaded.bundle.decide_in_steps(&event, &facts, now);
        (decision, Some(steps))
    } else {
        (loaded.bundle.decide(&event, &facts, now), None)
    };
    // The words of the trace follow the bundle and not the machine, so that equal decisions are equal bytes.
    let lang = output.wish().for_file(loaded.lang);
    match args.format.unwrap_or(DecisionFormat::Human) {
        DecisionFormat::Json => {
            let mut json = decision.to_json(lang);
            if let (Some(steps), Some(object)) = (&steps, json.as_object_mut()) {
                object.insert("steps".to_owned(), steps::json(steps, lang));
            }
            writeln!(output.out(), "{}", serde_json::to_string_pretty(&json).unwrap_or_default())?;
        }
        DecisionFormat::Human => {
            decision::write(output.out(), &decision, lang, args.explain)?;
            if let Some(steps) = &steps {
                steps::write(output.out(), steps, &loaded.sources, lang)?;
            }
        }
    }
    Ok(Exit::Clean)
}

/// What somebody asks about: an event, and what a test tells beside it.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The event.
    pub(crate) event: Event,
    /// What is known, when the file is a test that says so.
    pub(crate) facts: Facts,
    /// The present moment, when the file is a test that says so.
    pub(crate) now: Option<Moment>,
}

/// Reads one event, or a test with an event in it.
///
/// # Errors
/// When the file cannot be read or holds no event.
pub(crate) fn read_asked(path: &Path) -> Result<Asked, Failure> {
    let bytes = Source::from(path).bytes(MAX_EVENT_BYTES)?;
    let json = json_in(path, &bytes)?;
    if is_fixture(&json) {
        let Fixture { event, facts, now, .. } =
            Fixture::read(&bytes).map_err(|faults| not_a_test(path, &faults))?;
        return Ok(Asked { event, facts, now });
    }
    let event = Event::from_json(&json).map_err(|errors| not_understood(path, &errors))?;
    Ok(Asked { event, facts: Facts::default(), now: None })
}

fn not_a_test(path: &Path, faults: &[Fault]) -> Failure {
    let list =
        |lang: Lang| faults.iter().map(|fault| format!("\n  {}", fault.text.get(lang))).collect::<String>();
    let (shown, en, ru) = (path.display(), list(Lang::En), list(Lang::Ru));
    Failure::input(format!("`{shown}` is not understood:{en}"), format!("`{shown}` не понять:{ru}"))
}

/// Reads facts.
///
/// # Errors
/// When the file cannot be read or holds no facts.
pub(crate) fn read_facts(path: &Path) -> Result<Facts, Failure> {
    let json = json_file(path)?;
    Facts::from_json(&json).map_err(|errors| not_understood(path, &errors))
}

/// The moment at which an event is decided when none is given: its own end, so that the answer does not depend on the
/// day of asking; the machine's clock for an event that tells no time.
pub(crate) fn present(event: &Event) -> Moment {
    event.moment().unwrap_or_else(|| Moment::new(Timestamp::now(), Offset::UTC))
}

fn not_understood(path: &Path, errors: &[EventError]) -> Failure {
    let list =
        |lang: Lang| errors.iter().map(|error| format!("\n  {}", error.text().get(lang))).collect::<String>();
    let (shown, en, ru) = (path.display(), list(Lang::En), list(Lang::Ru));
    Failure::input(format!("`{shown}` is not understood:{en}"), format!("`{shown}` не понять:{ru}"))
}
