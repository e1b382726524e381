//! `rules migrate`: files of an older edition of the language, rewritten in the newest.
//!
//! Each file is named with what became of it. A file with errors is left alone and its errors shown, since nobody can
//! say what it means.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use switchboard_grammar::editions::{self, Migration};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::{Source, SourceMap, decode};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{MAX_RULES_BYTES, Source as Input, replace_file, rules_files};
use crate::output::Output;
use crate::report::{Findings, human};

/// Arguments of `rules migrate`.
#[derive(Debug, clap::Args)]
pub(crate) struct MigrateArgs {
    /// Folders or files [default: the present folder]
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Change nothing, only say what would be
    #[arg(long)]
    check: bool,
}

/// Rewrites files in the newest edition.
///
/// # Errors
/// When something cannot be read or written, or a file has errors.
pub(crate) fn run(args: &MigrateArgs, output: &mut Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    let newest = editions::newest();
    let mut older = 0usize;
    let mut broken = 0usize;
    for path in rules_files(&args.paths)? {
        let bytes = Input::File(path.clone()).bytes(MAX_RULES_BYTES)?;
        let mut sources = SourceMap::new();
        let file = sources.add(Source::new(path.display().to_string(), String::from_utf8_lossy(&bytes)));
        let (text, not_text) = decode(file, &bytes);
        let migration = match not_text {
            Some(found) => Migration::Broken(vec![found]),
            None => editions::migrate(&text),
        };
        match migration {
            Migration::Newest => {
                let said = lang.pick("already edition", "уже в редакции");
                writeln!(output.out(), "{}: {said} {newest}", path.display())?;
            }
            Migration::Migrated { from, text } => {
                older += 1;
                if !args.check {
                    replace_file(&path, text.as_bytes())?;
                }
                say_migrated(&path, from, lang, output)?;
            }
            Migration::Broken(mut diagnostics) => {
                broken += 1;
                diagnostics.retain(switchboard_grammar::diagnostic::Diagnostic::is_error);
                let file_lang = output.wish().for_file(switchboard_grammar::parse(&text).file.lang);
                let color = output.color();
                human(output.err(), &Findings::new(sources, diagnostics), color, |_| file_lang)?;
            }
        }
    }
    if broken > 0 {
        return Err(Failure::input(
            format!("left as they are because of errors: {broken}"),
            format!("не изменено из-за ошибок: {broken}"),
        ));
    }
    Ok(Exit::findings(args.check && older > 0))
}

fn say_migrated(path: &Path, from: u32, lang: Lang, output: &mut Output) -> Result<(), Failure> {
    let (newest, path) = (editions::newest(), path.display());
    let said = lang.pick(
        format!("{path}: from edition {from} to edition {newest}"),
        format!("{path}: из редакции {from} в редакцию {newest}"),
    );
    Ok(writeln!(output.out(), "{said}")?)
}
