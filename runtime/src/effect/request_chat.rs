//! What is to be done because of a chat, as it is kept in the store; see [`super::request`].

use serde::{Deserialize, Serialize};

use super::request::Whose;
use crate::store::record::EffectKey;

/// Contacts that were left after a client or an order was made are to be in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompleteContact {
    /// The client.
    pub client: Whose,
    /// The order of the communication, if one was to be made.
    pub order: Whose,
    /// The shop, when the client's own is not known.
    pub site: String,
    /// Phones in E.164.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// The e-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Names that stand in a card for want of a better one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub makeshift: Vec<String>,
}

/// What was written in a chat is to be noted at the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteTranscript {
    /// The mark by which the note is recognised.
    pub marker: String,
    /// The client.
    pub client: Whose,
    /// The shop, when the client's own is not known.
    pub site: String,
    /// The text, line by line.
    pub text: String,
}

/// What was written in a chat is to be a file. It hangs on nothing yet: that is a request of its own, which may be
/// repeated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadTranscript {
    /// The client it will hang on.
    pub client: Whose,
    /// The order it will hang on.
    pub order: Whose,
    /// All that is in the file, with the mark by which it is told from others.
    pub text: String,
}

/// A file is to hang on a client and an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachFile {
    /// The upload that gave the file.
    pub file: EffectKey,
    /// What it is to be called.
    pub name: String,
    /// The client.
    pub client: Whose,
    /// The order.
    pub order: Whose,
}
