//! What is to be done, as it is kept in the store.
//!
//! Written by `plan`, read when the effect is carried out, maybe by a newer program and maybe long after; so these types
//! have a version and depend on nothing that may change underneath. Moments are instants here; they become local times
//! when they are sent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::Dropped;
use super::request_chat::{AttachFile, CompleteContact, NoteTranscript, UploadTranscript};
use crate::crm::{CallResult, Direction, FieldEntity, Source};
use crate::store::record::{EffectKey, Json};

/// The version of what is kept.
const VERSION: u32 = 1;

/// What is to be done, and what is known of earlier tries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// The version.
    pub v: u32,
    /// What is to be done.
    #[serde(rename = "do")]
    pub request: Request,
    /// What was sent so far.
    #[serde(default, skip_serializing_if = "Sent::is_empty")]
    pub sent: Sent,
}

/// What is known of earlier tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sent {
    /// When the first request may have left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_at: Option<Timestamp>,
    /// When the last request may have left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Timestamp>,
    /// How many looks since the last request have found nothing.
    #[serde(default)]
    pub absent: u32,
    /// How many refusals were followed by a look that found nothing.
    #[serde(default)]
    pub refused: u32,
}

/// Something that can be done to RetailCRM, or to the address book of UIS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Request {
    /// There is to be a client with this phone.
    EnsureClient(EnsureClient),
    /// There is to be an order for this communication.
    EnsureOrder(EnsureOrder),
    /// The order that a communication goes to is to be found.
    JoinOrder(JoinOrder),
    /// There is to be a task for this communication.
    EnsureTask(EnsureTask),
    /// Fields of a client or an order are to have these values.
    WriteFields(WriteFields),
    /// The call is to be in the history.
    UploadCall(UploadCall),
    /// A task is to be done, because its client was reached.
    CompleteTask(CompleteTask),
    /// Recordings are to be noted at the client.
    NoteRecords(NoteRecords),
    /// The client's manager is to be the personal manager of the contact in UIS.
    SetManager(SetManager),
    /// Contacts that were left later are to be in the card.
    CompleteContact(CompleteContact),
    /// What was written in a chat is to be noted at the client.
    NoteTranscript(NoteTranscript),
    /// What was written in a chat is to be a file.
    UploadTranscript(UploadTranscript),
    /// A file is to hang on a client and an order.
    AttachFile(AttachFile),
    /// A person is to look at the rules and have the communication decided again.
    AwaitPerson(AwaitPerson),
}

/// An employee, by e-mail, and the user of the CRM that the directory knew when the plan was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignee {
    /// The e-mail.
    pub email: String,
    /// The user; looked for again before sending when it was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<u64>,
}

/// A record that something else is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Nobody's.
    #[default]
    Nobody,
    /// A record that was there when the plan was made.
    Known(u64),
    /// The record that another effect gives.
    Effect(EffectKey),
}

/// What has to happen before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// The other effect.
    pub key: EffectKey,
    /// Whether this one is pointless when the other is given up.
    pub strict: bool,
}

/// There is to be a client with this phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnsureClient {
    /// The phone in E.164.
    pub phone: Option<String>,
    /// What the client is known by where there is no phone: an e-mail, or the session of a chat whose visitor left
    /// neither. Without this and without a phone no client can be recognised, so none is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_by: Option<String>,
    /// Its external id, should it be created.
    pub external_id: String,
    /// The shop.
    pub site: String,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whose client it is to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<Assignee>,
    /// Where the contact came from.
    #[serde(default)]
    pub source: Origin,
    /// Custom fields, should it be created.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
    /// Fields that cannot be written, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    /// When the CRM was last asked and had no such client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent_at: Option<Timestamp>,
}

/// There is to be an order for this communication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnsureOrder {
    /// Its external id.
    pub external_id: String,
    /// The shop.
    pub site: String,
    /// Whose order it is.
    pub client: Whose,
    /// The name of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The phone of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The e-mail of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The responsible user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<Assignee>,
    /// Where the contact came from.
    #[serde(default)]
    pub source: Origin,
    /// Custom fields.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
    /// Fields that cannot be written, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
}

