//! Conditions: tests joined with `and`, `or` and `not`.

use super::name::Word;
use super::value::Value;
use crate::span::Span;

/// A yes/no question about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The whole of it; without the brackets around it.
    pub span: Span,
    /// What it asks.
    pub kind: ConditionKind,
    /// The span of the brackets around it, when there are any.
    pub brackets: Option<Span>,
}

/// What a condition asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionKind {
    /// At least one holds.
    Or {
        /// Two or more.
        terms: Vec<Condition>,
        /// The words `or` between them.
        words: Vec<Word>,
    },
    /// All hold.
    And {
        /// Two or more.
        terms: Vec<Condition>,
        /// The words `and` between them.
        words: Vec<Word>,
    },
    /// It does not hold.
    Not {
        /// The word `not`.
        word: Word,
        /// What does not hold.
        inner: Box<Condition>,
    },
    /// One test.
    Test(Box<Test>),
}

/// One test: a value and what is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// The value that is asked about.
    pub subject: Value,
    /// How it is asked; without an operator the value is itself a yes or no.
    pub operator: Option<Operator>,
    /// What it is compared with.
    pub operand: Operand,
}

/// An operator as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// What it asks.
    pub operation: Operation,
    /// Whether it asks the opposite: `is not`, `not in`, `is present` (not missing).
    pub negated: bool,
    /// Its words.
    pub word: Word,
}

/// What an operator asks, before negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `is`: equal.
    Is,
    /// `in`: one of a list, or inside a schedule.
    In,
    /// `contains`: a piece of a text, an element of a list.
    Contains,
    /// `starts with`.
    StartsWith,
    /// `ends with`.
    EndsWith,
    /// `like`: a pattern for the whole value.
    Like,
    /// `>=`.
    AtLeast,
    /// `<=`.
    AtMost,
    /// `>`.
    Over,
    /// `<`.
    Under,
    /// `is missing`; negated, `is present`.
    Missing,
}

/// What a test compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Nothing: `is missing`, or no operator at all.
    None,
    /// One value; after `in`, the name of a list or schedule.
    One(Item),
    /// `(a, b)` after `in`.
    Many(Vec<Item>),
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// `exactly` in front: byte for byte.
    pub exactly: Option<Word>,
    /// The value.
    pub value: Value,
}

impl Operand {
    /// The values, one or many.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        match self {
            Self::None => &[],
            Self::One(item) => std::slice::from_ref(item),
            Self::Many(items) => items,
        }
    }
}

impl Condition {
    /// The whole of it with its brackets.
    #[must_use]
    pub fn outer_span(&self) -> Span {
        self.brackets.unwrap_or(self.span)
    }
}
