//! `rules import`: the settings of UIS's own integration as a bundle.
//!
//! Takes a file of settings; writes `main.rules` into a folder that is not there yet or is empty. Every mistake of the
//! file is shown by its path, and then nothing is written.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueHint;
use switchboard_engine::bundle::BundleSource;
use switchboard_grammar::diagnostic::Severity;
use switchboard_grammar::lang::Lang;

use super::new::is_free;
use crate::command::check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::form::{Problem, read, write};
use crate::input::{BundleFiles, Source};
use crate::output::Output;
use crate::report::{Findings, human};

/// The largest file of settings that is read, in bytes.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;

/// Arguments of `rules import`.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportArgs {
    /// A file of settings; `-` is stdin
    #[arg(value_name = "SETTINGS")]
    settings: PathBuf,
    /// A folder for the rules that is not there yet, or is empty
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: PathBuf,
}

/// Writes the bundle.
///
/// # Errors
/// When the settings cannot be read or hold mistakes, or the folder cannot be written.
pub(crate) fn run(args: &ImportArgs, output: &mut Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    let shown = args.settings.display().to_string();
    let source = Source::from(args.settings.as_path());
    let bytes = source.bytes(MAX_SETTINGS_BYTES)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::input(format!("`{shown}` is not UTF-8"), format!("`{shown}` не в кодировке UTF-8"))
    })?;
    let settings = match read(&text) {
        Ok(settings) => settings,
        Err(problems) => return Err(show(&shown, &problems, lang, output)?),
    };
    if !is_free(&args.out)? {
        let out = args.out.display();
        return Err(Failure::input(
            format!("`{out}` is not empty; name a folder that is not there yet"),
            format!("папка `{out}` не пуста; назовите папку, которой ещё нет"),
        ));
    }
    let (rules, color) = (write(&settings, lang), output.color());
    let name = BundleSource::ENTRY.to_owned();
    let files = BundleFiles { root: args.out.clone(), files: [(name, rules.clone().into_bytes())].into() };
    let mut findings = check::findings(&files, None);
    if findings.diagnostics.iter().any(switchboard_grammar::diagnostic::Diagnostic::is_error) {
        findings.diagnostics.retain(|found| found.severity == Severity::Error);
        human(output.err(), &findings, color, |_| lang)?;
        return Err(Failure::input(
            format!("`{shown}` holds what no rule may hold; nothing was written"),
            format!("в `{shown}` есть то, чего в правилах быть не может; ничего не записано"),
        ));
    }
    let path = files.path(BundleSource::ENTRY);
    fs::create_dir_all(&args.out).map_err(Failure::write(&args.out))?;
    fs::write(&path, rules).map_err(Failure::write(&path))?;
    let Findings { sources, mut diagnostics, .. } = findings;
    diagnostics.retain(|found| found.severity == Severity::Warning);
    let warnings = diagnostics.len();
    human(output.err(), &Findings::new(sources, diagnostics), color, |_| lang)?;
    let (path, out) = (path.display(), args.out.display());
    let said = match lang {
        Lang::En => format!(
            "Wrote `{path}`. Warnings: {warnings}.\nNext:\n  rules check {out}\n  rules preview {out}\n"
        ),
        Lang::Ru => format!(
            "Готово: `{path}`. Предупреждений: {warnings}.\nДальше:\n  rules check {out}\n  rules preview {out}\n"
        ),
    };
    output.out().write_all(said.as_bytes())?;
    Ok(Exit::Clean)
}

/// Names every mistake on stderr.
fn show(shown: &str, problems: &[Problem], lang: Lang, output: &mut Output) -> Result<Failure, Failure> {
    for problem in problems {
        let text = problem.text.get(lang);
        if problem.path.is_empty() {
            writeln!(output.err(), "{shown}: {text}")?;
        } else {
            writeln!(output.err(), "{shown}: {}: {text}", problem.path)?;
        }
    }
    let count = problems.len();
    Ok(Failure::input(
        format!("mistakes in `{shown}`: {count}; nothing was written"),
        format!("ошибок в `{shown}`: {count}; ничего не записано"),
    ))
}
