//! Values: literals, names, calls, and what stands in for them when they are missing.

use super::literal::Literal;
use super::name::{Path, Word};
use crate::span::Span;

/// Something that has a value for an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The whole of it; without the brackets around it.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
    /// The span of the brackets around it, when there are any.
    pub brackets: Option<Span>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// Written out.
    Literal(Literal),
    /// A name: a field, a setting, a table, a list, or a word that the field's type knows.
    Path(Path),
    /// `name(a, b)`.
    Call(Call),
    /// `a else b else c`: the first that is not missing.
    Else {
        /// Two or more; none of them is itself such a chain without brackets.
        options: Vec<Value>,
        /// The words `else` between them.
        words: Vec<Word>,
    },
    /// `default`: the built-in choice.
    Default(Word),
}

/// `name(a, b)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function.
    pub name: Path,
    /// What it is given.
    pub arguments: Vec<Value>,
}

impl Value {
    /// The whole of it with its brackets.
    #[must_use]
    pub fn outer_span(&self) -> Span {
        self.brackets.unwrap_or(self.span)
    }

    /// The name that it is, when it is one.
    #[must_use]
    pub const fn path(&self) -> Option<&Path> {
        match &self.kind {
            ValueKind::Path(path) => Some(path),
            _ => None,
        }
    }

    /// The literal that it is, when it is one.
    #[must_use]
    pub const fn literal(&self) -> Option<&Literal> {
        match &self.kind {
            ValueKind::Literal(literal) => Some(literal),
            _ => None,
        }
    }
}
