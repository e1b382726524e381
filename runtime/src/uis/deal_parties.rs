//! What deals name: contacts, employees, own fields (reference, section 6.1).
//!
//! A create of contacts takes many and takes them all or none; everything else goes one by one.

use serde_json::{Map, Value, json};

use super::client::Client;
use super::error::UisError;
use super::filter::Filter;
use super::funnels::params;

/// The most contacts of one create, and of one question for contacts.
pub const MAX_CONTACTS: usize = 1_000;

/// A contact of deals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DealContact {
    /// Our name for it.
    pub ext_id: String,
    /// What people read.
    pub name: String,
    /// Phones: digits with the country's code.
    pub phones: Vec<String>,
    /// E-mails, each once.
    pub emails: Vec<String>,
}

/// An employee of deals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DealEmployee {
    /// Our name for him.
    pub ext_id: String,
    /// What people read.
    pub name: String,
}

/// A field of our own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DealField {
    /// Our name for it.
    pub ext_id: String,
    /// What people read.
    pub name: String,
    /// Whether it holds numbers; texts otherwise.
    pub is_numeric: bool,
}

impl DealContact {
    fn read(value: &Value) -> Option<Self> {
        let texts = |name: &str| {
            let list = value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            list.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
        };
        Some(Self {
            ext_id: value.get("ext_id")?.as_str()?.to_owned(),
            name: value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
            phones: texts("phone_numbers"),
            emails: texts("emails"),
        })
    }

    fn to_json(&self) -> Map<String, Value> {
        params([
            ("ext_id", json!(self.ext_id)),
            ("name", json!(self.name)),
            ("phone_numbers", json!(self.phones)),
            ("emails", json!(self.emails)),
        ])
    }
}

fn named(row: &Value) -> Option<(String, String)> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    Some((text("ext_id")?, text("name").unwrap_or_default()))
}

impl Client {
    /// Reads those of these contacts that there are.
    ///
    /// # Errors
    ///
    /// Any [`UisError`]; [`UisError::Misuse`] when contacts cannot be asked for by name.
    pub async fn deal_contacts(&self, ext_ids: &[String]) -> Result<Vec<DealContact>, UisError> {
        let filter = Filter::OneOf("ext_id", ext_ids.iter().map(|id| json!(id)).collect());
        let asked = params([("filter", filter.to_json())]);
        let mut found = Vec::new();
        self.pages("get.deal_contacts", &asked, |row| found.extend(DealContact::read(row))).await?;
        Ok(found)
    }

    /// Creates contacts: all of them, or none when one is refused.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn create_deal_contacts(&self, contacts: &[DealContact]) -> Result<(), UisError> {
        let contacts: Vec<Value> = contacts.iter().map(|contact| Value::Object(contact.to_json())).collect();
        self.call("create.deal_contacts", params([("contacts", json!(contacts))])).await.map(drop)
    }

    /// Writes a contact anew; its phones and e-mails are replaced.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn update_deal_contact(&self, contact: &DealContact) -> Result<(), UisError> {
        self.call("update.deal_contacts", contact.to_json()).await.map(drop)
    }

    /// Lists the employees of deals.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn deal_employees(&self) -> Result<Vec<DealEmployee>, UisError> {
        let mut found = Vec::new();
        let read = |row: &Value| named(row).map(|(ext_id, name)| DealEmployee { ext_id, name });
        self.pages("get.deal_employees", &Map::new(), |row| found.extend(read(row))).await?;
        Ok(found)
    }

    /// Writes an employee of deals; `is_there` says whether he is known there already.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn put_deal_employee(&self, employee: &DealEmployee, is_there: bool) -> Result<(), UisError> {
        let method = if is_there { "update.deal_employees" } else { "create.deal_employees" };
        let params = params([("ext_id", json!(employee.ext_id)), ("name", json!(employee.name))]);
        self.call(method, params).await.map(drop)
    }

    /// Lists the fields of our own.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn deal_fields(&self) -> Result<Vec<DealField>, UisError> {
        let mut found = Vec::new();
        let read = |row: &Value| {
            let (ext_id, name) = named(row)?;
            let is_numeric = row.get("data_type").and_then(Value::as_str) == Some("numeric");
            Some(DealField { ext_id, name, is_numeric })
        };
        self.pages("get.deal_user_fields", &Map::new(), |row| found.extend(read(row))).await?;
        Ok(found)
    }

    /// Creates a field.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn create_deal_field(&self, field: &DealField) -> Result<(), UisError> {
        let kind = if field.is_numeric { "numeric" } else { "string" };
        let params = params([
            ("ext_id", json!(field.ext_id)),
            ("name", json!(field.name)),
            ("data_type", json!(kind)),
        ]);
        self.call("create.deal_user_field", params).await.map(drop)
    }

    /// Gives a field another name.
    ///
    /// # Errors
    ///
    /// Any [`UisError`].
    pub async fn rename_deal_field(&self, field: &DealField) -> Result<(), UisError> {
        let params = params([("ext_id", json!(field.ext_id)), ("name", json!(field.name))]);
        self.call("update.deal_user_field", params).await.map(drop)
    }
}
