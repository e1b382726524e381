//! Help in Russian.
//!
//! The code declares English help beside each argument. For Russian, every text is replaced from one table, and the
//! words that clap adds by itself (`Usage`, `Options`, `[default: …]`) are written here.

mod complaint;
mod russian;

use std::ffi::OsString;
use std::io::{self, Write as _};

use anstream::AutoStream;
use clap::{Arg, ArgAction, Command};
use switchboard_grammar::lang::Lang;

use crate::language::LangArg;
use crate::style;

pub(crate) use complaint::WrongValue;

const TEMPLATE: &str = "{about-with-newline}\nВызов: {usage}\n\n{all-args}{after-help}";
const ARGUMENTS: &str = "Что указать";
const OPTIONS: &str = "Ключи";
const COMMANDS: &str = "Команды";

/// The command with its help in `lang`.
pub(crate) fn in_language(command: Command, lang: Lang) -> Command {
    match lang {
        Lang::En => command,
        Lang::Ru => {
            let command = translated(command, "");
            // How a command is called is known only when it has been put together with those above it.
            let mut built = command.clone();
            built.build();
            with_usage(command, &mut built)
        }
    }
}

/// `rules help check` asks for what `rules check --help` says.
pub(crate) fn asked_for_help(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|word| word == "help") {
        args.remove(1);
        args.push("--help".into());
    }
    args
}

/// Prints what clap says about the arguments: help, the version, or what is wrong with them.
pub(crate) fn print(error: &clap::Error, lang: Lang) -> io::Result<()> {
    let sentence = if lang == Lang::Ru { complaint::sentence(error) } else { None };
    let Some(sentence) = sentence else { return error.print() };
    let mut err = AutoStream::auto(io::stderr());
    let red = style::ERROR;
    writeln!(err, "{red}ошибка{red:#}: {sentence}")?;
    let usage = error.get(clap::error::ContextKind::Usage).map(|usage| without_title(&usage.to_string()));
    if let Some(usage) = usage {
        let called = usage.split(" [").next().and_then(|start| start.split(" <").next()).unwrap_or_default();
        writeln!(err, "\nВызов: {usage}\n\nПодробнее: `{called} --help`")?;
    }
    Ok(())
}

fn without_title(usage: &str) -> String {
    usage.trim().trim_start_matches("Usage:").trim().to_owned()
}

/// The command with the line that says how it is called in Russian; `built` is the same command, put together.
fn with_usage(command: Command, built: &mut Command) -> Command {
    let usage = without_title(&built.render_usage().to_string()).replace("[OPTIONS]", "[КЛЮЧИ]");
    command.override_usage(usage).mut_subcommands(|subcommand| {
        match built.find_subcommand_mut(subcommand.get_name()) {
            Some(built) => with_usage(subcommand, built),
            None => subcommand,
        }
    })
}

/// The language named on the command line, looked for before the arguments are read in earnest: help and complaints
/// about arguments are printed by the reading itself.
pub(crate) fn asked_language(args: impl IntoIterator<Item = OsString>) -> Option<LangArg> {
    let mut args = args.into_iter().skip(1).filter_map(|arg| arg.into_string().ok());
    while let Some(arg) = args.next() {
        let value = match arg.split_once('=') {
            Some(("--lang", value)) => Some(value.to_owned()),
            None if arg == "--lang" => args.next(),
            _ => None,
        };
        match value.as_deref() {
            Some("ru") => return Some(LangArg::Ru),
            Some("en") => return Some(LangArg::En),
            _ => {}
        }
    }
    None
}

fn translated(command: Command, path: &str) -> Command {
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading(COMMANDS)
        .subcommand_value_name("КОМАНДА")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(own_flag("help", 'h', ArgAction::Help, "Показать эту справку"));
    if path.is_empty() {
        command = command.arg(own_flag("version", 'V', ArgAction::Version, "Показать версию"));
    }
    if let Some(about) = russian::text(path) {
        command = command.about(about).long_about(None);
    }
    command = command.mut_args(|arg| translated_arg(arg, path));
    command.mut_subcommands(|subcommand| {
        let path = inner(path, subcommand.get_name());
        translated(subcommand, &path)
    })
}

/// The name of a command inside another one.
fn inner(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }
}

fn own_flag(name: &'static str, short: char, action: ArgAction, help: &'static str) -> Arg {
    Arg::new(name).short(short).long(name).action(action).help(help).help_heading(OPTIONS)
}

