//! What is wrong with the arguments, in Russian.
//!
//! clap finds the mistakes and says them in English only. For Russian its findings are taken apart by kind and said
//! anew; what it shows besides (how the command is called) comes from the command, whose words are translated already.

use std::error::Error as _;
use std::fmt;
use std::num::ParseIntError;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use switchboard_engine::moment::MomentError;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

/// A value of an argument that cannot be used, in both languages: what parsers of values return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WrongValue(Text);

impl WrongValue {
    /// What is expected instead.
    pub(crate) fn new(en: &str, ru: &str) -> Self {
        Self(Text::new(en, ru))
    }
}

impl fmt::Display for WrongValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.get(Lang::En))
    }
}

impl std::error::Error for WrongValue {}

/// What is wrong, in one Russian sentence; None for what is no mistake, or one that has no words here.
pub(super) fn sentence(error: &Error) -> Option<String> {
    let said = |kind: ContextKind| named(error, kind);
    let argument = said(ContextKind::InvalidArg);
    Some(match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = said(ContextKind::InvalidSubcommand)?;
            format!("нет команды {name}{}", meant(said(ContextKind::SuggestedSubcommand)))
        }
        ErrorKind::UnknownArgument => {
            let name = argument?;
            let nearest = meant(said(ContextKind::SuggestedArg));
            if name.starts_with("`-") {
                format!("нет ключа {name}{nearest}")
            } else {
                format!("{name} здесь лишнее{nearest}")
            }
        }
        ErrorKind::InvalidValue => {
            let (name, value) = (argument?, said(ContextKind::InvalidValue)?);
            let known = said(ContextKind::ValidValue);
            if value == "``" {
                let known = known.map_or_else(String::new, |known| format!("; бывают: {known}"));
                format!("у {name} не указано значение{known}")
            } else {
                let nearest = meant(said(ContextKind::SuggestedValue));
                let known = known.map_or_else(String::new, |known| format!("; бывают: {known}"));
                format!("{name} не принимает {value}{nearest}{known}")
            }
        }
        ErrorKind::ValueValidation => {
            let (name, value) = (argument?, said(ContextKind::InvalidValue)?);
            let why = reason(error).map_or_else(String::new, |why| format!(": {why}"));
            format!("{name} не принимает {value}{why}")
        }
        ErrorKind::MissingRequiredArgument => format!("не указано: {}", argument?),
        ErrorKind::MissingSubcommand => "не указано, что сделать".to_owned(),
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            Some(other) if Some(&other) == argument.as_ref() => format!("{other} указано дважды"),
            Some(other) => format!("{} и {other} вместе не принимаются", argument?),
            None => format!("{} не принимается вместе с остальным", argument?),
        },
        ErrorKind::NoEquals => format!("значение {} пишется после `=`", argument?),
        ErrorKind::TooManyValues => format!("у {} слишком много значений", argument?),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("у {} не столько значений, сколько нужно", argument?)
        }
        ErrorKind::InvalidUtf8 => "в ключах есть знаки не в кодировке UTF-8".to_owned(),
        _ => return None,
    })
}

fn meant(nearest: Option<String>) -> String {
    nearest.map_or_else(String::new, |nearest| format!("; возможно, имелось в виду {nearest}?"))
}

/// What clap has noted under a heading, each name in backquotes.
fn named(error: &Error, kind: ContextKind) -> Option<String> {
    let quoted = |name: &String| match name.strip_prefix('<').and_then(|name| name.strip_suffix('>')) {
        // One of several: `<--fix|--diff>`.
        Some(either) if either.contains('|') => format!("`{}`", either.replace('|', "` или `")),
        _ => format!("`{name}`"),
    };
    match error.get(kind)? {
        ContextValue::String(name) => Some(quoted(name)),
        ContextValue::Strings(names) if !names.is_empty() => {
            Some(names.iter().map(quoted).collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}

/// Why a parser refused a value.
fn reason(error: &Error) -> Option<String> {
    let source = error.source()?;
    if let Some(wrong) = source.downcast_ref::<WrongValue>() {
        return Some(wrong.0.get(Lang::Ru).to_owned());
    }
    if source.is::<MomentError>() {
        return Some("момент пишется так: `2026-03-02T12:00:00+03:00`".to_owned());
    }
    if source.is::<ParseIntError>() {
        return Some("нужно целое число".to_owned());
    }
    // How clap says that a number is out of its range.
    let said = source.to_string();
    let (least, most) = said.split_once(" is not in ")?.1.split_once("..=")?;
    Some(format!("нужно число от {least} до {most}"))
}
