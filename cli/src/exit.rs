//! The exit codes, each with one meaning.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; nothing to report at the level asked for.
    Clean,
    /// Done; there are findings: diagnostics, unformatted files, a day that did not end as it should.
    Findings,
    /// Not done: wrong arguments, or input that cannot be read.
    Usage,
    /// Not done: a defect of this program or of the machine under it.
    Internal,
}

impl Exit {
    /// The number that the shell sees.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Internal => 3,
        }
    }

    /// [`Exit::Findings`] when there are some.
    pub(crate) const fn findings(there_are: bool) -> Self {
        if there_are { Self::Findings } else { Self::Clean }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
