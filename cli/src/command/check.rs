//! `rules check`: everything that is wrong with bundles.
//!
//! Takes folders and files; gives findings in one of three formats and an exit code by their severity. With `--fix`
//! applies what cannot alter the meaning and looks again.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;
use switchboard_engine::bundle::{self, LoadOptions};
use switchboard_engine::references::References;
use switchboard_grammar::diagnostic::{Edit, Fix, Safety, Severity, apply_edits};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::{FileId, Source, SourceMap};

use super::known::KnownArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{BundleFiles, bundles, replace_file};
use crate::output::Output;
use crate::report::{Counts, Findings, ReportFormat, concise, human, json, summary};

/// How often fixes are applied before those that are left are shown: a fix may make another one possible.
const MAX_FIX_ROUNDS: usize = 8;

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
    #[arg(long)]
    fix: bool,
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
    let references = args.known.references(output)?;
    let mut all = Vec::new();
    for mut files in bundles(&args.paths)? {
        if args.fix {
            fix(&mut files, output)?;
        }
        let findings = findings(&files, references.clone());
        say_unread(&files, &findings, output)?;
        all.push(findings);
    }
    let counts = Counts::of(&all);
    let wish = output.wish();
    let color = output.color();
    match args.format {
        ReportFormat::Human => {
            for findings in &all {
                let languages = languages(&findings.sources);
                human(output.out(), findings, color, |name| wish.for_file(language(&languages, name)))?;
            }
            let lang = wish.for_file(common_language(&all).unwrap_or(output.lang()));
            summary(output.out(), counts, lang)?;
        }
        ReportFormat::Concise => {
            for findings in &all {
                let languages = languages(&findings.sources);
                concise(output.out(), findings, |name| wish.for_file(language(&languages, name)))?;
            }
        }
        ReportFormat::Json => {
            let text = serde_json::to_string_pretty(&json(&all)).unwrap_or_default();
            writeln!(output.out(), "{text}")?;
        }
    }
    Ok(Exit::findings(counts.reach(args.fail_on.into())))
}

/// What is wrong with a bundle, with its files named as the caller named them; names are checked against what is known
/// of the account.
pub(crate) fn findings(files: &BundleFiles, references: Option<References>) -> Findings {
    let mut options = LoadOptions::default();
    options.references = references;
    let loaded = bundle::load(&files.source(), &options);
    let mut sources = SourceMap::new();
    for (_, source) in loaded.sources.iter() {
        sources.add(Source::new(files.path(source.name()).display().to_string(), source.text()));
    }
    let mut diagnostics = loaded.diagnostics;
    diagnostics.sort_by_key(|found| (found.primary.file, found.primary.span.start, found.code.id));
    Findings { sources, diagnostics }
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

/// Applies safe fixes until there are none left, and writes the files that changed.
fn fix(files: &mut BundleFiles, output: &mut Output) -> Result<(), Failure> {
    let mut changed: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..MAX_FIX_ROUNDS {
        let loaded = bundle::load(&files.source(), &LoadOptions::default());
        let fixes: Vec<&Fix> = loaded
            .diagnostics
            .iter()
            .filter_map(|found| found.fix.as_ref().filter(|fix| fix.safety == Safety::Safe))
            .collect();
        let mut progress = false;
        for (id, source) in loaded.sources.iter() {
            let (edits, count) = compatible(&fixes, id);
            let Some(text) = apply_edits(source.text(), edits).filter(|text| text != source.text()) else {
                continue;
            };
            files.files.insert(source.name().to_owned(), text.into_bytes());
            *changed.entry(source.name().to_owned()).or_default() += count;
            progress = true;
        }
        if !progress {
            break;
        }
    }
    let lang = output.lang();
    for (name, count) in &changed {
        let path = files.path(name);
        let bytes = files.files.get(name).map(Vec::as_slice).unwrap_or_default();
        replace_file(&path, bytes)?;
        let said = lang.pick("changes applied", "исправлений внесено");
        writeln!(output.err(), "{}: {said}: {count}", path.display())?;
    }
    Ok(())
}

/// The edits in one file of as many fixes as do not get in each other's way, and how many fixes these are. A fix is
/// taken whole or not at all; one that touches several files is left for a person.
fn compatible<'a>(fixes: &[&'a Fix], file: FileId) -> (Vec<&'a Edit>, usize) {
    let mut taken: Vec<&Edit> = Vec::new();
    let mut count = 0;
    for fix in fixes {
        let inside = fix.edits.iter().all(|edit| edit.file == file);
        let free = fix.edits.iter().all(|edit| {
            taken.iter().all(|other| edit.span.end < other.span.start || other.span.end < edit.span.start)
        });
        if inside && free && !fix.edits.is_empty() {
            taken.extend(&fix.edits);
            count += 1;
        }
    }
    (taken, count)
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
