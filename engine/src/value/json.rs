//! Values as event files and decisions write them in JSON.
//!
//! Durations are seconds, moments RFC 3339, phones E.164, enums English names, a missing scalar `null`, a
//! missing list `[]`. Reading is strict: a value of another shape is a [`Misfit`], except where the one thing it
//! can mean is plain (a phone written another way, an enum by a UIS name).

use serde_json::Value as Json;
use switchboard_grammar::diagnostic::Text as Told;

use super::Value;
use crate::decimal;
use crate::moment::{Moment, Seconds};
use crate::phone::Phone;
use crate::suggest::{near, sentence};
use crate::text::Text;
use crate::ty::{Scalar, Type};

/// Why a JSON value is not of a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text().en)]
pub struct Misfit {
    /// What was found, cut to [`Misfit::MAX_CHARS`].
    pub found: String,
    /// The type that was wanted.
    pub wanted: Type,
}

impl Misfit {
    /// How much of the found value is kept for the message.
    pub const MAX_CHARS: usize = 60;

    pub(crate) fn new(found: &Json, wanted: Type) -> Misfit {
        let text = match found {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let mut kept: String = text.chars().take(Misfit::MAX_CHARS).collect();
        if kept.len() < text.len() {
            kept.push('…');
        }
        Misfit { found: kept, wanted }
    }

    /// What is wrong and how such values are written, for people.
    pub fn text(&self) -> Told {
        let Misfit { found, wanted } = self;
        let wanted = wanted.required();
        let mut text = Told::new(
            format!("`{found}` is not a {}", wanted.to_en()),
            format!("ожидается {}, а написано `{found}`", wanted.to_ru()),
        );
        if let Some(how) = self.how_to_write() {
            text.en.push_str(&format!("; {}", how.en));
            text.ru.push_str(&format!("; {}", how.ru));
        }
        text
    }

    /// The value of an enum that was probably meant.
    pub fn meant(&self) -> Option<&'static str> {
        let Scalar::Enum(of) = self.wanted.scalar else { return None };
        near(&self.found, of.items.iter().map(|item| item.en)).map(|near| near.name)
    }

    fn how_to_write(&self) -> Option<Told> {
        let as_text = |example: &str| {
            Some(Told::new(format!("write it as \"{example}\""), format!("пишите так: \"{example}\"")))
        };
        if self.wanted.list {
            return Some(Told::new("write a list in brackets", "пишите список в квадратных скобках"));
        }
        match self.wanted.scalar {
            Scalar::YesNo => Some(Told::new("write true or false", "пишите true или false")),
            Scalar::Number => Some(Told::new("write a number without quotes", "пишите число без кавычек")),
            Scalar::Duration => Some(Told::new("write seconds: 90", "пишите секунды: 90")),
            Scalar::Phone => as_text("+74951234567"),
            Scalar::Moment => as_text("2026-03-02T12:00:00+03:00"),
            Scalar::Date => as_text("2026-03-02"),
            Scalar::Time => as_text("09:30"),
            Scalar::Enum(of) => {
                let names = of.items.iter().map(|item| item.en);
                if let Some(near) = near(&self.found, names.clone()) {
                    return Some(sentence(near.likeness, near.name));
                }
                let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                let names = names.join(", ");
                Some(Told::new(format!("there are {names}"), format!("есть {names}")))
            }
            Scalar::Text | Scalar::Reference(_) => {
                Some(Told::new("write a text in quotes", "пишите текст в кавычках"))
            }
            Scalar::Any => None,
        }
    }
}

/// Reads a value of a type. Everything that says nothing is [`Value::Missing`], whatever the type.
///
/// # Errors
///
/// [`Misfit`] when the JSON is something else.
pub fn from_json(json: &Json, ty: Type) -> Result<Value, Misfit> {
    let misfit = || Misfit::new(json, ty);
    match json {
        Json::Null => Ok(Value::Missing),
        Json::Array(items) if ty.list || ty.scalar == Scalar::Any => {
            let values: Result<Vec<Value>, Misfit> =
                items.iter().map(|item| from_json(item, ty.element())).collect();
            Ok(Value::list(values?))
        }
        Json::Array(items) if items.is_empty() => Ok(Value::Missing),
        Json::String(text) if super::is_missing_text(text) => Ok(Value::Missing),
        _ if ty.list => Err(misfit()),
        _ => scalar_from_json(json, ty.scalar).ok_or_else(misfit),
    }
}

/// Writes a value; `list` says whether a missing one is `[]` or `null`.
pub fn to_json(value: &Value, list: bool) -> Json {
    match value {
        Value::Missing if list => Json::Array(Vec::new()),
        Value::Missing => Json::Null,
        Value::Text(text) => Json::from(text.as_str()),
        Value::Number(number) => decimal::to_json(number),
        Value::Bool(answer) => Json::from(*answer),
        Value::Phone(phone) => Json::from(phone.to_string()),
        Value::Duration(length) => Json::from(length.0),
        Value::Moment(moment) => Json::from(moment.to_string()),
        Value::Date(date) => Json::from(date.to_string()),
        Value::Time(time) => Json::from(time.to_string()),
        Value::Enum(value) => Json::from(value.en()),
        Value::List(values) => values.iter().map(|value| to_json(value, false)).collect(),
    }
}

fn scalar_from_json(json: &Json, scalar: Scalar) -> Option<Value> {
    match (scalar, json) {
        (Scalar::Text | Scalar::Reference(_) | Scalar::Any, Json::String(text)) => {
            Some(Value::Text(Text::new(text.as_str())))
        }
        (Scalar::Number | Scalar::Any, Json::Number(number)) => decimal::from_json(number).map(Value::Number),
        (Scalar::YesNo | Scalar::Any, Json::Bool(answer)) => Some(Value::Bool(*answer)),
        (Scalar::Phone, Json::String(text)) => Phone::parse(text).ok().map(Value::Phone),
        (Scalar::Duration, Json::Number(number)) => number.as_i64().map(|n| Value::Duration(Seconds(n))),
        (Scalar::Moment, Json::String(text)) => text.parse::<Moment>().ok().map(Value::Moment),
        (Scalar::Date, Json::String(text)) => text.parse().ok().map(Value::Date),
        (Scalar::Time, Json::String(text)) => text.parse().ok().map(Value::Time),
        (Scalar::Enum(of), Json::String(text)) => match of.find_folded(text) {
            Some(value) => Some(Value::Enum(value)),
            None => of.open.then(|| Value::Text(Text::new(text.as_str()))),
        },
        _ => None,
    }
}
