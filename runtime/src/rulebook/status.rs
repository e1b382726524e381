//! How the rules of an account stand, for people and machines.

use std::sync::Arc;

use jiff::Timestamp;
use switchboard_grammar::diagnostic::{Diagnostic, Severity, Text};
use switchboard_grammar::lang::Lang;
use switchboard_grammar::render::Renderer;
use switchboard_grammar::source::SourceMap;

use super::names::Names;

/// What was wrong, or worth saying, at the last look.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The folder could not be read.
    Folder(Text),
    /// Something in the files.
    Rules {
        /// What.
        diagnostic: Box<Diagnostic>,
        /// The files that it points into.
        sources: Arc<SourceMap>,
    },
}

/// How the rules of an account stand.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Status {
    /// The account.
    pub account: String,
    /// The digest of the rules in force; `None` when there are none.
    pub digest: Option<String>,
    /// Since when they are.
    pub since: Option<Timestamp>,
    /// The digest of the files as they were last read; `None` when they could not be.
    pub on_disk: Option<String>,
    /// When the folder was last looked at.
    pub looked_at: Option<Timestamp>,
    /// What was wrong or worth saying then.
    pub problems: Vec<Problem>,
    /// The names in the files that the account does not have; `None` while nothing is known of the account.
    pub names: Option<Names>,
}

impl Problem {
    /// How bad it is.
    pub fn severity(&self) -> Severity {
        match self {
            Self::Folder(_) => Severity::Error,
            Self::Rules { diagnostic, .. } => diagnostic.severity,
        }
    }

    /// The problem with the place in the file, several lines long.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Folder(text) => text.get(lang).to_owned(),
            Self::Rules { diagnostic, sources } => Renderer::new(lang).human(sources, diagnostic),
        }
    }

    /// The problem in one line.
    pub fn line(&self, lang: Lang) -> String {
        match self {
            Self::Folder(text) => text.get(lang).to_owned(),
            Self::Rules { diagnostic, sources } => Renderer::new(lang).concise(sources, diagnostic),
        }
    }
}

impl Status {
    /// Whether what is on disk is not what is in force.
    pub fn is_stale(&self) -> bool {
        self.looked_at.is_some() && (self.on_disk.is_none() || self.on_disk != self.digest)
    }

    /// The digest of the files on disk when they were read and are not in force.
    pub fn refused(&self) -> Option<&str> {
        self.on_disk.as_deref().filter(|on_disk| self.digest.as_deref() != Some(*on_disk))
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity() == Severity::Error).count()
    }

    /// How many names in the files the account does not have; `None` while nothing is known of the account.
    pub fn unknown_names(&self) -> Option<usize> {
        self.names.as_ref().map(|names| names.unknown.len())
    }
}
