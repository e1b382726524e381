//! Texts in quotes, and the `{{ … }}` holes in them.

use smol_str::SmolStr;

use super::name::Name;
use super::value::Value;
use crate::span::Span;

/// A text in quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLiteral {
    /// With its quotes.
    pub span: Span,
    /// What stands between the quotes; two plain pieces never stand side by side.
    pub parts: Vec<Part>,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain text, escapes resolved; never empty.
    Text {
        /// Where it stands, escapes and all.
        span: Span,
        /// What it says.
        text: SmolStr,
    },
    /// `{{ … }}`.
    Hole(Hole),
}

/// `{{ value else fallback | filter }}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// With its braces.
    pub span: Span,
    /// What is put here.
    pub value: Value,
    /// How it is written, in order.
    pub filters: Vec<TemplateFilter>,
}

/// `date "DD.MM HH:mm"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFilter {
    /// Name and arguments.
    pub span: Span,
    /// Which filter.
    pub name: Name,
    /// Literals after it.
    pub arguments: Vec<Value>,
}

impl TextLiteral {
    /// The text, when it has no holes.
    #[must_use]
    pub fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text { text, .. }] => Some(text),
            _ => None,
        }
    }

    /// The holes in order.
    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(hole) => Some(hole),
            Part::Text { .. } => None,
        })
    }

    /// Where the text stands without its quotes.
    #[must_use]
    pub fn inside(&self) -> Span {
        let parts = self.parts.iter().map(|part| match part {
            Part::Text { span, .. } => *span,
            Part::Hole(hole) => hole.span,
        });
        parts.reduce(Span::cover).unwrap_or(Span::at(self.span.start + 1))
    }
}
