//! Notes in a customer's card, and notices to users.

use serde::Serialize;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{Ref, unreadable};
use super::wire;

/// A note to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// What it says.
    pub text: String,
    /// In whose card.
    pub customer: Ref,
    /// Who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_id: Option<u64>,
}

/// A notice that is shown to users of the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// `api.error` or `api.info`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it says.
    pub message: String,
    /// Codes of the groups it is shown to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_groups: Vec<String>,
    /// Users it is shown to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub user_ids: Vec<u64>,
}

impl Client {
    /// Makes a note and gives its number.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn create_note(&self, note: &Note, site: &str, urgency: Urgency) -> Result<u64, CrmError> {
        let form = Form::new().json("note", note).with("site", site);
        let answer =
            self.post("customers/notes/create", "/api/v5/customers/notes/create", form, urgency).await?;
        wire::id_field(&answer, "id").ok_or_else(|| unreadable("id"))
    }

    /// Shows a notice to users of the CRM.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn send_notice(&self, notice: &Notice, urgency: Urgency) -> Result<(), CrmError> {
        let form = Form::new().json("notification", notice);
        self.post("notifications/send", "/api/v5/notifications/send", form, urgency).await.map(drop)
    }
}
