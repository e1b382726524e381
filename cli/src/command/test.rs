//! `rules test`: the fixtures of bundles, decided and held against what was accepted before.
//!
//! Takes folders and files like `rules check`; gives what changed, what is new and what is not as expected, and an exit
//! code. Nothing is written unless somebody asks for it with `--accept` or in a `--review`.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::ValueEnum;
use switchboard_engine::bundle::{BundleSource, language_of};
use switchboard_engine::cover::Totals;
use switchboard_grammar::lang::Lang;

use super::check;
use crate::coverage::{self, Covered, html, lcov, percent, tenths, together, uncovered};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fixture::remove_snapshot;
use crate::help::WrongValue;
use crate::input::{BundleFiles, bundles};
use crate::loaded::load_files;
use crate::output::Output;
use crate::testing::{
    Counts, Review, Tested, github, human, json, junit, missing, mutants, review, run as run_tests, summary,
};

/// Arguments that mean nothing where tests are not run but looked at.
const OF_A_RUN: [&str; 5] = ["filter", "uncovered", "fail_under", "lcov", "coverage_html"];

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
    #[arg(long, group = "taking", conflicts_with_all = OF_A_RUN)]
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
        group = "taking",
        conflicts_with_all = OF_A_RUN
    )]
    suggest: Option<Wanted>,
    /// Write the tests that are missing, never over a file that is there
    #[arg(long, requires = "suggest")]
    write: bool,
    /// List everything of the rules that no test reaches
    #[arg(long)]
    uncovered: bool,
    /// Fail when the tests reach less than this share of the rules, in percent
    #[arg(long, value_name = "PERCENT", value_parser = thousandths)]
    fail_under: Option<usize>,
    /// Write what the tests reach into this file, in the form of LCOV
    #[arg(long, value_name = "FILE")]
    lcov: Option<PathBuf>,
    /// Write what the tests reach into this folder, as a page
    #[arg(long, value_name = "DIR")]
    coverage_html: Option<PathBuf>,
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
    let totals = together(all.iter().filter_map(|tested| tested.covered.as_ref()));
    report(args, &all, counts, totals, output)?;
    write_coverage(args, &all, output)?;
    let is_low = is_low(args, totals, output)?;
    Ok(Exit::findings(counts.fails() || is_low))
}

/// A share in percent, with at most one digit behind the point, as thousandths.
fn thousandths(text: &str) -> Result<usize, WrongValue> {
    let text = text.trim_end_matches(['%', ' ']);
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digits = |text: &str| text.parse::<usize>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    match (digits(whole), digits(part).filter(|_| part.len() == 1)) {
        (Some(whole), Some(part)) if whole < 100 || (whole == 100 && part == 0) => Ok(whole * 10 + part),
        _ => Err(WrongValue::new(
            "write a share from 0 to 100, such as 85 or 85.5",
            "нужна доля от 0 до 100, например 85 или 85.5",
        )),
    }
}

/// Whether the tests reach less than was asked for; says so.
fn is_low(args: &TestArgs, totals: Totals, output: &mut Output) -> Result<bool, Failure> {
    let Some(least) = args.fail_under else { return Ok(false) };
    let whole = totals.whole();
    let is_low = whole.thousandths().is_some_and(|reached| reached < least);
    if is_low {
        let lang = output.lang();
        let (reached, least) = (percent(whole, lang), tenths(least, lang));
        let said = match lang {
            Lang::En => format!("the tests reach {reached} % of the rules; at least {least} % was asked for"),
            Lang::Ru => format!("тесты проходят {reached} % правил; требуется не меньше {least} %"),
        };
        writeln!(output.err(), "{said}")?;
    }
    Ok(is_low)
}

/// Writes the files that were asked for.
fn write_coverage(args: &TestArgs, all: &[Tested], output: &mut Output) -> Result<(), Failure> {
    let covered: Vec<&Covered> = all.iter().filter_map(|tested| tested.covered.as_ref()).collect();
    if let Some(path) = &args.lcov {
        fs::write(path, lcov(covered.iter().copied())).map_err(Failure::write(path))?;
    }
    if let Some(folder) = &args.coverage_html {
        fs::create_dir_all(folder).map_err(Failure::write(folder))?;
        let path = folder.join("index.html");
        fs::write(&path, html(&covered, common_language(all, output))).map_err(Failure::write(&path))?;
        let word = output.lang().pick("written", "записано");
        writeln!(output.err(), "{}: {word}", path.display())?;
    }
    Ok(())
}

/// The language of what is about all bundles.
fn common_language(all: &[Tested], output: &Output) -> Lang {
    let mut langs = all.iter().map(|tested| tested.lang);
    let first = langs.next().filter(|first| langs.all(|lang| lang == *first));
    first.map_or(output.lang(), |lang| output.wish().for_file(lang))
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
                bad |= found.survivors().next().is_some() | say_left_out(&found.left_out, lang, output)?;
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
                bad |= say_left_out(&found.left_out, lang, output)?;
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

/// Names the tests that cannot be run; whether there are any.
fn say_left_out(names: &[String], lang: Lang, output: &mut Output) -> Result<bool, Failure> {
    for name in names {
        let said = lang.pick(
            "cannot be run and is left out; `rules test` says why",
            "не выполнить, поэтому не учтён; почему, скажет `rules test`",
        );
        writeln!(output.err(), "{}/{name}.json: {said}", BundleSource::TESTS)?;
    }
    Ok(!names.is_empty())
}

/// The tests of one bundle; one with errors has its errors shown on stderr, and no tests.
fn tested(files: &BundleFiles, args: &TestArgs, output: &mut Output) -> Result<Tested, Failure> {
    let Some(loaded) = load_files(files, output)? else {
        let findings = check::findings(files, None);
        let lang = language_of(&findings.sources);
        let (root, cases, orphans) = (files.root.clone(), Vec::new(), Vec::new());
        return Ok(Tested { root, lang, refused: true, cases, orphans, covered: None });
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
    let lang = common_language(all, output);
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
    args: &TestArgs,
    all: &[Tested],
    counts: Counts,
    totals: Totals,
    output: &mut Output,
) -> Result<(), Failure> {
    let wish = output.wish();
    match args.format {
        TestFormat::Human => {
            // Whoever answered for each has seen them.
            for tested in all.iter().filter(|_| !args.review) {
                human(output.out(), tested, wish.for_file(tested.lang))?;
            }
            if args.uncovered {
                for covered in all.iter().filter_map(|tested| tested.covered.as_ref()) {
                    uncovered(output.out(), covered, wish.for_file(covered.lang))?;
                }
            }
            let lang = common_language(all, output);
            // What some of the tests reach says nothing about the rest.
            if args.filter.is_none() && counts.refused < all.len() {
                coverage::summary(output.out(), totals, lang)?;
                writeln!(output.out())?;
            }
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
