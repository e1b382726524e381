//! Reference data: shops, custom fields, dictionaries.
//!
//! References are maps keyed by code and have no pages; custom fields are a list with pages (reference, sections 10
//! and 11).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{last_page, unreadable};
use super::wire;

/// Rows of a page; the most that the vendor allows.
const PAGE: u64 = 100;
/// Most pages that are read.
const MAX_PAGES: u64 = 50;

/// A shop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Site {
    /// Its code, which methods take as `site`.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What a custom field belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldEntity {
    /// Customers.
    Customer,
    /// Orders.
    Order,
}

/// What a custom field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment.
    Datetime,
    /// One element of a dictionary.
    Dictionary,
    /// An e-mail address.
    Email,
    /// A whole number.
    Integer,
    /// Elements of a dictionary.
    MultiselectDictionary,
    /// A number.
    Numeric,
    /// A short text.
    String,
    /// A long text.
    Text,
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomField {
    /// What it belongs to.
    pub entity: FieldEntity,
    /// Its code; the same code may exist for another entity.
    pub code: String,
    /// What it holds.
    pub kind: FieldType,
    /// The code of its dictionary.
    pub dictionary: Option<String>,
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
}

/// A reference of orders that rules name by its codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// Statuses.
    Statuses,
    /// Groups of statuses.
    StatusGroups,
    /// Ways in which orders are placed.
    OrderMethods,
    /// Types of orders.
    OrderTypes,
}

/// A dictionary of a custom field.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Dictionary {
    /// Its code.
    pub code: String,
    /// Its elements.
    pub elements: Vec<Element>,
}

/// An element of a dictionary.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Element {
    /// Its code: what is sent.
    pub code: String,
    /// Its name: what people see.
    pub name: String,
}

impl Codes {
    /// The method, its path, the key of its answer.
    const fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Statuses => ("reference/statuses", "/api/v5/reference/statuses", "statuses"),
            Self::StatusGroups => {
                ("reference/status-groups", "/api/v5/reference/status-groups", "statusGroups")
            }
            Self::OrderMethods => {
                ("reference/order-methods", "/api/v5/reference/order-methods", "orderMethods")
            }
            Self::OrderTypes => ("reference/order-types", "/api/v5/reference/order-types", "orderTypes"),
        }
    }
}

impl CustomField {
    /// Fields of entities and types that this program does not know are left out.
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            entity: serde_json::from_value(wire::field(value, "entity")?.clone()).ok()?,
            code: wire::text_field(value, "code")?,
            kind: serde_json::from_value(wire::field(value, "type")?.clone()).ok()?,
            dictionary: wire::text_field(value, "dictionary"),
            name: wire::text_field(value, "name"),
        })
    }
}

impl Dictionary {
    fn read(value: &Value) -> Option<Self> {
        let element = |value: &Value| {
            let code = wire::text_field(value, "code")?;
            Some(Element { name: wire::text_field(value, "name").unwrap_or_else(|| code.clone()), code })
        };
        let elements = wire::elements(wire::field(value, "elements"));
        Some(Self {
            code: wire::text_field(value, "code")?,
            elements: elements.into_iter().filter_map(element).collect(),
        })
    }
}

impl Client {
    /// Lists the shops, by code.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn sites(&self, urgency: Urgency) -> Result<Vec<Site>, CrmError> {
        let answer = self.get("reference/sites", "/api/v5/reference/sites", Form::new(), urgency).await?;
        let rows = wire::field(&answer, "sites").ok_or_else(|| unreadable("sites"))?;
        let site = |value: &Value| {
            let code = wire::text_field(value, "code")?;
            Some(Site { name: wire::text_field(value, "name").unwrap_or_else(|| code.clone()), code })
        };
        let mut sites: Vec<Site> = wire::elements(Some(rows)).into_iter().filter_map(site).collect();
        sites.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(sites)
    }

    /// Lists the codes of a reference, inactive ones too: orders may still have them.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn codes(&self, of: Codes, urgency: Urgency) -> Result<Vec<String>, CrmError> {
        let (method, path, key) = of.place();
        let answer = self.get(method, path, Form::new(), urgency).await?;
        let rows = wire::elements(Some(wire::field(&answer, key).ok_or_else(|| unreadable(key))?));
        let mut codes: Vec<String> =
            rows.into_iter().filter_map(|row| wire::text_field(row, "code")).collect();
        codes.sort();
        Ok(codes)
    }

    /// Lists the custom fields of customers and orders.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn custom_fields(&self, urgency: Urgency) -> Result<Vec<CustomField>, CrmError> {
        let rows = self.all_pages("custom-fields", "/api/v5/custom-fields", "customFields", urgency).await?;
        Ok(rows.iter().filter_map(CustomField::read).collect())
    }

    /// Lists the dictionaries of custom fields.
    ///
    /// # Errors
    ///
    /// Any [`CrmError`].
    pub async fn dictionaries(&self, urgency: Urgency) -> Result<Vec<Dictionary>, CrmError> {
        let path = "/api/v5/custom-fields/dictionaries";
        let rows = self.all_pages("custom-fields/dictionaries", path, "customDictionaries", urgency).await?;
        Ok(rows.iter().filter_map(Dictionary::read).collect())
    }

    async fn all_pages(
        &self,
        name: &'static str,
        path: &str,
        key: &str,
        urgency: Urgency,
    ) -> Result<Vec<Value>, CrmError> {
        let mut rows = Vec::new();
        for page in 1..=MAX_PAGES {
            let query = Form::new().with("limit", PAGE).with("page", page);
            let answer = self.get(name, path, query, urgency).await?;
            let found = wire::field(&answer, key).ok_or_else(|| unreadable(key))?;
            rows.extend(wire::elements(Some(found)).into_iter().cloned());
            if page >= last_page(&answer) {
                return Ok(rows);
            }
        }
        Err(unreadable("end of the list"))
    }
}
