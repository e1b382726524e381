//! `rules account add` and `remove`: the settings file is changed as text, so that everything else in it, comments too,
//! stays as it is.
//!
//! The new text is read the way the server reads it before it takes the place of the old one: a change that would not be
//! what was asked for, or that would stop the server from starting, is refused. Secrets are named, never written.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;
use switchboard_grammar::lang::Lang;
use switchboard_runtime::app;
use switchboard_runtime::checkup::{self, Level};
use switchboard_runtime::config::{self, Config, ConfigError};

use super::{AddArgs, RemoveArgs, check, find, settings};
use crate::command::served::{block_on, causes};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::replace_file;
use crate::output::Output;

/// Where a secret is: `env:NAME` or `file:PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SecretPlace {
    kind: &'static str,
    name: String,
}

impl SecretPlace {
    /// Reads a place; a secret itself is refused, because command lines are kept in histories.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let kinds = [("env:", "env"), ("file:", "file")];
        let found = kinds.into_iter().find_map(|(prefix, kind)| Some((kind, text.strip_prefix(prefix)?)));
        match found {
            Some((kind, name)) if !name.is_empty() => Ok(Self { kind, name: name.to_owned() }),
            _ => Err("write `env:NAME` or `file:PATH`".to_owned()),
        }
    }

    fn toml(&self) -> String {
        format!("{{ {} = {} }}", self.kind, quoted(&self.name))
    }
}

pub(super) fn add(args: &AddArgs, output: &mut Output) -> Result<Exit, Failure> {
    let text = fs::read_to_string(&args.config).map_err(Failure::read(&args.config))?;
    let new = format!("{}\n\n{}", text.trim_end(), section(args));
    let (config, _) = read_new(&args.config, &new)?;
    let account = find(&config, &args.name)?;
    if !args.unchecked {
        let transport = app::transport(&config).map_err(|error| Failure::Internal(causes(&error)))?;
        let report = block_on(checkup::check(&config, account, &transport, Timestamp::now()))?;
        check::write_human(std::slice::from_ref(&report), output)?;
        if report.level() == Level::Error {
            let lang = output.lang();
            let said = lang.pick(
                "the account was not added; mend what is wrong, or add it with `--unchecked`",
                "аккаунт не добавлен; исправьте ошибки или добавьте его с `--unchecked`",
            );
            writeln!(output.err(), "{said}")?;
            return Ok(Exit::Findings);
        }
    }
    replace_file(&args.config, new.as_bytes())?;
    Ok(Exit::Clean)
}

pub(super) fn remove(args: &RemoveArgs, _: &mut Output) -> Result<Exit, Failure> {
    let old = settings(&args.config)?;
    find(&old, &args.name)?;
    let text = fs::read_to_string(&args.config).map_err(Failure::read(&args.config))?;
    let by_hand = || {
        Failure::input(
            "the section of the account cannot be told from the rest of the file; take it out by hand",
            "раздел аккаунта не отделить от остального файла; уберите его вручную",
        )
    };
    let new = without(&text, &args.name).ok_or_else(by_hand)?;
    let (config, names) = read_new(&args.config, &new)?;
    let expected: Vec<&str> =
        old.accounts.iter().map(|account| account.name.as_str()).filter(|name| *name != args.name).collect();
    let same_rest = config.limits == old.limits && config.server.listen == old.server.listen;
    if names != expected || !same_rest {
        return Err(by_hand());
    }
    replace_file(&args.config, new.as_bytes())?;
    Ok(Exit::Clean)
}

/// Reads a text as the settings that it would become; names of its accounts beside.
fn read_new(path: &Path, text: &str) -> Result<(Config, Vec<String>), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder).map_err(Failure::write(path))?;
    beside.write_all(text.as_bytes()).map_err(Failure::write(path))?;
    let config = config::load(beside.path()).map_err(|error| renamed(&error, beside.path(), path))?;
    let names = config.accounts.iter().map(|account| account.name.clone()).collect();
    Ok((config, names))
}

/// What is wrong with the new text, told of the file that it was to become.
fn renamed(error: &ConfigError, beside: &Path, path: &Path) -> Failure {
    let (from, to) = (beside.display().to_string(), path.display().to_string());
    let text = |lang| error.text(lang).replace(&from, &to);
    Failure::input(text(Lang::En), text(Lang::Ru))
}

