//! `rules test`: the fixtures of bundles, decided and held against what was accepted before.
//!
//! Takes folders and files like `rules check`; gives what changed, what is new and what is not as expected, and an exit
//! code. Nothing is written unless somebody asks for it with `--accept` or in a `--review`.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::ValueEnum;
use switchboard_grammar::lang::Lang;

use super::check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fixture::remove_snapshot;
use crate::input::{BundleFiles, bundles};
use crate::loaded::load_files;
use crate::output::Output;
use crate::testing::{
    Counts, Review, Tested, github, human, json, junit, missing, mutants, review, run as run_tests, summary,
};

/// Arguments of `rules test`.
#[derive(Debug, clap::Args)]
pub(crate) struct TestArgs {
    /// Folders of rules or single files [default: the present folder]
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Only tests with this text in their name or description
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Accept new and changed decisions: write their snapshots, and remove those that are left over
    #[arg(long, group = "taking")]
    accept: bool,
    /// Show new and changed decisions one by one, and ask about each
    #[arg(long, group = "taking")]
    review: bool,
    /// Change the rules in one place at a time, as a slip of the hand would, and tell what no test notices
    #[arg(long, group = "taking")]
    mutate: bool,
    /// Changes that are tried at most; 0 tries all
    #[arg(long, value_name = "N", default_value_t = 500, requires = "mutate")]
    mutate_limit: usize,
    /// Which changes are chosen when there are more
    #[arg(long, value_name = "N", default_value_t = 1, requires = "mutate")]
    mutate_seed: u64,
    /// Find the tests that are missing: for rows, lines, tasks and fields, or for each cell and part of a condition, too
    #[arg(
        long,
        value_enum,
        value_name = "WHAT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "rows",
        group = "taking"
    )]
    suggest: Option<Wanted>,
    /// Write the tests that are missing, never over a file that is there
    #[arg(long, requires = "suggest")]
    write: bool,
    /// How the result is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = TestFormat::Human)]
    format: TestFormat,
}

/// What suggested tests are to reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    /// Rows, lines, tasks and fields
    Rows,
    /// Each cell and part of a condition, too
    Cells,
}

/// How the result of tests is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TestFormat {
    /// For people
    Human,
    /// One JSON object for machines
    Json,
    /// A report of JUnit, for build servers
    Junit,
    /// Workflow commands of GitHub Actions
    Github,
}

/// Runs tests.
///
/// # Errors
/// When something cannot be read or written, or there is nothing to run.
pub(crate) fn run(args: &TestArgs, output: &mut Output) -> Result<Exit, Failure> {
    if args.review && args.format != TestFormat::Human {
        return Err(Failure::input(
            "`--review` talks with a person; leave out `--format`",
            "`--review` разговаривает с человеком; уберите `--format`",
        ));
    }
    if args.mutate || args.suggest.is_some() {
        return look(args, output);
    }
    let mut all = Vec::new();
    for files in &bundles(&args.paths)? {
        all.push(tested(files, args, output)?);
    }
    if all.iter().all(|tested| tested.cases.is_empty() && tested.orphans.is_empty() && !tested.refused) {
        return Err(nothing_to_run(args));
    }
    if args.review {
        review_all(&mut all, output)?;
    }
    if args.accept {
        accept_all(&mut all, output)?;
    }
    let counts = Counts::of(&all);
    report(args.format, &all, counts, args.review, output)?;
    Ok(Exit::findings(counts.fails()))
}

/// Looks at how good the tests are: what they do not notice, or which are missing.
fn look(args: &TestArgs, output: &mut Output) -> Result<Exit, Failure> {
    let as_json = match args.format {
        TestFormat::Human => false,
        TestFormat::Json => true,
        TestFormat::Junit | TestFormat::Github => {
            return Err(Failure::input(
                "`--mutate` and `--suggest` write for people or as JSON: `--format human`, `--format json`",
                "`--mutate` и `--suggest` пишут для людей или в JSON: `--format human`, `--format json`",
            ));
        }
    };
    let limit = if args.mutate_limit == 0 { usize::MAX } else { args.mutate_limit };
    let mut told = Vec::new();
    let mut bad = false;
    for files in &bundles(&args.paths)? {
        let Some(loaded) = load_files(files, output)? else {
            bad = true;
            continue;
        };
        let lang = output.wish().for_file(loaded.lang);
        let json = match args.suggest {
            None => {
                let found = mutants::mutated(files, &loaded, limit, args.mutate_seed)?;
                bad |= found.survivors().next().is_some();
                if !as_json {
                    mutants::human(output.out(), &found, lang)?;
                }
                mutants::as_json(&found)
            }
            Some(wanted) => {
                let mut found = missing::suggested(files, &loaded, wanted == Wanted::Cells)?;
                if args.write {
                    found.write()?;
                }
                bad |= !args.write && !found.tests.is_empty();
                if !as_json {
                    missing::human(output.out(), &found, lang)?;
                }
                missing::as_json(&found)
            }
        };
        told.push(json);
    }
    if as_json {
        let all = serde_json::json!({ "version": 1, "bundles": told });
        writeln!(output.out(), "{}", serde_json::to_string_pretty(&all).unwrap_or_default())?;
    }
    Ok(Exit::findings(bad))
}

