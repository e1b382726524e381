//! What can be wrong with the JSON of an event or of facts.
//!
//! Every fault names the place in the file; all of them are collected before anything is refused.

use switchboard_grammar::diagnostic::Text;

use crate::schema::EventKind;
use crate::value::Misfit;

/// One fault and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", at(path))]
pub struct EventError {
    /// The dotted name as the file has it: `utm.sourse`; empty for the object as a whole.
    pub path: String,
    /// What is wrong there.
    pub problem: EventProblem,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventProblem {
    /// Not an object where one has to be.
    #[error("expected an object")]
    NotAnObject,
    /// There is no `kind`, or one that nobody knows.
    #[error("`kind` must be one of `call`, `chat`, `request`, `order`")]
    Kind,
    /// A call without a direction.
    #[error("`direction` of a call must be `incoming` or `outgoing`")]
    Direction,
    /// Something else than a call with a direction.
    #[error("only calls have a direction")]
    NeedlessDirection,
    /// The schema has no such field for this kind of event.
    #[error("{} have no such field{}", kind.plural_en(), hint(suggestion))]
    UnknownField {
        /// The kind of event.
        kind: EventKind,
        /// The nearest known name.
        suggestion: Option<String>,
    },
    /// The field exists, but facts do not hold it.
    #[error("facts do not hold this field; it belongs to the event")]
    NotAFact,
    /// A name that a fact does not have.
    #[error("facts have no such name{}", hint(suggestion))]
    UnknownName {
        /// The nearest known name.
        suggestion: Option<String>,
    },
    /// Not a list where one has to be.
    #[error("expected a list")]
    NotAList,
    /// More entries than a fact may have.
    #[error("{most} entries are the most")]
    TooMany {
        /// How many it may have.
        most: usize,
    },
    /// A value of another type.
    #[error("{0}")]
    Type(#[from] Misfit),
}

impl EventError {
    /// What is wrong and where, for people.
    pub fn text(&self) -> Text {
        self.problem.text_at(&self.path)
    }

    /// Several in one line.
    pub fn all(errors: &[EventError]) -> Text {
        let texts: Vec<Text> = errors.iter().map(EventError::text).collect();
        let join = |of: fn(&Text) -> &str| texts.iter().map(of).collect::<Vec<_>>().join("; ");
        Text::new(join(|text| &text.en), join(|text| &text.ru))
    }
}

impl EventProblem {
    /// What is wrong at a place, for people.
    pub fn text_at(&self, path: &str) -> Text {
        Text::new(format!("{}{self}", at(path)), format!("{}{}", at(path), self.in_russian()))
    }

    /// Whether the name is wrong, and not its value.
    pub const fn is_about_the_name(&self) -> bool {
        matches!(
            self,
            EventProblem::NeedlessDirection
                | EventProblem::UnknownField { .. }
                | EventProblem::NotAFact
                | EventProblem::UnknownName { .. }
        )
    }

    /// The name or value that was probably meant.
    pub fn meant(&self) -> Option<&str> {
        match self {
            EventProblem::UnknownField { suggestion, .. } | EventProblem::UnknownName { suggestion } => {
                suggestion.as_deref()
            }
            EventProblem::Type(misfit) => misfit.meant(),
            _ => None,
        }
    }

    fn in_russian(&self) -> String {
        let hint = |suggestion: &Option<String>| match suggestion {
            Some(name) => format!("; возможно, имелось в виду `{name}`?"),
            None => String::new(),
        };
        match self {
            EventProblem::NotAnObject => "ожидается объект".to_owned(),
            EventProblem::Kind => "`kind` – одно из `call`, `chat`, `request`, `order`".to_owned(),
            EventProblem::Direction => {
                "`direction` звонка – `incoming` (входящий) или `outgoing` (исходящий)".to_owned()
            }
            EventProblem::NeedlessDirection => "направление бывает только у звонков".to_owned(),
            EventProblem::UnknownField { kind, suggestion } => {
                format!("у {} нет такого поля{}", kind.plural_ru(), hint(suggestion))
            }
            EventProblem::NotAFact => "в фактах такого поля нет; оно относится к событию".to_owned(),
            EventProblem::UnknownName { suggestion } => {
                format!("в фактах нет такого имени{}", hint(suggestion))
            }
            EventProblem::NotAList => "ожидается список".to_owned(),
            EventProblem::TooMany { most } => format!("записей может быть не больше {most}"),
            EventProblem::Type(misfit) => misfit.text().ru,
        }
    }
}

fn at(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("`{path}`: ") }
}

fn hint(suggestion: &Option<String>) -> String {
    match suggestion {
        Some(name) => format!("; did you mean `{name}`?"),
        None => String::new(),
    }
}
