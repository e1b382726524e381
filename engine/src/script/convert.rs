//! Values of the language and values of Rhai.
//!
//! Going in: missing is `()`, numbers are decimals whatever their digits (so that `n / 2` does not depend on
//! them), durations whole seconds, phones `"+74951234567"`, enums their English names, moments, dates and times
//! types of their own. Coming back, a value must be of the declared type; blank texts and empty arrays are missing.

use rhai::{Array, Dynamic, ImmutableString};

use crate::decimal::Decimal;
use crate::moment::{Date, Moment, Seconds, Time};
use crate::phone::Phone;
use crate::text::Text;
use crate::ty::{Scalar, Type};
use crate::value::Value;

/// A value for a script.
pub(super) fn to_dynamic(value: &Value) -> Dynamic {
    match value {
        Value::Missing => Dynamic::UNIT,
        Value::Text(text) => Dynamic::from(ImmutableString::from(text.as_str())),
        Value::Number(number) => Dynamic::from_decimal(*number),
        Value::Bool(answer) => Dynamic::from_bool(*answer),
        Value::Phone(phone) => Dynamic::from(ImmutableString::from(phone.to_string())),
        Value::Duration(length) => Dynamic::from_int(length.0),
        Value::Moment(moment) => Dynamic::from(*moment),
        Value::Date(date) => Dynamic::from(*date),
        Value::Time(time) => Dynamic::from(*time),
        Value::Enum(value) => Dynamic::from(ImmutableString::from(value.en())),
        Value::List(values) => values.iter().map(to_dynamic).collect::<Array>().into(),
    }
}

/// A script's value as one of a type; None when it is of another.
pub(super) fn from_dynamic(dynamic: &Dynamic, ty: Type) -> Option<Value> {
    let value = if ty.list {
        match dynamic.read_lock::<Array>() {
            Some(items) => {
                let element = ty.element().optional();
                let values: Option<Vec<Value>> =
                    items.iter().map(|item| from_dynamic(item, element)).collect();
                Value::list(values?)
            }
            None if dynamic.is_unit() => Value::Missing,
            None => return None,
        }
    } else {
        scalar_from_dynamic(dynamic, ty.scalar)?
    };
    (!value.is_missing() || ty.optional).then_some(value)
}

fn scalar_from_dynamic(dynamic: &Dynamic, scalar: Scalar) -> Option<Value> {
    if dynamic.is_unit() {
        return Some(Value::Missing);
    }
    let text = dynamic.read_lock::<ImmutableString>();
    let text = text.as_ref().map(|text| text.as_str());
    if let Some(text) = text
        && crate::value::is_missing_text(text)
    {
        return Some(Value::Missing);
    }
    match scalar {
        Scalar::Text | Scalar::Reference(_) => Some(Value::Text(Text::new(text?))),
        Scalar::Number => number(dynamic).map(Value::Number),
        Scalar::YesNo => dynamic.as_bool().ok().map(Value::Bool),
        Scalar::Phone => Phone::parse(text?).ok().map(Value::Phone),
        Scalar::Duration => seconds(dynamic).map(Value::Duration),
        Scalar::Moment => dynamic.clone().try_cast::<Moment>().map(Value::Moment),
        Scalar::Date => dynamic.clone().try_cast::<Date>().map(Value::Date),
        Scalar::Time => dynamic.clone().try_cast::<Time>().map(Value::Time),
        Scalar::Enum(of) => match of.by_en(text?) {
            Some(value) => Some(Value::Enum(value)),
            None => of.open.then(|| Value::text(text.unwrap_or_default())),
        },
        Scalar::Any => text
            .map(|text| Value::Text(Text::new(text)))
            .or_else(|| number(dynamic).map(Value::Number))
            .or_else(|| dynamic.as_bool().ok().map(Value::Bool))
            .or_else(|| dynamic.clone().try_cast::<Moment>().map(Value::Moment))
            .or_else(|| dynamic.clone().try_cast::<Date>().map(Value::Date))
            .or_else(|| dynamic.clone().try_cast::<Time>().map(Value::Time)),
    }
}

fn number(dynamic: &Dynamic) -> Option<Decimal> {
    dynamic
        .as_int()
        .map(Decimal::from)
        .or_else(|_| dynamic.as_decimal())
        .ok()
        .map(|number| number.normalize())
}

fn seconds(dynamic: &Dynamic) -> Option<Seconds> {
    let number = number(dynamic)?;
    if number.is_integer() { i64::try_from(number).ok().map(Seconds) } else { None }
}
