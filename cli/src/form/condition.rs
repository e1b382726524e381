//! Conditions of the form: a parameter and its value, joined by "and" and "or".

use serde::{Serialize, Serializer};
use switchboard_engine::catalog::schema;
use switchboard_engine::phone::Phone;
use switchboard_engine::schema::EventKind;
use switchboard_engine::ty::Scalar;

/// Which communications are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Condition {
    /// All hold. Two or more, none of them `All` itself.
    All(Vec<Condition>),
    /// At least one holds. Two or more, none of them `Any` itself.
    Any(Vec<Condition>),
    /// The parameter has this value; of tags, one has.
    #[serde(untagged)]
    Is {
        /// What is asked.
        field: Parameter,
        /// The value, in its normal form.
        is: String,
    },
}

/// What a condition of the form may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Parameter {
    /// The shop's number.
    VirtualNumber,
    /// The scenario of a call.
    Scenario,
    /// The domain of a site.
    Site,
    /// The channel of a chat.
    Channel,
    /// A tag.
    Tag,
    /// An advertising campaign.
    Campaign,
    /// A source of traffic.
    Source,
    /// The type of a request.
    RequestType,
}

impl Parameter {
    /// Its name in the file.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::VirtualNumber => "virtual_number",
            Self::Scenario => "scenario",
            Self::Site => "site",
            Self::Channel => "channel",
            Self::Tag => "tag",
            Self::Campaign => "campaign",
            Self::Source => "source",
            Self::RequestType => "request_type",
        }
    }

    /// Its field in rules.
    pub(crate) const fn field(self) -> &'static str {
        match self {
            Self::Tag => "tags",
            other => other.name(),
        }
    }

    /// The normal form of a value: a number in E.164, a value of a set under its English name, everything else as it
    /// is. `None` for a text that is no phone number where one is needed.
    pub(crate) fn normal(self, value: &str) -> Option<String> {
        let of = match self {
            Self::VirtualNumber => return Phone::parse(value).ok().map(|phone| phone.to_string()),
            Self::Channel => EventKind::Chat,
            Self::RequestType => EventKind::Request,
            _ => return Some(value.to_owned()),
        };
        Some(word(of, self.field(), value).map_or_else(|| value.to_owned(), str::to_owned))
    }

    /// Whether a value in normal form is a word of rules, and not a text in quotes.
    pub(crate) fn is_word(self, value: &str) -> bool {
        match self {
            Self::Channel => word(EventKind::Chat, self.field(), value).is_some(),
            Self::RequestType => word(EventKind::Request, self.field(), value).is_some(),
            _ => false,
        }
    }
}

impl Condition {
    /// Conditions of which all hold, in normal form; `None` for none.
    pub(crate) fn all(terms: Vec<Self>) -> Option<Self> {
        let flat = terms.into_iter().flat_map(|term| match term {
            Self::All(inner) => inner,
            other => vec![other],
        });
        one_or(flat.collect(), Self::All)
    }

    /// Conditions of which one holds, in normal form; `None` for none.
    pub(crate) fn any(terms: Vec<Self>) -> Option<Self> {
        let flat = terms.into_iter().flat_map(|term| match term {
            Self::Any(inner) => inner,
            other => vec![other],
        });
        one_or(flat.collect(), Self::Any)
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

fn one_or(mut terms: Vec<Condition>, group: fn(Vec<Condition>) -> Condition) -> Option<Condition> {
    if terms.len() > 1 { Some(group(terms)) } else { terms.pop() }
}

/// The English name of a value of the field's set, under any of its names.
fn word(kind: EventKind, field: &str, value: &str) -> Option<&'static str> {
    let Scalar::Enum(set) = schema().find_field(kind, field)?.field.ty().scalar else { return None };
    Some(set.find_folded(value)?.en())
}