/// The order that a communication goes to, instead of a new one. Its number is for people; what it is called by programs
/// has to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinOrder {
    /// The number that people see.
    pub number: String,
}

/// There is to be a task for this communication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EnsureTask {
    /// The mark by which it is recognised.
    pub marker: String,
    /// The shop.
    pub site: String,
    /// The title.
    pub title: String,
    /// The details.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Whose task it is; the first who is a user of the CRM.
    pub performers: Vec<Assignee>,
    /// The client it is about.
    pub client: Whose,
    /// The order it is about: one that the communication joined.
    #[serde(default, skip_serializing_if = "Whose::is_nobody")]
    pub order: Whose,
    /// The phone to call back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Fields of a client or an order are to have these values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WriteFields {
    /// Of what.
    pub entity: FieldEntity,
    /// Of which one.
    pub target: Whose,
    /// The shop.
    pub site: String,
    /// The values.
    pub fields: Map<String, Value>,
    /// Fields that cannot be written, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    /// From when the values are: newer ones are not overwritten.
    pub as_of: Timestamp,
    /// Whether the effect named by `target` writes the same values when it creates the record.
    pub unless_created: bool,
}

/// The call is to be in the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UploadCall {
    /// Its external id.
    pub external_id: String,
    /// The shop.
    pub site: String,
    /// When it began.
    pub started: Timestamp,
    /// Which way it went.
    pub direction: Direction,
    /// The client's number; without one there is nothing to upload.
    pub phone: Option<String>,
    /// Who handled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee: Option<Assignee>,
    /// How it ended.
    pub result: CallResult,
    /// Seconds of talk.
    pub talk_seconds: u64,
    /// Seconds of waiting.
    pub wait_seconds: u64,
    /// The recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_url: Option<String>,
    /// The number that was dialled or shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_number: Option<String>,
    /// Where the contact came from.
    #[serde(default)]
    pub source: Origin,
}

/// A task is to be done, because its client was reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompleteTask {
    /// The effect that made it.
    pub task: EffectKey,
    /// Its shop.
    pub site: String,
    /// The communication in which the client was reached, for people.
    pub reached_by: String,
}

/// Recordings that are not in the history are to be noted at the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteRecords {
    /// The mark by which the note is recognised.
    pub marker: String,
    /// The client.
    pub client: Whose,
    /// The shop, when the client's own is not known.
    pub site: String,
    /// When the call began.
    pub started: Timestamp,
    /// The recordings.
    pub links: Vec<String>,
    /// Whether they became known after the upload.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late: bool,
}

/// The client's manager is to be the personal manager of the contact in UIS.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetManager {
    /// The client's number in E.164.
    pub phone: String,
    /// The client. The manager of one that an effect finds, and does not make, is asked of RetailCRM.
    pub client: Whose,
    /// The shop, when the client's own is not known.
    pub site: String,
    /// The manager as a user of RetailCRM, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<u64>,
    /// The manager's e-mail, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What a contact is called that has to be added; the number when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A person is to look at the rules and have the communication decided again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitPerson {
    /// Why.
    pub reason: String,
    /// Whether it was given up already, so that what comes now is a person who wants it tried again.
    #[serde(default)]
    pub shown: bool,
}

/// Where a contact came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// Source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Medium.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// Campaign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// Keyword.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keyword: Option<String>,
    /// Content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// Why a kept request cannot be carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// Another version of the program wrote it.
    #[error("the request has version {found}, this program knows {VERSION}")]
    Version {
        /// Its version.
        found: u64,
    },
    /// It is no request.
    #[error("the request cannot be read: {reason}")]
    Unreadable {
        /// What the reader said; holds no values.
        reason: String,
    },
}

impl Whose {
    fn is_nobody(&self) -> bool {
        *self == Whose::Nobody
    }
}

