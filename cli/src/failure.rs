//! Why a command gave up, in both languages, and which exit code that means.

use std::io;
use std::path::{Path, PathBuf};

use switchboard_engine::outside::system_error;
use switchboard_grammar::diagnostic::Text;

use crate::exit::Exit;

/// Why a command gave up.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read our output has closed it; no error at all.
    BrokenPipe,
    /// Output could not be written.
    Output(io::Error),
    /// A file could not be read.
    Read {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file could not be written.
    Write {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The arguments or the input are not what the command needs.
    Input(Text),
    /// Somebody stopped it before its end.
    #[cfg_attr(not(feature = "serve"), expect(dead_code, reason = "only the demo takes long enough"))]
    Interrupted(Text),
    /// Something that should not happen.
    #[cfg_attr(
        not(feature = "serve"),
        expect(dead_code, reason = "only the server and the demo meet the machine")
    )]
    Internal(Text),
}

impl Failure {
    /// A file that could not be read.
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Read { path, source }
    }

    /// A file that could not be written.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Write { path, source }
    }

    /// Arguments or input that the command cannot use.
    pub(crate) fn input(en: impl Into<String>, ru: impl Into<String>) -> Self {
        Self::Input(Text::new(en, ru))
    }

    /// The exit code that it means.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::BrokenPipe => Exit::Clean,
            Self::Interrupted(_) => Exit::Findings,
            Self::Output(_) | Self::Internal(_) => Exit::Internal,
            Self::Read { .. } | Self::Write { .. } | Self::Input(_) => Exit::Usage,
        }
    }

    /// What to tell; nothing for a broken pipe.
    pub(crate) fn text(&self) -> Option<Text> {
        match self {
            Self::BrokenPipe => None,
            Self::Output(error) => {
                let why = system_error(error);
                Some(Text::new(
                    format!("cannot write the output: {}", why.en),
                    format!("не удаётся записать вывод: {}", why.ru),
                ))
            }
            Self::Read { path, source } => {
                let (path, why) = (path.display(), system_error(source));
                Some(Text::new(
                    format!("cannot read `{path}`: {}", why.en),
                    format!("не удаётся прочитать `{path}`: {}", why.ru),
                ))
            }
            Self::Write { path, source } => {
                let (path, why) = (path.display(), system_error(source));
                Some(Text::new(
                    format!("cannot write `{path}`: {}", why.en),
                    format!("не удаётся записать `{path}`: {}", why.ru),
                ))
            }
            Self::Input(text) | Self::Interrupted(text) | Self::Internal(text) => Some(text.clone()),
        }
    }
}

impl From<io::Error> for Failure {
    /// An error of the output; errors of files are wrapped by [`Failure::read`] and [`Failure::write`].
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::BrokenPipe } else { Self::Output(error) }
    }
}
