//! `rules explain`: what a message means, offline.

use std::io::Write as _;

use switchboard_engine::explain::explain;
use switchboard_engine::suggest::near;
use switchboard_grammar::codes::{self, Code};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::style;

/// Arguments of `rules explain`.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct ExplainArgs {
    /// A name or code, such as unknown-field or R201
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// List all names and codes
    #[arg(long)]
    list: bool,
}

/// Prints one page, or the list of all.
///
/// # Errors
/// When there is no message of that name.
pub(crate) fn run(args: &ExplainArgs, output: &mut Output) -> Result<Exit, Failure> {
    let lang = output.lang();
    let Some(name) = &args.name else {
        let width = codes::ALL.iter().map(|code| code.name.len()).max().unwrap_or_default();
        let bold = style::NAME;
        for code in codes::ALL {
            let severity = code.severity.word(lang);
            writeln!(output.out(), "{}  {bold}{:width$}{bold:#}  {severity}", code.id, code.name)?;
        }
        return Ok(Exit::Clean);
    };
    let Some(code) = Code::find(name) else { return Err(unknown(name)) };
    writeln!(output.out(), "{}", explain(code, lang).trim_end())?;
    Ok(Exit::Clean)
}

fn unknown(name: &str) -> Failure {
    let nearest = near(name, codes::ALL.iter().map(|code| code.name)).and_then(|near| Code::find(near.name));
    let (en, ru) = match nearest {
        Some(code) => (
            format!("; did you mean `{}` ({})?", code.name, code.id),
            format!("; может быть, `{}` ({})?", code.name, code.id),
        ),
        None => ("; see `rules explain --list`".to_owned(), "; все имена: `rules explain --list`".to_owned()),
    };
    Failure::input(format!("there is no message `{name}`{en}"), format!("нет сообщения `{name}`{ru}"))
}
