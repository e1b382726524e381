//! Names and keywords as they stand in a file.

use smol_str::SmolStr;

use crate::keywords::Keyword;
use crate::span::Span;

/// One word of a name, as written: letters of any script, digits and `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Where it stands.
    pub span: Span,
    /// The word.
    pub text: SmolStr,
}

/// A name with dots: `client.custom.vip`. Holds at least one word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// From the first word to the last.
    pub span: Span,
    /// The words between the dots.
    pub segments: Vec<Name>,
}

/// A keyword as it stands in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it stands; covers all its words ("starts with").
    pub span: Span,
    /// Which keyword.
    pub keyword: Keyword,
    /// The spelling that the formatter writes: the form as written, when the file's language has it.
    pub form: &'static str,
}

impl Path {
    /// The words joined with dots.
    #[must_use]
    pub fn dotted(&self) -> String {
        let mut out = String::new();
        for segment in &self.segments {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(&segment.text);
        }
        out
    }

    /// The word itself, when there is only one.
    #[must_use]
    pub fn single(&self) -> Option<&str> {
        match self.segments.as_slice() {
            [name] => Some(name.text.as_str()),
            _ => None,
        }
    }
}
