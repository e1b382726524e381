//! The value itself: what fields, literals and results hold.
//!
//! Its constructors keep the one meaning of missing: no blank text, no empty list, no missing element.

use std::sync::Arc;

use super::is_missing_text;
use crate::decimal::Decimal;
use crate::moment::{Date, Moment, Seconds, Time};
use crate::phone::Phone;
use crate::schema::EnumValue;
use crate::text::Text;
use crate::ty::{Scalar, Type};

/// A value of the language.
///
/// Rust equality is by form: `Text` against `Text` by bytes. The language compares with [`Value::same`].
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Nothing is known: absent, null, blank, an empty list, an unfilled `{{…}}`.
    #[default]
    Missing,
    /// Text or a reference. Invariant of all constructors here: not blank.
    Text(Text),
    /// A decimal number.
    Number(Decimal),
    /// Yes or no.
    Bool(bool),
    /// A phone.
    Phone(Phone),
    /// A length of time.
    Duration(Seconds),
    /// An instant with its offset.
    Moment(Moment),
    /// A calendar day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A value of an enum.
    Enum(EnumValue),
    /// Values that are there, at least one. Invariant of all constructors here: no element is missing.
    List(Arc<[Value]>),
}

/// The value that stands wherever a reference to "missing" is needed.
pub static MISSING: Value = Value::Missing;

impl Value {
    /// A text, or missing when it is blank or an unfilled `{{…}}`.
    pub fn text(raw: impl Into<smol_str::SmolStr>) -> Value {
        let raw = raw.into();
        if is_missing_text(&raw) { Value::Missing } else { Value::Text(Text::new(raw)) }
    }

    /// A list without its missing elements, or missing when none is left.
    pub fn list(values: impl IntoIterator<Item = Value>) -> Value {
        let present: Arc<[Value]> = values.into_iter().filter(|value| !value.is_missing()).collect();
        if present.is_empty() { Value::Missing } else { Value::List(present) }
    }

    /// Whether nothing is known.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Value::Missing)
    }

    /// `x else y`: the value itself, or the other when it is missing.
    #[must_use]
    pub fn or_else<'v>(&'v self, other: &'v Value) -> &'v Value {
        if self.is_missing() { other } else { self }
    }

    /// The text inside a text value.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The elements of a list; one for a single value, none for missing.
    pub fn elements(&self) -> &[Value] {
        match self {
            Value::Missing => &[],
            Value::List(values) => values,
            single => std::slice::from_ref(single),
        }
    }

    /// Whether the value can stand where a type is asked for. Missing fits optional types only.
    pub fn fits(&self, ty: Type) -> bool {
        match self {
            Value::Missing => ty.optional,
            Value::List(values) => {
                (ty.list && values.iter().all(|value| value.fits_scalar(ty.scalar)))
                    || ty.scalar == Scalar::Any
            }
            value => !ty.list && value.fits_scalar(ty.scalar),
        }
    }

    fn fits_scalar(&self, scalar: Scalar) -> bool {
        match (scalar, self) {
            (Scalar::Any, value) => !value.is_missing(),
            (Scalar::Text | Scalar::Reference(_), Value::Text(_))
            | (Scalar::Number, Value::Number(_))
            | (Scalar::YesNo, Value::Bool(_))
            | (Scalar::Phone, Value::Phone(_))
            | (Scalar::Duration, Value::Duration(_))
            | (Scalar::Moment, Value::Moment(_))
            | (Scalar::Date, Value::Date(_))
            | (Scalar::Time, Value::Time(_)) => true,
            (Scalar::Enum(of), Value::Enum(value)) => value.of() == of,
            (Scalar::Enum(of), Value::Text(_)) => of.open,
            _ => false,
        }
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Value {
        Value::Number(number)
    }
}

impl From<bool> for Value {
    fn from(answer: bool) -> Value {
        Value::Bool(answer)
    }
}

impl From<Phone> for Value {
    fn from(phone: Phone) -> Value {
        Value::Phone(phone)
    }
}

impl From<Seconds> for Value {
    fn from(length: Seconds) -> Value {
        Value::Duration(length)
    }
}

impl From<Moment> for Value {
    fn from(moment: Moment) -> Value {
        Value::Moment(moment)
    }
}

impl From<EnumValue> for Value {
    fn from(value: EnumValue) -> Value {
        Value::Enum(value)
    }
}

impl From<&str> for Value {
    fn from(raw: &str) -> Value {
        Value::text(raw)
    }
}
