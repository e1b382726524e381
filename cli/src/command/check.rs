//! `rules check`: everything that is wrong with bundles.
//!
//! Takes folders and files; gives findings in one of several formats and an exit code by their severity. With `--fix`
//! applies what cannot alter the meaning and looks again; with a baseline only what is new counts.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use switchboard_engine::bundle;
use switchboard_engine::references::References;
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::{Source, SourceMap};

use super::known::KnownArgs;
use crate::baseline::{self, Baseline};
use crate::diff::difference;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::fixing::{Daring, Fixed, fix};
use crate::input::{BundleFiles, bundles, replace_file};
use crate::output::Output;
use crate::report::{Counts, Findings, ReportFormat, concise, github, human, json, junit, sarif, summary};

/// Lines from which the language of a file is told; its header is the first.
const LINES_THAT_TELL: usize = 20;

/// Arguments of `rules check`.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// Folders of rules or single files [default: the present folder]
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ReportFormat::Human)]
    format: ReportFormat,
    /// From which level of findings on the exit code is 1
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = Level::Error)]
    fail_on: Level,
    /// Apply every change that cannot alter the meaning, and check again
    #[arg(long, group = "fixing")]
    fix: bool,
    /// Change nothing, only show what --fix would change
    #[arg(long, group = "fixing")]
    diff: bool,
    /// With --fix or --diff: also changes that are only probably what was meant
    #[arg(long, requires = "fixing")]
    unsafe_fixes: bool,
    /// Count only findings that are not in this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found now into the file of --baseline
    #[arg(long, requires = "baseline", conflicts_with = "diff")]
    write_baseline: bool,
    #[command(flatten)]
    known: KnownArgs,
}

/// A level of findings as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Level {
    Error,
    Warning,
    Info,
}

impl CheckArgs {
    const fn daring(&self) -> Daring {
        if self.unsafe_fixes { Daring::Unsafe } else { Daring::Safe }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Info => Self::Info,
        }
    }
}

/// Checks bundles.
///
/// # Errors
/// When something cannot be read or written.
pub(crate) fn run(args: &CheckArgs, output: &mut Output) -> Result<Exit, Failure> {
    let mut bundles = bundles(&args.paths)?;
    if args.diff {
        return show_fixes(&mut bundles, args.daring(), output);
    }
    let references = args.known.references(output)?;
    let mut baseline = match &args.baseline {
        Some(path) if !args.write_baseline => Some(Baseline::read(path)?),
        _ => None,
    };
    if args.fix {
        apply_fixes(&mut bundles, args.daring(), output)?;
    }
    let mut all = Vec::new();
    for files in &bundles {
        let findings = findings(files, references.clone());
        say_unread(files, &findings, output)?;
        say_undecided(&findings, output)?;
        all.push(findings);
    }
    if let (Some(path), true) = (&args.baseline, args.write_baseline) {
        write_baseline(path, &all, output)?;
        baseline = Some(Baseline::read(path)?);
    }
    if let Some(baseline) = &mut baseline {
        all.iter_mut().for_each(|findings| baseline.hide(findings));
        if !args.write_baseline {
            say_known(baseline, output)?;
        }
    }
    let counts = Counts::of(&all);
    let fail_on = Severity::from(args.fail_on);
    report(args.format, &all, counts, fail_on, output)?;
    Ok(Exit::findings(counts.reach(fail_on)))
}

/// Writes the findings of all bundles in a format.
fn report(
    format: ReportFormat,
    all: &[Findings],
    counts: Counts,
    fail_on: Severity,
    output: &mut Output,
) -> Result<(), Failure> {
    let wish = output.wish();
    let color = output.color();
    let one_language = wish.for_file(common_language(all).unwrap_or(output.lang()));
    match format {
        ReportFormat::Human => {
            for findings in all {
                let languages = languages(&findings.sources);
                human(output.out(), findings, color, |name| wish.for_file(language(&languages, name)))?;
            }
            summary(output.out(), counts, one_language)?;
        }
        ReportFormat::Concise => {
            for findings in all {
                let languages = languages(&findings.sources);
                concise(output.out(), findings, |name| wish.for_file(language(&languages, name)))?;
            }
        }
        ReportFormat::Github => {
            for findings in all {
                let languages = languages(&findings.sources);
                github(output.out(), findings, |name| wish.for_file(language(&languages, name)))?;
            }
        }
        ReportFormat::Json => machine(&json(all), output)?,
        ReportFormat::Sarif => machine(&sarif(all, one_language), output)?,
        ReportFormat::Junit => {
            let lang = |findings: &Findings, name: &str| {
                wish.for_file(language(&languages(&findings.sources), name))
            };
            output.out().write_all(junit(all, fail_on, lang).as_bytes())?;
        }
    }
    Ok(())
}

fn machine(value: &serde_json::Value, output: &mut Output) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    Ok(writeln!(output.out(), "{text}")?)
}

/// What is wrong with a bundle, with its files named as the caller named them; names are checked against what is known
/// of the account.
pub(crate) fn findings(files: &BundleFiles, references: Option<References>) -> Findings {
    let mut options = switchboard_guard::load_options();
    options.references = references;
    let loaded = bundle::load(&files.source(), &options);
    let mut sources = SourceMap::new();
    for (_, source) in loaded.sources.iter() {
        sources.add(Source::new(files.path(source.name()).display().to_string(), source.text()));
    }
    let mut diagnostics = loaded.diagnostics;
    diagnostics.sort_by_key(|found| (found.primary.file, found.primary.span.start, found.code.id));
    Findings { sources, diagnostics, undecided: loaded.undecided }
}

