//! Comparing values: two answers, never three.
//!
//! Every test about a missing value is "no", and the opposite of a test is what `not` makes of it, so De Morgan
//! holds. Values of different types are not equal and in no order; the checker sees to it that rules do not ask.

use std::cmp::Ordering;

use super::{Pattern, Value};
use crate::schema::EnumValue;
use crate::text::Text;

impl Value {
    /// `x is v`: whether both are there and are one in the language.
    ///
    /// Texts are compared folded, moments by instant, lists element by element. A text against an enum asks
    /// whether the text is one of the value's names.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) => a.same(b),
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Phone(a), Value::Phone(b)) => a == b,
            (Value::Duration(a), Value::Duration(b)) => a == b,
            (Value::Moment(a), Value::Moment(b)) => a.same(b),
            (Value::Date(a), Value::Date(b)) => a == b,
            (Value::Time(a), Value::Time(b)) => a == b,
            (Value::Enum(a), Value::Enum(b)) => a == b,
            (Value::Enum(value), Value::Text(text)) | (Value::Text(text), Value::Enum(value)) => {
                is_named(*value, text)
            }
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.same(b))
            }
            _ => false,
        }
    }

    /// `x is exactly "v"`: as [`Value::same`], but texts byte for byte.
    pub fn same_exactly(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::Enum(value), Value::Text(text)) | (Value::Text(text), Value::Enum(value)) => {
                let item = value.item();
                text.as_str() == item.en || item.originals.contains(&text.as_str())
            }
            (Value::List(a), Value::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.same_exactly(b))
            }
            _ => self.same(other),
        }
    }

    /// Which of two values is greater; None unless both are of one ordered type.
    pub fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
            (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
            (Value::Moment(a), Value::Moment(b)) => Some(a.compare(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::Time(a), Value::Time(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// `x > v`; no when either is missing.
    pub fn is_greater(&self, other: &Value) -> bool {
        self.order(other) == Some(Ordering::Greater)
    }

    /// `x >= v`; no when either is missing.
    pub fn is_at_least(&self, other: &Value) -> bool {
        self.order(other).is_some_and(Ordering::is_ge)
    }

    /// `x < v`; no when either is missing.
    pub fn is_less(&self, other: &Value) -> bool {
        self.order(other) == Some(Ordering::Less)
    }

    /// `x <= v`; no when either is missing.
    pub fn is_at_most(&self, other: &Value) -> bool {
        self.order(other).is_some_and(Ordering::is_le)
    }

    /// `x contains v`: a text inside a text, or an element of a list.
    pub fn contains(&self, needle: &Value) -> bool {
        match (self, needle) {
            (Value::List(values), needle) => values.iter().any(|value| value.same(needle)),
            (Value::Text(text), Value::Text(needle)) => text.folded().contains(needle.folded()),
            _ => false,
        }
    }

    /// `x starts with v`; of a list: whether an element does.
    pub fn starts_with(&self, prefix: &Value) -> bool {
        match (self, prefix) {
            (Value::List(values), _) => values.iter().any(|value| value.starts_with(prefix)),
            (Value::Text(text), Value::Text(prefix)) => text.folded().starts_with(prefix.folded()),
            _ => false,
        }
    }

    /// `x ends with v`; of a list: whether an element does.
    pub fn ends_with(&self, suffix: &Value) -> bool {
        match (self, suffix) {
            (Value::List(values), _) => values.iter().any(|value| value.ends_with(suffix)),
            (Value::Text(text), Value::Text(suffix)) => text.folded().ends_with(suffix.folded()),
            _ => false,
        }
    }

    /// `x like "VIP*"`; of a list: whether an element is.
    pub fn is_like(&self, pattern: &Pattern) -> bool {
        match self {
            Value::List(values) => values.iter().any(|value| value.is_like(pattern)),
            Value::Text(text) => pattern.matches_folded(text.folded()),
            Value::Enum(value) => pattern.matches_folded(value.en()),
            _ => false,
        }
    }
}

/// Whether a text is one of an enum value's names, letter case aside.
fn is_named(value: EnumValue, text: &Text) -> bool {
    value.of().find_folded(text.as_str()) == Some(value)
}
