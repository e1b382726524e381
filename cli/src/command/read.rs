//! `rules read`: a bundle in plain sentences.

use std::io::Write as _;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::loaded::load;
use crate::output::Output;
use crate::prose::{Tree, html, markdown, prose, text};

/// Arguments of `rules read`.
#[derive(Debug, clap::Args)]
pub(crate) struct ReadArgs {
    /// Folder of the bundle, or a single file
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    /// How it is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ReadFormat::Text)]
    format: ReadFormat,
}

/// How a bundle is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReadFormat {
    /// For the terminal
    Text,
    /// Markdown
    Markdown,
    /// A page of HTML
    Html,
}

/// Tells a bundle.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn run(args: &ReadArgs, output: &mut Output) -> Result<Exit, Failure> {
    let Some(loaded) = load(&args.bundle, output)? else { return Ok(Exit::Findings) };
    let lang = output.wish().for_file(loaded.lang);
    let rules = loaded.sources.iter().map(|(_, source)| source);
    let rules = rules.filter(|source| source.name().ends_with(".rules"));
    let parsed: Vec<_> =
        rules.map(|source| (source.name(), switchboard_grammar::parse(source.text()).file)).collect();
    let trees: Vec<Tree<'_>> = parsed.iter().map(|(name, file)| Tree { name, file }).collect();
    let document = prose(&trees, lang);
    let told = match args.format {
        ReadFormat::Text => text(&document),
        ReadFormat::Markdown => markdown(&document),
        ReadFormat::Html => html(&document),
    };
    output.out().write_all(told.as_bytes())?;
    Ok(Exit::Clean)
}
