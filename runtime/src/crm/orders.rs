//! Orders: read, create, edit.

use serde::Serialize;
use serde_json::{Map, Value};

use super::client::Client;
use super::error::CrmError;
use super::form::Form;
use super::pace::Urgency;
use super::record::{RecordRef, Ref, Source, unreadable};
use super::wire;

/// An order as read; only what this program looks at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Order {
    /// The CRM's own number.
    pub id: u64,
    /// The number people see.
    pub number: Option<String>,
    /// The number given by whoever created it.
    pub external_id: Option<String>,
    /// Phone of the contact in this order.
    pub phone: Option<String>,
    /// E-mail of the contact in this order.
    pub email: Option<String>,
    /// Values of custom fields by code.
    pub custom_fields: Map<String, Value>,
}

/// What is written to an order; what is absent is left alone, or falls to the account's default while creating.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderFields {
    /// Our number. Only while creating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Whose order it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<Ref>,
    /// Name of the contact in this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Phone of the contact in this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail of the contact in this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The responsible user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_id: Option<u64>,
    /// Where the contact came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Values of custom fields by code.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub custom_fields: Map<String, Value>,
}

impl Order {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: wire::id_field(value, "id")?,
            number: wire::text_field(value, "number"),
            external_id: wire::text_field(value, "externalId"),
            phone: wire::text_field(value, "phone"),
            email: wire::text_field(value, "email"),
            custom_fields: wire::map(wire::field(value, "customFields")),
        })
    }
}

impl Client {
    /// Reads an order.
    ///
    /// # Errors
    ///
    /// [`CrmError::NotFound`] when there is none, and any other.
    pub async fn order(&self, order: &RecordRef, site: &str, urgency: Urgency) -> Result<Order, CrmError> {
        let (segment, by) = order.segment();
        let query = Form::new().with("by", by).with("site", site);
        let answer = self.get("orders/{id}", &format!("/api/v5/orders/{segment}"), query, urgency).await?;
        wire::field(&answer, "order").and_then(Order::read).ok_or_else(|| unreadable("order"))
    }

    /// Creates an order and gives its number.
    ///
    /// # Errors
    ///
    /// [`CrmError::AlreadyExists`] when the external id is taken, and any other.
    pub async fn create_order(
        &self,
        fields: &OrderFields,
        site: &str,
        urgency: Urgency,
    ) -> Result<u64, CrmError> {
        let form = Form::new().json("order", fields).with("site", site);
        let answer = self.post("orders/create", "/api/v5/orders/create", form, urgency).await?;
        wire::id_field(&answer, "id").ok_or_else(|| unreadable("id"))
    }

    /// Edits an order.
    ///
    /// # Errors
    ///
    /// [`CrmError::NotFound`], and any other.
    pub async fn edit_order(
        &self,
        id: u64,
        fields: &OrderFields,
        site: &str,
        urgency: Urgency,
    ) -> Result<(), CrmError> {
        let form = Form::new().json("order", fields).with("by", "id").with("site", site);
        self.post("orders/edit", &format!("/api/v5/orders/{id}/edit"), form, urgency).await.map(drop)
    }
}
