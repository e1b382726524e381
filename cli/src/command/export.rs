//! `rules export`: a bundle as the settings of UIS's own integration.
//!
//! Takes a bundle; prints the settings, or writes them into a file. When the form has no place for some lines, names
//! them on stderr with the reason and writes nothing.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueHint;
use switchboard_engine::bundle::{LoadOptions, load as load_source};
use switchboard_grammar::lang::Lang;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::form::{export, read};
use crate::input::one_bundle;
use crate::loaded::load;
use crate::output::Output;

/// Arguments of `rules export`.
#[derive(Debug, clap::Args)]
pub(crate) struct ExportArgs {
    /// A folder of rules or a single file
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// Where the settings go [default: stdout]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
}

/// Exports.
///
/// # Errors
/// When the bundle cannot be read, or the file cannot be written or is there already.
pub(crate) fn run(args: &ExportArgs, output: &mut Output) -> Result<Exit, Failure> {
    let Some(loaded) = load(&args.bundle, output)? else { return Ok(Exit::Findings) };
    let files = one_bundle(&args.bundle)?;
    // Only the files that are read count: what nothing includes is no rule.
    let sources = load_source(&files.source(), &LoadOptions::default()).sources;
    let texts: Vec<(String, String)> = sources
        .iter()
        .filter(|(_, source)| source.name().ends_with(".rules"))
        .map(|(_, source)| (files.path(source.name()).display().to_string(), source.text().to_owned()))
        .collect();
    let settings = match export(&texts) {
        Ok(settings) => settings,
        Err(obstacles) => {
            let lang = output.wish().for_file(loaded.lang);
            for found in &obstacles {
                let why = lang.pick(&found.en, &found.ru);
                writeln!(output.err(), "{}:{}:{}: {why}", found.file, found.line, found.column)?;
            }
            tell_count(obstacles.len(), lang, output)?;
            return Ok(Exit::Findings);
        }
    };
    let json = settings.to_json();
    // Rules may hold what is beyond a limit of the file; such a file could not be read again.
    if let Err(problems) = read(&json) {
        let lang = output.wish().for_file(loaded.lang);
        for problem in &problems {
            writeln!(output.err(), "{}: {}", problem.path, problem.text.get(lang))?;
        }
        tell_count(problems.len(), lang, output)?;
        return Ok(Exit::Findings);
    }
    match &args.out {
        None => output.out().write_all(json.as_bytes())?,
        Some(path) => {
            let mut file = fs::File::create_new(path).map_err(Failure::write(path))?;
            file.write_all(json.as_bytes()).map_err(Failure::write(path))?;
        }
    }
    Ok(Exit::Clean)
}

/// Says how much could not be said.
fn tell_count(count: usize, lang: Lang, output: &mut Output) -> Result<(), Failure> {
    match lang {
        Lang::En => writeln!(output.err(), "The form has no place for: {count}. Nothing was written.")?,
        Lang::Ru => writeln!(output.err(), "В форме нет места: {count}. Ничего не записано.")?,
    }
    Ok(())
}