/// The tests of one bundle; one with errors has its errors shown on stderr, and no tests.
fn tested(files: &BundleFiles, args: &TestArgs, output: &mut Output) -> Result<Tested, Failure> {
    let Some(loaded) = load_files(files, output)? else {
        let findings = check::findings(files, None);
        let lang = check::language(&check::languages(&findings.sources), "");
        let (root, cases, orphans) = (files.root.clone(), Vec::new(), Vec::new());
        return Ok(Tested { root, lang, refused: true, cases, orphans });
    };
    run_tests(&files.root, &loaded, args.filter.as_deref())
}

fn nothing_to_run(args: &TestArgs) -> Failure {
    match &args.filter {
        Some(text) => Failure::input(
            format!("no test has `{text}` in its name or description"),
            format!("нет теста, в имени или описании которого есть `{text}`"),
        ),
        None => Failure::input(
            "there are no tests; write one as `tests/NAME.json` in the folder of the rules: {\"event\": {…}}",
            "тестов нет; тест – это файл `tests/ИМЯ.json` в папке с правилами: {\"event\": {…}}",
        ),
    }
}

fn review_all(all: &mut [Tested], output: &mut Output) -> Result<(), Failure> {
    let wish = output.wish();
    let mut answers = Review::default();
    let mut input = io::stdin().lock();
    for tested in all.iter_mut() {
        let lang = wish.for_file(tested.lang);
        review(tested, lang, &mut input, output.out(), &mut answers)?;
    }
    let Review { accepted, rejected, skipped, .. } = answers;
    let lang = output.lang();
    let said = match lang {
        Lang::En => format!("accepted: {accepted}, rejected: {rejected}, skipped: {skipped}"),
        Lang::Ru => format!("принято: {accepted}, отклонено: {rejected}, пропущено: {skipped}"),
    };
    Ok(writeln!(output.out(), "{said}")?)
}

fn accept_all(all: &mut [Tested], output: &mut Output) -> Result<(), Failure> {
    for tested in all {
        for case in &mut tested.cases {
            case.accept()?;
        }
        for orphan in std::mem::take(&mut tested.orphans) {
            remove_snapshot(&orphan)?;
            let word = output.wish().for_file(tested.lang).pick("removed", "удалён");
            writeln!(output.err(), "{}: {word}", orphan.display())?;
        }
    }
    Ok(())
}

fn report(
    format: TestFormat,
    all: &[Tested],
    counts: Counts,
    was_reviewed: bool,
    output: &mut Output,
) -> Result<(), Failure> {
    let wish = output.wish();
    match format {
        TestFormat::Human => {
            // Whoever answered for each has seen them.
            for tested in all.iter().filter(|_| !was_reviewed) {
                human(output.out(), tested, wish.for_file(tested.lang))?;
            }
            let mut langs = all.iter().map(|tested| tested.lang);
            let first = langs.next().filter(|first| langs.all(|lang| lang == *first));
            let lang = first.map_or(output.lang(), |lang| wish.for_file(lang));
            summary(output.out(), counts, lang)?;
        }
        TestFormat::Json => {
            let text = serde_json::to_string_pretty(&json(all)).unwrap_or_default();
            writeln!(output.out(), "{text}")?;
        }
        TestFormat::Junit => {
            let text = junit(all, |tested| wish.for_file(tested.lang));
            output.out().write_all(text.as_bytes())?;
        }
        TestFormat::Github => {
            for tested in all {
                github(output.out(), tested, wish.for_file(tested.lang))?;
            }
        }
    }
    Ok(())
}