/// Names on stderr the files of rules that nothing includes: they are no part of the bundle, and whoever wrote them may
/// think that they are.
fn say_unread(files: &BundleFiles, findings: &Findings, output: &mut Output) -> Result<(), Failure> {
    let lang = output.wish().for_file(language(&languages(&findings.sources), ""));
    for name in files.files.keys().filter(|name| name.ends_with(".rules")) {
        let shown = files.path(name).display().to_string();
        if findings.sources.find(&shown).is_none() {
            let text = lang.pick("not read: nothing includes it", "не читается: его ничто не включает");
            writeln!(output.err(), "{shown}: {text}")?;
        }
    }
    Ok(())
}

/// Names on stderr what was too much to look through: no finding there does not mean that there is none.
fn say_undecided(findings: &Findings, output: &mut Output) -> Result<(), Failure> {
    let lang = output.wish().for_file(language(&languages(&findings.sources), ""));
    for undecided in &findings.undecided {
        writeln!(output.err(), "{}", undecided.get(lang))?;
    }
    Ok(())
}

/// Applies fixes, writes the files that changed, and says what was done.
fn apply_fixes(bundles: &mut [BundleFiles], daring: Daring, output: &mut Output) -> Result<(), Failure> {
    let mut written: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    let mut count = 0;
    for files in bundles {
        // Bundles may share files; what one of them changed, the others have to start from.
        let names: Vec<String> = files.files.keys().cloned().collect();
        for name in names {
            if let Some(bytes) = written.get(&files.path(&name)) {
                files.files.insert(name, bytes.clone());
            }
        }
        let Fixed { changed, applied } = fix(files, daring);
        for (name, (_, after)) in &changed {
            let path = files.path(name);
            replace_file(&path, after.as_bytes())?;
            written.insert(path, after.clone().into_bytes());
        }
        count += applied.len();
        for done in applied {
            let lang = output.wish().for_file(written_in(text_of(files, &done.file)));
            let (line, column) = (done.position.line, done.position.column);
            let (path, name, title) = (files.path(&done.file), done.code.name, done.title.get(lang));
            writeln!(output.err(), "{}:{line}:{column}: {name}: {title}", path.display())?;
        }
    }
    if count > 0 {
        let said = output.lang().pick("changes applied", "исправлений внесено");
        writeln!(output.err(), "{said}: {count}")?;
    }
    Ok(())
}

/// Shows what fixes would change; changes nothing.
fn show_fixes(bundles: &mut [BundleFiles], daring: Daring, output: &mut Output) -> Result<Exit, Failure> {
    let mut shown: BTreeMap<PathBuf, (String, String)> = BTreeMap::new();
    for files in bundles {
        let fixed = fix(files, daring);
        shown.extend(fixed.changed.into_iter().map(|(name, texts)| (files.path(&name), texts)));
    }
    for (path, (before, after)) in &shown {
        difference(output.out(), path, before, after)?;
    }
    Ok(Exit::findings(!shown.is_empty()))
}

fn text_of<'a>(files: &'a BundleFiles, name: &str) -> &'a str {
    files.files.get(name).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Writes a file of everything that was found, as far as it may wait.
fn write_baseline(path: &Path, all: &[Findings], output: &mut Output) -> Result<(), Failure> {
    let (text, count) = baseline::text(path, all);
    if path.exists() {
        replace_file(path, text.as_bytes())?;
    } else {
        std::fs::write(path, text).map_err(Failure::write(path))?;
    }
    let said = output.lang().pick("known from now on", "теперь известно");
    writeln!(output.err(), "{}: {said}: {count}", path.display())?;
    Ok(())
}

/// Says on stderr how much was known, and what of it is gone.
fn say_known(baseline: &Baseline, output: &mut Output) -> Result<(), Failure> {
    let lang = output.lang();
    if baseline.hidden > 0 {
        let said = lang.pick("known and not counted", "известно и не учтено");
        writeln!(output.err(), "{said}: {}", baseline.hidden)?;
    }
    let gone = baseline.gone();
    for known in &gone {
        let said = lang.pick("no longer there", "больше нет");
        let shown = if known.line.is_empty() { &known.section } else { &known.line };
        writeln!(output.err(), "{said}: {}: {} {}: {shown}", known.file, known.code, known.name)?;
    }
    if !gone.is_empty() {
        let said = lang
            .pick("`--write-baseline` takes these out of the file", "`--write-baseline` уберёт их из файла");
        writeln!(output.err(), "{said}")?;
    }
    Ok(())
}

/// The language of each `.rules` file.
pub(crate) fn languages(sources: &SourceMap) -> BTreeMap<String, Lang> {
    sources
        .iter()
        .filter(|(_, source)| source.name().ends_with(".rules"))
        .map(|(_, source)| (source.name().to_owned(), written_in(source.text())))
        .collect()
}

/// The language of a text: that of its header, or what the parser guesses from its first section.
fn written_in(text: &str) -> Lang {
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let lines = text.lines().filter(is_code).take(LINES_THAT_TELL).collect::<Vec<_>>().join("\n");
    switchboard_grammar::parse(&lines).file.lang
}

/// The language of a file; a script or a list speaks the language of the rules around it.
pub(crate) fn language(languages: &BTreeMap<String, Lang>, name: &str) -> Lang {
    languages.get(name).or_else(|| languages.values().next()).copied().unwrap_or_default()
}

/// The language of all files, when they agree.
fn common_language(all: &[Findings]) -> Option<Lang> {
    let mut found = all.iter().flat_map(|findings| languages(&findings.sources).into_values());
    let first = found.next()?;
    found.all(|lang| lang == first).then_some(first)
}
