//! Values of the language as values of custom fields.
//!
//! Goes in: a value and the field of RetailCRM it is meant for. Comes out: the JSON that fits the field's type, or why
//! there is none. A value that does not fit would make RetailCRM refuse the whole client or order (reference, section
//! 11), so it is converted, and dropped with a visible reason when it cannot be.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use switchboard_engine::decide::FieldWrite;
use switchboard_engine::decimal::{self, Decimal};
use switchboard_engine::value::Value;
use switchboard_grammar::diagnostic::Text;

use crate::crm::{Dictionary, FieldEntity, FieldType};
use crate::directory::{Snapshot, crm_date, crm_moment};

/// Longest text of a short text field, in characters.
pub const MAX_STRING_CHARS: usize = 255;
/// Longest text of a long text field, in characters.
pub const MAX_TEXT_CHARS: usize = 65_000;

/// A field that is not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// Its code.
    pub code: String,
    /// Why.
    pub reason: DropReason,
}

/// Why a field is not written, or not wholly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DropReason {
    /// RetailCRM has no such field.
    NoSuchField,
    /// The value is not of the field's type.
    WrongType {
        /// What the field wants.
        wanted: FieldType,
    },
    /// The value is no element of the field's dictionary.
    NotInDictionary {
        /// The dictionary.
        dictionary: String,
    },
    /// The text was longer than the field holds, and was cut.
    Cut {
        /// What the field holds, in characters.
        max_chars: usize,
    },
}

impl DropReason {
    /// The reason in words.
    pub fn text(&self) -> Text {
        match self {
            Self::NoSuchField => Text::new("RetailCRM has no such field", "в RetailCRM нет такого поля"),
            Self::WrongType { wanted } => {
                let (en, ru) = type_words(*wanted);
                Text::new(format!("the value is not {en}"), format!("значение не {ru}"))
            }
            Self::NotInDictionary { dictionary } => Text::new(
                format!("the dictionary `{dictionary}` has no such element"),
                format!("в справочнике `{dictionary}` нет такого значения"),
            ),
            Self::Cut { max_chars } => Text::new(
                format!("the text was cut to {max_chars} characters"),
                format!("текст обрезан до {max_chars} символов"),
            ),
        }
    }
}

fn type_words(kind: FieldType) -> (&'static str, &'static str) {
    match kind {
        FieldType::Boolean => ("yes or no", "да или нет"),
        FieldType::Date => ("a date", "дата"),
        FieldType::Datetime => ("a moment", "дата и время"),
        FieldType::Dictionary => ("an element of a dictionary", "значение справочника"),
        FieldType::Email => ("an e-mail address", "адрес почты"),
        FieldType::Integer => ("a whole number", "целое число"),
        FieldType::MultiselectDictionary => ("elements of a dictionary", "значения справочника"),
        FieldType::Numeric => ("a number", "число"),
        FieldType::String | FieldType::Text => ("a text", "текст"),
    }
}

/// Fields as they are sent, and those that are not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Converted {
    /// Values by code.
    pub fields: Map<String, Json>,
    /// What was dropped or cut.
    pub dropped: Vec<Dropped>,
}

/// Converts the fields of one entity; those without a value are left out without a word.
pub fn convert(writes: &[&FieldWrite], entity: FieldEntity, directory: &Snapshot) -> Converted {
    let mut converted = Converted::default();
    for write in writes.iter().filter(|write| !write.value.is_missing()) {
        let code = write.code.to_string();
        let mut drop = |reason| converted.dropped.push(Dropped { code: code.clone(), reason });
        let Some(field) = directory.field(entity, &write.code) else {
            drop(DropReason::NoSuchField);
            continue;
        };
        let dictionary = field.dictionary.as_deref().and_then(|code| directory.dictionary(code));
        match one(&write.value, field.kind, dictionary, &directory.zones().crm) {
            Ok((value, cut)) => {
                if let Some(max_chars) = cut {
                    drop(DropReason::Cut { max_chars });
                }
                converted.fields.insert(code, value);
            }
            Err(Misfit::Type) => drop(DropReason::WrongType { wanted: field.kind }),
            Err(Misfit::Element) => {
                drop(DropReason::NotInDictionary {
                    dictionary: field.dictionary.clone().unwrap_or_default(),
                });
            }
        }
    }
    converted
}

enum Misfit {
    Type,
    Element,
}

