//! Help in Russian.
//!
//! The code declares English help beside each argument. For Russian, every text is replaced from one table, and the
//! words that clap adds by itself (`Usage`, `Options`, `[default: …]`) are written here.

mod russian;

use std::ffi::OsString;

use clap::{Arg, ArgAction, Command};
use switchboard_grammar::lang::Lang;

use crate::language::LangArg;

const TEMPLATE: &str = "{about-with-newline}\nВызов: {usage}\n\n{all-args}{after-help}";
const ARGUMENTS: &str = "Что указать";
const OPTIONS: &str = "Ключи";
const COMMANDS: &str = "Команды";

/// The command with its help in `lang`.
pub(crate) fn in_language(command: Command, lang: Lang) -> Command {
    match lang {
        Lang::En => command,
        Lang::Ru => translated(command, ""),
    }
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
