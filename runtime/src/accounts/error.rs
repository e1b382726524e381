//! Why an account was not added, removed or checked.

use std::io;
use std::path::PathBuf;

use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

use crate::checkup::Report;
use crate::config::ConfigError;

/// Why the settings were not changed. Whatever it is, they are as they were.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The server was not started from a file.
    #[error("the server has no file of settings")]
    NoFile,
    /// A file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("`{}` cannot be written", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The settings are wrong, or would be.
    #[error(transparent)]
    Settings(#[from] ConfigError),
    /// There is an account of this name.
    #[error("there is an account `{name}` already")]
    Taken {
        /// The name.
        name: String,
    },
    /// There is no account of this name.
    #[error("there is no account `{name}`")]
    Unknown {
        /// The name.
        name: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A request named a file outside of the folder of the settings.
    #[error("`{path}` is not below the folder of the settings")]
    Outside {
        /// What was named.
        path: String,
    },
    /// The section of the account cannot be told from the rest.
    #[error("the section of the account cannot be told from the rest of the file")]
    ByHand,
    /// Somebody else changed the file meanwhile.
    #[error("the file was changed meanwhile")]
    Changed,
    /// A check found errors.
    #[error("the check found errors")]
    Found {
        /// What it found.
        report: Box<Report>,
    },
    /// The running server could not take the settings up.
    #[error("the settings were not taken up: {}", why.en)]
    NotTakenUp {
        /// Why not.
        why: Text,
    },
    /// The system failed.
    #[error("the system failed: {0}")]
    System(#[source] io::Error),
}

impl EditError {
    /// A stable name for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoFile => "no_file",
            Self::Read { .. } => "not_read",
            Self::Write { .. } => "not_written",
            Self::Settings(_) => "settings",
            Self::Taken { .. } => "name_taken",
            Self::Unknown { .. } => "unknown_account",
            Self::Outside { .. } => "outside",
            Self::ByHand => "by_hand",
            Self::Changed => "changed",
            Self::Found { .. } => "check_failed",
            Self::NotTakenUp { .. } => "not_taken_up",
            Self::System(_) => "system",
        }
    }

    /// The same in words.
    pub fn text(&self) -> Text {
        match self {
            Self::NoFile => Text::new(
                "the server was not started from a file of settings, so its accounts cannot be changed",
                "сервер запущен не из файла настроек, поэтому его аккаунты не изменить",
            ),
            Self::Read { path, source } => Text::new(
                format!("`{}` cannot be read: {source}", path.display()),
                format!("`{}` не читается: {source}", path.display()),
            ),
            Self::Write { path, source } => Text::new(
                format!("`{}` cannot be written: {source}", path.display()),
                format!("`{}` не записывается: {source}", path.display()),
            ),
            Self::Settings(error) => Text::new(error.text(Lang::En), error.text(Lang::Ru)),
            Self::Taken { name } => Text::new(
                format!("there is an account `{name}` already"),
                format!("аккаунт `{name}` уже есть"),
            ),
            Self::Unknown { name, known } => {
                let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                let known = known.join(", ");
                Text::new(
                    format!("there is no account `{name}`; there are: {known}"),
                    format!("аккаунта `{name}` нет; есть: {known}"),
                )
            }
            Self::Outside { path } => Text::new(
                format!("`{path}` must be a path below the folder of the settings, without `..`"),
                format!("`{path}` должен быть путём внутри папки настроек, без `..`"),
            ),
            Self::ByHand => Text::new(
                "the section of the account cannot be told from the rest of the file; change it by hand",
                "раздел аккаунта не отделить от остального файла; измените его вручную",
            ),
            Self::Changed => Text::new(
                "the file of settings was changed by somebody else meanwhile; try again",
                "файл настроек тем временем изменил кто-то ещё; повторите",
            ),
            Self::Found { .. } => Text::new(
                "the account was not added: the check found errors",
                "аккаунт не добавлен: проверка нашла ошибки",
            ),
            Self::NotTakenUp { why } => Text::new(
                format!("the settings are as they were: {}", why.en),
                format!("настройки остались прежними: {}", why.ru),
            ),
            Self::System(error) => {
                Text::new(format!("the system failed: {error}"), format!("сбой системы: {error}"))
            }
        }
    }
}
