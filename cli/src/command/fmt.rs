//! `rules fmt`: one common shape for rules, and their translation.
//!
//! Takes files, folders or stdin; rewrites files in place, or names or shows what would change. A file with errors is
//! left alone and named: half of it could not be laid out.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use switchboard_grammar::lang::Lang;
use switchboard_grammar::source::{Source, SourceMap, decode};

use crate::diff::difference;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{MAX_RULES_BYTES, Source as Input, replace_file, rules_files};
use crate::language::LangArg;
use crate::output::Output;
use crate::report::{Findings, human};
use crate::translate::translate;

/// Arguments of `rules fmt`.
#[derive(Debug, clap::Args)]
pub(crate) struct FmtArgs {
    /// Folders or files [default: the present folder]; `-` is stdin
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Change nothing, only name the files that would change
    #[arg(long, conflicts_with = "diff")]
    check: bool,
    /// Change nothing, only show the difference
    #[arg(long)]
    diff: bool,
    /// Translate keywords and known names into this language
    #[arg(long, value_enum, value_name = "LANG")]
    to: Option<LangArg>,
}

/// Formats.
///
/// # Errors
/// When something cannot be read or written, or a file has errors.
pub(crate) fn run(args: &FmtArgs, output: &mut Output) -> Result<Exit, Failure> {
    let to = args.to.map(Lang::from);
    if let [only] = args.paths.as_slice()
        && only.as_os_str() == "-"
    {
        return stdin(args, to, output);
    }
    let mut changed = 0usize;
    let mut broken = 0usize;
    for path in rules_files(&args.paths)? {
        let name = path.display().to_string();
        let before = Input::File(path.clone()).bytes(MAX_RULES_BYTES)?;
        let Some((text, after)) = formatted(&name, &before, to, output)? else {
            broken += 1;
            continue;
        };
        if after.as_bytes() == before {
            continue;
        }
        changed += 1;
        if args.check {
            writeln!(output.out(), "{name}")?;
        } else if args.diff {
            difference(output.out(), &path, &text, &after)?;
        } else {
            replace_file(&path, after.as_bytes())?;
            writeln!(output.err(), "{name}")?;
        }
    }
    if broken > 0 {
        return Err(has_errors(broken));
    }
    Ok(Exit::findings((args.check || args.diff) && changed > 0))
}

fn stdin(args: &FmtArgs, to: Option<Lang>, output: &mut Output) -> Result<Exit, Failure> {
    let before = Input::Stdin.bytes(MAX_RULES_BYTES)?;
    let Some((text, after)) = formatted("-", &before, to, output)? else { return Err(has_errors(1)) };
    let differs = after.as_bytes() != before;
    if args.diff {
        difference(output.out(), Path::new("-"), &text, &after)?;
    } else if args.check {
        if differs {
            writeln!(output.out(), "-")?;
        }
    } else {
        output.out().write_all(after.as_bytes())?;
        return Ok(Exit::Clean);
    }
    Ok(Exit::findings(differs))
}

/// The text as it was read and as it should be; `None` when it has errors, which are shown on stderr then.
fn formatted(
    name: &str,
    bytes: &[u8],
    to: Option<Lang>,
    output: &mut Output,
) -> Result<Option<(String, String)>, Failure> {
    let mut sources = SourceMap::new();
    let file = sources.add(Source::new(name, String::from_utf8_lossy(bytes)));
    let (text, not_text) = decode(file, bytes);
    let parsed = switchboard_grammar::parse_file(file, &text);
    if not_text.is_none()
        && !parsed.has_errors()
        && let Ok(after) = translate(&parsed, &text, to.unwrap_or(parsed.file.lang))
    {
        return Ok(Some((text.into_owned(), after)));
    }
    let diagnostics =
        not_text.into_iter().chain(parsed.diagnostics).filter(|found| found.is_error()).collect();
    let (lang, color) = (output.wish().for_file(parsed.file.lang), output.color());
    human(output.err(), &Findings::new(sources, diagnostics), color, |_| lang)?;
    Ok(None)
}

fn has_errors(count: usize) -> Failure {
    Failure::input(
        format!("left as they are because of errors: {count}"),
        format!("не изменено из-за ошибок: {count}"),
    )
}