/// The section of a new account.
fn section(args: &AddArgs) -> String {
    let mut text = format!("[[account]]\nname = {}\n", quoted(&args.name));
    let bundle = args.bundle.display().to_string();
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "bundle = {}", quoted(&bundle));
    let _ = writeln!(text, "hook_secret = {}", args.hook_secret.toml());
    let _ = writeln!(text, "[account.retailcrm]");
    let _ = writeln!(text, "url = {}", quoted(&args.retailcrm));
    let _ = writeln!(text, "key = {}", args.key.toml());
    let _ = writeln!(text, "site = {}", quoted(&args.site));
    match (&args.uis_credentials, &args.uis_token) {
        (Some(name), _) => {
            let _ = writeln!(text, "[account.uis]\ncredentials = {}", quoted(name));
        }
        (None, Some(token)) => {
            let _ = writeln!(text, "[account.uis]\ndata_api = {}", quoted(&args.data_api));
            let _ = writeln!(text, "token = {}", token.toml());
        }
        (None, None) => {}
    }
    text
}

/// A text as TOML writes it. Of JSON's escapes TOML lacks only `\/`, which is never written.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The text without the section of an account; `None` when there is no such section. What stands before the next section
/// as a comment belongs to that one.
fn without(text: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let is_header = |line: &str| line.trim_start().starts_with('[');
    let is_account = |line: &str| line.trim_start().starts_with("[[account]]");
    let is_inside = |line: &str| line.trim_start().starts_with("[account.");
    let starts = lines.iter().enumerate().filter(|(_, line)| is_account(line)).map(|(at, _)| at);
    for start in starts {
        let rest = lines.get(start + 1..)?;
        let length = rest.iter().position(|line| is_header(line) && !is_inside(line)).unwrap_or(rest.len());
        let section = rest.get(..length)?;
        let head = section.iter().position(|line| is_inside(line)).unwrap_or(section.len());
        if !section.get(..head)?.iter().any(|line| names(line, name)) {
            continue;
        }
        let is_last = length == rest.len();
        let belongs_to_next =
            |line: &&&str| !is_last && (line.trim().is_empty() || line.trim_start().starts_with('#'));
        let kept = section.iter().rev().take_while(belongs_to_next).count();
        let end = start + 1 + length - kept;
        let mut new: String = lines.get(..start)?.concat();
        new.push_str(lines.get(end..)?.concat().trim_start_matches('\n'));
        return Some(new);
    }
    None
}

/// Whether a line is `name = "…"` with this name.
fn names(line: &str, name: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else { return false };
    let value = value.split('#').next().unwrap_or_default().trim();
    key.trim() == "name" && (value == format!("\"{name}\"") || value == format!("'{name}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# ours\n[server]\nlisten = \"0.0.0.0:80\" # outside\n\n# the first\n[[account]]\nname = \"one\"\n\
        [account.retailcrm]\nsite = \"s\"\n\n# the second\n[[account]]\n# its name\nname = 'two' # short\n\
        [account.uis]\ntoken = \"t\"\n\n# about the log\n[log]\nlevel = \"info\"\n";

    #[test]
    fn a_section_is_cut_and_the_rest_stays_to_the_letter() {
        let expected = FILE.replace("[[account]]\nname = \"one\"\n[account.retailcrm]\nsite = \"s\"\n\n", "");
        assert_eq!(without(FILE, "one").unwrap(), expected);
        let cut = "[[account]]\n# its name\nname = 'two' # short\n[account.uis]\ntoken = \"t\"\n\n";
        assert_eq!(without(FILE, "two").unwrap(), FILE.replace(cut, ""));
        assert_eq!(without(FILE, "three"), None);
        let last = FILE.split("\n# about the log").next().unwrap();
        assert!(without(last, "two").unwrap().ends_with("# the second\n"));
    }

    #[test]
    fn a_secret_is_named_and_never_written() {
        assert_eq!(SecretPlace::parse("env:KEY").unwrap().toml(), "{ env = \"KEY\" }");
        assert_eq!(SecretPlace::parse("file:a\\b").unwrap().toml(), "{ file = \"a\\\\b\" }");
        for wrong in ["s3cret", "env:", "ENV:KEY", ""] {
            assert!(SecretPlace::parse(wrong).is_err(), "{wrong}");
        }
    }
}
