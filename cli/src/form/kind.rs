//! The four kinds of communication that the form sets up, and who of each can be responsible.

use serde::{Serialize, Serializer};
use switchboard_engine::schema::EventKind;

use super::condition::Parameter;

/// What the parts of the form are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Incoming calls.
    Incoming,
    /// Outgoing calls.
    Outgoing,
    /// Requests.
    Requests,
    /// Chats.
    Chats,
}

/// Somebody who may be responsible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Person {
    /// The manager of the client.
    Manager,
    /// Who talked, or took the chat or request.
    AnsweredBy,
    /// Who made an outgoing call.
    Caller,
    /// An employee by e-mail; always the last of a list.
    Employee(String),
}

impl Kind {
    /// Its words behind `for`.
    pub(crate) const fn events(self) -> &'static str {
        match self {
            Self::Incoming => "incoming calls",
            Self::Outgoing => "outgoing calls",
            Self::Requests => "requests",
            Self::Chats => "chats",
        }
    }

    /// Which fields it has.
    pub(crate) const fn schema(self) -> EventKind {
        match self {
            Self::Incoming | Self::Outgoing => EventKind::Call,
            Self::Requests => EventKind::Request,
            Self::Chats => EventKind::Chat,
        }
    }

    /// What its filters may ask for.
    pub(crate) const fn parameters(self) -> &'static [Parameter] {
        use Parameter::{Campaign, Channel, RequestType, Scenario, Site, Source, Tag, VirtualNumber};
        match self {
            Self::Incoming | Self::Outgoing => &[VirtualNumber, Scenario, Site, Source, Campaign],
            Self::Requests => &[Site, Campaign, Source, RequestType],
            Self::Chats => &[Site, Channel, Tag, Campaign, Source],
        }
    }

    /// Who of it can be responsible, beside employees by e-mail.
    pub(crate) const fn people(self) -> &'static [Person] {
        match self {
            Self::Outgoing => &[Person::Manager, Person::AnsweredBy, Person::Caller],
            Self::Incoming | Self::Requests | Self::Chats => &[Person::Manager, Person::AnsweredBy],
        }
    }
}

impl Person {
    /// Its word, in the file and in rules alike; an employee has none.
    pub(crate) const fn word(&self) -> Option<&'static str> {
        match self {
            Self::Manager => Some("client.manager"),
            Self::AnsweredBy => Some("answered_by"),
            Self::Caller => Some("caller"),
            Self::Employee(_) => None,
        }
    }
}

impl Serialize for Person {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Employee(email) => serializer.serialize_str(email),
            other => serializer.serialize_str(other.word().unwrap_or_default()),
        }
    }
}
