//! What is wrong with a settings file: every problem with its place, in English and in Russian.
//!
//! Made by `reader` and `load`, printed by the program. All problems of a file are reported at once, because a
//! server that is started again after each one is no help.

use std::fmt::Write as _;
use std::path::PathBuf;

use switchboard_engine::outside::system_error;
use switchboard_grammar::diagnostic::Text;
use switchboard_grammar::lang::Lang;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The setting, such as `limits.body_bytes` or `account[2].retailcrm.url`; empty for the file as a whole.
    pub key: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong and what is expected.
    pub message: Text,
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file could not be read.
    #[error("settings file `{path}` cannot be read")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file was read and is wrong; there is at least one problem.
    #[error("{}", render(path, problems, Lang::En))]
    Invalid {
        /// Which file.
        path: PathBuf,
        /// What is wrong, in the order of the file.
        problems: Vec<Problem>,
    },
}

impl ConfigError {
    /// Says it in a language; one line a problem, each with `file:line:column`.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Unreadable { path, source } => {
                let (path, why) = (path.display(), system_error(source));
                lang.pick(
                    format!("settings file `{path}` cannot be read: {}", why.en),
                    format!("файл настроек `{path}` не читается: {}", why.ru),
                )
            }
            Self::Invalid { path, problems } => render(path, problems, lang),
        }
    }

    /// The problems; none when the file could not even be read.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Unreadable { .. } => &[],
            Self::Invalid { problems, .. } => problems,
        }
    }
}

fn render(path: &std::path::Path, problems: &[Problem], lang: Lang) -> String {
    let mut text = String::new();
    for (index, problem) in problems.iter().enumerate() {
        let newline = if index == 0 { "" } else { "\n" };
        let colon = if problem.key.is_empty() { "" } else { ": " };
        // Writing to a `String` cannot fail.
        let _ = write!(
            text,
            "{newline}{}:{}:{}: {}{colon}{}",
            path.display(),
            problem.line,
            problem.column,
            problem.key,
            problem.message.get(lang),
        );
    }
    text
}

/// A refusal in English and in Russian.
pub(super) fn both(en: &str, ru: &str) -> (String, String) {
    (en.to_owned(), ru.to_owned())
}
