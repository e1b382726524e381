//! Comments: kept where they stand, so that the formatter can put them back.

use smol_str::SmolStr;

use super::name::Name;
use crate::span::Span;

/// A comment, from `#` to the end of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands.
    pub span: Span,
    /// The text with its `#`, without blanks at the end.
    pub text: String,
    /// What it is.
    pub kind: CommentKind,
    /// Whether a blank line stands above it.
    pub blank_before: bool,
}

/// What a comment is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `# words`.
    Plain,
    /// `## words` above a section: its description.
    Doc,
    /// `# rules: allow NAME, NAME – reason`.
    Suppression(Suppression),
}

/// An order to keep quiet about a finding on the line (or section) below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The diagnostics by name.
    pub names: Vec<Name>,
    /// Why; `None` when nothing is said, which is a finding of its own.
    pub reason: Option<SmolStr>,
}

impl Comment {
    /// The suppression that this comment is.
    #[must_use]
    pub const fn suppression(&self) -> Option<&Suppression> {
        match &self.kind {
            CommentKind::Suppression(suppression) => Some(suppression),
            CommentKind::Plain | CommentKind::Doc => None,
        }
    }

    /// The words without `#` and the blanks around them.
    #[must_use]
    pub fn words(&self) -> &str {
        self.text.trim_start_matches('#').trim()
    }
}
