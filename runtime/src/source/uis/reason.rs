//! Why a delivery could not be understood: kept with it, shown to people, without anything of its contents.

use switchboard_grammar::diagnostic::Text;

use crate::source::uis::event::EventCode;

/// Why a delivery could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The address ends in an event that does not exist.
    UnknownEvent {
        /// The one that was probably meant.
        nearest: Option<EventCode>,
    },
    /// There are neither a body nor parameters.
    Empty,
    /// The text is not UTF-8.
    NotUtf8,
    /// The body begins like JSON and is none.
    NotJson {
        /// The line of the mistake, from 1.
        line: usize,
        /// The column of the mistake, from 1.
        column: usize,
    },
    /// Lists and objects lie inside each other too deep.
    TooDeep,
    /// The body is JSON, and not an object.
    NotAnObject,
    /// The body is neither JSON nor a form.
    NeitherJsonNorForm,
    /// One name has two values, and they differ.
    Conflict {
        /// The name.
        name: &'static str,
    },
    /// There is no `call_session_id`.
    NoSession,
    /// `call_session_id` is not a positive whole number.
    BadSession,
    /// The communication is not a call.
    NotACall,
    /// There is no `communication_id`.
    NoCommunication,
    /// `communication_id` is not a positive whole number.
    BadCommunication,
    /// The communication is of another kind than the address says.
    OtherCommunication,
    /// The `key` of the body is missing or wrong.
    WrongKey,
}

impl Reason {
    /// A stable name, for metrics and logs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownEvent { .. } => "unknown_event",
            Self::Empty => "empty",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson { .. } => "not_json",
            Self::TooDeep => "too_deep",
            Self::NotAnObject => "not_an_object",
            Self::NeitherJsonNorForm => "neither_json_nor_form",
            Self::Conflict { .. } => "conflict",
            Self::NoSession => "no_session",
            Self::BadSession => "bad_session",
            Self::NotACall => "not_a_call",
            Self::NoCommunication => "no_communication",
            Self::BadCommunication => "bad_communication",
            Self::OtherCommunication => "other_communication",
            Self::WrongKey => "wrong_key",
        }
    }

    /// The reason in words.
    pub fn text(&self) -> Text {
        match self {
            Self::UnknownEvent { nearest: None } => {
                Text::new("the address ends in an unknown event", "адрес заканчивается неизвестным событием")
            }
            Self::UnknownEvent { nearest: Some(event) } => Text::new(
                format!("the address ends in an unknown event; did you mean `{}`?", event.as_str()),
                format!("адрес заканчивается неизвестным событием; может быть, `{}`?", event.as_str()),
            ),
            Self::Empty => Text::new("there is neither a body nor a parameter", "нет ни тела, ни параметров"),
            Self::NotUtf8 => Text::new("the text is not UTF-8", "текст не в UTF-8"),
            Self::NotJson { line, column } => Text::new(
                format!("the body is not valid JSON at line {line}, column {column}"),
                format!("тело не является JSON: строка {line}, позиция {column}"),
            ),
            Self::TooDeep => Text::new("the JSON is nested too deep", "JSON вложен слишком глубоко"),
            Self::NotAnObject => {
                Text::new("the body is JSON, but not an object", "тело является JSON, но не объектом")
            }
            Self::NeitherJsonNorForm => {
                Text::new("the body is neither JSON nor a form", "тело не является ни JSON, ни формой")
            }
            Self::Conflict { name } => Text::new(
                format!("`{name}` has two different values"),
                format!("у `{name}` два разных значения"),
            ),
            Self::NoSession => Text::new("`call_session_id` is missing", "нет `call_session_id`"),
            Self::BadSession => Text::new(
                "`call_session_id` is not a positive whole number",
                "`call_session_id` не является целым положительным числом",
            ),
            Self::NotACall => Text::new(
                "`communication_type` says it is not a call",
                "`communication_type` говорит, что это не звонок",
            ),
            Self::NoCommunication => Text::new("`communication_id` is missing", "нет `communication_id`"),
            Self::BadCommunication => Text::new(
                "`communication_id` is not a positive whole number",
                "`communication_id` не является целым положительным числом",
            ),
            Self::OtherCommunication => Text::new(
                "`communication_type` is not what the address says",
                "`communication_type` не совпадает с адресом",
            ),
            Self::WrongKey => {
                Text::new("the `key` of the body is missing or wrong", "`key` в теле отсутствует или неверен")
            }
        }
    }
}