/// The JSON of a value, and the length it was cut to.
fn one(
    value: &Value,
    kind: FieldType,
    dictionary: Option<&Dictionary>,
    zone: &TimeZone,
) -> Result<(Json, Option<usize>), Misfit> {
    let whole = |json: Json| Ok((json, None));
    match kind {
        FieldType::String => Ok(cut(&text(value, zone), MAX_STRING_CHARS)),
        FieldType::Text => Ok(cut(&text(value, zone), MAX_TEXT_CHARS)),
        FieldType::Email => {
            let email = text(value, zone).trim().to_owned();
            if is_email(&email) { whole(Json::from(email)) } else { Err(Misfit::Type) }
        }
        FieldType::Boolean => yes_or_no(value).map(|answer| (Json::from(answer), None)).ok_or(Misfit::Type),
        FieldType::Integer => {
            let number = number(value).filter(Decimal::is_integer).ok_or(Misfit::Type)?;
            i64::try_from(number).map(|number| (Json::from(number), None)).map_err(|_| Misfit::Type)
        }
        FieldType::Numeric => match decimal::to_json(&number(value).ok_or(Misfit::Type)?) {
            number @ Json::Number(_) => whole(number),
            _ => Err(Misfit::Type),
        },
        FieldType::Date => match value {
            Value::Date(date) => whole(Json::from(date.to_string())),
            Value::Moment(moment) => whole(Json::from(crm_date(moment.instant(), zone))),
            Value::Text(text) => match text.as_str().trim().parse::<jiff::civil::Date>() {
                Ok(date) => whole(Json::from(date.to_string())),
                Err(_) => Err(Misfit::Type),
            },
            _ => Err(Misfit::Type),
        },
        FieldType::Datetime => match value {
            Value::Moment(moment) => whole(Json::from(crm_moment(moment.instant(), zone))),
            Value::Date(date) => whole(Json::from(format!("{date} 00:00:00"))),
            _ => Err(Misfit::Type),
        },
        FieldType::Dictionary => match value {
            Value::List(_) => Err(Misfit::Type),
            single => {
                element(single, dictionary, zone).map(|code| (Json::from(code), None)).ok_or(Misfit::Element)
            }
        },
        FieldType::MultiselectDictionary => {
            let codes =
                value.elements().iter().map(|one| element(one, dictionary, zone).ok_or(Misfit::Element));
            codes.collect::<Result<Vec<String>, Misfit>>().map(|codes| (Json::from(codes), None))
        }
    }
}

/// A value in words; lists are joined by commas.
fn text(value: &Value, zone: &TimeZone) -> String {
    match value {
        Value::List(values) => values.iter().map(|value| text(value, zone)).collect::<Vec<_>>().join(", "),
        Value::Text(text) => text.as_str().to_owned(),
        Value::Number(number) => decimal::display(number),
        Value::Bool(answer) => if *answer { "да" } else { "нет" }.to_owned(),
        Value::Moment(moment) => crm_moment(moment.instant(), zone),
        other => match switchboard_engine::value::to_json(other, false) {
            Json::String(text) => text,
            Json::Null => String::new(),
            json => json.to_string(),
        },
    }
}

fn cut(text: &str, max_chars: usize) -> (Json, Option<usize>) {
    let kept: String = text.chars().take(max_chars).collect();
    let was_cut = (kept.len() < text.len()).then_some(max_chars);
    (Json::from(kept), was_cut)
}

fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Duration(length) => Some(Decimal::from(length.0)),
        Value::Bool(answer) => Some(Decimal::from(u8::from(*answer))),
        Value::Text(text) => decimal::parse(text.as_str().trim()),
        _ => None,
    }
}

fn yes_or_no(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(answer) => Some(*answer),
        Value::Number(number) if *number == Decimal::ZERO => Some(false),
        Value::Number(number) if *number == Decimal::ONE => Some(true),
        Value::Text(text) => match text.as_str().trim().to_lowercase().as_str() {
            "да" | "yes" | "true" | "1" => Some(true),
            "нет" | "no" | "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// The code of an element: by code, then by name, without regard to case.
fn element(value: &Value, dictionary: Option<&Dictionary>, zone: &TimeZone) -> Option<String> {
    let dictionary = dictionary?;
    let mut wanted = vec![text(value, zone)];
    if let Value::Enum(value) = value {
        wanted.push(value.ru().to_owned());
    }
    let find = |test: &dyn Fn(&crate::crm::Element, &str) -> bool| {
        let found =
            wanted.iter().find_map(|wanted| dictionary.elements.iter().find(|one| test(one, wanted.trim())));
        found.map(|element| element.code.clone())
    };
    find(&|element, wanted| element.code == wanted)
        .or_else(|| find(&|element, wanted| element.name.trim().to_lowercase() == wanted.to_lowercase()))
        .or_else(|| find(&|element, wanted| element.code.to_lowercase() == wanted.to_lowercase()))
}

/// As loose as the CRM: something, an at sign, a host with a dot.
fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let dotted = host.split_once('.').is_some_and(|(front, end)| !front.is_empty() && !end.is_empty());
    !name.is_empty() && dotted && !host.contains('@') && !text.contains(char::is_whitespace)
}

#[cfg(test)]
#[path = "fields_tests.rs"]
mod tests;
