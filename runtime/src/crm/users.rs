//! Users of the CRM.

use serde_json::Value;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{last_page, unreadable};
use super::wire;

/// Rows of a page; the most that the vendor allows.
const PAGE: u64 = 100;
/// Most pages that are read: ten thousand users.
const MAX_PAGES: u64 = 100;

/// A user of the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct User {
    /// The CRM's own number.
    pub id: u64,
    /// E-mail as written; may be missing.
    pub email: Option<String>,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Whether the user still works here.
    pub active: bool,
}

impl User {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: wire::id_field(value, "id")?,
            email: wire::text_field(value, "email"),
            first_name: wire::text_field(value, "firstName"),
            last_name: wire::text_field(value, "lastName"),
            active: wire::flag_field(value, "active").unwrap_or(false),
        })
    }
}

impl Client {
    /// Lists all users, those who no longer work here too.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn users(&self, urgency: Urgency) -> Result<Vec<User>, CrmError> {
        let mut found = Vec::new();
        for page in 1..=MAX_PAGES {
            let query = Form::new().with("limit", PAGE).with("page", page);
            let answer = self.get("users", "/api/v5/users", query, urgency).await?;
            let rows = wire::field(&answer, "users").ok_or_else(|| unreadable("users"))?;
            found.extend(wire::elements(Some(rows)).into_iter().filter_map(User::read));
            if page >= last_page(&answer) {
                return Ok(found);
            }
        }
        Err(unreadable("end of the list of users"))
    }
}
