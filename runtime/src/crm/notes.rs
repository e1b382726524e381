//! Notes in a customer's card, and notices to users.

use serde::Serialize;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{Ref, last_page, unreadable};
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

/// A note as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptNote {
    /// The CRM's own number.
    pub id: u64,
    /// What it says.
    pub text: String,
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

/// Rows of a page; the most that the vendor allows.
const PAGE: u64 = 100;
/// Most pages of one client's notes that are read.
const MAX_PAGES: u64 = 20;

impl Client {
    /// Lists the notes of a customer.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`]. [`CrmError::Unreadable`] also when there are more pages than are read: then a note that was not
    /// seen may be there all the same.
    pub async fn notes(&self, customer: u64, urgency: Urgency) -> Result<Vec<KeptNote>, CrmError> {
        let mut found = Vec::new();
        for page in 1..=MAX_PAGES {
            let query =
                Form::new().each("filter[customerIds]", [customer]).with("limit", PAGE).with("page", page);
            let answer = self.get("customers/notes", "/api/v5/customers/notes", query, urgency).await?;
            let rows = wire::field(&answer, "notes").ok_or_else(|| unreadable("notes"))?;
            found.extend(wire::elements(Some(rows)).into_iter().filter_map(|row| {
                let text = wire::text_field(row, "text").unwrap_or_default();
                Some(KeptNote { id: wire::id_field(row, "id")?, text })
            }));
            if page >= last_page(&answer) {
                return Ok(found);
            }
        }
        Err(unreadable("end of the list of notes"))
    }

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
