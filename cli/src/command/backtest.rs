//! `rules backtest`: recorded traffic through other rules.
//!
//! Takes a candidate and the settings of a server; walks what the server decided, lets the candidate decide the same events
//! with the same facts, and counts what would differ. Reads only: no key is looked at, nobody is asked, and the server may
//! run meanwhile.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};
use switchboard_engine::bundle::load as load_source;
use switchboard_grammar::lang::Lang;
use switchboard_guard::load_options;

use crate::backtest::{
    Limits, Progress, Rules, Telling, Traffic, TrafficArgs, Written, as_json, human, replay, write_fixtures,
};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::one_bundle;
use crate::loaded::{Loaded, load};
use crate::output::Output;

/// The most examples that are kept of each group.
const MAX_EXAMPLES: u64 = 100;

/// Arguments of `rules backtest`.
#[derive(Debug, clap::Args)]
pub(crate) struct BacktestArgs {
    /// The folder of rules that are tried, or a single file
    #[arg(value_name = "CANDIDATE")]
    candidate: PathBuf,
    /// The file of settings of the server
    #[arg(long, value_name = "FILE", default_value = "switchboard.toml")]
    config: PathBuf,
    #[command(flatten)]
    traffic: TrafficArgs,
    /// Compare with these rules instead of with what was recorded
    #[arg(long, value_name = "FOLDER")]
    against: Option<PathBuf>,
    /// Examples of each kind of change
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(..=MAX_EXAMPLES))]
    examples: u64,
    /// Show phones and texts whole
    #[arg(long)]
    show_personal: bool,
    /// Write the examples as tests of the candidate, with made-up people
    #[arg(long)]
    write_fixtures: bool,
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

/// Replays recorded traffic.
///
/// # Errors
/// When the settings, a bundle or what the server keeps cannot be read.
pub(crate) fn run(args: &BacktestArgs, output: &mut Output) -> Result<Exit, Failure> {
    let Some(candidate) = load(&args.candidate, output)? else { return Ok(Exit::Findings) };
    let against = match &args.against {
        None => None,
        Some(path) => match load(path, output)? {
            None => return Ok(Exit::Findings),
            loaded => loaded,
        },
    };
    if args.write_fixtures && !args.candidate.is_dir() {
        return Err(Failure::input(
            "tests belong to a folder of rules, and the candidate is a single file: leave --write-fixtures out",
            "тесты лежат в папке с правилами, а кандидат – отдельный файл: уберите --write-fixtures",
        ));
    }
    let lang = output.wish().for_file(candidate.lang);
    let traffic = Traffic::open(&args.config, &args.traffic)?;
    // Rules in force that cannot be loaded now are no reason to stop: they only confirm what was recorded.
    let in_force = against.is_none().then(|| one_bundle(&traffic.bundle).ok()).flatten();
    let in_force = in_force.and_then(|files| load_source(&files.source(), &load_options()).bundle);
    let then = against.as_ref().map(|against| against.bundle.clone()).or(in_force);
    let rules = Rules {
        candidate: candidate.bundle.clone(),
        against: against.as_ref().map(|against| against.bundle.clone()),
        then: then.clone(),
    };
    let progress = Progress::new(traffic.count + traffic.beside, lang);
    let limits =
        Limits { examples: usize::try_from(args.examples).unwrap_or(usize::MAX), whole: args.write_fixtures };
    let tallies = replay(&traffic, &rules, limits, |done| progress.show(done));
    progress.finish();
    let tallies = tallies?;
    let heads = heads(&candidate, &rules);
    let telling = Telling {
        lang,
        account: traffic.walk.account.as_str(),
        days: days(&traffic, lang),
        with_rules: against.is_some(),
        show_personal: args.show_personal,
        heads: &|name| heads.get(name).cloned(),
    };
    match args.format {
        Format::Human => human(output.out(), &tallies, &telling)?,
        Format::Json => {
            let text = serde_json::to_string_pretty(&as_json(&tallies, &telling)).unwrap_or_default();
            writeln!(output.out(), "{text}")?;
        }
    }
    if args.write_fixtures {
        output.flush()?;
        let written = write_fixtures(&args.candidate, &candidate.bundle, &tallies, &telling)?;
        tell(&written, lang, output)?;
    }
    Ok(Exit::findings(args.fail_on_change && !tallies.is_all_the_same()))
}

/// Says which tests were written.
fn tell(written: &Written, lang: Lang, output: &mut Output) -> Result<(), Failure> {
    for path in &written.files {
        writeln!(output.err(), "{}: {}", path.display(), lang.pick("written", "записан"))?;
    }
    let mut said = vec![lang.pick(
        format!("tests written: {}", written.files.len()),
        format!("записано тестов: {}", written.files.len()),
    )];
    if written.there > 0 {
        said.push(
            lang.pick(format!("there already: {}", written.there), format!("уже были: {}", written.there)),
        );
    }
    if written.personal > 0 {
        said.push(lang.pick(
            format!(
                "left out, because they are decided by a number, a name or an address: {}",
                written.personal
            ),
            format!("пропущено, потому что их решает номер, имя или адрес: {}", written.personal),
        ));
    }
    writeln!(output.err(), "{}", said.join("; "))?;
    if !written.files.is_empty() {
        let next = lang.pick(
            "read them before you share them, then accept what the candidate decides: rules test --accept",
            "прочитайте их, прежде чем показывать другим, и примите решения кандидата: rules test --accept",
        );
        writeln!(output.err(), "{next}")?;
    }
    Ok(())
}

/// The tasks' headers as their files have them, without the word that says that they are tasks, by their names.
fn heads(candidate: &Loaded, rules: &Rules) -> HashMap<String, String> {
    let tasks = rules.then.iter().flat_map(|then| then.tasks());
    let tasks = tasks.chain(candidate.bundle.tasks());
    let of = |head: &str| head.split_once(' ').map_or(head, |(_, rest)| rest).to_owned();
    tasks.map(|task| (task.name.to_string(), of(&task.head))).collect()
}

/// The time that was walked, in words.
fn days(traffic: &Traffic, lang: Lang) -> String {
    let day = |at: Timestamp| traffic.day(at);
    let since = day(traffic.walk.since);
    let until = traffic.walk.until;
    let last = until.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(until);
    let until = (until < Timestamp::now()).then(|| day(last));
    match until {
        Some(until) => lang.pick(format!("{since} to {until}"), format!("с {since} по {until}")),
        None => lang.pick(format!("since {since}"), format!("с {since}")),
    }
}