impl Request {
    /// The kind, as the store and metrics name it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::EnsureClient(_) => "ensure_client",
            Self::EnsureOrder(_) => "ensure_order",
            Self::JoinOrder(_) => "join_order",
            Self::EnsureTask(_) => "ensure_task",
            Self::WriteFields(_) => "write_fields",
            Self::UploadCall(_) => "upload_call",
            Self::CompleteTask(_) => "complete_task",
            Self::NoteRecords(_) => "note_records",
            Self::SetManager(_) => "set_manager",
            Self::CompleteContact(_) => "complete_contact",
            Self::NoteTranscript(_) => "note_transcript",
            Self::UploadTranscript(_) => "upload_transcript",
            Self::AttachFile(_) => "attach_file",
            Self::AwaitPerson(_) => "await_person",
        }
    }
}

impl Stored {
    /// A request that was never tried.
    pub fn new(request: Request) -> Self {
        Self { v: VERSION, request, sent: Sent::default() }
    }

    /// Reads what is kept.
    ///
    /// # Errors
    ///
    /// [`StoredError`] when it is of another version or no request.
    pub fn read(json: &Json) -> Result<Self, StoredError> {
        let value: Value =
            json.read().map_err(|_| StoredError::Unreadable { reason: "not JSON".to_owned() })?;
        match value.get("v").and_then(Value::as_u64) {
            Some(v) if v == u64::from(VERSION) => {}
            Some(found) => return Err(StoredError::Version { found }),
            None => return Err(StoredError::Unreadable { reason: "no version".to_owned() }),
        }
        serde_json::from_value(value).map_err(|error| StoredError::Unreadable { reason: error.to_string() })
    }

    /// Writes it down.
    ///
    /// # Errors
    ///
    /// [`StoredError::Unreadable`] when it has no JSON form, which no value of these types lacks.
    pub fn write(&self) -> Result<Json, StoredError> {
        Json::of(self).map_err(|error| StoredError::Unreadable { reason: error.to_string() })
    }
}

impl Sent {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Tells whether a request may have been carried out without our knowing.
    pub fn may_be_there(&self) -> bool {
        self.last_at.is_some()
    }

    /// Tells whether, at any time, more than the request under way may have left a record. Asked while one is under
    /// way, which is the last.
    pub(super) fn may_have_left_one(&self) -> bool {
        self.first_at != self.last_at
    }
}

impl Origin {
    /// As RetailCRM takes it; `None` when nothing is known.
    pub fn to_source(&self) -> Option<Source> {
        let source = Source {
            source: self.source.clone(),
            medium: self.medium.clone(),
            campaign: self.campaign.clone(),
            keyword: self.keyword.clone(),
            content: self.content.clone(),
        };
        (!source.is_empty()).then_some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_not_guessed_at() {
        let json = |text: &str| Json::from_text(text.to_owned());
        assert_eq!(Stored::read(&json(r#"{"v":2,"do":{}}"#)), Err(StoredError::Version { found: 2 }));
        for bad in ["", "[]", "{}", r#"{"v":1,"do":{"kind":"fly"}}"#] {
            assert!(matches!(Stored::read(&json(bad)), Err(StoredError::Unreadable { .. })), "{bad}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let request = Request::EnsureTask(EnsureTask {
            marker: "#u-7k3m9q2x".to_owned(),
            site: "main".to_owned(),
            title: "Перезвонить".to_owned(),
            note: None,
            due: Some(Timestamp::UNIX_EPOCH),
            performers: vec![Assignee { email: "anna@romashka.ru".to_owned(), user: None }],
            client: Whose::Effect(EffectKey::from("client:call:1")),
            order: Whose::Nobody,
            phone: None,
        });
        let mut stored = Stored::new(request);
        assert_eq!(Stored::read(&stored.write().expect("JSON")), Ok(stored.clone()));
        stored.sent.last_at = Some(Timestamp::UNIX_EPOCH);
        assert_eq!(Stored::read(&stored.write().expect("JSON")), Ok(stored));
    }
}