fn translated_arg(arg: Arg, path: &str) -> Arg {
    let key = key(path, arg.get_id().as_str());
    let heading = if arg.is_positional() { ARGUMENTS } else { OPTIONS };
    let arg = match arg.get_value_names().and_then(<[_]>::first).and_then(|name| russian::value(name)) {
        Some(name) => arg.value_name(name),
        None => arg,
    };
    let Some(text) = russian::text(&key) else { return arg.help_heading(heading) };
    let mut help = text.to_owned();
    let takes_values = arg.get_action().takes_values();
    if takes_values {
        let values: Vec<String> =
            arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        if !values.is_empty() {
            help.push_str(&format!(" [варианты: {}]", values.join(", ")));
        }
        let defaults: Vec<String> =
            arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
        if !defaults.is_empty() {
            help.push_str(&format!(" [по умолчанию: {}]", defaults.join(", ")));
        }
    }
    arg.help(help)
        .long_help(None)
        .hide_possible_values(takes_values)
        .hide_default_value(takes_values)
        .help_heading(heading)
}

/// The name under which the table knows an argument; those that all commands share belong to none.
fn key(path: &str, id: &str) -> String {
    if matches!(id, "lang" | "color") { format!(".{id}") } else { format!("{path}.{id}") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Args;

    fn keys() -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        collect(&Args::command(), "", &mut keys);
        keys
    }

    fn collect(command: &Command, path: &str, keys: &mut BTreeSet<String>) {
        keys.insert(path.to_owned());
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            keys.insert(key(path, arg.get_id().as_str()));
        }
        for subcommand in command.get_subcommands() {
            collect(subcommand, &inner(path, subcommand.get_name()), keys);
        }
    }

    #[test]
    fn every_value_has_a_russian_name() {
        fn silent(command: &Command, found: &mut BTreeSet<String>) {
            let valued = command.get_arguments().filter(|arg| arg.get_action().takes_values());
            let names = valued.filter_map(Arg::get_value_names).flatten();
            found.extend(names.filter(|name| russian::value(name).is_none()).map(ToString::to_string));
            command.get_subcommands().for_each(|subcommand| silent(subcommand, found));
        }
        let mut found = BTreeSet::new();
        silent(&Args::command(), &mut found);
        assert_eq!(found, BTreeSet::from(["N".to_owned()]));
    }

    #[test]
    fn every_command_and_argument_is_explained_in_russian() {
        let silent: Vec<String> = keys().into_iter().filter(|key| russian::text(key).is_none()).collect();
        assert_eq!(silent, Vec::<String>::new());
    }

    #[cfg(feature = "serve")]
    #[test]
    fn every_command_and_option_is_on_the_page() {
        for page in [include_str!("../../docs/cli.md"), include_str!("../../docs/ru/cli.md")] {
            for command in Args::command().get_subcommands() {
                let name = command.get_name();
                let section = page.split("\n## ").find(|section| section.lines().next() == Some(name));
                let section = section.unwrap_or_else(|| panic!("no section on `{name}`"));
                let all: Vec<&Command> = std::iter::once(command).chain(command.get_subcommands()).collect();
                for inside in command.get_subcommands().map(Command::get_name) {
                    assert!(section.contains(inside), "`{name} {inside}` is not described");
                }
                for option in all.iter().flat_map(|one| one.get_arguments()).filter_map(|arg| arg.get_long())
                {
                    assert!(section.contains(&format!("--{option}")), "`{name} --{option}` is not described");
                }
            }
        }
    }

    #[cfg(feature = "serve")]
    #[test]
    fn no_explanation_is_left_over() {
        let keys = keys();
        let left: Vec<&str> =
            russian::TEXTS.iter().map(|(key, _)| *key).filter(|key| !keys.contains(*key)).collect();
        assert_eq!(left, Vec::<&str>::new());
    }

    #[test]
    fn the_language_is_found_wherever_it_stands() {
        let asked = |line: &str| asked_language(line.split(' ').map(OsString::from));
        assert_eq!(asked("rules --lang ru check"), Some(LangArg::Ru));
        assert_eq!(asked("rules check --lang=en x"), Some(LangArg::En));
        assert_eq!(asked("rules check --lang xx"), None);
        assert_eq!(asked("rules check ru"), None);
    }

    #[test]
    fn both_helps_are_well_formed() {
        for lang in Lang::ALL {
            in_language(Args::command(), lang).debug_assert();
        }
    }
}
